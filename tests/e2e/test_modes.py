"""Modes of a room: who sets them, and what they keep from whom."""

import os
import re

import pytest



class Den:
    """Ben's den: ann is an administrator, cleo a user, zoe a guest."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.ben = daemon.register("ben")
        self.cleo = daemon.register("cleo")
        self.zoe = daemon.guest("zoe")
        self.ben.ok("/join den")
        self.hush()

    def hush(self):
        for machine in (self.ben, self.cleo, self.zoe):
            machine.take()

    def enter(self):
        for machine in (self.cleo, self.zoe):
            machine.ok("/join den")
        self.hush()
        return self


@pytest.fixture
def den(daemon):
    return Den(daemon)


def test_modes_in_letters_and_words(den):
    ben = den.ben
    assert ben.ok("/mode").text == "-- Modes of den: none."
    assert ben.ok("/mode +mtl 50").text == (
        "-- den: +lmt (limit 50, moderated, topic-locked)")
    assert ben.ok("/mode").text == (
        "-- Modes of den: +lmt moderated, topic-locked; limit 50")
    ben.ok("/mode slow 10s")
    ben.ok("/mode moderated off")
    assert ben.ok("/mode").text == (
        "-- Modes of den: +ltS topic-locked; limit 50, slow 10s")
    assert len(ben.ok("/mode help").lines) == 13


def test_the_room_is_told_but_never_the_key(den):
    den.enter()
    den.ben.ok("/mode +mk sesame")
    assert den.cleo.take() == ["[den] -- ben set +km (key, moderated)"]
    den.ben.ok("/mode -k")
    assert den.cleo.take() == ["[den] -- ben set -k (key)"]
    log = den.daemon.ctl("audit", "tail").stdout
    assert "sesame" not in log + den.daemon.log.text()


@pytest.mark.parametrize("change, code", [
    ("+q", "bad-input"), ("+l", "bad-input"), ("+l 0", "bad-input"),
    ("slow 2h", "bad-input"), ("slow -1s", "bad-input"),
    ("slow 99999999999999999999s", "bad-input"),
    ("key a,b", "bad-input"), ("key " + "x" * 65, "bad-input"),
    ("+m x", "bad-input"), ("moderated", "bad-input"), ("-m", "exists"),
])
def test_a_wrong_change_changes_nothing(den, change, code):
    den.ben.refused(f"/mode {change}", code)
    assert den.ben.ok("/mode").text == "-- Modes of den: none."


def test_only_ops_set_modes(den):
    den.enter()
    den.cleo.refused("/mode +m", "not-allowed")
    den.zoe.refused("/mode +m", "not-allowed")
    den.ben.ok("/op cleo")
    den.cleo.ok("/mode +m")


def test_who_set_a_mode_has_a_rank(den):
    with_rank = den.daemon.admin()
    with_rank.ok("/in den /mode +m")
    den.ben.refused("/mode -m", "rank")
    assert "+m" in den.ben.ok("/mode").text
    with_rank.ok("/in den /mode -m")


@pytest.mark.parametrize("change, line, user, guest", [
    ("+i", "/join den", "invite-only", "invite-only"),
    ("+k sesame", "/join den", "bad-key", "bad-key"),
    ("+k sesame", "/join den Sesame", "bad-key", "bad-key"),
    ("+k sesame", "/join den sesame", None, None),
    ("+l 1", "/join den", "room-full", "room-full"),
    ("+R", "/join den", None, "users-only"),
])
def test_the_door(den, change, line, user, guest):
    den.ben.ok(f"/mode {change}")
    for machine, code in ((den.cleo, user), (den.zoe, guest)):
        if code is None:
            machine.ok(line)
        else:
            machine.refused(line, code)
            machine.refused("/in den /who", "no-room")


@pytest.mark.parametrize("change, user, guest", [
    ("+m", "moderated", "moderated"),
    ("+M", None, "users-only"),
    ("+N 1h", "newcomer", "newcomer"),
    ("+mz", "held", "held"),
])
def test_speaking(den, change, user, guest):
    den.enter()
    den.ben.ok(f"/mode {change}")
    den.hush()
    for machine, name, code in ((den.cleo, "cleo", user),
                                (den.zoe, "zoe", guest)):
        if code is None:
            machine.ok("hello")
        else:
            machine.refused("hello", code)
        heard = [f"[den] {name}: hello"] if code is None else []
        if code == "held":
            heard = [f"[den] (held) {name}: hello"]
        assert den.ben.take() == heard
    den.ben.ok("ops speak")
    den.ben.ok("/voice cleo")
    den.cleo.ok("and the voiced")


def test_what_is_held_is_for_ops_alone(den):
    den.enter()
    den.ben.ok("/mode +mz")
    den.hush()
    den.zoe.refused("psst", "held")
    assert den.ben.take() == ["[den] (held) zoe: psst"]
    assert den.cleo.take() == []
    late = den.daemon.register("dora")
    late.ok("/join den")
    assert not any("psst" in line for line in late.events)


def test_slow_mode(den):
    den.enter()
    den.ben.ok("/mode slow 1h")
    den.cleo.ok("first")
    words = den.cleo.refused("second", "slow-mode")
    assert re.search(r"again in \d+m", words) or "again in 1h" in words
    den.cleo.ok("/leave")
    den.cleo.ok("/join den")
    den.cleo.refused("second", "slow-mode")
    # A guest goes by the address: another name makes nobody else of it.
    den.zoe.ok("first")
    den.zoe.ok("/leave")
    den.zoe.ok("/nick zara")
    den.zoe.ok("/join den")
    den.zoe.refused("second", "slow-mode")
    den.ben.ok("first")
    den.ben.ok("second")


def test_a_locked_topic(den):
    den.enter()
    den.cleo.ok("/topic tea")
    den.ben.ok("/mode +t")
    den.cleo.refused("/topic soup", "topic-locked")
    assert "tea" in den.zoe.ok("/topic").text
    den.ben.ok("/topic cake")


def test_a_secret_room(den):
    den.ben.ok("/mode +s")
    for machine in (den.cleo, den.zoe):
        assert "den" not in machine.ok("/rooms").text
        machine.refused("/who den", "no-such-room")
        machine.refused("/in den /who", "no-such-room")
        machine.refused("/leave den", "no-such-room")
    assert "den" not in den.cleo.ok("/whois ben").text
    assert "den" in den.ben.ok("/rooms").text
    assert "den" in den.daemon.ctl("rooms").stdout
    den.cleo.ok("/join den")
    assert "den" in den.cleo.ok("/whois ben").text
    den.cleo.ok("/who den")


def test_modes_survive_a_kill(den):
    den.ben.ok("/mode +mSk 10s sesame")
    den.daemon.kill()
    den.daemon.start()
    ben = den.daemon.login("ben")
    assert ben.ok("/in den /mode").text == (
        "-- Modes of den: +kmS moderated; key, slow 10s")
    cleo = den.daemon.login("cleo")
    cleo.refused("/join den", "bad-key")
    cleo.ok("/join den sesame")
    cleo.refused("hello", "moderated")


def test_the_console_sets_modes(den):
    assert den.daemon.ctl("in", "den", "/mode +m").stdout == (
        "den: +m (moderated)\n")
    assert den.ben.take() == [
        f"[den] -- console:{os.getuid()} set +m (moderated)"]
    den.ben.refused("/mode -m", "rank")


def test_topics_of_moderated_rooms(den):
    den.enter()
    den.ben.ok("/mode +m")
    den.cleo.refused("/topic mine", "moderated")
    assert den.ben.ok("/topic").text == "-- den has no topic."
    den.ben.ok("/voice cleo")
    den.cleo.ok("/topic mine")


def test_newcomers_set_no_topic(den):
    den.ben.ok("/mode +N 1h")
    den.enter()
    assert "you may speak in " in den.cleo.refused("/topic hear me",
                                                   "newcomer")
    den.ben.ok("/voice cleo")
    den.cleo.ok("/topic hear me")
