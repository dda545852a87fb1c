"""What administrators do to accounts and entries, and who is told."""

import re

import pytest


@pytest.fixture
def crew(daemon):
    people = {"ann": daemon.admin(), "ben": daemon.register("ben"),
              "cleo": daemon.register("cleo")}
    people["ben"].ok("/deposit 100")
    return people


def number(answer):
    return re.search(r"#(\d+)", answer.text)[1]


def test_limits_are_those_of_the_settings_again(daemon, crew):
    """Each by itself; and then they follow the settings."""
    ann, ben = crew["ann"], crew["ben"]
    assert "|default" in ann.ok("/help bank limits").text
    assert "per_day=default" in ann.refused("/bank limits ben floor=deflt",
                                            "bad-input")
    ann.ok("/bank limits ben floor=-5 ceiling=100 per_transfer=1 per_day=2")
    answer = ann.ok("/bank limits ben floor=default ceiling=default "
                    "per_transfer=default per_day=default")
    assert answer.text.startswith(
        "-- ben has floor=default, ceiling=default, per_transfer=default, "
        "per_day=default. #")
    ben.refused("/pay cleo 100.01", "insufficient-funds")
    ben.ok("/deposit 1")
    ben.ok("/pay cleo 3")
    ben.close()
    daemon.write(bank={"limits": {"floor": "-10.00", "per_transfer": "50.00"}})
    assert daemon.ctl("reload").returncode == 0
    ben = daemon.login("ben")
    ben.refused("/pay cleo 50.01", "limit")
    for _ in range(2):
        ben.ok("/pay cleo 50")
    ben.ok("/pay cleo 8")
    ben.refused("/pay cleo 0.01", "insufficient-funds")


def test_limits_are_set_and_told(crew):
    ann, ben = crew["ann"], crew["ben"]
    answer = ann.ok("/bank limits ben floor=-50.00 ceiling=none "
                    "per_transfer=20 per_day=60 rate=2.5")
    words = ("floor=-50.00 R, ceiling=none, per_transfer=20.00 R, "
             r"per_day=60.00 R, rate=2.5 %. #\d+")
    assert re.fullmatch(f"-- ben has {words}", answer.text)
    ben.expect(f"^~~ ann changed the limits of ben: {words}$")
    ben.refused("/pay cleo 20.01", "limit")
    for _ in range(3):
        ben.ok("/pay cleo 20")
    ben.refused("/pay cleo 0.01", "limit")
    ann.ok("/bank limits ben per_transfer=default per_day=none")
    ben.ok("/pay cleo 50")
    assert "balance: -10.00 R; held: 0.00 R; 40.00 R can be spent" in \
        ben.ok("/account show ben").text
    hold = number(ben.ok("/hold cleo 15"))
    assert ben.ok("/balance").text == ("-- Current balance: -10.00 R. Of that "
                                       "15.00 R is held; 25.00 R can be spent.")
    crew["cleo"].ok(f"/release {hold}")
    ben.ok("/pay cleo 40")  # down to -50
    ben.refused("/pay cleo 0.01", "insufficient-funds")
    assert "floor=-50.00 R ceiling=none" in ann.ok("/bank show ben").text
    for line, code in (("ben floor=1,5", "bad-input"),
                       ("ben floor", "bad-input"),
                       ("ben notice=5", "bad-input"),
                       ("ben rate=2.55", "bad-input"),
                       ("ben rate=101", "bad-amount"),
                       ("ben rate=-1", "bad-amount"),
                       ("ben floor=1 id=x", "bad-input"),
                       ("nobody floor=1", "no-such-account"),
                       ("ben", "usage")):
        ann.refused(f"/bank limits {line}", code)
    ben.refused("/bank limits ben floor=-1000", "not-allowed")


def test_freeze_and_thaw(crew):
    ann, ben, cleo = crew["ann"], crew["ben"], crew["cleo"]
    answer = ann.ok("/bank freeze ben out a stolen card")
    assert re.fullmatch(r"-- ben: nothing may go out\. #\d+", answer.text)
    ben.expect(r"^~~ ann froze your account ben: nothing may go out "
               r"\(a stolen card\)\. #\d+$")
    ben.refused("/pay cleo 1", "frozen")
    ben.ok("/deposit 1")
    ann.refused("/bank freeze ben out again", "exists")
    ann.ok("/bank freeze ben in and that")
    ben.expect("nothing may come in or go out")
    ben.refused("/deposit 1", "frozen")
    assert "nothing may come in, nothing may go out" in \
        ann.ok("/bank accounts ben").text
    ann.ok("/bank thaw ben found again")
    ben.expect(r"^~~ ann thawed your account ben: money may come in and go "
               r"out again \(found again\)\. #\d+$")
    ben.ok("/pay cleo 1")
    ann.refused("/bank thaw ben once more", "exists")
    ann.refused("/bank freeze ben", "usage")
    ann.refused("/bank freeze nobody why", "no-such-account")
    assert re.search(r"bank\.freeze .*detail=.*a stolen card",
                     ann.ok("/audit tail 30").text)
    cleo.refused("/bank freeze ben why", "not-allowed")


