"""Ten thousand strangers who do nothing, or talk nonsense, at once."""

import json
import os
import resource
import selectors
import socket
import warnings

import pytest

from rialto import deadline, eventually, remaining

CROWD = 10000
LATE = 1000        # come when others have gone, and are timed out
PER_ADDRESS = 200  # below limits.sessions_per_address
BESIDE = 500       # descriptors for everything else

# The beginning of a handshake that never goes on.
HALF = b"\x16\x03\x01\x3f\xff" + os.urandom(200)
# No handshake, beyond doubt.
RUDE = (b"GET / HTTP/1.1\r\n\r\n", b"\x17\x03\x03\x01\x10" + os.urandom(5000))


def allow_descriptors(wanted):
    """Raises the limit as far as it goes, also for the daemons; the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limits in ((wanted, max(wanted, hard)), (min(wanted, hard), hard)):
        if soft < limits[0]:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, limits)
                break
            except (OSError, ValueError):
                continue
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


@pytest.fixture
def size():
    """How many may come."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = allow_descriptors(CROWD + LATE + BESIDE)
    size = min(CROWD, limit - LATE - BESIDE)
    if size < CROWD:
        warnings.warn(f"only {limit} descriptors: a crowd of {size}, "
                      f"not {CROWD}")
    yield size
    resource.setrlimit(resource.RLIMIT_NOFILE,
                       (before[0], resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


class Crowd:
    """Strangers from many addresses."""

    def __init__(self, daemon):
        self.daemon, self.socks, self.came = daemon, [], 0

    def come(self, count, words=(b"",)):
        """They say the words in turn, and nothing more."""
        for number in range(count):
            place = self.came // PER_ADDRESS
            self.came += 1
            sock = socket.create_connection(
                ("127.0.0.1", self.daemon.port), remaining(deadline()),
                source_address=(f"127.1.{place // 200}.{place % 200 + 1}", 0))
            self.socks.append(sock)
            try:
                sock.send(words[number % len(words)])
            except ConnectionError:
                pass  # refused already

    def leave(self, count=None):
        for _ in range(len(self.socks) if count is None else count):
            self.socks.pop().close()

    def wait_for_the_end(self):
        """Until the daemon has ended all of them."""
        until = deadline(60)
        waiting = selectors.DefaultSelector()
        for sock in self.socks:
            waiting.register(sock, selectors.EVENT_READ)
        while waiting.get_map():
            assert remaining(until) > 0.001, "some are still open"
            for key, _ in waiting.select(remaining(until)):
                try:
                    if key.fileobj.recv(4096):
                        continue
                except ConnectionError:
                    pass
                waiting.unregister(key.fileobj)
        self.leave()


def sessions(console):
    """With the console itself."""
    text = console.ok("/status --json").text.removeprefix("-- ")
    return json.loads(text)["sessions"]


def chat(zoe, cleo, what):
    for number in range(20):
        zoe.ok(f"{what} {number}")
        cleo.expect(rf"^\[lobby\] zoe: {what} {number}$")


def test_ten_thousand_connections_at_once(start, size):
    """Those inside do not suffer, and afterwards all is as before."""
    full = size + 3
    daemon = start(limits={"sessions": full, "sessions_per_address": 256,
                           "handshake_timeout": "120s"})
    zoe, cleo = daemon.guest("zoe"), daemon.guest("cleo")
    console = daemon.console()
    crowd, rude, late = Crowd(daemon), Crowd(daemon), Crowd(daemon)

    crowd.come(size, (b"", HALF))
    eventually(lambda: sessions(console) == full, "all inside")
    chat(zoe, cleo, "full")
    assert daemon.person(source="127.0.0.2").rest().startswith(
        "!! too-many-sessions ")
    rude.come(LATE, RUDE)
    chat(zoe, cleo, "rude")
    rude.wait_for_the_end()

    daemon.write(limits={"handshake_timeout": "1s"})
    console.ok("/reload")
    crowd.leave(LATE)
    eventually(lambda: sessions(console) == full - LATE, "room for some")
    rude.come(LATE, RUDE)
    rude.wait_for_the_end()
    eventually(lambda: sessions(console) == full - LATE, "room again")
    late.come(LATE, (b"", HALF))
    chat(zoe, cleo, "late")
    late.wait_for_the_end()
    eventually(lambda: sessions(console) == full - LATE, "as before")
    daemon.guest("newcomer").ok("hello")
    cleo.expect(r"^\[lobby\] newcomer: hello$")

    crowd.leave()
    eventually(lambda: sessions(console) == 4, "only members")
    for words in ("too many sessions", "handshake failed"):
        assert 1 <= daemon.log.text().count(words) < 60
