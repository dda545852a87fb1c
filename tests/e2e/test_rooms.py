"""Rooms and what is said in them, as several people see it."""

import re

import pytest

from rialto import ADMIN, WORD


class Party:
    """Two users and a guest, in the lobby."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.ben = daemon.register("ben")
        self.cleo = daemon.register("cleo")
        self.zoe = daemon.guest("zoe")
        self.all = [self.ben, self.cleo, self.zoe]
        self.hush()

    def hush(self):
        """What has happened is known to all."""
        for machine in self.all:
            machine.take()

    def meet(self):
        """All three in a room that ben owns."""
        for machine in self.all:
            machine.ok("/join den")
        self.hush()
        return self


@pytest.fixture
def party(daemon):
    return Party(daemon)


@pytest.fixture
def den(party):
    return party.meet()


def test_everybody_comes_into_the_default_room(start):
    daemon = start(chat={"default_room": "foyer"})
    ben = daemon.machine()
    assert ben.ok(f"/register ben {WORD}").lines == [
        "-- Welcome, ben.", "-- foyer has no topic.", "-- foyer: ben"]
    ben.ok("anybody?")
    zoe = daemon.machine()
    zoe.ok("/guest zoe")
    assert re.fullmatch(r"\[foyer\] \d\d:\d\d ben: anybody\?", zoe.events[-1])


def test_joining_tells_topic_people_and_replay(party):
    ben, cleo = party.ben, party.cleo
    assert ben.ok("/join den").lines == [
        "-- den has no topic.", "-- den: ben (owner)"]
    ben.ok("first")
    ben.ok(";grins")
    ben.ok("/topic Pizza on Friday")
    answer = cleo.ok("/join den")
    assert re.fullmatch(
        r"-- Topic of den: Pizza on Friday \(ben, "
        r"\d{4}-\d\d-\d\d \d\d:\d\d\)", answer.lines[0])
    assert answer.lines[1:] == ["-- den: ben (owner), cleo"]
    replay = [re.sub(r"\d\d:\d\d", "HH:MM", line) for line in cleo.events]
    assert replay == ["[den] HH:MM ben: first",
                      "[den] HH:MM * ben grins"]
    assert ben.take() == ["[den] -- cleo joined"]


def test_joining_twice_succeeds_and_is_told_once(den):
    answer = den.cleo.ok("/join DEN")
    assert answer.lines[0] == "-- den has no topic."
    assert den.ben.take() == []


@pytest.mark.parametrize("name", ["1st", "umläut", "x" * 33, "a.b"])
def test_rooms_have_names_within_the_rule(party, name):
    party.ben.refused(f"/join {name}", "bad-name")


def test_guests_make_no_rooms(party):
    assert "only users" in party.zoe.refused("/join fresh", "no-such-room")


def test_leaving(den):
    ben, cleo = den.ben, den.cleo
    assert cleo.ok("/leave").text == "-- You have left den."
    assert ben.take() == ["[den] -- cleo left"]
    cleo.refused("hello?", "no-room")
    cleo.refused(";waves", "no-room")
    cleo.refused("/who", "no-room")
    cleo.refused("/topic", "no-room")
    cleo.refused("/leave", "no-room")
    cleo.refused("/leave den", "no-room")
    cleo.refused("/leave nowhere", "no-such-room")
    ben.ok("she is gone")
    assert cleo.take() == []


def test_leaving_another_room_keeps_the_current_one(den):
    den.cleo.ok("/leave lobby")
    den.cleo.ok("still in the den")
    den.ben.expect(r"^\[den\] cleo: still in the den$")


def test_words_reach_everybody_but_the_one_who_spoke(den):
    second = den.daemon.login("ben")
    second.take()
    den.ben.ok("hello all")
    line = "[den] ben: hello all"
    assert den.cleo.take() == [line]
    assert den.zoe.take() == [line]
    assert second.take() == [line]
    assert den.ben.take() == []


def test_somebody_outside_hears_nothing(party):
    party.ben.ok("/join den")
    party.ben.ok("a secret")
    assert party.cleo.take() == []
    assert party.zoe.take() == []


# What is typed, and what the others see of it.
SPOKEN = [
    ("hello", "{}: hello"),
    ("/say hello  there", "{}: hello  there"),
    ("/SAY hello", "{}: hello"),
    ("/me waves", "* {} waves"),
    (";waves at all", "* {} waves at all"),
    (";Äh", "{}: ;Äh"),  # a letter is an ASCII letter
    (";)", "{}: ;)"),
    ("; well", "{}: ; well"),
    (";", "{}: ;"),
    ("//join is a command", "{}: /join is a command"),
    ("///", "{}: //"),
    ("...", "{}: ..."),
    ("... you know", "{}: ... you know"),
    (".", "{}: ."),
    (".nobody", "{}: .nobody"),
    (". who said that", "{}: . who said that"),
    (".1st is no name", "{}: .1st is no name"),
    (" two leading blanks", "{}:  two leading blanks"),
    ("Grüße, 世界 🎉", "{}: Grüße, 世界 🎉"),
    ("== ok", "{}: == ok"),
    ("x" * 4000, "{}: " + "x" * 4000),
]


@pytest.mark.parametrize("typed, seen", SPOKEN,
                         ids=[typed[:12] for typed, _ in SPOKEN])
def test_what_is_said(den, typed, seen):
    den.ben.ok(typed)
    assert den.cleo.take() == ["[den] " + seen.format("ben")]


def test_an_empty_line_says_nothing(den):
    den.ben.ok("")
    assert den.cleo.take() == []


def test_telling_one_person(den):
    ben, cleo, zoe = den.all
    second = den.daemon.login("ben")
    second.take()
    ben.ok("/tell CLEO psst")
    assert cleo.take() == ["ben -> you: psst"]
    assert second.take() == ["you -> cleo: psst"]
    assert ben.take() == zoe.take() == []
    cleo.ok(".zoe and you?  Well?")
    assert zoe.take() == ["cleo -> you: and you?  Well?"]
    zoe.ok("/reply I am fine")
    assert cleo.take() == ["zoe -> you: I am fine"]
    ben.refused("/reply hm", "not-found")
    ben.refused("/tell nobody hello", "no-such-user")
    ben.refused("/tell no.name hello", "no-such-user")
    ben.refused("/tell cleo", "usage")
    ben.refused(".nobody hello", "no-such-user")


def test_being_away(den):
    ben, cleo = den.ben, den.cleo
    cleo.ok("/away getting pizza")
    ben.ok("/whois cleo")
    assert "; away: cleo" in ben.ok("/who").text
    answer = ben.ok("/tell cleo hurry")
    assert answer.text == "-- cleo is away: getting pizza"
    assert cleo.take() == ["ben -> you: hurry"]
    assert re.search(r"^-- Away, idle \d+s: getting pizza$",
                     ben.ok("/whois cleo").text, re.M)
    cleo.ok("/away")
    assert ben.ok("/tell cleo ah").lines == []
    assert "away" not in ben.ok("/who").text


def test_who(den):
    here = "-- den: ben (owner), cleo, zoe"
    assert den.ben.ok("/who").text == here
    assert den.cleo.ok("/who den").text == here
    den.cleo.ok("/leave")
    assert den.cleo.ok("/who den").text == "-- den: ben (owner), zoe"
    den.ben.refused("/who nowhere", "no-such-room")


def test_rooms(den):
    assert "-- den 3 here" in den.ben.ok("/rooms").lines
    den.ben.ok("/topic Pizza, again")
    den.zoe.ok("/leave")
    assert "-- den 2 here, Pizza, again" in den.zoe.ok("/rooms").lines


def test_the_topic(den):
    ben, cleo, zoe = den.all
    assert ben.ok("/topic").text == "-- den has no topic."
    answer = cleo.ok("/topic Cards  tonight")
    told = r"-- Topic of den: Cards  tonight \(cleo, .*\)"
    assert re.fullmatch(told, answer.text)
    assert ben.take() == ["[den] -- cleo set the topic: Cards  tonight"]
    assert re.fullmatch(told, ben.ok("/topic").text)
    zoe.refused("/topic mine", "users-only")
    ben.refused("/topic " + "x" * 2000, "bad-input")
    assert re.fullmatch(told, ben.ok("/topic").text)
    cleo.take()
    assert ben.ok("/topic -").text == "-- den has no topic."
    assert cleo.take() == ["[den] -- ben took the topic away"]


def test_whois(den):
    ben, cleo = den.ben, den.cleo
    lines = ben.ok("/whois cleo").lines
    assert lines[:2] == ["-- cleo: user", "-- Here, idle 0s."]
    assert re.fullmatch(r"-- From (?:[a-z2-7]{8}\.){3}cloak\.", lines[2])
    assert lines[3:] == ["-- Rooms in common: lobby, den"]
    assert ben.ok("/whois zoe").lines[0] == "-- zoe is a guest."
    ben.refused("/whois nobody", "no-such-user")
    ben.refused("/whois no.name", "bad-name")
    assert "127.0.0.1" not in ben.ok("/whois cleo").text
    admin = den.daemon.admin()
    admin.ok("/users role ben +moderator")
    assert den.daemon.login("ben").ok("/whois ben").lines[0] == \
        "-- ben: moderator"
    assert re.search(r"^-- Session #\d+ from 127\.0\.0\.1\.$",
                     admin.ok("/whois cleo").text, re.M)
    admin.close()


def test_whois_of_a_user_who_is_not_here(shared):
    shared.register("absent").ok("/quit")
    zoe = shared.guest("whoever")
    assert re.fullmatch(r"-- absent: user\n-- Not here\. Last login .*\.",
                        zoe.ok("/whois absent").text)


def test_guests_change_their_names(den):
    zoe, ben = den.zoe, den.ben
    fresh = "zoe2"
    assert zoe.ok(f"/nick {fresh}").text == f"-- You are {fresh} now."
    assert ben.take() == [f"[{room}] -- zoe is {fresh} now"
                          for room in ("lobby", "den")]
    zoe.ok("it is me")
    ben.expect(rf"^\[den\] {fresh}: it is me$")
    ben.ok(f"/tell {fresh} hello")
    ben.refused("/tell zoe hello", "no-such-user")
    zoe.refused(f"/nick {ADMIN}", "name-taken")
    zoe.refused("/nick cleo", "name-taken")
    zoe.refused("/nick no.name", "bad-name")
    zoe.ok(f"/nick {fresh.upper()}")
    ben.refused("/nick other", "not-allowed")


def test_help(den):
    lines = den.ben.ok("/help").lines
    assert all(re.match(r"-- /[a-z]+", line) for line in lines)
    verbs = {re.match(r"-- /([a-z]+)", line)[1] for line in lines}
    assert {"join", "leave", "rooms", "who", "topic", "say", "me", "tell",
            "reply", "whois", "away", "nick", "help", "quit", "sessions",
            "passwd", "login", "register", "guest", "mode"} <= verbs
    assert not {"users", "stop", "reload", "backup"} & verbs
    assert den.ben.ok("/help join").text.startswith("-- /join ROOM ")
    assert den.ben.ok("/help /join").text == den.ben.ok("/help join").text
    den.ben.refused("/help nonsense", "not-found")
    admin = den.daemon.admin()
    assert "-- /users" in admin.ok("/help").text
    shown = admin.ok("/help").lines + den.daemon.machine().ok("/help").lines
    assert [line for line in shown if len(line) > 80] == []
    admin.close()


@pytest.mark.parametrize("verb, words", [
    ("ban", ["--dry-run changes nothing", "MASK: user:NAME", "DURATION: 30s"]),
    ("admit", ["MASK: user:NAME", "DURATION: 30s"]),
    ("kick", []),
    ("gmute", ["NETWORK: ", "DURATION: 30s"]),
    ("lockdown", ["DURATION: 30s"]),
    ("users role", ["ROLE: moderator, "]),
    ("filter", ["hold shows", "glob fits", "TERM: "]),
])
def test_help_about_a_command_says_what_its_words_mean(den, verb, words):
    lines = den.daemon.admin().ok(f"/help {verb}").lines
    about = [line for line in lines if not line.startswith("-- /")]
    assert len(about) == len(words)
    assert all(line.startswith(f"-- {word}")
               for line, word in zip(about, words))
    assert all(len(line) <= 80 for line in lines)


def test_a_user_owns_only_so_many_rooms(start):
    daemon = start(chat={"rooms_per_user": 2})
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    ben.ok("/join one")
    ben.ok("/join two")
    ben.refused("/join three", "room-limit")
    cleo.ok("/join three")
    ben.ok("/join three")  # entering is not owning


def test_all_sessions_of_a_user_see_the_same(den):
    second = den.daemon.machine()
    second.ok(f"/login ben {WORD}")
    assert den.cleo.take() == []  # the person was there already
    second.take()
    den.cleo.ok("for both of you")
    line = "[den] cleo: for both of you"
    assert den.ben.take() == second.take() == [line]
    second.ok("/join den")
    second.ok("from the second")
    line = "[den] ben: from the second"
    assert den.cleo.take() == den.ben.take() == [line]
    second.ok("/quit")
    second.rest()
    assert den.cleo.take() == []  # the first one is still there


def test_joining_in_one_session_is_joining_in_all(party):
    second = party.daemon.login("ben")
    party.ben.ok("/join den")
    second.expect(r"^~~ den has no topic\.$")
    second.expect(r"^~~ den: ben \(owner\)$")
    party.cleo.ok("/join den")
    party.cleo.ok("hi")
    second.expect(r"^\[den\] cleo: hi$")
    party.ben.ok("/leave den")
    party.cleo.ok("gone?")
    assert not any("gone?" in line for line in second.take())


def test_a_lost_connection_is_told_once_per_room(den):
    den.zoe.vanish()
    lost = "-- zoe left (connection lost)"
    for room in ("lobby", "den"):
        den.ben.expect("^" + re.escape(f"[{room}] {lost}") + "$")
    assert not any("left" in line for line in den.ben.take())


def test_a_parting_person_is_told_once(den):
    den.zoe.ok("/quit so long")
    den.zoe.rest()
    for room in ("lobby", "den"):
        den.ben.expect(rf"^\[{room}\] -- zoe left$")
    assert not any("left" in line for line in den.ben.take())


def test_the_replay_has_the_last_hundred_lines(start):
    daemon = start()
    ben, zoe = daemon.register("ben"), daemon.machine()
    ben.ok("/join den")
    for number in range(105):
        ben.ok(f"line {number}")
    zoe.ok("/guest zoe")
    zoe.take()
    zoe.ok("/join den")
    assert [re.sub(r" \d\d:\d\d ", " ", line) for line in zoe.take()] == [
        f"[den] ben: line {number}" for number in range(5, 105)]


def test_the_replay_can_be_shorter_or_off(start):
    daemon = start(chat={"replay": 0})
    daemon.register("ben").ok("not for later")
    zoe = daemon.machine()
    zoe.ok("/guest zoe")
    assert zoe.take() == []


def test_many_who_come_at_once_are_told_together(start):
    daemon = start()
    ben = daemon.register("ben")
    crowd = [daemon.machine() for _ in range(40)]
    for number, machine in enumerate(crowd):
        machine.send(f"/guest guest-{number}\n")
    for machine in crowd:
        assert machine.answer().code == "ok"
    told = set()
    lines = 0
    while len(told) < 40:
        match = ben.expect(r"^\[lobby\] -- (.*) joined$")
        lines += 1
        others = re.search(r" and (\d+) others?$", match[1])
        told.update(re.findall(r"guest-\d+", match[1]))
        if others:
            told.update(f"other {lines} {n}" for n in range(int(others[1])))
    assert len(told) == 40
    assert lines < 40


def test_rooms_and_memberships_survive_a_restart(start):
    daemon = start()
    ben = daemon.register("ben")
    daemon.register("cleo").ok("/join den")
    ben.ok("/join den")
    ben.ok("/topic Still here")
    ben.ok("/join attic")
    ben.ok("/join cellar")
    ben.ok("/leave attic")
    daemon.restart()
    ben = daemon.machine()
    answer = ben.ok(f"/login ben {WORD}")
    rooms = re.findall(r"^-- (\S+): .*ben", answer.text, re.M)
    assert rooms == ["cellar", "den", "lobby"]
    assert "-- Topic of den: Still here (ben, " in answer.text
    assert "-- den: ben" in answer.text
    cleo = daemon.login("cleo")
    assert "-- den: ben, cleo (owner)" == cleo.ok("/who den").text
    assert "-- attic 0 here" in cleo.ok("/rooms").lines


def test_rooms_live_on_without_their_people(start):
    daemon = start()
    ben = daemon.register("ben")
    ben.ok("/join den")
    ben.ok("/quit")
    ben.rest()
    zoe = daemon.guest("zoe")
    zoe.ok("/join den")
    assert zoe.ok("/who").text == "-- den: zoe"
