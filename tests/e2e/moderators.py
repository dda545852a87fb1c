"""A load of moderators at work, who remember each act that was acknowledged.

An act and its record stand or fall together: after a power cut, whatever was
acknowledged is there with its record, and what was under way happened with
its record, or not at all.
"""

import re

from lives import REFUSALS, Fact
from rialto import WORD, Closed, eventually

VICTIMS = [f"victim{i}" for i in range(4)]
SUBJECTS = 6  # of each kind

LINE = re.compile(
    r"\S+Z seq=(?P<seq>\d+) action=(?P<action>\S+) actor=(?P<actor>\S+) .* "
    r"room=(?P<room>\S+) target=(?P<target>\S+) outcome=ok "
    r"detail=(?P<detail>.*)$")
SEQUENCE = re.compile(r"^\S+Z seq=(\d+) ", re.M)

# The acts below; logins and the like are no moderating.
ACTIONS = re.compile(r"room\.(rank|mode|(un)?(ban|quiet|filter))|"
                     r"server\.(un)?(ban|mute)")


class Trail:
    """audit.log, read on from where it was."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.path = daemon.folder / "audit.log"
        self.offset = 0
        self.last = 0
        self.acts = {}  # actor -> [match]

    def read_on(self, console):
        """Up to what is stored now: nothing is missing, nothing twice."""
        stored = self.records(console)
        eventually(lambda: self.read() or self.last >= stored,
                   f"record {stored} in {self.path}")

    @staticmethod
    def records(console):
        text = console.ok("/status").text
        return int(re.search(r"^-- audit records: (\d+)$", text, re.M)[1])

    def read(self):
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            text = file.read()
        text = text[:text.rfind(b"\n") + 1]
        self.offset += len(text)
        for line in text.decode().splitlines():
            number = int(SEQUENCE.match(line)[1])
            assert number == self.last + 1, f"after {self.last}: {line}"
            self.last = number
            act = LINE.match(line)
            if act and ACTIONS.fullmatch(act["action"]):
                self.acts.setdefault(act["actor"], []).append(act)


class Act:
    """What the record of it must say; the detail at its end."""

    def __init__(self, action, room, target, detail):
        self.said = action, room, target
        self.detail = detail

    def is_in(self, record):
        detail = record["detail"].strip('"')
        return detail.endswith(self.detail) and \
            self.said == (record["action"], record["room"], record["target"])

    def __repr__(self):
        return f"{self.said} {self.detail}"


class Moderator:
    """One user with the role, and a room."""

    def __init__(self, name, number):
        self.name = name
        self.number = number
        self.room = f"den-{name}"
        self.done = []  # acts
        self.under_way = None
        self.ranks = {name: Fact("member") for name in VICTIMS}
        self.modes = {mode: Fact(False)
                      for mode in ("moderated", "topic-locked", "users-join")}
        self.limit = Fact(0)
        self.entries = {}  # (kind, subject) -> Fact(reason)
        self.numbers = {}  # (kind, subject) -> the number of its entry

    def set_up(self, daemon):
        daemon.register(self.name).ok(f"/join {self.room}")
        result = daemon.ctl("users", "role", self.name, "+moderator")
        assert result.returncode == 0, result.stderr

    def live(self, daemon, dice, tally):
        """Until the daemon is killed."""
        try:
            machine = daemon.login(self.name)
            machine.ok(f"/join {self.room}")
            while True:
                dice.choice((self.act_on_rank, self.act_on_mode,
                             self.act_on_limit, *3 * [self.act_on_entry]))(
                    machine, dice, tally)
                machine.events.clear()
        except (Closed, OSError):
            pass
        except BaseException as problem:
            tally.fail(problem)

    def change(self, machine, tally, fact, value, line, act):
        """Returns the answer, None when it was refused."""
        fact.begin(value)
        self.under_way = act
        answer = machine.command(line)
        self.under_way = None
        if answer.code in REFUSALS:
            fact.refused()
            return None
        assert answer.code == "ok", f"{line}: {answer}"
        fact.acknowledged()
        self.done.append(act)
        tally.add()
        return answer.text

    def act_on_rank(self, machine, dice, tally):
        name = dice.choice(VICTIMS)
        fact = self.ranks[name]
        verb, rank = {"member": dice.choice((("op", "op"),
                                             ("voice", "voiced"))),
                      "op": ("deop", "member"),
                      "voiced": ("devoice", "member")}[fact.values[0]]
        self.change(machine, tally, fact, rank, f"/{verb} {name}",
                    Act("room.rank", self.room, name, rank))

    def act_on_mode(self, machine, dice, tally):
        mode, fact = dice.choice(list(self.modes.items()))
        is_on = not fact.values[0]
        self.change(machine, tally, fact, is_on,
                    f"/mode {mode} {'on' if is_on else 'off'}",
                    Act("room.mode", self.room, "-", f"({mode})"))

    def act_on_limit(self, machine, dice, tally):
        limit = self.limit.values[0] % 1000 + dice.randrange(1, 100)
        self.change(machine, tally, self.limit, limit, f"/mode limit {limit}",
                    Act("room.mode", self.room, "-", f"(limit {limit})"))

    def act_on_entry(self, machine, dice, tally):
        kind = dice.choice(("ban", "quiet", "filter", "gban", "gmute"))
        number = dice.randrange(SUBJECTS)
        subject = {"filter": f"literal:spam{number}",
                   "gban": f"10.{self.number}.{number}.0/24",
                   "gmute": f"10.{self.number}.{number}.128/25",
                   }.get(kind, f"troll{number}!*@*")
        key = kind, subject
        fact = self.entries.setdefault(key, Fact(None))
        if fact.values[0] is None:
            self.add_entry(machine, dice, tally, key, fact)
        else:
            self.remove_entry(machine, tally, key, fact)

    def add_entry(self, machine, dice, tally, key, fact):
        kind, subject = key
        action, room = self.place(kind)
        reason = f"reason-{dice.randrange(10**9)}"
        line = f"/{kind} {subject} 9h {reason}"
        detail = f": {reason}"
        if kind == "filter":
            reason, detail = "", "refuse for good"
            line = f"/filter add {subject.removeprefix('literal:')}"
        text = self.change(machine, tally, fact, reason, line,
                           Act(action, room, subject, detail))
        if text:
            self.numbers[key] = re.search(r"#(\d+)\b", text)[1]

    def remove_entry(self, machine, tally, key, fact):
        kind, subject = key
        action, room = self.place(kind)
        number = self.numbers[key]
        line = f"/filter remove {number}" if kind == "filter" else \
            f"/un{kind} {number}"
        self.change(machine, tally, fact, None, line,
                    Act(action.replace(".", ".un"), room, subject, ""))

    def place(self, kind):
        if kind[0] == "g":
            return f"server.{kind[1:]}", "-"
        return f"room.{kind}", self.room

    def check(self, trail, console, ranks):
        """Compares with what is; then nothing is under way any more."""
        self.check_records(trail.acts.get(self.name, []))
        for name, fact in self.ranks.items():
            self.settle(fact, ranks[name].get(self.room, "member"), name)
        modes = console.ok(f"/in {self.room} /mode").text
        for mode, fact in self.modes.items():
            self.settle(fact, bool(re.search(rf"[ ,]{mode}\b", modes)), mode)
        limit = re.search(r"limit (\d+)", modes)
        self.settle(self.limit, int(limit[1]) if limit else 0, "limit")
        there = self.read_entries(console)
        for key, fact in self.entries.items():
            self.numbers[key], reason = there.pop(key, (None, None))
            self.settle(fact, reason, key)
        assert not there, there

    def check_records(self, records):
        """Those of all acts that were acknowledged, and perhaps one more."""
        for act, record in zip(self.done, records):
            assert act.is_in(record), f"{act}: {record[0]}"
        more = len(records) - len(self.done)
        self.happened = more == 1
        assert more == 0 or self.happened and self.under_way and \
            self.under_way.is_in(records[-1]), \
            f"{self.name}: {more} more than acknowledged, {self.under_way}"
        if self.happened:
            self.done.append(self.under_way)
        self.under_way = None

    def settle(self, fact, value, what):
        """What was under way is there if, and only if, its record is."""
        wanted = fact.values[-1 if self.happened else 0]
        assert value == wanted, \
            f"{self.name}, {what}: {value}, not {wanted} of {fact.values}"
        fact.values = [value]

    def read_entries(self, console):
        """(kind, subject) -> (number, reason)"""
        texts = [console.ok(f"/in {self.room} /sanctions").text,
                 console.ok("/gbans").text, console.ok("/gmutes").text]
        found = {}
        for number, kind, subject, rest in re.findall(
                r"^-- #(\d+) (ban|quiet|refuse) (\S+) by (.*)$", texts[0],
                re.M):
            reason = re.search(r": (reason-\d+)", rest)
            found[kind.replace("refuse", "filter"), subject] = \
                number, reason[1] if reason else ""
        for kind, text in zip(("gban", "gmute"), texts[1:]):
            for number, subject, reason in re.findall(
                    rf"^-- #(\d+) (10\.{self.number}\.\S+) .*: (reason-\d+)",
                    text, re.M):
                found[kind, subject] = number, reason
        return found


def read_ranks(daemon):
    """victim -> room -> rank"""
    ranks = {}
    for name in VICTIMS:
        machine = daemon.login(name)
        ranks[name] = dict(re.findall(r"^-- (\S+): (op|voiced)$",
                                      machine.ok("/mine").text, re.M))
        machine.close()
    return ranks


def check_moderators(daemon, moderators, trail):
    console = daemon.console()
    trail.read_on(console)
    ranks = read_ranks(daemon)
    for moderator in moderators:
        moderator.check(trail, console, ranks)
    console.close()


def appoint(daemon, count):
    """So many of them, at a daemon that serves."""
    for name in VICTIMS:
        daemon.register(name).close()
    moderators = [Moderator(f"mod{i}", i) for i in range(count)]
    for moderator in moderators:
        moderator.set_up(daemon)
    return moderators
