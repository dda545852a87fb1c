"""/review: what was said, page by page."""

import re

import pytest

from rialto import WORD

LINE = re.compile(r"-- \[(\w+)\] #(\d+) (?:\S+ )?\d\d:\d\d (.*)")


def said(answer):
    """(number, words) of the lines of a page."""
    return [(int(m.group(2)), m.group(3))
            for m in map(LINE.match, answer.lines) if m]


def words(answer):
    return [text for _, text in said(answer)]


@pytest.fixture
def cleo(daemon):
    cleo = daemon.register("cleo")
    cleo.ok("/join den")
    return cleo


def talk(machine, count, first=1):
    machine.send("".join(f"line {i}\n" for i in range(first, first + count)))
    for _ in range(count):
        assert machine.answer().code == "ok"


def test_the_last_twenty(cleo):
    talk(cleo, 30)
    cleo.ok("/me waves")
    answer = cleo.ok("/review")
    assert words(answer) == [f"cleo: line {i}" for i in range(12, 31)] \
        + ["* cleo waves"]
    assert answer.lines[-1] \
        == f"-- More: /review before {said(answer)[0][0]}"


def test_pages_lead_to_the_beginning(cleo):
    talk(cleo, 45)
    seen, line = [], "/review 7"
    while line:
        answer = cleo.ok(line)
        seen = words(answer) + seen
        more = re.match(r"-- More: (.*)", answer.lines[-1])
        line = more and more.group(1)
    assert seen == [f"cleo: line {i}" for i in range(1, 46)]


def test_forward_from_a_time(cleo):
    talk(cleo, 130)
    answer = cleo.ok("/review since 1h")
    assert words(answer) == [f"cleo: line {i}" for i in range(1, 101)]
    more = re.match(r"-- More: (/review after \d+)$", answer.lines[-1])
    answer = cleo.ok(more.group(1) + " 100")
    assert words(answer) == [f"cleo: line {i}" for i in range(101, 131)]
    assert len(answer.lines) == 30


def test_times_as_people_write_them(cleo):
    talk(cleo, 1)
    for when in ("2020-01-02", "2020-01-02 20:00", '"2020-01-02 20:00"',
                 "2020-01-02T20:00", "3d"):
        assert words(cleo.ok(f"/review since {when}")) == ["cleo: line 1"]
        assert words(cleo.ok(f"/review den since {when}")) \
            == ["cleo: line 1"]
    assert words(cleo.ok("/review since 2999-01-01")) == []
    assert words(cleo.ok("/review since 0s")) == []


def test_a_room_may_be_named(daemon, cleo):
    talk(cleo, 3)
    cleo.ok("/join yard")
    cleo.ok("elsewhere")
    answer = cleo.ok("/review den 2")
    assert words(answer) == ["cleo: line 2", "cleo: line 3"]
    number = said(answer)[0][0]
    assert answer.lines[-1] == f"-- More: /review den before {number} 2"
    assert words(cleo.ok(f"/review den before #{number}")) == ["cleo: line 1"]
    assert words(cleo.ok("/review")) == ["cleo: elsewhere"]
    assert words(cleo.ok("/in den /review")) == words(cleo.ok("/review den"))


@pytest.mark.parametrize("rest", [
    "0", "-1", "x y", "99999999999999999999", "before", "before 0",
    "before -1", "before x", "before 18446744073709551616", "before 1 0",
    "before 1 2 3", "after", "after 0", "since", "since tomorrow", "today 3",
    "since 24:00", "since 2026-02-30", "since 1h 1h", "since 20", "den 1 2",
    '"', "#1",
])
def test_what_cannot_be_read(cleo, rest):
    cleo.refused(f"/review {rest}", "usage")


@pytest.mark.parametrize("rest", [
    "200", "9223372036854775807", "before 9223372036854775807",
    "before 9223372036854775807 9223372036854775807",
    "since 9223372036854775s", "den 20", "DEN", "yesterday",
    "den since yesterday", "since Yesterday",
])
def test_what_is_large(cleo, rest):
    talk(cleo, 2)
    assert words(cleo.ok(f"/review {rest}")) == ["cleo: line 1",
                                                 "cleo: line 2"]


def test_behind_the_last(cleo):
    talk(cleo, 2)
    assert cleo.ok("/review after 9223372036854775807").lines \
        == ["-- Nothing was said there."]
    assert cleo.ok("/review before 1").lines == ["-- Nothing was said there."]


def test_a_page_has_a_bound_in_bytes(cleo):
    for i in range(80):
        cleo.ok(f"{i:02} " + "x" * 4000)
    answer = cleo.ok("/review 200")
    assert 20 < len(said(answer)) < 40
    assert "More: /review before" in answer.lines[-1]
    assert words(answer)[-1].startswith("cleo: 79 ")


def test_only_for_those_inside(daemon, cleo):
    cleo.ok("psst")
    ben = daemon.register("ben")
    ben.refused("/review den", "no-room")
    ben.refused("/review nowhere", "no-such-room")
    cleo.ok("/in den /mode +s")
    ben.refused("/review den", "no-such-room")
    ben.refused("/in den /review", "no-such-room")
    assert words(daemon.admin().ok("/review den")) == ["cleo: psst"]
    assert words(daemon.console().ok("/review den")) == ["cleo: psst"]
    cleo.ok("/leave den")
    cleo.refused("/review den", "no-room")
    cleo.refused("/review", "no-room")


def test_guests_read_where_they_are(daemon):
    guest = daemon.guest("max")
    guest.ok("hello")
    assert words(guest.ok("/review")) == ["max: hello"]


def test_it_survives_a_kill(daemon, cleo):
    """What a review has shown is on the disk."""
    talk(cleo, 5)
    shown = said(cleo.ok("/review"))
    daemon.kill()
    daemon.start()
    cleo = daemon.login("cleo")
    assert said(cleo.ok("/review den")) == shown
    cleo.ok("/in den /say again")
    number, _ = said(cleo.ok("/review den 1"))[0]
    assert number > shown[-1][0]


def test_old_names_stay_with_old_words(daemon, cleo):
    cleo.ok("first")
    daemon.admin().ok("/users rename cleo clio")
    clio = daemon.login("clio")
    clio.ok("/in den /say second")
    assert words(clio.ok("/review den")) == ["cleo: first", "clio: second"]


def test_pages_stay_while_others_talk(daemon, cleo):
    talk(cleo, 30)
    answer = cleo.ok("/review 10")
    ben = daemon.register("ben")
    ben.ok("/join den")
    talk(ben, 40, first=100)
    more = re.match(r"-- More: (.*)", answer.lines[-1]).group(1)
    assert words(cleo.ok(more)) == [f"cleo: line {i}" for i in range(11, 21)]


def test_nothing_is_kept(start):
    daemon = start(chat={"history_count": 0})
    cleo = daemon.register("cleo")
    cleo.ok("hello")
    assert cleo.ok("/review").lines == ["-- What is said in lobby is not kept."]


def test_what_is_said_before_is_there(daemon, cleo):
    ben = daemon.login("cleo", WORD)
    for i in range(50):
        cleo.ok(f"line {i}")
        assert words(ben.ok("/review den 1")) == [f"cleo: line {i}"]
