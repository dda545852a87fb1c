"""Tellers: tills that are opened, worked at, counted and closed."""

import re

import pytest

from rialto import WORD, eventually

WHEN = r"\d{4}-\d\d-\d\d \d\d:\d\d"
ID = "0198c0de-0000-7000-8000-%012d"


def open_till(daemon, name):
    """The till of the settings is opened when it is not there."""
    daemon.write(bank={"cash": {"account": f"cash:{name}"}})
    assert daemon.ctl("reload").returncode == 0
    daemon.write(bank={"cash": {"account": "cash:till"}})
    assert daemon.ctl("reload").returncode == 0


@pytest.fixture
def desk(daemon):
    open_till(daemon, "box")
    return {"ann": daemon.admin(), "tess": daemon.appoint("tess", "teller"),
            "tim": daemon.appoint("tim", "teller"), "ben": daemon.register("ben")}


def lines(answer):
    return [line.removeprefix("-- ") for line in answer.lines]


def number(answer):
    return re.search(r"#(\d+)$", answer.text)[1]


def balances(daemon):
    """All accounts, and that the books balance."""
    answer = lines(daemon.console().ok("/bank accounts"))
    assert "together: 0.00 R" in answer[-1]
    return {line.split()[0]: line.split()[1] for line in answer[:-2]}


def test_a_day_at_the_till(daemon, desk):
    ann, tess, tim, ben = (desk[n] for n in ("ann", "tess", "tim", "ben"))
    assert re.fullmatch(
        r"-- You have opened cash:till with 100\.00 R, 100\.00 R more than "
        r"the books said\. #\d+", tess.ok("/teller open till 100").text)
    answer = tess.ok("/teller deposit ben 40.50 coins")
    assert re.fullmatch(r"-- Deposited for ben \(coins\): 40\.50 R\. In "
                        r"cash:till: 140\.50 R\. #\d+", answer.text)
    ben.expect(r"^~~ tess \(teller\) has deposited for you 40\.50 R "
               r"\(coins\)\. New balance: 40\.50 R\. #\d+$")
    assert "In cash:till: 130.00 R" in \
        tess.ok("/teller withdraw ben 10.5").text
    ben.expect(r"^~~ tess \(teller\) has paid out to you 10\.50 R\. "
               r"New balance: 30\.00 R\. #\d+$")
    for verb in "deposit", "withdraw":
        tess.refused(f"/teller {verb} ben 1 000", "bad-amount")
    wrong = number(tess.ok("/teller deposit ben 7"))
    assert f"Took back #{wrong} of ben." in \
        tess.ok(f"/teller reverse #{wrong} was for cleo").text
    ben.expect(rf"^~~ tess \(teller\) took back #{wrong} \(was for cleo\)\. "
               r"New balance: 30\.00 R\. #\d+$")
    tim.ok("/teller open box 0")
    assert "Moved 50.00 R to cash:box. In cash:till: 80.00 R." in \
        tess.ok("/teller move 50 box").text
    tim.expect(r"^~~ tess \(teller\) moved 50\.00 R from cash:till\. In "
               r"cash:box: 50\.00 R\. #\d+$")
    tim.ok("/teller move 5 cash:till")
    assert tess.ok("/teller count 85").text == \
        "-- You have counted as much as the books say of cash:till: 85.00 R."
    assert "counted 0.50 R less than the books say of cash:till: 85.00 R" in \
        tess.ok("/teller count 84.5").text
    answer = lines(ann.ok("/teller tills"))
    assert re.fullmatch(rf"cash:box 45\.00 R, open by tim since {WHEN}",
                        answer[0])
    assert re.fullmatch(rf"cash:till 85\.00 R, open by tess since {WHEN}",
                        answer[1])
    assert lines(tess.ok("/teller sheet"))[1:] == \
        lines(ann.ok("/teller sheet cash:till"))[1:]
    answer = lines(tess.ok("/teller close 84"))
    assert re.fullmatch(rf"opened: {WHEN} by tess, counted: 100\.00 R, "
                        r"difference: 100\.00 R #\d+", answer[1])
    assert answer[0] == "till: cash:till"
    assert answer[2:8] == [
        "deposits: 47.50 R in 2", "withdrawals: 10.50 R in 1",
        "moved in: 5.00 R in 1", "moved out: 50.00 R in 1",
        "corrections: -7.00 R in 1", "expected: 85.00 R"]
    assert re.fullmatch(rf"closed: {WHEN} by tess, counted: 84\.00 R, "
                        r"difference: -1\.00 R #\d+", answer[8])
    assert answer[9] == "entries: 8"
    assert re.fullmatch(r"cash:till is closed: you have counted 1\.00 R less "
                        r"than expected\. #\d+", answer[10])
    assert lines(ann.ok("/teller sheet till")) == answer[:10]
    assert lines(ann.ok("/teller tills"))[1] == "cash:till 84.00 R, not open"
    daemon.restart()
    have = balances(daemon)
    assert (have["ben"], have["cash:till"], have["cash:box"],
            have["over-short"]) == ("30.00", "-84.00", "-45.00", "99.00")


