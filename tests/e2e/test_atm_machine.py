"""rialto atm, for a person: a login of one's own, transfers, money that is set
aside, and statements; in a small terminal and line by line, too."""

import pathlib
import re

import pytest

from authenticator import Clock, enrol
from cash_machine import (CLEAR, GO_ON, SMALL, WIDE, choose, home_in, log_in,
                          machines, new_name, new_pair, says)
from memory import search_client
from rialto import WORD

FACES = pytest.mark.parametrize("words, size", [
    ([], WIDE), ([], SMALL), (["--plain"], SMALL)])


@pytest.fixture(scope="module")
def daemon(shared):
    return shared


@pytest.fixture
def machine(tmp_path):
    with machines(home_in(tmp_path)) as begin:
        yield begin


@pytest.fixture
def pair(daemon):
    return new_pair(daemon, 100)


def press(atm, key, *prompts):
    """Until it was asked for the next, whatever was on the screen before."""
    prompts = prompts or ("Your choice:",)

    def asked():
        return sum(atm.raw.count(prompt.encode()) for prompt in prompts)

    before = asked()
    atm.type(key)
    atm.wait(lambda: asked() > before and atm.lines[-1:]
             and atm.lines[-1] in prompts, f"{prompts} after {key}")


def read_on(atm):
    """To the end of what is longer than the screen, and to the menu."""
    atm.until_last(GO_ON)
    while atm.lines[-1] == GO_ON:
        press(atm, " ", GO_ON, "Your choice:")


def fits(atm, size):
    """Nothing was scrolled away, or broken by the terminal itself."""
    assert len(atm.lines) <= size["rows"]
    assert atm.lines[0] in TITLES
    assert all(len(line) < size["columns"] for line in atm.lines)


TITLES = ("Rialto cash machine", "Menu", "Money set aside", "Is this right?",
          "Statement, the newest first")


# A login of one's own


def ask_for_login(atm, name, password=WORD, again=WORD):
    atm.until_last("Press a key:")
    atm.type("n")
    atm.until_last("The name that you want:")
    atm.enter(name)
    atm.until_last("New password:")
    atm.enter(password)
    atm.until_last("Again:")
    atm.enter(again)


@FACES
def test_a_newcomer(daemon, machine, words, size):
    name = new_name("eve")
    atm = machine(daemon, *words, **size)
    ask_for_login(atm, name)
    says(atm, f"Welcome, {name}. Your login is made")
    atm.until_last("Your choice:")
    choose(atm, "1", "Balance: 0.00")
    choose(atm, " ", "Your choice:")
    atm.type("0")
    log_in(atm, name)
    assert WORD.encode() not in atm.raw
    if words:
        assert b"\x1b" not in atm.raw.replace(CLEAR, b"")


def test_a_new_password_is_wiped(daemon, machine):
    """Both times that it was typed, whether they were the same or not."""
    words = {"first": b"Plum-Garden-Seven", "second": b"Plum-Garden-Eight"}
    atm = machine(daemon)
    ask_for_login(atm, new_name("eve"), words["first"].decode(),
                  words["second"].decode())
    says(atm, "These two are not the same.")
    atm.until_last("New password:")
    assert search_client(atm.child.pid, words) == {}
    atm.enter(words["first"].decode())
    atm.until_last("Again:")
    assert set(search_client(atm.child.pid, words)) == {"first"}
    atm.enter(words["first"].decode())
    says(atm, "Your login is made")
    atm.until_last("Your choice:")
    assert set(search_client(atm.child.pid, words)) == {"first"}
    atm.type("0")
    atm.until_last("Press a key:")
    assert search_client(atm.child.pid, words) == {}


def test_both_must_be_the_same(daemon, machine):
    name = new_name("eve")
    atm = machine(daemon)
    ask_for_login(atm, name, again="another-word")
    says(atm, "These two are not the same.")
    atm.until_last("New password:")
    atm.enter(WORD)
    atm.until_last("Again:")
    atm.enter(WORD)
    says(atm, "Your login is made")
    assert b"another-word" not in atm.raw


