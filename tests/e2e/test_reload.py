"""SIGHUP and rialtoctl reload: what changes at once, and what does not."""

import re
import shutil
import signal
import socket
import ssl

import pytest

from rialto import WORD, context, deadline, init


@pytest.fixture(params=["signal", "rialtoctl"])
def reload(request):
    """reload(daemon, *words) reloads; each of these must be said of it."""
    def by_signal(daemon, *words):
        mark = daemon.log.mark()
        daemon.process.send_signal(signal.SIGHUP)
        for regex in words or [""]:
            daemon.log.expect(f"reload: .*{regex}", after=mark)

    def by_rialtoctl(daemon, *words):
        result = daemon.ctl("--socket", daemon.socket, "reload")
        said = result.stdout + result.stderr
        for regex in words:
            assert re.search(regex, said), said

    return by_signal if request.param == "signal" else by_rialtoctl


def fingerprint(daemon):
    """Of the certificate that a newcomer is shown."""
    link = daemon.person(tls=context())
    return ssl.DER_cert_to_PEM_cert(link.sock.getpeercert(True))


def test_live_settings_change_without_dropping_a_session(daemon, reload):
    ben, zoe = daemon.register("ben"), daemon.guest("zoe")
    daemon.write(server={"name": "The Bridge"}, limits={"line": 1024},
                 users={"guests": False}, chat={"rooms_per_user": 1})
    reload(daemon, *(rf"{name} is changed\." for name in (
        "server.name", "limits.line", "users.guests", "chat.rooms_per_user")))
    zoe.ok("still here")
    ben.expect(r"^\[lobby\] zoe: still here$")
    ben.refused("x" * 2000, "line-too-long")
    ben.ok("/join one")
    ben.refused("/join two", "room-limit")
    machine = daemon.machine(mode=None)
    machine.send("/mode machine\n")
    assert "-- Welcome to The Bridge." in machine.line()
    machine.answer()
    machine.refused("/guest eve", "guests-off")


def test_registration_and_lockout_change(daemon, reload):
    daemon.write(users={"registration": "closed", "password_min": 20,
                        "lockout": "none"})
    reload(daemon)
    daemon.machine().refused(f"/register ben {WORD}", "registration-closed")
    daemon.write(users={"registration": "open"})
    reload(daemon)
    daemon.machine().refused(f"/register ben {WORD}", "weak-password")
    daemon.machine().ok("/register ben twenty-bytes-at-least")


def is_full(daemon):
    link = daemon.person()
    link.more(deadline(), "greeting")
    link.close()
    return "too-many-sessions" in link.transcript()


def test_limits_on_sessions_change(daemon, reload):
    zoe = daemon.guest("zoe")
    daemon.write(limits={"sessions": 1})
    reload(daemon, "limits.sessions is changed")
    assert all(is_full(daemon) for _ in range(8))
    zoe.ok("I am inside")
    daemon.write(limits={"sessions": 100})
    reload(daemon, "limits.sessions is changed")
    assert not is_full(daemon)


def test_a_new_certificate_is_shown_to_newcomers(daemon, reload, tmp_path):
    zoe, before = daemon.guest("zoe"), fingerprint(daemon)
    init(tmp_path / "other")
    for name in ("server.crt", "server.key", "ca.crt"):
        shutil.copy(tmp_path / "other/tls" / name, daemon.folder / "tls")
    reload(daemon, "certificate")
    assert all(fingerprint(daemon) != before for _ in range(8))
    zoe.ok("still here")
    eve = daemon.guest("eve")
    zoe.expect(r"^\[lobby\] -- eve joined$")
    eve.ok("hello")
    zoe.expect(r"^\[lobby\] eve: hello$")


def test_a_session_ticket_outlives_a_reload(daemon, reload):
    tls = context(daemon.ca)
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    first = daemon.person(tls=tls)
    first.expect("username: $")
    ticket = first.sock.session
    reload(daemon)
    with socket.create_connection(("127.0.0.1", daemon.port)) as plain:
        again = tls.wrap_socket(plain, server_hostname="localhost",
                                session=ticket)
        assert again.session_reused
        again.close()


