"""Payments that are made again and again, on days to come."""

import datetime
import json
import re
import uuid
from types import SimpleNamespace

import pytest

from calendar_days import on
from rialto import WORD, eventually

RENT = r"~~ ann paid you 5\.00 R \(rent\)\. New balance: 5\.00 R\. #\d+"


LATER = str(datetime.date.today() + datetime.timedelta(days=9))


@pytest.fixture
def bank(daemons):
    """It is the 30th of December; ann has 100.00."""
    daemon = daemons.new().start(env=on("2026-12-30"))
    bank = SimpleNamespace(daemon=daemon, ann=daemon.admin(),
                           ben=daemon.register("ben"))
    bank.ann.ok("/deposit 100")
    for peer in (bank.ann, bank.ben):
        peer.entered()
    return bank


def go_to(bank, day, is_far=False):
    bank.daemon.stop()
    bank.daemon.start(env=on(day))
    if is_far:
        bank.daemon.console().ok("/bank clock accept")


def has(bank, amount):
    """Ben comes to have so much, and not more."""
    ben = bank.daemon.login("ben")
    eventually(lambda: f" {amount} R." in ben.ok("/balance").text,
               f"{amount} R of ben")
    return ben


def verify(bank):
    bank.daemon.stop()
    done = bank.daemon.offline("--verify")
    assert done.returncode == 0, done.stdout + done.stderr


def test_too_many_are_refused(daemons):
    """Made and cancelled in turn, they would fill the audit trail."""
    daemon = daemons.new(bank={"rate": "3/1h"}).start()
    ann = daemon.admin()
    daemon.register("ben")
    for n in range(1, 4):
        ann.ok("/standing ben 5 daily from " + LATER)
        ann.ok(f"/standing cancel {n}")
    for line in ("/standing ben 5 daily from " + LATER, "/deposit 5"):
        assert re.search(r"Try again in \d+ s", ann.refused(line, "flood"))
    ann.refused("/standing cancel 4", "not-found")


def test_an_order_for_today(bank):
    answer = bank.ann.ok("/standing ben 5 weekly rent")
    assert answer.text == ("-- Standing order #1: 5.00 R to ben weekly (rent), "
                           "first on 2026-12-30.")
    assert bank.ben.expect(RENT)
    assert bank.ann.expect(r"^~~ Standing order #1: 5\.00 R to ben is paid\. "
                           r"New balance: 95\.00 R\. #\d+$")
    assert bank.ann.ok("/standing").text == (
        "-- #1 5.00 R to ben weekly (rent), next on 2027-01-06; paid 1 time.")
    assert "to ben rent. Balance 95.00 R." in bank.ann.ok("/history 1").text
    assert bank.ben.ok("/standing").text == "-- You have no standing orders."
    bank.ben.refused("/standing cancel 1", "not-found")
    assert bank.ann.ok("/standing cancel #1").text == (
        "-- Standing order #1 of 5.00 R to ben weekly (rent) is cancelled.")
    bank.ann.refused("/standing cancel 1", "not-found")
    assert bank.ann.ok("/standing").text == "-- You have no standing orders."
    verify(bank)


def test_asked_again_on_a_later_day(bank):
    """It is answered as on the first, also when that was not said."""
    asked = [f"/standing ben 5 {every} id={uuid.uuid4()}" for every in (
        "yearly", "yearly from 2026-12-31", "monthly from 2027-01-05 rent")]
    told = [bank.ann.ok(line).text for line in asked]
    assert told[1].endswith("first on 2026-12-31.")
    go_to(bank, "2027-01-07")
    ann = bank.daemon.admin()
    has(bank, "15.00")
    assert [ann.ok(line).text for line in asked] == told
    ann.refused(asked[1].replace("12-31 ", "12-30 "), "id-conflict")
    ann.refused(f"/standing ben 5 yearly from 2026-12-31 id={uuid.uuid4()}",
                "bad-input")
    assert len(ann.ok("/standing").lines) == 3


def test_month_ends(bank):
    bank.ann.ok("/standing ben 5 monthly from 2026-12-31 rent")
    go_to(bank, "2027-03-01", is_far=True)
    has(bank, "15.00")
    go_to(bank, "2027-03-31")
    has(bank, "20.00")
    go_to(bank, "2027-03-01")  # a clock that was wrong
    go_to(bank, "2027-03-31")
    ben = has(bank, "20.00")
    days = [line[3:13] for line in ben.ok("/history 4").lines[:4]]
    assert days == ["2027-03-01"] * 3 + ["2027-03-31"]
    assert "next on 2027-04-30; paid 4 times" in \
        bank.daemon.admin().ok("/standing").text
    verify(bank)


