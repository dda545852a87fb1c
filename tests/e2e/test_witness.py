"""Once a day a room is told where the bank's journal ends."""

import re

from calendar_days import on
from rialto import eventually

LINE = (r"\[den\] bank: the newest entry of the journal is #(\d+) of "
        r"\d{4}-\d\d-\d\d \d\d:\d\d, hash ([0-9a-f]{64})$")


def told(daemon):
    """(number, hash) of all that the room remembers."""
    ann = daemon.admin()
    lines = ann.ok("/review den").lines
    ann.close()
    return [m.groups() for m in (
        re.search(LINE.replace(r"\[den\] bank: ", "bank: "), line)
        for line in lines) if m]


def test_once_a_day(daemons):
    daemon = daemons.new(bank={"witness": "den"}).start(env=on("2026-12-30"))
    daemon.log.expect("trouble with the witness room=den")  # it is not there
    ann = daemon.admin()
    ann.ok("/join den")
    first = ann.expect(LINE)
    head = ann.ok("/bank head").text
    assert f"#{first[1]} of " in head and first[2] in head
    ann.ok("/deposit 5")
    daemon.stop()
    daemon.start(env=on("2026-12-30"))
    eventually(lambda: len(told(daemon)) == 1, "told once")
    daemon.kill()
    daemon.start(env=on("2026-12-30"))
    ann = daemon.admin()
    ann.ok("/deposit 5")
    daemon.stop()
    # A week later: once, for that day.
    daemon.start(env=on("2027-01-06"))
    eventually(lambda: len(told(daemon)) == 2, "told again")
    daemon.stop()
    daemon.start(env=on("2027-01-06"))
    daemon.admin().ok("/deposit 5")
    heads = told(daemon)
    assert heads[0] == first.groups() and len(heads) == 2
    ann = daemon.admin()
    assert heads[1][1] in ann.ok(f"/bank show #{heads[1][0]}").text
    ann.refused("/users rename ann bank", "name-taken")
