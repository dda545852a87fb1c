"""The last words of the daemon reach whoever is still talking."""

import signal
import socket
import ssl

import pytest

from conftest import Daemons
from rialto import Link, context, deadline, eventually, free_port, remaining

MUCH = b"x" * (8 << 20)  # more than any socket takes


class House:
    """A daemon that listens in every way."""

    def __init__(self, daemons, **limits):
        self.plain = free_port()
        self.daemon = daemons.new(limits=limits)
        folder = self.daemon.folder
        self.daemon.write(listeners=[
            *self.daemon.settings["listeners"],
            {"service": "line", "address": f"127.0.0.1:{self.plain}",
             "tls": False},
            {"service": "line", "address": "unix:run/plain.sock",
             "tls": False},
            {"service": "line", "address": "unix:run/tls.sock"},
        ])
        self.daemon.start()
        self.ways = {
            "TCP, TLS": lambda: self.tcp(self.daemon.port),
            "TCP, plain": lambda: Link(self.tcp(self.plain).sock),
            "Unix, TLS": lambda: self.unix(folder / "run/tls.sock"),
            "Unix, plain": lambda: self.unix(folder / "run/plain.sock"),
        }

    def tcp(self, port):
        plain = socket.create_connection(("127.0.0.1", port))
        return self.speak(plain, port == self.daemon.port)

    def unix(self, path):
        plain = socket.socket(socket.AF_UNIX)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        plain.connect(str(path))
        return self.speak(plain, path.name == "tls.sock")

    def speak(self, plain, has_tls):
        if has_tls:
            plain = context(self.daemon.ca).wrap_socket(
                plain, server_hostname="localhost")
        link = Link(plain)
        self.daemon.peers.append(link)
        link.more(deadline(), "greeting")
        return link

    def signal(self, number):
        self.daemon.process.send_signal(number)


WAYS = ["TCP, TLS", "TCP, plain", "Unix, TLS", "Unix, plain"]


@pytest.fixture(scope="module")
def house(made, space):
    daemons = Daemons(made, space)
    yield House(daemons)
    daemons.close()


def fill(link, data):
    """Sends until the socket takes no more."""
    link.sock.settimeout(0.0)
    try:
        while data:
            data = data[link.sock.send(data[:65536]):]
    except (ssl.SSLWantWriteError, BlockingIOError):
        pass


def read_to_the_end(link):
    """A reset raises."""
    until, words = deadline(), b""
    while True:
        link.sock.settimeout(remaining(until))
        more = link.sock.recv(65536)
        if not more:
            return words.decode(errors="replace")
        words += more


@pytest.mark.parametrize("way", WAYS)
def test_who_talks_on_after_the_end_hears_the_goodbye(house, way):
    link = house.ways[way]()
    house.daemon.freeze()
    fill(link, b"/quit\n" + MUCH)
    house.signal(signal.SIGCONT)
    assert "Goodbye" in read_to_the_end(link)


@pytest.mark.parametrize("way", WAYS)
def test_a_slow_reader_that_goes_on_writing_hears_why(daemons, way):
    """It reads only after it has written everything."""
    house = House(daemons, output_queue="64K")
    link = house.ways[way]()
    link.send("/mode machine\n/guest slow\n" + "/help\n" * 100000)
    assert "~~ slow-reader " in read_to_the_end(link)


def test_whoever_talks_when_the_daemon_stops_hears_of_it(daemons):
    """And delays it for a moment only."""
    house = House(daemons)
    links = [house.ways[way]() for way in WAYS]
    house.daemon.freeze()
    for link in links:
        fill(link, MUCH)
    house.signal(signal.SIGTERM)
    house.signal(signal.SIGCONT)
    house.daemon.stop()
    for link in links:
        assert "The server is stopping" in read_to_the_end(link)


def test_a_failed_handshake_is_told_to_who_talks_on(house):
    plain = socket.create_connection(("127.0.0.1", house.daemon.port))
    house.daemon.peers.append(plain)
    house.daemon.freeze()
    fill(Link(plain), MUCH)
    house.signal(signal.SIGCONT)
    plain.settimeout(remaining(deadline()))
    words = b""
    while more := plain.recv(4096):
        words += more
    assert words[:1] == b"\x15"  # an alert


def test_a_place_is_free_again_whatever_the_peer_does(daemons):
    """It may neither end nor stop talking."""
    house = House(daemons, sessions=1)
    link = house.ways["TCP, plain"]()
    link.send("/quit\n")

    def talks_in_vain():
        try:
            link.sock.send(b"x")
        except OSError:
            pass
        other = house.ways["TCP, TLS"]()
        house.daemon.peers.remove(other)
        words = other.transcript()
        other.close()
        return "username: " in words

    eventually(talks_in_vain, "free")
