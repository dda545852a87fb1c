"""One's name in what others say: told at once, and listed."""

import re
from types import SimpleNamespace

import pytest

from rialto import next_millisecond


@pytest.fixture
def den(daemons):
    """Ann administers and owns den, where ben and cleo are."""
    daemon = daemons.new().start()
    den = SimpleNamespace(daemon=daemon, ann=daemon.admin(),
                          ben=daemon.register("ben"),
                          cleo=daemon.register("cleo"))
    for peer in (den.ann, den.ben, den.cleo):
        peer.ok("/join den")
    for peer in (den.ann, den.ben, den.cleo):
        peer.take()
    return den


def test_it_comes_right_after_the_line(den):
    den.ben.ok("@cleo: lunch?")
    assert den.cleo.take() == ["[den] ben: @cleo: lunch?",
                               "~~ ben mentioned you in den (#1)."]
    assert den.ann.take() == ["[den] ben: @cleo: lunch?"]
    assert den.ben.take() == []


def test_actions_too(den):
    den.ben.ok("/me waves to Cleo and ann")
    assert den.cleo.take()[-1] == "~~ ben mentioned you in den (#1)."
    assert den.ann.take()[-1] == "~~ ben mentioned you in den (#1)."


@pytest.mark.parametrize("text", [
    "cleopatra", "cleo-patra", "cleo7", "mycleo", "cl eo", "cleö cleoé"])
def test_within_other_words_it_is_none(den, text):
    den.ben.ok(text)
    assert den.cleo.take() == [f"[den] ben: {text}"]


@pytest.mark.parametrize("text", [
    "cleo", "CLEO!", "hi,cleo.", "_cleo_", "\N{LEFT DOUBLE QUOTATION MARK}cleo"
    "\N{RIGHT DOUBLE QUOTATION MARK}", "cleo's", "cleo cleo"])
def test_as_a_word_it_is_one(den, text):
    den.ben.ok(text)
    assert len(den.cleo.take()) == 2


def test_own_words_are_none(den):
    other = den.daemon.login("cleo")
    den.cleo.ok("cleo is here")
    assert other.take() == ["[den] cleo: cleo is here"]
    assert den.cleo.take() == []


def test_all_sessions_are_told(den):
    other = den.daemon.login("cleo")
    den.ben.ok("cleo?")
    for peer in (den.cleo, other):
        assert peer.take()[-1] == "~~ ben mentioned you in den (#1)."


def test_a_person_reads_it(den):
    person = den.daemon.person()
    person.expect("username: ")
    person.type("/guest max")
    person.expect("> $|max")
    person.type("/join den")
    person.expect("den: ")
    den.ben.ok("hello Max!")
    person.expect(r"\[den\] ben: hello Max!\n-- ben mentioned you in den "
                  r"\(#1\)\.\n")


def test_who_is_not_in_the_room_is_not_told(den):
    den.cleo.ok("/leave den")
    den.ben.ok("cleo has left")
    assert den.cleo.take() == []


def test_who_is_away_is_told(den):
    den.cleo.ok("/away lunch")
    den.ben.ok("cleo?")
    assert den.cleo.take()[-1] == "~~ ben mentioned you in den (#1)."


def test_who_is_ignored_is_not_heard(den):
    den.cleo.ok("/ignore ben")
    den.ben.ok("cleo!")
    den.ann.ok("cleo!")
    assert den.cleo.take() == [
        "[den] ann: cleo!", "~~ ann mentioned you in den (#2)."]


def test_the_new_name_counts(den):
    den.ann.ok("/users rename cleo clea")
    den.cleo.take()
    den.ben.ok("cleo?")
    den.ben.ok("clea?")
    assert den.cleo.take()[1:] == ["[den] ben: clea?",
                                   "~~ ben mentioned you in den (#2)."]


def test_what_is_refused_mentions_nobody(den):
    den.ann.ok("/quiet ben")
    den.cleo.take()
    den.ben.refused("cleo, they have muted me", "quieted")
    assert den.cleo.take() == []


def test_one_is_told_once_for_many_at_once(den):
    den.ben.send("".join(f"cleo {i}\n" for i in range(50)))
    for _ in range(50):
        assert den.ben.answer().code == "ok"
    heard = den.cleo.take()
    assert len(heard) == 100
    for i in range(50):
        assert heard[2 * i:2 * i + 2] == [
            f"[den] ben: cleo {i}", f"~~ ben mentioned you in den (#{i + 1})."]