RESTART = {
    "server": {"workers": 1, "cache": "8M", "jobs": 2, "job_queue": 64,
               "hashing": 1},
    "chat": {"default_room": "foyer", "replay": 5},
}


def test_what_needs_a_restart_is_named(daemon, reload):
    daemon.write(**RESTART)
    reload(daemon, *(rf"{section}\.{key} changes only with a restart\."
                     for section, keys in RESTART.items() for key in keys))
    assert "-- lobby: " in daemon.guest("zoe").ok("/who").text
    daemon.restart()
    assert "-- foyer: " in daemon.guest("zoe").ok("/who").text


def reload_said(daemon):
    return daemon.ctl("--socket", daemon.socket, "reload").stdout.splitlines()


def test_the_bank_waits_for_its_currency(daemon):
    """Amounts in the file are of the file's currency."""
    daemon.write(bank={"limits": {"floor": "-50.00"}})
    assert reload_said(daemon) == ["bank.limits.floor is changed."]
    daemon.write(bank={"currency": {"code": "LIR", "symbol": "L", "scale": 0},
                       "limits": {"floor": "-20"}})
    assert reload_said(daemon) == [
        *(f"bank.currency.{key} changes only with a restart."
          for key in ("code", "symbol", "scale")),
        "The section bank waits for that restart as a whole."]
    daemon.restart()
    daemon.write(bank={"limits": {"floor": "-20.50"}})
    result = daemon.ctl("--socket", daemon.socket, "reload")
    assert result.returncode == 1
    assert re.search(r":\d+:\d+: bank\.limits\.floor is -20\.50; "
                     "it must be a whole number", result.stderr)


def test_listeners_need_a_restart(daemon, reload):
    daemon.write(listeners=daemon.settings["listeners"][1:])
    reload(daemon, "listeners.* only with a restart")
    daemon.guest("zoe")


BAD = [
    ("no YAML", 'server: { name: "x', r":\d+:\d+: cannot be read"),
    ("mistakes", "server: { nme: x }\nusers: { guests: perhaps }\n",
     r"2:18: users\.guests is perhaps"),
    ("no certificate", "tls: { certificate: nowhere.crt }\n",
     r"nowhere\.crt does not exist"),
    ("no key", "tls: { key: rialto.yaml }\n", r"holds no private key"),
    ("another's key", "tls: { key: tls/ca.key }\n",
     r"does not fit the certificate"),
]


@pytest.mark.parametrize("text, words", [b[1:] for b in BAD],
                         ids=[b[0] for b in BAD])
def test_a_bad_file_changes_nothing(daemon, reload, text, words):
    before = fingerprint(daemon)
    zoe = daemon.guest("zoe")
    good = daemon.config.read_text()
    daemon.config.write_text(text + "chat: { rooms_per_user: 0 }\n")
    reload(daemon, words)
    daemon.log.expect("reload: nothing was changed")
    zoe.ok("still here")
    daemon.register("ben").ok("/join den")
    assert fingerprint(daemon) == before
    daemon.config.write_text(good)
    reload(daemon, "No setting is changed")


def test_a_refused_reload_exits_1(daemon):
    daemon.config.write_text("server: [\n")
    result = daemon.ctl("--socket", daemon.socket, "reload")
    assert result.returncode == 1
    assert "cannot be read" in result.stderr


def test_reloading_under_load(daemon):
    """Nobody is dropped, nothing is lost, whatever changes."""
    speaker, listener = daemon.guest("speaker"), daemon.guest("listener")
    for number in range(20):
        daemon.write(limits={"line": 1024 + 512 * (number % 3)})
        daemon.process.send_signal(signal.SIGHUP)
        for line in range(5):
            speaker.ok(f"{number}.{line}")
            listener.expect(rf"^\[lobby\] speaker: {number}\.{line}$")
