"""A load of users who remember what the daemon told them that it holds."""

import random
import re
import threading

from rialto import Closed, deadline, remaining

# Nothing was changed, and one may try again.
REFUSALS = ("storage-full", "busy")

ROOMS = 60  # that one user makes


class Tally:
    """Counts acknowledgements, so that somebody can wait for the Nth."""

    def __init__(self):
        self.changed = threading.Condition()
        self.count = 0
        self.problem = None

    def add(self):
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def fail(self, problem):
        with self.changed:
            self.problem = self.problem or problem
            self.changed.notify_all()

    def wait_for(self, count):
        with self.changed:
            reached = self.changed.wait_for(
                lambda: self.count >= count or self.problem,
                remaining(deadline(60)))
            if self.problem:
                raise self.problem
            assert reached, f"only {self.count} of {count} in a minute"


class Fact:
    """What was acknowledged last, and what was under way at the cut."""

    def __init__(self, value):
        self.values = [value]

    def begin(self, value):
        self.values.append(value)

    def acknowledged(self):
        self.values = self.values[-1:]

    def refused(self):
        self.values = self.values[:1]


class Life:
    """One user: what the daemon said that it holds."""

    def __init__(self, name):
        self.name = name
        self.word = Fact(f"word-of-{name}-0")
        self.exists = Fact(False)
        self.inside = {}  # room -> Fact(bool)
        self.topics = {}  # room of one's own -> Fact(text)

    def change(self, machine, tally, fact, value, line):
        fact.begin(value)
        answer = machine.command(line)
        if answer.code in REFUSALS:
            fact.refused()
            return
        assert answer.code == "ok", f"{line}: {answer}"
        fact.acknowledged()
        tally.add()

    def live(self, daemon, dice, tally):
        """Until the daemon is killed."""
        try:
            machine = daemon.machine()
            if self.exists.values[-1]:
                machine.ok(f"/login {self.name} {self.word.values[0]}")
            while not self.exists.values[-1]:
                self.change(machine, tally, self.exists, True,
                            f"/register {self.name} {self.word.values[0]}")
            while True:
                self.act(machine, dice, tally)
        except (Closed, OSError):
            pass
        except BaseException as problem:
            tally.fail(problem)

    def act(self, machine, dice, tally):
        number = dice.randrange(10**6)
        inside = [room for room, fact in self.inside.items() if fact.values[0]]
        deed = dice.random()
        if deed < 0.3 or not inside:
            room = f"r-{self.name}-{number}"
            if len(self.inside) >= ROOMS:
                room = dice.choice(list(self.inside))
            self.inside.setdefault(room, Fact(False))
            self.topics.setdefault(room, Fact(""))
            self.change(machine, tally, self.inside[room], True,
                        f"/join {room}")
        elif deed < 0.5:
            room = dice.choice(inside)
            self.change(machine, tally, self.inside[room], False,
                        f"/leave {room}")
        elif deed < 0.6:
            word = f"word-of-{self.name}-{number}"
            self.change(machine, tally, self.word, word,
                        f"/passwd {self.word.values[0]} {word}")
        else:
            room = dice.choice(inside)
            machine.ok(f"/join {room}")  # is inside: now the current one
            self.change(machine, tally, self.topics[room], f"topic {number}",
                        f"/topic topic {number}")
        machine.events.clear()

    def check(self, daemon, console, is_full=False):
        """Compares with the daemon; what was under way is known then."""
        if not self.exists.values[0]:
            self.check_birth(daemon, is_full)
            return
        text = self.log_in(daemon)
        topics = self.read_topics(console)
        rooms = set(re.findall(r"^-- (r-\S+): ", text, re.M))
        for room, fact in self.inside.items():
            assert (room in rooms) in fact.values, \
                f"{self.name} in {room}: {room in rooms}, not {fact.values}"
            fact.values = [room in rooms]
        for room, fact in self.topics.items():
            if room not in topics:  # never made
                assert fact.values[0] == ""
                continue
            assert topics[room] in fact.values, \
                f"{room}: {topics[room]!r}, not {fact.values}"
            fact.values = [topics[room]]

    def read_topics(self, console):
        answer = console.ok(f"/rooms r-{self.name}-")
        return dict(re.findall(r"^-- (r-\S+) \d+ here(?:, (.*))?$", answer.text,
                               re.M))

    def check_birth(self, daemon, is_full):
        """The registration was under way: it happened as a whole or not.

        A full disk refuses before it looks: then that stays unknown.
        """
        machine = daemon.machine()
        answer = machine.command(f"/register {self.name} "
                                 f"{self.word.values[0]}")
        machine.close()
        if is_full and answer.code == "storage-full":
            return
        assert answer.code in ("ok", "name-taken"), answer
        self.exists.values = [True]
        self.log_in(daemon)

    def log_in(self, daemon):
        for word in list(self.word.values):
            machine = daemon.machine()
            answer = machine.command(f"/login {self.name} {word}")
            machine.close()
            if answer.code == "ok":
                self.word.values = [word]
                return answer.text
        raise AssertionError(f"{self.name} cannot log in: {answer}")


def check_all(daemon, lives, is_full=False):
    console = daemon.console()
    for life in lives:
        life.check(daemon, console, is_full)
    console.close()


class Load:
    """Lives at work, each in a thread, until the daemon is gone."""

    def __init__(self, daemon, lives, dice):
        self.daemon = daemon
        self.tally = Tally()
        self.threads = [
            threading.Thread(target=life.live, args=(
                daemon, random.Random(dice.random()), self.tally))
            for life in lives]
        for thread in self.threads:
            thread.start()

    def kill(self):
        """A power cut; how much had been acknowledged."""
        self.daemon.kill()
        for thread in self.threads:
            thread.join()
        if self.tally.problem:
            raise self.tally.problem
        return self.tally.count


def kill_at_work(daemon, lives, dice, most):
    """Cuts the power after a random number of acknowledgements."""
    load = Load(daemon, lives, dice)
    try:
        load.tally.wait_for(dice.randrange(len(lives), most))
    finally:
        done = load.kill()
    return done
