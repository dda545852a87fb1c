"""People with rialto at a real daemon, and rialtoctl beside them."""

import json
import os
import shutil
import stat
import subprocess
import tempfile

import pytest

from rialto import ADMIN, ADMIN_WORD, RIALTO, RIALTOCTL, WORD, run
from terminal import Terminal


@pytest.fixture
def word_file(tmp_path):
    """word_file(WORD) is a file that has it."""

    def write(word=WORD):
        (tmp_path / "word").write_text(word + "\n")
        return tmp_path / "word"

    return write


@pytest.fixture
def sit(tmp_path):
    """sit(daemon, "ann") is ann at a terminal, at the prompt for a word."""
    terminals = []

    def begin(daemon, user="", *words):
        terminals.append(Terminal(
            RIALTO, *(words or ("--accept-new", "--ca", daemon.ca)),
            f"{user}{'@' if user else ''}localhost:{daemon.port}",
            env={"XDG_STATE_HOME": str(tmp_path)}, columns=110, rows=30))
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.close()


def log_in(terminal, word=WORD):
    terminal.until_last("password:")
    terminal.enter(word)
    terminal.until("-- Welcome, ")
    terminal.until_last(">")


def test_two_people_and_a_stranger_talk(daemon, sit):
    """The first evening, and the power cut after it."""
    ann = sit(daemon, ADMIN)
    log_in(ann, ADMIN_WORD)
    ben = sit(daemon)
    ben.until_last("username:")
    ben.enter("/register ben")
    ben.until_last("new password:")
    ben.enter(WORD)
    ben.until_last("repeat password:")
    ben.enter(WORD)
    ben.until("-- Welcome, ben.")
    ann.until("[lobby] -- ben joined")
    cleo = daemon.guest("cleo")  # without a client of ours
    ann.until("[lobby] -- cleo joined")

    ann.enter("hello all")
    ben.until("[lobby] ann: hello all")
    cleo.expect(r"^\[lobby\] ann: hello all$")
    cleo.ok("hello ann")
    ann.until("> hello all\n[lobby] cleo: hello ann\n"
              "-- cleo mentioned you in lobby (#2).\n>")
    ben.enter("/join den")
    ben.until("-- den has no topic.")
    ben.enter("/topic wine")
    ben.until("-- Topic of den: wine (ben, ")
    ann.type("/join den")
    ann.until_last("> /join den")

    daemon.kill()
    ann.until("Trying again in")
    ben.until("Trying again in")
    daemon.start()
    for person in (ann, ben):
        person.until(f"rialto: Connected to localhost:{daemon.port} again.")
    ben.wait(lambda: ben.text.count("-- Topic of den: wine (ben, ") == 2,
             "the topic after the restart")
    ann.until_last("> /join den")
    ann.type("\r")
    ann.until("-- den: ann, ben (owner)")
    ben.until("[den] -- ann joined")


def test_the_commands_are_completed_but_not_shown(shared, sit):
    shared.register("carla").ok("/quit")
    carla = sit(shared, "carla")
    log_in(carla)
    carla.type("/who")
    carla.until_last("> /who")
    carla.type("i\t")
    carla.until_last("> /whois")
    assert "/help" not in carla.text.replace("/guest NAME, /help", "")
    assert "== " not in carla.text
    carla.type("\x15/users\t")  # no command of hers
    carla.until_last("> /users")


def test_the_fingerprint_is_what_the_administrator_sees(shared, sit):
    stranger = sit(shared, "", "--color", "never")
    stranger.until("Trust it from now on (yes/no)?")
    shown = json.loads(shared.ctl("status", "--json").stdout)
    assert shown["certificate"] in stranger.text


def test_a_password_is_changed_at_the_prompts(shared, sit):
    shared.register("dora").ok("/quit")
    dora = sit(shared, "dora")
    log_in(dora)
    dora.enter("/passwd")
    for prompt, word in (("old", WORD), ("new", "another word"),
                         ("repeat", "another word")):
        dora.until_last(f"{prompt} password:")
        dora.enter(word)
    dora.until("-- Password changed.")
    dora.until_last(">")
    dora.enter("/quit")
    assert dora.leave() == 0
    assert WORD.encode() not in dora.raw
    assert b"another word" not in dora.raw
    shared.login("dora", "another word")


def test_too_many_wrong_passwords_are_final(shared, sit):
    shared.register("emma").ok("/quit")
    emma = sit(shared, "emma")
    for left in ("2 attempts left", "1 attempt left", "last attempt"):
        emma.until_last("password:")
        emma.enter("not the word")
        emma.until(left)
    assert emma.leave() == 1


def test_who_was_disabled_does_not_come_back(daemon, sit):
    daemon.register("fred").ok("/quit")
    fred = sit(daemon, "fred")
    log_in(fred)
    assert daemon.ctl("users", "disable", "fred").returncode == 0
    assert fred.leave() == 1
    assert "!! disabled" in fred.text


