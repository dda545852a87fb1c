"""What moderators and administrators do besides sanctions: rooms that are
closed, notes on users, who shares an address, what everybody is told.
"""

import re

import pytest

from rialto import ADMIN, WORD, eventually

FAR = "127.9.8.7"
WHEN = r"\d{4}-\d\d-\d\d \d\d:\d\d"


def told(result):
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


@pytest.fixture
def mod(daemon):
    """Mel, a moderator."""
    return daemon.appoint("mel", "moderator")


def test_a_room_is_closed_and_opened_again(daemon, mod):
    ben, again = daemon.register("ben"), daemon.login("ben")
    cleo = daemon.register("cleo")
    for machine in (ben, cleo):
        machine.ok("/join den")
    ben.ok("/in den /op cleo")
    for machine in (ben, cleo, again):
        machine.entered()
    assert mod.ok("/close den a nest of trolls").text == \
        "-- den is closed; /reopen den opens it again."
    for machine in (ben, again, cleo):
        machine.expect(r"^\[den\] -- mel closed the room: a nest of trolls$")
        assert machine.take() == []  # nor does one see the others leave
    ben.refused("hello", "no-room")
    again.ok("hello")  # who was in another room goes on there
    for line in ("/join den", "/join DEN", "/who den", "/in den hello",
                 "/in den /mode +m"):
        assert re.search(rf"den is closed since {WHEN}: a nest of trolls",
                         ben.refused(line, "room-closed"))
    assert not any("den" in line for line in ben.ok("/rooms").lines)
    assert "-- den (closed)" in mod.ok("/rooms").lines
    assert any("close: a nest of trolls" in line
               for line in mod.ok("/in den /modlog").lines)
    mod.refused("/close den", "exists")
    mod.refused("/join den", "room-closed")
    daemon.kill()
    daemon.start()
    ben, mod = daemon.login("ben"), daemon.login("mel")
    ben.refused("/join den", "room-closed")
    assert mod.ok("/reopen den").text == "-- den is open again."
    ben.expect(r"^~~ mel opened den again: /join den\.$")
    mod.refused("/reopen den", "not-found")
    ben.ok("/join den")
    assert ben.ok("/mine").text == "-- den: owner"
    # Whoever was a member is one again, with all rights.
    assert daemon.login("cleo").ok("/who den").text == \
        "-- den: ben (owner), cleo (op)"
    daemon.stop()
    assert daemon.offline("--verify").returncode == 0


def test_whois_says_what_staff_should_know(daemon, mod):
    daemon.register("ben").close()
    zoe = daemon.guest("zoe")
    before = mod.ok("/whois ben").lines
    mod.ok("/note ben talked to him")
    mod.ok("/note ben talked again")
    mod.ok("/gmute ben 1h shouting")
    mod.ok("/gban ben 1d shouting on")
    now = mod.ok("/whois BEN").lines
    assert now[:len(before)] == before
    more = now[len(before):]
    assert more[0] == "-- Notes: 2, see /notes ben"
    assert re.fullmatch(f"-- #2 banned until {WHEN}: shouting on", more[1])
    assert re.fullmatch(f"-- #1 muted until {WHEN}: shouting", more[2])
    assert len(more) == 3
    told(daemon.ctl("ungban", "ben"))
    assert len(mod.ok("/whois ben").lines) == len(now) - 1
    shown = zoe.ok("/whois ben").text
    assert "Notes" not in shown and "shouting" not in shown


def test_the_owner_who_is_elsewhere_hears_of_it(daemon, mod):
    ben = daemon.register("ben")
    ben.ok("/join den")
    told(daemon.ctl("close", "den"))
    ben.expect(r"^\[den\] -- console:\d+ closed the room$")
    told(daemon.ctl("reopen", "den"))
    ben.expect(r"^~~ console:\d+ opened den again: /join den\.$")
    mod.ok("/close den empty")
    ben.expect(r"^~~ mel closed den: empty$")


