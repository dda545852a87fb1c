"""rialtoctl: the administrator's verbs, and its exit codes."""

import json
import os
import re
import signal
import stat

import pytest

from rialto import ADMIN, RIALTOCTL, WORD, run


def told(result, status=0):
    """Its lines without their marks."""
    assert result.returncode == status, result.stderr
    return result.stdout.splitlines()


def refused(result, code):
    assert result.returncode == 1, result.stdout
    assert re.search(rf"^rialtoctl: {code}: |!! {code} ", result.stderr, re.M), \
        result.stderr


def test_status(daemon):
    daemon.guest("zoe")
    lines = dict(line.split(": ", 1) for line in told(daemon.ctl("status")))
    assert lines["name"] == "Rialto"
    assert lines["process"] == str(daemon.process.pid)
    assert lines["sessions"] == "2"  # zoe's, and this one
    assert re.fullmatch(r"SHA256:\S{43}", lines["certificate"])
    assert lines["last backup"] == "never"


@pytest.mark.parametrize("words", [("--json", "status"), ("status", "--json")])
def test_status_for_programs(daemon, words):
    daemon.register("ben").ok("/join den")
    (line,) = told(daemon.ctl(*words))
    status = json.loads(line)
    assert status["pid"] == daemon.process.pid
    assert status["rooms"] == 2
    assert status["sessions"] == 2
    assert status["workers"] == 2
    assert status["commits"] > 0
    assert status["disk_full"] is False
    assert status["certificate_expiry_ms"] > 0
    assert status["last_backup_ms"] == 0


def test_users_are_listed_and_shown(daemon):
    daemon.register("ben")
    assert told(daemon.ctl("users")) == [f"{ADMIN} admin", "ben user"]
    assert told(daemon.ctl("users", "be")) == ["ben user"]
    assert told(daemon.ctl("users", "xyz")) == ["There are no such users."]
    shown = dict(line.split(": ", 1)
                 for line in told(daemon.ctl("users", "show", "BEN")))
    assert shown["name"] == "ben"
    assert shown["roles"] == "user"
    assert shown["state"] == "active"
    assert shown["from"] == "127.0.0.1"
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d", shown["registered"])
    refused(daemon.ctl("users", "show", "nobody"), "no-such-user")


def test_disabling_ends_sessions_and_keeps_out(daemon):
    ben = daemon.register("ben")
    told(daemon.ctl("users", "disable", "ben"))
    assert ("~~ disabled An administrator has disabled or removed this login."
            in ben.rest())
    daemon.machine().refused(f"/login ben {WORD}", "disabled")
    daemon.machine().refused("/login ben wrong word", "bad-login")
    refused(daemon.ctl("users", "disable", "ben"), "exists")
    told(daemon.ctl("users", "enable", "ben"))
    daemon.login("ben")


def test_roles(daemon):
    ben = daemon.register("ben")
    ben.refused("/users", "not-allowed")
    assert told(daemon.ctl("users", "role", "ben", "+admin")) == [
        "ben: active, admin. That counts from the next login."]
    ben.refused("/users", "not-allowed")
    ben.close()
    ben = daemon.login("ben")
    assert "-- ben admin" in ben.ok("/users").lines
    told(daemon.ctl("users", "role", "ben", "-admin"))
    assert "~~ session-ended" in ben.rest()  # its rights end with it
    daemon.login("ben").refused("/users", "not-allowed")
    told(daemon.ctl("users", "role", "ben", "+auditor"))
    auditor = daemon.login("ben")
    auditor.ok("/users")
    auditor.refused("/users disable ben", "not-allowed")
    result = daemon.ctl("users", "role", "ben", "+nonsense")
    refused(result, "usage")


def test_the_last_administrator_stays(daemon):
    for verb in (("disable", ADMIN), ("remove", ADMIN),
                 ("role", ADMIN, "-admin")):
        result = daemon.ctl("users", *verb)
        assert result.returncode == 1
        assert "last administrator" in result.stderr
    daemon.admin().ok("/users")


