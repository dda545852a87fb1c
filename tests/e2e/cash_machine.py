"""A person at rialto atm: how one begins it, and what one does in every test."""

import contextlib
import uuid

from rialto import RIALTO, WORD
from terminal import Terminal

WIDE = {"columns": 80, "rows": 24}
SMALL = {"columns": 60, "rows": 20}
CLEAR = b"\x1b[H\x1b[2J\x1b[3J"  # with all that was scrolled away
GO_ON = "Press a key to go on:"


def home_in(folder):
    """The environment of a person whose files lie there."""
    return {"XDG_STATE_HOME": str(folder / "state"),
            "XDG_DATA_HOME": str(folder / "data"), "TZ": "UTC"}


@contextlib.contextmanager
def machines(home):
    """begin(daemon, *words) makes one in a terminal of its own."""
    terminals = []

    def begin(daemon, *words, user="", port=None, env=None, **size):
        at = f"{user}{'@' if user else ''}localhost:{port or daemon.atm_port}"
        terminals.append(Terminal(
            RIALTO, "atm", "--accept-new", "--ca", daemon.ca, *words, at,
            env={**home, **(env or {})}, **{**WIDE, **size}))
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.close()


def new_name(part="ann"):
    return f"{part}-{uuid.uuid4().hex[:8]}"


def new_pair(daemon, money=0):
    """The names of two users whom nobody has met; the first has so much."""
    names = [new_name(), new_name("ben")]
    lines = [daemon.register(name) for name in names]
    if money:
        lines[0].ok(f"/deposit {money}")
    for line in lines:
        line.ok("/quit")
    return names


def give_password(atm, name):
    """Until a code is asked for, or the menu is there."""
    atm.until_last("Press a key:")
    atm.type(" ")
    if name:
        atm.until_last("Name:")
        atm.enter(name)
    atm.until_last("Password:")
    atm.enter(WORD)


def log_in(atm, name="", code=""):
    """The name may have been given with the program."""
    give_password(atm, name)
    if code:
        atm.until_last("Code:")
        atm.enter(code)
    says(atm, "Menu")
    atm.until_last("Your choice:")


def says(atm, words):
    """However its lines are broken and its columns are set."""
    words = " ".join(words.split())
    atm.wait(lambda: words in " ".join(atm.text.split()), words)


def choose(atm, key, title):
    atm.type(key)
    says(atm, title)
