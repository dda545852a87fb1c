"""Members' money: the verbs of the bank, as members use them."""

import re
import uuid
from types import SimpleNamespace

import pytest

from members import number
from rialto import ADMIN

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d"


@pytest.fixture
def bank(daemon):
    """Ann and ben; ann has 100.00."""
    ann, ben = daemon.admin(), daemon.register("ben")
    ann.ok("/deposit 100")
    return SimpleNamespace(daemon=daemon, ann=ann, ben=ben)


def test_the_words_of_every_verb(bank):
    ann, ben = bank.ann, bank.ben
    assert ben.ok("/balance").text == "-- Current balance: 0.00 R."
    assert ben.ok("/deposit 10.50").text == \
        "-- Deposited 10.50 R. New balance: 10.50 R."
    assert ben.ok("/withdraw 3").text == \
        "-- Withdrew 3.00 R. New balance: 7.50 R."
    assert ben.ok("/balance").text == "-- Current balance: 7.50 R."
    answer = ann.ok("/pay ben 30.25 lunch")
    seq = number(answer)
    assert answer.text == \
        f"-- Paid 30.25 R to ben (lunch). New balance: 69.75 R. #{seq}"
    assert ben.fence() == [f"~~ ann paid you 30.25 R (lunch). "
                           f"New balance: 37.75 R. #{seq}"]
    assert ben.ok("/accounts").text == "-- ben 37.75 R"
    lines = ben.ok("/history").lines
    assert re.fullmatch(rf"-- {TIME} account opened. Balance 0.00 R. #\d+",
                        lines[0])
    assert [re.sub(TIME, "T", line) for line in lines[1:]] == [
        f"-- T +10.50 R deposit at cash:till. Balance 10.50 R. #{seq - 2}",
        f"-- T -3.00 R withdrawal at cash:till. Balance 7.50 R. #{seq - 1}",
        f"-- T +30.25 R from ann lunch. Balance 37.75 R. #{seq}"]
    assert ann.ok("/history 1").lines[0].endswith(
        f" -30.25 R to ben lunch. Balance 69.75 R. #{seq}")
    assert ben.ok("/history ben 2").lines[:2] == lines[-2:]


@pytest.mark.parametrize("amount, hint", [
    ("10,5", "10.5"), ("0", "0.01"), ("0.00", "0.01"), ("-5", ""),
    ("1.234", ""), ("1e3", ""), ("99999999999999999999", ""), (".5", ""),
    ("5.", ""), ("+5", ""), ("5R", ""), ("0x10", ""), ("\u0661\u0660", ""),
])
def test_what_is_no_amount_is_refused_with_what_would_be(bank, amount, hint):
    for line in (f"/pay ben {amount}", f"/deposit {amount}",
                 f"/withdraw {amount}", f"/transfer ann ann {amount}"):
        words = bank.ann.refused(line, "bad-amount")
        assert hint in words and len(words) < 200, words
    assert bank.ann.ok("/balance").text == "-- Current balance: 100.00 R."
    assert bank.ben.fence() == []


@pytest.mark.parametrize("verb", ["pay", "hold", "request"])
@pytest.mark.parametrize("rest", ["1 000", "1 000.50", "1 ,50", "10 50 cent",
                                  "1  5", "1 000 000 for all", "1 1,5"])
def test_an_amount_that_goes_on_behind_a_space(bank, verb, rest):
    words = bank.ann.refused(f"/{verb} ben {rest}", "bad-amount")
    assert "without spaces and commas, as 1000 or 10.50" in words
    assert bank.ann.ok("/balance").text == "-- Current balance: 100.00 R."
    assert bank.ben.fence() == []


def test_a_memo_with_numbers(bank):
    for memo in ("3rd of May", "2026-11-22", "n 000", "...", "#7", "7% off",
                 "\u0663 \u0664", "12:30 lunch"):
        assert f" ({memo})." in bank.ann.ok(f"/pay ben 1 {memo}").text
    assert " (7)." in bank.ann.ok("/pay ben 1.00 7").text


def from_other(bank):
    """Accounts of ann's beside her main one, with 20.00 in each."""
    bank.ann.ok("/account open savings")
    bank.ann.ok("/account open shared:household ann ben")
    for account in "savings", "shared:household":
        bank.ann.ok(f"/transfer ann {account} 20")
    bank.ben.take()


