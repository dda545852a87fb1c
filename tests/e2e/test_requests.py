"""Asking others for money, and dividing what one has paid."""

import re
import uuid

import pytest

from calendar_days import on
from members import balance, bank_of_three, number
from rialto import WORD, eventually

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d"


@pytest.fixture
def bank(daemon):
    return bank_of_three(daemon)


def test_lunch_is_paid_back(bank):
    answer = bank.ann.ok("/request ben 12.50 lunch")
    assert answer.text == \
        "-- Asked ben for 12.50 R (lunch). It waits for 14 days. #1"
    assert bank.ben.expect("asks").string == (
        "~~ ann asks you for 12.50 R (lunch). #1")
    bank.ben.expect("^~~ /accept 1 pays it, /decline 1 refuses$")
    assert re.fullmatch(rf"-- #1 you ask ben for 12\.50 R until {TIME} "
                        r"\(lunch\)", bank.ann.ok("/requests").text)
    assert re.fullmatch(rf"-- #1 ann asks you for 12\.50 R until {TIME} "
                        r"\(lunch\)", bank.ben.ok("/requests").text)
    assert bank.cleo.ok("/requests").text == "-- No request is open."
    paid = bank.ben.ok("/accept")
    assert re.fullmatch(r"-- Paid 12\.50 R to ann \(lunch\), request #1\. New "
                        r"balance: 87\.50 R\. #\d+", paid.text), paid
    assert bank.ann.expect("paid").string == (
        "~~ ben paid you 12.50 R (lunch), request #1. New balance: 112.50 R. "
        f"#{number(paid)}")
    assert "paid" in bank.ben.refused("/accept 1", "request-closed")
    assert bank.ann.ok("/requests").text == "-- No request is open."


def test_it_is_declined_or_cancelled(bank):
    bank.ann.ok("/request ben 12.50 lunch")
    assert bank.ben.ok("/decline #1").text == \
        "-- Declined request #1 for 12.50 R of ann."
    assert bank.ann.expect("declined").string == \
        "~~ ben declined your request #1 for 12.50 R (lunch)."
    bank.ben.refused("/accept 1", "request-closed")
    bank.ann.ok("/request ben 3")
    bank.ben.take()
    assert bank.ann.ok("/cancel").text == \
        "-- Cancelled request #2 for 3.00 R to ben."
    assert bank.ben.expect("cancelled").string == \
        "~~ ann has cancelled request #2 for 3.00 R."
    assert "cancelled" in bank.ben.refused("/accept 2", "request-closed")
    assert balance(bank.ben) == "100.00"


def test_which_one(bank):
    for verb in ("accept", "decline", "cancel"):
        bank.ben.refused(f"/{verb}", "no-such-request")
    bank.ann.ok("/request ben 1")
    bank.cleo.ok("/request ben 2")
    assert bank.ben.refused("/accept", "bad-input") == \
        "!! bad-input 2 requests are open; say which one: /requests lists them."
    bank.ben.refused(f"/accept id={uuid.uuid4()}", "bad-input")
    bank.ben.refused("/accept x", "usage")
    bank.ben.ok("/accept 2")
    bank.ben.ok("/accept")
    assert balance(bank.ben) == "97.00"


def test_whom_it_does_not_concern(bank):
    bank.ann.ok("/request ben 1")
    for peer, verbs in ((bank.cleo, ("accept", "decline", "cancel")),
                        (bank.ann, ("accept", "decline")),
                        (bank.ben, ("cancel",))):
        for verb in verbs:
            there = peer.refused(f"/{verb} 1", "no-such-request")
            none = peer.refused(f"/{verb} 9", "no-such-request")
            assert there == none.replace("#9", "#1")
    for line, code in (("/request ann 1", "self-payment"),
                       ("/request nobody 1", "no-such-user"),
                       ("/request cash:till 1", "not-allowed"),
                       ("/request ben 0", "bad-amount"),
                       ("/request ben", "usage")):
        bank.ann.refused(line, code)


def test_more_than_there_is(bank):
    bank.ann.ok("/request ben 100.01")
    bank.ben.refused("/accept", "insufficient-funds")
    bank.ben.ok("/deposit 0.01")
    bank.ben.ok("/accept")


def test_accepting_from_two_sessions(bank):
    other = bank.daemon.login("ben")
    for n in range(1, 21):
        bank.ann.ok("/request ben 1")
        for peer in (bank.ben, other):
            peer.send(f"/accept {n}\n".encode())
        codes = sorted(p.answer().code for p in (bank.ben, other))
        assert codes == ["ok", "request-closed"]
    assert balance(bank.ben) == "80.00"


def test_the_same_id(bank):
    ask = f"/request ben 5 tea id={uuid.uuid4()}"
    assert bank.ann.ok(ask).text == bank.ann.ok(ask).text
    assert len([line for line in bank.ben.take() if "asks" in line]) == 1
    pay = f"/accept 1 id={uuid.uuid4()}"
    first = bank.ben.ok(pay).text
    assert bank.ben.ok(pay).text == first
    assert balance(bank.ben) == "95.00"
    bank.ben.refused(pay.replace("accept", "decline"), "id-conflict")


