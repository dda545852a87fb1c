"""Accounts beside the main one: alone and with others; and races for money."""

import re
import uuid

import pytest

from members import balance, bank_of_three, number
from rialto import WORD, eventually


@pytest.fixture
def bank(daemon):
    return bank_of_three(daemon)


def accounts(peer):
    return [line.split()[1] for line in peer.ok("/accounts").lines]


def test_savings(bank):
    assert re.fullmatch(r"-- Opened ben/savings\. #\d+",
                        bank.ben.ok("/account open savings").text)
    bank.ben.refused("/account open Savings", "exists")
    bank.ben.refused("/account open Ben", "exists")  # it would hide the main
    bank.ben.ok("/transfer ben savings 40")
    assert accounts(bank.ben) == ["ben", "ben/savings"]
    assert "There is 40.00 R in it" in bank.ben.refused(
        "/account close savings", "not-empty")
    bank.ben.ok("/transfer savings ben 40")
    assert re.fullmatch(r"-- Closed ben/savings\. #\d+",
                        bank.ben.ok("/account close savings").text)
    bank.ben.refused("/balance savings", "no-such-account")
    bank.ben.ok("/account open savings")
    assert balance(bank.ben, "savings") == "0.00"
    for line, code in (("/account close ben", "not-empty"),
                       ("/account close ann", "no-such-account"),
                       ("/account close fees", "no-such-account"),
                       ("/account open 9", "bad-name"),
                       ("/account open ann/savings", "bad-name"),
                       ("/account open shared:", "bad-name"),
                       ("/account open cash:mine", "bad-name"),
                       ("/account open x y", "usage"),
                       ("/account open", "usage"),
                       ("/account", "unknown-command"),
                       ("/account close", "usage")):
        bank.ben.refused(line, code)
    bank.ben.ok("/withdraw 100")
    bank.ben.refused("/account close ben", "not-allowed")


def test_another_in_its_place_takes_no_more_cash(bank):
    """What may be deposited in a day is not had again by closing."""
    ben = bank.ben
    ben.ok("/account open savings")
    for _ in range(2):
        ben.ok("/deposit 200 savings")
    ben.refused("/deposit 200 savings", "limit")
    ben.ok("/transfer savings ben 400")
    assert "today" in ben.refused("/account close savings", "limit")
    ben.refused("/account open savings", "exists")
    ben.ok("/account open other")
    ben.ok("/transfer ben other 400")
    ben.ok("/transfer other ben 400")
    ben.ok("/account close other")


def test_a_household(bank):
    answer = bank.ben.ok("/account open shared:flat CLEO cleo ben")
    assert answer.text == f"-- Opened shared:flat. #{number(answer)}"
    assert bank.cleo.expect("opened").string == (
        "~~ ben has opened shared:flat, which is yours too: /account show "
        f"shared:flat. #{number(answer)}")
    bank.ben.ok("/pay shared:flat 30 rent")
    bank.cleo.expect("paid")
    bank.cleo.ok("/transfer shared:flat cleo 10")
    assert balance(bank.ben, "shared:flat") == "20.00"
    for verb in ("balance", "history", "account show", "account close"):
        bank.ann.refused(f"/{verb} shared:flat", "no-such-account")
    bank.ann.refused("/account add shared:flat ann", "no-such-account")

    bank.ben.take()
    answer = bank.cleo.ok("/account add shared:flat ann")
    assert answer.text == \
        f"-- You have added ann to shared:flat. #{number(answer)}"
    for peer in (bank.ben, bank.ann):
        assert peer.expect("added").string == \
            f"~~ cleo has added ann to shared:flat. #{number(answer)}"
    bank.cleo.refused("/account add shared:flat ann", "exists")
    assert "holders: ben, cleo, ann" in [
        line[3:] for line in bank.ann.ok("/account show shared:flat").lines]
    answer = bank.ann.ok("/account remove shared:flat ann")
    assert bank.ben.expect("removed").string == \
        f"~~ ann has removed ann from shared:flat. #{number(answer)}"
    bank.ann.refused("/balance shared:flat", "no-such-account")
    bank.ben.refused("/account remove shared:flat ann", "not-found")
    bank.ben.refused("/account add ben cleo", "not-allowed")
    bank.ben.ok("/account remove shared:flat cleo")
    assert bank.cleo.expect("removed")
    bank.ben.refused("/account remove shared:flat ben", "not-allowed")
    bank.ben.ok("/transfer shared:flat ben 20")
    bank.ben.ok("/account close shared:flat")


def test_the_others_hear_of_the_end(bank):
    bank.ben.ok("/account open shared:flat cleo")
    closed = number(bank.ben.ok("/account close shared:flat"))
    assert bank.cleo.expect("closed").string == \
        f"~~ ben has closed shared:flat. #{closed}"


