"""Money under load: it stays the same, and what was answered stays so.

RIALTO_SOAK is the number of power cuts (15), RIALTO_SEED makes a run again.
"""

import os
import random

from payers import Market, Payer, check_moment

CUTS = int(os.environ.get("RIALTO_SOAK") or 15)
SEED = int(os.environ.get("RIALTO_SEED") or random.randrange(10**9))
PAYERS = 64
SETTINGS = {"rate": "none", "cash": {"per_deposit": "none", "per_day": "none"}}


def open_market(daemons):
    print(f"RIALTO_SEED={SEED}")
    daemon = daemons.new(bank=SETTINGS, users={"lockout": "none"},
                         server={"workers": 8}).start()
    return daemon, [Payer(i).join(daemon) for i in range(PAYERS)]


def test_the_total_never_moves(daemons):
    dice = random.Random(SEED)
    daemon, payers = open_market(daemons)
    market = Market(daemon, payers, dice, watches=2)
    try:
        market.tally.wait_for(2000)
    finally:
        market.close()
    assert all(watch.count > 0 for watch in market.watches)
    check_moment(daemon.console(), payers)
    for payer in payers:
        payer.check(daemon)


def test_what_was_answered_survives_power_cuts(daemons):
    dice = random.Random(SEED)
    daemon, payers = open_market(daemons)
    for number in range(CUTS):
        market = Market(daemon, payers, dice, watches=1)
        try:
            market.tally.wait_for(dice.randrange(1, 400))
        finally:
            done = market.kill()
        daemon.check_books()
        daemon.start()
        check_moment(daemon.console(), payers)
        print(f"cut {number}: {done} answers")
    paid = sum(payer.check(daemon) for payer in payers)
    print(f"{paid} payments, each of them once")
    check_moment(daemon.console(), payers)
