"""/search: finding what was said."""

import re

import pytest

LINE = re.compile(r"-- \[(\w+)\] #\d+ (?:\S+ )?\d\d:\d\d (.*)")


def found(answer):
    """(room, words), newest first."""
    return [m.groups() for m in map(LINE.match, answer.lines) if m]


def words(answer):
    return [text for _, text in found(answer)]


@pytest.fixture
def cleo(daemon):
    cleo = daemon.register("cleo")
    cleo.ok("/join den")
    return cleo


def search(machine, rest):
    return words(machine.ok(f"/search {rest}"))


def test_words_that_occur(cleo):
    for text in ("The Decision is made", "decisions, decisions", "a cafe",
                 "Un CAFÉ", "made of wood", "in:den by:cleo"):
        cleo.ok(text)
    assert search(cleo, "decision") == ["cleo: decisions, decisions",
                                        "cleo: The Decision is made"]
    assert search(cleo, "MADE is") == ["cleo: The Decision is made"]
    assert search(cleo, '"is made"') == ["cleo: The Decision is made"]
    assert search(cleo, '"made is"') == []
    assert search(cleo, "café") == ["cleo: Un CAFÉ", "cleo: a cafe"]
    assert search(cleo, '"in:den"') == ["cleo: in:den by:cleo"]
    assert cleo.ok("/search nothing").lines == ["-- Nothing was found."]


def test_by_whom_where_and_when(daemon, cleo):
    ben = daemon.register("ben")
    ben.ok("/join den")
    ben.ok("tea for two")
    cleo.ok("tea for three")
    cleo.ok("/join yard")
    cleo.ok("tea outside")
    # What was said within one millisecond in two rooms has no order.
    assert set(search(cleo, "tea")) == {
        "cleo: tea outside", "cleo: tea for three", "ben: tea for two"}
    assert search(cleo, "tea in:den") == ["cleo: tea for three",
                                          "ben: tea for two"]
    assert search(cleo, "by:BEN") == ["ben: tea for two"]
    assert search(cleo, "by:ben in:yard") == []
    assert search(cleo, "since:1h tea by:cleo IN:Den") \
        == ["cleo: tea for three"]
    assert search(cleo, "tea until:2020-01-01") == []
    assert search(cleo, "tea until:1969-12-31") == []
    assert search(cleo, "tea until:2999-01-01 since:2020-01-01T00:00") \
        == search(cleo, "tea")
    assert search(cleo, 'tea since:"2020-01-01 00:00"') == search(cleo, "tea")
    assert search(cleo, "tea since:0s") == []


def test_pages_over_rooms(cleo):
    want = []
    for i in range(95):
        if i % 30 == 0:
            cleo.ok(f"/join room{i}")
        cleo.ok(f"needle {i}")
        cleo.ok("hay")
        want.append(f"cleo: needle {i}")
    answer = cleo.ok("/search needle")
    assert answer.lines[-1] == "-- More: /search more"
    got = words(answer)
    assert len(got) == 20
    while answer.lines[-1] == "-- More: /search more":
        answer = cleo.ok("/search more")
        got += words(answer)
    assert sorted(got) == sorted(want)
    cleo.refused("/search more", "not-found")


def test_paging_while_others_talk(daemon, cleo):
    for i in range(50):
        cleo.ok(f"needle {i}")
    got = search(cleo, "needle")
    ben = daemon.register("ben")
    ben.ok("/join den")
    for i in range(30):
        ben.ok(f"needle of ben {i}")
    got += search(cleo, "more")
    got += search(cleo, "more")
    assert got == [f"cleo: needle {i}" for i in reversed(range(50))]


def test_more_as_a_word(cleo):
    cleo.ok("more tea")
    cleo.refused("/search more", "not-found")
    assert search(cleo, '"more"') == ["cleo: more tea"]
    assert search(cleo, "more tea") == ["cleo: more tea"]


