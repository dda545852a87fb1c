"""Those who take too long: at the handshake, at the login, between lines.

What they do meanwhile does not help them, as a byte now and then.

All peers come at once, so that their deadlines run beside each other.
"""

import socket

import pytest

from rialto import Closed, deadline, remaining


@pytest.fixture(scope="module")
def peers(made, space):
    from conftest import Daemons

    class Peers:
        daemons = Daemons(made, space)
        daemon = daemons.new(limits={"handshake_timeout": "1s",
                                     "login_timeout": "5s",
                                     "idle_timeout": "10s"}).start()
        idle = daemon.guest("idle")
        busy = daemon.guest("busy")
        person = daemon.person()
        machine = daemon.machine()
        chatter = daemon.machine()
        mute = socket.create_connection(("127.0.0.1", daemon.port))
        dribbler = daemon.machine()

    yield Peers
    Peers.daemons.close()


def dribble(sock, byte):
    """One byte after another until the connection ends."""
    until = deadline()
    sock.settimeout(0.05)
    said = b""
    try:
        while remaining(until) > 0.001:
            sock.send(byte)
            try:
                more = sock.recv(4096)
            except TimeoutError:
                continue
            if not more:
                return said
            said += more
    except OSError:
        return said
    raise AssertionError("it may dribble for ever")


def test_a_handshake_byte_by_byte_is_ended(peers):
    sock = socket.create_connection(("127.0.0.1", peers.daemon.port))
    sock.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    assert dribble(sock, b"\0")[:1] in (b"", b"\x15")


def test_a_login_byte_by_byte_is_ended(peers):
    assert b"~~ timeout" in dribble(peers.dribbler.sock, b"x")


def test_the_login_has_a_deadline_whatever_is_said(peers):
    until = deadline()
    with pytest.raises(Closed):
        while remaining(until) > 0.001:
            peers.chatter.ok("/help quit")
    assert "~~ timeout" in peers.chatter.transcript()


def test_silence_at_the_login_is_ended(peers):
    peers.busy.ok("awake")
    assert peers.machine.rest() == "~~ timeout You were silent for too long.\n"
    assert peers.person.rest().endswith(
        "\nusername: \n!! timeout You were silent for too long.\n")


def test_a_handshake_that_does_not_come_is_ended(peers):
    peers.mute.settimeout(remaining(deadline()))
    said = b""
    while got := peers.mute.recv(64):
        said += got
    assert said[:1] in (b"", b"\x15")  # at most an alert
    peers.daemon.log.expect(r"handshake failed .*it took too long")


def test_idle_sessions_are_ended(peers):
    until = deadline(30)
    with pytest.raises(Closed):
        while True:
            peers.busy.ok("awake")
            peers.idle.more(until, "the timeout")
    assert "~~ timeout You were silent" in peers.idle.transcript()


def test_who_speaks_is_not_idle(peers):
    peers.busy.ok("still here")
    peers.busy.expect(r"^\[lobby\] -- idle left")
