"""A new server certificate by the CA of --init, with nobody thrown out."""

import json
import os
import re
import socket
import ssl
import subprocess
import time

import pytest

from fake_server import make_certificate
from rialto import context, init, mounting
from test_audit import wait_for

DAYS_825 = 825 * 24 * 3600


def shown(daemon):
    """The certificate that a newcomer is shown, who trusts the CA alone."""
    with socket.create_connection(("127.0.0.1", daemon.port)) as plain:
        tls = context(daemon.ca).wrap_socket(plain, server_hostname="localhost")
        with tls:
            return tls.getpeercert(binary_form=True), tls.getpeercert()


def shown_to_anybody(daemon):
    with socket.create_connection(("127.0.0.1", daemon.port)) as plain:
        with context().wrap_socket(plain) as tls:
            return tls.getpeercert(binary_form=True)


def fingerprint(daemon):
    return re.search(r"certificate: (SHA256:\S+)",
                     daemon.ctl("status").stdout)[1]


def key_of(der):
    pem = ssl.DER_cert_to_PEM_cert(der)
    return subprocess.run(["openssl", "x509", "-noout", "-pubkey"], input=pem,
                          capture_output=True, text=True, check=True).stdout


def tls_files(daemon):
    return {path.name: path.read_bytes()
            for path in (daemon.folder / "tls").iterdir()}


def test_renewed_live_with_the_same_names_and_key(daemon):
    ben = daemon.register("ben")
    before, facts = shown(daemon)
    files = tls_files(daemon)
    result = daemon.ctl("renew")
    assert result.returncode == 0, result.stderr
    new = re.match(r"The certificate is renewed until \d{4}-\d\d-\d\d \d\d:\d\d:"
                   r" (SHA256:\S{43})\n$", result.stdout)[1]
    after, new_facts = shown(daemon)
    assert after != before and key_of(after) == key_of(before)
    assert new == fingerprint(daemon)
    for same in "subject", "issuer", "subjectAltName":
        assert new_facts[same] == facts[same]
    ends = ssl.cert_time_to_seconds(new_facts["notAfter"])
    assert ends - ssl.cert_time_to_seconds(new_facts["notBefore"]) == DAYS_825
    ben.ok("I am still here")
    left = tls_files(daemon)
    assert left.pop("server.crt.old") == files["server.crt"]
    assert left.pop("server.crt") != files.pop("server.crt")
    assert left == files
    mode = os.stat(daemon.folder / "tls/server.crt").st_mode & 0o777
    assert mode == os.stat(daemon.folder / "tls/ca.crt").st_mode & 0o777
    wait_for(daemon, action="server.renew", outcome="asked")
    record = wait_for(daemon, action="server.renew", outcome="ok")
    assert (record["target"], record["actor"]) == (
        new, f"console:{os.getuid()}")
    daemon.restart()
    assert shown(daemon)[0] == after


def test_an_administrator_may_from_chat_and_nobody_else(daemon):
    before = shown(daemon)[0]
    daemon.register("ben").refused("/renew", "not-allowed")
    assert shown(daemon)[0] == before
    daemon.admin().ok("/renew")
    assert shown(daemon)[0] != before


def spoil_key(tls):
    (tls / "ca.key").unlink()


def spoil_ca(tls):
    (tls / "ca.crt").unlink()


def another_ca(tls):
    """Of the same name, but not the one that has signed."""
    other = tls.parent / "other"
    made = init(other)
    assert made.returncode == 0, made.stderr
    for name in "ca.crt", "ca.key":
        (other / "tls" / name).rename(tls / name)


def mixed(tls):
    (tls / "ca.key").write_bytes((tls / "server.key").read_bytes())


def garbage(tls):
    (tls / "ca.key").write_text("no key\n")


REFUSED = {
    "no key": (spoil_key, "not-found", "--ca-key FILE"),
    "no CA": (spoil_ca, "not-found", "only a certificate that --init made"),
    "another CA": (another_ca, "bad-input", "has not signed"),
    "another key": (mixed, "bad-input", "is not that of the CA"),
    "garbage": (garbage, "bad-input", "key cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_renewed_is_left_alone(daemon, case):
    spoil, code, words = REFUSED[case]
    spoil(daemon.folder / "tls")
    before, files = shown_to_anybody(daemon), tls_files(daemon)
    result = daemon.ctl("renew")
    assert result.returncode == 1 and words in result.stderr, result.stderr
    assert code in result.stderr
    assert tls_files(daemon) == files
    assert shown_to_anybody(daemon) == before
    wait_for(daemon, action="server.renew", outcome=code)


@pytest.mark.needs("mount")
def test_a_folder_that_the_daemon_may_not_write(daemons):
    """As under the systemd unit, where /etc is read-only."""
    daemon = daemons.new()
    tls = daemon.folder / "tls"
    daemon.under = [*mounting(), "sh", "-ec",
                    'mount --bind "$0" "$0"; mount -o remount,ro,bind "$0";'
                    ' exec "$@"', str(tls)]
    daemon.start()
    before = fingerprint(daemon)
    result = daemon.ctl("renew")
    assert result.returncode == 1
    assert "not-allowed" in result.stderr
    assert "rialtod --renew-certificate" in result.stderr
    # What it says works: from outside, and with the key kept elsewhere.
    key = tls / "ca.key"
    elsewhere = daemon.folder / "key on a stick"
    elsewhere.write_bytes(key.read_bytes())
    key.unlink()
    result = daemon.offline("--renew-certificate", "--ca-key", elsewhere)
    assert result.returncode == 0, result.stderr
    new = re.search(r"SHA256:\S+", result.stdout)[0]
    assert fingerprint(daemon) == before
    daemon.ctl("reload")
    assert fingerprint(daemon) == new
    wait_for(daemon, action="server.certificate", target=new)


def test_offline(daemons):
    daemon = daemons.new()
    before = (daemon.folder / "tls/server.crt").read_bytes()
    result = daemon.offline("--renew-certificate")
    assert result.returncode == 0, result.stderr
    assert "is renewed until" in result.stdout
    assert (daemon.folder / "tls/server.crt.old").read_bytes() == before
    daemon.start()
    new = re.search(r"SHA256:\S+", result.stdout)[0]
    assert fingerprint(daemon) == new
    assert new in wait_for(daemon, action="daemon.start")["detail"]
    (daemon.folder / "tls/ca.key").unlink()
    result = daemon.offline("--renew-certificate")
    assert result.returncode == 1 and "--ca-key" in result.stderr
    assert daemon.offline("--verify", "--ca-key", "x").returncode == 2


def test_renewing_while_people_come_in(daemon):
    """Each sees a whole certificate of the CA, old or new."""
    seen = set()
    admin = daemon.console()
    for _ in range(20):
        admin.send("/renew\n")
        seen.add(shown(daemon)[0])
        assert admin.answer().code == "ok"
        seen.add(shown(daemon)[0])
    assert len(seen) >= 20


@pytest.mark.parametrize("days, warns", [(30, True), (31, False)])
def test_a_certificate_that_ends_is_told_of(start, tmp_path, days, warns):
    """A moment less than 30 days are 29 whole ones."""
    certificate, key = make_certificate(tmp_path, days=days)
    daemon = start(tls={"certificate": str(certificate), "key": str(key)})
    assert ("the certificate ends days=29" in daemon.log.text()) == warns
    status = json.loads(daemon.ctl("--json", "status").stdout)
    left = status["certificate_expiry_ms"] / 1000 - time.time()
    assert (days - 1) * 86400 < left <= days * 86400