def test_what_is_no_login(daemon, machine, pair):
    """Each is said, and asked for again."""
    ann, _ = pair
    atm = machine(daemon)
    atm.until_last("Press a key:")
    choose(atm, "n", "The name that you want:")
    atm.enter("9 lives")
    says(atm, "That is no name.")
    atm.enter("")
    says(atm, "Please type a name.")
    atm.enter(ann)
    atm.until_last("New password:")
    atm.enter("a-password-of-theirs")
    atm.until_last("Again:")
    atm.enter("a-password-of-theirs")
    says(atm, "That name is taken.")
    atm.until_last("The name that you want:")
    name = new_name("eve")
    atm.enter(name)
    for password, words in (("short", "at least 8 bytes"),
                            (name, "The name is no password.")):
        atm.until_last("New password:")
        atm.enter(password)
        atm.until_last("Again:")
        atm.enter(password)
        says(atm, words)
    atm.until_last("New password:")
    atm.enter(WORD)
    atm.until_last("Again:")
    atm.enter(WORD)
    says(atm, f"Welcome, {name}.")


def test_who_must_wait(daemons, machine):
    own = daemons.new(users={"registration": "approval"}).start()
    atm = machine(own)
    ask_for_login(atm, "eve")
    says(atm, "waits for an administrator's approval")
    atm.until_last("Press a key:")


@pytest.mark.parametrize("registration, act, words", [
    ("closed", "/rooms", "New logins are made by an administrator here"),
    ("open", "/lockdown 1h", "there are no new guests, registrations")])
def test_who_may_not_come_in(daemons, machine, registration, act, words):
    """It is told before anything is asked."""
    own = daemons.new(users={"registration": registration}).start()
    own.admin().ok(act)
    atm = machine(own)
    atm.until_last("Press a key:")
    choose(atm, "n", words)
    atm.until_last("Press a key:")
    assert b"The name that you want" not in atm.raw


def test_who_only_looks_takes_nobodys_place(daemons, machine):
    """Nor a name: that is asked for later."""
    own = daemons.new(users={"registrations_per_address": "1/1h"}).start()
    atm = machine(own)
    for _ in range(3):
        atm.until_last("Press a key:")
        choose(atm, "n", "The name that you want:")
        atm.type("\x1b")
    ask_for_login(atm, "eve")
    says(atm, "Welcome, eve.")
    users = own.ctl("users").stdout
    assert "eve" in users and len(users.splitlines()) == 2, users


def test_a_login_for_oneself(daemon, machine):
    """The name was given with the host."""
    name = new_name("eve")
    atm = machine(daemon, user=name)
    atm.until_last("Press a key:")
    atm.type("n")
    atm.until_last("New password:")
    atm.enter(WORD)
    atm.until_last("Again:")
    atm.enter(WORD)
    says(atm, f"Welcome, {name}.")


def test_a_login_over_the_next_connection(daemons, machine):
    """The first was lost while somebody thought of a password."""
    own = daemons.new().start()
    atm = machine(own)
    atm.until_last("Press a key:")
    atm.type("n")
    atm.until_last("The name that you want:")
    atm.enter("eve")
    atm.until_last("New password:")
    atm.enter(WORD)
    atm.until_last("Again:")
    own.kill()
    own.start()
    atm.enter(WORD)
    says(atm, "Welcome, eve.")


# Transfers


def test_wrong_keys_leave_the_menu(daemon, machine, pair):
    """A child that plays with the keys does not scroll it away."""
    atm = machine(daemon, **SMALL)
    log_in(atm, pair[0])
    for _ in range(SMALL["rows"]):
        press(atm, "x")
    fits(atm, SMALL)
    assert atm.lines.count("That key is not on the list.") == 1


@FACES
def test_a_transfer(daemon, machine, pair, words, size):
    ann, ben = pair
    line = daemon.login(ann)
    line.ok("/account open savings")
    line.ok(f"/account open shared:{ann} {ben}")
    atm = machine(daemon, *words, **size)
    log_in(atm, ann)
    choose(atm, "9", "From which account?")
    says(atm, f"1 {ann}: 100.00")
    choose(atm, "1", "To which account?")
    choose(atm, "1", "How much?")
    choose(atm, "6", "Amount:")
    atm.enter("30.50")
    says(atm, f"Transfer 30.50 RIA from {ann} to {ann}/savings?")
    choose(atm, "y", f"Transferred 30.50 RIA from {ann} to {ann}/savings.")
    says(atm, "New balance: 69.50")
    atm.until_last(GO_ON)
    assert line.ok("/balance savings").lines == [
        "-- Current balance: 30.50 R."]
    if words:
        assert b"\x1b" not in atm.raw


