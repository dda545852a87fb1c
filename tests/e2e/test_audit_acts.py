"""Who came and went, and who tried to, is in the audit trail."""

import re
import socket

from rialto import ADMIN, ADMIN_WORD, WORD
from test_audit import check_sequence, records, wait_for


def found(daemon, **wanted):
    return [r for r in records(daemon)
            if all(r[key] == value for key, value in wanted.items())]


def counted(daemon, **wanted):
    """How often, by the one record of it; a minute ends with the daemon."""
    daemon.stop()
    record, = found(daemon, **wanted)
    times = re.match(r"(\d+) times since \d{4}-", record["detail"])
    return int(times[1]) if times else 1


def number_of(peer):
    return re.search(r"#(\d+) .*this one", peer.ok("/sessions").text)[1]


def test_a_login_tells_its_way_and_ends_with_a_logout(daemon):
    daemon.register("ben").close()
    wait_for(daemon, action="user.logout", actor="ben", outcome="ok")
    ben = daemon.login("ben")
    number = number_of(ben)
    record = wait_for(daemon, action="user.login", actor="ben")
    assert re.fullmatch(r"line, TLS1\.3 \S+", record["detail"]), record
    assert record["session"] == number
    ben.ok("/quit")
    assert wait_for(daemon, action="user.logout", session=number) == {
        **record, "seq": str(int(record["seq"]) + 1), "action": "user.logout",
        "target": "-", "detail": "-"}
    check_sequence(daemon)


def test_how_a_session_ended_is_in_its_logout(daemon):
    ben, carl, dora = (daemon.register(n) for n in ("ben", "carl", "dora"))
    carl.vanish()
    wait_for(daemon, action="user.logout", actor="carl", outcome="ok",
             detail="connection lost")
    daemon.ctl("sessions", "end", number_of(ben))
    wait_for(daemon, action="user.logout", actor="ben",
             outcome="session-ended", address="127.0.0.1")
    daemon.ctl("users", "disable", "dora")
    wait_for(daemon, action="user.logout", actor="dora", outcome="disabled")


def test_the_end_of_all_is_no_logout_of_each(daemon):
    daemon.register("ben")
    daemon.guest("visitor")
    daemon.stop()
    assert records(daemon)[-1]["action"] == "daemon.stop"
    assert not [r for r in records(daemon) if r["action"].endswith("logout")]


def test_guests_are_counted(daemon):
    for _ in range(3):
        daemon.guest("visitor").ok("/quit")
    daemon.guest("passer-by")
    daemon.machine().refused(f"/guest {ADMIN}", "name-taken")
    assert counted(daemon, action="guest.login", actor="visitor") == 3
    passer, = found(daemon, action="guest.login", actor="passer-by")
    assert (passer["address"], passer["user"]) == ("127.0.0.1", "-")
    taken, = found(daemon, action="guest.login", outcome="name-taken")
    assert taken["target"] == ADMIN
    assert found(daemon, action="guest.logout", actor="visitor")


def test_wrong_passwords_are_counted(daemon):
    daemon.register("ben").close()
    for _ in range(2):
        peer = daemon.machine()
        for word in "wrong-1", "wrong-2":
            peer.refused(f"/login ben {word}", "bad-login")
    peer.refused("/login ben wrong-3", "locked-out")
    peer.refused("/login hunter2 wrong-1", "bad-login")
    carl = daemon.register("carl")
    carl.refused("/passwd wrong another-word", "bad-login")
    assert counted(daemon, action="user.login", outcome="bad-login",
                   target="ben", actor="-", address="127.0.0.1") == 4
    assert found(daemon, action="user.login", outcome="locked-out")
    assert found(daemon, action="user.password", outcome="bad-login",
                 actor="carl")
    # Perhaps somebody has typed a password where the name belongs.
    assert found(daemon, action="user.login", outcome="bad-login", target="-")
    assert "hunter2" not in (daemon.folder / "audit.log").read_text()
    assert "wrong" not in (daemon.folder / "audit.log").read_text()


def test_whoever_is_kept_out_is_counted(start):
    daemon = start(users={"registration": "approval", "guests": True})
    daemon.machine().ok(f"/register ben {WORD}")
    daemon.machine().refused(f"/login ben {WORD}", "approval-pending")
    daemon.ctl("users", "approve", "ben")
    daemon.ctl("users", "disable", "ben")
    daemon.machine().refused(f"/login ben {WORD}", "disabled")
    daemon.ctl("lockdown", "1h")
    daemon.machine().refused("/guest visitor", "lockdown")
    daemon.stop()
    for outcome in "approval-pending", "disabled":
        record, = found(daemon, action="user.login", outcome=outcome)
        assert record["target"] == "ben"
    record, = found(daemon, action="session.refused", outcome="lockdown")
    assert record["address"] == "127.0.0.1"


def test_broken_protocol_is_counted(daemon):
    ben = daemon.register("ben")
    for _ in range(5):
        assert ben.command(b"a\x01b").code == "bad-input"
    assert ben.command(b"x" * 5000).code == "line-too-long"
    assert counted(daemon, action="session.violation", actor="ben",
                   outcome="bad-input") == 5
    assert found(daemon, action="session.violation", actor="ben",
                 outcome="line-too-long")


def test_strangers_at_the_door_are_counted(start):
    daemon = start(limits={"sessions_per_address": 1})
    with socket.create_connection(("127.0.0.1", daemon.port),
                                  source_address=("127.0.0.2", 0)) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n" * 10)
        plain.settimeout(20)
        while plain.recv(1024):
            pass
    first = daemon.machine()
    second = daemon.machine(mode=None)
    assert "too-many-sessions" in second.rest()
    first.ok("/quit")
    assert counted(daemon, action="session.violation",
                   outcome="too-many-sessions", address="127.0.0.1") == 1
    assert found(daemon, action="session.violation",
                 outcome="handshake-failed", address="127.0.0.2")


def test_a_kill_loses_no_login(daemon):
    """Logouts of the last moment may be missing: nobody was told of them."""
    for i in range(10):
        daemon.register(f"user{i}")
    daemon.login(ADMIN, ADMIN_WORD)
    daemon.kill()
    daemon.start()
    wait_for(daemon, action="user.login", actor=ADMIN)
    names = [r["actor"] for r in found(daemon, action="user.register")]
    assert names == [f"user{i}" for i in range(10)]
    check_sequence(daemon)