def left(bank, account=""):
    return re.search(r"\S+(?= R)", bank.ann.ok(f"/balance {account}").text)[0]


def test_from_another_account(bank):
    from_other(bank)
    cleo = bank.daemon.register("cleo")
    for line, paid in (
            ("/pay cleo 1 lunch from=shared:household", "1.00 R to cleo (lun"),
            ("/pay cleo 1 from=shared:household", "1.00 R to cleo. New"),
            ("/pay cleo 1 from=shared:household for you", "(for you). New"),
            (f"/pay cleo 1 x from=shared:household id={uuid.uuid4()}", "(x)"),
            (f"/pay cleo 1 x id={uuid.uuid4()} from=shared:household", "(x)"),
            ("/hold cleo 1 until=3d from=shared:household", "Held 1.00 R"),
            ("/hold cleo 1 x from=shared:household until=3d", "(x)")):
        answer = bank.ann.ok(line)
        assert paid in answer.text and "from=" not in answer.text
    assert "15.00 R" in bank.ann.ok("/balance shared:household").text
    bank.ben.ok("/pay cleo 2 from=shared:household")
    bank.ann.ok("/pay cleo 3 from=savings")
    cleo.ok("/request ann 4 cake")
    assert "16.00 R" not in bank.ann.ok("/accept from=savings").text
    assert left(bank, "savings") == "13.00"
    assert left(bank) == "60.00"
    cleo.refused("/pay ben 1 from=shared:household", "no-such-account")
    cleo.refused("/pay ben 1 from=ann", "no-such-account")
    cleo.refused("/pay ben 1 from=nothing", "no-such-account")
    bank.ann.refused("/pay cleo 1 from=", "bad-input")
    bank.ann.refused("/pay cleo 1 from=ann x from=ann", "bad-input")
    bank.ann.refused("/pay cleo 14 from=savings", "insufficient-funds")
    bank.ann.refused("/pay cleo from=savings", "usage")
    assert left(bank) == "60.00"
    # Elsewhere it is a word of the memo.
    assert "(what is from=savings for)" in \
        bank.ann.ok("/pay cleo 1 what is from=savings for").text
    assert left(bank, "savings") == "13.00"


def test_the_same_id_from_another_account(bank):
    from_other(bank)
    line = f"/pay ben 1 from=savings id={uuid.uuid4()}"
    assert bank.ann.ok(line).text == bank.ann.ok(line).text
    bank.ann.refused(line.replace("savings", "ann"), "id-conflict")
    assert (left(bank), left(bank, "savings")) == ("60.00", "19.00")


def test_what_cannot_be_paid(bank):
    ann, ben = bank.ann, bank.ben
    zoe = bank.daemon.guest("zoe")
    assert "7.00" not in ben.refused("/pay ann 7", "insufficient-funds")
    assert "100.00 R" in ann.refused("/pay ben 100.01", "insufficient-funds")
    ann.refused("/pay nobody 1", "no-such-user")
    ann.refused("/pay zoe 1", "no-such-user")
    ann.refused(f"/pay {'x' * 500} 1", "no-such-account")
    ann.refused("/pay ann 1", "self-payment")
    ann.refused("/pay cash:till 1", "not-allowed")
    ann.refused(f"/pay ben 1 {'x' * 161}", "bad-input")
    ann.refused("/balance ben", "no-such-account")
    ann.refused("/history ben", "no-such-account")
    ann.refused("/history cash:till", "no-such-account")
    ann.refused("/history before 1", "not-found")
    ann.refused("/statement ben november", "no-such-account")
    ann.refused("/transfer ben ann 1", "no-such-account")
    ann.refused("/transfer ann ben 1", "no-such-account")
    for line in ("/balance", "/accounts", "/deposit 1", "/withdraw 1",
                 "/pay ann 1", "/transfer zoe zoe 1", "/history",
                 "/statement may"):
        zoe.refused(line, "not-allowed")
        bank.daemon.console().refused(line, "not-allowed")
        bank.daemon.machine().refused(line, "login-required")
    for line in ("/pay ben", "/deposit", "/withdraw", "/deposit 1 ann x",
                 "/transfer ann ann", "/transfer ann ann 1 x",
                 "/history ann 1 2", "/history ann x", "/history before",
                 "/history before x", "/history ann before 1 x",
                 "/statement", "/statement ann 2026-11 before",
                 "/statement 2026-11 before x", "/statement a b c"):
        ann.refused(line, "usage")
    for count in 0, 101:
        ann.refused(f"/history {count}", "bad-input")
    assert ann.ok("/balance").text == "-- Current balance: 100.00 R."


