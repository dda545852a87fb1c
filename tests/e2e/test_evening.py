"""A hostile evening, and the morning after it.

Olga owns the garden; ben is an op there, cleo and dan are members. A spammer
comes, then a troll with three names; in the night the daemon dies, and
mallory, an op whom olga trusted, is the first who is back. In the morning
mel, a moderator, sees who did what, and undoes it.

Each act is a chapter; what stands in quotes is what people see. Rates are of
a day, so that nothing depends on how fast it all goes.
"""

import re

from rialto import NO_FLOOD_CONTROL, WORD, eventually

SPAM, TROLL, TROLL_2 = "127.6.6.6", "127.7.7.7", "127.7.8.8"
UNTIL = r"until \d{4}-\d\d-\d\d \d\d:\d\d"
WHEN = r"\d{4}-\d\d-\d\d \d\d:\d\d"

FLOOD = {**NO_FLOOD_CONTROL, "flood": "30/1d", "flood_repeats": "2/1d",
         "flood_patience": "2/1d", "flood_quiet": "1h", "flood_ban": "2h",
         "flood_decay": "7d"}

PEOPLE = ("olga", "ben", "cleo", "dan", "mallory")


def match(regex, text):
    assert re.fullmatch(regex, text), text


class Evening:
    def __init__(self, daemons):
        self.daemon = daemons.new(chat=FLOOD).start()
        for name in (*PEOPLE, "mel"):
            self.daemon.register(name).close()
        assert self.daemon.ctl("users", "role", "mel",
                               "+moderator").returncode == 0
        self.here = {}

    def come(self, *names):
        for name in names:
            self.here[name] = self.daemon.login(name)
        return [self.here[name] for name in names]

    def go(self, *names):
        for name in names:
            self.here.pop(name).close()

    def hush(self):
        for machine in self.here.values():
            machine.take()

    def all_see(self, regex, *but):
        """Everybody but these, up to that line."""
        for name, machine in self.here.items():
            if name not in but:
                machine.expect(regex)

    def all_see_go(self, name):
        """A kick; or, when many come and go just then, one of many."""
        self.all_see(rf"^\[garden\] -- .*\b{name}\b.*")

    def modlog(self, reader, room="garden"):
        """(by, action, target and more) of every act, oldest first."""
        lines = reader.ok(f"/in {room} /modlog 100").lines
        return [re.sub(rf"^-- #\d+ {WHEN} ", "", line) for line in lines]


def open_the_garden(evening):
    """A quiet evening begins."""
    olga, ben, cleo, dan, mallory = evening.come(*PEOPLE)
    olga.ok("/join garden")
    for machine in (ben, cleo, dan, mallory):
        machine.ok("/join garden")
    olga.ok("/op ben")
    olga.ok("/op mallory")
    olga.ok("/topic Roses and cabbages")
    evening.hush()
    cleo.ok("is it too late for beans?")
    evening.all_see(r"^\[garden\] cleo: is it too late for beans\?$", "cleo")


def the_spammer(evening):
    """He is refused, quieted, told so, filtered and banned."""
    ben, cleo, dan = (evening.here[n] for n in ("ben", "cleo", "dan"))
    hatter = evening.daemon.register("hatter", source=SPAM)
    hatter.ok("/join garden")
    hatter.ok("Buy my hats!")
    hatter.ok("BUY my hats!")
    for _ in range(2):
        hatter.refused("buy my hats!", "flood")
    assert "you are quieted for 1h" in hatter.refused("buy my hats!", "flood")
    hatter.expect(rf"^~~ You are quieted in garden {UNTIL}: "
                  r"flood\.$")
    assert ": flood" in hatter.refused("and shoes", "quieted")
    # Twice was seen, and no more.
    for machine in evening.here.values():
        assert [line for line in machine.take() if "hats" in line] == [
            "[garden] hatter: Buy my hats!", "[garden] hatter: BUY my hats!"]
    match(rf"-- #\d+ quiet user:hatter by \(server\) {WHEN} {UNTIL}: flood",
          ben.ok("/sanctions").text)

    # A filter is for everybody, whatever he writes it like.
    ben.ok("/filter add refuse glob *buy*hats*")
    ben.ok("/unquiet hatter")
    hatter.refused("Who would not BUY such fine HATS?", "filtered")
    assert "filter" in dan.refused("do not buy any hats", "filtered")
    evening.hush()
    answer = ben.ok("/ban hatter 2h spamming")
    match(rf"-- Banned: user:hatter in garden {UNTIL}, #\d+\.\n"
          r"-- Of those here: hatter\.", answer.text)
    hatter.expect(r"^\[garden\] -- ben kicked hatter: spamming$")
    hatter.expect(rf"^~~ You are banned from garden {UNTIL}: "
                  r"spamming \(by ben\)\.$")
    evening.all_see_go("hatter")
    assert "spamming (by ben)" in hatter.refused("/join garden", "banned")
    hatter.close()
    # It is the user who is banned, wherever he comes from.
    again = evening.daemon.login("hatter", source=TROLL)
    again.refused("/join garden", "banned")
    again.close()