def test_who_does_not_want_to_hear_it(bank):
    bank.ben.ok("/ignore ann memos")
    bank.ann.ok("/request ben 1 something nasty")
    assert "nasty" not in bank.ben.expect("asks").string
    assert "nasty" not in bank.ben.ok("/requests").text
    bank.ben.ok("/ignore ann")
    bank.ann.refused("/request ben 1", "ignored")
    bank.ann.refused("/split 30 cleo ben", "ignored")
    assert len(bank.ann.ok("/requests").lines) == 1


def test_one_keeps_no_others_out(bank):
    for _ in range(20):
        bank.cleo.ok("/request ben 1")
    assert "cancel some" in bank.cleo.refused("/request ben 1", "limit")
    bank.ann.ok("/request ben 1")
    bank.cleo.ok("/cancel 1")
    bank.cleo.ok("/request ben 1")


def test_a_split(bank):
    answer = bank.ann.ok("/split 10 ben cleo")
    assert answer.lines == [
        "-- Split 10.00 R by 3: your share is 3.34 R.",
        "-- Asked ben for 3.33 R. It waits for 14 days. #1",
        "-- Asked cleo for 3.33 R. It waits for 14 days. #2"]
    assert bank.ben.expect("asks").string == (
        "~~ ann asks you for 3.33 R (1/3 of 10.00 R). #1")
    assert "#2" in bank.cleo.expect("asks").string
    bank.ben.ok("/accept")
    bank.cleo.ok("/accept")
    assert balance(bank.ann) == "106.66"


def test_names_of_a_split(bank):
    """Twice is once; and the caller is one of them anyhow."""
    answer = bank.ann.ok("/split 10 BEN ben  Ann ben ann")
    assert answer.lines[1:] == [
        "-- Asked ben for 5.00 R. It waits for 14 days. #1"]
    for line, code in (("/split 10 ann", "self-payment"),
                       ("/split 10", "usage"),
                       ("/split 10 ben ?", "no-such-user"),
                       ("/split 0 ben", "bad-amount"),
                       ("/split 0.01 ben", "bad-amount"),
                       ("/split 10 " + " ".join(f"u{n}" for n in range(21)),
                        "limit")):
        bank.ann.refused(line, code)


def test_a_split_is_all_or_nothing(bank):
    bank.ann.refused("/split 30 ben nobody cleo", "no-such-user")
    for _ in range(20):
        bank.ann.ok("/request ben 1")
    assert bank.ann.refused("/split 30 cleo ben", "limit").startswith(
        "!! limit ben: 20 of your requests wait there")
    assert len(bank.ann.ok("/requests").lines) == 20
    assert bank.cleo.ok("/requests").text == "-- No request is open."


def test_a_split_asked_again(bank):
    line = f"/split 30 ben cleo id={uuid.uuid4()}"
    first = bank.ann.ok(line).lines
    bank.ben.take()
    assert bank.ann.ok(line).lines == first
    assert not bank.ben.take()
    assert len(bank.ann.ok("/requests").lines) == 2
    bank.ann.refused(line.replace("split 30", "split 20"), "id-conflict")
    bank.ann.refused(line.replace(" cleo", ""), "id-conflict")


def test_fourteen_days(daemons):
    daemon = daemons.new().start(env=on("2026-12-01"))
    ann, ben = daemon.admin(), daemon.register("ben")
    ben.ok("/deposit 5")
    ann.ok("/request ben 5 lunch")
    assert " until 2026-12-15 12:" in ben.ok("/requests").text
    daemon.stop()
    daemon.start(env=on("2026-12-15", "11:00:00"))
    assert " until 2026-12-15 12:" in daemon.login("ben").ok("/requests").text
    daemon.stop()
    daemon.start(env=on("2026-12-15", "13:00:00"))
    ben = daemon.login("ben")
    assert ben.ok("/requests").text == "-- No request is open."
    assert "expired" in ben.refused("/accept 1", "request-closed")
    assert "expired" in daemon.admin().refused("/cancel 1", "request-closed")
    assert balance(ben) == "5.00"


def test_it_outlives_the_daemon(bank):
    bank.ann.ok("/request ben 5 tea")
    bank.daemon.kill()
    bank.daemon.start()
    ben = bank.daemon.login("ben", WORD)
    assert "#1 ann asks you for 5.00 R" in ben.ok("/requests").text
    ben.ok("/accept")
    assert balance(ben) == "95.00"


def test_who_was_away_is_told(bank):
    bank.ben.close()
    eventually(lambda: "Not here" in bank.ann.ok("/whois ben").text, "gone")
    bank.ann.ok("/request ben 5 tea")
    bank.ann.ok("/hold ben 1")
    bank.cleo.ok("/request ben 2")
    peer = bank.daemon.machine()
    lines = peer.ok(f"/login ben {WORD}").lines
    assert "-- 2 requests wait for you: /requests" in lines
    assert "-- 1 hold is open for you: /holds" in lines
    peer.ok("/accept 1")
    peer.ok("/decline 2")
    peer.close()
    eventually(lambda: "Not here" in bank.ann.ok("/whois ben").text, "gone")
    peer = bank.daemon.machine()
    lines = peer.ok(f"/login ben {WORD}").lines
    assert "/requests" not in "".join(lines)