def test_what_is_refused(daemon, desk):
    ann, tess, tim = (desk[n] for n in ("ann", "tess", "tim"))
    tess.refused("/teller deposit ben 5", "not-found")
    tess.refused("/teller close 5", "not-found")
    tess.refused("/teller count 5", "not-found")
    tess.refused("/teller sheet", "not-found")
    tess.refused("/teller open attic 5", "no-such-account")
    tess.refused("/teller open fees 5", "no-such-account")
    for amount in ("5,5", "-1", "1e3", "0.001", "90071992547409.92"):
        tess.refused(f"/teller open till {amount}", "bad-amount")
        tess.refused(f"/teller count {amount}", "bad-amount")
    tess.ok("/teller open till 10")
    tess.refused("/teller open box 0", "exists")
    tim.refused("/teller open till 10", "exists")
    tim.refused("/teller close 10 till", "not-allowed")
    tim.refused("/teller deposit ben 5", "not-found")
    tess.refused("/teller deposit nobody 5", "no-such-user")
    tess.refused("/teller deposit tess 5", "not-allowed")
    tess.refused("/teller withdraw tess 5", "not-allowed")
    tess.refused("/teller deposit fees 5", "no-such-user")
    tess.refused("/teller deposit ben 0", "bad-amount")
    tess.refused("/teller withdraw ben 5", "insufficient-funds")
    tess.ok("/teller deposit ben 50")
    tess.ok("/teller move 55 box")
    tess.refused("/teller withdraw ben 5.01", "insufficient-funds")
    tess.refused("/teller move 1 till", "self-payment")
    tess.refused("/teller move 1 attic", "no-such-account")
    tess.refused("/teller reverse #1 why", "not-found")
    tess.refused("/teller reverse #99999 why", "not-found")
    tess.refused("/teller reverse 1", "usage")
    tess.refused("/teller deposit ben", "usage")
    daemon.login("ben").refused("/teller tills", "not-allowed")
    ann.refused("/teller open box 0", "not-allowed")
    assert daemon.ctl("teller", "open", "box", "0").returncode == 1


def test_another_teller_and_another_day(desk):
    tess, tim = desk["tess"], desk["tim"]
    tess.ok("/teller open till 0")
    tim.ok("/teller open box 0")
    entry = number(tess.ok("/teller deposit ben 5"))
    tim.refused(f"/teller reverse #{entry} why", "not-allowed")
    tess.ok("/teller close 5")
    tess.ok("/teller open till 5")
    tess.refused(f"/teller reverse #{entry} why", "window-closed")


def test_an_administrator_closes_what_was_left_open(daemon, desk):
    ann, tess = desk["ann"], desk["tess"]
    tess.ok("/teller open till 5")
    assert daemon.ctl("users", "role", "tess", "-teller").returncode == 0
    tess.rest()
    daemon.login("tess").refused("/teller close 5", "not-allowed")
    ann.refused("/teller close 5", "not-found")
    assert "cash:till is closed" in ann.ok("/teller close 5 till").text
    result = daemon.ctl("teller", "close", "5", "till")
    assert result.returncode == 1 and "not open" in result.stderr


def test_the_same_id_is_done_once(desk):
    tess, ben = desk["tess"], desk["ben"]
    answer = tess.ok(f"/teller open till 5 id={ID % 1}").text
    assert tess.ok(f"/teller open till 5 id={ID % 1}").text == answer
    answer = tess.ok(f"/teller deposit ben 7 for tea id={ID % 2}").text
    assert tess.ok(f"/teller deposit ben 7 for tea id={ID % 2}").text == answer
    tess.refused(f"/teller deposit ben 8 for tea id={ID % 2}", "id-conflict")
    assert ben.ok("/balance").text == "-- Current balance: 7.00 R."
    tess.ok("/teller close 12")