def test_one_other_account(daemon, machine, pair):
    """There is no question to which."""
    ann, _ = pair
    client = daemon.login(ann)
    client.ok("/account open savings")
    client.ok("/deposit 20")
    client.ok(f"/transfer {ann} savings 15")
    atm = machine(daemon)
    log_in(atm, ann)
    choose(atm, "9", "From which account?")
    choose(atm, "2", "How much?")
    assert "You can spend 15.00 RIA." in atm.text
    choose(atm, "2", "That is more than you can spend.")
    choose(atm, "1", f"Transfer 10 RIA from {ann}/savings to {ann}?")
    choose(atm, "n", "Menu")


def test_no_other_account(daemon, machine, pair):
    ann, _ = pair
    atm = machine(daemon)
    log_in(atm, ann)
    assert "Transfer" not in atm.text
    choose(atm, "9", "That key is not on the list.")


@FACES
def test_a_payment_from_another_account(daemon, machine, pair, words, size):
    """No transfer is needed first; it is said which, also of the main one."""
    ann, ben = pair
    line = daemon.login(ann)
    line.ok("/account open savings")
    line.ok(f"/transfer {ann} savings 60")
    atm = machine(daemon, *words, **size)
    log_in(atm, ann)
    choose(atm, "4", "From which account?")
    says(atm, f"1 {ann}: 40.00 2 {ann}/savings: 60.00")
    choose(atm, "2", "To whom:")
    atm.enter(ben)
    says(atm, "You can spend 60.00 RIA.")
    choose(atm, "3", "Memo:")
    atm.enter("rent")
    says(atm, f"Pay 50 RIA from {ann}/savings to {ben} (rent)?")
    if not words:
        fits(atm, size)
    choose(atm, "y", f"Paid 50 RIA from {ann}/savings to {ben} (rent).")
    says(atm, f"New balance of {ann}/savings: 10.00 RIA")
    says(atm, f"From: {ann}/savings To: {ben} Amount: 50.00 RIA")
    read_on(atm)
    choose(atm, "4", f"2 {ann}/savings: 10.00")
    choose(atm, "1", "To whom:")
    atm.enter(ben)
    says(atm, "You can spend 40.00 RIA.")
    choose(atm, "1", "Memo:")
    atm.enter("")
    says(atm, f"Pay 10 RIA from {ann} to {ben}?")
    choose(atm, "y", f"Paid 10 RIA from {ann} to {ben}.")
    atm.until_last(GO_ON)
    assert line.ok("/balance").lines == ["-- Current balance: 30.00 R."]


@FACES
def test_cash_of_another_account(daemon, machine, pair, words, size):
    ann, _ = pair
    line = daemon.login(ann)
    line.ok("/account open savings")
    atm = machine(daemon, *words, **size)
    log_in(atm, ann)
    choose(atm, "2", "To which account?")
    says(atm, f"1 {ann}: 100.00 2 {ann}/savings: 0.00")
    choose(atm, "2", "How much?")
    choose(atm, "3", f"Deposit 50 RIA into {ann}/savings?")
    if not words:
        fits(atm, size)
    choose(atm, "y", f"Deposited 50 RIA into {ann}/savings.")
    says(atm, f"New balance of {ann}/savings: 50.00 RIA")
    read_on(atm)
    choose(atm, "3", "From which account?")
    choose(atm, "2", "You can spend 50.00 RIA.")
    choose(atm, "2", f"Withdraw 20 RIA from {ann}/savings?")
    choose(atm, "y", f"Withdrew 20 RIA from {ann}/savings.")
    says(atm, f"New balance of {ann}/savings: 30.00 RIA")
    atm.until_last(GO_ON)
    assert line.ok("/balance savings").lines == [
        "-- Current balance: 30.00 R."]
    assert line.ok("/balance").lines == ["-- Current balance: 100.00 R."]