def test_renaming_keeps_rooms_password_and_sessions(daemon):
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    for machine in (ben, cleo):
        machine.ok("/join den")
    told(daemon.ctl("users", "rename", "ben", "benedict"))
    cleo.expect(r"^\[den\] -- ben is benedict now$")
    ben.ok("still me")
    cleo.expect(r"^\[den\] benedict: still me$")
    daemon.machine().refused(f"/login ben {WORD}", "bad-login")
    answer = daemon.machine().ok(f"/login benedict {WORD}")
    assert "-- den: benedict (owner), cleo" in answer.text
    refused(daemon.ctl("users", "rename", "benedict", "cleo"), "name-taken")
    refused(daemon.ctl("users", "rename", "benedict", "1st"), "bad-name")


def test_removing(daemon):
    ben = daemon.register("ben")
    ben.ok("/join den")
    told(daemon.ctl("users", "remove", "ben"))
    ben.rest()
    daemon.machine().refused(f"/login ben {WORD}", "bad-login")
    # The name is free; nothing of the old one comes with it.
    answer = daemon.machine().ok(f"/register ben {WORD}")
    assert "den" not in answer.text
    zoe = daemon.guest("zoe")
    zoe.ok("/join den")
    assert zoe.ok("/who").text == "-- den: zoe"


def test_a_new_password_comes_by_standard_input(daemon):
    ben = daemon.register("ben")
    told(daemon.ctl("users", "password", "ben", words="another word\n"))
    assert "~~ session-ended" in ben.rest()
    daemon.machine().refused(f"/login ben {WORD}", "bad-login")
    daemon.login("ben", "another word")
    refused(daemon.ctl("users", "password", "ben", words="short\n"),
            "weak-password")
    assert daemon.ctl("users", "password", "ben").returncode == 2
    assert "another word" not in daemon.log.text()


def test_sessions_of_everybody(daemon):
    daemon.guest("zoe")
    ben = daemon.register("ben")
    lines = told(daemon.ctl("sessions"))
    assert len(lines) == 2
    (mine,) = [line for line in lines if " ben " in line]
    number = re.match(r"#(\d+) ben 127\.0\.0\.1 since ", mine)[1]
    told(daemon.ctl("sessions", "end", number))
    assert "~~ session-ended" in ben.rest()
    refused(daemon.ctl("sessions", "end", number), "not-found")


def test_stop(daemon):
    ben = daemon.register("ben")
    assert told(daemon.ctl("stop")) == ["Stopping."]
    assert "~~ The server is stopping. Goodbye." in ben.rest()
    assert daemon.wait(5) == 0
    assert not daemon.socket.exists()


@pytest.mark.parametrize("words, status", [
    (["nonsense"], 1), ([], 2), (["--nonsense"], 2), (["users", "show"], 1),
    (["--config"], 2), (["users", "show", "a\nb"], 2), (["help"], 0),
    (["--help"], 0), (["--version"], 0), (["--config", "/nowhere", "status"], 2),
    (["--socket", "/nowhere", "status"], 3), (["join", "den"], 1)])
def test_exit_codes(daemon, words, status):
    assert daemon.ctl(*words).returncode == status


def test_no_daemon_is_exit_3(daemon):
    daemon.kill()  # the socket lies there
    result = daemon.ctl("status")
    assert result.returncode == 3
    assert "no daemon is running" in result.stderr
    daemon.start()
    daemon.stop()  # and now it does not
    assert daemon.ctl("status").returncode == 3
    daemon.start()


def test_it_finds_the_socket_by_itself(daemon):
    result = run(RIALTOCTL, "--socket", daemon.socket, "status")
    assert result.returncode == 0


def test_the_socket_is_for_its_owner(daemon):
    assert stat.S_IMODE(os.stat(daemon.socket).st_mode) == 0o600


