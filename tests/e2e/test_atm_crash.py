"""Money over the ATM protocol under power cuts, and in races.

RIALTO_SOAK is the number of power cuts (5), RIALTO_SEED makes a run again.
"""

import os
import random
import uuid

import pytest

from payers import REFUSALS, Market, Payer, cents, check_moment
from rialto import ADMIN, ADMIN_WORD

CUTS = int(os.environ.get("RIALTO_SOAK") or 5)
SEED = int(os.environ.get("RIALTO_SEED") or random.randrange(10**9))
PAYERS = 24
SETTINGS = {"rate": "none", "cash": {"per_deposit": "none", "per_day": "none"}}
FINAL = ("ok", "insufficient-funds")
RACES = 12


def code(answer):
    return "ok" if answer["ok"] else answer["error"]["code"]


def plain(answer):
    return {name: value for name, value in answer.items() if name != "receipt"}


class AtmPayer(Payer):
    """A payer at an ATM, who pays one by one and in batches.

    What has no answer is asked for by lookup, or sent again.
    """

    def __init__(self, number):
        super().__init__(number)
        self.memos = {}   # id -> memo
        self.found = 0    # by lookup, after their answers were lost
        self.dice = None  # of the life that is led
        self.atm = None

    def enter(self, daemon):
        self.leave()
        self.atm = daemon.atm(source=self.source)
        self.atm.login(self.name)
        return self.atm

    def leave(self):
        if self.atm:
            self.atm.close()

    def live(self, daemon, others, dice, tally):
        self.dice = dice
        super().live(daemon, others, dice, tally)
        self.leave()

    def transfer(self, others, dice):
        self.count += 1
        amount = dice.choice([1, 5, 199, 25000, dice.randrange(1, 4000)])
        to = dice.choice([other for other in others if other is not self])
        made = {"id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
                "to": to.name, "amount": f"{amount // 100}.{amount % 100:02}",
                "memo": f"t{self.count}"}
        self.memos[made["id"]] = made["memo"]
        return made

    def draw(self, others, dice):
        if dice.random() < 0.7:
            return {"op": "pay", "receipt": False,
                    **self.transfer(others, dice)}
        return {"op": "batch", "transfers": [
            self.transfer(others, dice) for _ in range(dice.randrange(1, 12))]}

    def note(self, answer):
        assert code(answer) in FINAL, answer
        was = self.answers.setdefault(answer["re"], plain(answer))
        assert was == plain(answer), (was, answer)

    def look(self, atm, id):
        """What became of it, if anything did; noted."""
        found = atm.ok("lookup", of=id)
        if found["known"]:
            self.note(found["answer"])
        return found["known"]

    def resolve(self, atm):
        """What was under way at the cut may have happened, wholly or not."""
        if self.open["op"] == "pay":
            self.found += self.look(atm, self.open["id"])
            if self.open["id"] in self.answers:
                self.open = None
            return
        for transfer in self.open["transfers"]:
            self.found += self.look(atm, transfer["id"])

    def ask(self, atm):
        if self.open and self.dice and self.dice.random() < 0.5:
            self.resolve(atm)
        self.send(atm)

    def send(self, atm):
        while self.open:
            answer = atm.ask(**self.open)
            results = [answer]
            if self.open["op"] == "batch" and answer["ok"]:
                results = answer["results"]
            if any(code(result) in REFUSALS for result in results):
                self.asked_again += 1
                continue
            for result in results:
                self.note(result)
            self.open = None

    def check_last(self, atm):
        for id in list(self.answers)[-1:]:
            assert self.look(atm, id)

    def check(self, daemon):
        """Every id once: looked up, and in the statement."""
        atm = self.enter(daemon)
        if self.open:
            self.resolve(atm)
        self.send(atm)
        ids = list(self.answers)
        for i in range(0, len(ids), 50):
            asked = [atm.send("lookup", of=id) for id in ids[i:i + 50]]
            for id, lookup in zip(ids[i:i + 50], asked):
                answer = atm.receive()
                assert answer["re"] == lookup and answer["known"], answer
                self.note(answer["answer"])
        paid = sorted(self.entries(atm))
        atm.close()
        assert paid == sorted(
            (self.memos[id], answer["balance"]["posted"], answer["entry"])
            for id, answer in self.answers.items() if answer["ok"])
        return len(paid)

    def entries(self, atm):
        before = None
        while True:
            page = atm.ok("history", limit=500, before=before)
            for posting in page["postings"]:
                if cents(posting["amount"]) < 0:
                    yield posting["memo"], posting["balance"], posting["entry"]
            before = page["next"]
            if before is None:
                return


def test_what_was_answered_survives_power_cuts(daemons):
    print(f"RIALTO_SEED={SEED}")
    dice = random.Random(SEED)
    daemon = daemons.new(bank=SETTINGS, users={"lockout": "none"},
                         server={"workers": 4}).start()
    payers = [AtmPayer(i).join(daemon) for i in range(PAYERS)]
    for number in range(CUTS):
        market = Market(daemon, payers, dice, watches=1)
        try:
            market.tally.wait_for(dice.randrange(1, 250))
        finally:
            done = market.kill()
        daemon.check_books()
        daemon.start()
        check_moment(daemon.console(), payers)
        print(f"cut {number}: {done} answers")
    paid = sum(payer.check(daemon) for payer in payers)
    print(f"{paid} payments, each of them once; "
          f"{sum(payer.found for payer in payers)} found by lookup")
    check_moment(daemon.console(), payers)