@pytest.mark.parametrize("line, code", [
    ("/close", "usage"),
    ("/close lobby", "not-allowed"),
    ("/close nowhere", "no-such-room"),
    ("/close den " + "x" * 257, "bad-input"),
    ("/reopen den", "not-found"),
    ("/reopen nowhere", "no-such-room"),
    ("/reopen den now", "usage"),
])
def test_what_is_refused_has_no_effect(daemon, mod, line, code):
    ben = daemon.register("ben")
    ben.ok("/join den")
    mod.refused(line, code)
    ben.ok("hello")
    assert ben.ok("/who").text == "-- den: ben (owner)"


def test_a_moderator_does_not_open_what_an_administrator_closed(daemon, mod):
    daemon.register("ben").ok("/join den")
    daemon.admin().ok("/close den")
    assert "ann, of a higher rank" in mod.refused("/reopen den", "rank")
    told(daemon.ctl("reopen", "den"))


@pytest.mark.parametrize("verb", ["close den spamming", "reopen den"])
def test_it_is_for_moderators_and_administrators(daemon, verb):
    daemon.machine().refused("/" + verb, "login-required")
    daemon.guest("zoe").refused("/" + verb, "not-allowed")
    cleo = daemon.register("cleo")
    cleo.ok("/join den")
    cleo.refused("/" + verb, "not-allowed")
    cleo.ok("/leave den")


def test_notes_follow_a_user_and_go_with_the_user(daemon, mod):
    ben = daemon.register("ben")
    assert mod.ok("/note ben was warned today").text == "-- Note #1 on ben."
    told(daemon.ctl("note", "ben", "and", "again"))
    told(daemon.ctl("users", "rename", "ben", "benedict"))
    daemon.kill()
    daemon.start()
    mod, ann = daemon.login("mel"), daemon.admin()
    mod.refused("/notes ben", "no-such-user")
    lines = mod.ok("/notes benedict").lines
    assert re.fullmatch(rf"-- #1 {WHEN} mel: was warned today", lines[0])
    assert re.fullmatch(rf"-- #2 {WHEN} console:\d+: and again", lines[1])
    mod.refused("/notes remove benedict 2", "rank")
    mod.refused("/notes remove mel 1", "not-found")
    assert mod.ok("/notes remove benedict #1").text == \
        "-- Note #1 on benedict is removed."
    # Another one of the same name has none.
    ann.ok("/users remove benedict")
    daemon.register("benedict").close()
    assert mod.ok("/notes benedict").text == "-- There are no notes on benedict."
    daemon.stop()
    assert daemon.offline("--verify").returncode == 0
    audit = (daemon.folder / "audit.log").read_text()
    assert "user.note" in audit and "warned" not in audit


@pytest.mark.parametrize("line, code", [
    ("/note ben", "usage"),
    ("/note nobody a word", "no-such-user"),
    ("/note 1 a word", "bad-name"),
    ("/note ann a word", "rank"),
    ("/note ben " + "x" * 501, "bad-input"),
    ("/notes", "usage"),
    ("/notes remove ben", "usage"),
    ("/notes remove ben x", "usage"),
    ("/notes remove ben 7", "not-found"),
])
def test_notes_that_are_refused(daemon, mod, line, code):
    daemon.register("ben").close()
    mod.refused(line, code)
    assert told(daemon.ctl("notes", "ben")) == ["There are no notes on ben."]


@pytest.mark.parametrize("verb", ["note ben a word", "notes ben",
                                  "notes remove ben 1"])
def test_notes_are_the_staffs(daemon, mod, verb):
    ben = daemon.register("ben")
    mod.ok("/note ben was warned")
    assert "warned" not in ben.refused("/" + verb, "not-allowed")
    assert ben.take() == []
    daemon.guest("zoe").refused("/" + verb, "not-allowed")


def texts(answer):
    """What of the answer to a login is neither the welcome nor a room."""
    return [line[3:] for line in answer.lines
            if not re.match(r"-- (Welcome, |lobby)", line)]


