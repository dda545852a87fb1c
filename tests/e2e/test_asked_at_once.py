"""What is asked again while it is under way is not refused, as it is done yet.

Ben asks, and the ledger is held before it has done anything; then he asks again
over another connection, and would be refused by now.
"""

import contextlib
import fcntl
import socket
import threading
import uuid
from types import SimpleNamespace

import pytest

from authenticator import Clock, enrol
from cash_machine import choose, home_in, log_in, machines, says
from rialto import BUILD, WORD

SHIM = BUILD / "tests/e2e/held_ledger.so"


class Hold:
    """While it lasts, the ledger carries out nothing."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.after = daemon.log.mark()
        self.file = open(daemon.folder / "hold", "w", encoding="utf-8")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def expect(self):
        """It is reached by somebody."""
        self.daemon.log.expect("ledger: a transaction waits", self.after)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()


def start(daemon):
    daemon.start(env={
        "LD_PRELOAD": str(SHIM), "HELD_LEDGER": str(daemon.folder / "hold"),
        "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"})
    return daemon


@pytest.fixture
def town(daemons):
    daemon = start(daemons.new())
    ann, ben = daemon.admin(), daemon.register("ben")
    cleo = daemon.register("cleo")
    ben.ok("/account open savings")
    ben.ok("/deposit 100 savings")
    for person in ben, cleo:
        person.ok("/deposit 100")
    yield SimpleNamespace(daemon=daemon, ann=ann, ben=ben, cleo=cleo)


def number(answer):
    return int(answer.text.rpartition("#")[2])


class Op:
    """Of the ATM; it is answered by an entry, or refused by a code."""

    def __init__(self, op, /, **members):
        self.op, self.members = op, {"id": str(uuid.uuid4()), **members}

    def login(self, town, name="ben"):
        return town.daemon.atm(name)

    def send(self, atm):
        atm.send(self.op, **self.members)

    def receive(self, atm):
        answer = atm.receive()
        return answer["entry"] if answer["ok"] else answer["error"]["code"]


class Line:
    def __init__(self, line):
        self.line = f"{line} id={uuid.uuid4()}"

    def login(self, town, name="ben"):
        return town.daemon.login(name)

    def send(self, peer):
        peer.send(self.line + "\n")

    def receive(self, peer):
        answer = peer.answer()
        return number(answer) if answer.code == "ok" else answer.code


def refund(town):
    return Line(f"/refund {number(town.cleo.ok('/pay ben 3'))} sorry")


ASKED = {
    "deposit": lambda town: Op("deposit", amount="5", memo="tin"),
    "withdraw": lambda town: Op("withdraw", amount="5", memo="out"),
    "pay": lambda town: Op("pay", to="cleo", amount="5", memo="lunch"),
    "pay_from": lambda town: Op("pay", to="cleo", amount="5", memo="lunch",
                                account="savings"),
    "transfer": lambda town: Op("transfer", from_="savings", to="ben",
                                amount="5", memo="over"),
    "hold": lambda town: Op("hold", to="cleo", amount="5", memo="a bicycle"),
    "pay_line": lambda town: Line("/pay cleo 5 lunch"),
    "hold_line": lambda town: Line("/hold cleo 5 a bicycle"),
    "refund_line": refund,
}
NAMING = ("pay", "pay_from", "hold", "pay_line", "hold_line")


def muted(town):
    town.ann.ok("/gmute ben 1h loud")


def renamed(town):
    town.ann.ok("/users rename cleo clea")


@pytest.mark.parametrize("happens, name", [
    *((muted, name) for name in ASKED), *((renamed, name) for name in NAMING)])
def test_it_is_busy_until_it_is_done(town, happens, name):
    asked = ASKED[name](town)
    first, again = asked.login(town), asked.login(town)
    with Hold(town.daemon) as hold:
        asked.send(first)
        hold.expect()
        happens(town)
        asked.send(again)
        assert asked.receive(again) == "busy"
    done = asked.receive(first)
    assert not isinstance(done, str)
    asked.send(again)
    assert asked.receive(again) == done


def test_others_are_refused_as_before(town):
    """Who has the same id, and what has another."""
    asked = Op("pay", to="ann", amount="5", memo="lunch")
    ben, cleo = asked.login(town), asked.login(town, "cleo")
    with Hold(town.daemon) as hold:
        asked.send(ben)
        hold.expect()
        town.ann.ok("/gmute cleo 1h loud")
        muted(town)
        asked.send(cleo)
        assert asked.receive(cleo) == "muted"
        another = Op("pay", to="ann", amount="5", memo="lunch")
        again = another.login(town)
        another.send(again)
        assert another.receive(again) == "muted"
    assert not isinstance(asked.receive(ben), str)


def test_a_line_of_what_the_atm_asks(town):
    """The id is the same in all front-ends."""
    asked = Op("pay", to="cleo", amount="5", memo="lunch")
    atm = asked.login(town)
    with Hold(town.daemon) as hold:
        asked.send(atm)
        hold.expect()
        muted(town)
        line = f"/pay cleo 5 lunch id={asked.members['id']}"
        assert "under way" in town.ben.refused(line, "busy")
    done = asked.receive(atm)
    assert number(town.ben.ok(line)) == done


def results(atm):
    return [result["ok"] or result["error"]["code"]
            for result in atm.receive()["results"]]


def test_one_of_a_batch(town):
    """By itself, and in a batch that has what is new besides."""
    one = {"id": str(uuid.uuid4()), "to": "cleo", "amount": "5", "memo": "x"}
    atm, again, single = (town.daemon.atm("ben") for _ in range(3))
    asked = Op("pay", **one)
    with Hold(town.daemon) as hold:
        atm.send("batch", transfers=[one])
        hold.expect()
        muted(town)
        again.send("batch", transfers=[one, {**one, "id": str(uuid.uuid4())}])
        asked.send(single)
        assert results(again) == ["busy", "muted"]
        assert asked.receive(single) == "busy"
    assert results(atm) == [True]
    again.send("batch", transfers=[one])
    assert results(again) == [True]


def test_a_batch_of_what_is_asked_alone(town):
    one = {"id": str(uuid.uuid4()), "to": "cleo", "amount": "5", "memo": "x"}
    atm, again = town.daemon.atm("ben"), town.daemon.atm("ben")
    asked = Op("pay", **one)
    with Hold(town.daemon) as hold:
        asked.send(atm)
        hold.expect()
        muted(town)
        again.send("batch", transfers=[one, one])
        assert results(again) == ["busy", "busy"]
    assert not isinstance(asked.receive(atm), str)


@pytest.fixture
def guarded(daemons, tmp_path):
    """What is above a bound needs a code; ben has some that are good once."""
    daemon = start(daemons.new(bank={"second_factor_above": "50.00"}))
    daemon.register("cleo").close()
    ben = daemon.register("ben")
    for _ in range(4):
        ben.ok("/deposit 100")
    _, sheet = enrol(Clock(tmp_path), ben, WORD)
    first, again = daemon.atm(), daemon.atm()
    for atm in first, again:
        atm.login("ben", code=sheet.pop())
    yield SimpleNamespace(daemon=daemon, first=first, again=again, sheet=sheet)


def test_a_code_is_used_up_by_the_first(guarded):
    """The same request has the same code, and is no attack."""
    for code in guarded.sheet[:3]:
        asked = Op("withdraw", amount="60", code=code)
        with Hold(guarded.daemon) as hold:
            asked.send(guarded.first)
            hold.expect()
            asked.send(guarded.again)
        done = asked.receive(guarded.first)
        assert not isinstance(done, str)
        assert asked.receive(guarded.again) in (done, "busy")
        asked.send(guarded.again)
        assert asked.receive(guarded.again) == done


def test_a_code_is_used_up_by_the_first_batch(guarded):
    transfers = [{"id": str(uuid.uuid4()), "to": "cleo", "amount": "40"}
                 for _ in range(2)]
    asked = {"transfers": transfers, "code": guarded.sheet[0]}
    with Hold(guarded.daemon) as hold:
        guarded.first.send("batch", **asked)
        hold.expect()
        assert "under way" in guarded.again.refused("busy", "batch", **asked)
    done = guarded.first.receive()["results"]
    assert [result["ok"] for result in done] == [True, True]
    assert guarded.again.ok("batch", **asked)["results"] == done


class Wire:
    """Between a client and the daemon, until it is cut."""

    def __init__(self, port):
        self.there = port
        self.sides = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                here, _ = self.listener.accept()
                there = socket.create_connection(("127.0.0.1", self.there))
                self.sides += [here, there]
                for sides in (here, there), (there, here):
                    threading.Thread(target=self.copy, args=sides,
                                     daemon=True).start()

    @staticmethod
    def end(*sides):
        for side in sides:
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def copy(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        self.end(source, target)

    def cut(self):
        self.end(*self.sides)

    def close(self):
        self.end(self.listener, *self.sides)


def test_nobody_hears_that_nothing_was_moved(town, tmp_path):
    """The connection is lost, and over the next one it is busy: the machine
    goes on asking."""
    wire = Wire(town.daemon.atm_port)
    with machines(home_in(tmp_path)) as begin:
        atm = begin(town.daemon, port=wire.port)
        log_in(atm, "cleo")
        choose(atm, "4", "To whom:")
        atm.enter("ben")
        atm.until("How much?")
        choose(atm, "6", "Amount:")
        atm.enter("30.25")
        atm.until_last("Memo:")
        atm.enter("lunch")
        atm.until("Pay 30.25 RIA to ben (lunch)?")
        with Hold(town.daemon) as hold:
            atm.type("y")
            hold.expect()
            town.ann.ok("/gmute cleo 1h loud")
            wire.cut()
            says(atm, "is still under way: ask again. Trying again in")
        says(atm, "Paid 30.25 RIA to ben")
        assert "Nothing was moved" not in atm.text
    wire.close()
    assert town.cleo.ok("/balance").text == "-- Current balance: 69.75 R."
