"""Read markers: who returns to a room is told what is new, and where it begins."""

import re
from types import SimpleNamespace

import pytest

from rialto import NO_FLOOD_CONTROL, WORD, eventually
from test_export import exported, mydata

SINCE = r"since (?:\d{4}-\d\d-\d\d )?\d\d:\d\d"
NEW = re.compile(rf"-- (.*new messages? in (\S+) {SINCE}.*)")


@pytest.fixture
def den(daemons):
    """Ann administers and owns den, where ben and cleo are."""
    return furnish(daemons.new().start())


def furnish(daemon):
    den = SimpleNamespace(daemon=daemon, ann=daemon.admin(),
                          ben=daemon.register("ben"),
                          cleo=daemon.register("cleo"))
    for peer in (den.ann, den.ben, den.cleo):
        peer.ok("/join den")
    return den


def leave(den, peer, name):
    """The daemon has noticed."""
    peer.close()
    eventually(lambda: "Not here" in den.ann.ok(f"/whois {name}").text,
               f"gone: {name}")


def news(lines):
    """What is new: (room, line without its time)."""
    found = []
    for line in lines:
        match = NEW.fullmatch(line)
        if match:
            found.append((match[2], re.sub(f" {SINCE}", "", match[1])))
    return found


def visit(daemon, name, word=WORD):
    """A login; the peer, and all lines that came with it."""
    peer = daemon.machine()
    peer.send(f"/login {name} {word}\n")
    lines = []
    while not lines or not lines[-1].startswith("== "):
        lines.append(peer.line())
    peer.entered()
    return peer, lines


def last_read(peer, room="den"):
    """What the store has of the one who asks: the number, or None."""
    return {marker["room"]: marker["last_read"]
            for marker in mydata(peer)["markers"]}.get(room)


def test_what_is_new_stands_where_it_begins(den):
    den.ben.ok("cleo has seen this")
    leave(den, den.cleo, "cleo")
    den.ben.ok("did cleo go?")
    den.ben.ok("/me waits")
    _, lines = visit(den.daemon, "cleo")
    at = next(i for i, line in enumerate(lines) if NEW.fullmatch(line))
    assert news(lines) == [("den", "2 new messages in den, "
                                   "1 of them mentions you")]
    assert lines[at - 1].endswith(" ben: cleo has seen this")
    assert lines[at + 1].endswith(" ben: did cleo go?")
    assert lines[at + 2].endswith(" * ben waits")


def test_a_person_reads_it(den):
    leave(den, den.cleo, "cleo")
    den.ben.ok("hello Cleo!")
    person = den.daemon.person()
    person.expect("username: ")
    person.type("cleo")
    person.expect("password: ")
    person.type(WORD)
    person.expect(rf"^-- 1 new message in den {SINCE}, which mentions you\n"
                  r"\[den\] (?:\S+ )?\d\d:\d\d ben: hello Cleo!\n")


def test_it_is_told_once(den):
    leave(den, den.cleo, "cleo")
    den.ben.ok("one")
    cleo, lines = visit(den.daemon, "cleo")
    assert news(lines) == [("den", "1 new message in den")]
    leave(den, cleo, "cleo")
    _, lines = visit(den.daemon, "cleo")
    assert news(lines) == []


def test_sessions_share_the_marker(den):
    other, lines = visit(den.daemon, "cleo")
    assert news(lines) == []
    den.cleo.close()
    den.ben.ok("the other session is here")
    other.expect("the other session is here")
    leave(den, other, "cleo")
    _, lines = visit(den.daemon, "cleo")
    assert news(lines) == []


def test_own_words_are_not_new(den):
    other, _ = visit(den.daemon, "cleo")
    other.ok("/away lunch")
    other.ok("cleo talks to cleo")
    den.cleo.ok("/away")
    other.close()
    leave(den, den.cleo, "cleo")
    _, lines = visit(den.daemon, "cleo")
    assert news(lines) == []


def test_two_rooms_at_login(den):
    for peer in (den.ben, den.cleo):
        peer.ok("/join attic")
    leave(den, den.cleo, "cleo")
    den.ben.ok("in the attic")
    den.ben.ok("/join den")
    den.ben.ok("in the den")
    den.ben.ok("in the den, cleo")
    den.ben.ok("/join lobby")
    den.ben.ok("in the lobby")
    _, lines = visit(den.daemon, "cleo")
    assert news(lines) == [
        ("attic", "1 new message in attic"),
        ("den", "2 new messages in den, 1 of them mentions you"),
        ("lobby", "1 new message in lobby")]


