"""A new house: rialtod --init, and what it made."""

import os
import pathlib
import re
import signal

import pytest

from rialto import ADMIN, ADMIN_WORD, RIALTOD, Daemon, init, run
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path):
    terminal = Terminal(RIALTOD, "--init", tmp_path / "fresh", "--admin", "dora")
    yield terminal
    terminal.close()


def test_a_terminal_is_asked_twice_without_an_echo(terminal, tmp_path, daemons):
    terminal.until("new password:")
    assert not terminal.echoes()
    terminal.enter("typed at a keyboard")
    terminal.until("repeat password:")
    terminal.enter("typed at a keyboard")
    assert terminal.leave() == 0
    assert "keyboard" not in terminal.text
    daemon = Daemon(tmp_path / "fresh").start()
    daemons.all.append(daemon)
    daemon.login("dora", "typed at a keyboard").ok("/status")


def test_two_different_passwords_make_nothing(terminal, tmp_path):
    terminal.until("new password:")
    terminal.enter("typed at a keyboard")
    terminal.until("repeat password:")
    terminal.enter("typed at a keybaord")
    assert terminal.leave() == 1
    assert "The two are not the same." in terminal.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("typed", [[], ["typed at a keyboard"]])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_the_prompt_gives_the_echo_back(terminal, tmp_path, typed,
                                                    number):
    terminal.until("new password:")
    for word in typed:
        terminal.enter(word)
        terminal.until("repeat password:")
    terminal.type("half a wo")
    if number == signal.SIGINT:
        terminal.type("\x03")  # Ctrl-C
    else:
        terminal.kill(number)
    assert terminal.leave(closes=False) != 0
    assert terminal.echoes()
    assert list(tmp_path.iterdir()) == []


def test_a_signal_at_the_prompt_for_a_reset(daemons):
    daemon = daemons.new()
    terminal = Terminal(RIALTOD, "--config", daemon.config,
                        "--reset-password", ADMIN)
    terminal.until("new password:")
    terminal.type("\x03")
    assert terminal.leave(closes=False) != 0
    assert terminal.echoes()
    terminal.close()
    daemon.start().login(ADMIN, ADMIN_WORD)  # as it was


def test_what_it_says_is_true(tmp_path, daemons):
    folder = tmp_path / "fresh"
    folder.mkdir()  # an empty folder may be there
    result = init(folder, "--name", "chat.example.org")
    assert result.returncode == 0, result.stderr
    ready, certificate, identity, trust = result.stdout.splitlines()
    assert ready == f"{folder} is ready: rialtod --config {folder}/rialto.yaml"
    daemon = Daemon(folder).start()
    daemons.all.append(daemon)
    status = dict(line.split(": ", 1)
                  for line in daemon.ctl("status").stdout.splitlines())
    assert certificate == "Certificate " + status["certificate"]
    assert identity == "Identity " + status["identity"]
    assert f"{folder}/tls/ca.crt" in trust


def test_its_settings_are_in_order_as_they_are(daemons, made):
    """Also with every comment sign before a setting taken away."""
    config = made / "rialto.yaml"
    result = run(RIALTOD, "--config", config, "--check-config")
    assert (result.returncode, result.stdout) == (
        0, f"{config} is in order\n")
    text = config.read_text()
    assert ADMIN_WORD not in text
    bare = daemons.new().folder / "bare.yaml"
    bare.write_text(re.sub(r"^( *)#(?! \S)", r"\1", text, flags=re.M))
    result = run(RIALTOD, "--config", bare, "--check-config")
    assert result.returncode == 0, result.stderr
    assert bare.read_text() != text


def test_the_version_is_told():
    result = run(RIALTOD, "--version")
    assert result.returncode == 0
    assert result.stdout.startswith("rialtod ")
    assert run(RIALTOD, "--help").returncode == 0


def test_no_daemon_goes_to_the_background(daemon):
    """It stays our child, in our session."""
    assert os.getsid(daemon.process.pid) == os.getsid(0)
    status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
    assert f"\nPPid:\t{os.getpid()}\n" in status