@pytest.fixture(scope="module")
def bank(shared):
    """Ann, who has money; ben, with two sessions, and in the rooms."""
    shared.line = shared.admin()
    shared.line.ok("/deposit 100")
    shared.chat = shared.register("ben")
    shared.ann = shared.atm(ADMIN, ADMIN_WORD)
    shared.first, shared.second = shared.atm("ben"), shared.atm("ben")
    return shared


def at_once(asked):
    """Requests of several sessions: the answers, in the same order."""
    for atm, op, members in asked:
        atm.send(op, **members)
    return [atm.receive() for atm, _, _ in asked]


def entry_of(told):
    return int(told.text.rpartition("#")[2])


@pytest.mark.parametrize("number", range(RACES))
def test_one_id_from_an_atm_and_a_line(bank, number):
    id, before = str(uuid.uuid4()), bank.first.balance()
    if number % 2:
        bank.line.send(f"/pay ben 0.03 tea id={id}\n")
    bank.ann.send("pay", id=id, to="ben", amount="0.03", memo="tea")
    if not number % 2:
        bank.line.send(f"/pay ben 0.03 tea id={id}\n")
    answer, told = bank.ann.receive(), bank.line.answer()
    assert answer["ok"] and told.code == "ok"
    assert answer["entry"] == entry_of(told)
    assert cents(bank.first.balance()) == cents(before) + 3


@pytest.mark.parametrize("number", range(RACES))
def test_one_id_with_another_content(bank, number):
    id, before = str(uuid.uuid4()), bank.first.balance()
    bank.line.send(f"/pay ben 0.03 tea id={id}\n")
    bank.ann.send("pay", id=id, to="ben", amount="0.04", memo="tea")
    codes = [bank.line.answer().code, code(bank.ann.receive())]
    assert sorted(codes) == ["id-conflict", "ok"]
    assert cents(bank.first.balance()) == \
        cents(before) + (3 if codes[0] == "ok" else 4)


@pytest.mark.parametrize("number", range(RACES))
def test_capture_against_release(bank, number):
    before = cents(bank.ann.balance())
    hold = bank.ann.ok("hold", to="ben", amount="0.05")["entry"]
    asked = [(bank.first, "capture", {"hold": hold}),
             (bank.second, "release", {"hold": hold})]
    answers = at_once(asked[::-1] if number % 2 else asked)
    codes = [code(answer) for answer in
             (answers[::-1] if number % 2 else answers)]
    assert sorted(codes) == ["hold-closed", "ok"]
    balance = bank.ann.ok("balance")["balance"]
    assert cents(balance["posted"]) == before - (5 if codes[0] == "ok" else 0)
    assert balance["held"] == "0.00"


@pytest.mark.parametrize("number", range(RACES))
def test_two_captures(bank, number):
    before = cents(bank.ann.balance())
    hold = bank.ann.ok("hold", to="ben", amount="0.05")["entry"]
    answers = at_once([(bank.first, "capture", {"hold": hold}),
                       (bank.second, "capture",
                        {"hold": hold, "amount": "0.05"})])
    assert sorted(map(code, answers)) == ["hold-closed", "ok"]
    assert cents(bank.ann.balance()) == before - 5


@pytest.mark.parametrize("number", range(RACES))
def test_two_reverses(bank, number):
    """The payer undoes what the receiver sends back."""
    before = bank.ann.balance()
    paid = bank.ann.ok("pay", to="ben", amount="0.07")["entry"]
    asked = [(bank.ann, "reverse", {"entry": paid}),
             (bank.first, "reverse", {"entry": paid}),
             (bank.second, "reverse", {"entry": paid})]
    random.Random(number).shuffle(asked)
    codes = sorted(map(code, at_once(asked)))
    assert codes == ["exists", "exists", "ok"]
    assert bank.ann.balance() == before


@pytest.mark.parametrize("number", range(RACES))
def test_the_last_cent(bank, number):
    """By an ATM and in chat: it is there once."""
    name = f"cent{number}"
    chat = bank.register(name)
    chat.ok("/deposit 0.01")
    atm = bank.atm(name)
    if number % 2:
        chat.send("/pay ben 0.01\n")
    atm.send("pay", to="ann", amount="0.01")
    if not number % 2:
        chat.send("/pay ben 0.01\n")
    codes = [code(atm.receive()), chat.answer().code]
    assert sorted(codes) == ["insufficient-funds", "ok"]
    assert atm.balance() == "0.00"


@pytest.mark.parametrize("number", range(RACES))
def test_who_was_cut_off_asks_again(bank, number):
    """Whether it was done by then or not: it is done once."""
    before = cents(bank.ann.balance())
    id = str(uuid.uuid4())
    lost = bank.atm(ADMIN, ADMIN_WORD)
    lost.send("pay", id=id, to="ben", amount="0.09")
    lost.wire.sock.close()
    found = bank.ann.ok("lookup", of=id)
    answer = bank.ann.ok("pay", id=id, to="ben", amount="0.09")
    if found["known"]:
        assert found["answer"] == answer
    assert bank.ann.ok("lookup", of=id)["answer"] == answer
    assert cents(bank.ann.balance()) == before - 9
