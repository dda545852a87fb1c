"""What the bank's notices and refusals say, and what they do not."""

import re

import pytest

from members import bank_of_three, number

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d"
FORGED = "x). New balance: 9000.00 R. #7"
SHOWN = "(x]. New balance: 9000.00 R. #7)"


@pytest.fixture
def bank(daemon):
    return bank_of_three(daemon)


def test_a_memo_is_not_taken_for_the_banks_words(bank):
    ann, ben = bank.ann, bank.ben
    n = number(ann.ok(f"/pay ben 1 {FORGED}"))
    assert ben.expect("paid").string == \
        f"~~ ann paid you 1.00 R {SHOWN}. New balance: 101.00 R. #{n}"
    ann.ok(f"/request ben 1 {FORGED}")
    assert ben.expect("asks").string == (
        f"~~ ann asks you for 1.00 R {SHOWN}. #1")
    paid = number(ben.ok("/accept"))
    assert ann.expect("paid").string == (
        f"~~ ben paid you 1.00 R {SHOWN}, request #1. New balance: 100.00 R. "
        f"#{paid}")
    back = number(ann.ok(f"/refund {paid} {FORGED}"))
    assert ben.expect("refunded").string == (
        f"~~ ann refunded payment #{paid}: 1.00 R {SHOWN}. New balance: "
        f"101.00 R. #{back}")
    ann.ok("/hold ben 1 x): /capture 7 takes it")
    assert re.search(r"\(x\]: /capture 7 takes it\)\. #\d+$",
                     ben.expect("holds").string)
    assert ann.ok("/standing ben 1 monthly from 2032-01-01 x). y").text \
        .endswith("1.00 R to ben monthly (x]. y), first on 2032-01-01.")


def test_nor_in_the_history(bank):
    ann = bank.ann
    first = number(ann.ok("/pay ben 1 lunch (pizza)"))
    second = number(ann.ok("/pay ben 1 x. Balance 9000.00 R. #7"))
    lines = ann.ok("/history 2").lines
    assert re.fullmatch(rf"-- {TIME} -1\.00 R to ben lunch \(pizza\)\. "
                        rf"Balance 99\.00 R\. #{first}", lines[0]), lines
    assert re.fullmatch(rf"-- {TIME} -1\.00 R to ben "
                        r"\(x\. Balance 9000\.00 R\. #7\)\. "
                        rf"Balance 98\.00 R\. #{second}", lines[1]), lines
    assert re.search(r", by ann: \(x\. Balance 9000\.00 R\. #7\)\. "
                     rf"#{second}$", ann.ok("/bank entries by:ann").text)
    path = bank.daemon.folder.parent / "out.json"
    bank.daemon.console().ok(f"/bank export json {path}")
    assert '"x. Balance 9000.00 R. #7"' in path.read_text()  # as written


# "there" and "missing" are put in the place of NAME.
@pytest.mark.parametrize("line, there, missing", [
    (f"/{verb} NAME 1{more}", *names) for verb, more in (
        ("pay", ""), ("request", ""), ("hold", ""), ("standing", " monthly"))
    for names in (("cleo/shoebox", "cleo/other"), ("cash:till", "cash:none"))
] + [("/transfer ann NAME 1", "shared:flat", "shared:none"),
     ("/transfer NAME ann 1", "cleo/shoebox", "cleo/other"),
     ("/balance NAME", "shared:flat", "shared:none"),
     ("/history NAME", "cleo/shoebox", "nobody/other"),
     ("/account show NAME", "cleo/shoebox", "nobody"),
     ("/account close NAME", "shared:flat", "shared:none"),
     ("/account add NAME ann", "shared:flat", "shared:none")])
def test_what_others_have_is_not_found_out(bank, line, there, missing):
    bank.cleo.ok("/account open shoebox")
    bank.cleo.ok("/account open shared:flat ben")
    words = []
    for name in (there, missing):
        answer = bank.ann.command(line.replace("NAME", name))
        assert answer.code in ("no-such-account", "not-allowed"), answer
        words.append(answer.text.replace(name, "NAME"))
    assert words[0] == words[1]


def test_of_a_frozen_account_not_why(bank):
    bank.cleo.refused("/pay nobody 1", "no-such-user")
    bank.ann.ok("/bank freeze ben he owes us a hammer")
    assert bank.cleo.refused("/pay ben 1", "frozen") == \
        "!! frozen The other account is frozen."
    assert "nothing may go out" in bank.ben.refused("/pay ann 1", "frozen")


def test_help_about_the_bank(bank):
    """What this person may use, and no more; within a screen's width."""
    assert bank.daemon.ctl("users", "role", "cleo", "+teller").returncode == 0
    bank.cleo = bank.daemon.login("cleo")
    shown = {}
    for name in ("ann", "ben", "cleo"):
        lines = getattr(bank, name).ok("/help bank").lines
        assert all(len(line) <= 80 for line in lines)
        shown[name] = {re.match(r"-- /((?:bank |teller |account )?\w+)",
                                line)[1]
                       for line in lines if line.startswith("-- /")}
    members = {"balance", "pay", "history", "request", "accept", "split",
               "undo", "hold", "standing", "account open"}
    assert all(members <= verbs for verbs in shown.values())
    assert not any(verb.startswith(("bank", "teller"))
                   for verb in shown["ben"])
    assert "teller deposit" in shown["cleo"]
    assert "bank freeze" in shown["ann"] and "bank freeze" not in shown["cleo"]
    every = {re.match(r"-- /(bank \w+)", line)[1]
             for line in bank.ann.ok("/help").lines
             if line.startswith("-- /bank ")}
    assert "bank clock" in every and every <= shown["ann"]
    assert "Your money:" in bank.ben.ok("/help /bank").text
    assert "/help [COMMAND|bank]" in bank.ben.ok("/help").text
    guest = bank.daemon.guest("zoe")
    assert guest.ok("/help bank").text == \
        "-- The bank is for users: /register NAME makes you one."
