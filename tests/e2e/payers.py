"""Members who pay each other, and remember what the bank answered."""

import random
import re
import threading
import uuid

from lives import Tally
from rialto import Closed, WORD

# Asked again, with the same id, these may come to something else.
REFUSALS = ("storage-full", "busy")
# These are remembered as well as a payment that was made.
ANSWERS = ("ok", "insufficient-funds")

BALANCE = re.compile(r"^-- ([a-z]\S*) (-?\d+\.\d\d) R(?:, .*)? #(\d+)$", re.M)
TOTAL = re.compile(r"; together: (\S+) R\.")
ENTRY = re.compile(r"^-- \S+ \S+ ([+-])(\d+\.\d\d) R \S.*? (t\d+)\. "
                   r"Balance (-?\d+\.\d\d) R\. #(\d+)$", re.M)
PAID = re.compile(r"^-- Paid (\S+) R to (\S+) \((t\d+)\)\. "
                  r"New balance: (\S+) R\. #(\d+)$")


def cents(text):
    sign = -1 if text.startswith("-") else 1
    whole, part = text.lstrip("-").split(".")
    return sign * (int(whole) * 100 + int(part))


class Payer:
    """One member: what was asked, and what was answered."""

    def __init__(self, number):
        self.name = f"p{number}"
        # Of one address only so many passwords are looked at at once.
        self.source = f"127.0.1.{number + 1}"
        self.answers = {}  # line -> (code, text)
        self.open = None   # a line without an answer yet
        self.count = 0
        self.asked_again = 0

    def join(self, daemon):
        machine = daemon.register(self.name)
        machine.ok("/deposit 100")
        machine.close()
        return self

    def enter(self, daemon):
        machine = daemon.machine(source=self.source)
        machine.ok(f"/login {self.name} {WORD}")
        return machine

    def draw(self, others, dice):
        """A line; some cannot be paid."""
        self.count += 1
        other = dice.choice(others)
        amount = dice.choice([1, 5, 199, 25000, dice.randrange(1, 4000)])
        return (f"/pay {other.name if other is not self else others[0].name} "
                f"{amount // 100}.{amount % 100:02} t{self.count} "
                f"id={uuid.UUID(int=dice.getrandbits(128), version=4)}")

    def ask(self, machine):
        """The open line, until there is an answer to it."""
        while self.open:
            answer = machine.command(self.open)
            machine.events.clear()
            if answer.code in REFUSALS:
                self.asked_again += 1
                continue
            assert answer.code in ANSWERS + ("self-payment",), \
                f"{self.open}: {answer}"
            self.answers[self.open] = (answer.code, answer.text)
            self.open = None

    def check_last(self, machine):
        """What was answered last before the cut is answered so again."""
        for line, was in list(self.answers.items())[-1:]:
            answer = machine.command(line)
            assert (answer.code, answer.text) == was, (line, was, answer)

    def live(self, daemon, others, dice, tally):
        try:
            machine = self.enter(daemon)
            self.ask(machine)
            self.check_last(machine)
            while not tally.is_over:
                self.open = self.draw(others, dice)
                self.ask(machine)
                tally.add()
            machine.close()
        except (Closed, OSError):
            pass
        except BaseException as problem:
            tally.fail(problem)

    def check(self, daemon):
        """Every id once: asked again, and in the statement."""
        machine = self.enter(daemon)
        self.ask(machine)
        lines = list(self.answers)
        for i in range(0, len(lines), 50):
            piece = lines[i:i + 50]
            machine.send("".join(line + "\n" for line in piece))
            for line in piece:
                answer = machine.answer()
                assert (answer.code, answer.text) == self.answers[line], \
                    (line, self.answers[line], answer)
        paid = sorted(self.entries(machine))
        machine.close()
        assert paid == sorted(
            (match[3], match[1], match[4], int(match[5]))
            for match in (PAID.match(text) for code, text
                          in self.answers.values() if code == "ok"))
        return len(paid)

    def entries(self, machine):
        """All that was paid, by the pages of the history."""
        line = "/history 100"
        while line:
            text = machine.ok(line).text
            for sign, amount, memo, balance, seq in ENTRY.findall(text):
                if sign == "-":
                    yield memo, amount, balance, int(seq)
            older = re.search(r"^-- Older ones: (.*)$", text, re.M)
            line = older and older[1] + " 100"


def read_all(console):
    """All balances of one moment: they add up to nothing."""
    text = console.ok("/bank accounts").text
    found = BALANCE.findall(text)
    balances = {name: cents(amount) for name, amount, _ in found}
    assert TOTAL.search(text)[1] == "0.00", text
    assert sum(balances.values()) == 0, text
    return balances


def check_moment(console, payers):
    """Nobody is below the floor, and no money came or went."""
    balances = read_all(console)
    members = [balances[payer.name] for payer in payers]
    assert min(members) >= 0, balances
    assert sum(members) == -balances["cash:till"] == 10000 * len(payers), \
        balances
    return balances


class Watch:
    """Looks at all balances again and again, until the end."""

    def __init__(self, daemon, payers, tally):
        self.count = 0
        self.tally = tally
        self.thread = threading.Thread(target=self._look,
                                       args=(daemon, payers))
        self.thread.start()

    def _look(self, daemon, payers):
        try:
            console = daemon.console()
            while not self.tally.is_over:
                check_moment(console, payers)
                self.count += 1
            console.close()
        except (Closed, OSError):
            pass
        except BaseException as problem:
            self.tally.fail(problem)


class Market:
    """Everybody pays, each in a session and a thread of its own."""

    def __init__(self, daemon, payers, dice, watches=0):
        self.daemon = daemon
        self.tally = Tally()
        self.tally.is_over = False
        self.threads = [
            threading.Thread(target=payer.live, args=(
                daemon, payers, random.Random(dice.random()), self.tally))
            for payer in payers]
        for thread in self.threads:
            thread.start()
        self.watches = [Watch(daemon, payers, self.tally)
                        for _ in range(watches)]

    def join(self):
        for thread in self.threads:
            thread.join()
        for watch in self.watches:
            watch.thread.join()
        if self.tally.problem:
            raise self.tally.problem

    def close(self):
        """Everybody has an answer, and leaves."""
        self.tally.is_over = True
        self.join()

    def kill(self):
        """A power cut; how many answers there had been."""
        self.daemon.kill()
        self.join()
        return self.tally.count