def test_a_script_asks_and_says(shared, word_file):
    shared.register("gus").ok("/quit")
    hal = shared.register("hal")
    user = ("--password-file", word_file(), f"gus@localhost:{shared.port}")
    done = shared.client("-c", "/whois hal", "-c", "/nope", "-c", "hi", *user)
    assert done.stdout.startswith("-- ")
    assert done.stderr.startswith("!! unknown-command ")
    assert done.returncode == 1
    hal.expect(r"^\[lobby\] gus: hi$")
    done = shared.client(*user, words="hello\nI am a pipe")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    hal.expect(r"^\[lobby\] gus: hello$")
    hal.expect(r"^\[lobby\] gus: I am a pipe$")


def test_a_script_may_be_a_guest(shared):
    done = shared.client("-c", "/who", f"localhost:{shared.port}")
    assert "guest-" in done.stdout
    assert done.returncode == 0
    done = shared.client("-g", "-c", "/who", f"ida@localhost:{shared.port}")
    assert "ida" in done.stdout


def test_a_script_with_a_wrong_password_says_so(shared, word_file):
    shared.register("jane").ok("/quit")
    done = shared.client("--password-file", word_file("not the word"), "-c",
                         "/who", f"jane@localhost:{shared.port}")
    assert done.stderr.startswith("!! bad-login ")
    assert (done.stdout, done.returncode) == ("", 1)


# rialtoctl


def test_the_status_is_for_people_and_for_programs(shared):
    people = shared.ctl("status")
    assert "version: " in people.stdout
    assert people.returncode == 0
    first = json.loads(shared.ctl("status", "--json").stdout)
    second = json.loads(shared.ctl("--json", "status").stdout)
    assert first.keys() == second.keys()


def test_a_refusal_has_its_code(shared):
    done = shared.ctl("users", "show", "nobody")
    assert done.stderr.startswith("rialtoctl: no-such-user: ")
    assert (done.stdout, done.returncode) == ("", 1)
    done = shared.ctl("frobnicate")
    assert done.stderr.startswith("rialtoctl: unknown-command: ")
    assert done.returncode == 1


@pytest.mark.parametrize("words", [
    [], ["--frob"], ["status\n/stop"], ["users", "show", "ann\n/stop"],
    ["users", "show", ""], ["/status"], ["users", "show", "\x1b[2J"],
    ["users", "password", ADMIN, "everybody sees it"]])
def test_a_wrong_command_line_reaches_nobody(shared, words):
    done = shared.ctl(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("rialtoctl: ")
    assert "\x1b" not in done.stderr
    assert shared.is_running()


def test_nobody_is_running(daemons, tmp_path):
    daemon = daemons.new()
    done = daemon.ctl("status")
    assert done.returncode == 3
    assert f"no daemon is running at {daemon.socket}" in done.stderr
    done = run(RIALTOCTL, "--socket", tmp_path / "none", "status")
    assert done.returncode == 3
    done = run(RIALTOCTL, "--config", tmp_path / "none", "status")
    assert done.returncode == 2


def test_a_daemon_that_was_killed_is_not_running(start):
    daemon = start()
    daemon.kill()
    assert stat.S_ISSOCK(os.stat(daemon.socket).st_mode)  # left behind
    assert daemon.ctl("status").returncode == 3


def test_an_administrator_sets_a_password(shared):
    shared.register("kim").ok("/quit")
    done = shared.ctl("users", "password", "kim", words="another word\n")
    assert (done.stderr, done.returncode) == ("", 0)
    shared.login("kim", "another word")


def test_an_administrator_types_a_password_twice(shared):
    shared.register("lea").ok("/quit")
    for again, status in (("another ward", 2), ("another word", 0)):
        admin = Terminal(RIALTOCTL, "--config", shared.config, "users",
                         "password", "lea")
        admin.until_last("New password of lea:")
        assert not admin.echoes()
        admin.enter("another word")
        admin.until_last("Once more:")
        admin.enter(again)
        assert admin.leave() == status
        assert b"another" not in admin.raw
        admin.close()
    shared.login("lea", "another word")


def test_stop_stops(start):
    daemon = start()
    assert daemon.ctl("stop").returncode == 0
    assert daemon.wait() == 0


@pytest.mark.needs("root")
def test_nobody_else_may(shared):
    """Another uid: neither root nor the daemon's."""
    with tempfile.TemporaryDirectory() as folder:
        # The build folder may be closed to others.
        os.chmod(folder, 0o755)
        program = shutil.copy(RIALTOCTL, folder)
        done = subprocess.run(
            [program, "--socket", str(shared.socket), "status"],
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
            user=65534, group=65534, extra_groups=[])
    assert done.returncode == 1
    assert done.stderr.startswith("rialtoctl: ")