def test_rules_are_shown_once_after_each_change(daemon):
    ben, ann = daemon.register("ben"), daemon.admin()
    assert daemon.machine().ok("/rules").text == "-- There are no rules."
    answer = ann.ok("/rules set Be kind.")
    head = rf"Rules \({ADMIN}, {WHEN}\):"
    assert re.fullmatch(rf"-- {head}\n-- Be kind\.", answer.text)
    ben.expect(rf"^~~ {ADMIN} changed the rules; /rules shows it\.$")
    told(daemon.ctl("rules", "add", "Clean", "up."))
    for kill in (False, True):
        ben = daemon.machine()
        shown = texts(ben.ok(f"/login ben {WORD}"))
        if kill:
            assert shown == []
        else:
            assert re.fullmatch(head.replace(ADMIN, r"console:\d+"), shown[0])
            assert shown[1:] == ["Be kind.", "Clean up."]
            daemon.kill()
            daemon.start()
    assert texts(daemon.machine().ok("/guest zoe"))[1:] == \
        ["Be kind.", "Clean up."]
    assert texts(daemon.machine().ok("/guest zora"))[1:] == \
        ["Be kind.", "Clean up."]
    assert texts(daemon.machine().ok(f"/register cleo {WORD}"))[1:] == \
        ["Be kind.", "Clean up."]
    assert texts(daemon.machine().ok(f"/login cleo {WORD}")) == []
    # A stranger may read them first, and everybody again.
    for machine in (daemon.machine(), ben):
        assert machine.ok("/rules").lines[1:] == ["-- Be kind.", "-- Clean up."]
    daemon.admin().ok("/rules clear")
    assert texts(daemon.machine().ok("/guest zelda")) == []
    told(daemon.ctl("rules", "set", "Be kind."))
    assert texts(daemon.machine().ok(f"/login ben {WORD}"))[1:] == ["Be kind."]
    daemon.stop()
    assert daemon.offline("--verify").returncode == 0


def test_a_message_of_the_day_comes_behind_the_rules(daemon):
    told(daemon.ctl("motd", "set", "Pizza at eight."))
    told(daemon.ctl("rules", "set", "Be kind."))
    ben = daemon.person()
    ben.type("/register ben")
    for prompt in ("new password: ", "repeat password: "):
        ben.expect(prompt)
        ben.type(WORD)
    ben.expect(r"^-- Welcome, ben\.\n-- Rules \(.*\):\n-- Be kind\.\n"
               r"-- Message of the day \(.*\):\n-- Pizza at eight\.\n"
               r"-- lobby has no topic\.$")
    told(daemon.ctl("motd", "add", "Bring plates."))
    ben.expect(r"^-- console:\d+ changed the message of the day; "
               r"/motd shows it\.$")
    assert texts(daemon.machine().ok(f"/login ben {WORD}"))[1:] == \
        ["Pizza at eight.", "Bring plates."]


def test_a_guest_with_ones_name_does_not_hide_the_rules(daemon):
    daemon.register("ben").close()
    told(daemon.ctl("users", "rename", "ben", "ken"))
    daemon.guest("ben")
    told(daemon.ctl("users", "rename", "ken", "ben"))
    told(daemon.ctl("rules", "set", "Be kind."))
    daemon.machine().refused(f"/login ben {WORD}", "name-taken")

    def comes_in():
        answer = daemon.machine().command(f"/login ben {WORD}")
        assert answer.code in ("ok", "name-taken")
        if answer.code == "ok":
            assert texts(answer)[1:] == ["Be kind."]
        return answer.code == "ok"

    eventually(comes_in, "in")


