"""The journal of the bank for other programs, which agree on the balances."""

import csv
import io
import json
import os
import re
import stat
import subprocess
from decimal import Decimal

import pytest

from rialto import environment

# What is a comment, a date, a formula, two columns or two rows somewhere.
MEMOS = ["pizza; two; slices", "a  wide  gap ; and more", "=1+1", "-5", "@x",
         "'tis", 'say "cheese", please', "[2026/99/99] date:never",
         "| pipe * ! (code)", "über 🍕", ":tag: key: value", "{5} @ 6 == 7",
         "\\n \\\"", "+49 30", "; only a comment", "%{x} $(true) `id`"]


def fill(daemon):
    """A bit of everything; what /bank accounts says of it."""
    ann, ben = daemon.admin(), daemon.register("ben")
    cleo = daemon.register("Cleo-2")
    ann.ok("/deposit 100.5")
    ben.ok("/deposit 33.33")
    ann.ok("/withdraw 7.01")
    for memo in MEMOS:
        ann.ok(f"/pay ben 0.25 {memo}")
    hold = re.search(r"#(\d+)", ann.ok("/hold Cleo-2 5 drill").text)[1]
    cleo.ok(f"/capture {hold} 3.5")
    ann.ok("/hold ben 1.50 still open")
    tess = daemon.appoint("tess", "teller")
    tess.ok("/teller open till 100")
    wrong = re.search(r"#(\d+)$", tess.ok("/teller deposit ben 9").text)[1]
    tess.ok(f"/teller reverse #{wrong} typo")
    tess.ok("/teller close 99.99")


def balances(daemon, zeros=False):
    """By name, of all accounts."""
    found = {}
    for line in daemon.console().ok("/bank accounts").lines[:-2]:
        name, amount = line.removeprefix("-- ").split()[:2]
        if Decimal(amount) or zeros:
            found[name] = Decimal(amount)
    return found


def export(daemon, kind, name="out"):
    path = daemon.folder.parent / f"{name}.{kind}"
    answer = daemon.console().ok(f"/bank export {kind} {path}")
    assert re.fullmatch(rf"-- The entries up to #\d+ are in {path}\.",
                        answer.text)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert not path.with_name(path.name + ".part").exists()
    return path


def read(program, path):
    """What ledger or hledger make of it, by our names."""
    total = {"ledger": "--no-total", "hledger": "--no-total"}[program]
    result = subprocess.run(
        [program, "-f", str(path), "balance", "--flat", total],
        capture_output=True, text=True, timeout=60, check=False,
        env=environment(LANG="C.UTF-8", LC_ALL="C.UTF-8", TZ="UTC"))
    assert result.returncode == 0 and not result.stderr, result.stderr
    found = {}
    for line in result.stdout.splitlines():
        amount, _, name = line.split()
        found[re.sub("^(user|house):(?![0-9])", "", name)] = \
            Decimal(amount.replace(",", ""))
    return found


@pytest.mark.parametrize("program", ["ledger", "hledger"])
def test_ledger_and_hledger_find_our_balances(daemon, program):
    fill(daemon)
    path = export(daemon, "ledger")
    assert read(program, path) == balances(daemon)
    text = path.read_text()
    assert "hold by ann: drill" in text and "reverse of #" in text


CURRENCIES = [("RIA", "R", 0, "7"), ("s", "s", 3, "1.250"),
              ("or", "€", 8, "0.00000001"), ("EUR", "=x", 2, "1000.01")]


@pytest.mark.parametrize("code,symbol,scale,amount", CURRENCIES)
def test_every_currency(daemons, code, symbol, scale, amount):
    unit = "0." + "0" * (scale - 1) + "1" if scale else "1"
    daemon = daemons.new(bank={
        "currency": {"code": code, "symbol": symbol, "scale": scale},
        "cash": {"per_deposit": "none", "per_day": "none"},
        "limits": {"floor": "0"}}).start()
    ann, ben = daemon.admin(), daemon.register("ben")
    ann.ok("/deposit 90000000")
    ben.ok("/deposit 3")
    ann.ok(f"/pay ben {amount}")
    ben.ok(f"/pay ann {unit}")
    path = export(daemon, "ledger")
    for program in ("ledger", "hledger"):
        assert read(program, path) == balances(daemon), program


