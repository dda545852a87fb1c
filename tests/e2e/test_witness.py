"""Once a day a room is told where the bank's journal ends."""

import re

from calendar_days import on

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


def look(daemon):
    """Comes back when the clock's work was done: it tells of what is low."""
    ann = daemon.admin()
    had = re.search(r"[\d.]+(?= R)", ann.ok("/deposit 1").text.split("New")[1])
    ann.ok(f"/account low ann {had[0]}")
    ann.ok("/withdraw 1")
    ann.expect("Low balance")
    ann.close()


def test_once_a_day(daemons):
    daemon = daemons.new(bank={"witness": "den"}).start(env=on("2026-12-30"))
    daemon.log.expect("trouble with the witness room=den")  # it is not there
    ann = daemon.admin()
    ann.ok("/join den")
    first = ann.expect(LINE)
    head = ann.ok("/bank head").text
    assert f"#{first[1]} {first[2]}" in head
    daemon.stop()
    daemon.start(env=on("2026-12-30"))
    look(daemon)
    assert len(told(daemon)) == 1
    daemon.kill()
    daemon.start(env=on("2026-12-30"))
    look(daemon)
    assert len(told(daemon)) == 1
    daemon.stop()
    # A week later: once, for that day.
    daemon.start(env=on("2027-01-06"))
    look(daemon)
    assert len(told(daemon)) == 2
    daemon.stop()
    daemon.start(env=on("2027-01-06"))
    look(daemon)
    heads = told(daemon)
    assert heads[0] == first.groups() and len(heads) == 2
    ann = daemon.admin()
    assert heads[1][1] in ann.ok(f"/bank show #{heads[1][0]}").text
    ann.refused("/users rename ann bank", "name-taken")
