"""What a core of the client does not hold: keys, passwords, codes, requests.

Each test first finds in the client's memory what it then misses there.
"""

import json
import os
import pathlib
import subprocess
import threading
import time
import uuid

import pytest

from authenticator import Clock, enrol
from fake_server import make_certificate
from memory import search_client
from relay import TalkingRelay
from rialto import RIALTO, deadline
from terminal import PATIENCE, Terminal
from test_atm_wiped import keys_of

SECRET = "Qu5-Zebra-Lantern-1"
OTHER = "Xi7-Gecko-Pillow-22"


def secret(word):
    """A text that is short: as it ends in C, and as it stands in JSON."""
    return {word: word.encode() + b"\0", f"{word} in JSON":
            f'"{word}"'.encode()}


def is_gone(pid, needles):
    """It may take a moment until it has done all with them."""
    until = deadline()
    while left := search_client(pid, needles):
        assert time.monotonic() < until, left


def keys_of_client(relay):
    found = {}
    for number, end in enumerate(relay.ends):
        for name, key in keys_of(end).items():
            # What the server opens, the client seals.
            name = name.replace("response", "seals").replace("request",
                                                             "opens")
            found[f"{number} {name}"] = key
    return found


@pytest.fixture
def clock(daemons):
    return Clock(pathlib.Path(daemons.space))


@pytest.fixture
def daemon(daemons, clock):
    return daemons.new(
        users={"lockout": "none"},
        bank={"second_factor_above": "5.00"}).start(env=clock.env)


@pytest.fixture
def home(tmp_path):
    return {"XDG_STATE_HOME": str(tmp_path / "state"),
            "XDG_DATA_HOME": str(tmp_path / "data"), "TZ": "UTC"}


@pytest.fixture
def relay(daemon, tmp_path):
    """Who sits between knows the keys."""
    made = TalkingRelay(daemon.atm_port, make_certificate(tmp_path))
    made.ca = tmp_path / "fake.crt"
    yield made
    made.stop()


@pytest.fixture
def terminal(home):
    made = []

    def begin(*words):
        made.append(Terminal(RIALTO, *words, env=home, columns=80, rows=24))
        return made[-1]

    yield begin
    for one in made:
        one.close()


def test_the_machine(daemon, clock, relay, terminal):
    daemon.atm().ok("signup", user="ben", password=SECRET)
    phone, sheet = enrol(clock, daemon.login("ben", SECRET), SECRET)
    atm = terminal("atm", "--accept-new", "--ca", relay.ca,
                   f"localhost:{relay.port}")
    needles = secret(SECRET)

    def code(value):
        needles.update(secret(value))
        atm.until_last("Code:")
        atm.enter(value)

    atm.until_last("Press a key:")
    atm.type(" ")
    atm.until_last("Name:")
    atm.enter("ben")
    atm.until_last("Password:")
    atm.enter("not this one")
    atm.until("2 attempts left")
    atm.until_last("Name:")
    is_gone(atm.child.pid, secret("not this one"))
    atm.enter("ben")
    atm.until_last("Password:")
    atm.type(SECRET)
    atm.enter("")
    code(phone.wrong())
    atm.until("attempt left")
    code(phone.code())
    atm.until("Menu")
    found = search_client(atm.child.pid, {**needles, **keys_of_client(relay)})
    # For the next connection; and in the ciphers of this one.
    assert {SECRET, "1 seals 32", "1 seals 48"} <= set(found) <= {
        SECRET, "1 seals 32", "1 seals 48", "1 opens 32"}, found
    for key, title in ("2", "How much?"), ("1", "Deposit 10"), \
            ("y", "Deposited 10"), (" ", "Menu"), ("3", "How much?"), \
            ("1", "Withdraw 10"), ("y", "So much needs"):
        atm.type(key)
        atm.until(title)
    code(sheet.pop())
    atm.until("Withdrew 10")
    atm.until_last("Press a key to go on:")
    del needles[SECRET]
    is_gone(atm.child.pid, needles)
    atm.type(" ")
    atm.until("Menu")
    atm.type("0")
    atm.until_last("Press a key:")
    is_gone(atm.child.pid, {**needles, **secret(SECRET),
                            **keys_of_client(relay)})


def test_a_batch(daemon, relay, home, tmp_path):
    """What was done already is not there any more, nor the file."""
    daemon.register("max", OTHER)
    code, later = "314159", "271828"
    (tmp_path / "password").write_text(OTHER + "\n")
    file = tmp_path / "operations"
    file.write_text("".join(json.dumps(one) + "\n" for one in (
        {"op": "deposit", "amount": "20", "memo": "first-of-all",
         "receipt": False},
        {"op": "withdraw", "amount": "10", "code": code},
        {"op": "balance"},
        {"op": "withdraw", "amount": "10", "code": later})))
    may_go, is_there = threading.Event(), threading.Event()

    def wait(answer):
        if "balance" in answer and "entry" not in answer:
            is_there.set()
            assert may_go.wait(PATIENCE)

    relay.change = wait
    with subprocess.Popen(
            [RIALTO, "atm", "--accept-new", "--ca", relay.ca,
             "--password-file", tmp_path / "password", "--batch", file,
             f"max@localhost:{relay.port}"], stdout=subprocess.PIPE,
            env={**os.environ, **home}) as script:
        assert is_there.wait(PATIENCE)
        found = search_client(script.pid, secret(later))
        gone = search_client(script.pid, {
            **secret(code), "memo": b"first-of-all"})
        may_go.set()
        script.communicate(timeout=PATIENCE)
    assert later in found
    assert gone == {}