def test_what_is_set_aside_in_another_account(daemon, machine, pair):
    ann, ben = pair
    flat = f"shared:{ann}"
    line = daemon.login(ann)
    line.ok(f"/account open {flat} {new_pair(daemon)[0]}")
    line.ok(f"/transfer {ann} {flat} 60")
    atm = machine(daemon)
    log_in(atm, ann)
    choose(atm, "8", "Nothing is set aside, by you or for you.")
    choose(atm, "s", "From which account?")
    choose(atm, "2", "To whom:")
    atm.enter(ben)
    says(atm, "You can spend 60.00 RIA.")
    choose(atm, "4", "That is more than you can spend.")
    choose(atm, "2", "Memo:")
    atm.enter("")
    choose(atm, "1", f"Set aside 20 RIA from {flat} for {ben} until")
    choose(atm, "y", f"Set aside 20 RIA from {flat} for {ben} until")
    says(atm, f"New balance of {flat}: 60.00 RIA")
    says(atm, "Of that 20.00 RIA is set aside.")
    read_on(atm)
    choose(atm, "8", f"1 20.00 from {flat} for {ben} until")


def test_the_account_was_closed_meanwhile(daemon, machine, pair):
    ann, ben = pair
    line = daemon.login(ann)
    line.ok("/account open savings")
    atm = machine(daemon)
    log_in(atm, ann)
    choose(atm, "4", "From which account?")
    line.ok("/account close savings")
    choose(atm, "2", "To whom:")
    atm.enter(ben)
    says(atm, f'There is no account "{ann}/savings" of yours')
    atm.until_last(GO_ON)
    choose(atm, " ", "Menu")


def test_what_accounts_hold_by_now(daemon, machine, pair):
    """Not what they held at the login."""
    ann, _ = pair
    client = daemon.login(ann)
    client.ok("/account open savings")
    atm = machine(daemon)
    log_in(atm, ann)
    client.ok(f"/transfer {ann} savings 15")
    choose(atm, "9", "From which account?")
    says(atm, f"1 {ann}: 85.00 2 {ann}/savings: 15.00")
    choose(atm, "0", "Menu")
    client.ok(f"/transfer {ann} savings 5")
    choose(atm, "5", "The statement of which account?")
    says(atm, f"1 {ann}: 80.00 2 {ann}/savings: 20.00")


# Money that is set aside


@FACES
def test_what_is_set_aside_is_taken(daemon, machine, pair, words, size):
    ann, ben = pair
    atm = machine(daemon, *words, **size)
    log_in(atm, ann)
    choose(atm, "8", "Nothing is set aside, by you or for you.")
    choose(atm, "s", "To whom:")
    atm.enter(ben)
    says(atm, "How much?")
    choose(atm, "2", "Memo:")
    atm.enter("the drill")
    says(atm, "For how long?")
    choose(atm, "3", f"Set aside 20 RIA for {ben} (the drill) until")
    choose(atm, "y", "Of that 20.00 RIA is set aside.")
    read_on(atm)
    press(atm, "8")
    assert f"1  20.00 from you for {ben} until" in atm.text
    if not words:
        fits(atm, size)
    choose(atm, "1", f"Only {ben} can take it or give it back")
    choose(atm, "0", "Menu")
    atm.type("0")
    log_in(atm, ben)
    choose(atm, "8", f"1 20.00 from {ann} for you until")
    choose(atm, "1", "Take a part of it")
    choose(atm, "p", "Amount:")
    atm.enter("12.5")
    says(atm, f"Take 12.5 RIA from {ann} (the drill)?")
    assert f"What you leave is free again for {ann}." in atm.text
    choose(atm, "y", f"Took 12.5 RIA from {ann} (the drill).")
    says(atm, "New balance: 12.50")
    assert daemon.login(ann).ok("/balance").lines == [
        "-- Current balance: 87.50 R."]


