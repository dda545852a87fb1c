"""What refusals tell people to do can be done where they read it.

The client of these tests (atm.py) looks at the words of each refusal that it
gets: none may name a command of the line protocol. Here are those that did.
"""

import pathlib
import re
import uuid
from types import SimpleNamespace

import pytest

from authenticator import Clock, enrol
from rialto import WORD


def new_id():
    return str(uuid.uuid4())


@pytest.fixture
def bank(daemons):
    """Everybody has 150.00; what is more than 100.00 needs a code."""
    clock = Clock(pathlib.Path(daemons.space))
    daemon = daemons.new(bank={"second_factor_above": "100.00",
                               "undo_window": "0s", "rate": "none"})
    daemon.start(env=clock.env)
    lines = {"ann": daemon.admin()}
    for name in "ben", "cleo", "tess":
        lines[name] = daemon.register(name)
        lines[name].ok("/deposit 150")
    lines["ben"].ok("/account open savings")
    return SimpleNamespace(daemon=daemon, clock=clock, line=lines,
                           ben=daemon.atm("ben"))


MAIN, NONE = {}, {"account": "nowhere"}
REFUSED = [
    # op, members, code, and a part of the words
    ("balance", NONE, "no-such-account", "the list of accounts"),
    ("history", NONE, "no-such-account", "the list of accounts"),
    ("statement", {**NONE, "month": "2026-11"}, "no-such-account", "list"),
    ("deposit", {**NONE, "amount": "1"}, "no-such-account", "list"),
    ("withdraw", {**NONE, "amount": "1"}, "no-such-account", "list"),
    ("withdraw", {"amount": "101"}, "code-required", "made in chat"),
    ("withdraw", {"amount": "9999"}, "insufficient-funds", "not enough"),
    ("pay", {**NONE, "to": "cleo", "amount": "1"}, "no-such-account", "list"),
    ("pay", {"to": "nobody", "amount": "1"}, "no-such-user", "nobody"),
    ("pay", {"to": "#7", "amount": "1"}, "no-such-account", "list"),
    ("pay", {"to": "shared:x", "amount": "1"}, "no-such-account", "list"),
    ("pay", {"to": "ann/x", "amount": "1"}, "no-such-account", "list"),
    ("pay", {"to": "cash:till", "amount": "1"}, "not-allowed", "withdrawals"),
    ("pay", {"to": "ben", "amount": "1"}, "self-payment", "transferred"),
    ("pay", {"to": "savings", "amount": "1"}, "no-such-user", "savings"),
    ("pay", {"to": "ben/savings", "amount": "1"}, "self-payment", "transfer"),
    ("pay", {"to": "cleo", "amount": "101"}, "code-required", "made in chat"),
    ("pay", {"to": "cleo", "amount": "1,5"}, "bad-amount", ""),
    ("pay", {"to": "cleo", "amount": "1", "memo": "x" * 200}, "bad-input", ""),
    ("pay", {"to": "x" * 90, "amount": "1"}, None, ""),
    ("transfer", {"from_": "x", "to": "ben", "amount": "1"},
     "no-such-account", "list"),
    ("transfer", {"from_": "ben", "to": "cleo", "amount": "1"},
     "no-such-account", "list"),
    ("transfer", {"from_": "ben", "to": "ben", "amount": "1"},
     "self-payment", "same"),
    ("hold", {"to": "ben", "amount": "1"}, "self-payment", "yours"),
    ("hold", {"to": "fees", "amount": "1"}, None, ""),
    ("hold", {"to": "cleo", "amount": "101"}, "code-required", "in chat"),
    ("hold", {"to": "cleo", "amount": "1", "expires_ms": 5}, "bad-input", ""),
    ("capture", {"hold": 5}, "no-such-hold", ""),
    ("release", {"hold": 5}, "no-such-hold", ""),
    ("reverse", {"entry": 99999}, "not-found", ""),
    ("batch", {"transfers": [{"to": "cleo", "amount": "101"}]},
     "code-required", "made in chat"),
    ("login", {"user": "ben", "password": WORD}, "already-logged-in", ""),
    ("signup", {"user": "eve", "password": WORD}, "already-logged-in", ""),
    ("dance", MAIN, "unknown-op", ""),
    ("pay", MAIN, "bad-request", ""),
]


def test_refusals(bank):
    for op, members, code, words in REFUSED:
        answer = bank.ben.ask(op, **members)
        assert answer["ok"] is False, (op, members)
        assert code in (None, answer["error"]["code"]), (op, members, answer)
        assert words in answer["error"]["text"], (op, members, answer)


def test_in_a_batch(bank):
    results = bank.ben.ok("batch", transfers=[
        {"to": members["to"], "amount": "1", **members}
        for op, members, *_ in REFUSED if op == "pay" and members and
        members["amount"] != "101" and len(members["to"]) < 80])["results"]
    assert all(not result["ok"] for result in results)


def test_what_is_too_late(bank):
    paid = bank.ben.ok("pay", to="cleo", amount="1")["entry"]
    words = bank.ben.refused("window-closed", "reverse", entry=paid)
    assert "The receiver can refund it." in words


def test_before_the_login(bank):
    atm = bank.daemon.atm()
    for op, members, code in (
            ("balance", {}, "login-required"),
            ("signup", {"user": "7", "password": WORD}, "bad-name"),
            ("signup", {"user": "cleo", "password": WORD}, "name-taken"),
            ("signup", {"user": "eve", "password": "short"}, "weak-password"),
            ("login", {"user": "nobody", "password": WORD}, "bad-login")):
        atm.refused(code, op, **members)
    enrol(bank.clock, bank.line["cleo"], WORD)
    atm.refused("code-required", "login", user="cleo", password=WORD)


def test_a_factor_that_is_gone(bank):
    """Its code is asked for, and it is switched off before that comes."""
    phone, _ = enrol(bank.clock, bank.line["cleo"], WORD)
    atm = bank.daemon.atm()
    atm.login("cleo", code=phone.code())
    bank.line["cleo"].ok(f"/factor off {phone.code()}")
    words = atm.refused("code-required", "pay", to="ben", amount="101",
                        code_=phone.code())
    assert "One is made in chat." in words


def test_what_was_refused_elsewhere_is_told_here(bank):
    """Words of other commands, which are remembered under their ids."""
    ben, cleo, tess = (bank.line[name] for name in ("ben", "cleo", "tess"))
    ids = []

    def refused(peer, line):
        ids.append(new_id())
        answer = peer.command(f"{line} id={ids[-1]}")
        assert answer.code != "ok", answer

    paid = re.search(r"#(\d+)", ben.ok("/pay cleo 1").text)[1]
    refused(ben, f"/undo {paid}")
    for _ in range(20):
        ben.ok("/request cleo 1")
    refused(ben, "/request cleo 1")
    for id in ids:
        answer = bank.ben.ok("lookup", of=id)
        assert answer["known"] and not answer["answer"]["ok"], answer
    # A teller's.
    bank.daemon.ctl("users", "role", "tess", "+teller")
    tess = bank.daemon.login("tess")
    ids.clear()
    refused(tess, "/teller deposit cleo 1")
    tess.ok("/teller open till 0")
    refused(tess, "/teller withdraw cleo 9")
    atm = bank.daemon.atm("tess")
    for id in ids:
        atm.ok("lookup", of=id)
