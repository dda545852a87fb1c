"""What hostile peers do, and that it costs only them."""

import signal
import ssl
import time

import pytest

from rialto import WORD, Closed, Link, deadline, run


def test_quoted_input_is_cut_between_characters(shared):
    guest = shared.guest("cutter")
    for line, code in (
        ("/" + "a" * 31 + "é", "unknown-command"),
        ("/who " + "a" * 31 + "é", "no-such-room"),
        ("/help " + "a" * 30 + "€", "not-found"),
    ):
        guest.refused(line, code)  # decodes what it gets as strict UTF-8


def fill(link, data):
    """Sends pieces of data, a TLS record each, until the socket is full."""
    link.sock.settimeout(0.0)
    sent = 0
    try:
        while sent < len(data):
            sent += link.sock.send(data[sent:sent + 1])
    except (ssl.SSLWantWriteError, BlockingIOError):
        pass
    return sent


def test_small_records_do_not_hold_up_others(start):
    daemon = start(server={"workers": 1})
    flooder, member = daemon.guest("flooder"), daemon.guest("member")
    daemon.freeze()
    lines = fill(flooder, b"x\n" * 20000) // 2
    member.send("/away\n")
    daemon.process.send_signal(signal.SIGCONT)
    member.answer()
    assert lines > 1000
    assert len(member.events) < lines / 2, f"{len(member.events)} of {lines}"


@pytest.mark.needs("root")
def test_a_console_looks_at_who_comes(start):
    daemon = start()
    for folder in (daemon.folder.parent.parent, daemon.folder.parent,
                   daemon.folder, daemon.folder / "run"):
        folder.chmod(0o711)
    daemon.socket.chmod(0o666)
    probe = """if True:
        import socket, sys
        s = socket.socket(socket.AF_UNIX)
        s.connect(sys.argv[1])
        stream = s.makefile("rw")
        greeting = stream.readline()
        if greeting.startswith("-- "):
            stream.write("/mode machine\\n/status\\n")
            stream.flush()
            s.shutdown(socket.SHUT_WR)
        sys.stdout.write(greeting + stream.read())"""
    as_nobody = run("setpriv", "--reuid=65534", "--regid=65534",
                    "--clear-groups", "/usr/bin/python3", "-c", probe,
                    daemon.socket)
    assert as_nobody.stdout.startswith("!! not-allowed "), as_nobody
    assert "version" not in as_nobody.stdout
    daemon.log.expect("refused address=local .*console")
    as_root = run("/usr/bin/python3", "-c", probe, daemon.socket)
    assert "-- version: " in as_root.stdout, as_root


def test_who_is_refused_and_said_more_is_not_reset(start):
    daemon = start(
        server={"workers": 1}, limits={"sessions": 1},
        listeners=[{"service": "line", "address": "unix:run/plain.sock",
                    "tls": False}])
    path = daemon.folder / "run/plain.sock"
    first = Link(path)
    daemon.freeze()
    late = Link(path)
    late.send("/mode machine\n" * 1000)
    daemon.process.send_signal(signal.SIGCONT)
    late.sock.settimeout(20)
    words = b""
    while got := late.sock.recv(4096):  # a reset would raise
        words += got
    assert words.startswith(b"!! too-many-sessions ")
    first.close()


def test_a_queue_of_logins_does_not_delay_the_end(start):
    daemon = start(server={"hashing": 1}, users={"password_cost": 9})
    for i in range(60):  # a quarter of a second each
        peer = daemon.machine(source=f"127.0.0.{2 + i // 10}")
        peer.send(f"/login stranger{i} not my password\n")
    daemon.stop()  # within five seconds


def test_wrong_passwords_do_not_fill_the_log(start):
    daemon = start(server={"workers": 1}, users={"lockout": "none"})
    daemon.register("victim").close()
    for _ in range(25):
        stranger = daemon.machine()
        for _ in range(3):
            stranger.refused("/login victim guess1234", "bad-login")
        stranger.rest()
    assert 1 <= daemon.log.text().count("too many wrong passwords") < 25


def test_slow_readers_do_not_fill_the_log(start):
    daemon = start(server={"workers": 1}, limits={"output_queue": "64K"})
    for i in range(25):
        deaf = daemon.guest(f"deaf{i}")
        deaf.send("/help\n" * 40000)
    daemon.log.expect("slow reader")
    until = deadline()
    while daemon.ctl("who", "lobby").stdout != "lobby: nobody\n":
        assert time.monotonic() < until
    assert daemon.log.text().count("slow reader") < 25


def begin_logins(daemon, name, count=3):
    """Logins that are under way when this returns."""
    peers = [daemon.machine() for _ in range(count)]
    for peer in peers:
        peer.send(f"/login {name} {WORD}\n")
    return peers


def code_of(peer):
    try:
        return peer.answer().code
    except Closed:
        return "closed"


def test_no_login_slips_in_while_a_user_is_disabled(start):
    daemon = start(users={"password_cost": 1})
    daemon.register("slippery").close()
    console = daemon.console()
    for _ in range(30):
        peers = begin_logins(daemon, "slippery")
        console.ok("/users disable slippery")
        for peer in peers:
            if code_of(peer) == "ok":
                peer.rest()  # it was first, and is ended
        console.ok("/users enable slippery")


def test_no_login_slips_in_with_a_role_that_is_taken(start):
    daemon = start(users={"password_cost": 1})
    daemon.register("slippery").close()
    console = daemon.console()
    for _ in range(30):
        console.ok("/users role slippery +moderator")
        peers = begin_logins(daemon, "slippery")
        console.ok("/users role slippery -moderator")
        for peer in peers:
            try:
                if code_of(peer) == "ok":
                    peer.fence()
                    assert "Session #" not in peer.ok("/whois slippery").text
            except Closed:
                pass
            peer.close()


def test_a_guest_keeps_no_user_out(start):
    daemon = start()
    daemon.register("early").close()
    guest = daemon.guest("late")
    daemon.console().ok("/users rename early late")
    words = daemon.machine().refused(f"/login late {WORD}", "name-taken")
    assert "guest" in words
    guest.rest()
    daemon.login("late")


def test_a_longer_name_is_another_name(shared):
    long = "a" * 32
    owner, guest = shared.guest(long), shared.guest("teller")
    guest.refused(f"/tell {long}x psst", "no-such-user")
    guest.refused("/who lobby" + "y" * 40, "no-such-room")
    assert not [line for line in owner.take() if "psst" in line]
    guest.ok(f"/tell {long} psst")
    assert "teller -> you: psst" in owner.take()
