"""Addresses are shown to nobody but moderators: whatever happens, nobody else
ever receives one that is not their own.

Each comes from an address of its own in 127.0.0.0/8.
"""

import re

import pytest

from rialto import ADMIN, ADMIN_WORD, WORD

HOMES = {
    "ann": "127.5.0.1", "mel": "127.5.0.2", "olga": "127.5.0.3",
    "ben": "127.5.0.4", "zoe": "127.5.0.5", "troll": "127.5.0.6",
    "audrey": "127.5.0.7",
}
ANY = re.compile(rb"127\.5\.\d+\.\d+|127\.5\.0\.0/\d+")

# What those who are no moderators ask and do; PEER is everybody in turn.
QUESTIONS = [
    "/whois PEER", "/who", "/who den", "/rooms", "/sessions",
    "/sessions all", "/sessions end 1", "/mine", "/modlog",
    "/in den /modlog", "/modlog all", "/sanctions", "/in den /sanctions",
    "/samesite PEER", "/notes PEER", "/users", "/users show PEER",
    "/users export PEER", "/mydata", "/rooms show den", "/gbans", "/gmutes",
    "/lockdown", "/reports", "/status", "/audit tail", "/rules", "/motd",
    "/tell PEER hello", "/report PEER is rude", "/topic", "/mode", "/help",
    "/in den /ban --dry-run PEER", "/in den /ban --dry-run guest:*",
    "/in den /kick PEER", "/in den /quiet PEER 1s so",
]


@pytest.fixture
def house(daemon):
    """Everybody, in the lobby and in olga's den."""
    people = {}
    for name, home in HOMES.items():
        if name == "zoe" or name == "troll":
            people[name] = daemon.guest(name, source=home)
        elif name == ADMIN:
            people[name] = daemon.login(name, ADMIN_WORD, source=home)
        else:
            people[name] = daemon.register(name, source=home)
    for name, role in (("mel", "moderator"), ("audrey", "auditor")):
        people[ADMIN].ok(f"/users role {name} +{role}")
        people[name].close()
        people[name] = daemon.login(name, source=HOMES[name])
    for name in ("olga", "mel", "ben", "zoe", "troll"):
        people[name].ok("/join den")
    return people


def evening(people):
    """Acts whose records have addresses in them."""
    mel, ann, olga = people["mel"], people[ADMIN], people["olga"]
    far = HOMES["troll"]
    for machine, line in (
            (olga, "/in den /ban guest:nobody 1h so"),
            (mel, "/in den /quiet troll 1h so"),
            (mel, f"/in den /ban *!*@{far} 1h so"),
            (people["ben"], "/join den"),
            (mel, "/in den /kick ben so"),
            (mel, f"/gmute {far} 1h noise"),
            (mel, "/note ben from there"),
            (mel, "/samesite troll"),
            (ann, "/broadcast hello"),
            (ann, "/users rename ben benno"),
            (ann, "/users rename benno ben"),
            (mel, "/lockdown 1h"),
            (mel, "/lockdown off"),
            (mel, f"/gban {far} 1h trolling"),
            (mel, "/close den so"),
            (mel, "/reopen den")):
        machine.ok(line)


def ask_everything(machine):
    for line in QUESTIONS:
        for peer in HOMES if "PEER" in line else ("",):
            machine.command(line.replace("PEER", peer))


def strays(machine, name):
    """Addresses it has received that are not its own."""
    got = b"".join(machine.seen)
    return sorted({found.decode() for found in ANY.findall(got)}
                  - {HOMES[name]})


def test_only_moderators_receive_addresses(daemon, house):
    for name in ("ben", "zoe", "olga"):
        ask_everything(house[name])
    evening(house)
    house["troll"].rest()
    stranger = daemon.machine(source=HOMES["troll"])
    stranger.command("/guest trollina")
    stranger.command(f"/register trollina {WORD}")
    again = {name: daemon.login(name, source=HOMES[name])
             for name in ("ben", "olga")}
    again["olga"].ok("/join den")
    for name, machine in again.items():
        ask_everything(machine)
    for name in ("ben", "zoe", "olga"):
        house[name].fence()
        ask_everything(house[name])
        house[name].send("/quit\n")
        house[name].rest()
    for name, machine in (list(again.items()) + list(house.items())
                          + [("troll", stranger)]):
        if name not in ("mel", "audrey", ADMIN):
            assert strays(machine, name) == [], name
    # That there was something to be seen.
    assert HOMES["troll"] in strays(house["mel"], "mel")


def test_a_cloak_stands_for_an_address(daemon, house):
    """Ops ban without being told whom."""
    olga = house["olga"]
    olga.ok("/in den /ban troll 1h so")
    house["mel"].ok("/in den /ban zoe 1h so")
    olga.ok("/in den /sanctions")
    olga.ok("/in den /modlog")
    assert strays(olga, "olga") == []
    for name in ("ben", "troll", "zoe"):
        house[name].fence()
        assert strays(house[name], name) == []