def test_so_much_needs_a_code(daemons, machine):
    """Once for one hold, with what was chosen before."""
    clock = Clock(pathlib.Path(daemons.space))
    own = daemons.new(bank={"second_factor_above": "40.00"})
    own.start(env=clock.env)
    own.register("ben").ok("/quit")
    line = own.register("eve")
    line.ok("/deposit 100")
    phone, _ = enrol(clock, line, WORD)
    atm = machine(own)
    log_in(atm, "eve", phone.code())
    choose(atm, "8", "Nothing is set aside")
    choose(atm, "s", "To whom:")
    atm.enter("ben")
    says(atm, "How much?")
    choose(atm, "3", "Memo:")
    atm.enter("")
    choose(atm, "1", "Set aside 50 RIA for ben until")
    choose(atm, "y", "So much needs the code")
    atm.until_last("Code:")
    atm.enter(phone.code())
    says(atm, "Of that 50.00 RIA is set aside.")
    assert len(line.ok("/holds").lines) == 1


def test_what_is_set_aside_is_given_back(daemon, machine, pair):
    ann, ben = pair
    line = daemon.login(ann)
    line.ok(f"/hold {ben} 5 the saw")
    line.ok(f"/hold {ben} 7")
    atm = machine(daemon)
    log_in(atm, ben)
    choose(atm, "8", f"2 7.00 from {ann} for you until")
    choose(atm, "1", "Give it back")
    choose(atm, "g", f"Give back 5.00 RIA to {ann} (the saw)?")
    choose(atm, "n", "Menu")
    choose(atm, "8", "2 7.00")
    choose(atm, "1", "Give it back")
    choose(atm, "g", f"Give back 5.00 RIA to {ann} (the saw)?")
    choose(atm, "y", f"Gave back 5.00 RIA to {ann} (the saw).")
    says(atm, "Kind: release")
    atm.until_last(GO_ON)
    assert "New balance" not in atm.text
    choose(atm, " ", "Menu")
    choose(atm, "8", "1 7.00")
    choose(atm, "1", "Take it")
    choose(atm, "t", f"Take 7.00 RIA from {ann}?")
    choose(atm, "y", f"Took 7.00 RIA from {ann}.")
    atm.until_last(GO_ON)
    assert line.ok("/holds").lines == ["-- Nothing is held."]


def test_what_is_set_aside_for_all(daemon, machine, pair):
    """For an account that others share: it is said which."""
    ann, ben = pair
    line = daemon.login(ann)
    line.ok(f"/account open shared:{ben} {ben}")
    line.ok(f"/hold shared:{ben} 5")
    atm = machine(daemon)
    log_in(atm, ben)
    choose(atm, "8", f"1 5.00 from {ann} for shared:{ben} until")
    choose(atm, "1", "Take it")
    choose(atm, "t", f"Take 5.00 RIA from {ann} for shared:{ben}?")
    choose(atm, "y", f"New balance of shared:{ben}: 5.00")


def test_somebody_else_was_first(daemon, machine, pair):
    ann, ben = pair
    daemon.login(ann).ok(f"/hold {ben} 5")
    atm = machine(daemon)
    log_in(atm, ben)
    choose(atm, "8", "1 5.00")
    chat = daemon.login(ben)
    number = re.search(r"#(\d+)", chat.ok("/holds").text).group(1)
    chat.ok(f"/release {number}")
    choose(atm, "1", "Take it")
    choose(atm, "t", "Is this right?")
    choose(atm, "y", "Nothing was moved.")


def test_more_than_the_screen_holds(daemon, machine, pair):
    ann, ben = pair
    line = daemon.login(ann)
    for number in range(1, 13):
        line.ok(f"/hold {ben} {number}.00")
    atm = machine(daemon, **SMALL)
    log_in(atm, ben)
    press(atm, "8")
    seen = []
    while True:
        fits(atm, SMALL)
        seen += re.findall(r"\d  (\d+)\.00 from", atm.text)
        if "More of these" not in atm.text:
            break
        press(atm, "m")
    assert seen == [str(number) for number in range(1, 13)]
    choose(atm, "f", "1 1.00 from")
    choose(atm, "2", "2.00 from")
    says(atm, "Give it back")


# Statements


MEMO = "a memo as long as one may be, with each of its words, " * 2 + \
    "and then another fifty bytes that are all to be read"