def test_everybody_hears_a_broadcast(daemon, mod):
    ben, ann = daemon.register("ben"), daemon.admin()
    zoe = daemon.guest("zoe")
    ben.ok("/join den")
    assert ann.ok("/broadcast Fire drill at ten.").text == \
        "-- 4 people were told."
    for machine in (ben, zoe, mod):
        machine.expect(rf"^~~ {ADMIN} to everybody: Fire drill at ten\.$")
    assert told(daemon.ctl("broadcast", "It", "is", "over.")) == \
        ["4 people were told."]
    ann.expect(r"^~~ console:\d+ to everybody: It is over\.$")
    ann.refused("/broadcast " + "x" * 1001, "bad-input")
    ann.refused("/broadcast", "usage")
    daemon.stop()
    audit = (daemon.folder / "audit.log").read_text()
    assert audit.count("server.broadcast") == 2 and "drill" not in audit


@pytest.mark.parametrize("verb", [
    "rules set x", "rules add x", "rules clear", "motd set x", "motd add x",
    "motd clear", "broadcast x",
])
def test_only_administrators_speak_for_the_place(daemon, mod, verb):
    daemon.machine().refused("/" + verb, "login-required")
    daemon.guest("zoe").refused("/" + verb, "not-allowed")
    mod.refused("/" + verb, "not-allowed")
    assert mod.ok("/rules").text == "-- There are no rules."
    assert mod.ok("/motd").text == "-- There is no message of the day."


@pytest.mark.parametrize("line, code", [
    ("/rules set", "usage"),
    ("/rules ste x", "unknown-command"),
    ("/rules clear", "not-found"),
    ("/motd clear now", "usage"),
    ("/motd set " + "x" * 4000, "limit"),
])
def test_texts_that_are_refused(daemon, line, code):
    daemon.admin().refused(line, code)
    assert told(daemon.ctl("motd")) == ["There is no message of the day."]


def test_who_shares_an_address(daemon, mod):
    zoe = daemon.guest("zoe", source=FAR)
    daemon.register("ben", source=FAR)
    daemon.register("cleo", source=FAR).close()
    daemon.register("dan", source="127.9.8.8").close()
    for name in "cleo", "dan":
        eventually(lambda: "Not here" in mod.ok(f"/whois {name}").text, "gone")
    here = [f"-- ben from {FAR}, here", f"-- zoe (guest) from {FAR}, here"]
    for whom in ("zoe", "ben", "cleo", FAR):
        lines = mod.ok(f"/samesite {whom}").lines
        assert lines[:2] == here
        assert re.fullmatch(rf"-- cleo from {FAR}, last login {WHEN}", lines[2])
        assert len(lines) == 3
    assert len(mod.ok("/samesite 127.9.0.0/16").lines) == 4
    assert told(daemon.ctl("samesite", FAR))[:2] == [w[3:] for w in here]
    assert mod.ok("/samesite 198.51.100.1").text == \
        "-- Nobody comes from there."
    mod.refused("/samesite nobody", "no-such-user")
    mod.refused("/samesite *", "bad-input")
    mod.refused("/samesite", "usage")
    for machine in (zoe, daemon.login("dan")):
        text = machine.refused("/samesite zoe", "not-allowed")
        assert FAR not in text


def test_what_staff_is_told_of_a_room(daemon, mod):
    ben = daemon.register("ben")
    for name in ("cleo", "dan"):
        daemon.register(name).close()
    ben.ok("/join den")
    for line in ("/topic Tea", "/mode +mt", "/op cleo", "/voice dan",
                 "/successor cleo", "/ban guest:zoe 1h spamming"):
        ben.ok(line)
    lines = mod.ok("/rooms show den").lines
    assert lines[0] == "-- name: den"
    assert re.fullmatch(rf"-- made: {WHEN}", lines[1])
    assert lines[2:11] == [
        "-- owner: ben", "-- successor: cleo", "-- ops: cleo",
        "-- voiced: dan", "-- modes: +mt moderated, topic-locked",
        "-- topic: Tea", "-- kept: the last 10000 messages, for 90d",
        "-- state: open", "-- here: ben (owner)"]
    assert re.match(r"-- #1 ban .* by ben ", lines[11])
    assert told(daemon.ctl("rooms", "show", "den")) == [w[3:] for w in lines]
    mod.ok("/close den trolls")
    assert re.fullmatch(rf"-- state: closed since {WHEN} by mel: trolls",
                        mod.ok("/rooms show den").lines[9])
    mod.refused("/rooms show nowhere", "no-such-room")
    ben.refused("/rooms show den", "not-allowed")


