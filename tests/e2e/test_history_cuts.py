"""Power cuts while people talk: what is stored is how the talk began.

RIALTO_SOAK is the number of rounds (5), RIALTO_SEED makes a run again. In each
round people talk in several rooms, with somebody in each who listens, and looks
back now and then: what was heard before an answered /review must be there after
the cut, and nothing in between may be missing; but for the oldest, where no
more than so many are kept.
"""

import os
import random
import re

import pytest

from lives import kill_at_work
from rialto import Closed

ROUNDS = int(os.environ.get("RIALTO_SOAK") or 5)
SEED = int(os.environ.get("RIALTO_SEED") or random.randrange(10**9))
ROOMS, SPEAKERS = 3, 2  # in each room
PAGE = 200

SPOKEN = re.compile(r"\[\S+\] (\S+: .*)")
STORED = re.compile(r"-- \[\S+\] #(\d+) (?:\S+ )?\d\d:\d\d (.*)")


class Speaker:
    def __init__(self, den, name):
        self.den, self.name, self.count = den, name, 0

    def live(self, daemon, _dice, tally):
        try:
            machine = daemon.login(self.name)
            machine.ok(f"/join {self.den.room}")
            while True:
                self.count += 1
                machine.ok(f"{self.den.room} {self.count}")
                machine.events.clear()
                tally.add()
        except (Closed, OSError):
            pass
        except BaseException as problem:
            tally.fail(problem)


class Den:
    """A room: what is known to be stored, and what was heard since."""

    def __init__(self, daemon, number):
        self.room = f"den{number}"
        self.name = f"ear{number}"
        ear = daemon.register(self.name)
        ear.ok(f"/join {self.room}")
        ear.ok("hello")
        self.stored = self.page(ear, "1")  # (number, words)
        self.speakers = [Speaker(self, f"mouth{number}-{i}")
                         for i in range(SPEAKERS)]
        for speaker in self.speakers:
            daemon.register(speaker.name).ok(f"/join {self.room}")

    def enter(self, daemon):
        """Before anybody speaks."""
        self.machine = daemon.login(self.name)
        self.heard, self.certain = 0, 0
        return self

    def words(self):
        return [match[1] for match in map(SPOKEN.match, self.machine.events)
                if match]

    def live(self, _daemon, dice, tally):
        """Until the daemon is killed."""
        machine = self.machine
        try:
            while True:
                for _ in range(dice.randrange(1, 400)):
                    machine.events.append(machine.line())
                heard = len(machine.events)
                machine.ok(f"/review {self.room} 1")
                self.certain = heard
        except (Closed, OSError):
            pass
        except BaseException as problem:
            tally.fail(problem)

    def page(self, machine, which):
        return [(int(match[1]), match[2]) for match in
                map(STORED.match,
                    machine.ok(f"/review {self.room} {which}").lines) if match]

    def read_on(self, daemon, last):
        """What is stored behind a number, page by page."""
        machine, read = daemon.login(self.name), []
        while page := self.page(machine, f"after {last} {PAGE}"):
            read += page
            last = page[-1][0]
        return read

    def check(self, daemon, most):
        """What has come to what was known; how much that is."""
        fresh = self.read_on(daemon, self.stored[-1][0])
        numbers = [number for number, _ in fresh]
        if fresh:
            assert numbers == list(range(numbers[0], numbers[0] + len(fresh)))
        heard, stored = self.words(), [words for _, words in fresh]
        dropped = 0
        if len(stored) >= most and stored[0] in heard:
            dropped = heard.index(stored[0])
        shorter = min(len(heard) - dropped, len(stored))
        assert stored[:shorter] == heard[dropped:dropped + shorter]
        certain = len([event for event in self.machine.events[:self.certain]
                       if SPOKEN.match(event)])
        assert dropped + len(stored) >= certain
        self.stored += fresh
        return len(stored)


    def check_all(self, daemon, most):
        """In the end: nothing that was stored is missing but the oldest."""
        stored = self.read_on(daemon, 1)
        assert len(stored) >= min(most, len(self.stored) - 1)
        assert stored == self.stored[-len(stored):]


@pytest.mark.parametrize("most", [10**9, 300], ids=["all", "some"])
def test_what_is_stored_is_how_the_talk_began(daemons, most):
    print(f"RIALTO_SEED={SEED}")
    dice = random.Random(SEED)
    daemon = daemons.new(chat={"history_count": min(most, 10**8)}).start()
    dens = [Den(daemon, number) for number in range(ROOMS)]
    for number in range(ROUNDS):
        at_work = [den.enter(daemon) for den in dens]
        for den in dens:
            at_work += den.speakers
        said = kill_at_work(daemon, at_work, dice, 3000)
        if number % 2:
            result = daemon.offline("--verify")
            assert result.returncode == 0, result.stdout + result.stderr
        daemon.start()
        kept = sum(den.check(daemon, most) for den in dens)
        print(f"round {number}: {said} said, {kept} stored")
    for den in dens:
        den.check_all(daemon, most)
    daemon.stop()
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stdout + result.stderr
