"""The plugins that come with Rialto, in a daemon, with people in rooms."""

import os
import pathlib

import pytest

from joke_server import SYSTEM_CAS, JokeServer, ok, tls
from rialto import eventually, free_port, mounting

SOURCE = pathlib.Path(os.environ["RIALTO_SOURCE"])
BUNDLE = {tuple(line.split("\t"))
          for line in (SOURCE / "src/joke/jokes.txt").read_text().splitlines()
          if line and not line.startswith("#")}
POLL = {"name": "poll", "program": str(SOURCE / "contrib/plugins/poll.py"),
        "rooms": "all", "settings": {"greet": 0}}
OPEN = "/poll What shall we eat? | Pizza | Pasta"


def joke(**settings):
    return {"name": "joke", "program": "rialto-joke", "network": True,
            "settings": settings}


def with_plugins(daemon, *names):
    """The daemon once they are up."""
    for name in names or ("joke",):
        eventually(lambda: f"{name} (up" in daemon.ctl("plugins").stdout,
                   f"up: {name}")
    return daemon


@pytest.fixture
def house(start):
    """house(plugin…) is a daemon in which they are up."""
    return lambda *plugins: with_plugins(
        start(plugins=list(plugins)), *(p["name"] for p in plugins))


@pytest.fixture
def serve():
    """serve(answer) is a JokeServer that always says the same."""
    all = []

    def new(answer, **more):
        all.append(JokeServer(lambda *_: answer, **more))
        return all[-1]
    yield new
    for server in all:
        server.close()


def den(daemon, *names):
    people = [daemon.register(name) for name in names]
    for person in people:
        person.ok("/join den")
    for person in people:
        person.take()
    return people


def told(answer):
    """The joke in an answer, for the asker."""
    assert all(line.startswith("-- ") for line in answer.lines)
    return tuple(line[3:] for line in answer.lines)


def heard(person):
    """The joke that somebody else heard."""
    lines = person.take()
    assert all(line.startswith("[den] joke: ") for line in lines), lines
    return tuple(line.removeprefix("[den] joke: ") for line in lines)


@pytest.mark.parametrize("line", ["/joke", "get_joke", "/joke here"])
def test_a_joke_in_a_room_of_three(house, line):
    ben, cleo, dan = den(house(joke(url="none")), "ben", "cleo", "dan")
    joke_told = told(ben.ok(line))
    assert joke_told in BUNDLE
    assert heard(cleo) == heard(dan) == joke_told
    assert ben.take() == []


def test_a_joke_for_one_alone(house):
    ben, cleo = den(house(joke(url="none")), "ben", "cleo")
    assert told(ben.ok("/joke me")) in BUNDLE
    assert cleo.take() == []
    ben.ok("/leave")
    assert told(ben.ok("/joke")) in BUNDLE
    assert cleo.take() == ["[den] -- ben left"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_joke_of_a_server(house, serve, host):
    server = serve(ok({"setup": "Why?", "punchline": "Because."}))
    [ben] = den(house(joke(url=f"http://{host}:{server.port}/")), "ben")
    eventually(lambda: told(ben.ok("/joke me")) == ("Why?", "Because."),
               "told")


@pytest.mark.needs("mount")
def test_a_joke_of_a_server_over_tls(daemons, serve, made):
    """The cage of a plugin lets it see the CAs of the system."""
    server = serve(ok({"joke": "Ha."}), wrap=tls(made))
    daemon = daemons.new(plugins=[joke(
        url=f"https://localhost:{server.port}/")])
    daemon.under = [*mounting(), "sh", "-ec",
                    'mount --bind "$0" "$1"; shift; exec "$@"',
                    made / "tls/ca.crt", SYSTEM_CAS]
    ben = with_plugins(daemon.start()).register("ben")
    eventually(lambda: told(ben.ok("/joke me")) == ("Ha.",), "told")


def test_a_server_that_is_away_keeps_nobody_waiting(house):
    daemon = house(joke(url=f"http://127.0.0.1:{free_port()}/"))
    [ben] = den(daemon, "ben")
    assert told(ben.ok("get_joke")) in BUNDLE
    daemon.log.expect("no jokes from 127.0.0.1: ")
    assert told(ben.ok("get_joke")) in BUNDLE


def test_without_the_network_it_tells_its_own(house, serve):
    server = serve(ok({"joke": "Ha."}))
    daemon = house({**joke(url=server.url), "network": False})
    [ben] = den(daemon, "ben")
    daemon.log.expect("no jokes from 127.0.0.1: there is no "
                      "network; does the plugin have network: true?")
    assert told(ben.ok("get_joke")) in BUNDLE
    assert server.paths == []


def test_a_poll_outlives_the_daemon(house):
    daemon = house(POLL)
    ben, cleo = den(daemon, "ben", "cleo")
    asked = ("ben asks: What shall we eat?", "1. Pizza", "2. Pasta",
             "Say /vote N.")
    assert told(ben.ok(OPEN)) == asked
    assert cleo.take() == [f"[den] poll: {line}" for line in asked]
    assert told(ben.ok("/vote 1")) == ("You voted for Pizza.",)
    assert told(cleo.ok("/vote 1")) == ("You voted for Pizza.",)
    assert told(cleo.ok("/vote 2")) == ("You voted for Pasta.",)
    assert ben.take() == cleo.take() == []
    daemon.kill()
    with_plugins(daemon.start(), "poll")
    cleo = daemon.login("cleo")
    cleo.ok("/join den")
    assert told(cleo.ok("/poll")) == (
        "ben asks: What shall we eat? (2 votes)", "1. Pizza: 1", "2. Pasta: 1")
    cleo.refused("/poll close", "not-allowed")
    cleo.refused("/vote 3", "bad-input")
    ben = daemon.login("ben")
    ben.ok("/join den")
    cleo.take()
    ben.ok("/poll close")
    assert cleo.take()[0] == "[den] poll: The poll is closed."
    cleo.refused("/vote 1", "not-found")


def test_who_joins_is_told_of_the_poll(house):
    daemon = house(POLL)
    [ben] = den(daemon, "ben")
    ben.ok(OPEN)
    cleo = daemon.register("cleo")
    cleo.ok("/join den")
    for person in ben, cleo:
        person.expect(r"^\[den\] poll: cleo, a poll is open: /poll shows it")


def test_a_poll_speaks_for_nobody_who_may_not(house):
    daemon = house(POLL)
    ann, ben = den(daemon, "olga", "ben")
    ann.ok("/quiet ben")
    ben.refused("/poll Buy this | now | at once", "quieted")
    cleo = daemon.register("cleo")
    cleo.ok("/join den")
    ann.expect(r"^\[den\] poll: cleo, a poll is open")
    assert not [line for line in cleo.take() if "Buy" in line]


def test_guests_have_no_vote(house):
    daemon = house(POLL)
    [ben] = den(daemon, "ben")
    ben.ok(OPEN)
    zoe = daemon.guest("zoe")
    zoe.ok("/join den")
    zoe.refused("/vote 1", "not-allowed")
