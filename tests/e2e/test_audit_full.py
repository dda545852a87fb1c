"""The disk of audit.log and the archive fills up; that of the data does not."""

import uuid

import pytest

from disk import Disk
from rialto import (ADMIN, ADMIN_WORD, RIALTOD, deadline, eventually,
                    remaining, run)
from test_audit import parse

pytestmark = pytest.mark.needs("mount")
BACKLOG = 2000
AT_ONCE = 50  # acts under way


@pytest.fixture
def disk(daemons):
    """A daemon that is not started, and the disk of its trail."""
    daemon = daemons.new(audit={"file": "trail/audit.log",
                                "archive": "trail/audit.sealed",
                                "backlog": BACKLOG})
    (daemon.folder / "trail").mkdir()
    disk = Disk(daemon.folder / "trail", "8m")
    daemon.under = disk.enter
    disk.daemon = daemon
    yield disk
    daemon.close()
    disk.close()


class Acts:
    """One after the other, each recorded."""

    def __init__(self, daemon):
        self.console = daemon.console()
        self.done = 0

    def has_role(self):
        return self.done % 2 == 1

    def line(self, number):
        sign = "+-"[number % 2]
        return f"/users role {ADMIN} {sign}teller\n"

    def act(self, count=1):
        """Stops with the first that is refused; its answer, or the last."""
        self.console.send("".join(
            self.line(self.done + i) for i in range(count)))
        answers = [self.console.answer() for _ in range(count)]
        codes = [answer.code for answer in answers]
        done = codes.count("ok")
        assert codes[:done] == ["ok"] * done, codes
        self.done += done
        return answers[min(done, count - 1)]

    def until_refused(self, log):
        """Refused since nothing can be written, not since it takes time."""
        until = deadline(60)
        while True:
            assert remaining(until) > 0.001, "acts are still accepted"
            is_stuck = "cannot be written" in log.text()
            answer = self.act(AT_ONCE)
            if answer.code != "ok":
                assert answer.code == "audit-down", answer
                if is_stuck:
                    return answer.text


def waiting(daemon):
    return int(daemon.ctl("status").stdout.split(
        "audit records waiting: ")[1].split()[0])


def check_exported(disk):
    """Everything once, in order, in both places."""
    lines = (disk.folder / "audit.log").read_text().splitlines()
    numbers = [int(parse(line)["seq"]) for line in lines]
    assert numbers == list(range(1, len(numbers) + 1))
    result = run(*disk.enter, RIALTOD, "--config", disk.daemon.config,
                 "--verify")
    assert result.returncode == 0, result.stderr
    count = len(numbers)
    assert f"audit: {count} records in the store, {count} in the archive" in \
        result.stdout, result.stdout


def test_acts_are_refused_until_there_is_space(disk):
    daemon = disk.daemon.start()
    zoe, cleo = daemon.guest("zoe"), daemon.register("cleo")
    cleo.ok("/deposit 10")
    eventually(lambda: waiting(daemon) == 0, "exported")
    disk.fill()
    acts = Acts(daemon)
    words = acts.until_refused(daemon.log)
    assert words == "!! audit-down The audit trail cannot be written: nothing " \
        "was changed. The administrator must look at the server's log."
    assert waiting(daemon) == BACKLOG
    daemon.log.expect(r"audit: .*trail/audit\.\S+ cannot be written: .*; when "
                      "2000 records wait, acts are refused")
    # Nothing of it was done, nor of others; a login is one of them.
    shown = daemon.ctl("users", "show", ADMIN).stdout
    assert ("teller" in shown) == acts.has_role()
    daemon.machine().refused(f"/login {ADMIN} {ADMIN_WORD}", "audit-down")
    daemon.machine().refused("/register ben longenough", "audit-down")
    zoe.ok("chat goes on")
    daemon.machine().refused("/guest eve", "audit-down")
    payment = f"/pay {ADMIN} 5 id={uuid.uuid4()}"
    cleo.refused(payment, "audit-down")
    assert cleo.ok("/balance").text == "-- Current balance: 10.00 R."
    assert daemon.ctl("audit", "tail").returncode == 0
    assert daemon.log.text().count("cannot be written") == 1
    disk.free()
    daemon.log.expect("audit: the trail is exported again")
    eventually(lambda: waiting(daemon) == 0, "exported")
    assert acts.act().code == "ok"
    assert "New balance: 5.00 R." in cleo.ok(payment).text
    daemon.admin()
    daemon.stop()
    check_exported(disk)


def test_killed_while_it_is_full(disk):
    """What was written by half is made whole, and nothing doubled."""
    daemon = disk.daemon.start()
    disk.fill()
    Acts(daemon).until_refused(daemon.log)
    daemon.kill()
    daemon.start()
    daemon.kill()
    disk.free()
    daemon.start()
    eventually(lambda: waiting(daemon) == 0, "exported")
    result = daemon.ctl("audit", "verify")
    assert result.returncode == 0, result.stderr
    daemon.stop()
    check_exported(disk)


def test_stopped_while_it_is_full(disk):
    daemon = disk.daemon.start()
    disk.fill()
    Acts(daemon).until_refused(daemon.log)
    daemon.stop()
    daemon.log.expect("audit: daemon.stop is not recorded: ")
    disk.free()
    daemon.start()
    eventually(lambda: waiting(daemon) == 0, "exported")
    daemon.stop()
    check_exported(disk)
