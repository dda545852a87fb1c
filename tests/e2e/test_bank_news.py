"""What others did to one's accounts: told at once, or on return."""

from types import SimpleNamespace

import pytest

from calendar_days import on
from members import number
from rialto import ADMIN, ADMIN_WORD, WORD, eventually

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d"
AWAY = "-- While you were away"


@pytest.fixture
def bank(daemon):
    """Ann has 100.00; ben has registered, and has left."""
    bank = SimpleNamespace(daemon=daemon, ann=daemon.admin())
    bank.ann.ok("/deposit 100")
    leave(bank, daemon.register("ben"))
    return bank


def leave(bank, peer, name="ben"):
    """The daemon has noticed."""
    peer.close()
    eventually(lambda: "Not here" in bank.ann.ok(f"/whois {name}").text,
               f"gone: {name}")


def come(bank, name="ben", word=WORD):
    """A login: the peer, and what it was told of money."""
    peer = bank.daemon.machine()
    lines = peer.ok(f"/login {name} {word}").lines
    peer.entered()
    return peer, [line for line in lines if line.startswith(AWAY)]


def test_who_was_away_is_told_on_return(bank):
    first = number(bank.ann.ok("/pay ben 30.25 lunch"))
    second = number(bank.ann.ok("/pay ben 1"))
    ben, news = come(bank)
    assert news == [
        f"{AWAY}: ann paid you 30.25 R (lunch). New balance: 30.25 R. "
        f"#{first}",
        f"{AWAY}: ann paid you 1.00 R. New balance: 31.25 R. #{second}"]
    # Once, and not what was told here meanwhile, nor one's own doing.
    bank.ann.ok("/pay ben 2 tea")
    ben.expect(r"^~~ ann paid you 2.00 R \(tea\)")
    ben.ok("/pay ann 3")
    ben.ok("/withdraw 1")
    leave(bank, ben)
    ben, news = come(bank)
    assert news == []
    leave(bank, ben)
    bank.daemon.restart()
    assert come(bank)[1] == []


def test_what_is_much_is_summed_up(bank):
    for _ in range(6):
        bank.ann.ok("/pay ben 1.50")
    ben, news = come(bank)
    assert news == [f"{AWAY}, 6 entries: 9.00 R in. New balance: 9.00 R. "
                    "/history shows them."]
    assert len(ben.ok("/history").lines) == 7
    leave(bank, ben)
    assert come(bank)[1] == []


def test_nothing_is_lost_by_a_power_cut(bank):
    bank.ann.ok("/pay ben 1 before")
    bank.daemon.kill()
    bank.daemon.start()
    bank.ann = bank.daemon.admin()
    ben, news = come(bank)
    assert len(news) == 1 and "(before)" in news[0]
    bank.ann.ok("/pay ben 2 meanwhile")
    ben.expect("meanwhile")
    leave(bank, ben)
    bank.ann.ok("/pay ben 3 after")
    bank.daemon.kill()
    bank.daemon.start()
    bank.ann = bank.daemon.admin()
    # What was told before may be told again, see protocol.md.
    assert "(after)" in come(bank)[1][-1]
    bank.daemon.stop()
    result = bank.daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_every_session_is_told_once(bank):
    first, news = come(bank)
    assert news == []
    bank.ann.ok("/pay ben 1 one")
    second, news = come(bank)
    assert news == []
    bank.ann.ok("/pay ben 1 two")
    first.expect(r"\(one\)")
    for peer in first, second:
        peer.expect(r"\(two\)")
        assert peer.fence() == []
    first.close()
    eventually(lambda: len(second.ok("/sessions").lines) == 1, "one session")
    bank.ann.ok("/pay ben 1 three")
    second.expect(r"\(three\)")
    leave(bank, second)
    assert come(bank)[1] == []


def test_a_payer_who_has_gone_meanwhile(bank):
    ben, _ = come(bank)
    ann = bank.daemon.admin()
    ann.send("/pay ben 1 bye\n")
    ann.close()
    ben.expect(r"^~~ ann paid you 1.00 R \(bye\)")


def test_what_is_sent_meanwhile_waits(bank):
    ben, _ = come(bank)
    lines = [f"/pay ben 1 n{i}" for i in range(20)]
    bank.ann.send("".join(line + "\n" for line in lines) + "/balance\n")
    for i, line in enumerate(lines):
        assert f"(n{i}). New balance: {99 - i}.00 R" in bank.ann.answer().text
    assert bank.ann.answer().text == "-- Current balance: 80.00 R."
    for i in range(20):
        ben.expect(rf"\(n{i}\). New balance: {i + 1}.00 R")