def the_troll(evening):
    """Zack, zora and zelda are one."""
    daemon = evening.daemon
    ben, cleo, dan = (evening.here[n] for n in ("ben", "cleo", "dan"))
    zack = daemon.guest("zack", source=TROLL)
    zack.ok("/join garden")
    zack.ok("cabbages are for cows")
    evening.hush()
    answer = dan.ok("/report zack is rude to everybody")
    match(r"-- Report #1 is with the moderators, and the last \d+ lines of "
          r"garden with it\.", answer.text)

    # The first name.
    ben.ok("/kick zack be kind")
    zack.expect(r"^\[garden\] -- ben kicked zack: be kind$")
    evening.all_see_go("zack")
    zack.ok("/join garden")
    zack.ok("and so are you")
    answer = ben.ok("/ban zack 1d trolling")
    cloak = re.match(r"-- Banned: (\S+) in garden ", answer.text)[1]
    assert TROLL not in answer.text and "zack" not in cloak
    zack.refused("/join garden", "banned")
    zack.close()

    # The second name, from the same address.
    zora = daemon.guest("zora", source=TROLL)
    assert "trolling (by ben)" in zora.refused("/join garden", "banned")
    zora.close()

    # The third, from elsewhere, but her cloak ends as the first one's did.
    zelda = daemon.guest("zelda", source=TROLL_2)
    zelda.ok("/join garden")
    zelda.ok("miss me?")
    evening.hush()
    tried = ben.ok("/ban --dry-run zelda").text
    mask = re.fullmatch(r"-- Would ban (\S+): of those in garden zelda\.",
                        tried)[1]
    network = mask.split(".")[-2]
    assert mask != cloak and network == cloak.split(".")[-2]
    ben.ok("/quiet zelda 10m trolling")
    zelda.refused("pity", "quieted")
    zelda.refused("/nick Zelda_the_Great", "quieted")
    ben.ok(f"/ban *!guest@*.{network}.cloak 1d trolling")
    zelda.expect(r"^\[garden\] -- ben kicked zelda: trolling$")
    evening.all_see_go("zelda")
    zelda.refused("/join garden", "banned")
    ben.ok("/mode +R")
    daemon.guest("yan").refused("/join garden", "users-only")
    evening.hush()

    # She goes on in private, until she is muted everywhere.
    while zelda.command("/tell cleo ha ha").code == "ok":
        pass
    eventually(lambda: zelda.command("/tell cleo hi").code == "muted", "muted")
    zelda.ok("/join lobby")
    zelda.refused("hello", "muted")
    assert "zelda -> you: ha ha" in cleo.take()

    # Ann looks in for a minute before she sleeps.
    ann = daemon.admin()
    ann.ok("/gban zelda 1d one troll, three names")
    assert "one troll, three names" in zelda.rest()
    ann.ok("/lockdown 12h")
    for name in ("zeno", "zoltan"):
        stranger = daemon.machine(source="127.7.9.9")
        match(rf"!! lockdown .*{UNTIL[6:]}.*",
              stranger.refused(f"/guest {name}", "lockdown"))
        stranger.refused(f"/register {name} {WORD}", "lockdown")
    daemon.machine(source=TROLL_2).refused("/guest zelda", "banned")
    ann.close()


