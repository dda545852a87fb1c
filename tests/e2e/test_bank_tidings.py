"""What becomes of requests, holds and shared accounts: who hears of it."""

import re
from types import SimpleNamespace

import pytest

from berkeley import put_record, records
from calendar_days import on
from rialto import WORD, eventually

AWAY = "~~ While you were away: "


@pytest.fixture
def bank(daemon):
    """Each has 100.00."""
    bank = SimpleNamespace(daemon=daemon, ann=daemon.admin(),
                           ben=daemon.register("ben"),
                           cleo=daemon.register("cleo"))
    for peer in (bank.ann, bank.ben, bank.cleo):
        peer.ok("/deposit 100")
        peer.entered()
    return bank


def leave(bank, name):
    """The daemon has noticed."""
    getattr(bank, name).close()
    eventually(lambda: "Not here" in bank.ann.ok(f"/whois {name}").text,
               f"gone: {name}")


def come(bank, name):
    """A login; what the welcome says of money."""
    peer = bank.daemon.machine()
    setattr(bank, name, peer)
    return [line for line in peer.ok(f"/login {name} {WORD}").lines
            if "While you were away" in line]


def number(answer):
    return int(re.search(r"#(\d+)$", answer.lines[-1])[1])


def test_who_has_asked_and_left_hears_of_the_answer(bank):
    bank.cleo.ok("/request ben 12.50 lunch")
    bank.cleo.ok("/request ben 1 tea")
    leave(bank, "cleo")
    bank.ben.ok("/decline 1")
    come(bank, "cleo")
    bank.cleo.expect("^" + re.escape(
        AWAY + "ben declined your request #1 for 12.50 R (lunch).") + "$")
    # Told here, and not again on return; told there, and not again either.
    bank.ben.ok("/decline 2")
    assert bank.cleo.expect("declined").string == \
        "~~ ben declined your request #2 for 1.00 R (tea)."
    bank.cleo.ok("/request ben 3")
    leave(bank, "cleo")
    bank.ben.ok("/decline 3")
    come(bank, "cleo")
    told = bank.cleo.expect("request #").string
    assert told == AWAY + "ben declined your request #3 for 3.00 R."
    # Nor after a restart.
    bank.cleo.ok("/request ben 4")
    leave(bank, "cleo")
    bank.ben.ok("/decline 4")
    bank.daemon.restart()
    bank.ann = bank.daemon.admin()
    come(bank, "cleo")
    told = bank.cleo.expect("request #").string
    assert told == AWAY + "ben declined your request #4 for 4.00 R."


def test_a_power_cut_does_not_silence_it(bank):
    bank.cleo.ok("/request ben 12.50 lunch")
    leave(bank, "cleo")
    bank.ben.ok("/decline 1")
    bank.daemon.kill()
    bank.daemon.start()
    come(bank, "cleo")
    bank.cleo.expect("^~~ While you were away: ben declined your request #1")


def test_who_was_asked_and_left_hears_that_it_is_cancelled(bank):
    bank.ann.ok("/request ben 5 tea")
    leave(bank, "ben")
    bank.ann.ok("/cancel 1")
    come(bank, "ben")
    assert bank.ben.expect("request #").string == \
        AWAY + "ann has cancelled request #1 for 5.00 R."


def test_names_are_those_of_now(bank):
    bank.cleo.ok("/request ben 5")
    leave(bank, "ben")
    bank.cleo.ok("/cancel 1")
    bank.ann.ok("/users rename cleo clea")
    come(bank, "ben")
    assert bank.ben.expect("request #").string == \
        AWAY + "clea has cancelled request #1 for 5.00 R."


def test_a_request_without_an_answer(daemons):
    daemon = daemons.new().start(env=on("2026-03-01"))
    daemon.register("ben")
    daemon.admin().ok("/request ben 5 tea")
    daemon.stop()
    daemon.start(env=on("2026-03-15", "13:00:00"))
    ann = daemon.admin()
    assert ann.expect("request #").string.endswith(
        "ben has not paid your request #1 for 5.00 R (tea); it is over.")
    assert "it was expired" in daemon.login("ben").refused(
        "/accept 1", "request-closed")


def test_a_hold_that_is_over(bank):
    held = number(bank.ann.ok("/hold ben 5 until=1s"))
    assert re.fullmatch(rf"~~ Hold #{held} for ben is over: 5\.00 R can be "
                        r"spent again\. #\d+",
                        bank.ann.expect(f"^~~ Hold #{held}").string)
    assert re.fullmatch(rf"~~ Hold #{held} of ann for you is over: 5\.00 R "
                        r"went back\. #\d+",
                        bank.ben.expect(f"^~~ Hold #{held}").string)