def test_ignored_memos_are_hidden(bank):
    ben, _ = come(bank)
    ben.ok("/ignore ann memos")
    seq = number(bank.ann.ok("/pay ben 1 you fool"))
    ben.expect(f"^~~ ann paid you 1.00 R. New balance: 1.00 R. #{seq}$")
    assert ben.ok("/history 1").lines[0].endswith(
        f"+1.00 R from ann. Balance 1.00 R. #{seq}")
    leave(bank, ben)
    bank.ann.ok("/pay ben 1 you fool")
    ben, news = come(bank)
    assert len(news) == 1 and "fool" not in news[0]
    ben.ok("/unignore ann")
    assert ben.ok("/history 1").text.count("you fool") == 1
    assert "you fool" in bank.ann.ok("/history 1").text


def test_names_are_those_of_now(bank):
    ben, _ = come(bank)
    bank.ann.ok("/users rename ben bert")
    ben.entered()
    bank.ann.refused("/pay ben 1", "no-such-user")
    bank.ann.ok("/pay bert 1 one")
    ben.expect(r"^~~ ann paid you 1.00 R \(one\)")
    leave(bank, ben, "bert")
    bank.ann.ok("/pay bert 1 two")
    bank.ann.ok("/users rename ann anna")
    bank.ann.ok("/users rename bert ben")
    ben, news = come(bank)
    assert len(news) == 1 and "anna paid you 1.00 R (two)" in news[0]
    assert all(" from anna " in line
               for line in ben.ok("/history 2").lines[:2])
    assert all(" to ben " in line
               for line in bank.ann.ok("/history 2").lines[:2])


def test_the_removed_hear_nothing(bank):
    ben, _ = come(bank)
    bank.ann.ok("/pay ben 1")
    ben.expect("paid you")
    ben.ok("/withdraw 1")
    bank.ann.ok("/users remove ben")
    ben.rest()
    bank.ann.refused("/pay ben 1", "no-such-user")
    bank.daemon.register("ben").ok("/history")
    bank.daemon.stop()
    result = bank.daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_a_user_who_never_came_is_paid(bank):
    bank.ann.ok(f"/users add cleo {WORD}")
    bank.ann.ok("/pay cleo 5 welcome")
    assert "ann paid you 5.00 R (welcome)" in come(bank, "cleo")[1][0]
    assert bank.ann.ok("/pay cleo 1").code == "ok"


def test_standing_orders_are_told_once(daemons):
    daemon = daemons.new().start(env=on("2026-12-30"))
    bank = SimpleNamespace(daemon=daemon, ann=daemon.admin())
    bank.ann.ok("/deposit 100")
    ben = daemon.register("ben")
    bank.ann.ok("/standing ben 5 weekly rent")
    ben.expect(r"ann paid you 5.00 R \(rent\)")
    leave(bank, ben)
    assert come(bank)[1] == []
    daemon.stop()
    daemon.start(env=on("2027-01-06"))
    bank.ann = daemon.admin()
    eventually(lambda: "90.00" in bank.ann.ok("/balance").text, "paid")
    assert "ann paid you 5.00 R (rent)" in come(bank)[1][0]


def test_statements_of_months_gone_by(daemons):
    daemon = daemons.new().start(env=on("2026-10-30"))
    daemon.admin().ok("/deposit 100")
    daemon.admin().ok("/withdraw 1")
    for day in "2026-11-30", "2027-02-28":
        daemon.stop()
        daemon.start(env=on(day))
        daemon.admin().ok("/withdraw 10")
        daemon.admin().ok("/deposit 2")
    ann = daemon.admin()
    def lines(month):
        return ann.ok(f"/statement {month}").lines
    assert lines("2026-10")[0].endswith("2026-10. Opening balance: 0.00 R.")
    assert lines("2026-10")[-1] == \
        "-- In: 100.00 R, out: 1.00 R. Closing balance: 99.00 R."
    november = lines("november")
    assert november[0].endswith("2026-11. Opening balance: 99.00 R.")
    assert [line[3:13] for line in november[1:-1]] == ["2026-11-30"] * 2
    assert november[-1] == \
        "-- In: 2.00 R, out: 10.00 R. Closing balance: 91.00 R."
    for month in "2026-12", "2027-01", "jan":  # nothing happened
        assert len(lines(month)) == 2
        assert "Opening balance: 91.00 R" in lines(month)[0]
        assert lines(month)[1] == \
            "-- In: 0.00 R, out: 0.00 R. Closing balance: 91.00 R."
    assert lines("2027-02")[-1].endswith("Balance now: 83.00 R.")
    assert "2026-10" in ann.refused("/statement 2026-09", "not-found")
    assert "to come" in ann.refused("/statement 2027-03", "bad-input")
    ann.refused("/statement march", "not-found")


def test_a_person_at_a_keyboard(bank):
    bank.ann.ok("/pay ben 1 lunch")
    ben = bank.daemon.person()
    ben.type("/login ben")
    ben.expect("password: ")
    ben.type(WORD)
    ben.expect(rf"^{AWAY}: ann paid you 1.00 R \(lunch\)")
    ben.expect("^-- lobby: ")
    bank.ann.ok("/pay ben 2")
    ben.expect(r"^-- ann paid you 2.00 R. New balance: 3.00 R. #\d+$")
    assert come(bank, ADMIN, ADMIN_WORD)[1] == []
