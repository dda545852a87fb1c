"""The audit trail: lines, the sealed archive, and what no kill takes away."""

import os
import random
import re
import shlex
import shutil
import signal

import pytest

from lives import Load
from moderators import appoint
from rialto import ADMIN, ADMIN_WORD, WORD, eventually


def records(daemon, name="audit.log"):
    """Every line as a dict."""
    path = daemon.folder / name
    lines = path.read_text().splitlines() if path.exists() else []
    return [parse(line) for line in lines]


def parse(line):
    time, *fields = shlex.split(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time), line
    return dict(field.split("=", 1) for field in fields)


def wait_for(daemon, **wanted):
    """The first record with these values."""
    found = []

    def look():
        found[:] = [r for r in records(daemon)
                    if all(r[key] == value for key, value in wanted.items())]
        return found

    eventually(look, f"recorded: {wanted}")
    return found[0]


def check_sequence(daemon):
    numbers = [int(r["seq"]) for r in records(daemon)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_acts_of_users_are_recorded(daemon):
    ben = daemon.register("ben")
    number = re.search(r"#(\d+) ", ben.ok("/sessions").text)[1]
    record = wait_for(daemon, action="user.register")
    assert record == {**record, "actor": "ben", "user": "2", "target": "ben",
                      "session": number, "address": "127.0.0.1",
                      "outcome": "ok",
                      "detail": record["detail"]}
    assert re.fullmatch(r"active, line, TLS1\.3 \S+", record["detail"])
    ben.ok(f"/passwd \"{WORD}\" \"another word\"")
    wait_for(daemon, action="user.password", actor="ben", target="ben")
    daemon.login("ben", "another word")
    wait_for(daemon, action="user.login", actor="ben", address="127.0.0.1")
    check_sequence(daemon)


ACTS = [
    ("users role ben +moderator", "user.role", "ben", "+moderator"),
    ("users role ben -moderator", "user.role", "ben", "-moderator"),
    ("users disable ben", "user.disable", "ben", "-"),
    ("users enable ben", "user.enable", "ben", "-"),
    ("users password ben some-other-word", "user.password", "ben", "-"),
    ("users rename ben benno", "user.rename", "ben", "benno"),
    ("users remove benno", "user.remove", "benno", "-"),
]


def test_the_acts_of_an_administrator_are_recorded(daemon):
    daemon.register("ben")
    admin = daemon.admin()
    for line, action, target, detail in ACTS:
        admin.ok("/" + line)
        record = wait_for(daemon, action=action, target=target, detail=detail,
                          actor=ADMIN)
        assert (record["outcome"], record["user"]) == ("ok", "1")
        admin.refused("/" + line.replace("ben", "nobody"), "no-such-user")
    assert "nobody" not in (daemon.folder / "audit.log").read_text()
    check_sequence(daemon)


def test_approval_is_recorded(start):
    daemon = start(users={"registration": "approval"})
    daemon.machine().ok(f"/register ben {WORD}")
    wait_for(daemon, action="user.register", outcome="ok")
    daemon.ctl("users", "approve", "ben")
    wait_for(daemon, action="user.approve", actor=f"console:{os.getuid()}",
             target="ben", address="local")


def test_an_ended_session_is_recorded(daemon):
    ben = daemon.register("ben")
    number = re.search(r"#(\d+) ", ben.ok("/sessions").text)[1]
    daemon.admin().ok(f"/sessions end {number}")
    wait_for(daemon, action="session.end", actor=ADMIN, target=f"ben #{number}")
    assert "session-ended" in ben.rest()


def test_the_daemon_is_recorded(daemon, tmp_path):
    daemon.ctl("reload")
    daemon.ctl("backup", tmp_path / "copy")
    daemon.process.send_signal(signal.SIGHUP)
    wait_for(daemon, action="server.reload", detail="SIGHUP", outcome="ok")
    daemon.ctl("stop")
    assert daemon.wait() == 0
    wait_for(daemon, action="daemon.init", target=ADMIN, detail="offline")
    wait_for(daemon, action="daemon.start")
    for action in "server.reload", "server.backup":
        wait_for(daemon, action=action, outcome="asked")
        wait_for(daemon, action=action, outcome="ok")
    wait_for(daemon, action="server.stop", outcome="asked")
    assert records(daemon)[-1]["action"] == "daemon.stop"
    check_sequence(daemon)
    head = re.findall(r"audit: head seq=(\d+) hash=([0-9a-f]{64})",
                      daemon.log.text())
    assert int(head[-1][0]) == len(records(daemon)) and len(head) >= 2


def test_offline_acts_are_recorded_at_the_next_start(daemon, tmp_path):
    daemon.ctl("backup", tmp_path / "copy")
    daemon.stop()
    daemon.offline("--reset-password", ADMIN, words="a fresh word\n")
    (daemon.folder / "data").rename(daemon.folder / "before")
    result = daemon.offline("--restore", tmp_path / "copy")
    assert result.returncode == 0, result.stderr
    daemon.start()
    record = wait_for(daemon, action="store.restore")
    assert record["target"] == str(tmp_path / "copy")
    daemon.stop()
    daemon.offline("--reset-password", ADMIN, words="a fresh word\n")
    daemon.start()
    wait_for(daemon, action="user.password", target=ADMIN, detail="offline")


def test_no_password_is_in_log_or_archive(daemon):
    words = ["hunter2-secret-1", "hunter2-secret-2", "hunter2-secret-3"]
    ben = daemon.register("ben", words[0])
    ben.ok(f"/passwd {words[0]} {words[1]}")
    daemon.ctl("users", "password", "ben", words[2])
    daemon.machine().refused("/login ben hunter2-wrong", "bad-login")
    ben.close()
    daemon.stop()
    for path in [*daemon.folder.glob("audit*"), *daemon.folder.glob("data/*")]:
        assert b"hunter2" not in path.read_bytes(), path
    sealed = (daemon.folder / "audit.sealed.00000001").read_bytes()
    assert b"ben" not in sealed and b"user" not in sealed


def test_a_renamed_log_goes_on_in_a_new_one(daemon):
    """As logrotate does it; also when the settings have a mistake."""
    daemon.ctl("users", "role", ADMIN, "+teller")
    wait_for(daemon, action="user.role", detail="+teller")
    (daemon.folder / "audit.log").rename(daemon.folder / "audit.log.1")
    daemon.config.write_text("server: [\n")
    daemon.process.send_signal(signal.SIGHUP)
    eventually((daemon.folder / "audit.log").exists, "opened anew")
    daemon.ctl("--socket", daemon.socket, "users", "role", ADMIN, "-teller")
    daemon.write()
    wait_for(daemon, action="user.role", detail="-teller")
    before, after = records(daemon, "audit.log.1"), records(daemon)
    assert [int(r["seq"]) for r in before + after] == list(
        range(1, len(before + after) + 1))


KEYS = [
    (lambda key: key.chmod(0o644), "has mode 0644"),
    (lambda key: key.write_bytes(b"short"), "5 bytes, not 32"),
    (lambda key: key.unlink(), "put it back"),
    (lambda key: key.write_bytes(b"x" * 32), "put back the key"),
]


@pytest.mark.parametrize("spoil, words", KEYS,
                         ids=["open", "short", "gone", "another"])
def test_a_wrong_key_is_refused_by_name(daemon, spoil, words):
    daemon.stop()
    spoil(daemon.folder / "keys/audit.key")
    daemon.spawn()
    assert daemon.wait() == 78
    assert "audit.key" in daemon.log.text() and words in daemon.log.text()
    assert "daemon: ready" not in daemon.log.text()


def test_a_key_is_made_for_an_older_installation(daemons):
    daemon = daemons.new()
    shutil.rmtree(daemon.folder / "keys")
    daemon.start()
    daemon.log.expect("the key .*audit.key is made")
    assert (daemon.folder / "keys/audit.key").stat().st_mode & 0o777 == 0o600
    daemon.restart()
    wait_for(daemon, action="daemon.stop")


def change_a_byte(path, at=-3):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def edit_lines(path, edit):
    lines = path.read_text().splitlines(keepends=True)
    edit(lines)
    path.write_text("".join(lines))


def cut(path, by):
    os.truncate(path, path.stat().st_size - by)


LOG, SEALED, KEY = "audit.log", "audit.sealed.00000001", "keys/audit.key"

# What is done to which file, and how the verifier names it.
TAMPERED = {
    "a byte of a line": (
        LOG, lambda path: change_a_byte(path, 100), r"audit\.log:1: "),
    "a line is lost": (
        LOG, lambda path: edit_lines(path, lambda lines: lines.pop(1)),
        r"audit\.log:2: record 2 is missing before this line"),
    "lines are swapped": (
        LOG, lambda path: edit_lines(path, lambda lines: lines.insert(
            1, lines.pop(2))), r"audit\.log:3: record 2 does not belong here"),
    "the log is cut": (
        LOG, lambda path: edit_lines(path, lambda lines: lines.pop()),
        r"audit\.log:\d+: record \d+ is missing after this line"),
    "a byte of the archive": (
        SEALED, change_a_byte,
        r"audit\.sealed\.00000001: record \d+ \(frame \d+, byte \d+\) was"),
    "the archive is cut within a record": (
        SEALED, lambda path: cut(path, 7),
        r"audit\.sealed\.00000001: record \d+ \(frame \d+, byte \d+\) is cut: "),
    "the archive is gone": (
        SEALED, lambda path: path.unlink(),
        r"audit\.sealed\.00000001: it is missing"),
    "another key": (
        KEY, lambda path: path.write_bytes(b"x" * 32),
        r"audit\.sealed\.00000001: its header was changed, or it was sealed "
        r"with another key"),
    "no key": (
        KEY, lambda path: path.unlink(),
        r"not checked: there is no key.*\n.*audit\.key: it does not exist"),
}


@pytest.mark.parametrize("name, tamper, words", TAMPERED.values(),
                         ids=TAMPERED.keys())
def test_what_was_tampered_with_is_named(daemon, name, tamper, words):
    for change in "+teller", "-teller":
        daemon.ctl("users", "role", ADMIN, change)
    daemon.stop()
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stderr
    count = len(records(daemon))
    assert f"audit: {count} records in the store, {count} in the archive " \
        f"(files: 1), {count} lines; head seq={count} hash=" in result.stdout
    tamper(daemon.folder / name)
    result = daemon.offline("--verify")
    assert result.returncode == 1
    assert re.search(words, result.stderr), result.stderr


def test_the_newest_records_are_told(daemon):
    ben = daemon.register("ben")
    admin = daemon.admin()
    lines = admin.ok("/audit tail").lines
    found = [parse(line.removeprefix("-- ")) for line in lines]
    assert [int(r["seq"]) for r in found] == list(range(1, len(found) + 1))
    assert [(r["action"], r["actor"]) for r in found[-2:]] == [
        ("bank.open", "ben"), ("user.login", ADMIN)]
    assert admin.ok("/audit tail 2").lines == lines[-2:]
    for line in "/audit tail 0", "/audit tail x", "/audit tail 1 2":
        admin.refused(line, "usage")
    ben.refused("/audit tail", "not-allowed")
    admin.ok("/users role ben +auditor")
    ben = daemon.login("ben")
    ben.ok("/audit tail")
    ben.ok("/audit verify")
    ben.refused("/audit export /tmp/nowhere", "not-allowed")
    result = daemon.ctl("audit", "tail", "1")
    assert result.returncode == 0
    assert parse(result.stdout.strip())["action"] == "user.login"


def test_verify_in_chat(daemon):
    admin = daemon.admin()
    wait_for(daemon, action="user.login")
    words = admin.ok("/audit verify").text
    assert words.startswith("-- The trail is whole: "), words
    seq, hash = re.search(r"head seq=(\d+) hash=([0-9a-f]{64})", words).groups()
    admin.ok("/users role ann +teller")
    admin.ok(f"/audit verify {seq} {hash}")
    admin.refused(f"/audit verify {seq} {'0' * 64}", "internal")
    for line in f"/audit verify {seq}", "/audit verify 0 " + hash, \
            f"/audit verify {seq} {hash[1:]}":
        admin.refused(line, "usage")
    wait_for(daemon, detail="+teller")
    change_a_byte(daemon.folder / LOG, 100)
    change_a_byte(daemon.folder / SEALED)
    result = daemon.ctl("audit", "verify")
    assert result.returncode == 1
    assert "audit.log:1: record 1 is not what" in result.stderr
    assert "audit.sealed.00000001: record " in result.stderr
    daemon.log.expect(r"audit: verify found audit: audit\.log:1: ")


def test_the_archive_is_exported(daemon, tmp_path):
    for change in "+teller", "-teller":
        daemon.restart()
        daemon.ctl("users", "role", ADMIN, change)
    wait_for(daemon, detail="-teller")
    path = tmp_path / "exported"
    result = daemon.ctl("audit", "export", path)
    assert result.returncode == 0, result.stderr
    assert re.search(rf"^(\d+) records are in {path}\.$", result.stdout)
    assert path.stat().st_mode & 0o777 == 0o600
    asked = wait_for(daemon, action="audit.export", outcome="asked")
    assert asked["target"] == str(path)
    wait_for(daemon, action="audit.export", outcome="ok")
    exported = path.read_text()
    assert (daemon.folder / LOG).read_text().startswith(exported)
    assert "detail=-teller" in exported
    # Never over something that is there, nor somewhere by accident.
    console = daemon.console()
    console.refused(f"/audit export {path}", "exists")
    console.refused("/audit export exported", "bad-input")
    console.refused(f"/audit export {tmp_path}/nowhere/exported", "not-found")
    assert path.read_text() == exported
    wait_for(daemon, action="audit.export", outcome="not-found")
    change_a_byte(daemon.folder / SEALED)
    words = console.refused(f"/audit export {tmp_path}/second", "internal")
    assert "audit.sealed.00000001: it is damaged from byte" in words


def test_the_archive_is_read_elsewhere(daemon, daemons):
    """With the sealed files and their key, and nothing else."""
    daemon.restart()
    daemon.stop()
    other = daemons.new()
    shutil.rmtree(other.folder / "data")
    for path in daemon.folder.glob("audit.sealed.*"):
        shutil.copy(path, other.folder)
    (other.folder / KEY).write_bytes(b"x" * 32)
    result = other.offline("--export-audit")
    assert result.returncode == 1
    assert "the key does not open it" in result.stderr
    shutil.copy(daemon.folder / KEY, other.folder / KEY)
    result = other.offline("--export-audit")
    assert result.returncode == 0, result.stderr
    assert result.stdout == (daemon.folder / LOG).read_text()


def test_verify_finds_nothing_while_people_work(daemon):
    """Nor while the log is rotated; nothing is in two places, or in none."""
    console = daemon.console()
    moderators = appoint(daemon, 4)
    load = Load(daemon, moderators, random.Random())
    try:
        for number in range(1, 21):
            load.tally.wait_for(load.tally.count + 5)
            if number % 4 == 0:
                (daemon.folder / LOG).rename(daemon.folder / f"{LOG}.{number}")
                mark = daemon.log.mark()
                daemon.process.send_signal(signal.SIGHUP)
                daemon.log.expect("audit: .*audit.log is opened anew",
                                  after=mark)
            console.ok("/audit verify")
    finally:
        load.kill()
    daemon.start()
    assert daemon.ctl("audit", "verify").returncode == 0
    daemon.stop()
    numbers = [int(record["seq"]) for number in (4, 8, 12, 16, 20)
               for record in records(daemon, f"{LOG}.{number}")]
    numbers += [int(record["seq"]) for record in records(daemon)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_restored_backup_is_no_finding(daemon, tmp_path, end):
    """What came after it stays in the trail, which goes on with another."""
    wait_for(daemon, action="daemon.start")
    assert daemon.ctl("backup", tmp_path / "copy").returncode == 0
    for change in "+teller", "-teller":
        daemon.ctl("users", "role", ADMIN, change)
    wait_for(daemon, detail="-teller")
    getattr(daemon, end)()
    (daemon.folder / "data").rename(tmp_path / "before")
    result = daemon.offline("--restore", tmp_path / "copy")
    assert result.returncode == 0, result.stderr
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stderr
    daemon.start()
    daemon.ctl("users", "role", ADMIN, "+auditor")
    wait_for(daemon, detail="+auditor")
    result = daemon.ctl("audit", "verify")
    assert result.returncode == 0, result.stderr
    daemon.stop()
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stderr
    restored = wait_for(daemon, action="store.restore")
    same = [r for r in records(daemon) if r["seq"] == restored["seq"]]
    assert [r["action"] for r in same][1:] == ["store.restore"]
    # Without that record it would be one.
    edit_lines(daemon.folder / LOG, lambda lines: lines.remove(next(
        line for line in lines if "action=store.restore " in line)))
    assert daemon.offline("--verify").returncode == 1
