"""Backups of a daemon in use, restoring them, and verifying data."""

import random
import shutil

import pytest

from berkeley import flip, page_with
from lives import Life, Load, check_all
from payers import Market, Payer, check_moment
from rialto import WORD, Daemon, copy_folder


def restore(daemons, daemon, backup):
    """A second daemon with the data of a backup, not yet started."""
    other = daemons.new(**{k: v for k, v in daemon.settings.items()
                           if k != "listeners"})
    shutil.rmtree(other.folder / "data")
    result = other.offline("--restore", backup)
    assert result.returncode == 0, result.stderr
    # The trail goes on behind what the archive holds.
    shutil.copy2(daemon.folder / "keys/audit.key", other.folder / "keys")
    for path in daemon.folder.glob("audit.*"):
        shutil.copy2(path, other.folder)
    return other


@pytest.fixture
def filled(start):
    daemon = start()
    ben = daemon.register("ben")
    ben.ok("/join den")
    ben.ok("/topic Pizza")
    return daemon


def test_a_backup_is_restored(filled, daemons, tmp_path):
    backup = tmp_path / "backup"
    result = filled.ctl("backup", backup)
    assert (result.returncode, result.stdout) == \
        (0, f"The backup is in {backup}.\n"), result.stderr
    filled.log.expect(r"backup: made dir=")
    assert "last backup: never" not in filled.ctl("status").stdout
    filled.register("too-late")
    other = restore(daemons, filled, backup)
    result = other.offline("--verify")
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith(
        f"\n{other.folder}/data: everything is in order\n")
    other.start()
    ben = other.machine()
    assert "-- Topic of den: Pizza (ben, " in ben.ok(f"/login ben {WORD}").text
    other.machine().refused(f"/login too-late {WORD}", "bad-login")


def test_a_backup_while_people_work(daemons, tmp_path):
    """What was acknowledged before it began is in it; and it is whole."""
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    dice = random.Random(seed)
    daemon = daemons.new(chat={"rooms_per_user": 1000},
                         users={"lockout": "none"}).start()
    lives = [Life(f"early{i}") for i in range(4)]
    # These have come to an end when the backup begins …
    first = Load(daemon, lives, dice)
    first.tally.wait_for(100)
    first.kill()
    daemon.start()
    # … and these are not.
    load = Load(daemon, [Life(f"late{i}") for i in range(4)], dice)
    load.tally.wait_for(50)
    backup = tmp_path / "backup"
    result = daemon.ctl("backup", backup)
    assert result.returncode == 0, result.stderr
    load.tally.wait_for(load.tally.count + 50)
    load.kill()
    other = restore(daemons, daemon, backup)
    assert other.offline("--verify").returncode == 0
    other.start()
    check_all(other, lives)
    daemon.start()
    check_all(daemon, lives)


def test_a_backup_while_members_pay(daemons, tmp_path):
    """No money comes or goes with it, and what was answered is in it."""
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    daemon = daemons.new(users={"lockout": "none"}).start()
    payers = [Payer(i).join(daemon) for i in range(8)]
    market = Market(daemon, payers, random.Random(seed))
    try:
        market.tally.wait_for(100)
        answered = [dict(payer.answers) for payer in payers]
        backup = tmp_path / "backup"
        result = daemon.ctl("backup", backup)
        assert result.returncode == 0, result.stderr
        market.tally.wait_for(market.tally.count + 100)
    finally:
        market.close()
    other = restore(daemons, daemon, backup)
    other.check_books()
    other.start()
    check_moment(other.console(), payers)
    for payer, answers in zip(payers, answered):
        machine = payer.enter(other)
        for line, was in answers.items():
            answer = machine.command(line)
            assert (answer.code, answer.text) == was, line


REFUSED = [
    ("relative", "backup", "bad-input"),
    ("in a folder that is not there", "{tmp}/nowhere/backup", None),
    ("the data directory", "{daemon}/data", "bad-input"),
    ("in the data directory", "{daemon}/run/../data/backup", "bad-input"),
    ("a folder with something in it", "{tmp}/full", "exists"),
]


@pytest.mark.parametrize("where, code", [r[1:] for r in REFUSED],
                         ids=[r[0] for r in REFUSED])
def test_a_backup_is_refused(filled, tmp_path, where, code):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/something").write_text("of value")
    result = filled.ctl("backup", where.format(tmp=tmp_path,
                                               daemon=filled.folder))
    assert result.returncode == 1
    assert code is None or code in result.stderr, result.stderr
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["something"]
    filled.register("afterwards")


def test_restoring_never_overwrites(filled, tmp_path):
    backup = tmp_path / "backup"
    assert filled.ctl("backup", backup).returncode == 0
    result = filled.offline("--restore", backup)
    assert result.returncode == 1
    filled.stop()
    result = filled.offline("--restore", backup)
    assert result.returncode == 1
    filled.start()
    filled.login("ben")


@pytest.mark.parametrize("spoil", [
    lambda backup: (backup / "users.db").unlink(),
    lambda backup: (backup / "users.db").write_bytes(b""),
    lambda backup: next(backup.glob("log.*")).unlink(),
    lambda backup: flip(backup / "users.db",
                        page_with(backup / "users.db", b"ben")),
    lambda backup: [p.unlink() for p in backup.iterdir()],
], ids=["a table is gone", "a table is empty", "a log is gone",
        "a page is spoiled", "nothing is there"])
def test_a_spoiled_backup_is_not_restored(filled, tmp_path, spoil):
    backup = tmp_path / "backup"
    filled.restart()  # now the tables have what the log had
    assert filled.ctl("backup", backup).returncode == 0
    filled.stop()
    shutil.move(filled.folder / "data", tmp_path / "data")
    spoil(backup)
    result = filled.offline("--restore", backup)
    assert result.returncode == 1, result.stdout
    assert result.stderr
    filled.spawn()  # nothing that looks whole was left
    filled.kill() if filled.is_running() else filled.wait()
    shutil.rmtree(filled.folder / "data", ignore_errors=True)
    shutil.move(tmp_path / "data", filled.folder / "data")
    filled.start().login("ben")


def test_a_copy_of_a_stopped_daemon_is_one(filled, daemons, tmp_path):
    """Moving house: stop it, copy the folder, start the copy."""
    filled.stop()
    copy_folder(filled.folder, tmp_path / "d")
    other = Daemon(tmp_path / "d").start()
    daemons.all.append(other)
    other.login("ben")


def test_verify_is_for_data_at_rest(filled):
    result = filled.offline("--verify")
    assert result.returncode == 1
    assert "another rialtod" in result.stderr
    filled.guest("zoe").ok("undisturbed")


def test_verify_names_every_spoiled_table(filled):
    filled.stop()
    for name, holds in (("users.db", b"ben"), ("rooms.db", b"den")):
        path = filled.folder / "data" / name
        flip(path, page_with(path, holds))
    result = filled.offline("--verify")
    assert result.returncode == 1
    assert "users.db" in result.stderr and "rooms.db" in result.stderr


def test_verify_after_a_power_cut(filled):
    """It recovers first."""
    filled.kill()
    result = filled.offline("--verify")
    assert result.returncode == 0, result.stderr