def the_night(evening):
    """The power fails; nothing that was said to be so is lost."""
    before = evening.here["ben"].ok("/sanctions").lines
    evening.here.clear()
    evening.daemon.kill()
    evening.daemon.start()
    (ben,) = evening.come("ben")
    ben.ok("/join garden")
    assert ben.ok("/sanctions").lines == before
    assert "+R" in ben.ok("/mode").text
    hatter = evening.daemon.login("hatter", source=SPAM)
    hatter.refused("/join garden", "banned")
    hatter.close()
    evening.daemon.machine(source=TROLL_2).refused("/guest zelda", "banned")
    evening.daemon.machine().refused("/guest zeno", "lockdown")
    evening.go("ben")


def the_takeover(evening):
    """Mallory is alone in the garden, and an op; he takes what he can."""
    daemon = evening.daemon
    mallory = evening.here["mallory"] = daemon.login("mallory", source=SPAM)
    mallory.ok("/join garden")
    assert mallory.ok("/who").text == "-- garden: mallory (op)"
    # Being there first, and alone, makes nobody an owner.
    assert mallory.ok("/mine").text == "-- garden: op"
    for line in ("/owner mallory", "/successor mallory", "/op mallory",
                 "/deop ben", "/op hatter", "/gban olga revenge",
                 "/gmutes", "/reports", "/lockdown off", "/close garden",
                 "/users role mallory +moderator", "/audit tail",
                 "/in garden /owner mallory"):
        mallory.refused(line, "not-allowed")
    for line in ("/ban olga mine now", "/quiet olga", "/ban ann mine now"):
        mallory.refused(line, "rank")
    thief = daemon.machine()
    thief.refused("/guest olga", "lockdown")
    thief.refused("/login olga guessing", "bad-login")
    thief.close()

    # What ops may, he does.
    mallory.ok("/topic MALLORY'S GARDEN")
    mallory.ok("/mode +ik sesame")
    mallory.ok("/unban hatter")
    (cleo, dan) = evening.come("cleo", "dan")
    mallory.ok("/kick cleo my garden")
    cleo.expect(r"^\[garden\] -- mallory kicked cleo: my garden$")
    cleo.refused("/join garden sesame", "invite-only")
    mallory.ok("/ban dan my garden")
    dan.expect(r"^\[garden\] -- mallory kicked dan: my garden$")
    dan.refused("/join garden sesame", "banned")
    mallory.ok("/ban ben my garden")
    (ben,) = evening.come("ben")
    ben.refused("/join garden sesame", "banned")
    # Dan knows whom to tell.
    dan.ok("/report mallory has taken the garden")
    # Once more the daemon goes, and what he did stays as well.
    evening.here.clear()
    daemon.kill()
    daemon.start()


# What the garden's log holds in the morning: who, what, and to whom.
LOG = [
    "olga rank ben: op",
    "olga rank mallory: op",
    r"\(server\) quiet user:hatter: .*: flood",
    r"ben filter glob:\*buy\*hats\*: refuse for good",
    r"ben unquiet user:hatter: #\d+, set by \(server\)",
    "ben ban user:hatter: .*: spamming",
    "ben kick zack: be kind",
    r"ben ban \S+\.cloak: .*: trolling",
    r"ben quiet \S+\.cloak: .*: trolling",
    r"ben ban \*!guest@\*\.\w+\.cloak: .*: trolling",
    r"ben mode: \+R .*",
    r"mallory mode: \+ik .*",
    r"mallory unban user:hatter: #\d+, set by ben",
    "mallory kick cleo: my garden",
    "mallory ban user:dan: for good: my garden",
    "mallory ban user:ben: for good: my garden",
]


def read_the_log(evening, reader, *more):
    acts = evening.modlog(reader)
    for regex, act in zip([*LOG, *more], acts, strict=True):
        match(regex, act)