def test_who_was_away_while_a_hold_ended(bank):
    first = number(bank.cleo.ok("/hold ben 5 the drill"))
    leave(bank, "cleo")
    bank.ben.ok(f"/release {first}")
    lines = come(bank, "cleo")
    assert len(lines) == 1 and f"(#{first})" in lines[0], lines
    bank.cleo.entered()
    held = number(bank.cleo.ok("/hold ben 5 until=1s"))
    leave(bank, "cleo")
    bank.ben.expect(f"^~~ Hold #{held} of cleo for you is over")
    come(bank, "cleo")
    bank.cleo.expect(f"^~~ While you were away: Hold #{held} for ben is over")


def test_damaged_news_stop_no_money(bank):
    """One piece of cleo's news is damaged: what she has held comes back."""
    bank.ann.ok("/request cleo 5 tea")
    leave(bank, "cleo")
    bank.ann.ok("/cancel 1")
    bank.daemon.stop()
    tidings = bank.daemon.folder / "data" / "bank_tidings.db"
    (spoiled,) = records(tidings)
    put_record(tidings, spoiled, b"x")
    bank.daemon.start()
    bank.ann = bank.daemon.admin()
    bank.ben = bank.daemon.login("ben")
    come(bank, "cleo")
    for held in [number(bank.cleo.ok("/hold ben 5 until=1s"))
                 for _ in range(2)]:
        bank.cleo.expect(f"^~~ Hold #{held} for ben is over: 5.00 R can be")
        bank.ben.expect(f"^~~ Hold #{held} of cleo for you is over")
    assert "Current balance: 100.00 R." in bank.cleo.ok("/balance").text
    bank.daemon.stop()
    assert bank.daemon.log.text().count("news for somebody is damaged") == 1
    bank.daemon.is_spoiled = True
    result = bank.daemon.offline("--verify")
    assert result.returncode == 1
    assert re.search(r"bank_tidings: a record of user \d+ cannot be read$",
                     result.stderr, re.M), result.stderr


def test_holders_come_and_go(bank):
    bank.ann.ok("/account open shared:flat ben")
    for name in ("cleo", "ben"):
        leave(bank, name)
    n = number(bank.ann.ok("/account add shared:flat cleo"))
    assert any("holder added cleo" in line and f"#{n}" in line
               for line in come(bank, "cleo"))
    bank.cleo.entered()
    leave(bank, "cleo")
    n = number(bank.ann.ok("/account remove shared:flat cleo"))
    come(bank, "cleo")
    bank.cleo.expect(rf"^~~ While you were away: ann has removed you from "
                     rf"shared:flat\. #{n}$")
    lines = come(bank, "ben")
    assert any("holder added cleo" in line for line in lines)
    assert any("holder removed cleo" in line for line in lines)
    # Who is here hears it at once, and not on return.
    bank.ben.entered()
    bank.ann.ok("/account add shared:flat cleo")
    bank.ben.expect("^~~ ann has added cleo to shared:flat")
    n = number(bank.ann.ok("/account remove shared:flat cleo"))
    bank.cleo.expect(f"ann has removed cleo from shared:flat. #{n}")
    bank.ben.expect(f"ann has removed cleo from shared:flat. #{n}")
    leave(bank, "ben")
    n = number(bank.ann.ok("/account close shared:flat"))
    come(bank, "ben")
    told = bank.ben.expect("shared:flat").string
    assert told == AWAY + f"ann has closed shared:flat. #{n}"


def test_none_of_it_stays_behind_a_user(bank):
    bank.cleo.ok("/withdraw 100")
    bank.ann.ok("/request cleo 5")
    leave(bank, "cleo")
    bank.ann.ok("/cancel 1")
    bank.ann.ok("/users remove cleo")
    bank.daemon.stop()
    result = bank.daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_one_request_in_the_place_of_another(bank):
    bank.ann.ok("/request ben 1 tea")
    bank.ann.ok("/cancel 1")
    bank.ann.ok("/request ben 90 tea")
    assert bank.ben.refused("/accept", "bad-input") == (
        "!! bad-input Another request was closed just now. To pay 90.00 R, "
        "say which one: /accept 2")
    bank.ben.ok("/accept 2")
    bank.cleo.refused("/accept", "no-such-request")
    bank.ann.ok("/request cleo 1")
    bank.cleo.ok("/accept")  # nothing was closed before her eyes
