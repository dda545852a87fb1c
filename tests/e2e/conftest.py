"""Fixtures: daemons that are started for a test and stopped after it."""

import ctypes
import os
import shutil
import subprocess
import tempfile

import pytest

from rialto import RIALTOD, Daemon, copy_folder, init, mounting

# Built without systemd, the daemon tells it nothing.
collect_ignore = [] if b"libsystemd" in RIALTOD.read_bytes() else \
    ["test_systemd.py"]


def can_mount():
    return subprocess.run([*mounting(), "true"],
                          stderr=subprocess.DEVNULL).returncode == 0


def has_landlock():
    """landlock_create_ruleset(2) says which version the kernel has."""
    return ctypes.CDLL(None).syscall(444, None, 0, 1) > 0


# What not everybody is allowed: @pytest.mark.needs("root").
NEEDS = {"root": lambda: os.geteuid() == 0, "mount": can_mount,
         "landlock": has_landlock}
left_out = []


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(what): one of NEEDS")


def pytest_collection_modifyitems(items):
    """A test that cannot be run here has not passed: it is not counted."""
    lacking = {what for what, check in NEEDS.items() if not check()}
    for item in list(items):
        if any(mark.args[0] in lacking for mark in item.iter_markers("needs")):
            items.remove(item)
            left_out.append(item)


def pytest_terminal_summary(terminalreporter):
    for item in left_out:
        what = item.get_closest_marker("needs").args[0]
        terminalreporter.write_line(f"left out: {item.nodeid} needs {what}")


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """What rialtod --init makes; tests work on copies."""
    folder = tmp_path_factory.mktemp("made") / "rialto"
    result = init(folder)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="session")
def space():
    """A short path: a Unix socket's has at most 107 bytes."""
    folder = tempfile.mkdtemp(prefix="rialto-e2e-")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Daemons:
    """Makes daemons, and closes them all."""

    def __init__(self, made, space):
        self.made, self.space = made, space
        self.all = []

    def new(self, **settings):
        folder = tempfile.mkdtemp(dir=self.space) + "/d"
        daemon = Daemon(copy_folder(self.made, folder), **settings)
        self.all.append(daemon)
        return daemon

    def close(self):
        problems = []
        for daemon in self.all:
            try:
                daemon.close()
            except AssertionError as problem:
                problems.append(str(problem))
            shutil.rmtree(daemon.folder.parent, ignore_errors=True)
        assert not problems, "\n".join(problems)


@pytest.fixture
def daemons(made, space):
    """daemons.new(users={…}) is a daemon that is not yet started."""
    all = Daemons(made, space)
    yield all
    all.close()


@pytest.fixture
def start(daemons):
    """start(users={"guests": False}) is a running daemon."""
    return lambda **settings: daemons.new(**settings).start()


@pytest.fixture
def daemon(start):
    return start()


@pytest.fixture(scope="module")
def shared(made, space):
    """One daemon for all tests of a file: they must use names of their own."""
    all = Daemons(made, space)
    yield all.new().start()
    all.close()
