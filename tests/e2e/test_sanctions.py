"""The lists of a room: bans, quiets, exemptions, invitations, word filters."""

import re

import pytest

from rialto import eventually

CLOAK = r"(?:[a-z2-7]{8}\.){3}cloak"
FAR = "127.9.8.7"
WHEN = r"\d{4}-\d\d-\d\d \d\d:\d\d"
SHAPE = re.compile(rf"#\d+ {WHEN} ")


class Den:
    """Olga's room: ben is an op there, cleo a user, zoe a guest."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.olga, self.ben, self.cleo = map(daemon.register,
                                             ("olga", "ben", "cleo"))
        self.zoe = daemon.guest("zoe")
        for machine in (self.olga, self.ben, self.cleo, self.zoe):
            machine.ok("/join den")
        self.olga.ok("/op ben")
        self.hush()

    def hush(self):
        for machine in (self.olga, self.ben, self.cleo, self.zoe):
            machine.take()

    def inside(self):
        line = self.daemon.ctl("who", "den").stdout
        return set(re.findall(r"(?:: |, )(\w+)", line))

    def sanctions(self):
        return self.olga.ok("/sanctions").lines

    def audited(self, act):
        log = self.daemon.folder / "audit.log"
        eventually(lambda: re.search(act, log.read_text()), "recorded")

    def modlog(self):
        return [SHAPE.sub("", line[3:])
                for line in self.olga.ok("/modlog").lines]


@pytest.fixture
def den(daemon):
    return Den(daemon)


def test_a_kick_is_told_and_recorded(den):
    assert den.ben.ok("/kick cleo be nice").lines == ["-- cleo is out of den."]
    for machine in (den.cleo, den.zoe):
        assert machine.take() == ["[den] -- ben kicked cleo: be nice"]
    assert den.inside() == {"olga", "ben", "zoe"}
    den.cleo.refused("hello", "no-room")
    assert "ben kick cleo: be nice" in den.modlog()
    den.audited(r"action=room\.kick actor=ben .*target=cleo .*be nice")
    den.cleo.ok("/join den")


def test_a_ban_says_whom_until_when_and_why(den):
    answer = den.ben.ok("/ban cleo 2h spamming")
    assert re.fullmatch(
        rf"-- Banned: user:cleo in den until {WHEN}, #\d+\.\n"
        r"-- Of those here: cleo\.", answer.text)
    told, = [line for line in den.cleo.take() if line.startswith("~~")]
    words = rf"You are banned from den until {WHEN}: spamming \(by ben\)\."
    assert re.fullmatch("~~ " + words, told)
    assert re.fullmatch("!! banned " + words,
                        den.cleo.refused("/join den", "banned"))
    assert den.inside() == {"olga", "ben", "zoe"}
    assert re.fullmatch(
        rf"-- #1 ban user:cleo by ben {WHEN} until {WHEN}: spamming",
        den.ben.ok("/sanctions").text)
    den.audited(r"action=room\.ban actor=ben .*target=user:cleo .*spamming")
    assert den.ben.ok("/unban cleo").text == (
        "-- No longer banned in den: #1, set by ben.")
    den.cleo.ok("/join den")


def test_a_dry_run_does_nothing(den):
    assert den.ben.ok("/ban --dry-run cl*").text == (
        "-- Would ban cl*!*@*: of those in den cleo.")
    assert den.ben.ok("/quiet --dry-run nob*").text == (
        "-- Would quiet nob*!*@*: of those in den nobody.")
    assert re.fullmatch(
        rf"-- Would ban \*!guest@{CLOAK}: of those in den zoe\.",
        den.ben.ok("/ban --dry-run zoe").text)
    # Who has which address is nothing for ops to try out.
    den.ben.refused("/ban --dry-run 127.0.0.1", "not-allowed")
    den.ben.refused("/ban --dry-run *!guest@127.*.0.1", "not-allowed")
    den.ben.refused("/ban *!guest@127.*.0.1", "not-allowed")
    assert den.sanctions() == ["-- den has no such entries."]
    assert den.inside() == {"olga", "ben", "cleo", "zoe"}


def test_a_guest_does_not_come_back_under_another_name(den):
    longer = den.daemon.register("longer")
    den.ben.ok("/ban zoe 1h")
    zoe = den.daemon.guest("other")
    zoe.refused("/join den", "banned")
    zoe.ok("/nick third")
    zoe.refused("/join den", "banned")
    den.daemon.guest("elsewhere", source="127.0.0.2").ok("/join den")
    # A login is more than a name, and is not the guests' ban.
    longer.ok("/join den")


def test_a_guest_does_not_come_back_with_a_login(den):
    pat = den.daemon.register("pat", source=FAR)
    den.daemon.guest("gus", source=FAR).ok("/join den")
    den.ben.ok("/ban gus 1h spam")
    gus = den.daemon.register("gustav", source=FAR)
    assert "spam (by ben)" in gus.refused("/join den", "banned")
    # Who had a login before is somebody else.
    pat.ok("/join den")
    gus.close()
    den.daemon.login("gustav", source=FAR).refused("/join den", "banned")
    den.ben.ok("/unban 1")
    den.daemon.login("gustav", source=FAR).ok("/join den")


def test_a_ban_ends_by_itself(den):
    den.ben.ok("/ban cleo 1s short")
    eventually(lambda: den.cleo.command("/join den").code == "ok",
               "over after a second")
    assert den.sanctions() == ["-- den has no such entries."]


def test_the_banned_do_not_slip_in_with_the_login(den):
    den.cleo.ok("/quit")
    den.ben.expect(r"\[den\] -- cleo left")
    den.ben.ok("/ban cleo 1h away")
    admin = den.daemon.admin()
    admin.ok("/in lobby /ban cleo 1h lobby too")
    cleo = den.daemon.machine()
    cleo.ok("/login cleo open sesame 1")
    told = cleo.take()
    assert any("You are banned from den until" in line for line in told)
    assert any("You are banned from lobby until" in line for line in told)
    assert "cleo" not in den.inside()
    assert "cleo" not in admin.ok("/who lobby").text
    cleo.refused("hello", "no-room")
    cleo.refused("/join lobby", "banned")
    den.ben.ok("/unban cleo")
    cleo.ok("/join den")
    cleo.ok("hello")


def test_the_quieted_listen(den):
    den.ben.ok("/quiet cleo 10m loud")
    assert re.fullmatch(
        rf"~~ You are quieted in den until {WHEN}: loud \(by ben\)\.",
        den.cleo.take()[-1])
    for line in ("hello", "/me waves", "/topic mine"):
        words = den.cleo.refused(line, "quieted")
        assert re.search(rf"until {WHEN}: loud \(by ben\)\.$", words)
    den.ben.ok("listen")
    assert den.cleo.take() == ["[den] ben: listen"]
    assert den.zoe.take() == ["[den] ben: listen"]
    den.ben.ok("/unquiet cleo")
    den.cleo.ok("thanks")


def test_an_exemption_is_stronger(den):
    den.ben.ok("/quiet cl*!*@* 10m")
    den.cleo.refused("hello", "quieted")
    den.ben.ok("/exempt cleo")
    den.cleo.ok("hello")
    # But not than what a higher rank has set.
    den.olga.ok("/quiet cleo")
    den.cleo.refused("hello", "quieted")
    den.ben.refused("/unquiet cleo", "rank")
    den.olga.ok("/unquiet cleo")
    den.cleo.ok("hello")
    den.ben.ok("/unexempt cleo")
    den.cleo.refused("hello", "quieted")


def test_invitations(den):
    newcomer = den.daemon.register("newcomer")
    den.ben.ok("/mode +i")
    newcomer.refused("/join den", "invite-only")
    den.cleo.refused("/invite newcomer", "not-allowed")
    assert den.ben.ok("/invite newcomer").text == (
        "-- newcomer is invited to den, for an hour.")
    assert newcomer.take()[-1] == "~~ ben invites you to den: /join den"
    newcomer.ok("/join den")
    newcomer.ok("/leave den")
    newcomer.refused("/join den", "invite-only")
    den.ben.ok("/admit newcomer")
    for _ in range(2):
        newcomer.ok("/join den")
        newcomer.ok("/leave den")
    den.ben.ok("/unadmit newcomer")
    newcomer.refused("/join den", "invite-only")
    den.ben.refused("/invite cleo", "exists")
    den.ben.refused("/invite nobody", "no-such-user")
    den.ben.ok("/ban newcomer")
    den.ben.refused("/invite newcomer", "banned")


@pytest.mark.parametrize("said", [
    "buy SPAM", "sp\u200ba\u00adm", "ｓｐａｍ", "s\u0301p\u0308am", "𝓈𝓅𝒶𝓂"])
def test_a_filter_is_not_easily_evaded(den, said):
    den.ben.ok("/filter add spam")
    words = den.cleo.refused(said, "filtered")
    assert "A word filter of den caught that (#1)." in words
    assert den.zoe.take() == []
    den.ben.ok(said)
    assert den.zoe.take() == [f"[den] ben: {said}"]


def test_a_filter_has_an_end_and_a_reason(den):
    text = den.ben.ok("/filter add hold glob *buy*now* -- 2h a wave").text
    assert re.fullmatch(rf"-- Held: glob:\*buy\*now\* in den until {WHEN}, #1\.",
                        text)
    assert "caught that (#1: a wave)." in den.cleo.refused("buy it now", "held")
    assert re.search(rf" until {WHEN}: a wave$", den.ben.ok("/filters").text)
    den.ben.refused("/filter add spam -- 10min wave", "bad-input")
    den.ben.ok("/filter add spam -- for good")  # all of it is the reason
    assert "(#2: for good)" in den.cleo.refused("spam", "filtered")


def test_what_filters_do(den):
    assert den.ben.ok("/filter add hold glob *buy*now*").text == (
        "-- Held: glob:*buy*now* in den for good, #1.")
    den.ben.ok("/filter add mute idiot")
    den.cleo.refused("do buy it right now!", "held")
    assert den.ben.take() == ["[den] (held) cleo: do buy it right now!"]
    assert den.zoe.take() == []
    assert "ten minutes" in den.cleo.refused("Idiot!", "filtered")
    den.cleo.refused("hello", "quieted")
    den.cleo.expect(rf"~~ You are quieted in den until {WHEN}: "
                    r"filter #2 \(by ben\)\.")
    den.cleo.refused("hello", "quieted")
    assert any(re.search(r" quiet user:cleo by ben .* filter #2$", line)
               for line in den.sanctions())
    assert den.ben.ok("/filters").lines == [
        line for line in den.sanctions() if "quiet" not in line]
    den.ben.ok("/filter remove 1")
    den.ben.ok("/filter remove #2")
    assert den.ben.ok("/filters").text == "-- den has no such entries."
    den.ben.ok("/unquiet cleo")
    den.cleo.ok("do buy it now")


REFUSED = [
    ("cleo", "/kick zoe", "not-allowed"),
    ("cleo", "/ban zoe", "not-allowed"),
    ("zoe", "/ban cleo", "not-allowed"),
    ("cleo", "/quiet zoe", "not-allowed"),
    ("cleo", "/exempt cleo", "not-allowed"),
    ("cleo", "/admit cleo", "not-allowed"),
    ("cleo", "/unban zoe", "not-allowed"),
    ("cleo", "/filter add spam", "not-allowed"),
    ("cleo", "/filter remove 1", "not-allowed"),
    ("cleo", "/sanctions", "not-allowed"),
    ("cleo", "/filters", "not-allowed"),
    ("ben", "/kick olga", "rank"),
    ("ben", "/ban olga", "rank"),
    ("ben", "/quiet olga", "rank"),
    ("ben", "/ban ol*", "rank"),
    ("ben", "/kick ben", "bad-input"),
    ("ben", "/ban ben", "bad-input"),
    ("ben", "/ban be*", "bad-input"),
    ("ben", "/kick nobody", "no-such-user"),
    ("ben", "/ban nobody", "no-such-user"),
    ("ben", "/ban user:nobody", "no-such-user"),
    ("ben", "/ban *", "bad-input"),
    ("ben", "/ban *!*@*", "bad-input"),
    ("ben", "/ban *!guest@*.cloak", "bad-input"),
    ("ben", "/ban 0.0.0.0/0", "bad-input"),
    ("ben", "/ban ::/0", "bad-input"),
    ("ben", "/ban 10.0.0.0/8", "bad-input"),
    ("ben", "/ban " + "x" * 129, "bad-input"),
    ("ben", "/ban cleo -5m late", "bad-input"),
    ("ben", "/ban cleo 0s", "bad-input"),
    ("ben", "/ban cleo 9223372036854775807s", "bad-input"),
    ("ben", "/ban cleo 99999999999999999999999d", "bad-input"),
    ("ben", "/ban cleo 2h " + "x" * 257, "bad-input"),
    ("ben", "/kick cleo " + "x" * 257, "bad-input"),
    ("ben", "/unban cleo", "not-found"),
    ("ben", "/unban 77", "not-found"),
    ("ben", "/unquiet #77", "not-found"),
    ("ben", "/filter add ab", "bad-input"),
    ("ben", "/filter add glob *", "bad-input"),
    ("ben", "/filter add " + "x" * 121, "bad-input"),
    ("ben", "/filter remove 77", "not-found"),
    ("ben", "/ban", "usage"),
    ("ben", "/ban --dry-run", "usage"),
    ("ben", "/sanctions nowhere", "no-such-room"),
]


def test_what_is_refused_has_no_effect(den):
    before = den.modlog()
    for name, line, code in REFUSED:
        assert getattr(den, name).refused(line, code)
    assert den.inside() == {"olga", "ben", "cleo", "zoe"}
    assert den.sanctions() == ["-- den has no such entries."]
    assert den.modlog() == before
    for machine in (den.olga, den.cleo, den.zoe):
        assert machine.take() == []
    den.cleo.ok("still here")


def test_a_reason_of_a_megabyte(den):
    den.ben.refused("/ban cleo 2h " + "x" * (1 << 20), "line-too-long")
    assert "cleo" in den.inside()


def test_a_list_has_a_bound(den):
    lines = [f"/quiet guest:g{i}\n" for i in range(500)]
    den.ben.send("".join(lines))
    for _ in lines:
        assert den.ben.answer().code == "ok"
    assert "500 entries" in den.ben.refused("/ban cleo", "room-limit")
    assert "cleo" in den.inside()
    # The same one again, and room is made by taking one away.
    den.ben.ok("/quiet guest:g7 2h")
    den.ben.ok("/unquiet guest:g7")
    den.ben.ok("/ban cleo")


def test_addresses_are_for_moderators(den):
    admin = den.daemon.admin()
    admin.ok("/in den /quiet 127.0.0.9 1h")
    admin.ok("/in den /quiet 127.0.9.0/24 1h")
    assert "127.0.0.9 " in admin.ok("/sanctions den").text
    assert "127.0.9.0/24" in admin.ok("/sanctions den").text
    seen = den.ben.ok("/sanctions").text + den.ben.ok("/modlog").text
    assert "127.0" not in seen
    assert re.search(CLOAK, seen)
    assert re.search(rf"From {CLOAK}\.", den.cleo.ok("/whois zoe").text)


def test_an_address_hits_nobody_above(den):
    """Nor does an op learn who comes from there."""
    den.daemon.register("mel", source=FAR).close()
    den.daemon.admin().ok("/users role mel +moderator")
    mel = den.daemon.login("mel", source=FAR)
    pat = den.daemon.register("pat", source=FAR)
    for machine in (mel, pat):
        machine.ok("/join den")
    for line in ("/quiet 127.9.0.0/16 1h", f"/exempt {FAR} 1h",
                 f"/unexempt {FAR}"):
        assert "Of those here" not in den.ben.ok(line).text
    pat.refused("hello", "quieted")
    den.ben.ok("/ban 127.9.0.0/16 1h")
    assert den.inside() == {"olga", "ben", "cleo", "zoe", "mel"}
    mel.ok("hello")
    mel.close()
    den.daemon.login("mel", source=FAR).ok("/in den /say hello")


def test_a_cloak_is_stable_for_a_network(den):
    def cloak(machine, name):
        return re.search(CLOAK, machine.ok(f"/whois {name}").text)[0]

    near = den.daemon.guest("near", source="127.0.0.3")
    far = den.daemon.guest("far", source="127.0.7.3")
    mine = cloak(near, "zoe")
    assert cloak(near, "near").split(".")[1:] == mine.split(".")[1:]
    assert cloak(near, "near") != mine
    assert cloak(far, "far").split(".")[1] != mine.split(".")[1]
    assert cloak(far, "far").split(".")[2] == mine.split(".")[2]
    # So a whole network can be kept out without knowing which it is.
    den.ben.ok("/ban *@*." + cloak(far, "far").split(".", 1)[1])
    far.refused("/join den", "banned")
    near.ok("/join den")
    den.daemon.restart()
    again = den.daemon.guest("zoe")
    assert cloak(again, "zoe") == mine


def test_the_console_acts_in_rooms(den):
    answer = den.daemon.ctl("in", "den", "/quiet", "cleo", "1h", "by", "hand")
    assert answer.returncode == 0, answer.stderr
    den.cleo.refused("hello", "quieted")
    den.olga.refused("/unquiet cleo", "rank")
    assert den.daemon.ctl("in", "den", "/unquiet", "cleo").returncode == 0
    den.cleo.ok("hello")


def test_everything_survives_a_kill(den):
    den.ben.ok("/ban cleo 2h spamming")
    den.ben.ok("/quiet guest:zoe 2h loud")
    den.olga.ok("/exempt ben")
    den.ben.ok("/admit cleo")
    den.ben.ok("/filter add hold glob *buy*now*")
    den.ben.ok("/filter add spam")
    den.ben.ok("/filter remove 6")
    before = den.sanctions()
    assert len(before) == 5
    den.daemon.kill()
    den.daemon.start()
    olga = den.daemon.login("olga")
    olga.ok("/join den")
    assert olga.ok("/sanctions").lines == before
    cleo = den.daemon.login("cleo")
    assert "2h" not in cleo.refused("/join den", "banned")
    zoe = den.daemon.guest("zoe")
    zoe.ok("/join den")
    zoe.refused("hello", "quieted")
    den.daemon.stop()
    assert den.daemon.offline("--verify").returncode == 0