def the_morning(evening):
    """Mel reads, sees who it was, and puts things right."""
    daemon = evening.daemon
    (mel, dan) = evening.come("mel", "dan")
    mallory = daemon.login("mallory", source=SPAM)
    listed = mel.ok("/reports").lines
    match(rf"-- #1 {WHEN} dan about zack in garden: is rude to everybody",
          listed[0])
    match(rf"-- #2 {WHEN} dan about mallory.*: has taken the garden",
          listed[1])
    assert "zack: cabbages are for cows" in mel.ok("/reports show 1").text
    mel.ok("/reports take 2")
    dan.refused("/in garden /modlog", "no-room")
    read_the_log(evening, mel)
    site = mel.ok("/samesite mallory").text
    assert f"mallory from {SPAM}, here" in site
    assert f"hatter from {SPAM}, last login " in site

    # She undoes it, and nobody below her undoes that.
    mel.ok("/in garden /unban user:ben")
    mel.ok("/in garden /unban user:dan")
    mel.ok("/in garden /mode -ikR")
    mel.ok("/in garden /deop mallory")
    mel.ok("/in garden /ban hatter spamming, and mallory's friend")
    mel.ok("/in garden /topic Roses and cabbages")
    mallory.ok("/join garden")
    for line in ("/mode +i", "/kick dan", "/unban user:hatter", "/op mallory"):
        mallory.refused(line, "not-allowed")
    mel.ok("/gban mallory 30d a takeover at night")
    assert re.search(rf"^~~ banned You are banned {UNTIL}: a takeover at "
                     "night$", mallory.rest(), re.M)
    daemon.machine(source=SPAM).refused(f"/login mallory {WORD}", "banned")
    mel.ok("/note mallory took the garden in the night; see its log")
    mel.refused("/lockdown off", "rank")  # it is ann's
    assert daemon.ctl("lockdown", "off").returncode == 0
    mel.ok("/reports close 1 he is banned for a day")
    mel.ok("/reports close 2 he is gone, and the garden is yours again")
    dan.expect(r"^~~ Your report #1 about zack is closed: he is banned for a "
               "day$")
    dan.expect(r"^~~ Your report #2 about mallory is closed: he is gone, and "
               "the garden is yours again$")


def the_garden_again(evening):
    """Everybody is back, and what they are there."""
    daemon = evening.daemon
    (olga, ben, cleo) = evening.come("olga", "ben", "cleo")
    dan = evening.here["dan"]
    for machine in (olga, ben, cleo, dan):
        machine.ok("/join garden")
    daemon.guest("wanda").ok("/join garden")
    assert olga.ok("/mine").text == "-- garden: owner"
    assert ben.ok("/mine").text == "-- garden: op"
    assert ben.ok("/mode").text == "-- Modes of garden: none."
    match(rf"-- Topic of garden: Roses and cabbages \(mel, {WHEN}\)",
          cleo.ok("/topic").text)
    evening.hush()
    cleo.ok("good morning")
    evening.all_see(r"^\[garden\] cleo: good morning$", "cleo", "mel")
    ben.refused("/unban hatter", "rank")  # mel's
    read_the_log(evening, ben,
                 r"mel unban user:ben: #\d+, set by mallory",
                 r"mel unban user:dan: #\d+, set by mallory",
                 r"mel mode: -ikR .*", "mel rank mallory: member",
                 r"mel ban user:hatter: for good: spamming, and mallory's "
                 "friend")


def the_books(evening):
    """The trail says the same, and nobody has changed it."""
    daemon = evening.daemon
    told = daemon.ctl("audit", "tail", "200").stdout
    assert re.findall(r"action=room\.(\w+) actor=mallory .* room=garden "
                      r"target=(\S+) ", told) == [
        ("mode", "-"), ("unban", "user:hatter"), ("kick", "cleo"),
        ("ban", "user:dan"), ("ban", "user:ben")]
    assert re.findall(r"action=server\.(\w+) actor=([\w-]+)", told) == [
        ("mute", "-"), ("ban", "ann"), ("lockdown", "ann"), ("ban", "mel"),
        ("unlock", "console")]
    for secret in (WORD, "sesame", "cabbages are for cows", "ha ha"):
        assert secret not in told
    result = daemon.ctl("audit", "verify")
    assert result.returncode == 0, result.stderr
    daemon.stop()
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_hostile_evening(daemons):
    evening = Evening(daemons)
    open_the_garden(evening)
    the_spammer(evening)
    the_troll(evening)
    the_night(evening)
    the_takeover(evening)
    the_morning(evening)
    the_garden_again(evening)
    the_books(evening)
