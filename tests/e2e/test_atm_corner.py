"""rialto atm where all come: what one visitor, a member or a server does to
the person who stands there next."""

import os
import signal
import subprocess

import pytest

from cash_machine import CLEAR, choose, home_in, log_in, machines, new_pair
from fake_server import make_certificate
from relay import TalkingRelay
from rialto import RIALTO, WORD
from terminal import PATIENCE, Terminal


@pytest.fixture(scope="module")
def daemon(shared):
    return shared


@pytest.fixture
def home(tmp_path):
    (tmp_path / "password").write_text(WORD + "\n")
    return home_in(tmp_path)


@pytest.fixture
def machine(home):
    with machines(home) as begin:
        yield begin


@pytest.fixture
def pair(daemon):
    return new_pair(daemon, 100)


def to_memo(atm, name):
    choose(atm, "4", "To whom:")
    atm.enter(name)
    atm.until("How much?")
    choose(atm, "1", "Memo:")
    atm.until_last("Memo:")


# Keys


def test_nobody_stops_the_screen(daemon, machine, pair):
    """As Ctrl-S does on other terminals, until somebody knows of Ctrl-Q."""
    atm = machine(daemon)
    log_in(atm, pair[0])
    choose(atm, "\x13", "That key is not on the list.")
    choose(atm, "1", "Balance:   100.00")


@pytest.mark.parametrize("pasted", ["lunch\ry", "lunch\r" + "y" * 100])
def test_what_is_pasted_confirms_nothing(daemon, machine, pair, pasted):
    ann, ben = pair
    atm = machine(daemon)
    log_in(atm, ann)
    to_memo(atm, ben)
    atm.type(pasted)
    atm.until(f"Pay 10 RIA to {ben} (lunch)?")
    atm.until_last("Your choice:")
    choose(atm, "n", "Menu")
    assert b"Paid" not in atm.raw
    choose(atm, "1", "Balance:   100.00")


def test_many_keys_at_once_confirm_nothing(daemon, machine, pair):
    ann, ben = pair
    atm = machine(daemon)
    log_in(atm, ann)
    to_memo(atm, ben)
    atm.enter("")
    atm.until(f"Pay 10 RIA to {ben}?")
    atm.until_last("Your choice:")
    choose(atm, "yyyy", "Please press one key.")
    atm.until_last("Your choice:")
    choose(atm, "y", f"Paid 10 RIA to {ben}.")


@pytest.mark.parametrize("typed", [
    "\x9b8m", "\xc2\x9b8m", "\xe2\x80\xae", "\xff\xfe"])
def test_nobody_sets_the_terminal(daemon, machine, pair, typed):
    """What is typed is shown, and would hide what follows from all others."""
    ann, ben = pair
    atm = machine(daemon)
    log_in(atm, ann)
    to_memo(atm, ben)
    typed = typed.encode("latin-1")
    atm.type(b"a" + typed + "\u00fc\u6f22b\x7f\x7f".encode() + b"c\r")
    left = typed.decode("ascii", "ignore")
    atm.until(f"Pay 10 RIA to {ben} (a{left}\u00fcc)?")
    assert typed[:1] + typed[1:2] not in atm.raw


@pytest.mark.parametrize("where, key", [
    (" ", "x"),  # no name as long as that
    (None, "x"), (None, "1")])
def test_a_stuck_key_is_nobody(daemon, machine, pair, where, key):
    """It does nothing, or one thing after the other, until the visit ends."""
    atm = machine(daemon, "--idle-timeout", "2")
    if where:
        atm.until_last("Press a key:")
        atm.type(where)
        atm.until_last("Name:")
    else:
        log_in(atm, pair[0])

    def has_ended():
        atm.type(key)
        return b"The visit has ended" in atm.raw

    atm.wait(has_ended, "the end of the visit")


# What stays of a visit

FACES = pytest.mark.parametrize("words", [[], ["--plain"]])


@FACES
def test_what_was_in_doubt_is_for_nobody_else(daemons, machine, words):
    own = daemons.new().start()
    own.register("eve").ok("/quit")
    atm = machine(own, "--idle-timeout", "4", *words)
    log_in(atm, "eve")
    choose(atm, "2", "How much?")
    choose(atm, "1", "Deposit 10 RIA?")
    own.kill()
    atm.type("y")
    atm.until("Trying again in")
    atm.type("\x03")
    atm.until("It is not known whether this was done:")
    atm.until("The visit has ended, since no key was pressed.")
    atm.until_last("Press a key:")
    assert "10 RIA" not in atm.text