@FACES
def test_pages(daemon, machine, pair, words, size):
    """All of them, the newest first, with whole memos; and back again."""
    ann, ben = pair
    line = daemon.login(ann)
    for number in range(1, 31):
        line.ok(f"/pay {ben} 0.{number:02} {MEMO if number == 9 else 'tea'}")
    atm = machine(daemon, *words, **size)
    log_in(atm, ann)
    press(atm, "5")
    seen, pages, text = [], [], ""
    while True:
        page = atm.text[atm.text.rindex("Statement, the"):]
        found = re.findall(r" (-0\.\d\d|100\.00) +\d+\.\d\d ", page)
        assert found and len(page.splitlines()) <= size["rows"]
        if not words:
            fits(atm, size)
        seen += found
        pages.append(found)
        text += " ".join(page.split())
        if "Older" not in page:
            break
        press(atm, "o")
    assert seen == [f"-0.{n:02}" for n in range(30, 0, -1)] + ["100.00"]
    assert f"({MEMO})" in text
    assert len(pages) > 2 and "Newer" in page
    for found in pages[-2::-1]:
        press(atm, "n")
        assert f" {found[0]} " in atm.text
    assert "Newer" not in atm.text[atm.text.rindex("Statement, the"):]
    choose(atm, "0", "Menu")


def test_back_from_far(daemon, machine, pair):
    """More pages than it remembers: the newest are still to be had."""
    ann, ben = pair
    line = daemon.login(ann)
    for number in range(70):
        line.ok(f"/pay {ben} 0.01")
    atm = machine(daemon, rows=8)
    atm.until_last("Press a key:")
    atm.type(" ")
    atm.until_last("Name:")
    atm.enter(ann)
    atm.until_last("Password:")
    atm.enter(WORD)
    atm.until_last("Your choice:")
    press(atm, "5")
    pages = 1
    while "o  Older" in atm.lines:  # a posting a page
        press(atm, "o")
        pages += 1
    assert pages == 71
    while "n  Newer" in atm.lines:
        press(atm, "n")
    assert "o  Older" in atm.lines and " 99.30 " in atm.text


def test_months(daemon, machine, pair):
    ann, ben = pair
    line = daemon.login(ann)
    line.ok(f"/pay {ben} 1.50")
    month = re.search(r"\d{4}-\d\d", line.ok("/history").text).group(0)
    atm = machine(daemon)
    log_in(atm, ann)
    choose(atm, "5", "-1.50")
    choose(atm, "m", "Month, such as")
    atm.enter("november")
    says(atm, "A month is written as 2026-11.")
    atm.until_last("Month, such as 2026-11:")
    atm.enter("2999-01")
    says(atm, "yet to come")
    atm.until_last("Month, such as 2026-11:")
    atm.enter("1999-01")
    says(atm, "Which month?")
    atm.until_last("Month, such as 2026-11:")
    atm.enter(month)
    says(atm, f"{ann}, {month}. Opening balance: 0.00, closing: 98.50.")
    assert "-1.50      98.50" in atm.text
    atm.until_last("Your choice:")
    press(atm, "a")
    assert "-1.50" in atm.text
    assert "Opening" not in atm.text
    choose(atm, "\x1b", "Menu")


def test_the_statement_of_another_account(daemon, machine, pair):
    ann, _ = pair
    line = daemon.login(ann)
    line.ok("/account open savings")
    line.ok(f"/transfer {ann} savings 12")
    atm = machine(daemon)
    log_in(atm, ann)
    choose(atm, "5", "The statement of which account?")
    choose(atm, "2", "Statement, the newest first")
    says(atm, f"12.00 12.00 {ann}")
    assert f"{ann}/savings" in atm.text


def test_a_receipt_in_a_small_terminal(daemon, machine, pair):
    """What does not fit goes on behind the next key."""
    ann, _ = pair
    atm = machine(daemon, columns=60, rows=17)
    log_in(atm, ann)
    choose(atm, "2", "How much?")
    choose(atm, "1", "Deposit 10 RIA?")
    choose(atm, "y", "Deposited 10 RIA.")
    atm.until_last(GO_ON)
    assert atm.lines[0] == "Rialto cash machine"
    assert "Saved as" not in atm.text
    press(atm, " ", GO_ON)
    assert "Saved as" in atm.text
    press(atm, " ")
