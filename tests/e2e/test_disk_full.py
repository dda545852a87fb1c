"""A disk that fills up under load, and is freed again.

The data directory lies on a small tmpfs. It is mounted in a mount namespace,
which a process of ours holds, so that nothing of it stays behind.
"""

import json
import os
import pathlib
import random
import re

import pytest

from authenticator import Clock, enrol
from disk import Disk
from lives import Life, Load, check_all
from rialto import RIALTOD, WORD, deadline, eventually, remaining, run
from test_audit import wait_for

SEED = int(os.environ.get("RIALTO_SEED") or random.randrange(10**9))
ROUNDS = 1 + int(os.environ.get("RIALTO_SOAK") or 0) // 10
pytestmark = pytest.mark.needs("mount")


@pytest.fixture
def disk(daemons):
    """A daemon that is not started, and its disk."""
    daemon = daemons.new(chat={"rooms_per_user": 1000},
                         users={"lockout": "none"})
    disk = Disk(daemon.folder / "data", "256m")
    daemon.under = disk.enter
    disk.daemon = daemon
    yield disk
    daemon.close()
    disk.close()


@pytest.fixture
def dice():
    print(f"RIALTO_SEED={SEED}")
    return random.Random(SEED)


def until_refused(machine):
    until = deadline()
    while remaining(until) > 0.001:
        answer = machine.command("/topic is there space?")
        if answer.code == "storage-full":
            return answer
        assert answer.code == "ok", answer
    raise AssertionError("changes are still accepted")


def until_accepted(machine):
    until = deadline()
    while remaining(until) > 0.001:
        answer = machine.command("/topic there is space")
        if answer.code == "ok":
            return
        assert answer.code == "storage-full", answer
    raise AssertionError("changes are still refused")


def test_a_full_disk_refuses_changes_and_nothing_else(disk):
    daemon = disk.daemon.start()
    ben, zoe = daemon.register("ben"), daemon.guest("zoe")
    daemon.register("cleo").ok("/join den")
    ben.ok("/join den")
    ben.ok("/topic Pizza")
    zoe.ok("/join den")
    disk.fill()
    words = until_refused(ben).text
    assert words == "!! storage-full The server's disk is full: nothing was " \
        "changed. The administrator must make room."
    # Every kind of change.
    ben.refused("/join attic", "storage-full")
    ben.refused("/leave den", "storage-full")
    daemon.machine().refused("/register new longenough", "storage-full")
    ben.refused("/passwd open sesame-2", "bad-login")
    daemon.admin().refused("/users disable cleo", "storage-full")
    # Reading goes on, and chat does, and coming and going.
    assert ben.ok("/topic").text.startswith("-- Topic of den: Pizza")
    ben.ok("/who")
    ben.ok("/rooms")
    ben.ok("/whois cleo")
    ben.ok("/join lobby")
    ben.ok("/join den")
    zoe.take()
    ben.ok("we can still talk")
    assert zoe.take() == ["[den] ben: we can still talk"]
    ben.ok("/tell zoe and whisper")
    daemon.login("cleo").ok("I came in")
    daemon.guest("eve")
    zoe.ok("/leave den")
    status = daemon.ctl("status").stdout
    assert "THE DISK IS FULL" in status
    # It is told once.
    assert daemon.log.text().count("the disk is full: changes are refused") == 1
    disk.free()
    until_accepted(ben)
    ben.ok("/join attic")
    daemon.register("new")
    daemon.log.expect("there is space again")
    assert "THE DISK IS FULL" not in daemon.ctl("status").stdout
    # Who came in meanwhile is recorded by now.
    wait_for(daemon, action="user.login", actor="cleo")


def history(daemon):
    """What waits to be written of what was said, and what was lost."""
    status = json.loads(daemon.ctl("--json", "status").stdout)
    return status["history_waiting"], status["history_lost"]


def until_written(daemon, machine):
    """All that was said in rooms is stored, and durable."""
    until = deadline()
    while history(daemon)[0] > 0:
        assert remaining(until) > 0.001, history(daemon)
    machine.ok("/topic on the disk")


def in_den(disk, **chat):
    daemon = disk.daemon
    daemon.write(chat=chat)
    cleo, ben = daemon.start().register("cleo"), daemon.register("ben")
    cleo.ok("/join den")
    ben.ok("/join den")
    cleo.ok("before")
    until_written(daemon, cleo)
    return daemon, cleo, ben


