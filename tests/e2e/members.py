"""Members with money in the bank, and what it answers them."""

import re
from types import SimpleNamespace


def bank_of_three(daemon):
    """Ann, who administers, ben and cleo: each has 100.00."""
    bank = SimpleNamespace(daemon=daemon, ann=daemon.admin(),
                           ben=daemon.register("ben"),
                           cleo=daemon.register("cleo"))
    for peer in (bank.ann, bank.ben, bank.cleo):
        peer.ok("/deposit 100")
        peer.entered()
    return bank


def number(answer):
    """Of the entry, hold or request, at the end of an answer."""
    return int(re.search(r"#(\d+)$", answer.text)[1])


def balance(peer, account=""):
    return re.search(r"[-\d.]+(?= R)", peer.ok(f"/balance {account}").text)[0]
