"""What systemd is told, and the sockets that it hands over."""

import fcntl
import os
import re
import signal
import socket
import sys
import time

import pytest

from rialto import MISTAKEN, context, deadline, remaining


class Manager:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, path):
        self.path = path
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(path)
        self.seen = []

    def message(self, until):
        self.sock.settimeout(remaining(until))
        try:
            text = self.sock.recv(4096).decode()
        except TimeoutError:
            raise AssertionError(f"only {self.seen}")
        self.seen.append(text)
        return text

    def expect(self, regex):
        """Takes messages up to the first that has it."""
        until = deadline()
        while True:
            match = re.search(regex, self.message(until), re.M)
            if match:
                return match


@pytest.fixture
def manager(space):
    path = os.path.join(space, f"notify-{time.monotonic_ns()}")
    manager = Manager(path)
    yield manager
    manager.sock.close()
    os.unlink(path)


@pytest.fixture
def managed(daemons, manager):
    daemon = daemons.new()
    daemon.spawn(env={"NOTIFY_SOCKET": manager.path,
                      "WATCHDOG_USEC": "1500000"})
    return daemon


def test_ready_means_that_one_may_come(managed, manager):
    manager.expect(r"^READY=1$")
    managed.guest("zoe").ok("hello")


def test_nothing_is_ready_when_the_start_fails(daemons, manager):
    daemon = daemons.new()
    (daemon.folder / "tls/server.key").unlink()
    daemon.spawn(env={"NOTIFY_SOCKET": manager.path})
    assert daemon.wait() == MISTAKEN
    manager.sock.setblocking(False)
    with pytest.raises(BlockingIOError):
        manager.sock.recv(4096)


def test_reloading_is_told_with_its_time(managed, manager):
    manager.expect(r"^READY=1$")
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    managed.process.send_signal(signal.SIGHUP)
    match = manager.expect(r"^RELOADING=1\nMONOTONIC_USEC=(\d+)$")
    after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    assert before <= int(match[1]) <= after
    manager.expect(r"^READY=1$")


def test_a_failed_reload_ends_as_well(managed, manager):
    """Else systemd would wait for it."""
    manager.expect(r"^READY=1$")
    managed.config.write_text("[")
    managed.process.send_signal(signal.SIGHUP)
    manager.expect(r"^RELOADING=1$")
    manager.expect(r"^READY=1$")


def test_the_status_has_the_number_of_sessions(managed, manager):
    manager.expect(r"^STATUS=0 sessions$")
    zoe = managed.guest("zoe")
    manager.expect(r"^STATUS=1 session$")
    managed.guest("eve")
    manager.expect(r"^STATUS=2 sessions$")
    zoe.close()
    manager.expect(r"^STATUS=1 session$")


def test_the_watchdog_is_fed(managed, manager):
    for _ in range(2):
        manager.expect(r"^WATCHDOG=1$")


def test_a_frozen_daemon_feeds_no_watchdog(managed, manager):
    manager.expect(r"^WATCHDOG=1$")
    managed.freeze()
    manager.sock.settimeout(0)
    with pytest.raises(BlockingIOError):
        while True:  # what was sent before
            manager.sock.recv(4096)
    manager.sock.settimeout(1.2)
    with pytest.raises(TimeoutError):
        manager.sock.recv(4096)
    managed.process.send_signal(signal.SIGCONT)
    manager.expect(r"^WATCHDOG=1$")


def test_stopping_is_told(managed, manager):
    manager.expect(r"^READY=1$")
    managed.process.send_signal(signal.SIGTERM)
    manager.expect(r"^STOPPING=1$")
    assert managed.wait(5) == 0


# Socket activation.

LAUNCH = """
import os, sys
fds = sys.argv[1].split(",")
for number, fd in enumerate(fds):
    os.dup2(int(fd), 3 + number)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(fds)))
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.fixture
def activated(daemons):
    """A daemon that gets both its listeners handed over."""
    daemon = daemons.new()
    tcp = socket.create_server(("127.0.0.1", daemon.port))
    console = socket.socket(socket.AF_UNIX)
    console.bind(str(daemon.socket))
    console.listen()
    daemon.sockets = [tcp, console]
    # Far from 3 and 4, so that none is overwritten by another.
    high = [fcntl.fcntl(s, fcntl.F_DUPFD_CLOEXEC, 100)
            for s in daemon.sockets]
    daemon.under = [sys.executable, "-c", LAUNCH, ",".join(map(str, high))]
    daemon.fds = high
    yield daemon
    daemon.close()
    for fd in high:
        os.close(fd)
    for s in daemon.sockets:
        s.close()


def begin(daemon):
    return daemon.start(pass_fds=daemon.fds)


def test_handed_over_sockets_are_used(activated):
    early = socket.create_connection(("127.0.0.1", activated.port))
    begin(activated)
    activated.guest("zoe").ok("hello")
    assert activated.ctl("status").returncode == 0
    # Who came before the daemon was there is served as well.
    tls = context(activated.ca)
    early.settimeout(remaining(deadline()))
    with tls.wrap_socket(early, server_hostname="localhost") as link:
        assert link.recv(100).startswith(b"-- Welcome")


def test_handed_over_sockets_survive_the_daemon(activated):
    begin(activated)
    activated.guest("zoe")
    activated.stop()
    assert activated.socket.exists()
    waiting = socket.create_connection(("127.0.0.1", activated.port))
    begin(activated)
    activated.guest("zoe").ok("hello")
    assert activated.ctl("status").returncode == 0
    waiting.close()


def test_both_workers_serve_a_handed_over_socket(activated):
    begin(activated)
    guests = [activated.guest(f"g{n}") for n in range(10)]
    guests[0].ok("hello")
    for guest in guests[1:]:
        guest.expect(r"^\[lobby\] g0: hello$")


def test_another_process_sockets_are_left_alone(daemons):
    """LISTEN_PID names somebody else."""
    daemon = daemons.new()
    daemon.start(env={"LISTEN_PID": "1", "LISTEN_FDS": "2"})
    daemon.guest("zoe").ok("hello")


def test_the_journal_gets_fields(daemons):
    """Under systemd the log goes to the journal; here there is none."""
    daemon = daemons.new()
    daemon.start(env={"JOURNAL_STREAM": "1:1"})  # not our standard error
    daemon.log.expect("daemon: ready")