def said(daemon):
    """What cleo said in den, as she is shown when she comes back."""
    cleo = daemon.machine()
    cleo.ok(f"/login cleo {WORD}")
    cleo.fence()
    return re.findall(r"^\[den\] (?:\S+ )?\d\d:\d\d cleo: (.*)$",
                      "\n".join(cleo.events), re.M)


def test_chat_goes_on_and_is_written_when_there_is_space(disk):
    daemon, cleo, ben = in_den(disk)
    lines = [f"line {i}" for i in range(50)]
    disk.fill()
    until_refused(cleo)
    for line in lines:
        cleo.ok(line)
    assert [e for e in ben.take() if " line " in e] \
        == [f"[den] cleo: {line}" for line in lines]
    daemon.log.expect(
        "history: what is said cannot be written for now: storage-full")
    assert history(daemon) == (len(lines), 0)
    disk.free()
    until_accepted(cleo)
    until_written(daemon, cleo)
    daemon.log.expect("history: what is said is written again")
    assert daemon.log.text().count("said cannot be written") == 1
    daemon.kill()
    daemon.start()
    assert said(daemon) == ["before"] + lines


def test_nothing_is_written_of_what_is_said_while_it_is_full(disk):
    daemon, cleo, _ben = in_den(disk)
    disk.fill()
    until_refused(cleo)
    for i in range(50):
        cleo.ok(f"line {i}")
    daemon.kill()
    disk.free()
    daemon.start()
    cleo = daemon.login("cleo")
    cleo.ok("/join den")
    cleo.ok("after")
    until_written(daemon, cleo)
    daemon.kill()
    daemon.start()
    assert said(daemon) == ["before", "after"]
    daemon.stop()
    result = run(*disk.enter, RIALTOD, "--config", daemon.config, "--verify")
    assert result.returncode == 0, result.stdout


def test_what_waits_for_space_is_bounded_and_the_loss_is_told(disk):
    """32 MiB wait at most; what is said beyond is said, but not kept."""
    daemon, cleo, _ben = in_den(disk, replay=1000)
    disk.fill()
    until_refused(cleo)
    lines = [f"{i} " + "x" * 4000 for i in range(9000)]
    for i in range(0, len(lines), 50):
        cleo.send("".join(line + "\n" for line in lines[i:i + 50]))
        for _ in lines[i:i + 50]:
            assert cleo.answer().code == "ok"
    daemon.log.expect("history: the disk does not keep up")
    waiting, lost = history(daemon)
    assert lost > 0 and waiting + lost == len(lines)
    disk.free()
    told = daemon.log.expect(r"history: what is said is kept again lost=(\d+)")
    assert int(told.group(1)) == lost
    until_accepted(cleo)
    cleo.ok("after")
    until_written(daemon, cleo)
    assert history(daemon) == (0, lost)
    daemon.kill()
    daemon.start()
    kept = said(daemon)
    assert kept[-2:] == [lines[waiting - 1], "after"]


def test_what_was_said_is_shown_from_a_full_disk(disk):
    daemon, _cleo, _ben = in_den(disk)
    daemon.restart()
    zoe = daemon.guest("zoe")
    disk.fill()
    daemon.log.expect("store: the disk is full")
    zoe.ok("it is full")
    daemon.log.expect("history: what is said cannot be written")
    assert said(daemon) == ["before"]


def test_filled_under_load_then_freed(disk, dice):
    """It goes on, and everything acknowledged is there."""
    daemon = disk.daemon.start()
    lives = [Life(f"u{i}") for i in range(8)]
    watcher = daemon.register("watcher")
    watcher.ok("/join watched")
    load = Load(daemon, lives, dice)
    try:
        for _ in range(3):
            load.tally.wait_for(load.tally.count + dice.randrange(20, 200))
            disk.fill()
            until_refused(watcher)
            disk.free()
            until_accepted(watcher)
        load.tally.wait_for(load.tally.count + 50)
    finally:
        load.kill()
    daemon.start()
    check_all(daemon, lives)
    daemon.stop()
    result = run(*disk.enter, RIALTOD, "--config", daemon.config, "--verify")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("keep", [0, 1 << 20], ids=["brim", "nearly"])