def test_csv(daemon):
    fill(daemon)
    raw = export(daemon, "csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    rows = list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
    assert [int(row["entry"]) for row in rows] == \
        sorted(int(row["entry"]) for row in rows)
    sums, last = {}, {}
    for row in rows:
        if row["leg"] == "0":
            assert not row["amount"]
            continue
        for side, sign in (("debit", -1), ("credit", 1)):
            name = row[side]
            sums[name] = sums.get(name, 0) + sign * Decimal(row["amount"])
            last[name] = Decimal(row[side + "_balance"])
    assert {n: s for n, s in sums.items() if s} == balances(daemon)
    assert last == sums
    memos = [row["memo"] for row in rows if row["kind"] == "pay"]
    assert not any(memo.startswith(tuple("=+-@")) for memo in memos)
    assert [memo.removeprefix("'") if memo[:1] == "'" else memo
            for memo in memos] == MEMOS
    holds = [row for row in rows if row["kind"] == "hold"]
    assert [(h["subject"], h["other"], h["value"]) for h in holds] == \
        [("ann", "Cleo-2", "5.00"), ("ann", "ben", "1.50")]


def test_json(daemon):
    fill(daemon)
    entries = [json.loads(line)
               for line in export(daemon, "json").read_text().splitlines()]
    assert [entry["entry"] for entry in entries] == \
        list(range(1, len(entries) + 1))
    sums, last = {}, {}
    for entry in entries:
        for leg in entry["legs"]:
            for side, sign in (("debit", -1), ("credit", 1)):
                number = leg[side]["number"]
                sums[number] = sums.get(number, 0) + \
                    sign * Decimal(leg["amount"])
        for balance in entry["balances"]:
            last[balance["account"]] = Decimal(balance["posted"])
            assert sums.get(balance["account"], 0) == \
                last[balance["account"]]
    assert [entry["memo"] for entry in entries
            if entry["kind"] == "pay"] == MEMOS
    head = daemon.console().ok("/bank head").text
    assert entries[-1]["hash"] in head


def test_who_is_gone_and_came_again(daemon):
    """A name that is somebody else's now does not get the old money."""
    fill(daemon)
    before = balances(daemon)
    daemon.console().ok("/users rename ben benno")
    daemon.register("ben").ok("/deposit 1")
    path = export(daemon, "ledger")
    have = balances(daemon)
    assert have["benno"] == before["ben"] and have["ben"] == 1
    assert read("ledger", path) == have


def test_what_is_refused(daemon):
    ann = daemon.admin()
    path = daemon.folder.parent / "there"
    ann.refused("/bank export csv relative", "bad-input")
    ann.refused(f"/bank export xml {path}", "usage")
    ann.refused(f"/bank export csv {path}/none/deep", "not-found")
    path.write_text("mine")
    ann.refused(f"/bank export csv {path}", "exists")
    assert path.read_text() == "mine"
    link = daemon.folder.parent / "link"
    link.symlink_to("/nonexistent/x")
    ann.refused(f"/bank export csv {link}", "exists")
    fresh = daemon.folder.parent / "fresh"
    part = daemon.folder.parent / "fresh.part"
    part.write_text("")
    ann.refused(f"/bank export csv {fresh}", "exists")
    assert part.exists() and not fresh.exists()
    part.unlink()
    ann.ok(f"/bank export csv {fresh}")
    daemon.register("ben").refused(f"/bank export csv {path}2", "not-allowed")


def test_while_the_journal_grows(daemons):
    """What is in the file is a prefix that balances, whatever happens."""
    daemon = daemons.new(bank={"rate": "none"}).start()
    fill(daemon)
    ben = daemon.login("ben")
    ben.send("/pay ann 0.01\n" * 600)
    paths = [export(daemon, "json", f"out{i}") for i in range(3)]
    for _ in range(600):
        assert ben.answer().code == "ok"
    for path in paths:
        lines = path.read_text().splitlines()
        assert [json.loads(line)["entry"] for line in lines] == \
            list(range(1, len(lines) + 1))
    assert read("ledger", export(daemon, "ledger")) == balances(daemon)


def test_by_rialtoctl(daemon):
    path = daemon.folder.parent / "by hand.csv"
    result = daemon.ctl("bank", "export", "csv", str(path))
    assert result.returncode == 0, result.stderr
    assert path.read_text().startswith("entry,leg,time")