def test_somebody_who_was_never_here_is_paid(daemons):
    daemon = daemons.new().start()
    ben = daemon.register("ben")
    ben.ok("/deposit 10")
    assert ben.ok(f"/pay {ADMIN} 4").text.startswith(
        f"-- Paid 4.00 R to {ADMIN}. New balance: 6.00 R.")
    assert daemon.admin().ok("/balance").text == "-- Current balance: 4.00 R."


def test_pages_of_the_history(bank):
    ann = bank.ann
    paid = [number(ann.ok(f"/pay ben 1 n{i}")) for i in range(25)]
    more = "-- Older ones: /history before "
    page = ann.ok("/history").lines
    assert [int(line.rsplit("#")[1]) for line in page[:-1]] == paid[-10:]
    assert page[-1] == f"{more}{paid[-10]}"
    page = ann.ok(page[-1].removeprefix("-- Older ones: ")).lines
    assert [int(line.rsplit("#")[1]) for line in page[:-1]] == paid[-20:-10]
    last = ann.ok(f"/history ann before #{paid[5]} 10").lines
    assert [int(line.rsplit("#")[1]) for line in last[2:]] == paid[:5]
    assert "account opened" in last[0] and "deposit" in last[1]
    assert ann.ok("/history 3").lines[-1] == f"{more}{paid[-3]}"
    assert "Older" not in ann.ok("/history 27").text
    opened = int(last[0].rsplit("#")[1])
    assert "nothing before" in ann.ok(f"/history before {opened}").text
    ann.refused("/history before 99999999", "not-found")


def test_a_statement_of_the_month(bank):
    ann, ben = bank.ann, bank.ben
    # Whatever month it is by the end of this.
    month = ann.ok("/history 1").lines[0][3:10]
    paid = [number(ann.ok("/pay ben 1")) for _ in range(60)]
    ben.ok("/pay ann 5 back")
    lines = ann.ok(f"/statement {month}").lines
    assert lines[0] == f"-- ann, {month}. Opening balance: 0.00 R."
    assert lines[-2] == "-- In: 105.00 R, out: 60.00 R. Balance now: 45.00 R."
    assert lines[-1] == f"-- Older ones: /statement {month} before {paid[11]}"
    assert len(lines) == 53
    older = ann.ok(lines[-1].removeprefix("-- Older ones: ")).lines
    assert "account opened" in older[1] and len(older) == 15
    assert ann.ok(f"/statement ann {month} before {paid[0]}").lines[1:3] == \
        older[1:3]
    name = "january february march april may june july august september " \
        "october november december".split()[int(month[5:]) - 1]
    assert ann.ok(f"/statement {name.title()}").lines == lines
    assert ann.ok(f"/statement ann {name[:3]}").lines[:-1] == lines[:-1]
    assert "opened in " + month in ann.refused("/statement 2001-01",
                                               "not-found")
    ann.refused("/statement 9999-12", "bad-input")
    for bad in "2026-13", "no", "11", "2026-1", "novembers":
        assert "2026-11" in ann.refused(f"/statement {bad}", "bad-input")


def test_the_same_id_is_done_once(bank):
    ann, ben = bank.ann, bank.ben
    line = f"/pay ben 30 lunch  id={uuid.uuid4()}"
    first = ann.ok(line)
    assert "(lunch)" in first.text
    assert ann.ok(line).text == first.text
    assert bank.daemon.admin().ok(line.upper().replace("/PAY", "/pay")
                                  .replace("ID=", "id=")
                                  .replace("LUNCH", "lunch")).text \
        == first.text
    ann.refused(line.replace("ben 30", "ben 31"), "id-conflict")
    ann.refused(line.replace("lunch", "Lunch"), "id-conflict")
    assert len(ben.fence()) == 1
    ben.refused(line.replace("ben", ADMIN).replace("30", "31"),
                "insufficient-funds")  # ids are each user's own
    refused = f"/pay ben 1000 id={uuid.uuid4()}"
    words = ann.refused(refused, "insufficient-funds")
    bank.daemon.write(bank={"limits": {"floor": "-2000.00"}})
    ann.ok("/reload")
    assert ann.refused(refused, "insufficient-funds") == words
    for bad in "id=", "id=1", f"id={uuid.uuid4()}0", f"id={'0' * 36}":
        ann.refused(f"/pay ben 1 {bad}", "bad-input")
    for verb in "/deposit 1", "/withdraw 1":
        line = f"{verb} id={uuid.uuid4()}"
        assert ann.ok(line).text == ann.ok(line).text