def test_killed_while_full(disk, dice, keep, number):
    """Started while it is full, again and again, and then freed."""
    dice.seed(f"{SEED} {number}")
    daemon = disk.daemon.start()
    lives = [Life(f"u{i}") for i in range(8)]
    watcher = daemon.register("watcher")
    watcher.ok("/join watched")
    load = Load(daemon, lives, dice)
    try:
        load.tally.wait_for(dice.randrange(20, 400))
        disk.fill(keep)
        until_refused(watcher)
    finally:
        load.kill()
    for _ in range(3):
        disk.fill(keep)  # the reserve may have been given up
        daemon.start()
        disk.fill(keep)
        check_all(daemon, lives, is_full=True)
        daemon.kill()
    disk.free()
    daemon.start()
    check_all(daemon, lives)
    watcher = daemon.login("watcher")
    watcher.ok("/join watched")
    until_accepted(watcher)


def test_started_while_full(disk):
    """People come in, talk, and see their money."""
    daemon = disk.daemon.start()
    daemon.register("cleo")
    daemon.register("ben").ok("/deposit 10")
    disk.fill()
    daemon.kill()
    daemon.start()
    ben = daemon.login("ben")
    ben.ok("we can still talk")
    assert ben.ok("/balance").text == "-- Current balance: 10.00 R."
    ben.refused("/pay cleo 1", "storage-full")
    disk.free()
    until_accepted(ben)
    ben.ok("/pay cleo 1")
    daemon.stop()


def test_a_second_factor_waits_for_space(disk, daemons):
    """A code is used up durably, or not taken: by neither service, neither
    right ones nor wrong ones."""
    clock = Clock(pathlib.Path(daemons.space))
    daemon = disk.daemon.start(env=clock.env)
    inside = daemon.register("ben")
    phone, sheet = enrol(clock, inside, WORD)
    disk.fill()
    until_refused(inside)
    words = "The server's disk is full: a code cannot be used up, so none " \
        "is taken now. The administrator must make room."
    outside, atm, code = daemon.machine(), daemon.atm(), phone.code()
    outside.refused(f"/login ben {WORD}", "code-required")
    for tried in code, phone.wrong(), sheet[0]:
        assert outside.refused(f"/code {tried}", "storage-full") == \
            f"!! storage-full {words}"
        assert atm.refused("storage-full", "login", user="ben", password=WORD,
                           code_=tried) == words
    # A wrong password is none the less, and those inside are.
    daemon.atm().refused("bad-login", "login", user="ben", password="no-word",
                         code_=code)
    inside.ok("we can still talk")
    assert daemon.ctl("status").returncode == 0
    daemon.kill()  # nothing was used up in memory either
    daemon.start(env=clock.env)
    outside = daemon.machine()
    outside.refused(f"/login ben {WORD}", "code-required")
    outside.refused(f"/code {code}", "storage-full")
    disk.free()
    until_accepted(daemon.admin())
    assert "before this one" not in outside.ok(f"/code {code}").text
    atm = daemon.atm()
    assert "used already" in atm.refused(
        "bad-code", "login", user="ben", password=WORD, code_=code)
    atm.login("ben", code=phone.code())


def test_stopped_while_full(disk, dice):
    """SIGTERM on a full disk: everything acknowledged is there."""
    daemon = disk.daemon.start()
    lives = [Life(f"u{i}") for i in range(8)]
    watcher = daemon.register("watcher")
    load = Load(daemon, lives, dice)
    try:
        load.tally.wait_for(dice.randrange(20, 400))
        disk.fill()
    finally:
        daemon.stop()
        load.kill()
    disk.free()
    daemon.start()
    check_all(daemon, lives)


def test_messages_that_wait_are_read_and_go_on_waiting(disk):
    daemon = disk.daemon.start()
    ben, zoe = daemon.register("ben"), daemon.guest("zoe")
    ben.ok("/join den")
    dan = daemon.register("dan")
    dan.close()
    eventually(lambda: "Not here" in ben.ok("/whois dan").text, "gone")
    ben.ok("/tell dan before")
    disk.fill()
    until_refused(ben)
    ben.refused("/tell dan meanwhile", "storage-full")
    ben.refused("/ignore dan", "storage-full")
    zoe.ok("/ignore ben")  # a guest's list is in memory
    dan = daemon.login("dan")
    for _ in range(2):
        lines = dan.ok("/mail").lines
        assert lines[0].endswith(" ben -> you: before")
        assert lines[1:] == [
            "-- The server's disk is full: they go on waiting."]
    dan.refused("/mail delete all", "storage-full")
    dan.ok("/away getting pizza")
    assert ben.ok("/tell dan hurry").lines[1].startswith(
        "-- That was told, but is not kept: ")
    dan.expect("^ben -> you: hurry$")
    disk.free()
    until_accepted(ben)
    assert len(dan.ok("/mail").lines) == 1
    assert dan.ok("/mail").text == "-- No private message is waiting."
