"""A few payments, and a disk that breaks at one of the writes under them.

Whatever becomes of the daemon: what it answered is so afterwards, and what it
did not answer is asked until it is. Some of the writes are drawn by lot;
RIALTO_SOAK takes every one, RIALTO_SEED makes a run again.
"""

import fcntl
import json
import os
import random
import re
import shutil
import threading
import uuid
from types import SimpleNamespace

import pytest

from payers import TOTAL
from rialto import BUILD, Closed, Daemon, WORD, copy_folder

SHIM = BUILD / "tests/e2e/broken_disk.so"
SEED = int(os.environ.get("RIALTO_SEED") or random.randrange(10**9))
DRAWN = 5  # of each kind
# What may be answered as long as the disk is broken, and is not remembered.
UNSETTLED = ("storage-full", "busy", "internal", "audit-down", "shutting-down")
SETTLED = ("ok", "insufficient-funds")


class Script:
    """What ben does: he has 100.00 at first."""

    def __init__(self):
        lines = ["/pay ann 30.25 lunch", "/deposit 12.34", "/pay ann 500",
                 "/withdraw 5", "/pay ann 0.01", "/pay ann 7.50 tea",
                 "/withdraw 1000", "/deposit 1"]
        self.lines = [f"{line} id={uuid.uuid4()}" for line in lines]
        self.answers = {}

    def play(self, daemon):
        """As far as it gets."""
        try:
            ben = daemon.machine()
            if ben.command(f"/login ben {WORD}").code != "ok":
                return
            for line in self.lines:
                answer = ben.command(line)
                if answer.code in SETTLED:
                    self.answers[line] = (answer.code, answer.text)
                else:
                    assert answer.code in UNSETTLED, answer
        except (Closed, OSError):
            pass

    def play_to_the_end(self, daemon):
        ben = daemon.login("ben")
        for line in self.lines:
            answer = ben.command(line)
            was = self.answers.setdefault(line, (answer.code, answer.text))
            assert (answer.code, answer.text) == was, line
        assert [self.answers[line][0] for line in self.lines] == [
            "ok", "ok", "insufficient-funds", "ok", "ok", "ok",
            "insufficient-funds", "ok"]
        assert "Current balance: 70.58 R." in ben.ok("/balance").text
        assert len(ben.ok("/history 50").lines) == 2 + 6


@pytest.fixture(scope="module")
def prepared(made, space):
    """A folder in which ben has 100.00."""
    daemon = Daemon(copy_folder(made, f"{space}/prepared"))
    daemon.start().admin()
    daemon.register("ben").ok("/deposit 100")
    daemon.close()
    return daemon.folder


def new(daemons, prepared):
    daemon = daemons.new()
    copy_folder(prepared, daemon.folder / "fresh")
    (daemon.folder / "fresh").rename(daemon.folder.with_name("f"))
    daemon = Daemon(daemon.folder.with_name("f"))
    daemons.all.append(daemon)
    return daemon


def breaking(daemon, how, **more):
    return {"LD_PRELOAD": str(SHIM), "BROKEN_DISK": how,
            "BROKEN_DISK_DIR": str(daemon.folder),
            "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0", **more}


def start(daemon, env):
    """False when it has not come so far."""
    daemon.spawn(env=env)
    try:
        daemon.log.expect("daemon: ready")
    except AssertionError:
        assert daemon.wait() != 0
        return False
    return True


def count(daemons, prepared):
    """The writes and syncs of a whole life."""
    daemon = new(daemons, prepared)
    start(daemon, breaking(daemon, "sound", BROKEN_DISK_COUNT="1"))
    Script().play(daemon)
    daemon.stop()
    return max(tuple(map(int, found)) for found in re.findall(
        r"broken_disk: (\d+) writes, (\d+) syncs", daemon.log.text()))


def cut_when_stuck(daemon):
    """Answers wait until there is space, which will not be."""
    try:
        daemon.log.expect("answers wait until there is space")
        daemon.process.kill()
    except AssertionError:
        pass  # it has ended, or nothing of the kind comes


def live(daemons, prepared, how, is_cut):
    daemon = new(daemons, prepared)
    script = Script()
    if start(daemon, breaking(daemon, how)):
        watch = threading.Thread(target=cut_when_stuck, args=(daemon,))
        watch.start()
        script.play(daemon)
        if is_cut or not daemon.is_running():
            daemon.process.kill()
        else:
            daemon.process.terminate()
        daemon.wait()
        watch.join()
    daemon.check_log()
    daemon.start()
    script.play_to_the_end(daemon)
    assert TOTAL.search(daemon.console().ok("/bank accounts").text)[1] == "0.00"
    daemon.stop()
    daemon.check_books()
    shutil.rmtree(daemon.folder.parent)  # there may be thousands of lives


@pytest.mark.parametrize("how", ["eio", "short", "torn", "kill", "full",
                                 "sync"])
def test_a_disk_that_breaks(daemons, prepared, how):
    print(f"RIALTO_SEED={SEED}")
    dice = random.Random(f"{SEED} {how}")
    writes, syncs = count(daemons, prepared)
    most = syncs if how == "sync" else writes
    drawn = range(1, most + 1)
    if not os.environ.get("RIALTO_SOAK"):
        drawn = sorted(dice.sample(drawn, DRAWN))
    for number in drawn:
        print(f"{how}:{number} of {most}")
        live(daemons, prepared, f"{how}:{number}", dice.random() < 0.5)