def test_what_it_does_is_in_the_log_with_the_one_who_did_it(daemon):
    daemon.register("ben")
    daemon.ctl("users", "disable", "ben")
    daemon.log.expect(rf"user: disable name=ben by=console:{os.getuid()}")
    daemon.admin().ok("/users enable ben")
    daemon.log.expect(rf"user: enable name=ben by={ADMIN}")


@pytest.mark.parametrize("line", ["hello", "/join den", "/nick x", "/away",
                                  "/me waves", "/tell ann hi", "/passwd a b",
                                  "/leave", "/reply x"])
def test_the_console_is_in_no_room(daemon, line):
    assert daemon.console().command(line).code in ("not-allowed", "usage")


@pytest.mark.parametrize("line", [
    f"/login {ADMIN} {WORD}", "/login nobody", f"/register ben {WORD}",
    "/guest zoe"])
def test_nobody_logs_in_at_the_console(daemon, line):
    console = daemon.console()
    console.refused(line, "already-logged-in")
    console.ok("/status")
    daemon.guest("zoe")
    assert len(told(daemon.ctl("users"))) == 1


def test_the_console_names_the_room(daemon):
    console = daemon.console()
    assert console.command("/topic x").code == "no-room"
    assert console.command("/in nowhere /topic x").code == "no-such-room"
    console.ok("/in lobby /topic tea")
    assert console.ok("/in lobby /topic").lines[0].startswith(
        f"-- Topic of lobby: tea (console:{os.getuid()}, ")
    assert console.command("/in lobby hello").code == "usage"


def test_the_console_may_look(daemon):
    console = daemon.console()
    daemon.guest("zoe")
    assert console.ok("/who lobby").lines == ["-- lobby: zoe"]
    assert console.ok("/rooms").lines == ["-- lobby 1 here"]
    console.ok("/whois zoe")
    console.ok("/help")


def test_sighup_twice_and_other_signals_do_no_harm(daemon):
    for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGPIPE):
        daemon.process.send_signal(number)
    daemon.guest("zoe").ok("hello")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_politely(daemon, number):
    zoe = daemon.guest("zoe")
    waiting = daemon.person()
    waiting.expect("username: $")
    daemon.process.send_signal(number)
    assert zoe.rest().endswith("~~ The server is stopping. Goodbye.\n")
    assert waiting.rest().endswith("-- The server is stopping. Goodbye.\n")
    assert daemon.wait(5) == 0


def test_stopping_finishes_what_was_begun(start):
    """Registrations under way are answered, and what was ok is there."""
    daemon = start(users={"password_cost": 6})
    peers = [daemon.machine() for _ in range(8)]
    for number, peer in enumerate(peers):
        peer.send(f"/register u{number} {WORD}\n")
    daemon.stop()
    done = [number for number, peer in enumerate(peers)
            if "\n== ok\n" in "\n" + peer.rest()]
    daemon.start()
    for number in done:
        daemon.login(f"u{number}")


def test_a_password_is_reset_offline(daemon):
    daemon.register("ben").ok("/quit")
    result = daemon.offline("--reset-password", "ben", words="a new word\n")
    assert result.returncode == 1
    assert "another rialtod" in result.stderr  # not while it runs
    daemon.stop()
    result = daemon.offline("--reset-password", "ben", words="a new word\n")
    assert (result.returncode, result.stdout) == (0, "ben has a new password\n")
    result = daemon.offline("--reset-password", "nobody", words=WORD)
    assert result.returncode == 1
    assert "there is no user nobody" in result.stderr
    daemon.start()
    daemon.login("ben", "a new word")


def test_the_log_holds_no_passwords(daemon):
    daemon.register("ben", "secret-word-7")
    daemon.machine().refused("/login ben secret-word-8", "bad-login")
    daemon.ctl("users", "password", "ben", words="secret-word-9\n")
    daemon.stop()
    assert "secret" not in daemon.log.text()
