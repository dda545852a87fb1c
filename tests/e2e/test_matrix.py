"""Every command by every role in every state of a room, sanctioned or not.

What is to be expected is in matrix.py. Here each refusal must come with its
code and leave everything as it was, and each act must do something and leave
its record in the audit trail, and nothing else may be recorded.
"""

import itertools
import os
import pathlib
import re

import pytest

import matrix
from matrix import CAST, PEOPLE, ROWS, SANCTIONS, STATES, is_outside
from rialto import ADMIN, ADMIN_WORD, WORD, eventually

# Who sets the scene; what they do is recorded as well, but not looked at.
EXTRAS = ["crew", "milo", "cora", "wil", "tess", "tom", "toby", "toni", "ivy",
          "uma", "ugo", "uli", "vera", "rep1", "rep2", "rep3"]
CALLED = ["crew", "milo", "cora", "wil", "tess", "ivy"]
ROLES = {"auditor": "+auditor", "moderator": "+moderator",
         "teller": "+teller"}
FAR = "127.9.0.1"  # the guest is muted by address
RECORD = re.compile(r" action=(\S+) actor=(\S+) .* target=(\".*?\"|\S+) "
                    r"outcome=(\S+)")

COMING = ["user.login", "user.logout", "guest.login", "guest.logout"]

# What one looks at to see whether anything has changed.
ABOUT_ROOM = 5  # of them
SIGHTS = ["/in den /mode", "/in den /who", "/in den /topic",
          "/in den /modlog 1", "/in den /sanctions", "/modlog all 1",
          "/who lobby", "/who yard", "/rooms", "/users", "/sessions all",
          "/gbans", "/gmutes", "/lockdown", "/reports", "/notes uma",
          "/notes crew", "/rules", "/motd"]

SCENE = ["/in den /mode", "/in den /topic", "/in den /sanctions", "/users",
         "/gbans", "/lockdown"]