@pytest.mark.parametrize("asks", ["SIGTERM", "/stop"])
def test_a_stop_while_there_is_no_space(daemons, prepared, asks):
    """It ends in its time, says why, and has kept what it has answered."""
    daemon = new(daemons, prepared)
    start(daemon, breaking(daemon, "brim:"))
    ben, console = daemon.login("ben"), daemon.console()
    script = Script()
    first, second = script.lines[:2]
    answer = ben.ok(first)
    script.answers[first] = (answer.code, answer.text)
    brim = daemon.folder / "brim"
    brim.touch()
    ben.send(second + "\n")
    daemon.log.expect("answers wait until there is space")
    if asks == "/stop":
        console.send("/stop\n")
        assert daemon.wait(5) == os.EX_IOERR
    else:
        daemon.stop(os.EX_IOERR)
    daemon.log.expect("the log cannot be written: No space left on device; "
                      "ending now")
    assert list(answers_before_the_end(ben)) == []
    brim.unlink()
    daemon.start()
    script.play_to_the_end(daemon)


LOOKS = {"payer": "/balance", "receiver": "/history",
         "console": "/bank accounts"}
PAID = re.compile(r"70\.00|30\.00")


@pytest.fixture
def held(daemons, prepared):
    """Ben pays, and what must be on the disk for it does not get there."""
    daemon = new(daemons, prepared)
    start(daemon, breaking(daemon, "hold:"))
    ben = daemon.login("ben")
    looks = {"payer": daemon.login("ben"), "receiver": daemon.admin(),
             "console": daemon.console()}
    talker = daemon.guest("gus")
    hold = open(daemon.folder / "hold", "w", encoding="utf-8")
    fcntl.flock(hold, fcntl.LOCK_EX)
    ben.send("/pay ann 30\n")
    daemon.log.expect("disk: a sync waits")
    for who, line in LOOKS.items():
        looks[who].send(line + "\n")
    for number in range(200):  # chat does not wait for the disk
        talker.ok(f"is anybody there? {number}")
    yield SimpleNamespace(daemon=daemon, ben=ben, looks=looks, hold=hold)
    hold.close()


def answers_before_the_end(peer):
    try:
        while True:
            yield peer.answer().text
    except Closed:
        pass


def test_nobody_sees_what_a_power_cut_could_take_back(held):
    """Neither who pays, nor who is paid, nor those who look on."""
    held.daemon.kill()
    assert not list(answers_before_the_end(held.ben))
    for who, peer in held.looks.items():
        # Who has looked before it was carried out is answered.
        assert not PAID.search("".join(answers_before_the_end(peer))), who
        assert not any("paid you" in line for line in peer.events), who


def test_all_see_it_when_it_is_on_the_disk(held):
    held.hold.close()
    assert held.ben.answer().text.startswith("-- Paid 30.00 R to ann.")
    for peer in held.looks.values():
        assert peer.answer().code == "ok"
    # Whoever is told was told before the payer was answered.
    ann = held.looks["receiver"]
    assert any("ben paid you 30.00 R." in line for line in ann.fence())
    for who, line in LOOKS.items():
        assert PAID.search(held.looks[who].ok(line).text), who


ATM_LOOKS = {
    "balance": lambda id: ("balance", {}),
    "accounts": lambda id: ("accounts", {}),
    "history": lambda id: ("history", {"limit": 1}),
    "lookup": lambda id: ("lookup", {"of": id}),
    "again": lambda id: ("pay", {"id": id, "to": "ann", "amount": "30"}),
}


@pytest.fixture
def held_atm(daemons, prepared):
    """The same by the service atm."""
    daemon = new(daemons, prepared)
    start(daemon, breaking(daemon, "hold:"))
    ben, looks = daemon.atm("ben"), {who: daemon.atm("ben")
                                     for who in ATM_LOOKS}
    talker = daemon.guest("gus")
    hold = open(daemon.folder / "hold", "w", encoding="utf-8")
    fcntl.flock(hold, fcntl.LOCK_EX)
    id = ben.send("pay", to="ann", amount="30")
    daemon.log.expect("disk: a sync waits")
    for who, look in ATM_LOOKS.items():
        op, members = look(id)
        looks[who].send(op, **members)
    for number in range(200):
        talker.ok(f"is anybody there? {number}")
    yield SimpleNamespace(daemon=daemon, ben=ben, looks=looks, hold=hold)
    hold.close()


SEEN = re.compile(r'"70\.00"|"-30\.00"|"known": true')


def test_no_atm_shows_what_a_power_cut_could_take_back(held_atm):
    held_atm.daemon.kill()
    assert held_atm.ben.wire.rest() == []
    for who, atm in held_atm.looks.items():
        # Who has looked before it was carried out is answered.
        for line in atm.wire.rest():
            assert not SEEN.search(json.dumps(atm.open(line))), who


def test_all_atms_show_it_when_it_is_on_the_disk(held_atm):
    held_atm.hold.close()
    paid = held_atm.ben.receive()
    assert paid["balance"]["posted"] == "70.00"
    for who, atm in held_atm.looks.items():
        assert atm.receive()["ok"], who
        op, members = ATM_LOOKS[who](paid["re"])
        assert SEEN.search(json.dumps(atm.ok(op, **members))), who