def possess(daemon, mod):
    """Ben gets something of each kind; his session, in the den."""
    olga, ben = daemon.register("olga"), daemon.register("ben")
    for machine in (olga, ben):
        machine.ok("/join den")
    ben.ok("/join bens")
    told(daemon.ctl("rules", "set", "Be kind."))
    told(daemon.ctl("note", "ben", "nice"))
    for line in ("/voice ben", "/successor ben", "/quiet ben 1h noise",
                 "/mode +i"):
        olga.ok("/in den " + line)
    mod.ok("/gmute ben 1h noise")
    return olga, ben


def test_a_renamed_user_keeps_everything(daemon, mod):
    olga, ben = possess(daemon, mod)
    told(daemon.ctl("users", "rename", "ben", "benedict"))
    olga.expect(r"^\[den\] -- ben is benedict now$")
    daemon.kill()
    daemon.start()
    olga, mod = daemon.login("olga"), daemon.login("mel")
    ben = daemon.machine()
    assert "Be kind." in ben.ok(f"/login benedict {WORD}").text
    ben.entered()
    assert "Be kind." not in daemon.machine().ok(f"/login benedict {WORD}").text
    ben.refused("hello", "muted")
    mod.ok("/ungmute 1")
    assert set(ben.ok("/mine").lines) == \
        {"-- bens: owner", "-- den: voiced", "-- den: successor"}
    assert ben.ok("/who den").text == \
        "-- den: benedict (voiced), olga (owner)"
    assert "noise" in ben.refused("/in den /say hello", "quieted")
    assert "quiet user:benedict " in olga.ok("/in den /sanctions").text
    assert "nice" in mod.ok("/notes benedict").text
    told(daemon.ctl("users", "remove", "olga"))
    assert "-- den: owner" in ben.ok("/mine").lines


def test_a_removed_user_leaves_nothing(daemon, mod):
    olga, ben = possess(daemon, mod)
    told(daemon.ctl("users", "remove", "ben"))
    assert re.search("^~~ disabled ", ben.rest(), re.M)
    assert olga.ok("/in den /sanctions").lines == \
        ["-- den has no such entries."]
    sheet = told(daemon.ctl("rooms", "show", "den"))
    assert "successor: nobody" in sheet and "voiced: nobody" in sheet
    assert "owner: nobody" in told(daemon.ctl("rooms", "show", "bens"))
    mod.refused("/notes ben", "no-such-user")
    assert mod.ok("/gmutes").text == "-- Nobody is muted."
    again = daemon.machine()
    assert "Be kind." in again.ok(f"/register ben {WORD}").text
    again.ok("hello")
    again.refused("/join den", "invite-only")
    assert again.ok("/mine").text == "-- You have no rights in any room."
    assert mod.ok("/notes ben").text == "-- There are no notes on ben."
    daemon.restart()
    again = daemon.login("ben")
    again.refused("/join den", "invite-only")
    again.ok("hello")
    daemon.stop()
    assert daemon.offline("--verify").returncode == 0


def test_who_is_removed_while_making_rooms_owns_none(daemon):
    """Lines that are under way when the user goes."""
    console = daemon.console()
    for user in range(6):
        ben = daemon.register(f"ben{user}")
        ben.send("".join(f"/join room{user}x{i}\n/topic mine\n/leave\n"
                         for i in range(9)))
        console.ok(f"/users remove ben{user}")
        ben.rest()
    rooms = [line.split()[1] for line in console.ok("/rooms room").lines
             if line.startswith("-- room")]
    for restarted in (False, True):
        for room in rooms:
            assert "-- owner: nobody" in console.ok(f"/rooms show {room}").lines
        if not restarted:
            daemon.restart()
            console = daemon.console()
    daemon.stop()
    assert daemon.offline("--verify").returncode == 0
