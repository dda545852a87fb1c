"""rialto finds out who answers, before it says a password."""

import os

import pytest

from fake_server import FakeServer, make_certificate
from relay import ActiveRelay, DumbRelay
from rialto import ADMIN, ADMIN_WORD, RIALTO, run
from terminal import Terminal


@pytest.fixture(scope="module")
def daemon(shared):
    return shared


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "password"
    path.write_text(ADMIN_WORD + "\n")
    return path


@pytest.fixture
def script(tmp_path, secret):
    """rialto -c /balance, without a terminal anywhere."""

    def begin(ca, port, *words):
        env = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
        return run("setsid", "--wait", RIALTO, "--ca", ca, "--password-file",
                   secret, "-c", "/balance", *words,
                   f"{ADMIN}@localhost:{port}", env=env)

    return begin


@pytest.fixture
def person(tmp_path):
    """ann at a terminal."""
    terminals = []

    def begin(ca, port, *words):
        terminals.append(Terminal(
            RIALTO, "--ca", ca, *words, f"{ADMIN}@localhost:{port}",
            env={"XDG_STATE_HOME": str(tmp_path)}, columns=80, rows=24))
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.close()


def identity_of(daemon):
    lines = daemon.ctl("status").stdout.splitlines()
    return dict(line.split(": ", 1) for line in lines)["identity"]


def pins(tmp_path):
    return tmp_path / "rialto/known_identities"


OTHER = "SHA256:" + "A" * 43


def test_it_is_remembered_and_then_known(daemon, script, tmp_path):
    done = script(daemon.ca, daemon.port, "--accept-new")
    assert done.returncode == 0
    assert identity_of(daemon) in done.stderr
    assert pins(tmp_path).read_text() == (
        f"localhost:{daemon.port} {identity_of(daemon)}\n")
    assert pins(tmp_path).stat().st_mode & 0o777 == 0o600
    done = script(daemon.ca, daemon.port)
    assert (done.stderr, done.returncode) == ("", 0)


def test_a_script_that_may_not_trust_goes_on(daemon, script, tmp_path):
    """As it did before there were identities."""
    done = script(daemon.ca, daemon.port)
    assert (done.stderr, done.returncode) == ("", 0)
    assert not pins(tmp_path).exists()


def test_another_port_of_the_host_is_known(daemon, script, tmp_path):
    pins(tmp_path).parent.mkdir()
    pins(tmp_path).write_text(f"localhost:1 {identity_of(daemon)}\n")
    assert script(daemon.ca, daemon.port).returncode == 0
    assert f"localhost:{daemon.port} " in pins(tmp_path).read_text()


def test_a_person_is_asked(daemon, person, tmp_path):
    ann = person(daemon.ca, daemon.port)
    ann.until("The identity of")
    ann.until("Trust it from now on (yes/no)?")
    assert identity_of(daemon) in ann.text
    ann.enter("yes")
    ann.until("password:")
    assert identity_of(daemon) in pins(tmp_path).read_text()


def test_a_person_may_refuse(daemon, person, tmp_path):
    ann = person(daemon.ca, daemon.port)
    ann.until("Trust it from now on (yes/no)?")
    ann.enter("no")
    assert ann.leave() == 1
    assert not pins(tmp_path).exists()


def test_it_may_be_given(daemon, script):
    identity = identity_of(daemon)
    assert script(daemon.ca, daemon.port, "--identity",
                  identity).returncode == 0
    done = script(daemon.ca, daemon.port, "--identity", OTHER)
    assert "WARNING" in done.stderr
    assert (done.stdout, done.returncode) == ("", 1)


def test_another_than_before_is_refused(daemon, script, person, tmp_path):
    pins(tmp_path).parent.mkdir()
    before = f"# mine\nlocalhost:{daemon.port} {OTHER}\n"
    pins(tmp_path).write_text(before)
    done = script(daemon.ca, daemon.port, "--accept-new")
    assert "WARNING" in done.stderr
    assert OTHER in done.stderr and identity_of(daemon) in done.stderr
    assert f"line 2 of\n{pins(tmp_path)}" in done.stderr
    assert (done.stdout, done.returncode) == ("", 1)
    ann = person(daemon.ca, daemon.port)
    assert ann.leave() == 1
    assert "WARNING" in ann.text and "password:" not in ann.text
    assert pins(tmp_path).read_text() == before


def test_a_list_that_cannot_be_read_is_no_empty_one(daemon, script, tmp_path):
    pins(tmp_path).mkdir(parents=True)
    done = script(daemon.ca, daemon.port, "--accept-new")
    assert "known_identities cannot be read" in done.stderr
    assert done.returncode == 1


def test_a_server_that_has_none_any_more(certificate, script):
    """Pinned, it must prove itself; it says that it cannot."""
    heard = []

    def play(talk):
        talk.send("Fake.\nusername: ")
        heard.append(talk.raw_line())
        talk.send("!! unknown-command There is no /identity.\n")
        heard.append(talk.tls.recv(100))

    with FakeServer(play, certificate) as server:
        done = script(certificate[0], server.port, "--identity", OTHER)
    assert "WARNING" in done.stderr and done.returncode == 1
    assert heard[0].startswith("/identity ") and heard[1:] == [b""]


RELAYS = [DumbRelay, ActiveRelay]


@pytest.mark.parametrize("kind", RELAYS)
def test_somebody_between_is_found_out(daemon, certificate, script, kind):
    relay = kind(daemon.port, certificate, b"rialto-line")
    done = script(certificate[0], relay.port, "--identity",
                  identity_of(daemon))
    relay.stop()
    assert "WARNING" in done.stderr
    assert (done.stdout, done.returncode) == ("", 1)
    assert len(relay.heard) == 1 and relay.heard[0].startswith("/identity ")


@pytest.mark.parametrize("kind", RELAYS)
def test_a_person_cannot_go_on_by_accident(
        daemon, certificate, person, tmp_path, kind):
    relay = kind(daemon.port, certificate, b"rialto-line")
    pins(tmp_path).parent.mkdir()
    pins(tmp_path).write_text(f"localhost:{relay.port} {identity_of(daemon)}\n")
    ann = person(certificate[0], relay.port)
    assert ann.leave() == 1
    relay.stop()
    assert "WARNING" in ann.text and "password:" not in ann.text
    assert len(relay.heard) == 1


def test_a_dumb_one_is_found_out_by_anybody(daemon, certificate, script):
    """Its identity is not of this connection, whoever it is."""
    relay = DumbRelay(daemon.port, certificate, b"rialto-line")
    done = script(certificate[0], relay.port, "--accept-new")
    relay.stop()
    assert "somebody stands between" in done.stderr
    assert done.returncode == 1
    assert len(relay.heard) == 1


def test_the_next_connection_is_looked_at_as_well(daemon, daemons, person):
    """By a thief of the server's certificate and key, who waits for its end:
    the password that the client has kept is not sent."""
    own = daemons.new().start()
    ann = person(own.ca, own.port, "--accept-new")
    ann.until_last("password:")
    ann.enter(ADMIN_WORD)
    ann.until(f"-- Welcome, {ADMIN}.")
    own.kill()
    tls = own.folder / "tls"
    relay = ActiveRelay(daemon.port, (tls / "server.crt", tls / "server.key"),
                        b"rialto-line", own_port=own.port)
    assert ann.leave() == 1
    relay.stop()
    assert "WARNING" in ann.text
    assert len(relay.heard) == 1 and relay.heard[0].startswith("/identity ")