LISTED = re.compile(r"-- \[(\w+)\] #(\d+) (?:\S+ )?\d\d:\d\d (.*)")


def listed(answer):
    """What mentions one: (room, words), newest last."""
    return [(m[1], m[3]) for m in map(LISTED.fullmatch, answer.lines) if m]


def test_they_are_listed(den):
    assert den.cleo.ok("/mentions").lines == ["-- Nobody has mentioned you."]
    den.ben.ok("cleo: lunch?")
    den.ben.ok("/me waves to Cleo")
    den.ben.ok("cleopatra")
    den.cleo.ok("cleo says cleo")
    den.ben.ok("/join attic")
    den.cleo.ok("/join attic")
    next_millisecond()  # else two rooms have no order
    den.ben.ok("up here, cleo")
    assert listed(den.cleo.ok("/mentions")) == [
        ("den", "ben: cleo: lunch?"), ("den", "* ben waves to Cleo"),
        ("attic", "ben: up here, cleo")]
    assert listed(den.cleo.ok("/mentions den 1")) == [
        ("den", "* ben waves to Cleo")]
    assert den.cleo.ok("/mentions den 1").lines[-1] \
        == "-- There are older ones."
    assert listed(den.cleo.ok("/mentions 1")) == [
        ("attic", "ben: up here, cleo")]
    den.cleo.ok("/leave attic")
    assert len(listed(den.cleo.ok("/mentions"))) == 2
    den.cleo.refused("/mentions attic", "no-room")
    den.cleo.refused("/mentions 0", "usage")
    den.cleo.refused("/mentions den many", "usage")


def test_in_pages(den):
    for i in range(45):
        den.ben.ok(f"cleo {i}")
    assert [text for _, text in listed(den.cleo.ok("/mentions"))] \
        == [f"ben: cleo {i}" for i in range(25, 45)]
    den.ben.ok("something else")
    answer = den.cleo.ok("/mentions more")
    assert [text for _, text in listed(answer)] \
        == [f"ben: cleo {i}" for i in range(5, 25)]
    assert answer.lines[-1] == "-- Older ones: /mentions more"
    answer = den.cleo.ok("/mentions more")
    assert [text for _, text in listed(answer)] \
        == [f"ben: cleo {i}" for i in range(5)]
    den.cleo.refused("/mentions more", "not-found")
    assert [text for _, text in listed(den.cleo.ok("/mentions 44"))] \
        == [f"ben: cleo {i}" for i in range(1, 45)]
    assert len(listed(den.cleo.ok("/mentions 1000"))) == 45
    den.cleo.refused("/mentions more", "not-found")


def test_after_being_away_and_a_restart(den):
    den.cleo.ok("/away lunch")
    den.ben.ok("cleo?")
    den.daemon.restart()
    cleo = den.daemon.login("cleo")
    assert listed(cleo.ok("/mentions")) == [("den", "ben: cleo?")]


def test_whoever_left_the_room_sees_no_more_of_it(den):
    for i in range(30):
        den.ben.ok(f"cleo {i}")
    assert len(listed(den.cleo.ok("/mentions"))) == 20
    den.ann.ok("/ban cleo")
    assert listed(den.cleo.ok("/mentions more")) == []


def test_by_the_new_name_alone(den):
    den.ben.ok("cleo")
    den.ann.ok("/users rename cleo clea")
    den.ben.ok("clea")
    assert listed(den.cleo.ok("/mentions")) == [("den", "ben: clea")]


def test_not_of_those_who_are_ignored(den):
    den.ben.ok("cleo, from ben")
    den.ann.ok("cleo, from ann")
    den.cleo.ok("/ignore ben")
    assert listed(den.cleo.ok("/mentions")) == [("den", "ann: cleo, from ann")]


def test_guests_have_them_too(den):
    guest = den.daemon.guest("max")
    guest.ok("/join den")
    den.ben.ok("max?")
    assert listed(guest.ok("/mentions")) == [("den", "ben: max?")]
    guest.ok("/leave den")
    guest.ok("/leave lobby")
    guest.refused("/mentions", "no-room")
