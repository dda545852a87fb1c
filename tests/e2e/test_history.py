"""What was said: remembered over restarts, within the retention."""

import re
import time

from rialto import WORD, eventually

REPLAYED = re.compile(r"\[den\] (?:\S+ )?\d\d:\d\d (.*)")


def replay(daemon, name="cleo"):
    """What a login shows of den, without the times."""
    machine = daemon.machine()
    machine.ok(f"/login {name} {WORD}")
    machine.fence()
    return [match.group(1) for match in map(REPLAYED.match, machine.events)
            if match]


def test_a_restart_loses_nothing(daemon):
    cleo = daemon.register("cleo")
    cleo.ok("/join den")
    for i in range(150):
        cleo.ok(f"line {i}")
    cleo.ok("/me waves")
    daemon.restart()
    assert replay(daemon) \
        == [f"cleo: line {i}" for i in range(51, 150)] + ["* cleo waves"]


def test_the_replay_goes_on_where_it_ended(daemon):
    cleo = daemon.register("cleo")
    cleo.ok("/join den")
    cleo.ok("before")
    daemon.restart()
    ben = daemon.register("ben")
    ben.ok("/join den")
    ben.ok("after")
    assert replay(daemon) == ["cleo: before", "ben: after"]


def test_the_default_room_is_remembered_for_guests(daemon):
    daemon.register("cleo").ok("good evening")
    daemon.restart()
    guest = daemon.machine()
    guest.ok("/guest max")
    guest.fence()
    assert any(line.endswith(" cleo: good evening") for line in guest.events)


def test_no_more_than_the_server_keeps(start):
    daemon = start(chat={"history_count": 5, "replay": 1000})
    cleo = daemon.register("cleo")
    cleo.ok("/join den")
    for i in range(40):
        cleo.ok(f"line {i}")
    daemon.restart()
    # At its end the daemon does not tidy up, but it had time before.
    kept = replay(daemon)
    assert kept == [f"cleo: line {i}" for i in range(40 - len(kept), 40)]


def test_nothing_is_kept(start):
    daemon = start(chat={"history_count": 0})
    cleo = daemon.register("cleo")
    answer = cleo.ok("/join den")
    assert "-- What is said in den is not kept." in answer.lines
    cleo.ok("a secret")
    assert replay(daemon) == []
    daemon.restart()
    assert replay(daemon) == []
    daemon.stop()
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stdout


def test_a_flood_of_ones_own_room_does_not_fill_the_log(daemon):
    begin = time.monotonic()
    olga = daemon.register("olga")
    olga.ok("/join den")
    flood = b"".join(b"%d %s\n" % (i, b"x" * 4000) for i in range(1000))

    def waiting():
        return "messages to be written: 0" in daemon.ctl("status").stdout
    for _ in range(40):
        olga.send(flood)
        for _ in range(1000):
            assert olga.answer().code == "ok"
        eventually(waiting, "written")
    text = daemon.log.text()
    windows = (time.monotonic() - begin) // 10 + 2
    assert text.count("what is said now is not kept") <= 10 * windows
    assert text.count("what is said is kept again") <= 10 * windows