def test_it_lasts_over_a_restart(den):
    den.ben.ok("seen")
    leave(den, den.cleo, "cleo")
    den.ben.ok("not seen")
    den.daemon.restart()
    cleo, lines = visit(den.daemon, "cleo")
    assert news(lines) == [("den", "1 new message in den")]
    # Who was here at the end has read everything.
    cleo.close()
    _, lines = visit(den.daemon, "ben")
    assert news(lines) == []


def test_a_power_cut_never_sets_it_ahead(den):
    leave(den, den.cleo, "cleo")
    eventually(lambda: "den" in [marker["room"] for marker in
                                 exported(den.daemon, "cleo")["markers"]],
               "written")
    for i in range(5):
        den.ben.ok(f"line {i}")
    # What was said may be lost; what is not counts as new.
    den.daemon.kill()
    den.daemon.start()
    kept = []
    _, lines = visit(den.daemon, "cleo")
    for line in lines:
        match = re.fullmatch(r"\[den\] (?:\S+ )?\d\d:\d\d ben: (line \d)",
                             line)
        if match:
            kept.append(match[1])
    told = [int(text.split()[0]) for _, text in news(lines)]
    assert told == [len(kept)] if kept else told == []
    den.daemon.stop()
    result = den.daemon.offline("--verify")
    assert result.returncode == 0, result.stdout


def test_a_power_cut_costs_seconds_only(den):
    leave(den, den.cleo, "cleo")
    den.ben.ok("one")
    den.ben.ok("two")
    cleo, lines = visit(den.daemon, "cleo")
    assert len(news(lines)) == 1
    eventually(lambda: last_read(cleo) == 2, "written")
    den.daemon.kill()
    den.daemon.start()
    _, lines = visit(den.daemon, "cleo")
    assert news(lines) == []


def test_away_and_back(den):
    den.ben.ok("before")
    den.cleo.ok("/away lunch")
    den.ben.ok("one for cleo")
    den.cleo.ok("/away a long lunch")
    den.ben.ok("two")
    answer = den.cleo.ok("/away")
    assert answer.lines[0] == "-- You are here again."
    assert news(answer.lines) == [("den", "2 new messages in den, "
                                          "1 of them mentions you")]
    assert news(den.cleo.ok("/away").lines) == []
    leave(den, den.cleo, "cleo")
    _, lines = visit(den.daemon, "cleo")
    assert news(lines) == []


def test_another_session_of_someone_away(den):
    den.cleo.ok("/away lunch")
    den.ben.ok("one")
    other, lines = visit(den.daemon, "cleo")
    assert news(lines) == [("den", "1 new message in den")]
    den.ben.ok("two")
    assert news(other.ok("/away").lines) == [("den", "2 new messages in den")]
    assert news(den.cleo.ok("/away").lines) == []


def test_away_until_the_next_day(den):
    den.cleo.ok("/away until tomorrow")
    den.ben.ok("one")
    den.daemon.restart()
    _, lines = visit(den.daemon, "cleo")
    assert news(lines) == [("den", "1 new message in den")]


def test_leave_and_join(den):
    den.cleo.ok("/leave den")
    den.ben.ok("one")
    assert news(den.cleo.ok("/join den").lines) \
        == [("den", "1 new message in den")]
    assert news(den.cleo.ok("/join den").lines) == []


def test_who_never_was_there_has_missed_nothing(den):
    den.ben.ok("one")
    dan = den.daemon.register("dan")
    assert news(dan.ok("/join den").lines) == []


def test_guests_have_none(den):
    guest = den.daemon.guest("max")
    guest.ok("/join den")
    guest.ok("/away lunch")
    den.ben.ok("one")
    assert news(guest.ok("/away").lines) == []
    guest.ok("/leave den")
    den.ben.ok("two")
    assert news(guest.ok("/join den").lines) == []


