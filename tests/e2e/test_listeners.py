"""Where the daemon listens, and for whom."""

import grp
import os
import socket
import stat

import pytest

from rialto import MISTAKEN, RIALTOCTL, Link, Machine, context, free_port, run


@pytest.fixture
def house(daemons):
    """house(listener, …) serves these and the console."""
    def begin(*listeners):
        daemon = daemons.new()
        daemon.write(listeners=[*listeners, daemon.settings["listeners"][1]])
        return daemon.start()

    return begin


def line(address, **more):
    return {"service": "line", "address": address, **more}


def talk(peer, name):
    peer.ok(f"/guest {name}")
    peer.ok("hello")
    peer.close()


def test_plain_text_on_loopback(house):
    port = free_port()
    house(line(f"127.0.0.1:{port}", tls=False))
    talk(Machine(socket.create_connection(("127.0.0.1", port))), "zoe")


def test_plain_text_on_a_unix_socket(house):
    daemon = house(line("unix:run/people.sock", tls=False))
    path = daemon.folder / "run/people.sock"
    talk(Machine(path), "zoe")
    # It is no console.
    Machine(path).refused("/status", "login-required")
    daemon.stop()
    assert not path.exists()


def test_tls_on_a_unix_socket(house):
    daemon = house(line("unix:run/people.sock"))
    plain = socket.socket(socket.AF_UNIX)
    plain.connect(str(daemon.folder / "run/people.sock"))
    tls = context(daemon.ca).wrap_socket(plain, server_hostname="localhost")
    talk(Machine(tls), "zoe")


@pytest.mark.parametrize("address, come_by", [
    ("[::1]:{}", ["::1"]),
    ("*:{}", ["127.0.0.1", "::1"]),
    ("0.0.0.0:{}", ["127.0.0.1"]),
])
def test_addresses(house, address, come_by):
    port = free_port()
    daemon = house(line(address.format(port)))
    for number, host in enumerate(come_by):
        plain = socket.create_connection((host, port))
        tls = context(daemon.ca).wrap_socket(plain,
                                             server_hostname="localhost")
        talk(Machine(tls), f"guest{number}")


def test_an_ipv6_network_counts_as_one_address(house):
    """The number of sessions is told per address; see sessions."""
    port = free_port()
    daemon = house(line(f"[::1]:{port}"))
    plain = socket.create_connection(("::1", port))
    tls = context(daemon.ca).wrap_socket(plain, server_hostname="localhost")
    zoe = Machine(tls)
    zoe.ok("/guest zoe")
    assert " ::1 since " in zoe.ok("/sessions").text


def test_people_on_different_listeners_meet(house):
    first, second = free_port(), free_port()
    daemon = house(line(f"127.0.0.1:{first}"),
                   line(f"127.0.0.1:{second}", tls=False))
    zoe = Machine(first, ca=daemon.ca)
    eve = Machine(socket.create_connection(("127.0.0.1", second)))
    zoe.ok("/guest zoe")
    eve.ok("/guest eve")
    zoe.ok("hello over there")
    eve.expect(r"^\[lobby\] zoe: hello over there$")


def as_nobody(*command, groups="--clear-groups"):
    return run("setpriv", "--reuid=65534", "--regid=65534", groups, *command)


def test_a_console_is_for_its_owner(daemon):
    """The mode of the socket says so, and its folder's."""
    if os.getuid() == 0:
        for folder in (daemon.folder.parent, daemon.folder,
                       daemon.folder / "run", daemon.folder.parent.parent):
            folder.chmod(0o755)
        result = as_nobody(RIALTOCTL, "--socket", daemon.socket, "status")
        assert result.returncode == 1
        assert "may be used by root, the daemon's user" in result.stderr
    assert stat.S_IMODE(daemon.socket.stat().st_mode) == 0o600


def test_a_console_can_be_opened_to_a_group(daemons):
    daemon = daemons.new()
    number = 65534 if os.getuid() == 0 else os.getgid()
    listeners = daemon.settings["listeners"]
    listeners[1]["group"] = grp.getgrgid(number).gr_name
    daemon.write(listeners=listeners)
    daemon.start()
    status = daemon.socket.stat()
    assert stat.S_IMODE(status.st_mode) == 0o660
    assert status.st_gid == number
    if os.getuid() == 0:
        for folder in (daemon.folder.parent, daemon.folder,
                       daemon.folder / "run", daemon.folder.parent.parent):
            folder.chmod(0o755)
        result = as_nobody(RIALTOCTL, "--socket", daemon.socket, "users",
                           "show", "ann")
        assert result.returncode == 0, result.stderr


def test_a_group_that_is_not_there_is_named(daemons):
    daemon = daemons.new()
    listeners = daemon.settings["listeners"]
    listeners[1]["group"] = "no-such-group"
    daemon.write(listeners=listeners)
    daemon.spawn()
    assert daemon.wait() == MISTAKEN
    assert "there is no group no-such-group" in daemon.log.text()
    assert not daemon.socket.exists()


@pytest.mark.parametrize("address, status", [
    *((address, MISTAKEN) for address in (
        "unix:" + "x" * 120, "unix:", "127.0.0.1:0", "127.0.0.1:65536",
        "nohost.invalid:7170", "localhost:7170", "127.0.0.1")),
    # These may be there the next time.
    ("unix:nowhere/x.sock", 1), ("192.0.2.1:7170", 1)])
def test_an_address_that_cannot_be_used(daemons, address, status):
    daemon = daemons.new()
    daemon.write(listeners=[line(address)])
    daemon.spawn()
    assert daemon.wait() == status
    text = daemon.log.text()
    assert address[:60] in text and len(text.splitlines()) <= 2, text
