"""Money that moves over the ATM protocol: once, with receipts, in batches."""

import hashlib
import pathlib
import re
import time
import uuid
from types import SimpleNamespace

import pytest

from atm import encode, read_signed
from authenticator import Clock, enrol
from rialto import WORD

FREE = {"bank": {"rate": "none"}}


@pytest.fixture
def bank(daemons):
    """Ann has 100.00, ben and cleo have nothing; ben is in the rooms, too."""
    daemon = daemons.new(**FREE).start()
    bank = SimpleNamespace(daemon=daemon, line=daemon.admin(),
                           chat=daemon.register("ben"))
    daemon.register("cleo").close()
    bank.line.ok("/deposit 100")
    bank.line.ok("/account open savings")
    bank.chat.entered()
    bank.ann, bank.ben = daemon.atm(), daemon.atm("ben")
    bank.ann.admin()
    return bank


def new_id():
    return str(uuid.uuid4())


def left(answer):
    return answer["balance"]["posted"], answer["balance"]["held"]


def receipt(atm, answer):
    """What the receipt says, which the server has signed."""
    kid, payload = read_signed(answer["receipt"], "rialto-receipt")
    assert kid == atm.identity
    assert payload["v"] == 1
    assert payload["entry"] == answer["entry"]
    assert payload["time"] == answer["time"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", payload["hash"])
    if "balance" in answer:
        assert payload["account"] == answer["balance"]["account"]
        assert payload["balance"] == answer["balance"]["posted"]
    return payload


def looked_up(atm, id):
    return atm.ok("lookup", of=id)


def test_what_can_be_spent(bank):
    """With the credit that the account has, and without what is held."""
    id = new_id()
    bank.line.ok("/bank limits ann floor=-50")
    hold = bank.ann.ok("hold", to="ben", amount="30")
    assert hold["balance"] == {"account": "ann", "posted": "100.00",
                               "held": "30.00", "available": "120.00"}
    paid = bank.ann.ok("pay", id=id, to="ben", amount="110")
    assert paid["balance"] == {"account": "ann", "posted": "-10.00",
                               "held": "30.00", "available": "10.00"}
    assert bank.ann.ok("balance")["balance"] == paid["balance"]
    assert looked_up(bank.ann, id)["answer"]["balance"] == paid["balance"]
    again = bank.ann.ok("pay", id=id, to="ben", amount="110")
    assert again["balance"] == paid["balance"]
    batch = bank.ann.ok("batch", transfers=[{"to": "ben", "amount": "1"}])
    assert batch["results"][0]["balance"]["available"] == "9.00"


def test_cash(bank):
    id = new_id()
    answer = bank.ben.ok("deposit", id=id, amount="10.5", memo="from the tin")
    assert left(answer) == ("10.50", "0.00")
    assert abs(answer["time"] / 1000 - time.time()) < 3600
    paper = receipt(bank.ben, answer)
    assert paper["id"] == id and paper["kind"] == "deposit"
    assert (paper["from"], paper["to"]) == ("cash:till", "ben")
    assert (paper["amount"], paper["fee"]) == ("10.50", "0.00")
    assert (paper["server"], paper["currency"]) == ("Rialto", "RIA")
    assert paper["memo"] == "from the tin"
    answer = bank.ben.ok("withdraw", amount="3")
    assert left(answer) == ("7.50", "0.00")
    paper = receipt(bank.ben, answer)
    assert (paper["from"], paper["to"]) == ("ben", "cash:till")
    bank.ben.refused("insufficient-funds", "withdraw", amount="7.51")
    assert left(bank.ann.ok("deposit", account="savings", amount="1")) == \
        ("1.00", "0.00")
    bank.ann.refused("no-such-account", "deposit", account="ben", amount="1")


def test_pay(bank):
    id = new_id()
    answer = bank.ann.ok("pay", id=id, to="Ben", amount="30.25", memo="lunch")
    assert answer["balance"] == {"account": "ann", "posted": "69.75",
                                 "held": "0.00",
                                 "available": "69.75"}
    assert "expires_ms" not in answer
    paper = receipt(bank.ann, answer)
    assert (paper["account"], paper["from"], paper["to"]) == \
        ("ann", "ann", "ben")
    assert paper["memo"] == "lunch"
    # It is told in the rooms, and is in both histories.
    bank.chat.expect(rf"ann paid you 30\.25 R \(lunch\).*#{answer['entry']}$")
    posting = bank.ben.ok("history")["postings"][0]
    assert (posting["entry"], posting["amount"], posting["other"]) == \
        (answer["entry"], "30.25", "ann")
    # The same again moves nothing, whoever asks how.
    again = bank.ann.ok("pay", id=id, to="ben", amount="30.25", memo="lunch")
    assert again == answer
    told = bank.line.ok(f"/pay ben 30.25 lunch id={id}")
    assert f"#{answer['entry']}" in told.text
    other = bank.daemon.atm()
    other.admin()
    assert other.ok("pay", id=id, to="ben", amount="30.25",
                    memo="lunch") == answer
    bank.ann.refused("id-conflict", "pay", id=id, to="ben", amount="30.26",
                     memo="lunch")
    assert bank.ben.balance() == "30.25"
    found = looked_up(bank.ann, id)
    assert found["known"] is True and found["answer"] == answer
    assert looked_up(bank.ben, id)["known"] is False


def test_without_a_receipt(bank):
    id = new_id()
    answer = bank.ann.ok("pay", id=id, to="ben", amount="1", receipt=False)
    assert "receipt" not in answer
    found = looked_up(bank.ann, id)["answer"]
    assert receipt(bank.ann, found)["amount"] == "1.00"
    assert {**answer, "receipt": found["receipt"]} == found


def test_an_id_of_chat_is_looked_up(bank):
    id = new_id()
    told = bank.line.ok(f"/pay ben 2 tea id={id}").text
    found = looked_up(bank.ann, id.upper())
    assert found["known"] is True
    assert f"#{found['answer']['entry']}" in told
    assert receipt(bank.ann, found["answer"])["memo"] == "tea"


def test_refusals_are_remembered(bank):
    id = new_id()
    words = bank.ben.refused("insufficient-funds", "pay", id=id, to="ann",
                             amount="5")
    bank.ben.ok("deposit", amount="5")
    assert bank.ben.refused("insufficient-funds", "pay", id=id, to="ann",
                            amount="5") == words
    assert looked_up(bank.ben, id)["answer"] == {
        "re": id, "ok": False,
        "error": {"code": "insufficient-funds", "text": words}}


@pytest.mark.parametrize("code, op, members", [
    ("bad-amount", "pay", {"to": "ben", "amount": "0"}),
    ("bad-amount", "pay", {"to": "ben", "amount": "-1"}),
    ("bad-amount", "pay", {"to": "ben", "amount": "1.001"}),
    ("bad-amount", "deposit", {"amount": "1e3"}),
    ("bad-request", "pay", {"to": "ben", "amount": 5}),
    ("bad-request", "pay", {"to": "ben"}),
    ("bad-request", "pay", {"to": "ben", "amount": "1", "from": "ann"}),
    ("bad-request", "pay", {"to": "ben", "amount": "1", "memo": "a\nb"}),
    ("bad-input", "pay", {"to": "ben", "amount": "1", "memo": "m" * 161}),
    ("no-such-user", "pay", {"to": "nobody", "amount": "1"}),
    ("no-such-account", "pay", {"to": "ben", "amount": "1", "account": "x"}),
    ("not-allowed", "pay", {"to": "cash:till", "amount": "1"}),
    ("self-payment", "pay", {"to": "ann", "amount": "1"}),
    ("no-such-account", "transfer",
     {"from": "ann", "to": "ben", "amount": "1"}),
    ("no-such-hold", "capture", {"hold": 1}),
    ("no-such-hold", "release", {"hold": 999999}),
    ("bad-request", "capture", {"hold": 0}),
    ("not-found", "reverse", {"entry": 999999}),
    ("bad-input", "hold", {"to": "ben", "amount": "1", "expires_ms": 1}),
    ("bad-input", "hold",
     {"to": "ben", "amount": "1", "expires_ms": 9007199254740991}),
    ("bad-request", "lookup", {}),
    ("bad-request", "batch", {"transfers": []}),
    ("bad-request", "batch", {"transfers": [{"to": "ben"}]}),
    ("bad-request", "batch", {"transfers": [1]}),
    ("bad-request", "batch",
     {"transfers": [{"to": "ben", "amount": "1", "code": "123456"}]}),
])
def test_what_is_refused(shared, code, op, members):
    if not hasattr(shared, "money"):
        shared.money = shared.atm()
        shared.money.admin()
        shared.register("ben").close()
        shared.admin().ok("/deposit 5")
    before = shared.money.balance()
    assert shared.money.refused(code, op, **members)
    assert shared.money.balance() == before


def test_transfer(bank):
    id = new_id()
    answer = bank.ann.ok("transfer", id=id, from_="ann", to="savings",
                         amount="40")
    assert answer["balance"] == {"account": "ann", "posted": "60.00",
                                 "held": "0.00",
                                 "available": "60.00"}
    assert receipt(bank.ann, answer)["to"] == "ann/savings"
    back = bank.ann.ok("transfer", from_="savings", to="ann", amount="15")
    assert back["balance"]["account"] == "ann/savings"
    assert left(back) == ("25.00", "0.00")
    assert looked_up(bank.ann, id)["answer"] == answer


def test_holds(bank):
    until = int(time.time() * 1000) + 3600000
    ids = [new_id() for _ in range(4)]
    hold = bank.ann.ok("hold", id=ids[0], to="ben", amount="30", memo="drill",
                       expires_ms=until)
    assert left(hold) == ("100.00", "30.00")
    assert hold["expires_ms"] == until
    assert receipt(bank.ann, hold)["kind"] == "hold"
    bank.ann.refused("not-allowed", "capture", hold=hold["entry"])
    taken = bank.ben.ok("capture", id=ids[1], hold=hold["entry"],
                        amount="12.5")
    assert taken["balance"] == {"account": "ben", "posted": "12.50",
                                "held": "0.00",
                                "available": "12.50"}
    paper = receipt(bank.ben, taken)
    assert (paper["from"], paper["to"], paper["reference"]) == \
        ("ann", "ben", hold["entry"])
    bank.ben.refused("hold-closed", "release", hold=hold["entry"])
    hold = bank.ann.ok("hold", id=ids[2], to="ben", amount="5")
    week = hold["expires_ms"] - hold["time"]
    assert abs(week - 7 * 86400000) < 3600000
    given = bank.ben.ok("release", id=ids[3], hold=hold["entry"])
    # Nothing of his has changed, and what ann has is not his to know.
    assert "balance" not in given
    paper = receipt(bank.ben, given)
    assert "balance" not in paper and paper["account"] == "ben"
    assert bank.ann.balance() == "87.50"
    assert looked_up(bank.ben, ids[1])["answer"] == taken
    assert looked_up(bank.ben, ids[3])["answer"] == given
    assert looked_up(bank.ann, ids[2])["answer"] == hold


def test_what_is_held(bank):
    """By whom and for whom; what one is on both sides of once."""
    assert bank.ben.ok("holds")["holds"] == []
    bank.line.ok("/account open shared:flat ben")
    bank.ann.ok("deposit", account="shared:flat", amount="10")
    until = int(time.time() * 1000) + 3_600_000
    first = bank.ann.ok("hold", to="ben", amount="5", memo='a "drill"',
                        expires_ms=until)["entry"]
    both = bank.ann.ok("hold", to="ben", amount="7", account="shared:flat",
                       expires_ms=until + 1000)["entry"]
    seen = bank.ann.ok("holds")
    assert seen["more"] is False
    assert seen["holds"] == [
        {"hold": first, "side": "payer", "from": "ann", "to": "ben",
         "amount": "5.00", "expires_ms": until, "memo": 'a "drill"'},
        {"hold": both, "side": "payer", "from": "shared:flat", "to": "ben",
         "amount": "7.00", "expires_ms": until + 1000, "memo": ""}]
    for hold in seen["holds"]:
        hold["side"] = "receiver"
    assert bank.ben.ok("holds")["holds"] == seen["holds"][::-1]
    bank.ben.ok("release", hold=both)
    assert bank.ben.ok("holds")["holds"] == seen["holds"][:1]
    bank.ben.refused("bad-request", "holds", hold=first)


def test_reversals(bank):
    ids = [new_id() for _ in range(4)]
    paid = bank.ann.ok("pay", to="ben", amount="10")
    undone = bank.ann.ok("reverse", id=ids[0], entry=paid["entry"])
    assert undone["balance"] == {"account": "ann", "posted": "100.00",
                                 "held": "0.00",
                                 "available": "100.00"}
    paper = receipt(bank.ann, undone)
    assert (paper["kind"], paper["from"], paper["to"], paper["reference"]) == \
        ("reverse", "ben", "ann", paid["entry"])
    bank.ann.refused("exists", "reverse", entry=paid["entry"])
    paid = bank.ann.ok("pay", to="ben", amount="10")
    refunded = bank.ben.ok("reverse", id=ids[1], entry=paid["entry"])
    assert refunded["balance"]["account"] == "ben"
    assert left(refunded) == ("0.00", "0.00")
    hold = bank.ann.ok("hold", to="ben", amount="9")
    taken = bank.ben.ok("capture", hold=hold["entry"])
    returned = bank.ben.ok("reverse", id=ids[2], entry=taken["entry"])
    assert returned["balance"]["account"] == "ben"
    cash = bank.ben.ok("deposit", amount="4")
    bank.daemon.atm("cleo").refused("not-found", "reverse",
                                    entry=cash["entry"])
    back = bank.ben.ok("reverse", id=ids[3], entry=cash["entry"])
    assert left(back) == ("0.00", "0.00")
    for atm, id, answer in ((bank.ann, ids[0], undone),
                            (bank.ben, ids[1], refunded),
                            (bank.ben, ids[2], returned),
                            (bank.ben, ids[3], back)):
        assert looked_up(atm, id)["answer"] == answer
    assert bank.ann.balance() == "100.00"


def derived(id, index):
    """The id of a transfer that was given none, by doc/protocol.md."""
    batch = uuid.UUID(id).bytes
    tail = int.from_bytes(hashlib.sha256(batch).digest()[:8], "big")
    made = batch[:6] + (0x8000 + index).to_bytes(2, "big") + \
        (tail & 2**62 - 1 | 2**63).to_bytes(8, "big")
    return str(uuid.UUID(bytes=made))


def test_batch(bank):
    id, own = new_id(), new_id().upper()
    transfers = [{"to": "ben", "amount": "10", "memo": "one"},
                 {"id": own, "to": "cleo", "amount": "20"},
                 {"to": "nobody", "amount": "1"},
                 {"to": "ben", "amount": "1.234"},
                 {"to": "ben", "amount": "500"},
                 {"to": "ben", "amount": "1", "memo": "m" * 161},
                 {"to": "ben", "amount": "5", "account": "savings"},
                 {"to": "cleo", "amount": "0.01"}]
    results = bank.ann.ok("batch", id=id, transfers=transfers)["results"]
    assert [r["re"] for r in results] == \
        [own if i == 1 else derived(id, i) for i in range(len(transfers))]
    assert [r["ok"] or r["error"]["code"] for r in results] == [
        True, True, "no-such-user", "bad-amount", "insufficient-funds",
        "bad-input", "insufficient-funds", True]
    assert all(r["ok"] or r["error"]["text"] for r in results)
    assert not any("receipt" in r for r in results)
    assert [r["balance"]["posted"] for r in results if r["ok"]] == \
        ["90.00", "70.00", "69.99"]
    bank.chat.expect(r"ann paid you 10\.00 R \(one\)")
    # Sent again, it moves nothing again, but tries what was not judged.
    assert bank.ann.ok("batch", id=id,
                       transfers=transfers)["results"] == results
    assert bank.ann.balance() == "69.99"
    for index in 0, 1, 4, 7:
        found = looked_up(bank.ann, results[index]["re"])["answer"]
        found.pop("receipt", None)
        assert {**found, "re": results[index]["re"]} == results[index]
    assert looked_up(bank.ann, results[2]["re"])["known"] is False


def test_a_batch_of_a_thousand(bank):
    transfers = [{"to": ("ben", "cleo")[i % 2], "amount": "0.01",
                  "memo": str(i)} for i in range(1000)]
    answer = bank.ann.ok("batch", transfers=transfers)
    results = answer["results"]
    assert all(r["ok"] for r in results)
    entries = [r["entry"] for r in results]
    assert len(set(entries)) == 1000
    assert results[-1]["balance"]["posted"] == "90.00"
    assert bank.ann.balance() == "90.00"
    assert bank.ben.balance() == "5.00"
    bank.ann.refused("bad-request", "batch",
                     transfers=transfers + transfers[:1])


def test_a_batch_while_no_job_is_to_be_had(daemons):
    """What is answered as busy was not done, however late that came."""
    daemon = daemons.new(server={"jobs": 1, "job_queue": 16}, **FREE).start()
    daemon.register("ben").close()
    others = [daemon.admin() for _ in range(30)]
    ann, ben = daemon.atm(), daemon.atm("ben")
    ann.admin()
    ann.ok("deposit", amount="100")
    done = 0
    for _ in range(3):
        ann.send("batch", transfers=[{"to": "ben", "amount": "0.01"}] * 1000)
        for other in others:
            other.send("/balance\n" * 2000)
        answer = ann.receive()
        results = answer["results"] if answer["ok"] else [answer]
        assert {result["error"]["code"] for result in results
                if not result["ok"]} <= {"busy"}
        done += sum(result["ok"] for result in results)
        for other in others:
            for _ in range(2000):
                other.answer()
        assert ben.balance() == f"{done / 100:.2f}"


def test_a_hold_is_asked_for_again_after_its_end(bank):
    id, until = new_id(), int(time.time() * 1000) + 3600 * 1000
    hold = bank.ann.ok("hold", id=id, to="ben", amount="5", expires_ms=until)
    # As it is for a clock that has gone on since.
    assert bank.ann.ok("hold", id=id, to="ben", amount="5",
                       expires_ms=1) == hold
    bank.ann.refused("bad-input", "hold", to="ben", amount="5", expires_ms=1)


def test_the_longest_answer_of_a_batch(bank):
    bank.line.ok("/gmute ben 1h " + '"' * 256)
    bank.ben.send("batch", transfers=[{"to": "ann", "amount": "1",
                                       "memo": "x"}] * 1000)
    line = bank.ben.wire.line()
    assert len(line) <= 524288
    results = bank.ben.open(line)["results"]
    assert [result["error"]["code"] for result in results] == ["muted"] * 1000
    assert '"' * 256 in results[0]["error"]["text"]


def test_two_batches_at_once(bank):
    """They run out of money in between: nothing is done twice, or below."""
    others = [bank.daemon.atm(), bank.daemon.atm()]
    for atm in others:
        atm.admin()
        atm.send("batch", transfers=[{"to": "ben", "amount": "0.2"}] * 300)
    results = [r for atm in others for r in atm.receive()["results"]]
    assert sum(r["ok"] for r in results) == 500
    assert {r["error"]["code"] for r in results if not r["ok"]} == \
        {"insufficient-funds"}
    assert bank.ann.balance() == "0.00"
    assert bank.ben.balance() == "100.00"


def test_a_batch_to_one_who_was_never_here(daemons):
    """Whose account is opened while those before are carried out."""
    daemon = daemons.new(server={"jobs": 1}, **FREE).start()
    line = daemon.admin()
    line.ok("/deposit 100")
    line.ok(f"/users add dora {WORD}")
    daemon.register("ben").close()
    ann, id = daemon.atm(), new_id()
    ann.admin()
    transfers = [{"to": ("ben", "dora")[i > 90], "amount": "0.01"}
                 for i in range(300)]
    for i in 3, 290:
        transfers[i] = {"to": "ben", "amount": "0.02", "id": id}
    results = ann.ok("batch", transfers=transfers)["results"]
    assert all(r["ok"] for r in results)
    assert results[290] == results[3]
    assert ann.balance() == results[299]["balance"]["posted"] == "97.00"
    assert daemon.atm("ben").balance() == "0.92"
    assert daemon.atm("dora").balance() == "2.08"


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_ended_in_a_batch(bank, end):
    """What was answered is there; what was not is done by asking again."""
    id = new_id()
    transfers = [{"to": "ben", "amount": "0.1"}] * 400
    paid = bank.ann.ok("pay", id=new_id(), to="ben", amount="1")
    bank.ann.send("batch", id=id, transfers=transfers)
    while bank.ben.balance() == "1.00":
        pass
    getattr(bank.daemon, end)()
    bank.daemon.start()
    ann, ben = bank.daemon.atm(), bank.daemon.atm("ben")
    ann.admin()
    before = ann.ok("lookup", of=derived(id, 0))
    results = ann.ok("batch", id=id, transfers=transfers)["results"]
    assert all(r["ok"] for r in results)
    assert len({r["entry"] for r in results} | {paid["entry"]}) == 401
    if before["known"]:
        assert before["answer"]["entry"] == results[0]["entry"]
    assert ann.balance() == "59.00"
    assert ben.balance() == "41.00"


def test_a_session_ends_while_its_batch_goes_on(bank):
    id = new_id()
    transfers = [{"to": "ben", "amount": "0.1"}] * 200
    bank.ann.send("batch", id=id, transfers=transfers)
    bank.ann.close()
    again = bank.daemon.atm()
    again.admin()
    results = again.ok("batch", id=id, transfers=transfers)["results"]
    assert all(r["ok"] for r in results)
    assert again.balance() == "80.00"


@pytest.fixture
def guarded(daemons):
    """Above 50.00 a code is needed: ben has a phone, cleo has none."""
    clock = Clock(pathlib.Path(daemons.space))
    daemon = daemons.new(bank={"rate": "none",
                               "second_factor_above": "50.00"})
    daemon.start(env=clock.env)
    ben, cleo = (daemon.register(name) for name in ("ben", "cleo"))
    for peer in (ben, cleo):
        for _ in range(2):
            peer.ok("/deposit 200")
    phone, _ = enrol(clock, ben, WORD)
    atm = daemon.atm()
    atm.refused("code-required", "login", user="ben", password=WORD)
    atm.login("ben", code=phone.code())
    return SimpleNamespace(daemon=daemon, phone=phone, ben=atm,
                           cleo=daemon.atm("cleo"))


def test_much_money_needs_a_code(guarded):
    ben, phone = guarded.ben, guarded.phone
    id = new_id()
    ben.ok("pay", to="cleo", amount="50")
    for op, more in (("pay", {"to": "cleo"}), ("hold", {"to": "cleo"}),
                     ("withdraw", {})):
        words = ben.refused("code-required", op, id=id, amount="50.01", **more)
        assert "/code" not in words
    assert looked_up(ben, id)["known"] is False
    ben.refused("bad-code", "pay", id=id, to="cleo", amount="60",
                code_=phone.wrong())
    assert looked_up(ben, id)["known"] is False
    code = phone.code()
    answer = ben.ok("pay", id=id, to="cleo", amount="60", code=code)
    assert left(answer) == ("290.00", "0.00")
    # What was done needs none; and a code is good once.
    assert ben.ok("pay", id=id, to="cleo", amount="60") == answer
    ben.refused("bad-code", "pay", to="cleo", amount="60", code_=code)
    guarded.cleo.refused("code-required", "pay", to="ben", amount="51")
    assert ben.balance() == "290.00"


def test_a_batch_needs_a_code_for_its_sum(guarded):
    ben, phone = guarded.ben, guarded.phone
    id = new_id()
    transfers = [{"to": "cleo", "amount": "20"},
                 {"to": "cleo", "amount": "30"}]
    assert all(r["ok"] for r in
               ben.ok("batch", transfers=transfers)["results"])
    transfers += [{"to": "cleo", "amount": "0.01"},
                  {"to": "nobody", "amount": "70"},
                  {"to": "cleo", "amount": "60"}]
    ben.refused("code-required", "batch", id=id, transfers=transfers)
    ben.refused("bad-code", "batch", id=id, transfers=transfers,
                code_=phone.wrong())
    assert looked_up(ben, derived(id, 0))["known"] is False
    results = ben.ok("batch", id=id, transfers=transfers,
                     code=phone.code())["results"]
    assert [r["ok"] for r in results] == [True, True, True, False, True]
    assert ben.balance() == "239.99"


def test_three_wrong_codes_for_money(guarded):
    for _ in range(3):
        guarded.ben.refused("bad-code", "batch", code_=guarded.phone.wrong(),
                            transfers=[{"to": "cleo", "amount": "51"}])
    assert guarded.ben.wire.rest() == []


def test_the_rate_of_orders(daemons):
    daemon = daemons.new(bank={"rate": "3/1h"}).start()
    daemon.admin().ok("/deposit 10")
    daemon.register("ben").close()
    ann = daemon.atm()
    ann.admin()
    results = ann.ok("batch", transfers=[{"to": "ben",
                                          "amount": "1"}] * 5)["results"]
    assert [r["ok"] or r["error"]["code"] for r in results] == \
        [True, True, "flood", "flood", "flood"]
    assert looked_up(ann, results[2]["re"])["known"] is False


def test_who_may_not_speak_writes_no_memos(bank):
    bank.ben.ok("deposit", amount="9")
    bank.line.ok("/gmute ben 1h loud")
    bank.ben.refused("muted", "pay", to="ann", amount="1", memo="hear me")
    bank.ben.ok("pay", to="ann", amount="1")
    results = bank.ben.ok("batch", transfers=[
        {"to": "ann", "amount": "1", "memo": "hear me"},
        {"to": "ann", "amount": "1"}])["results"]
    assert [r["ok"] or r["error"]["code"] for r in results] == ["muted", True]


def test_fees_are_in_receipts(daemons):
    daemon = daemons.new(bank={"rate": "none",
                               "fees": {"pay": "0.10"}}).start()
    daemon.admin().ok("/deposit 10")
    daemon.register("ben").close()
    ann = daemon.atm()
    ann.admin()
    id = new_id()
    answer = ann.ok("pay", id=id, to="ben", amount="1")
    assert left(answer) == ("8.90", "0.00")
    paper = receipt(ann, answer)
    assert (paper["amount"], paper["fee"]) == ("1.00", "0.10")
    assert looked_up(ann, id)["answer"] == answer
    # It comes back, and the fee with it.
    id = new_id()
    answer = ann.ok("reverse", id=id, entry=answer["entry"])
    assert left(answer) == ("10.00", "0.00")
    paper = receipt(ann, answer)
    assert (paper["from"], paper["to"]) == ("ben", "ann")
    assert (paper["amount"], paper["fee"]) == ("1.00", "-0.10")
    assert looked_up(ann, id)["answer"] == answer
    posting = ann.ok("history")["postings"][0]
    assert (posting["other"], posting["amount"]) == ("ben", "1.10")


def test_a_receipt_is_of_the_entry_in_the_chain(bank):
    answer = bank.ann.ok("pay", to="ben", amount="1")
    told = bank.line.ok(f"/bank show #{answer['entry']}").text
    hash = re.search(r"hash: ([0-9a-f]{64})", told)[1]
    assert receipt(bank.ann, answer)["hash"] == encode(bytes.fromhex(hash))


def test_who_is_renamed_disabled_or_gone(bank):
    answer = bank.daemon.atm("cleo").ok("deposit", amount="3")
    atm = bank.daemon.atm("cleo")
    listed = bank.line.ok("/sessions all").text
    assert re.search(r"cleo .*atm, TLS1\.3", listed), listed
    bank.line.ok("/users rename cleo clea")
    again = atm.ok("deposit", amount="1")
    assert again["balance"]["account"] == "clea"
    assert "clea" in bank.line.ok("/sessions all").text
    assert again["entry"] > answer["entry"]
    bank.line.ok("/users disable clea")
    atm.last_word("disabled")
    bank.daemon.atm().refused("disabled", "login", user="clea", password=WORD)
