"""Who owns a room, is an op or voiced in it, and that it stays so."""

import re

import pytest

from rialto import ADMIN

SHAPE = re.compile(r"#\d+ \d{4}-\d\d-\d\d \d\d:\d\d ")


class Den:
    """Olga's room, with ben, cleo and the guest zoe in it."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.names = ["olga", "ben", "cleo"]
        for name in self.names:
            daemon.register(name)
        self.admin = daemon.admin()
        self.come()

    def come(self):
        self.olga, self.ben, self.cleo = map(self.daemon.login, self.names)
        self.zoe = self.daemon.guest("zoe")
        self.all = [self.olga, self.ben, self.cleo, self.zoe]
        for machine in self.all:
            machine.ok("/join den")
        for machine in self.all:
            machine.take()

    def restart(self, kill=False):
        if kill:
            self.daemon.kill()
            self.daemon.start()
        else:
            self.daemon.restart()
        self.admin = self.daemon.admin()
        self.come()

    def ranks(self):
        return {name: rank for name, rank in re.findall(
            r"(\w+) \((\w+)\)", self.olga.ok("/who den").text)}


@pytest.fixture
def den(daemon):
    return Den(daemon)


def modlog(machine, command="/modlog"):
    """The acts, without number and time."""
    return [SHAPE.sub("", line[3:]) for line in machine.ok(command).lines]


def mine(machine):
    return [line[3:] for line in machine.ok("/mine").lines]


def test_an_op_is_made_and_unmade(den):
    assert den.olga.ok("/op ben").text == "-- ben is an op in den now."
    for machine in den.all:
        assert machine.take() == ["[den] -- olga made ben an op"]
    assert mine(den.ben) == ["den: op"]
    assert den.olga.ok("/deop ben").text == "-- ben is not an op in den any more."
    assert den.zoe.take() == ["[den] -- olga made ben a plain member"]
    assert mine(den.ben) == ["You have no rights in any room."]


def test_people_at_a_keyboard_see_it(den):
    dan = den.daemon.person()
    dan.expect("username: ")
    dan.type("/guest dan")
    dan.type("/join den")
    dan.expect("den: ")
    den.olga.ok("/op ben")
    dan.expect(r"^\[den\] -- olga made ben an op$")
    den.olga.ok("/owner ben")
    dan.expect(r"^\[den\] -- olga made ben the owner$")


def test_one_elsewhere_hears_of_it_as_well(den):
    den.ben.ok("/leave den")
    den.ben.take()
    den.olga.ok("/op ben")
    assert den.ben.take() == ["~~ olga made you an op in den."]


def test_voices(den):
    den.olga.ok("/op ben")
    assert den.ben.ok("/voice cleo").text == "-- cleo is voiced in den now."
    assert den.zoe.take()[-1] == "[den] -- ben made cleo voiced"
    den.cleo.refused("/voice ben", "not-allowed")
    den.ben.ok("/devoice cleo")
    assert mine(den.cleo) == ["You have no rights in any room."]


# Who, what, the code, and words that must be in the refusal.
REFUSALS = [
    ("ben", "/op cleo", "not-allowed", "Only the owner of den"),
    ("ben", "/op ben", "not-allowed", "Only the owner of den"),
    ("ben", "/voice cleo", "not-allowed", "Only the ops of den"),
    ("ben", "/deop olga", "not-allowed", "Only the owner of den"),
    ("ben", "/owner ben", "not-allowed", "for the owner of den"),
    ("ben", "/successor ben", "not-allowed", "for the owner of den"),
    ("ben", "/successor -", "not-allowed", "for the owner of den"),
    ("ben", "/successor", "not-allowed", "for the owner of den"),
    ("ben", "/mode +m", "not-allowed", "for ops of den and above"),
    ("ben", "/ban zoe", "not-allowed", "for ops of den and above"),
    ("ben", "/sanctions", "not-allowed", "for ops of den and above"),
    ("zoe", "/op zoe", "not-allowed", "users with a login"),
    ("zoe", "/owner zoe", "not-allowed", "users with a login"),
    ("zoe", "/mine", "not-allowed", "users with a login"),
    ("olga", "/op zoe", "no-such-user", "zoe is no user"),
    ("olga", "/op nobody", "no-such-user", "nobody is no user"),
    ("olga", "/op no.name", "bad-name", "ASCII letter"),
    ("olga", "/op", "usage", "/op USER"),
    ("olga", "/op ben cleo", "usage", "/op USER"),
    ("olga", "/op olga", "exists", "olga is the owner of den already"),
    ("olga", "/deop olga", "exists", "olga is not an op in den"),
    ("olga", "/deop ben", "exists", "ben is not an op in den"),
    ("olga", "/devoice ben", "exists", "ben is not voiced in den"),
    ("olga", "/owner olga", "exists", "olga owns the room already"),
    ("olga", "/successor olga", "exists", "olga owns the room already"),
    ("olga", "/in lobby /op ben", "not-allowed", "Only the owner of lobby"),
]


def test_refusals_have_words_and_no_effect(den):
    before = den.ranks()
    for who, line, code, words in REFUSALS:
        assert words in getattr(den, who).refused(line, code), line
    for machine in den.all:
        assert machine.take() == []
    assert den.ranks() == before
    assert modlog(den.olga) == ["There are no such acts."]


def test_nobody_falls_by_accident(den):
    den.olga.ok("/op ben")
    den.olga.refused("/voice ben", "exists")
    den.olga.refused("/devoice ben", "exists")
    assert mine(den.ben) == ["den: op"]
    den.ben.ok("/deop ben")  # on purpose
    assert mine(den.ben) == ["You have no rights in any room."]


def test_what_a_rank_did_only_that_rank_undoes(den):
    den.admin.ok("/in den /op ben")
    text = den.olga.refused("/deop ben", "rank")
    assert text == "!! rank ben was made an op by a higher rank (admin)."
    assert mine(den.ben) == ["den: op"]
    den.admin.ok("/in den /deop ben")
    assert mine(den.ben) == ["You have no rights in any room."]


def test_without_a_room_the_words_say_how(den):
    den.olga.ok("/leave")
    assert "/in ROOM /op" in den.olga.refused("/op ben", "no-room")
    den.olga.ok("/in den /op ben")
    assert mine(den.ben) == ["den: op"]
    den.zoe.ok("/leave")
    den.zoe.refused("/in den /who", "no-room")


def test_the_console_acts_in_rooms(den):
    assert den.daemon.ctl("in", "den", "/op", "ben").returncode == 0
    assert re.fullmatch(r"\[den\] -- console:\d+ made ben an op",
                        den.zoe.take()[0])
    result = den.daemon.ctl("op", "ben")
    assert result.returncode == 1
    assert "/in ROOM /op" in result.stderr


def test_a_room_changes_hands(den):
    assert den.olga.ok("/owner ben").text == "-- ben owns den now."
    assert den.zoe.take() == ["[den] -- olga made ben the owner"]
    assert mine(den.olga) == ["den: op"]
    den.olga.refused("/owner olga", "not-allowed")
    den.ben.ok("/op cleo")
    den.ben.ok("/deop olga")
    assert den.ranks() == {"ben": "owner", "cleo": "op"}


def test_the_successor_is_shown(den):
    none = den.olga.ok("/successor").text
    assert none.startswith("-- den has no successor: ")
    named = den.olga.ok("/successor cleo").text
    assert named == "-- cleo will own den if its owner's login is removed."
    assert den.olga.ok("/successor").text == named
    den.admin.ok("/users rename cleo clio")
    assert den.olga.ok("/successor").text == named.replace("cleo", "clio")
    assert den.olga.ok("/successor -").text == none
    assert den.olga.ok("/successor").text == none


def test_mine_says_everything(den):
    den.admin.ok("/users role cleo +moderator")
    cleo = den.daemon.login("cleo")
    den.olga.ok("/op cleo")
    den.olga.ok("/successor cleo")
    cleo.ok("/join attic")
    assert mine(cleo) == ["everywhere: moderator", "attic: owner", "den: op",
                          "den: successor"]


@pytest.mark.parametrize("kill", [False, True], ids=["restart", "kill"])
def test_rights_survive(den, kill):
    den.olga.ok("/op ben")
    den.olga.ok("/voice cleo")
    den.olga.ok("/successor cleo")
    before = den.olga.ok("/modlog").lines
    den.restart(kill)
    assert den.ranks() == {"olga": "owner", "ben": "op", "cleo": "voiced"}
    assert mine(den.ben) == ["den: op"]
    assert mine(den.cleo) == ["den: voiced", "den: successor"]
    assert den.olga.ok("/modlog").lines == before
    den.olga.ok("/deop ben")
    den.restart(kill)
    assert mine(den.ben) == ["You have no rights in any room."]


def test_a_removed_owner_is_succeeded(den):
    den.olga.ok("/op ben")
    den.olga.ok("/successor cleo")
    den.admin.ok("/users remove olga")
    den.zoe.expect(rf"^\[den\] -- {ADMIN} made cleo the owner$")
    assert mine(den.cleo) == ["den: owner"]
    den.admin.ok("/users remove cleo")
    assert mine(den.ben) == ["den: owner"]
    den.admin.ok("/users remove ben")
    den.daemon.restart()
    # Nobody gets it by being there, nor by the name of who had it.
    for name in ("olga", "zoe2"):
        machine = den.daemon.register(name)
        machine.ok("/join den")
        machine.refused("/op olga", "not-allowed")
        assert mine(machine) == ["You have no rights in any room."]
    den.daemon.admin().ok("/in den /owner zoe2")
    assert mine(machine) == ["den: owner"]


def test_a_renamed_owner_stays_it(den):
    den.olga.ok("/op ben")
    den.admin.ok("/users rename olga helga")
    den.admin.ok("/users rename ben bernard")
    assert mine(den.olga) == ["den: owner"]
    assert mine(den.ben) == ["den: op"]
    den.daemon.register("ben").refused("/in den /voice cleo", "no-room")
    den.names = ["helga", "bernard", "cleo"]
    den.restart()
    assert den.ranks() == {"helga": "owner", "bernard": "op"}


def test_an_empty_room_is_not_to_be_had(den):
    for machine in den.all:
        machine.ok("/leave den")
    troll = den.daemon.register("troll")
    troll.ok("/join den")
    assert mine(troll) == ["You have no rights in any room."]
    troll.refused("/op troll", "not-allowed")
    den.daemon.kill()
    den.daemon.start()
    troll = den.daemon.login("troll")
    troll.refused("/owner troll", "not-allowed")
    den.daemon.login("olga").ok("/in den /op ben")


def test_a_guest_does_not_get_the_name_of_an_owner(den):
    den.olga.ok("/quit")
    den.daemon.kill()
    den.daemon.start()
    guest = den.daemon.machine()
    guest.refused("/guest olga", "name-taken")
    guest.ok("/guest troll")
    guest.refused("/nick Olga", "name-taken")
    guest.ok("/join den")
    guest.refused("/op troll", "not-allowed")


def test_the_moderation_log(den):
    den.olga.ok("/op ben")
    den.ben.ok("/voice cleo")
    den.olga.ok("/successor -")
    assert modlog(den.ben) == ["olga rank ben: op", "ben rank cleo: voiced",
                               "olga successor nobody"]
    assert den.ben.ok("/modlog").lines[1].startswith("-- #2 2")
    assert modlog(den.ben, "/modlog 1") == ["olga successor nobody",
                                            "Older ones: /modlog before 3"]
    assert modlog(den.ben, "/modlog before 3 1") == [
        "ben rank cleo: voiced", "Older ones: /modlog before 2"]
    assert modlog(den.ben, "/modlog before 2") == ["olga rank ben: op"]
    for words in ("x", "0", "-1", "before", "before x", "1 2", "before 1 2 3"):
        den.ben.refused("/modlog " + words, "usage")
    assert "for its ops" in den.cleo.refused("/modlog", "not-allowed")
    den.zoe.refused("/modlog", "not-allowed")
    den.ben.refused("/modlog all", "not-allowed")


def test_auditors_read_and_moderators_as_well(den):
    den.olga.ok("/op ben")
    den.admin.ok("/users role cleo +auditor")
    cleo = den.daemon.login("cleo")
    cleo.ok("/leave den")
    assert modlog(cleo, "/in den /modlog") == ["olga rank ben: op"]
    cleo.ok("/modlog all")
    cleo.refused("/in den /op cleo", "not-allowed")
    assert modlog(den.admin, "/in den /modlog") == ["olga rank ben: op"]