class Stage:
    def __init__(self, daemon, sanction):
        self.daemon, self.sanction, self.state = daemon, sanction, "open"
        self.problems, self.records = [], []
        self.serial = itertools.count(1)
        self.reporters = itertools.cycle(["rep1", "rep2", "rep3"])
        self.eye = daemon.console()
        self.actors = {"console": daemon.console(),
                       "stranger": daemon.machine()}
        self.extras = {}
        self.enter()
        self.number = self.find_session("wil")

    # The scene.

    def enter(self):
        daemon = self.daemon
        for name in EXTRAS:
            daemon.register(name).close()
        self.eye.ok("/users role crew +admin")
        self.eye.ok("/users role milo +moderator")
        for name in CALLED:
            self.extras[name] = daemon.login(name)
        for role in PEOPLE:
            self.actors[role] = self.make(role, CAST[role])
        crew, owner = self.extras["crew"], self.actors["owner"]
        for room in ("yard", "porch", "attic", "loft"):
            crew.ok(f"/join {room}")
        owner.ok("/join den")
        for machine in (*self.people(), *self.extras.values()):
            machine.ok("/join yard")
            machine.ok("/join den")
        owner.ok("/op opal")
        owner.ok("/op cora")
        owner.ok("/voice vic")
        self.actors["outsider"].ok("/leave den")
        self.extras["ivy"].ok("/leave den")
        self.direct("reporter", "/report wil is rude")
        for machine in self.people():
            self.extras["wil"].ok(f"/tell {machine.name} hi")
        self.records.clear()

    def make(self, role, name):
        if role == "guest":
            machine = self.daemon.guest(name, source=FAR)
        elif role == "admin":
            machine = self.daemon.admin()
        else:
            machine = self.daemon.register(name)
            if role in ROLES:
                self.eye.ok(f"/users role {name} {ROLES[role]}")
                machine.close()
                machine = self.daemon.login(name)
        machine.name = name
        return machine

    def people(self):
        return [self.actors[role] for role in PEOPLE]

    def find_session(self, name):
        return re.search(rf"#(\d+) {name} ", self.eye.ok("/sessions all").text)[1]

    # States and sanctions.

    def crew(self, line):
        return self.extras["crew"].ok(line) if line else None

    def set_state(self, state):
        self.state = state
        self.begin_state()

    def begin_state(self):
        answer = self.crew(STATES[self.state][0])
        self.state_number = answer and number(answer)

    def end_state(self):
        self.crew(STATES[self.state][1].format(id=self.state_number))

    def clear_state(self):
        self.end_state()
        if self.state == "closed":
            for name, machine in self.extras.items():
                if name != "ivy":
                    machine.ok("/join den")
        was, self.state = self.state, "open"
        for role in PEOPLE if was == "closed" else ():
            self.restore(role)

    def sanction_all(self):
        self.lifts = []
        set_it, lift = SANCTIONS[self.sanction]
        for machine in self.people() if set_it else []:
            answer = self.crew(set_it.format(name=machine.name,
                                             whom=machine.name))
            self.lifts.append(lift.format(id=number(answer)))

    def pardon_all(self):
        for line in self.lifts:
            self.crew(line)

    def restore(self, role):
        """Where the actor was, and no current room outside of the den."""
        machine = self.actors[role]
        if role == "outsider":
            machine.command("/leave den")
        if is_outside(role, self.state, self.sanction):
            machine.ok("/join porch")
            machine.ok("/leave porch")
        else:
            machine.ok("/join den")

    def meanwhile(self, machine, line):
        """As if everything was open."""
        self.end_state()
        answer = machine.ok(line)
        self.begin_state()
        return answer

    # Lines.

    def line(self, row, role, **more):
        words = {"me": CAST[role] or role, "word": word(role), "id": 1,
                 "session": self.number, "row": ROWS.index(row),
                 "backup": self.daemon.folder / f"../copy{next(self.serial)}",
                 "serial": next(self.serial)}
        line = row.line.format(**{**words, **more})
        return "/in den " + line if row.room and role == "console" else line

    def set_up(self, row, role=None):
        """The number that an answer gave."""
        found = 1
        for who, line, record in row.setup:
            line = line.format(word=WORD, me=CAST.get(role))
            if line == "lockdown":
                self.lock_down(who)
            elif who == "me":
                found = number(self.actors[role].ok(line)) or found
                self.records.append((CAST[role], record, None))
            else:
                found = number(self.direct(who, line)) or found
            if record and who == "olga":
                self.records.append((who, record, line.split()[-1]))
        return found

    def direct(self, who, line):
        if who in self.extras or who == "olga":
            machine = self.machine(who)
            return self.meanwhile(machine, line) if self.state == "closed" \
                else machine.ok(line)
        machine = self.daemon.machine()
        if who == "reporter":
            machine.ok(f"/login {next(self.reporters)} {WORD}")
            answer = machine.ok(line)
        else:
            answer = self.meanwhile(machine, line)
        machine.close()
        return answer

    def undo(self, row, found, role=None):
        """What an act did; after a refusal, what the setup did."""
        for who, line, _ in row.undo:
            if line == "back":
                self.meanwhile(self.extras[who], "/join den")
            elif line == "lockdown":
                self.lock_down(who)
            else:
                machine = self.actors[role] if who == "me" else \
                    self.machine(who)
                machine.command(line.format(id=found))

    def machine(self, who):
        return self.extras.get(who) or self.actors["owner"]

    def lock_down(self, who):
        if self.state == "lockdown":
            self.crew("/lockdown 1h")
        elif who == "crew":
            self.extras[who].command("/lockdown off")
        else:
            self.extras[who].ok("/lockdown 1h")

    def look(self, sights=SIGHTS):
        """Everything that a refusal must leave as it is."""
        self.eye.send("".join(line + "\n" for line in sights))
        return [re.sub(", idle [^,]*", "", self.eye.answer().text)
                for _ in sights]

    def is_alone(self):
        """Those who played a part for a moment are gone."""
        return len(self.eye.ok("/sessions all").lines) == \
            len(PEOPLE) + len(self.extras)

    def heard(self):
        """Crowds are told late, and that they came is seen anyhow."""
        return [line for line in self.extras["wil"].take()
                if not re.search("(joined|left)$", line)]

    def complain(self, role, line, what):
        self.problems.append(
            f"{self.state}, {self.sanction}, {role}: {line}: {what}")

    # The cells.

    def refusals(self):
        """All that is to be without effect, without waiting in between."""
        eventually(self.is_alone, "everybody else has left")
        standing = [row for row in ROWS
                    if row.setup and any(no.code == "rank" for no in row.no)
                    and row.verb != "lockdown"]
        found = {id(row): self.set_up(row) for row in standing}
        self.heard()
        before = self.look()
        for role in CAST:
            self.refuse(role, found)
        self.compare(before, "refusals")
        heard = self.heard()
        if heard:
            self.complain("somebody", "refusals", f"the room heard {heard}")
        for row in standing:
            self.undo(row, found[id(row)])

    def refuse(self, role, found):
        cells = [(row, row.expect(role, self.state, self.sanction))
                 for row in ROWS]
        cells = [(self.line(row, role, id=found.get(id(row), 1)), code)
                 for row, code in cells
                 if code != "ok" or row.kind == "read"]
        machine = self.actors[role]
        machine.send("".join(line + "\n" for line, _ in cells))
        for line, code in cells:
            answer = machine.answer()
            if answer.code != code:
                self.complain(role, line, f"{answer.code}, not {code}: "
                                          f"{answer.text[:100]}")
            elif code != "ok" and not answer.lines[-1].startswith("!! "):
                self.complain(role, line, "a refusal without words")

    def compare(self, before, what):
        for sight, then, now in zip(SIGHTS, before, self.look()):
            if then != now:
                self.complain("somebody", what, f"{sight}: {then!r} is {now!r}")

    def acts(self):
        for row, role in itertools.product(ROWS, CAST):
            if row.kind != "read" and self.matters(row) and row.expect(
                    role, self.state, self.sanction) == "ok":
                getattr(self, "do_" + row.kind)(row, role)

    def matters(self, row):
        """All is done in the open; else what the room, or a rule, is about."""
        named = any(self.state in no.state for no in row.no)
        return named or self.state == "open" or (
            self.sanction == "none" and (row.room or row.kind == "move"))

    def do(self, row, role, **more):
        line = self.line(row, role, **more)
        answer = self.actors[role].command(line)
        if answer.code != "ok":
            self.complain(role, line, f"{answer}, not ok")
        return answer

    def do_act(self, row, role):
        found = self.set_up(row)
        more = {"id": found}
        if row.verb == "sessions end":
            self.daemon.login("vera")
            more["session"] = self.find_session("vera")
        sights = SIGHTS[:ABOUT_ROOM] if row.room else SIGHTS[ABOUT_ROOM:]
        before = self.look(sights)
        answer = self.do(row, role, **more)
        if before == self.look(sights) and row.act != "user.password":
            self.complain(role, row.line, "nothing has changed")
        if answer.code == "ok":
            self.expect_record(row, role)
        self.undo(row, number(answer) or found)

    def expect_record(self, row, role):
        name = CAST[role] or f"console:{os.getuid()}"
        target = row.target and row.target.format(me=name)
        self.records.append((name, row.act, target))

    def do_once(self, row, role):
        if (self.state, self.sanction) != ("open", "none"):
            return
        found = self.set_up(row, role)
        if self.do(row, role, id=found).code == "ok" and row.act:
            self.expect_record(row, role)
        self.undo(row, found, role)

    def do_say(self, row, role):
        self.heard()
        self.do(row, role)
        if "wil" in row.line and not self.heard():
            self.complain(role, row.line, "nobody has heard it")

    def do_move(self, row, role):
        self.do(row, role)
        self.undo(row, None, role)
        if role != "console":
            self.actors[role].ok("/join yard")
            self.restore(role)

    def do_create(self, row, role):
        line = self.line(row, role)
        answer = self.actors[role].command(line)
        if answer.code != "ok":
            self.complain(role, line, f"{answer}, not ok")
        else:
            self.records.append((CAST[role], row.act, line.split()[1]))
            self.actors[role].ok("/leave")
        self.restore(role)

    def do_fresh(self, row, role):
        """A new session does it; role is a stranger."""
        if self.sanction != "none":
            return
        machine = self.daemon.machine()
        line = row.line.replace("wrong word", WORD)
        answer = machine.command(line)
        if answer.code != "ok":
            self.complain(role, line, f"{answer}, not ok")
        elif row.act == "user.register":
            name = line.split()[1]
            self.records.append((name, row.act, name))
            self.records.append((name, "bank.open", name))
        if row.verb != "quit":
            machine.ok("/quit")
        machine.rest()
        if row.verb == "register":
            self.crew("/users remove nora")

    def do_last(self, row, role):
        pass

    # All of it.

    def play(self):
        self.sanction_all()
        base = self.look(SCENE)
        for state in STATES:
            self.set_state(state)
            self.refusals()
            self.acts()
            self.clear_state()
            if self.look(SCENE) != base:
                self.complain("somebody", "all of it", "the scene is not "
                              f"as it was: {base}, {self.look(SCENE)}")
            for machine in (*self.people(), *self.extras.values()):
                machine.take()
        self.pardon_all()

    def check_records(self):
        """After the end of the daemon: by then all are exported."""
        text = (self.daemon.folder / "audit.log").read_text()
        have = [(actor, action, target.strip('"'))
                for action, actor, target, outcome in RECORD.findall(text)
                if (outcome == "ok" or action == "server.stop")
                and action not in COMING
                # The account of a user who is added, or removed.
                and (action not in ("bank.open", "bank.close")
                     or target.strip('"') != "gone")
                and actor not in EXTRAS + ["-", "gone"]]
        # The scene was set before the first act.
        first = next(i for i, r in enumerate(have)
                     if r[:2] == ("olga", "room.rank") and r[2] == "vic") + 1
        have = have[first:]
        for i, (want, got) in enumerate(itertools.zip_longest(
                self.records, have)):
            if want is None or got is None or want[:2] != got[:2] or (
                    want[2] and want[2] != got[2]):
                raise AssertionError(
                    f"record {i}: {got}, not {want}; around it "
                    f"{have[max(0, i - 3):i + 4]}, "
                    f"not {self.records[max(0, i - 3):i + 4]}")