def test_more_than_the_replay(daemons):
    den = furnish(daemons.new(chat={**NO_FLOOD_CONTROL, "replay": 3}).start())
    leave(den, den.cleo, "cleo")
    for i in range(8):
        den.ben.ok(f"line {i}")
    den.ben.ok("cleo!")
    cleo, lines = visit(den.daemon, "cleo")
    at = next(i for i, line in enumerate(lines) if NEW.fullmatch(line))
    assert re.fullmatch(
        rf"-- 9 new messages in den {SINCE}, 1 of them mentions you "
        r"\(the last 3 follow; /review since \S+ \d\d:\d\d shows all\)",
        lines[at])
    review = re.search("; (/review .*) shows all", lines[at])[1]
    cleo.ok("/join den")
    assert [line[-6:] for line in cleo.ok(review).lines if "line" in line] \
        == [f"line {i}" for i in range(8)]
    assert [line.split(": ")[1] for line in lines[at + 1:at + 4]] \
        == ["line 6", "line 7", "cleo!"]
    cleo.ok("/away lunch")
    for i in range(8):
        den.ben.ok(f"line {i}")
    other, lines = visit(den.daemon, "cleo")
    assert news(lines)[0][1].startswith("8 new messages in den (the last 3")
    other.close()
    assert news(cleo.ok("/away").lines) == [("den", "8 new messages in den")]


def test_counting_ends(den):
    leave(den, den.cleo, "cleo")
    den.ben.send("".join(f"line {i}\n" for i in range(1200)))
    for _ in range(1200):
        assert den.ben.answer().code == "ok"
    _, lines = visit(den.daemon, "cleo")
    ((room, text),) = news(lines)
    assert text.startswith("More than 1,")
    assert "(the last 100 follow; " in text


def test_a_room_that_keeps_nothing(daemons):
    den = furnish(daemons.new(chat={**NO_FLOOD_CONTROL,
                                    "history_count": 0}).start())
    leave(den, den.cleo, "cleo")
    den.ben.ok("nobody keeps this")
    cleo, lines = visit(den.daemon, "cleo")
    assert news(lines) == []
    cleo.ok("/away lunch")
    den.ben.ok("nor this")
    assert news(cleo.ok("/away").lines) == []
    den.daemon.stop()
    result = den.daemon.offline("--verify")
    assert result.returncode == 0, result.stdout


def test_who_was_banned_is_told_nothing(den):
    leave(den, den.cleo, "cleo")
    den.ben.ok("one")
    den.ann.ok("/ban cleo in den")
    _, lines = visit(den.daemon, "cleo")
    assert news(lines) == []


def test_a_renamed_user_keeps_it(den):
    leave(den, den.cleo, "cleo")
    den.ben.ok("cleo? clea?")
    den.ann.ok("/users rename cleo clea")
    den.ben.ok("hello clea")
    _, lines = visit(den.daemon, "clea")
    assert news(lines) == [("den", "2 new messages in den, "
                                   "2 of them mention you")]


def test_a_removed_user_leaves_none(den):
    den.ben.ok("one")
    den.ann.ok("/users remove cleo")
    den.daemon.stop()
    result = den.daemon.offline("--verify")
    assert result.returncode == 0, result.stdout
    den.daemon.start()
    dan = den.daemon.register("dan")
    assert last_read(dan) is None


def test_who_is_ignored_says_nothing_new(den):
    den.cleo.ok("/ignore ben")
    den.cleo.ok("/away lunch")
    den.ben.ok("cleo!")
    den.ann.ok("lunch is over")
    assert news(den.cleo.ok("/away").lines) == [("den", "1 new message in den")]
    leave(den, den.cleo, "cleo")
    for i in range(200):
        den.ben.ok(f"line {i}")
    _, lines = visit(den.daemon, "cleo")
    assert news(lines) == []


def test_what_was_deleted_is_not_new(daemons):
    den = furnish(daemons.new(chat={**NO_FLOOD_CONTROL, "replay": 3}).start())
    leave(den, den.cleo, "cleo")
    for i in range(8):
        den.ben.ok(f"cleo {i}")
    den.ben.ok("/delete 1")
    den.ben.ok("/delete 8")
    cleo, lines = visit(den.daemon, "cleo")
    ((_, text),) = news(lines)
    assert text.startswith("6 new messages in den, 6 of them mention you (")
    assert "-- Nobody" not in cleo.ok("/mentions").text
    assert len(cleo.ok("/mentions").lines) == 6
    den.ben.ok("/delete 7")
    assert len(cleo.ok("/mentions").lines) == 5
