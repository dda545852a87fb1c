"""Terminals: clients that are known by a certificate and have their own cash."""

import json
import os
import re

import pytest

from atm import context
from rialto import ADMIN, ADMIN_WORD, RIALTO, WORD, run


class Terminal:
    """A certificate that nobody has signed but itself."""

    def __init__(self, folder, name):
        self.pem = folder / f"{name}.pem"
        made = run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                   "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                   f"/CN={name}", "-keyout", self.pem, "-out", f"{self.pem}.c")
        assert made.returncode == 0, made.stderr
        with self.pem.open("a") as both:
            both.write((folder / f"{name}.pem.c").read_text())
        shown = run("openssl", "x509", "-in", self.pem, "-noout",
                    "-fingerprint", "-sha256").stdout
        self.fingerprint = shown.strip().split("=")[1]
        self.setting = {"certificate": self.fingerprint,
                        "account": f"cash:{name}"}

    def session(self, daemon, user=ADMIN, word=ADMIN_WORD):
        return daemon.atm(user, word, tls=context(daemon.ca, self.pem))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("terminals")


@pytest.fixture(scope="module")
def corner(folder):
    return Terminal(folder, "corner")


@pytest.fixture(scope="module")
def yard(folder):
    return Terminal(folder, "yard")


def till(daemon, name):
    """What is in it, or None when there is none."""
    found = re.search(rf"^{name} (-?[0-9.]+) R", daemon.ctl(
        "bank", "accounts").stdout, re.M)
    return found and f"{-float(found[1]) or 0:.2f}"


def reload(daemon, **settings):
    daemon.write(**settings)
    result = daemon.ctl("reload")
    assert result.returncode == 0, result.stderr


def test_cash_of_the_terminal(daemons, corner, yard):
    daemon = daemons.new(terminals=[corner.setting, yard.setting],
                         bank={"cash": {"policy": "terminal"}}).start()
    daemon.register("ben").close()
    ann, ben = corner.session(daemon), yard.session(daemon, "ben", WORD)
    ann.ok("deposit", amount="10")
    ben.ok("deposit", amount="5.50")
    assert ben.ok("withdraw", amount="2")["balance"]["posted"] == "3.50"
    assert (till(daemon, "cash:corner"), till(daemon, "cash:yard"),
            till(daemon, "cash:till")) == ("10.00", "3.50", "0.00")
    assert ann.ok("history")["postings"][0]["other"] == "cash:corner"
    # Another person at the same terminal.
    ann.ok("logout")
    ann.login("ben")
    ann.ok("withdraw", amount="1")
    assert till(daemon, "cash:corner") == "9.00"
    # Nowhere else.
    words = daemon.atm(ADMIN, ADMIN_WORD).refused("not-allowed", "deposit",
                                                  amount="1")
    assert "terminals" in words
    daemon.admin().refused("/deposit 1", "not-allowed")
    daemon.admin().refused("/withdraw 1", "not-allowed")


def test_a_certificate_that_is_nobodys(daemons, corner, yard):
    daemon = daemons.new(terminals=[corner.setting],
                         bank={"cash": {"policy": "terminal"}}).start()
    yard.session(daemon).refused("not-allowed", "deposit", amount="1")


def test_terminals_come_and_go(daemons, corner, yard):
    daemon = daemons.new(terminals=[corner.setting]).start()
    at_corner, at_yard = corner.session(daemon), yard.session(daemon)
    at_corner.ok("deposit", amount="1")
    at_yard.ok("deposit", amount="2")  # at nobody's: policy self
    assert (till(daemon, "cash:corner"), till(daemon, "cash:till")) == \
        ("1.00", "2.00")
    assert till(daemon, "cash:yard") is None
    reload(daemon, terminals=[yard.setting])
    at_corner.ok("deposit", amount="4")
    at_yard.ok("deposit", amount="8")
    assert (till(daemon, "cash:corner"), till(daemon, "cash:till"),
            till(daemon, "cash:yard")) == ("1.00", "6.00", "8.00")
    reload(daemon, bank={"cash": {"policy": "terminal"}})
    at_corner.refused("not-allowed", "deposit", amount="1")
    at_yard.ok("withdraw", amount="8")
    assert till(daemon, "cash:yard") == "0.00"
    reload(daemon, bank={"cash": {"policy": "teller"}})
    at_yard.refused("not-allowed", "withdraw", amount="1")
    # A mistake changes nothing.
    daemon.write(terminals=[{**yard.setting, "account": "yard"}],
                 bank={"cash": {"policy": "terminal"}})
    assert daemon.ctl("reload").returncode == 1
    at_yard.refused("not-allowed", "deposit", amount="1")
    reload(daemon, terminals=[yard.setting])
    at_yard.ok("deposit", amount="1")


