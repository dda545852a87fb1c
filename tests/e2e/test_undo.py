"""Taking back what was paid."""

import uuid

import pytest

from members import balance, bank_of_three, number
from rialto import WORD, next_millisecond


@pytest.fixture
def bank(daemon):
    return bank_of_three(daemon)


def test_a_payment_to_the_wrong_one(bank):
    paid = number(bank.ann.ok("/pay ben 30 lunch"))
    bank.ben.take()
    answer = bank.ann.ok("/undo")
    assert answer.text == (
        f"-- Took back the payment #{paid}: 30.00 R from ben. New balance: "
        f"100.00 R. #{number(answer)}")
    assert bank.ben.expect("took back").string == (
        f"~~ ann took back the payment #{paid}: 30.00 R. New balance: "
        f"100.00 R. #{number(answer)}")
    assert f"(#{paid})" in bank.ben.ok("/history 1").text
    assert "already" in bank.ann.refused(f"/undo {paid}", "exists")
    assert "already" in bank.ben.refused(f"/refund {paid}", "exists")


def test_the_last_that_is_left(bank):
    """Each time the one before, by its number; then there is none."""
    bank.ann.ok("/withdraw 5")
    bank.ann.ok("/pay ben 7")
    bank.ben.ok("/pay ann 1")
    assert "the payment #" in bank.ann.ok("/undo").text
    for what, side in (("withdrawal of 5.00 R", "to cash:till"),
                       ("deposit of 100.00 R", "from cash:till")):
        words = bank.ann.refused("/undo", "bad-input")
        assert f"For the {what} {side} as well: /undo " in words
        again = words[words.index("/undo "):]
        assert f"the {what.split()[0]} #" in bank.ann.ok(again).text
    assert "Of the last 2m " in bank.ann.refused("/undo", "window-closed")
    assert balance(bank.ann) == "1.00"


def test_once_too_often(bank):
    """Nothing more is taken back by pressing it again."""
    first = number(bank.ann.ok("/pay ben 7 tea"))
    second = number(bank.ann.ok("/pay cleo 2"))
    bank.ann.ok("/undo")
    for peer in bank.ann, bank.daemon.admin():
        assert peer.refused("/undo", "bad-input") == (
            f"!! bad-input You have taken back #{second} just now. For the "
            f"payment of 7.00 R to ben as well: /undo {first}")
    assert balance(bank.ann) == "93.00"
    # What was done since is the last again; and a refund is no undo.
    bank.ann.ok("/pay cleo 1")
    bank.ann.ok("/undo")
    bank.ann.ok("/pay cleo 3")
    paid = number(bank.ben.ok("/pay ann 5"))
    bank.ann.ok(f"/refund {paid}")
    assert "3.00 R from cleo" in bank.ann.ok("/undo").text
    assert balance(bank.ann) == "93.00"


def test_not_what_others_did(bank):
    paid = number(bank.ann.ok("/pay ben 30"))
    bank.ben.refused(f"/undo {paid}", "not-allowed")
    assert "was not paid to you" in bank.ann.refused(f"/refund {paid}",
                                                     "not-allowed")
    opened = number(bank.ann.ok("/account open shoebox"))
    for n in (paid, opened):
        for verb in ("undo", "refund"):
            there = bank.cleo.refused(f"/{verb} {n}", "not-found")
            none = bank.cleo.refused(f"/{verb} 999999", "not-found")
            assert there == none.replace("#999999", f"#{n}")
    for line, code in (("/undo 999999", "not-found"), ("/undo x", "usage"),
                       ("/refund", "usage"), ("/refund 999999", "not-found"),
                       (f"/undo id={uuid.uuid4()}", "bad-input")):
        bank.ann.refused(line, code)


def test_not_what_the_receiver_has_spent(bank):
    paid = number(bank.ann.ok("/pay ben 100"))
    bank.ben.ok("/pay cleo 150")
    words = bank.ann.refused("/undo", "insufficient-funds")
    assert words == (f"!! insufficient-funds #{paid} (payment): There is not "
                     "enough in the other account.")
    assert balance(bank.ann) == "0.00"


def test_too_late(daemons):
    daemon = daemons.new(bank={"undo_window": "0s"}).start()
    ann, ben = daemon.admin(), daemon.register("ben")
    ann.ok("/deposit 5")
    paid = number(ann.ok("/pay ben 5 tea"))
    next_millisecond()
    assert "can refund it" in ann.refused(f"/undo {paid}", "window-closed")
    ann.refused("/undo", "window-closed")
    ann.take()
    answer = ben.ok(f"/refund #{paid} no need")
    assert answer.text == (
        f"-- Refunded 5.00 R to ann, payment #{paid}. New balance: 0.00 R. "
        f"#{number(answer)}")
    assert ann.expect("refunded").string == (
        f"~~ ben refunded payment #{paid}: 5.00 R (no need). New balance: "
        f"5.00 R. #{number(answer)}")


def test_what_is_given_back_is_told_with_its_reason(bank):
    paid = number(bank.ann.ok("/pay ben 5 tea"))
    bank.ben.ok(f"/refund {paid} paid back")
    for peer, side in (bank.ben, "-5.00 R taken back, to ann"), \
            (bank.ann, "+5.00 R taken back, from ben"):
        assert f" {side} (#{paid}): paid back. Balance 100.00 R. #" in \
            peer.ok("/history 1").text


def test_undo_against_undo(bank):
    """And against a refund: it comes back once."""
    other = bank.daemon.login("ben")
    for verbs in ("undo", "undo"), ("undo", "refund"):
        for _ in range(10):
            paid = number(bank.ben.ok("/pay ann 1"))
            peers = (bank.ben, other if verbs[1] == "undo" else bank.ann)
            for peer, verb in zip(peers, verbs):
                peer.send(f"/{verb} {paid}\n".encode())
            assert sorted(p.answer().code for p in peers) == ["exists", "ok"]
    assert balance(bank.ben) == "100.00"
    assert balance(bank.ann) == "100.00"


def test_the_same_id(bank):
    paid = number(bank.ann.ok("/pay ben 30"))
    line = f"/undo {paid} id={uuid.uuid4()}"
    other = bank.daemon.admin()
    for peer in (bank.ann, other):
        peer.send(f"{line}\n".encode())
    first, second = (peer.answer() for peer in (bank.ann, other))
    assert (first.code, first.text) == ("ok", second.text)
    assert balance(bank.ann) == "100.00"
    bank.ann.refused(line.replace(f"undo {paid} ", "undo 1 "), "id-conflict")


def test_the_fee_comes_back_with_it(daemons):
    daemon = daemons.new(bank={"fees": {"pay": "0.50"}}).start()
    ann, ben = daemon.admin(), daemon.register("ben")
    ann.ok("/deposit 10")
    ann.ok("/pay ben 5")
    assert balance(ann) == "4.50"
    ann.ok("/undo")
    assert balance(ann) == "10.00"
    paid = number(ann.ok("/pay ben 5"))
    ben.ok(f"/refund {paid}")
    assert (balance(ann), balance(ben)) == ("9.50", "0.00")


def test_it_outlives_the_daemon(bank):
    paid = number(bank.ann.ok("/pay ben 30"))
    bank.ann.ok("/undo")
    bank.daemon.kill()
    bank.daemon.start()
    ben = bank.daemon.login("ben", WORD)
    ben.refused(f"/refund {paid}", "exists")
    assert balance(ben) == "100.00"
