"""What the settings say of the bank, for those who use it."""

import pytest

from rialto import MISTAKEN

CASH = {"per_deposit": "none", "per_day": "none"}
NEVER = "Cash goes through the tellers here."


def answer(peer, line):
    """The code, and the balance behind it."""
    return peer.command(line).code, peer.ok("/balance").text.split()[3]


def test_the_currency_stays_once_there_is_money(daemons):
    daemon = daemons.new().start()
    daemon.admin().close()
    daemon.stop()
    daemon.write(bank={"currency": {"scale": 3}})
    daemon.start()  # nobody has had any yet
    ann = daemon.admin()
    ann.ok("/deposit 1.005")
    ann.ok("/withdraw 1.005")
    daemon.stop()
    for other in {"scale": 2}, {"code": "LIR"}, {"symbol": "L"}:
        was = daemon.settings["bank"]["currency"]
        daemon.write(bank={"currency": other})
        daemon.spawn()
        assert daemon.wait() == MISTAKEN
        daemon.log.expect(r"error: bank: bank\.currency is .*, but the bank "
                          r"has money in RIA \(R, scale 3\)")
        daemon.write(bank={"currency": {"code": "RIA", "symbol": "R", **was}})
    daemon.start()
    assert "+1.005 R" in daemon.admin().ok("/history").text


@pytest.mark.parametrize("line", ["/deposit 1", "/withdraw 1"])
def test_cash_by_oneself(daemons, line):
    daemon = daemons.new().start()
    ann = daemon.admin()
    ann.ok("/deposit 100")
    ann.ok(line)
    daemon.write(bank={"cash": {"policy": "teller"}})
    ann.ok("/reload")
    assert NEVER in ann.refused(line, "not-allowed")
    daemon.restart()
    assert NEVER in daemon.admin().refused(line, "not-allowed")


def test_the_most_that_is_deposited(daemons):
    daemon = daemons.new(bank={"cash": {"per_deposit": "10.00",
                                        "per_day": "25"}}).start()
    ann = daemon.admin()
    assert answer(ann, "/deposit 10.01") == ("limit", "0.00")
    assert answer(ann, "/deposit 10") == ("ok", "10.00")
    assert answer(ann, "/deposit 10") == ("ok", "20.00")
    assert answer(ann, "/deposit 5.01") == ("limit", "20.00")
    assert answer(ann, "/deposit 5") == ("ok", "25.00")


def test_what_accounts_may_hold_and_spend(daemons):
    daemon = daemons.new(bank={"cash": CASH, "limits": {
        "floor": "-5", "ceiling": "100.00", "per_transfer": "40",
        "per_day": "60"}}).start()
    ann, ben = daemon.admin(), daemon.register("ben")
    assert answer(ann, "/deposit 100.01") == ("above-ceiling", "0.00")
    assert answer(ann, "/deposit 100") == ("ok", "100.00")
    assert answer(ben, "/pay ann 1") == ("above-ceiling", "0.00")
    assert answer(ann, "/pay ben 40.01") == ("limit", "100.00")
    assert answer(ann, "/pay ben 40") == ("ok", "60.00")
    assert answer(ann, "/withdraw 20.01") == ("limit", "60.00")
    assert answer(ann, "/withdraw 20") == ("ok", "40.00")
    assert answer(ann, "/hold ben 0.01") == ("limit", "40.00")
    assert answer(ben, "/pay ann 40") == ("ok", "0.00")
    assert answer(ben, "/pay ann 5.01") == ("insufficient-funds", "0.00")
    assert answer(ben, "/pay ann 5") == ("ok", "-5.00")
    daemon.write(bank={"limits": {"floor": "-7"}})
    ann.ok("/reload")
    assert answer(ben, "/pay ann 2.01") == ("insufficient-funds", "-5.00")
    assert answer(ben, "/pay ann 2") == ("ok", "-7.00")
