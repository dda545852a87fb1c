"""Opening balances from a file: all of them, or none."""

import re

import pytest



@pytest.fixture
def people(daemon):
    return {"ann": daemon.admin(), "ben": daemon.register("ben"),
            "cleo": daemon.register("cleo")}


def write(daemon, text, name="old.csv"):
    path = daemon.folder.parent / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def entries(machine):
    return int(re.search(r"#(\d+)", machine.ok("/bank head").text)[1])


def complaints(machine, path, verb="import"):
    """What is wrong, a line each; and nothing was changed."""
    before = entries(machine)
    answer = machine.command(f"/bank {verb} {path}")
    assert answer.code == "bad-input", answer
    assert entries(machine) == before
    return [line.removeprefix("!! bad-input ") for line in answer.lines]


def test_all_of_it(daemon, people):
    ann, ben = people["ann"], people["ben"]
    path = write(daemon, "account,amount,memo\r\nann,12.50,\"a, \"\"b\"\"\"\r\n"
                 "ben,-3,owes\r\n\r\ncleo,0,\r\ncash:till,-9.5,cash\r\n")
    before = entries(ann)
    assert ann.ok(f"/bank import check {path}").text == \
        "-- 3 balances, together 25.00 R, 1 of nothing left out: all is " \
        "well, and nothing was changed."
    assert entries(ann) == before
    assert re.fullmatch(
        r"-- 3 balances, together 25\.00 R, 1 of nothing left out: "
        r"#\d+ to #\d+", ann.ok(f"/bank import {path}").text)
    assert entries(ann) == before + 3
    assert ann.ok("/balance").text == "-- Current balance: 12.50 R."
    assert ben.ok("/balance").text == "-- Current balance: -3.00 R."
    assert 'a, "b"' in ann.ok("/history 1").text
    listed = ann.ok("/bank accounts").text
    assert "opening 0.00 R" in listed and "cash:till -9.50 R" in listed
    assert "together: 0.00 R" in listed
    assert "by ann" in ann.ok("/bank entries kind:opening").text


def test_every_bad_line_is_named(daemon, people):
    ann = people["ann"]
    path = write(daemon, "\n".join([
        "Account, Amount", "nobody,5", "ann,1,5", "ann,5", "ben,1e3",
        "cleo", ",7", "ben,0.001", "cleo,90071992547409.92", "Ann,6",
        "opening,4", "x" * 200 + ",1", "ben,\"open"]))
    found = complaints(ann, path)
    assert [line.split(":")[0] for line in found] == [
        f"line {n}" for n in (2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13)]
    said = {line.split(":")[0]: line for line in found}
    assert "there is no account nobody" in said["line 2"]
    assert "3 columns" in said["line 3"]
    assert "stands in line 4 as well" in said["line 10"]
    assert "not closed" in said["line 13"]
    assert complaints(ann, path, "import check") == found


def test_an_amount_with_a_comma_beside_a_memo(daemon, people):
    ann = people["ann"]
    head = "account,amount,memo\n"
    found = complaints(ann, write(
        daemon, head + "cleo,1,5\nben,1000,00 kept\nann,-3, 50\n"))
    assert [line[:8] for line in found] == ["line 2: ", "line 3: ", "line 4: "]
    assert all("12,50 is written 12.50" in line for line in found)
    path = write(daemon, head + 'cleo,1,"5"\nben,1.00,5\nann,2,5th\n')
    ann.ok(f"/bank import {path}")
    assert "opening balance" in people["cleo"].ok("/history 1").text
    assert " 5. Balance 1.00 R." in people["cleo"].ok("/history 1").text


HEADS = [b"", b"ann,5\n", b"account;amount\nann;5\n", b"amount,account\n",
         b"account,amount,memo,more\n", b"\0\0\0", b"\xff\xfe",
         b'"account,amount\n', b"account"]


@pytest.mark.parametrize("text", HEADS)
def test_what_is_no_such_file(daemon, people, text):
    found = complaints(people["ann"], write(daemon, text))
    assert len(found) == 1 and found[0].startswith("line 1: ")
    assert not any(c in found[0] for c in "\0\xff\xfe")


def test_a_bad_text(daemon, people):
    found = complaints(people["ann"], write(
        daemon, b"account,amount,memo\nann,5,\x1b[31m\nben,5,\xff\n"
        b"cleo,5," + b"m" * 161 + b"\n"))
    assert [line[:8] for line in found] == ["line 2: ", "line 3: ", "line 4: "]
    assert "160 bytes" in found[2]


def test_many_bad_lines_are_all_named(daemon, people):
    found = complaints(people["ann"], write(
        daemon, "account,amount\n" + "nobody,5\nann,x\n" * 2000))
    assert [line.split(":")[0] for line in found] == [
        f"line {n}" for n in range(2, 4002)]


