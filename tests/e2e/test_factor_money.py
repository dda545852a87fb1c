"""Money above bank.second_factor_above moves only with a code."""

import pathlib
import re

import pytest

from authenticator import Clock, enrol
from members import balance
from rialto import WORD

ID = "id=01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
def clock(daemons):
    return Clock(pathlib.Path(daemons.space))


@pytest.fixture
def town(daemons, clock):
    """Ben has money and a phone, cleo neither a phone."""
    daemon = daemons.new(bank={"second_factor_above": "50.00"})
    daemon.start(env=clock.env)
    people = {name: daemon.register(name) for name in ("ben", "cleo")}
    for person in people.values():
        person.ok("/deposit 200")
        person.ok("/deposit 200")
    phone, sheet = enrol(clock, people["ben"], WORD)
    return {"daemon": daemon, "phone": phone, "sheet": sheet, **people}


def test_above_the_bound_a_code_carries_it_out(town):
    ben, cleo, phone = town["ben"], town["cleo"], town["phone"]
    ben.ok("/pay cleo 50")
    words = ben.refused("/pay cleo 50.01 for the boat", "code-required")
    assert "Above 50.00 R" in words and "/code CODE" in words
    assert balance(ben) == "350.00"
    words = ben.ok(f"/code {phone.code()}").text
    assert re.match(r"-- Paid 50\.01 R to cleo \(for the boat\)\. New "
                    r"balance: 299\.99 R\. #\d+", words)
    cleo.expect(r"ben paid you 50\.01 R \(for the boat\)")
    ben.refused(f"/code {phone.code()}", "not-found")
    assert balance(ben) == "299.99"


@pytest.mark.parametrize("line", [
    "/withdraw 60", "/hold cleo 60 a bicycle", "/pay cleo 60",
    "/standing cleo 60 monthly rent"])
def test_each_way_out_asks(town, line):
    ben = town["ben"]
    ben.refused(line, "code-required")
    assert balance(ben) == "400.00"
    ben.ok(f"/code {town['phone'].code()}")


def test_between_the_own_accounts_nothing_is_asked(town):
    ben = town["ben"]
    ben.ok("/account open savings")
    ben.ok("/transfer ben savings 100")
    ben.ok("/deposit 100")


def test_who_has_no_factor_is_told_how_to_get_one(town):
    cleo = town["cleo"]
    words = cleo.refused("/pay ben 60", "code-required")
    assert "you have none. /factor on makes one." in words
    cleo.refused("/standing ben 60 monthly", "code-required")
    assert balance(cleo) == "400.00"


def test_a_wrong_code_leaves_the_line_waiting(town):
    ben, phone = town["ben"], town["phone"]
    ben.refused("/pay cleo 60", "code-required")
    assert "2 attempts left" in ben.refused(f"/code {phone.wrong()}",
                                            "bad-code")
    ben.refused("/code nonsense", "bad-code")
    assert balance(ben) == "400.00"
    ben.ok(f"/code {town['sheet'][0]}")
    assert balance(ben) == "340.00"


def test_three_wrong_codes_end_the_session(town):
    ben, phone = town["ben"], town["phone"]
    ben.refused("/pay cleo 60", "code-required")
    for _ in range(2):
        ben.refused(f"/code {phone.wrong()}", "bad-code")
    ben.send(f"/code {phone.wrong()}\n".encode())
    assert "That was the last attempt" in ben.rest()


def test_only_the_last_line_waits(town):
    ben = town["ben"]
    ben.refused("/pay cleo 60", "code-required")
    ben.refused("/pay cleo 70", "code-required")
    ben.ok(f"/code {town['phone'].code()}")
    assert balance(ben) == "330.00"
    ben.refused(f"/code {town['phone'].code()}", "not-found")


def test_it_waits_in_its_own_session_only(town):
    ben, phone = town["ben"], town["phone"]
    other = town["daemon"].machine()
    other.refused(f"/login ben {WORD}", "code-required")
    other.ok(f"/code {phone.code()}")
    ben.refused("/pay cleo 60", "code-required")
    other.refused(f"/code {phone.code()}", "not-found")


def test_what_was_asked_about_is_what_is_done(town):
    """The name leads to somebody else when the code comes."""
    ben, daemon = town["ben"], town["daemon"]
    daemon.register("dora")
    ben.refused("/pay cleo 60", "code-required")
    assert daemon.ctl("users", "rename", "cleo", "cleopatra").returncode == 0
    assert daemon.ctl("users", "rename", "dora", "cleo").returncode == 0
    ben.refused(f"/code {town['phone'].code()}", "id-conflict")
    assert balance(ben) == "400.00"


