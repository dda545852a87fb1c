"""/retention: how much of a room is remembered, as its owner says."""

import pytest

from rialto import eventually
from test_delete import Den, in_table, replayed
from test_review import talk, words


@pytest.fixture
def den(daemon):
    return Den(daemon)


def shown(machine):
    return words(machine.ok("/review den 200"))


def test_it_is_shown(den):
    assert den.ben.ok("/retention").lines \
        == ["-- What is said in den is kept: the last 10000 messages, "
            "for 90d."]
    assert "-- kept: the last 10000 messages, for 90d" \
        in den.daemon.admin().ok("/rooms show den").lines


@pytest.mark.parametrize("choice, kept, told", [
    ("500", "the last 500 messages, for 90d", "the last 500 messages"),
    ("30d", "the last 10000 messages, for 30d", "for 30d"),
    ("1 1m", "the last 1 message, for 1m", "the last 1 message, for 1m"),
    ("10000 90d", "the last 10000 messages, for 90d",
     "the last 10000 messages, for 90d"),
])
def test_the_owner_chooses(den, choice, kept, told):
    assert den.olga.ok(f"/retention {choice}").lines \
        == [f"-- What is said in den is kept: {kept}."]
    den.ben.expect(rf"^\[den\] -- olga set what is kept: {told}$")
    assert f"olga retention: {told}" in den.olga.ok("/modlog").text
    den.olga.refused(f"/retention {choice}", "exists")
    den.daemon.restart()
    olga = den.daemon.login("olga")
    assert kept in olga.ok("/in den /retention").text
    olga.ok("/in den /retention default")
    assert "10000 messages, for 90d" in olga.ok("/in den /retention").text


def test_only_the_owner(den):
    den.olga.ok("/op ben")
    den.ben.refused("/retention 5", "not-allowed")
    den.ben.refused("/retention off", "not-allowed")
    den.daemon.admin().ok("/in den /retention 5")
    den.daemon.guest("max").refused("/retention 5", "not-allowed")


@pytest.mark.parametrize("rest", [
    "0", "-1", "x", "5 5", "1d 1d", "1d 5", "59s", "0d", "off 5",
    "4294967296", "99999999999999999999", "5 1d 1d",
])
def test_what_cannot_be_read(den, rest):
    den.olga.refused(f"/retention {rest}", "usage")


@pytest.mark.parametrize("rest", ["10001", "91d", "5 91d", "10001 1d",
                                  "4294967295"])
def test_no_more_than_the_server(den, rest):
    text = den.olga.refused(f"/retention {rest}", "bad-input")
    assert "the last 10000 messages, for 90d" in text


def test_what_is_too_many_goes(den):
    talk(den.ben, 50)
    den.olga.ok("/retention 10")
    eventually(lambda: shown(den.olga) == [f"ben: line {i}"
                                           for i in range(41, 51)], "swept")


def test_off_forgets_at_once(den):
    talk(den.ben, 150)
    den.olga.ok("/retention off")
    den.ben.expect(r"^\[den\] -- olga set what is kept: nothing$")
    assert shown(den.ben) == []
    den.ben.ok("a secret")
    assert shown(den.ben) == []
    assert words(den.ben.ok("/search secret")) == []
    assert replayed(den.daemon, "cleo") == []
    answer = den.daemon.register("zoe").ok("/join den")
    assert "-- What is said in den is not kept." in answer.lines
    den.olga.ok("/retention default")
    den.ben.ok("now it is")
    assert shown(den.ben) == ["ben: now it is"]
    den.daemon.restart()
    ben = den.daemon.login("ben")
    assert shown(ben) == ["ben: now it is"]
    den.daemon.stop()
    assert not in_table(den.daemon, "line 1")
    assert not in_table(den.daemon, "a secret")
    result = den.daemon.offline("--verify")
    assert result.returncode == 0, result.stdout


def test_off_before_a_kill(den):
    talk(den.ben, 150)
    den.olga.ok("/retention off")
    den.daemon.kill()
    den.daemon.start()
    ben = den.daemon.login("ben")
    assert shown(ben) == []
    den.daemon.stop()
    assert not in_table(den.daemon, "line 1")
