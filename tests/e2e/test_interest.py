"""Interest, on the first of each month."""

from calendar_days import on
from rialto import eventually


def test_months(daemons):
    """36.5 % a year is a thousandth a day, of what was there at its end."""
    daemon = daemons.new().start(env=on("2026-12-22"))
    ann = daemon.admin()
    ben = daemon.register("ben")
    ann.ok("/deposit 200")
    ann.ok("/pay ben 100")
    ann.ok("/bank limits ben rate=36.5")
    ann.refused("/bank limits ben rate=100.1", "bad-amount")
    ben.refused("/bank limits ben rate=99", "not-allowed")
    daemon.stop()
    daemon.start(env=on("2026-12-31", "23:00:00"))
    assert " 100.00 R." in daemon.login("ben").ok("/balance").text
    daemon.stop()
    # Ten days of December; January and February of what was there then.
    daemon.start(env=on("2027-03-01", "00:00:00"))
    daemon.console().ok("/bank clock accept")
    ben = daemon.login("ben")
    eventually(lambda: " 106.90 R." in ben.ok("/balance").text, "given")
    shown = [line for line in ben.ok("/history 3").lines
             if "interest" in line]
    assert [line.split(" of ")[1][:7] for line in shown] == \
        ["2026-12", "2027-01", "2027-02"], shown
    ann = daemon.admin()
    assert " 100.00 R." in ann.ok("/balance").text
    daemon.kill()
    daemon.start(env=on("2027-03-01", "00:00:00"))
    daemon.admin().ok("/deposit 1")
    assert " 106.90 R." in daemon.login("ben").ok("/balance").text
    daemon.stop()
    done = daemon.offline("--verify")
    assert done.returncode == 0, done.stdout + done.stderr