def test_an_id_is_of_one_terminal(daemons, corner, yard):
    """Asked again elsewhere it would be other cash."""
    daemon = daemons.new(terminals=[corner.setting, yard.setting]).start()
    ann, other = corner.session(daemon), yard.session(daemon)
    id = ann.send("deposit", amount="10")
    first = ann.receive()
    other.refused("id-conflict", "deposit", id=id, amount="10")
    again = corner.session(daemon).ok("deposit", id=id, amount="10")
    assert again["entry"] == first["entry"]
    assert till(daemon, "cash:corner") == "10.00"


def test_cash_is_taken_back_where_it_is(daemons, corner, yard):
    """Or who has the notes of a terminal would have their money again."""
    daemon = daemons.new(terminals=[corner.setting, yard.setting],
                         bank={"cash": {"policy": "terminal"}}).start()
    line, ann, other = daemon.admin(), corner.session(daemon), \
        yard.session(daemon)
    ann.ok("deposit", amount="10")
    out = ann.ok("withdraw", amount="4")["entry"]
    line.refused("/undo", "not-allowed")
    line.refused(f"/undo {out}", "not-allowed")
    daemon.atm(ADMIN, ADMIN_WORD).refused("not-allowed", "reverse", entry=out)
    other.refused("not-allowed", "reverse", entry=out)
    assert (ann.balance(), till(daemon, "cash:corner")) == ("6.00", "6.00")
    # Nothing came out of it: the terminal itself says so.
    id = ann.send("reverse", entry=out)
    back = ann.receive()
    assert back["balance"]["posted"] == "10.00"
    assert other.ok("reverse", id=id, entry=out)["entry"] == back["entry"]
    assert till(daemon, "cash:corner") == "10.00"
    # Whatever the policy: that cash is not in the till of all.
    reload(daemon, bank={"cash": {"policy": "self"}})
    out = ann.ok("withdraw", amount="1")["entry"]
    line.refused(f"/undo {out}", "not-allowed")
    line.ok("/deposit 2")
    line.ok("/undo")
    ann.ok("reverse", entry=out)
    assert (ann.balance(), till(daemon, "cash:corner"),
            till(daemon, "cash:till")) == ("10.00", "10.00", "0.00")


def rialto_atm(daemon, folder, certificate):
    """ann deposits 5 by the client; what it did."""
    (folder / "password").write_text(ADMIN_WORD + "\n")
    (folder / "deposit").write_text('{"op":"deposit","amount":"5"}\n')
    return run(RIALTO, "atm", "--ca", daemon.ca, "--certificate", certificate,
               "--password-file", folder / "password", "--batch",
               folder / "deposit", f"{ADMIN}@localhost:{daemon.atm_port}",
               env={**os.environ, "XDG_STATE_HOME": str(folder / "state")})


def test_the_client_is_a_terminal(daemons, corner, tmp_path):
    daemon = daemons.new(terminals=[corner.setting],
                         bank={"cash": {"policy": "terminal"}}).start()
    done = rialto_atm(daemon, tmp_path, corner.pem)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"]
    assert till(daemon, "cash:corner") == "5.00"


def test_the_client_says_what_the_file_lacks(daemons, corner, tmp_path):
    daemon = daemons.new(terminals=[corner.setting]).start()
    lone = tmp_path / "lone.pem"
    lone.write_text(corner.pem.with_suffix(".pem.c").read_text())
    for file in lone, tmp_path / "missing.pem":
        done = rialto_atm(daemon, tmp_path, file)
        assert done.returncode == 2
        assert f"{file} must hold a certificate and its key" in done.stderr