def word(role):
    return ADMIN_WORD if role == "admin" else WORD


def number(answer):
    """That of the entry, in an answer."""
    match = re.search(r"#(\d+)", answer.text)
    return match[1] if match else None


@pytest.fixture
def daemon(daemons):
    return daemons.new(chat={"rooms_per_user": 1000}).start()


@pytest.mark.parametrize("sanction", SANCTIONS)
def test_the_matrix(daemons, sanction):
    plugin = {"name": "jest", "program": "/nonexistent"}
    daemon = daemons.new(chat={"rooms_per_user": 1000},
                         plugins=[plugin]).start()
    stage = Stage(daemon, sanction)
    stage.play()
    assert not stage.problems, "\n".join(
        [f"{len(stage.problems)} problems:", *stage.problems[:60]])
    stage.actors["admin"].ok("/stop")
    stage.records.append((ADMIN, "server.stop", None))
    assert daemon.wait() == 0
    stage.check_records()


def test_a_stranger_who_is_banned_everywhere(daemon):
    """There is nobody else whom such a ban lets do anything."""
    daemon.register("mem").close()
    daemon.console().ok(f"/gban {FAR} 1h why")
    daemon.console().ok("/gban mem 1h why")
    for row in ROWS:
        if row.verb == "quit":
            continue
        code = row.expect("stranger", "open", "none")
        machine = daemon.machine(source=FAR)
        line = row.line.format_map(Anything()).replace("wrong word", WORD)
        answer = machine.command(line)
        assert answer.code == ("banned" if row.kind == "fresh" else code), (
            row.line, answer)
    assert verbs(daemon.machine(source=FAR)) >= {"help", "quit"}
    assert daemon.ctl("users").stdout.split() == [ADMIN, "admin", "mem", "user"]


class Anything(dict):
    """A word for whatever is asked for."""

    def __missing__(self, name):
        return "1"


def verbs(machine):
    """/users approve NAME, from /help."""
    return {re.match(r"-- /([a-z]+(?: [a-z]+)?)(?= |$)", line)[1]
            for line in machine.ok("/help").lines}


def test_no_verb_is_missing_from_the_table(daemon):
    known = {row.verb for row in ROWS}
    there = set()
    daemon.register("tia").close()
    assert daemon.ctl("users", "role", "tia", "+teller").returncode == 0
    for machine in (daemon.console(), daemon.admin(), daemon.guest("zoe"),
                    daemon.login("tia"), daemon.machine()):
        there |= verbs(machine)
    assert there == known


def test_the_document_shows_the_table():
    source = pathlib.Path(__file__).parents[2]
    text = (source / "doc/moderation.md").read_text()
    shown = text.split("## Who may do what\n", 1)[1]
    assert shown.split("\n## ", 1)[0].strip().endswith(
        "\n".join(matrix.document()).strip()), \
        "print it by tests/e2e/matrix.py"