def test_a_request_that_is_exchanged_is_not_paid(town):
    ben, cleo = town["ben"], town["cleo"]
    cleo.ok("/request ben 60 for dinner")
    ben.refused("/accept", "code-required")
    number = re.search(r"#(\d+)", cleo.ok("/requests").text)[1]
    cleo.ok(f"/cancel {number}")
    cleo.ok("/request ben 300 for dinner")
    assert "say which one" in ben.refused(f"/code {town['phone'].code()}",
                                          "bad-input")
    assert balance(ben) == "400.00"
    ben.refused("/accept 2", "code-required")
    ben.ok(f"/code {town['phone'].code()}")
    assert balance(ben) == "100.00"


def test_nothing_is_remembered_under_the_id(town):
    ben, phone = town["ben"], town["phone"]
    line = f"/pay cleo 60 {ID}"
    ben.refused(line, "code-required")
    ben.refused(line, "code-required")
    paid = ben.ok(f"/code {phone.code()}").text
    # Once done, the same id has the same answer, and asks for no code.
    assert ben.ok(line).text.split("#")[1] == paid.split("#")[1]
    assert balance(ben) == "340.00"


def test_what_cannot_be_done_asks_for_no_code(town):
    ben = town["ben"]
    ben.refused("/pay cleo 1000", "insufficient-funds")
    ben.refused("/pay nobody 60", "no-such-user")
    ben.refused("/code 123456", "not-found")


def test_the_bound_is_changed_while_it_runs(town):
    ben, daemon = town["ben"], town["daemon"]
    daemon.write(bank={"second_factor_above": "none"})
    assert daemon.ctl("reload").returncode == 0
    ben.ok("/pay cleo 60")
    daemon.write(bank={"second_factor_above": "0"})
    assert daemon.ctl("reload").returncode == 0
    ben.refused("/pay cleo 0.01", "code-required")


@pytest.fixture
def counter(town):
    """Ben at the service atm."""
    atm = town["daemon"].atm()
    atm.login("ben", code=town["phone"].code())
    return atm


def test_the_atm_takes_the_code_with_the_request(town, counter):
    phone = town["phone"]
    id = "01890a5d-ac96-774b-bcce-b302099a8057"
    asked = {"id": id, "to": "cleo", "amount": "60"}
    counter.refused("code-required", "pay", **asked)
    counter.refused("bad-code", "pay", code=phone.wrong(), **asked)
    code = phone.code()
    done = counter.ok("pay", code=code, **asked)
    # Asked again, the code that was used is no hindrance, nor is none.
    assert counter.ok("pay", code=code, **asked)["entry"] == done["entry"]
    assert counter.ok("pay", **asked)["entry"] == done["entry"]
    assert balance(town["ben"]) == "340.00"
    counter.refused("code-required", "withdraw", amount="60")
    counter.ok("withdraw", amount="60", code=phone.code())
    counter.refused("code-required", "hold", to="cleo", amount="60")
    counter.ok("hold", to="cleo", amount="60", code=town["sheet"][0])


def test_a_batch_is_weighed_as_a_whole(town, counter):
    phone = town["phone"]
    id = "01890a5d-ac96-774b-bcce-b302099a8058"
    small = [{"to": "cleo", "amount": "30"}, {"to": "cleo", "amount": "21"}]
    counter.refused("code-required", "batch", id=id, transfers=small)
    assert balance(town["ben"]) == "400.00"
    done = counter.ok("batch", id=id, transfers=small, code=phone.code())
    assert [result["ok"] for result in done["results"]] == [True, True]
    again = counter.ok("batch", id=id, transfers=small)
    assert again["results"] == done["results"]
    assert balance(town["ben"]) == "349.00"
    more = [*small, {"to": "cleo", "amount": "50"}]
    assert len(counter.ok("batch", id=id, transfers=more)["results"]) == 3
    assert balance(town["ben"]) == "299.00"


def test_a_login_at_the_atm(town):
    phone = town["phone"]
    atm = town["daemon"].atm()
    atm.refused("code-required", "login", user="ben", password=WORD)
    atm.refused("bad-code", "login", user="ben", password=WORD,
                code=phone.wrong())
    atm.refused("bad-login", "login", user="ben", password="wrong-word",
                code=phone.code())
    code = phone.code()
    atm.ok("login", user="ben", password=WORD, code=code)
    atm.ok("logout")
    atm.refused("bad-code", "login", user="ben", password=WORD, code=code)