def test_who_wants_no_part_in_it(bank):
    bank.cleo.ok("/ignore ben")
    bank.ben.refused("/account open shared:flat cleo", "ignored")
    bank.ben.refused("/account open shared:flat nobody", "no-such-user")
    bank.ben.ok("/account open shared:flat")
    bank.ben.refused("/account add shared:flat cleo", "ignored")
    assert accounts(bank.cleo) == ["cleo"]
    bank.cleo.ok("/unignore ben")
    bank.ben.ok("/account add shared:flat cleo")
    bank.cleo.ok("/ignore ben")
    bank.ben.ok("/account remove shared:flat cleo")
    assert accounts(bank.cleo) == ["cleo"]


def test_when_little_is_left(bank):
    assert re.fullmatch(r"-- You are told when less than 20\.00 R can be spent "
                        r"of ben\. #\d+",
                        bank.ben.ok("/account low ben 20").text)
    assert "notice=20.00 R" in bank.ben.ok("/account show ben").text
    assert re.fullmatch(r"-- You are told when less than 300\.00 R can be "
                        r"spent of ben; there is less already: 100\.00 R\. "
                        r"#\d+", bank.ben.ok("/account low ben 300").text)
    bank.ben.ok("/hold cleo 90")
    assert "there is less already: 10.00 R. #" in \
        bank.ben.ok("/account low ben 20").text
    assert re.fullmatch(r"-- Nothing is said when little is left in ben\. "
                        r"#\d+", bank.ben.ok("/account low ben none").text)
    assert "notice=none" in bank.ben.ok("/account show ben").text
    for line, code in (("/account low ben 1,5", "bad-amount"),
                       ("/account low ann 5", "no-such-account"),
                       ("/account low ben", "usage"),
                       ("/account low ben 1 2", "usage")):
        bank.ben.refused(line, code)


def test_so_many(bank):
    for n in range(19):
        bank.ben.ok(f"/account open n{n}")
    bank.ben.refused("/account open n19", "limit")
    bank.ben.ok("/account close n3")
    bank.ben.ok("/account open n19")


def test_the_same_id(bank):
    line = f"/account open savings id={uuid.uuid4()}"
    assert bank.ben.ok(line).text == bank.ben.ok(line).text
    line = f"/account close savings id={uuid.uuid4()}"
    bank.ben.ok(line)
    assert "it was done" in bank.ben.refused(line, "id-conflict")


def race(*sent):
    """Lines of two at once; their codes."""
    for peer, line in sent:
        peer.send(f"{line}\n".encode())
    return [peer.answer().code for peer, _ in sent]


def test_close_against_a_payment(bank):
    """Either it is closed and the money stays, or it is open and has it."""
    bank.ben.ok("/account open shared:flat cleo")
    for n in range(20):
        bank.ben.ok(f"/account open shared:x{n}")
        codes = race((bank.ben, f"/account close shared:x{n}"),
                     (bank.ann, f"/pay shared:x{n} 1"))
        if codes == ["not-empty", "ok"]:
            bank.ben.ok(f"/transfer shared:x{n} shared:flat 1")
            bank.ben.ok(f"/account close shared:x{n}")
        else:
            assert codes[0] == "ok"
            assert codes[1] in ("account-closed", "no-such-account")
    assert float(balance(bank.ann)) + \
        float(balance(bank.ben, "shared:flat")) == 100


def test_the_last_cent_to_two(bank):
    ann = bank.daemon.admin()
    bank.ann.ok("/withdraw 100")
    for n in range(1, 21):
        bank.ben.ok("/pay ann 0.01")
        codes = race((bank.ann, "/pay ben 0.01"), (ann, "/pay cleo 0.01"))
        assert sorted(codes) == ["insufficient-funds", "ok"]
        assert balance(bank.ann) == "0.00"
    together = float(balance(bank.ben)) + float(balance(bank.cleo))
    assert round(together, 2) == 200


def test_the_same_id_from_two_sessions(bank):
    other = bank.daemon.login("ben")
    for _ in range(20):
        line = f"/pay ann 1 id={uuid.uuid4()}"
        assert race((bank.ben, line), (other, line)) == ["ok", "ok"]
    assert (balance(bank.ben), balance(bank.ann)) == ("80.00", "120.00")


def test_it_outlives_the_daemon(bank):
    bank.ben.ok("/account open shared:flat cleo")
    bank.ben.ok("/pay shared:flat 30")
    bank.daemon.kill()
    bank.daemon.start()
    cleo = bank.daemon.login("cleo", WORD)
    assert balance(cleo, "shared:flat") == "30.00"


def owners(peer):
    return [line.split()[1] for line in peer.ok("/bank accounts a").lines[:-2]]


def test_everybody_has_a_main_account(daemons):
    """Also who has never been here, and before anybody pays."""
    daemon = daemons.new().start()
    console = daemon.console()
    assert owners(console) == ["cash:till", "ann"]  # made by --init
    old = daemon.folder.parent / "old.csv"
    old.write_text("account,amount\nann,5\n")
    console.ok(f"/bank import {old}")
    ann = daemon.admin()
    assert balance(ann) == "5.00"
    daemon.restart()
    assert owners(daemon.console()) == ["cash:till", "ann"]
    assert "opened main accounts" not in daemon.log.text()