def test_find(desk):
    tess = desk["tess"]
    answer = lines(tess.ok("/teller find T"))
    assert [re.fullmatch(r"(\w+) #\d+", line)[1] for line in answer] == \
        ["tess", "tim"]
    assert lines(tess.ok("/teller find zz")) == ["There are no such users."]
    desk["ben"].refused("/teller find t", "not-allowed")


def test_much_needs_a_second_person(daemon, desk):
    daemon.write(bank={"approval_above": "20.00"})
    assert daemon.ctl("reload").returncode == 0
    tess = desk["tess"]
    tess.ok("/teller open till 100")
    tess.ok("/teller deposit ben 20")
    tess.refused("/teller deposit ben 20.01", "approval-needed")
    assert desk["ben"].ok("/balance").text == "-- Current balance: 20.00 R."


def test_who_is_away_is_told_on_return(daemon, desk):
    tess, ben = desk["tess"], desk["ben"]
    ben.close()
    eventually(lambda: "Not here" in tess.ok("/whois ben").text, "ben is gone")
    tess.ok("/teller open till 0")
    entry = number(tess.ok("/teller deposit ben 40 coins"))
    back = number(tess.ok(f"/teller reverse #{entry} wrong name"))
    ben = daemon.machine()
    said = [line for line in ben.ok(f"/login ben {WORD}").lines
            if "While you were away" in line]
    assert [re.search(r"#(\d+)$", line)[1] for line in said] == [entry, back]
    assert "+40.00 R deposit at cash:till coins" in said[0]
    assert "-40.00 R taken back" in said[1] and "wrong name" in said[1]


def test_cash_goes_where_it_is_said_to_go(daemon, desk):
    """By an administrator as by a teller, asked for or done."""
    ann, tess = desk["ann"], desk["tess"]
    tess.ok("/teller open till 100")
    assert "adjust 30.00 R cash:till to cash:box, by tess" in \
        ann.ok("/bank show " + re.search(
            r"#\d+$", tess.ok("/teller move 30 box").text)[0]).text
    ann.ok("/bank adjust cash:box cash:till 10 back again")
    have = balances(daemon)
    assert (have["cash:till"], have["cash:box"]) == ("-80.00", "-20.00")
    ann.ok("/bank adjust cash:till income 5 found in it")
    assert balances(daemon)["income"] == "5.00"
    daemon.write(bank={"approval_above": "20.00"})
    assert daemon.ctl("reload").returncode == 0
    tess.refused("/teller move 21 box", "approval-needed")
    assert "move 21.00 R from cash:till to cash:box" in \
        ann.ok("/bank pending").text
    number = re.search(r"#\d+", ann.ok("/bank pending").text)[0]
    ann.ok(f"/bank approve {number}")
    assert balances(daemon)["cash:box"] == "-41.00"


def test_shared_accounts_and_labels(daemon, desk):
    tess = desk["tess"]
    tess.ok("/teller open till 0")
    tess.refused("/teller deposit ben/savings 5", "no-such-account")
    tess.refused("/teller deposit shared:flat 5", "no-such-account")
    assert "Deposited for ben:" in tess.ok("/teller deposit BEN 5").text
    assert daemon.login("ben", WORD).ok("/history 1").text.count(
        "deposit at cash:till") == 1


def test_many_tills(daemon):
    """More than are listed at once; and one is open behind them."""
    ann = daemon.admin()
    names = [f"cash:d{i:03}" for i in range(300)] + ["cash:till"]
    for name in names[:-1]:
        ann.ok(f"/bank open {name}")
    first = lines(ann.ok("/teller tills"))
    assert first[-1] == f"More: /teller tills {names[255]}"
    second = lines(ann.ok(first[-1].removeprefix("More: ")))
    assert [line.split()[0] for line in first[:-1] + second] == names
    daemon.register("tess").close()
    ann.ok("/users role tess +teller")
    tess = daemon.login("tess", WORD)
    tess.ok("/teller open cash:d299 0")
    tess.refused("/teller open cash:d000 0", "exists")
    tess.ok("/teller sheet")
    assert "cash:d299 open" in ann.refused("/users remove tess", "not-empty")