@FACES
def test_nobody_waits_with_the_screen_as_it_was(daemons, machine, words):
    """The daemon does not say goodbye."""
    own = daemons.new().start()
    own.register("eve").ok("/quit")
    atm = machine(own, *words)
    log_in(atm, "eve")
    choose(atm, "1", "Account:   eve")
    choose(atm, " ", "Menu")
    own.freeze()
    try:
        choose(atm, "0", "One moment, please.")
        assert "Menu" not in atm.text
    finally:
        own.process.send_signal(signal.SIGCONT)
    atm.until_last("Press a key:")


@FACES
def test_nothing_stays_of_who_was_cut_off(daemon, machine, pair, words):
    ann, _ = pair
    atm = machine(daemon, *words)
    log_in(atm, ann)
    choose(atm, "1", f"Account: {ann}")
    atm.kill()
    assert atm.leave() == 0
    assert atm.raw.endswith(CLEAR + b"One moment, please.\r\n")


@FACES
def test_a_name_of_nobody_is_cleared_too(daemon, machine, words):
    """What was typed there may be a password."""
    atm = machine(daemon, *words)
    atm.until_last("Press a key:")
    atm.type(" ")
    atm.until_last("Name:")
    atm.type(f"{WORD}\x1b")
    atm.until_last("Press a key:")
    assert WORD not in atm.text


# What others say


def test_a_memo_is_no_line_of_its_own(daemon, machine, pair):
    ann, ben = pair
    lie = "New balance: 5000.00 RIA"
    line = daemon.login(ann)
    line.ok(f"/hold {ben} 5 a saw{' ' * 60}{lie}")
    spaces = "\u00a0"
    line.ok(f"/hold {ben} 6 {'x' * 70}{lie.replace(' ', spaces)}{'y' * 30}")
    atm = machine(daemon)
    log_in(atm, ben)
    for key in "12":
        choose(atm, "8", "Set money aside")
        atm.until("2  6.00")
        choose(atm, key, "Take it")
        assert not any(line.startswith(("New", "w balance", "balance"))
                       for line in atm.lines), atm.text
        choose(atm, "t", "Is this right?")
        atm.until_last("Your choice:")
        assert not any(line.startswith(("New", "w balance", "balance"))
                       for line in atm.lines), atm.text
        choose(atm, "n", "End")


# Scripts


def in_batch(home, tmp_path, *words, user, port):
    (tmp_path / "operations").write_text('{"op":"balance"}\n')
    return (RIALTO, "atm", "--batch", tmp_path / "operations", *words,
            f"{user}@localhost:{port}")


def test_what_a_server_says_sets_no_terminal(
        daemon, home, pair, tmp_path, tmp_path_factory):
    def lie(answer):
        if "balance" in answer:
            answer["balance"]["account"] = "\u009b8m\u202e\u00fc"

    certificate = make_certificate(tmp_path_factory.mktemp("relay"))
    relay = TalkingRelay(daemon.atm_port, certificate, lie)
    done = subprocess.run(
        in_batch(home, tmp_path, "--accept-new", "--ca", certificate[0],
                 "--password-file", tmp_path / "password", user=pair[0],
                 port=relay.port),
        capture_output=True, env={**os.environ, **home}, timeout=PATIENCE)
    relay.stop()
    assert done.returncode == 0, done.stderr
    assert b"\\u009b8m\\u202e\\u00fc" in done.stdout.lower()


@pytest.mark.parametrize("name, password", [
    ("eve", "x" * 3000), ("e" * 3000, WORD)])
def test_what_is_too_long_is_refused(daemon, home, tmp_path, name, password):
    atm = Terminal(*in_batch(home, tmp_path, "--accept-new", "--ca",
                             daemon.ca, user=name, port=daemon.atm_port),
                   env=home, columns=80, rows=24)
    atm.wait(lambda: b"Password of" in atm.raw, "the question")
    atm.enter(password)
    assert atm.leave() == 2
    assert b"cannot log in" in atm.raw