def test_secrets_are_not_found(daemon, cleo):
    cleo.ok("/in den /mode +s")
    cleo.ok("the secret word")
    ben = daemon.register("ben")
    assert search(ben, "secret") == []
    ben.refused("/search secret in:den", "no-such-room")
    cleo.ok("/in den /mode -s")
    ben.refused("/search secret in:den", "no-room")
    assert search(ben, "by:cleo") == []
    admin = daemon.admin()
    assert search(admin, "secret") == []
    assert search(admin, "secret in:den") == ["cleo: the secret word"]
    console = daemon.console()
    console.refused("/search secret", "no-room")
    assert search(console, "secret in:den") == ["cleo: the secret word"]


def test_who_left_sees_no_next_page(cleo):
    for i in range(30):
        cleo.ok(f"needle {i}")
    assert len(search(cleo, "needle")) == 20
    cleo.ok("/leave den")
    assert cleo.ok("/search more").lines == ["-- Nothing more was found."]


def test_words_of_the_renamed_and_the_removed(daemon, cleo):
    ben = daemon.register("ben")
    ben.ok("/join den")
    ben.ok("early words")
    admin = daemon.admin()
    admin.ok("/users rename ben bob")
    bob = daemon.login("bob")
    bob.ok("/in den /say late words")
    late_and_early = ["bob: late words", "ben: early words"]
    assert search(cleo, "by:bob") == late_and_early
    assert search(cleo, "by:ben") == ["ben: early words"]
    admin.ok("/users remove bob")
    assert search(cleo, "words") == late_and_early
    assert search(cleo, "by:bob") == ["bob: late words"]


def test_guests(daemon):
    max_ = daemon.guest("max")
    max_.ok("hello there")
    assert search(max_, "hello by:max") == ["max: hello there"]


@pytest.mark.parametrize("rest", [
    "in:", "in:9", "in:a/b", "by:", "by:é", "since:", "since:tomorrow",
    "until:25:00", "tea since:2026-13-01", '""', '" "', '"',
])
def test_what_cannot_be_searched(cleo, rest):
    cleo.refused(f"/search {rest}", "usage")


def test_what_nobody_sees(cleo):
    cleo.refused("/search \u200b", "bad-input")
    cleo.refused("/search " + " ".join("abcdefghijklmnopq"), "bad-input")


def test_long_words(cleo):
    cleo.ok("x" * 1000)
    assert search(cleo, "x" * 1000) == ["cleo: " + "x" * 1000]
    assert search(cleo, "x" * 999 + "y") == []
    assert search(cleo, "ﷺ" * 333) == []
    cleo.refused("/search " + "x" * 1001, "bad-input")


def test_what_was_found_is_on_the_disk(daemon, cleo):
    cleo.ok("needle")
    assert search(cleo, "needle") == ["cleo: needle"]
    daemon.kill()
    daemon.start()
    assert search(daemon.login("cleo"), "needle") == ["cleo: needle"]


def test_too_many_at_once(daemon, cleo):
    """Each is answered, or told to try again."""
    for i in range(40):
        cleo.ok(f"needle {i}")
    peers = [daemon.login("cleo") for _ in range(12)]
    for peer in peers:
        peer.send("/search needle\n/search more\n")
    for peer in peers:
        codes = {peer.answer().code, peer.answer().code}
        assert codes <= {"ok", "busy", "not-found"}
    assert len(search(cleo, "needle")) == 20


def test_those_whom_one_ignores(daemon, cleo):
    ben = daemon.register("ben")
    ben.ok("/join den")
    ben.ok("tea by ben")
    cleo.ok("tea by cleo")
    cleo.ok("/ignore ben rooms")
    assert search(cleo, "tea") == ["cleo: tea by cleo"]
    assert search(cleo, "tea by:ben") == ["ben: tea by ben"]
    assert words(cleo.ok("/review")) == ["cleo: tea by cleo"]
    assert len(search(ben, "tea")) == 2