def test_what_a_queue_does_not_hold_comes_in_pages(daemon, people):
    """Nobody is cut off, and every line is named in the end."""
    daemon.write(limits={"output_queue": "64K"})
    daemon.restart()
    ann = daemon.admin()
    bad = range(2, 5002)
    path = write(daemon, "account,amount\n" + "nobody,5\n" * 5000 + "ann,1\n")
    *found, more = complaints(ann, path)
    named, pages = [], 0
    while match := re.search(r"/bank (import check \d+ \S+) names", more):
        named += found
        pages += 1
        *found, more = complaints(ann, match[1].removeprefix("import "),
                                  "import")
    named += found + [more]
    assert pages > 1
    assert [line.split(":")[0] for line in named] == [
        f"line {n}" for n in [*bad, 5002]]
    assert "only 5000 lines" in named[-1]
    assert complaints(ann, f"check 6000 {path}") == [
        "From line 6000 on nothing is wrong, but before it."]
    # As many on the administrator's own line.
    lines = daemon.ctl("bank", "import", "check", "4990", str(path)).stderr
    assert len(re.findall(r"line \d+: ", lines)) == 13, lines


def test_files_that_are_too_much(daemon, people):
    ann = people["ann"]
    big = write(daemon, "account,amount\n" + "#" * (1 << 20))
    ann.refused(f"/bank import {big}", "bad-input")
    ann.refused(f"/bank import {daemon.folder}", "bad-input")
    ann.refused("/bank import old.csv", "bad-input")
    ann.refused("/bank import check old.csv", "bad-input")
    ann.refused("/bank import /nonexistent", "not-found")
    ann.refused(f"/bank import {write(daemon, 'account,amount')}",
                "bad-input")
    people["ben"].refused("/bank import /x", "not-allowed")


def test_not_twice(daemon, people):
    ann = people["ann"]
    text = "account,amount\nann,12.50\nben,100\n"
    path = write(daemon, text)
    answer = ann.ok(f"/bank import {path}").text
    first, last = map(int, re.findall(r"#(\d+)", answer))
    before = entries(ann)
    ann.refused(f"/bank import {path}", "exists")
    ann.refused(f"/bank import check {path}", "exists")
    result = daemon.ctl("bank", "import", str(path))
    assert result.returncode == 1 and "imported already" in result.stderr
    assert entries(ann) == before
    longer = write(daemon, text + "cleo,1\n", "longer.csv")
    found = complaints(ann, longer)
    assert f"ann has an opening balance already, #{first}" in found[0]
    assert [line.split(":")[0] for line in found] == ["line 2", "line 3"]
    for number in (first, last):
        ann.ok(f"/bank reverse #{number} wrong book")
    ann.refused(f"/bank import {path}", "exists")
    assert "3 balances" in ann.ok(f"/bank import {longer}").text
    assert people["ben"].ok("/balance").text == \
        "-- Current balance: 100.00 R."


def test_what_the_ledger_refuses(daemon, people):
    """A line that only the ledger finds wrong undoes those before it."""
    ann = people["ann"]
    closed = re.search(r"#(\d+)", ann.ok("/bank open cash:old").text)[1]
    ann.ok("/bank close cash:old no more")
    before = entries(ann)
    found = complaints(ann, write(
        daemon, f"account,amount\nben,5\n#{closed},5\n"))
    assert found == [f"line 3: #{closed} is closed"]
    path = write(daemon, "account,amount\nben,5\n"
                 "cleo,90071992547409.91\n")
    ann.ok("/deposit 1")
    ann.refused(f"/bank import {path}", "bad-amount")
    assert entries(ann) == before + 1


def test_above_the_bound(daemon, people):
    daemon.write(bank={"approval_above": "20.00"})
    assert daemon.ctl("reload").returncode == 0
    ann = people["ann"]
    path = write(daemon, "account,amount\nann,12\nben,-12\n")
    ann.refused(f"/bank import check {path}", "approval-needed")
    ann.refused(f"/bank import {path}", "approval-needed")
    ann.ok(f"/bank import {write(daemon, 'account,amount' + chr(10) + 'ann,20')}")


def test_many_at_once(daemon, people):
    """What was acknowledged is there."""
    names = [f"m{i}" for i in range(40)]
    for name in names:
        daemon.register(name).close()
    text = "account,amount\n" + "".join(f"{n},1.25\n" for n in names)
    path = write(daemon, text)
    assert "40 balances, together 50.00 R" in \
        people["ann"].ok(f"/bank import {path}").text
    daemon.kill()
    daemon.start()
    listed = daemon.console().ok("/bank accounts").text
    assert "opening -50.00 R" in listed and "together: 0.00 R" in listed
    daemon.console().refused(f"/bank import {path}", "exists")
