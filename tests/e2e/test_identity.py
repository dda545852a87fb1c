"""The identity of a server: its key, and how it shows that it has it."""

import os

import pytest

from rialto import RIALTOD, run


def identity_of(daemon):
    lines = daemon.ctl("status").stdout.splitlines()
    return dict(line.split(": ", 1) for line in lines)["identity"]


def test_it_stays_the_same(daemons):
    daemon = daemons.new().start()
    identity = identity_of(daemon)
    assert identity.startswith("SHA256:") and len(identity) == 7 + 43
    daemon.restart()
    assert identity_of(daemon) == identity
    assert identity in daemon.ctl("audit", "tail").stdout


def test_each_house_has_its_own(daemons):
    houses = [daemons.new().start(), daemons.new().start()]
    # They may have been copied from one that was made once.
    key = houses[1].folder / "keys/identity.key"
    houses[1].stop()
    key.unlink()
    houses[1].start()
    assert identity_of(houses[0]) != identity_of(houses[1])


def test_a_key_is_made_for_an_older_installation(daemons):
    daemon = daemons.new()
    key = daemon.folder / "keys/identity.key"
    key.unlink()
    daemon.start()
    daemon.log.expect("the key .*identity.key is made")
    assert key.stat().st_mode & 0o777 == 0o600
    identity = identity_of(daemon)
    daemon.restart()
    assert identity_of(daemon) == identity
    assert "is made" not in daemon.log.text()


def test_it_may_lie_elsewhere(daemons, tmp_path):
    daemon = daemons.new(server={"identity": f"{tmp_path}/deep/own.pem"})
    daemon.start()
    assert "BEGIN PRIVATE KEY" in (tmp_path / "deep/own.pem").read_text()
    assert identity_of(daemon)


def test_one_of_openssl_will_do(daemons):
    daemon = daemons.new()
    key = daemon.folder / "keys/identity.key"
    key.unlink()
    assert run("openssl", "genpkey", "-algorithm", "ed25519", "-out",
               key).returncode == 0
    key.chmod(0o600)
    daemon.start()
    assert "is made" not in daemon.log.text()


def cut_short(key):
    os.truncate(key, 40)


def another_kind(key):
    assert run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
               "ec_paramgen_curve:P-256", "-out", key).returncode == 0
    key.chmod(0o600)


KEYS = [
    (lambda key: key.chmod(0o644), "has mode 0644"),
    (cut_short, "Ed25519"),
    (another_kind, "Ed25519"),
]


@pytest.mark.parametrize("spoil, words", KEYS,
                         ids=["open", "short", "another"])
def test_a_wrong_key_is_refused_by_name(daemons, spoil, words):
    daemon = daemons.new()
    spoil(daemon.folder / "keys/identity.key")
    daemon.spawn()
    assert daemon.wait() == 78
    assert "identity.key" in daemon.log.text() and words in daemon.log.text()
    assert "daemon: ready" not in daemon.log.text()
    result = run(RIALTOD, "--config", daemon.config, "--check-config")
    assert result.returncode != 0
    assert "server.identity cannot be used" in result.stderr + result.stdout
    assert words in result.stderr + result.stdout


def test_no_backup_holds_it(daemons, tmp_path):
    daemon = daemons.new().start()
    assert daemon.ctl("backup", tmp_path / "copy").returncode == 0
    daemon.stop()
    lines = (daemon.folder / "keys/identity.key").read_text().splitlines()
    for path in (tmp_path / "copy").rglob("*"):
        if path.is_file():
            assert lines[1].encode() not in path.read_bytes()
            assert path.name != "identity.key"