def test_money_that_is_not_there(bank):
    bank.ann.ok("/pay ben 97")
    bank.ann.ok("/standing ben 5 weekly rent")
    assert bank.ann.expect(
        r"^~~ Standing order #1: 5\.00 R to ben due on 2026-12-30 was not "
        r"paid: There is not enough: 3\.00 R can be spent\. It is tried again "
        r"tomorrow\.$")
    assert "tried again" in bank.ann.ok("/standing").text
    bank.ann.ok("/deposit 10")
    go_to(bank, "2026-12-31")
    has(bank, "102.00")
    # Nobody is there: it is told with the next login, or at that moment.
    bank.daemon.admin().ok("/pay ben 5")
    go_to(bank, "2027-01-06")
    eventually(lambda: "tried again" in
               bank.daemon.admin().ok("/standing").text, "tried")
    go_to(bank, "2027-01-13")
    ann = bank.daemon.admin()
    ann.expect("due on 2027-01-06 is left out: There is not enough: 3.00 R can "
               "be spent. The next is due on 2027-01-13.")
    ann.expect("due on 2027-01-13 was not paid")
    go_to(bank, "2027-01-13")
    ann = bank.daemon.admin()
    ann.entered()
    ann.fence()
    assert not [line for line in ann.take() if "Standing" in line]
    verify(bank)


def test_who_is_gone(bank):
    bank.daemon.register("cleo")
    bank.ann.ok("/standing cleo 5 daily from 2026-12-31")
    bank.ben.ok("/standing ann 5 daily from 2026-12-31")
    bank.ann.ok("/users remove cleo")
    bank.ann.ok("/users remove ben")
    go_to(bank, "2026-12-31")
    bank.daemon.admin().expect(r"Standing order #1: .* has ended: ")
    ann = bank.daemon.admin()
    eventually(lambda: "no standing" in ann.ok("/standing").text, "forgotten")
    assert " 100.00 R." in ann.ok("/balance").text
    verify(bank)


def test_who_was_away_hears_of_it_once(bank):
    bank.ann.ok("/standing ben 5 monthly from 2026-12-31 rent")
    go_to(bank, "2026-12-31")
    ann = bank.daemon.admin()
    eventually(lambda: " 95.00 R." in ann.ok("/balance").text, "paid")
    ben = bank.daemon.login("ben")
    assert "-- While you were away: ann paid you 5.00 R (rent)." in \
        ben.transcript()
    ben.close()
    go_to(bank, "2026-12-31")
    ben = bank.daemon.login("ben")
    ben.entered()
    ben.fence()
    assert "paid you" not in ben.transcript()


def test_an_account_becomes_low(bank):
    low = r"Low balance: 94\.00 R can be spent of ann, less than 95\.00 R\."
    bank.ann.ok("/account low ann 95")
    bank.ann.ok("/pay ben 5")
    bank.ann.ok("/pay ben 1")
    assert bank.ann.expect("^~~ " + low)
    bank.ben.ok("/account low ben 5")
    bank.ben.ok("/standing ann 2 yearly from 2026-12-31")
    go_to(bank, "2026-12-31")
    ann = bank.daemon.admin()
    eventually(lambda: " 96.00 R." in ann.ok("/balance").text, "paid")
    ben = bank.daemon.machine()
    ben.ok(f"/login ben {WORD}")
    ben.expect(r"Low balance: 4\.00 R can be spent of ben, less than 5\.00 R")
    bank.daemon.login("ben")  # another session
    ann.ok("/pay ben 0.50")
    ben.expect("ann paid you 0.50 R")
    ben.fence()
    assert not [line for line in ben.take() if "Low" in line]
    verify(bank)


@pytest.mark.parametrize("line, code", [
    ("/standing ben", "usage"),
    ("/standing ben 5", "usage"),
    ("/standing ben 5 hourly", "bad-input"),
    ("/standing ben 5 monthly from", "ok"),  # a memo
    ("/standing ben 5 monthly from 2026-12-29", "bad-input"),
    ("/standing ben 5 monthly from 2027-02-29", "bad-input"),
    ("/standing ben 5 monthly from tomorrow", "bad-input"),
    ("/standing ben 5 monthly from 2037-12-29", "bad-input"),
    ("/standing ben 0 monthly", "bad-amount"),
    ("/standing ben -1 monthly", "bad-amount"),
    ("/standing nobody 5 monthly", "no-such-user"),
    ("/standing ann 5 monthly", "self-payment"),
    ("/standing cash:till 5 monthly", "not-allowed"),
    ("/standing ben 5 monthly " + "x" * 161, "bad-input"),
    ("/standing cancel", "usage"),
    ("/standing cancel one", "usage"),
    ("/standing cancel 0", "usage"),
])
def test_what_is_refused(bank, line, code):
    assert bank.ann.command(line).code == code