def test_an_id_is_known_by_other_names_as_well(bank):
    ann = bank.ann
    line = f"/pay ben 30 id={uuid.uuid4()}"
    refused = f"/pay ben 1000 id={uuid.uuid4()}"
    seq = number(ann.ok(line))
    ann.refused(refused, "insufficient-funds")
    ann.ok("/users rename ben bert")
    assert number(ann.ok(line)) == seq
    ann.refused(refused, "insufficient-funds")
    # In other words it is not known for the same.
    assert f"#{seq};" in ann.refused(line.replace("ben", "ann/ben"),
                                     "id-conflict")
    ann.refused(f"/pay ben 30 id={uuid.uuid4()}", "no-such-user")
    assert number(ann.ok(line.replace("ben", "bert"))) == seq
    bank.daemon.register("ben")
    assert number(ann.ok(line)) == seq  # though that is somebody else
    assert ann.ok("/balance").text == "-- Current balance: 70.00 R."


def test_fees_are_told(daemons):
    daemon = daemons.new(bank={"fees": {"pay": "0.10", "deposit": "1%",
                                        "withdraw": "0.50"}}).start()
    ann, ben = daemon.admin(), daemon.register("ben")
    assert ann.ok("/deposit 10").text == \
        "-- Deposited 10.00 R. Fee: 0.10 R. New balance: 9.90 R."
    assert ann.ok("/withdraw 1").text == \
        "-- Withdrew 1.00 R. Fee: 0.50 R. New balance: 8.40 R."
    assert ann.ok("/pay ben 1 tea").text.startswith(
        "-- Paid 1.00 R to ben (tea). Fee: 0.10 R. New balance: 7.30 R. #")
    ben.expect(r"^~~ ann paid you 1.00 R \(tea\). New balance: 1.00 R. #\d+$")
    assert [re.sub(f"{TIME}|#.*", "", line)
            for line in ann.ok("/history 1").lines[:-1]] == [
        "--  -1.00 R to ben tea. Balance 7.40 R. ",
        "--  -0.10 R fee, to fees. Balance 7.30 R. "]


def test_too_many_orders_are_refused(daemons):
    daemon = daemons.new(bank={"rate": "3/1h"}).start()
    ann, ben = daemon.admin(), daemon.register("ben")
    ann.ok("/deposit 100")
    ann.ok("/pay ben 1")
    ann.refused("/pay ben 1000", "insufficient-funds")
    line = f"/pay ben 1 id={uuid.uuid4()}"
    for _ in range(2):
        assert re.search(r"Try again in \d+ s", ann.refused(line, "flood"))
    daemon.admin().refused("/withdraw 1", "flood")
    assert ann.ok("/balance").text == "-- Current balance: 99.00 R."
    ann.ok("/history")
    ben.ok("/pay ann 1")
    daemon.write(bank={"rate": "none"})
    ann.ok("/reload")
    assert "98.00" not in ann.ok("/balance").text
    # What was too much was not done, and is not remembered.
    assert "New balance: 99.00 R." in ann.ok(line).text
    assert ann.ok(line).text == ann.ok(line).text


def test_a_memo_is_speech(bank):
    bank.ann.ok("/gmute ben 1h loud")
    bank.ben.ok("/deposit 10")
    bank.ben.refused("/pay ann 1 you fool", "muted")
    assert "paid" not in "".join(bank.ann.take())
    bank.ben.ok("/pay ann 1")
    bank.ann.expect("^~~ ben paid you 1.00 R. ")


def test_numbers_of_accounts_tell_no_names(bank):
    """Nobody finds out how others call theirs by counting."""
    ann, ben = bank.ann, bank.ben
    opened = number(ann.ok("/account open secret"))
    for line in (f"/pay #{opened} 0.01", f"/hold #{opened} 0.01",
                 f"/request #{opened} 0.01",
                 f"/standing #{opened} 0.01 yearly"):
        assert "secret" not in ben.refused(line, "no-such-account")
    ann.ok(f"/deposit 1 #{opened}")
