"""Money that is set aside for somebody, over TLS."""

import re
import uuid
from types import SimpleNamespace

import pytest

from members import number
from rialto import WORD, eventually

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d"


@pytest.fixture
def bank(daemons):
    """Ann has 100.00; ben and cleo have nothing."""
    daemon = daemons.new().start()
    bank = SimpleNamespace(daemon=daemon, ann=daemon.admin(),
                           ben=daemon.register("ben"),
                           cleo=daemon.register("cleo"))
    bank.ann.ok("/deposit 100")
    for peer in (bank.ann, bank.ben, bank.cleo):
        peer.entered()
    return bank


def balance(peer):
    return peer.ok("/balance").text


def test_a_deposit_on_the_tools(bank):
    answer = bank.ann.ok("/hold ben 30 the drill")
    found = re.fullmatch(rf"-- Held 30\.00 R for ben until {TIME} "
                         r"\(the drill\)\.\n-- You can spend 70\.00 R\. #(\d+)",
                         answer.text)
    assert found, answer
    hold = found[1]
    assert bank.ben.expect("holds").string == (
        "~~ ann holds 30.00 R for you until " + answer.text[30:46] +
        f" (the drill). #{hold}")
    assert bank.ben.expect("capture").string == \
        f"~~ /capture {hold} takes it, /release {hold} gives it back"
    assert balance(bank.ann) == ("-- Current balance: 100.00 R. Of that 30.00 "
                                 "R is held; 70.00 R can be spent.")
    for peer in (bank.ann, bank.ben):
        assert re.fullmatch(rf"-- #{hold} 30\.00 R from ann for ben until "
                            rf"{TIME} \(the drill\)", peer.ok("/holds").text)
    assert bank.cleo.ok("/holds").text == "-- Nothing is held."

    taken = bank.ben.ok(f"/capture {hold} 12.50")
    assert re.fullmatch(
        rf"-- Captured 12\.50 R from ann, hold #{hold}; 17\.50 R of it is "
        r"free again\.\n-- New balance: 12\.50 R\. #\d+", taken.text), taken
    assert bank.ann.expect("captured").string == (
        f"~~ ben captured 12.50 R, hold #{hold}; 17.50 R of it is free again.")
    bank.ann.expect(rf"^~~ New balance: 87\.50 R\. #{number(taken)}$")
    assert balance(bank.ann) == "-- Current balance: 87.50 R."
    assert bank.ann.ok("/history 1").lines[0].endswith(
        f" -12.50 R held, to ben (#{hold}). Balance 87.50 R. #{number(taken)}")
    assert bank.ann.ok("/holds").text == "-- Nothing is held."
    bank.ben.refused(f"/capture {hold}", "hold-closed")


def test_it_is_given_back(bank):
    hold = number(bank.ann.ok("/hold ben 30"))
    answer = bank.ben.ok(f"/release #{hold}")
    assert re.fullmatch(rf"-- Released hold #{hold}: ann can spend 30\.00 R "
                        r"again\. #\d+", answer.text), answer
    assert bank.ann.expect("released").string == (
        f"~~ ben released hold #{hold}: 30.00 R can be spent again. "
        f"#{number(answer)}")
    assert balance(bank.ann) == "-- Current balance: 100.00 R."


def test_what_is_held_cannot_be_spent(bank):
    bank.ann.ok("/hold ben 99.99")
    bank.ann.refused("/pay cleo 0.02", "insufficient-funds")
    bank.ann.refused("/hold cleo 0.02", "insufficient-funds")
    bank.ann.ok("/pay cleo 0.01")


def test_only_the_receiver_may_take_it(bank):
    hold = number(bank.ann.ok("/hold ben 30"))
    for verb in ("capture", "release"):
        assert "Only the one it is for" in bank.ann.refused(
            f"/{verb} {hold}", "not-allowed")
        there = bank.cleo.refused(f"/{verb} {hold}", "no-such-hold")
        none = bank.cleo.refused(f"/{verb} 999999", "no-such-hold")
        assert there.replace(str(hold), "999999") == none
    bank.ben.refused(f"/capture {hold} 30.01", "bad-amount")
    bank.ben.refused(f"/capture {hold} 0", "bad-amount")
    bank.ben.refused("/capture x", "usage")
    bank.ben.refused(f"/release {hold} 3", "usage")


def test_until_when(bank):
    for line, code in (("/hold ben 1 until=soon", "bad-input"),
                       ("/hold ben 1 until=0s", "bad-input"),
                       ("/hold ben 1 until=366d", "bad-input"),
                       ("/hold ben until=3d", "usage"),
                       ("/hold ann 1", "self-payment"),
                       ("/hold fees 1", "no-such-user"),
                       ("/hold nobody 1", "no-such-user"),
                       ("/hold ben 1,5", "bad-amount")):
        bank.ann.refused(line, code)
    same = uuid.uuid4()
    for line in (f"/hold ben 1 tools until=365d id={same}",
                 f"/hold ben 1 tools id={same} until=365d"):
        assert " (tools).\n-- You can spend 99.00 R" in bank.ann.ok(line).text
    assert len(bank.ann.ok("/holds").lines) == 1


def test_it_ends_by_itself(bank):
    hold = number(bank.ann.ok("/hold ben 100 until=1s"))
    eventually(lambda: bank.ann.ok("/holds").text == "-- Nothing is held.",
               "over")
    assert "expire" in bank.ben.refused(f"/capture {hold}", "hold-closed")
    bank.ann.ok("/pay cleo 100")


def test_the_same_id_from_two_sessions(bank):
    hold = number(bank.ann.ok("/hold ben 30"))
    other = bank.daemon.login("ben")
    line = f"/capture {hold} 10 id={uuid.uuid4()}\n".encode()
    for peer in (bank.ben, other):
        peer.send(line)
    answers = [peer.answer() for peer in (bank.ben, other)]
    assert [a.code for a in answers] == ["ok", "ok"]
    assert answers[0].text == answers[1].text
    assert balance(bank.ben) == "-- Current balance: 10.00 R."


def test_capture_against_release(bank):
    """From two sessions at once: one of them is obeyed."""
    other = bank.daemon.login("ben")
    for _ in range(20):
        hold = number(bank.ann.ok("/hold ben 1"))
        bank.ben.send(f"/capture {hold}\n".encode())
        other.send(f"/release {hold}\n".encode())
        codes = sorted((bank.ben.answer().code, other.answer().code))
        assert codes == ["hold-closed", "ok"]
        assert bank.ann.ok("/holds").text == "-- Nothing is held."


def test_memos_that_somebody_does_not_want(bank):
    bank.ben.ok("/ignore ann memos")
    bank.ann.ok("/hold ben 30 something nasty")
    assert "nasty" not in bank.ben.expect("holds").string
    assert "nasty" not in bank.ben.ok("/holds").text
    assert "nasty" in bank.ann.ok("/holds").text


def test_it_outlives_the_daemon(bank):
    hold = number(bank.ann.ok("/hold ben 30"))
    bank.daemon.kill()
    bank.daemon.start()
    ben = bank.daemon.login("ben", WORD)
    assert f"#{hold} 30.00 R from ann for ben" in ben.ok("/holds").text
    ben.ok(f"/capture {hold}")
    assert balance(ben) == "-- Current balance: 30.00 R."