def test_bounds_ids_and_what_is_held(bank):
    first = f"/standing ben 1 yearly from 2027-12-30 id={uuid.uuid4()}"
    assert bank.ann.ok(first).text == bank.ann.ok(first).text
    bank.ann.refused(first.replace(" 1 ", " 2 "), "id-conflict")
    for _ in range(19):
        bank.ann.ok("/standing ben 1 yearly from 2027-12-30")
    bank.ann.refused("/standing ben 1 yearly from 2027-12-30", "limit")
    assert bank.ann.ok(first).text.startswith("-- Standing order #1:")
    told = json.loads(re.sub("^-- ", "", bank.ann.ok("/mydata").text,
                             flags=re.M))["standing_orders"]
    assert len(told) == 20
    assert told[0] == {"id": 1, "made": told[0]["made"], "to": "ben",
                       "amount": "1.00", "every": "yearly",
                       "next": "2027-12-30", "memo": None, "paid": 0,
                       "news": None}


def test_killed_while_it_makes_up_for_weeks(bank):
    """Ten orders a day, killed again and again: each date is paid once."""
    for _ in range(10):
        bank.ann.ok("/standing ben 0.01 daily from 2026-12-31")
    bank.daemon.stop()
    total, seen, kills = "4.00", "0.00", 0
    while seen != total:
        bank.daemon.start(env=on("2027-02-08"))
        ben = bank.daemon.login("ben")

        def balance():
            return re.search(r"([\d.]+) R\.", ben.ok("/balance").text)[1]

        before = seen
        eventually(lambda: balance() != before, "paid")
        seen = balance()
        bank.daemon.kill()
        kills += 1
    assert kills > 1
    bank.daemon.start(env=on("2027-02-08"))
    ann = bank.daemon.admin()
    assert [line.rpartition("; ")[2] for line in ann.ok("/standing").lines] \
        == ["paid 40 times."] * 10
    assert " 96.00 R." in ann.ok("/balance").text
    verify(bank)


WAITS = "what is due by it waits"


def test_a_start_with_another_year(bank):
    """Nothing is paid by it until it is right, or somebody says it is."""
    bank.ann.ok("/standing ben 5 monthly from 2026-12-31 rent")
    bank.ann.ok("/hold ben 7 until=300d")
    assert "and is believed" in bank.ann.ok("/bank clock").text
    bank.ann.refused("/bank clock accept", "exists")
    go_to(bank, "2031-01-01")
    bank.daemon.log.expect(rf"warning: bank: The clock says 2031-01-01 .* "
                           rf"days ahead of .* 2026-12-30 .*: {WAITS}")
    ann = bank.daemon.admin()
    assert WAITS in ann.ok("/bank clock").text
    assert "what is due waits" in ann.ok("/bank status").text
    assert "paid 0 times" in ann.ok("/standing").text
    assert bank.daemon.login("ben").ok("/balance").text == \
        "-- Current balance: 0.00 R."
    go_to(bank, "2031-01-02")  # it is remembered
    bank.daemon.log.expect(WAITS)
    go_to(bank, "2027-01-01")  # it was put right
    has(bank, "5.00")
    ann = bank.daemon.admin()
    assert "and is believed" in ann.ok("/bank clock").text
    go_to(bank, "2028-01-01")
    bank.daemon.log.expect(WAITS)
    ann = bank.daemon.admin()
    assert "believed" in ann.ok("/bank clock accept").text
    has(bank, "65.00")
    assert re.search(r"action=bank\.clock actor=ann .*2028-01-01 12:00, "
                     r"after 2027-01-01", ann.ok("/audit tail 40").text)
    verify(bank)


def test_a_start_with_a_year_that_is_past(bank):
    """Told, and what is due by it waits as well."""
    go_to(bank, "2020-01-01")
    bank.daemon.log.expect(rf"The clock says 2020-01-01 .* days behind .*"
                           rf" 2026-12-30 .*: {WAITS}")
    assert WAITS in bank.daemon.admin().ok("/bank clock").text
    go_to(bank, "2026-12-31")
    assert "and is believed" in bank.daemon.admin().ok("/bank clock").text
    verify(bank)


def test_what_could_not_be_paid_is_told_on_return(daemons):
    daemon = daemons.new().start(env=on("2026-03-01"))
    daemon.register("cleo")
    daemon.register("ben").ok("/standing cleo 5 monthly from 2026-03-02 rent")
    daemon.stop()
    daemon.start(env=on("2026-03-02"))
    console = daemon.console()
    eventually(lambda: re.search(r"[1-9]\d* refused",
                                 console.ok("/bank status").text), "tried")
    daemon.stop()  # what was tried is written
    daemon.start(env=on("2026-03-02"))
    ben = daemon.machine()
    ben.ok(f"/login ben {WORD}")
    ben.expect("^~~ Standing order #1: 5.00 R to cleo due on 2026-03-02 was "
               "not paid")