@pytest.fixture
def flat(bank):
    """Ben and cleo share it, with 100.00; ann has her own money only."""
    bank.ben.ok("/account open shared:flat cleo")
    bank.ben.ok("/transfer ben shared:flat 100")
    bank.cleo.expect("ben transferred 100.00 R from ben to shared:flat")
    bank.cleo.expect("^~~ New balance of shared:flat: 100.00 R$")
    return bank


def test_who_shares_an_account_is_told_of_cash(flat):
    for line, words, left in (
            ("/deposit 5 shared:flat", "deposited 5.00 R to shared:flat",
             "105.00"),
            ("/withdraw 6 shared:flat", "withdrew 6.00 R from shared:flat",
             "99.00"),
            ("/transfer shared:flat ben 7",
             "transferred 7.00 R from shared:flat to ben", "92.00")):
        flat.ben.ok(line)
        flat.cleo.expect(rf"^~~ ben {words}\. #\d+$")
        flat.cleo.expect(rf"^~~ New balance of shared:flat: {left} R$")
    flat.ben.ok("/deposit 1")
    flat.ben.ok("/account open savings")
    flat.ben.ok("/transfer ben savings 1")
    assert flat.cleo.fence() == []


def test_who_shares_the_account_that_pays_is_told(flat):
    n = number(flat.ben.ok("/pay ann 5 pizza from=shared:flat"))
    assert flat.cleo.expect("paid").string == \
        f"~~ ben paid ann 5.00 R from shared:flat (pizza). #{n}"
    flat.cleo.expect("^~~ New balance of shared:flat: 95.00 R$")
    # Who is paid learns nothing of it.
    assert flat.ann.expect("paid").string == \
        f"~~ ben paid you 5.00 R (pizza). New balance: 105.00 R. #{n}"
    answer = flat.ben.ok("/pay cleo 6 from=shared:flat rent")
    n = number(answer)
    assert answer.text == ("-- Paid 6.00 R to cleo (rent). New balance of "
                           f"shared:flat: 89.00 R. #{n}")
    assert flat.cleo.expect("paid").string == (
        "~~ ben paid you 6.00 R from shared:flat (rent). New balance: "
        f"106.00 R. #{n}")
    assert flat.cleo.fence() == []
    flat.ben.ok("/account open savings")
    flat.ben.ok("/deposit 2 savings")
    answer = flat.ben.ok("/pay ann 1 from=savings")
    assert "New balance of ben/savings: 1.00 R." in answer.text
    assert flat.cleo.fence() == []


def test_and_of_what_it_holds(flat):
    answer = flat.ben.ok("/hold ann 5 drill from=shared:flat")
    assert answer.text.endswith(
        f"(drill).\n-- You can spend 95.00 R of shared:flat. #{number(answer)}")
    until = answer.text[29:45]
    assert flat.cleo.expect("holds").string == (
        "~~ ben holds 5.00 R from shared:flat for ann (drill). "
        f"#{number(answer)}")
    assert flat.cleo.expect("Until").string == \
        f"~~ Until {until}; not held is 95.00 R of shared:flat"
    flat.ann.expect(rf"^~~ ben holds 5.00 R for you until {until} \(drill\)")
    flat.ben.ok("/hold cleo 5 from=shared:flat")
    flat.cleo.expect("^~~ ben holds 5.00 R from shared:flat for you until ")


def test_and_of_requests_that_it_pays(flat):
    flat.ann.ok("/request shared:flat 7 tea")
    flat.cleo.expect("ann asks you")
    answer = flat.ben.ok("/accept 1")
    n = number(answer)
    assert answer.text == ("-- Paid 7.00 R to ann (tea), request #1. New "
                           f"balance of shared:flat: 93.00 R. #{n}")
    assert flat.cleo.expect("paid").string == \
        f"~~ ben paid ann 7.00 R from shared:flat (tea), request #1. #{n}"
    flat.cleo.expect("^~~ New balance of shared:flat: 93.00 R$")
    flat.ann.ok("/request ben 8")
    n = number(flat.ben.ok("/accept from=shared:flat"))
    flat.cleo.expect(rf"ben paid ann 8.00 R from shared:flat, .* #{n}$")
    flat.cleo.ok("/request ben 9")
    n = number(flat.ben.ok("/accept from=shared:flat"))
    assert flat.cleo.expect("paid").string == (
        "~~ ben paid you 9.00 R from shared:flat, request #3. New balance: "
        f"109.00 R. #{n}")


def test_who_shares_it_is_told_on_return(flat):
    flat.cleo.close()
    eventually(lambda: "Not here" in flat.ann.ok("/whois cleo").text,
               "cleo is gone")
    flat.ben.ok("/pay ann 5 pizza from=shared:flat")
    flat.ben.ok("/hold ann 6 drill from=shared:flat")
    cleo = flat.daemon.machine()
    news = [line for line in cleo.ok(f"/login cleo {WORD}").lines
            if "While you were away" in line]
    assert len(news) == 2
    assert "-5.00 R to ann pizza. Balance 95.00 R." in news[0]
    assert "hold 6.00 R for ann" in news[1] and "drill" in news[1]