def test_accounts_of_the_house(crew):
    ann, ben = crew["ann"], crew["ben"]
    assert re.fullmatch(r"-- cash:van is open\. #\d+",
                        ann.ok("/bank open cash:van").text)
    ann.ok("/bank open house:kitty")
    ann.refused("/bank open cash:van", "exists")
    for name in ("kitty", "cash:", "cash:a/b", "bar:kitty",
                 "house:" + "x" * 40):
        ann.refused(f"/bank open {name}", "bad-name")
    answer = ann.ok("/bank adjust cash:till cash:van 40 to the van")
    assert re.fullmatch(
        r"-- Moved 40\.00 R from cash:till to cash:van\. #\d+", answer.text)
    ann.refused("/bank adjust cash:till ben 40 a gift", "not-allowed")
    ann.refused("/bank adjust cash:till cash:van 1,5 why", "bad-amount")
    ann.refused("/bank adjust cash:till cash:van 1", "usage")
    ann.refused("/bank close cash:van no more", "not-empty")
    ann.ok("/bank adjust cash:van cash:till 40 and back")
    ann.ok("/bank close cash:van no more")
    ann.refused("/bank close cash:van no more", "no-such-account")
    ann.refused("/bank close fees why", "not-allowed")
    ann.refused("/bank close cash:till why", "not-empty")
    ann.refused("/bank close ben why", "not-allowed")
    ben.refused("/bank open cash:ben", "not-allowed")


def test_an_entry_is_taken_back(crew):
    ann, ben, cleo = crew["ann"], crew["ben"], crew["cleo"]
    paid = number(ben.ok("/pay cleo 30.25 lunch"))
    cleo.expect("ben paid you")
    answer = ann.ok(f"/bank reverse #{paid} a wrong receiver")
    back = re.fullmatch(
        rf"-- You took back #{paid}, 30\.25 R from ben to cleo\. #(\d+)",
        answer.text)[1]
    for who, balance in ((ben, "100.00"), (cleo, "0.00")):
        who.expect(rf"^~~ ann took back #{paid}, 30\.25 R from ben to cleo "
                   rf"\(a wrong receiver\)\. New balance: {balance} R\. "
                   rf"#{back}$")
    ann.refused(f"/bank reverse #{paid} again", "exists")
    ann.refused(f"/bank reverse #{back} the reversal", "not-allowed")
    ann.refused("/bank reverse #1 the first of all", "not-allowed")
    ann.refused("/bank reverse #99999 what", "not-found")
    ann.refused("/bank reverse ben what", "usage")
    ann.refused(f"/bank reverse #{paid}", "usage")
    assert re.search(r"bank\.reverse .*a wrong receiver",
                     ann.ok("/audit tail 10").text)
    # What is spent cannot be taken back.
    paid = number(ben.ok("/pay cleo 10"))
    cleo.ok("/withdraw 5")
    ann.refused(f"/bank reverse #{paid} too late", "insufficient-funds")


def test_the_same_id_acts_once(crew):
    ann = crew["ann"]
    line = "/bank adjust cash:till income 5 why " \
        "id=01890a5d-ac96-774b-bcce-b302099a8057"
    assert ann.ok(line).text == ann.ok(line).text
    assert "-105.00 R" in ann.ok("/bank accounts cash:till").text
    ann.refused(line.replace(" 5 ", " 6 "), "id-conflict")


def test_the_console_acts_too(daemon, crew):
    result = daemon.ctl("bank", "freeze", "ben", "out", "by", "the", "console")
    assert result.returncode == 0, result.stderr
    crew["ben"].expect(r"console:\d+ froze your account ben: nothing may go "
                       r"out \(by the console\)")


def test_all_of_it_is_in_the_trail(daemon):
    """Who, in which session, did what, to whom, and what came of it."""
    daemon.write(bank={"approval_above": "50.00"})
    daemon.restart()
    ann, ben = daemon.admin(), daemon.register("ben")
    daemon.register("ada").close()
    ann.ok("/users role ada +admin")
    ada = daemon.login("ada")
    ben.ok("/deposit 20")
    old = daemon.folder.parent / "old.csv"
    old.write_text("account,amount\nben,5\n")
    adjusted = number(ann.ok("/bank adjust cash:till income 1 why"))
    for line, action, target in (
            ("/bank limits ben floor=-5", "bank.terms", "ben"),
            ("/bank freeze ben why", "bank.freeze", "ben"),
            ("/bank thaw ben why", "bank.freeze", "ben"),
            ("/bank open house:kitty", "bank.open", "house:kitty"),
            ("/bank close house:kitty why", "bank.close", "house:kitty"),
            (f"/bank reverse #{adjusted} why", "bank.reverse", None),
            ("/bank adjust cash:till income 2 why", "bank.adjust", None),
            (f"/bank import {old}", "bank.opening", "ben"),
            (f"/bank export csv {old}.out", "bank.export", None),
            ("/bank verify", "bank.verify", None)):
        ann.ok(line)
        record = [r for r in ann.ok("/audit tail 20").lines
                  if f"action={action} " in r][-1]
        assert re.search(r" actor=ann user=\S+ session=[1-9]\d* ",
                         record), record
        assert "outcome=ok" in record, record
        assert target is None or f"target={target}" in record, record
    ada.refused("/bank adjust cash:till income 60 one", "approval-needed")
    ada.refused("/bank adjust cash:till income 61 two", "approval-needed")
    ann.ok("/bank approve 1")
    ann.ok("/bank reject 2")
    trail = ann.ok("/audit tail 20").text
    for pattern in (r"action=bank\.ask actor=ada user=\d+ session=[1-9]\d* ",
                    r"action=bank\.adjust actor=ada user=\d+ session=[1-9]\d* "
                    r".*approved by ann",
                    r"action=bank\.reject actor=ann user=\d+ session=[1-9]\d* "
                    r".*target=ada"):
        assert re.search(pattern, trail), pattern
