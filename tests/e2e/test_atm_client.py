"""rialto atm: a person at a cash machine, and scripts; rialto verify-receipt."""

import json
import os
import pathlib
import select
import socket
import subprocess
import threading
import uuid

import pytest

from authenticator import Clock, enrol
from cash_machine import (CLEAR, SMALL, choose, give_password, home_in, log_in,
                          machines, new_pair)
from fake_server import make_certificate
from relay import ActiveRelay, DumbRelay, TalkingRelay
from rialto import RIALTO, WORD, run
from terminal import PATIENCE


@pytest.fixture(scope="module")
def daemon(shared):
    return shared


@pytest.fixture
def home(tmp_path):
    (tmp_path / "password").write_text(WORD + "\n")
    return home_in(tmp_path)


@pytest.fixture
def machine(home):
    with machines(home) as begin:
        yield begin


@pytest.fixture
def batch(home, tmp_path):
    """rialto atm --batch, with these operations; what it answered."""

    def go(daemon, user, *operations, more=(), port=None, ca=None):
        file = tmp_path / "operations"
        file.write_text("".join(
            one + "\n" if isinstance(one, str) else json.dumps(one) + "\n"
            for one in operations))
        return run("setsid", "--wait", RIALTO, "atm", "--ca", ca or daemon.ca,
                   "--password-file", tmp_path / "password", "--batch", file,
                   *more, f"{user}@localhost:{port or daemon.atm_port}",
                   env={**os.environ, **home}, seconds=120)

    return go


@pytest.fixture
def pair(daemon):
    return new_pair(daemon)


def answers(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def identity_of(daemon):
    lines = daemon.ctl("status").stdout.splitlines()
    return dict(line.split(": ", 1) for line in lines)["identity"]


def receipts(tmp_path):
    return sorted((tmp_path / "data/rialto/receipts").iterdir())


class Cutter:
    """Passes bytes on; while it cuts, what the daemon says is lost, and the
    connection with it."""

    def __init__(self, port):
        self.there = port
        self.cuts = self.has_cut = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                here, _ = self.listener.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self.there))
            threading.Thread(target=self.serve, args=(here, there),
                             daemon=True).start()

    def serve(self, here, there):
        with here, there:
            while True:
                ready, _, _ = select.select([here, there], [], [])
                for side, other in ((here, there), (there, here)):
                    data = side.recv(65536) if side in ready else None
                    if data == b"":
                        return
                    if data and side is there and self.cuts:
                        self.cuts = False
                        self.has_cut = True
                        return
                    if data:
                        other.sendall(data)

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()


# A person


def test_a_person_deposits_pays_and_ends(daemon, machine, pair, tmp_path):
    ann, ben = pair
    atm = machine(daemon)
    log_in(atm, ann)
    assert f"Welcome, {ann}." in atm.text
    choose(atm, "2", "How much?")
    choose(atm, "4", "Deposit 100 RIA?")
    choose(atm, "y", "Deposited 100 RIA.")
    atm.until_last("Press a key to go on:")
    assert "New balance: 100.00" in atm.text
    assert "Kind:     deposit" in atm.text
    choose(atm, " ", "Menu")
    choose(atm, "4", "To whom:")
    atm.enter(ben)
    atm.until("How much?")
    choose(atm, "6", "Amount:")
    atm.enter("30.255\x7f")
    atm.until_last("Memo:")
    atm.enter("lunch")
    atm.until(f"Pay 30.25 RIA to {ben} (lunch)?")
    choose(atm, "y", f"Paid 30.25 RIA to {ben} (lunch).")
    atm.until_last("Press a key to go on:")
    assert "New balance: 69.75" in atm.text
    assert len(atm.lines) <= 24 and "Rialto cash machine" in atm.lines[0]
    choose(atm, " ", "Menu")
    choose(atm, "1", "Balance:   69.75")
    choose(atm, " ", "Menu")
    choose(atm, "5", f"-30.25      69.75 {ben} (lunch)")
    choose(atm, "0", "Menu")
    choose(atm, "6", f"{ann}: 69.75")
    choose(atm, " ", "Menu")
    choose(atm, "7", "Memo:     lunch")
    choose(atm, " ", "Menu")
    choose(atm, "0", "Press a key:")
    assert ann not in atm.text
    assert "cash machine\n\nn  New here" in atm.text  # nothing is said
    atm.type("q")
    assert atm.leave() == 0
    assert WORD.encode() not in atm.raw
    kept = receipts(tmp_path)
    assert len(kept) == 2
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in kept)


def test_receipts_need_not_be_saved(daemon, machine, pair, home, tmp_path):
    ann, _ = pair
    atm = machine(daemon, "--no-save")
    log_in(atm, ann)
    choose(atm, "2", "How much?")
    choose(atm, "4", "Deposit 100")
    choose(atm, "y", "Kind:     deposit")
    atm.until_last("Press a key to go on:")
    assert "Saved" not in atm.text
    choose(atm, " ", "Menu")
    choose(atm, "c", "All of what follows is the receipt")
    atm.until_last("Press a key to go on:")
    assert len(atm.lines) <= 24
    shown = "".join(atm.lines).split("verify-receipt':")[1]
    receipt = shown.removesuffix("Press a key to go on:")
    choose(atm, " ", "Menu")
    choose(atm, "0", "Press a key:")
    assert not (tmp_path / "data").exists()
    seen = verify(home, "-", "--identity", identity_of(daemon), input=receipt)
    assert seen.returncode == 0, seen.stdout
    assert "Amount:   100.00 RIA" in seen.stdout


def test_what_is_wrong_with_the_command_line():
    for words in (["--frobnicate", "host"], [], ["--idle-timeout", "x", "h"]):
        done = run(RIALTO, "atm", *words)
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1] == "Try: rialto atm --help"
    done = run(RIALTO, "atm", "--help")
    assert done.returncode == 0 and "--idle-timeout" in done.stdout
    assert "--no-save" in done.stdout and "--guest" not in done.stdout
    assert run(RIALTO, "--frobnicate").stderr.splitlines()[-1] == \
        "Try: rialto --help"
    assert run(RIALTO, "verify-receipt").stderr.splitlines()[-1] == \
        "Try: rialto verify-receipt --help"


def test_no_moves_nothing(daemon, machine, pair):
    ann, _ = pair
    atm = machine(daemon, user=ann)
    atm.until_last("Press a key:")
    atm.type(" ")
    atm.until_last("Password:")
    atm.enter(WORD)
    atm.until("Menu")
    choose(atm, "x", "That key is not on the list.")
    choose(atm, "2", "How much?")
    choose(atm, "11", "Deposit 10 RIA?")  # pressed twice
    choose(atm, "n", "Menu")
    choose(atm, "3", "How much?")
    choose(atm, "1", "That is more than you can spend.")
    choose(atm, "0", "Menu")
    choose(atm, "1", "Balance:   0.00")
    choose(atm, " ", "Menu")
    choose(atm, "7", "no receipt of this visit")


def test_amounts_are_judged_at_once(daemon, machine, pair):
    ann, _ = pair
    daemon.login(ann).ok("/deposit 100")
    atm = machine(daemon)
    log_in(atm, ann)
    choose(atm, "3", "1  10 RIA")
    assert "You can spend 100.00 RIA." in atm.text
    choose(atm, "5", "That is more than you can spend.")
    choose(atm, "6", "Please write it as 10.50 RIA.")
    for typed, words in [
            ("ten", "Please write the amount in digits, as 10.50."),
            ("1,50", "Please write the amount in digits, as 10.50."),
            ("1.005", "RIA has 2 digits behind the point."),
            ("0.00", "That is nothing."),
            ("100.01", "That is more than you can spend.")]:
        atm.until_last("Amount:")
        atm.enter(typed)
        atm.until(words)
    atm.until_last("Amount:")
    atm.enter("100.00")
    atm.until("Withdraw 100.00 RIA?")
    choose(atm, "y", "Withdrew 100.00 RIA.")
    assert "New balance: 0.00 RIA" in atm.text


def test_a_wrong_password(daemon, machine, pair):
    ann, ben = pair
    atm = machine(daemon)
    atm.until_last("Press a key:")
    atm.type(" ")
    atm.until_last("Name:")
    atm.enter(ann)
    atm.until_last("Password:")
    atm.enter("not this one")
    for words in "2 attempts left", "1 attempt left":
        atm.until(words)
        atm.until_last("Name:")
        atm.enter(ann)
        atm.until_last("Password:")
        atm.enter("not this one")
    atm.until("That was the last attempt. Goodbye.")
    atm.until_last("Press a key:")
    assert "Rialto cash machine" in atm.lines[0] and ann not in atm.text
    log_in(atm, ben)
    assert b"not this one" not in atm.raw


def test_a_name_is_asked_for_again(daemon, machine, pair):
    ann, _ = pair
    atm = machine(daemon)
    atm.until_last("Press a key:")
    atm.type(" ")
    atm.until_last("Name:")
    for wrong in " ", "7up", "x" * 100:
        atm.enter("")
        atm.until("Please type your name.")
        atm.until_last("Name:")
        atm.enter(wrong)
        atm.until("That is no name.")
        atm.until_last("Name:")
    atm.enter(ann)
    atm.until_last("Password:")
    atm.enter("")
    atm.until("Please type your password.")
    atm.until_last("Password:")
    atm.enter(WORD)
    atm.until("Menu")


def words_shown(atm):
    return " ".join(atm.text.split())


LONG = "That is no name. A name is a letter, then letters, digits, - and _"


def test_lines_are_as_wide_as_the_terminal(daemon, machine):
    atm = machine(daemon, **SMALL)
    atm.until_last("Press a key:")
    atm.type(" ")
    atm.until_last("Name:")
    atm.enter("7")
    atm.until("That is no name.")
    atm.until_last("Name:")
    text = words_shown(atm)
    assert LONG in text and all(len(line) < 60 for line in atm.lines)
    atm.type("half a na")
    atm.until_last("Name: half a na")
    for columns, rows in (40, 20), (20, 5), (100, 30), (60, 20):
        atm.resize(columns, rows)
        atm.wait(lambda: atm.lines[-1:] == ["Name: half a na"] and
                 all(len(line) < columns for line in atm.lines) and
                 (rows < 20 or words_shown(atm) == f"{text} half a na"),
                 f"the same in {columns} columns")


@pytest.mark.parametrize("words", [[], ["--plain"]])
def test_a_visit_ends_by_itself(daemon, machine, pair, words):
    ann, _ = pair
    atm = machine(daemon, "--idle-timeout", "2", *words)
    log_in(atm, ann)
    atm.until("1 seconds left. Press a key, or the visit ends.")
    atm.until("The visit has ended, since no key was pressed.")
    atm.until_last("Press a key:")
    assert ann not in atm.text
    assert CLEAR in atm.raw
    log_in(atm, ann)  # the next one


@pytest.mark.parametrize("env, words, clears", [
    ({}, ["--plain"], 2), ({"TERM": "dumb"}, [], 0)])
def test_plain_has_no_cursor(daemon, machine, pair, env, words, clears):
    """But where a visit ends, and the program, if the terminal can clear."""
    ann, _ = pair
    atm = machine(daemon, *words, env=env, columns=50, rows=18)
    log_in(atm, ann)
    choose(atm, "1", "Balance:   0.00")
    choose(atm, " ", "End")
    assert b"\x1b" not in atm.raw
    atm.type("0")
    atm.until_last("Press a key:")
    atm.type("q")
    assert atm.leave() == 0
    assert atm.raw.count(CLEAR) == clears
    assert b"\x1b" not in atm.raw.replace(CLEAR, b"")


def test_keys_from_a_pipe(daemon, pair, home, tmp_path):
    ann, _ = pair
    done = run(RIALTO, "atm", "--accept-new", "--ca", daemon.ca,
               "--password-file", tmp_path / "password",
               f"{ann}@localhost:{daemon.atm_port}",
               words="b\n2\n3\ny\n\n1\n\n0\nq\n", env={**os.environ, **home})
    assert done.returncode == 0, done.stderr
    assert "Deposited 50 RIA." in done.stdout
    assert "Balance:   50.00" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("how", ["<&-", "</dev/null", ">&-", "| true",
                                 "<&- >&- 2>&-"])
def test_nobody_is_there(daemon, home, how):
    done = run("bash", "-c", f'"$0" "$@" {how}', RIALTO, "atm",
               "--accept-new", "--ca", daemon.ca,
               f"localhost:{daemon.atm_port}", words="b\n" * 3,
               env={**os.environ, **home})
    assert done.returncode == 0


def test_the_terminal_is_given_back(daemon, machine):
    atm = machine(daemon)
    atm.until_last("Press a key:")
    assert not atm.echoes()
    atm.type("\x03")
    assert atm.leave(closes=False) == 0
    assert atm.echoes()


def test_a_lost_connection_is_found_again(daemons, machine, home):
    own = daemons.new().start()
    own.register("eve").ok("/quit")
    atm = machine(own)
    log_in(atm, "eve")
    choose(atm, "2", "How much?")
    choose(atm, "1", "Deposit 10 RIA?")
    own.kill()
    own.start()
    atm.type("y")
    atm.until("Deposited 10 RIA.")
    assert "New balance: 10.00" in atm.text
    choose(atm, " ", "Menu")
    choose(atm, "1", "Balance:   10.00")


def test_nobody_must_wait_for_the_next_connection(daemons, machine):
    own = daemons.new().start()
    own.register("eve").ok("/quit")
    atm = machine(own)
    log_in(atm, "eve")
    choose(atm, "2", "How much?")
    choose(atm, "1", "Deposit 10 RIA?")
    own.kill()
    atm.type("y")
    atm.until("Trying again in")
    atm.type("\x03")
    atm.until("It is not known whether this was done:")
    atm.until("Deposit 10 RIA.")
    atm.until_last("Press a key to go on:")
    choose(atm, " ", "New here")
    assert "10 RIA" not in atm.text


def test_what_was_in_doubt_is_told(daemon, machine, pair):
    """The answer is lost, after the deposit was made."""
    ann, _ = pair
    cutter = Cutter(daemon.atm_port)
    atm = machine(daemon, port=cutter.port)
    log_in(atm, ann)
    choose(atm, "2", "How much?")
    choose(atm, "1", "Deposit 10 RIA?")
    cutter.cuts = True
    atm.type("y")
    atm.until("Deposited 10 RIA.")
    cutter.stop()
    assert cutter.has_cut
    assert "New balance: 10.00" in atm.text
    assert daemon.login(ann).ok("/balance").lines == [
        "-- Current balance: 10.00 R."]


def test_codes_are_asked_for(daemons, machine):
    """At the login, and for what is above the bound."""
    clock = Clock(pathlib.Path(daemons.space))
    own = daemons.new(bank={"second_factor_above": "40.00"})
    own.start(env=clock.env)
    phone, _ = enrol(clock, own.register("eve"), WORD)
    atm = machine(own)
    give_password(atm, "eve")
    atm.until_last("Code:")
    atm.enter(phone.wrong())
    atm.until("attempts left")
    atm.until_last("Code:")
    atm.enter(phone.code())
    atm.until("Menu")
    choose(atm, "2", "How much?")
    choose(atm, "4", "Deposit 100 RIA?")
    choose(atm, "y", "Deposited 100 RIA.")
    choose(atm, " ", "Menu")
    choose(atm, "3", "How much?")
    choose(atm, "3", "Withdraw 50 RIA?")
    choose(atm, "y", "Above 40.00")
    atm.until_last("Code:")
    atm.enter("")
    atm.until("Please type the code.")
    atm.until_last("Code:")
    atm.enter(phone.wrong())
    atm.until("1 attempt left")  # with that of the login
    atm.until_last("Code:")
    atm.enter(phone.code())
    atm.until("Withdrew 50 RIA.")
    atm.until_last("Press a key to go on:")
    assert "New balance: 50.00" in atm.text


def test_a_code_that_nobody_can_have(daemons, machine):
    own = daemons.new(bank={"second_factor_above": "40.00"}).start()
    own.register("eve").ok("/deposit 100")
    atm = machine(own)
    log_in(atm, "eve")
    choose(atm, "3", "How much?")
    choose(atm, "3", "Withdraw 50 RIA?")
    choose(atm, "y", "you have none")
    atm.until_last("Press a key to go on:")
    assert "Nothing was moved." in atm.text


def test_wrong_codes_end_the_visit(daemons, machine):
    clock = Clock(pathlib.Path(daemons.space))
    own = daemons.new(bank={"second_factor_above": "40.00"})
    own.start(env=clock.env)
    phone, _ = enrol(clock, own.register("eve"), WORD)
    atm = machine(own, user="eve")
    log_in(atm, code=phone.code())
    choose(atm, "2", "How much?")
    choose(atm, "4", "Deposit 100 RIA?")
    choose(atm, "y", "Deposited 100 RIA.")
    choose(atm, " ", "Menu")
    choose(atm, "3", "How much?")
    choose(atm, "3", "Withdraw 50 RIA?")
    choose(atm, "y", "Above 40.00")
    for words in "2 attempts left", "1 attempt left":
        atm.until_last("Code:")
        atm.enter(phone.wrong())
        atm.until(words)
    choose(atm, "\x03", "Menu")
    choose(atm, "3", "How much?")  # another one is not allowed more
    choose(atm, "3", "Withdraw 50 RIA?")
    choose(atm, "y", "Above 40.00")
    atm.until_last("Code:")
    atm.enter(phone.wrong())
    atm.until("last attempt")
    atm.until("Nothing was moved.")
    atm.until_last("Press a key:")
    atm.type(" ")
    atm.until_last("Password:")  # as at the start


# Scripts


def test_a_killed_daemon_does_nothing_twice(daemons, home, tmp_path):
    own = daemons.new(bank={"cash": {"per_day": "none"}}).start()
    own.register("eve").ok("/quit")
    count = 300  # answers that no pipe holds, so some are still to come
    file = tmp_path / "operations"
    file.write_text('{"op":"deposit","amount":"1"}\n' * count)
    with subprocess.Popen(
            [RIALTO, "atm", "--ca", own.ca, "--password-file",
             tmp_path / "password", "--batch", file,
             f"eve@localhost:{own.atm_port}"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
            env={**os.environ, **home}) as script:
        lines = [script.stdout.readline() for _ in range(20)]
        own.kill()
        own.start()
        rest, complaints = script.communicate(timeout=PATIENCE)
    assert script.returncode == 0, complaints
    assert "Connected again." in complaints
    all = [json.loads(line) for line in lines + rest.splitlines()]
    assert len(all) == count
    assert [a["balance"]["posted"] for a in all] == [
        f"{n + 1}.00" for n in range(count)]


def test_operations_are_answered_in_order(daemon, batch, pair):
    ann, ben = pair
    id = str(uuid.uuid4())
    done = batch(daemon, ann,
                 {"op": "deposit", "amount": "100"}, "",
                 {"op": "pay", "to": ben, "amount": "1.00", "id": id},
                 {"op": "balance"},
                 {"op": "history"})
    assert done.returncode == 0, done.stderr
    one, two, three, four = answers(done)
    assert all(a["ok"] for a in answers(done))
    assert uuid.UUID(one["re"]) and two["re"] == id
    assert two["balance"]["posted"] == "99.00"
    assert three["balance"]["posted"] == "99.00"
    assert [p["amount"] for p in four["postings"]] == ["-1.00", "100.00"]
    again = batch(daemon, ann, {"op": "pay", "to": ben, "amount": "1.00",
                                "id": id}, {"op": "balance"})
    assert answers(again)[0]["entry"] == two["entry"]
    assert answers(again)[1]["balance"]["posted"] == "99.00"


def test_a_refusal_does_not_stop_the_others(daemon, batch, pair):
    ann, ben = pair
    done = batch(daemon, ann,
                 {"op": "pay", "to": ben, "amount": "1.00"},
                 {"op": "frobnicate"},
                 {"op": "deposit", "amount": "5"})
    assert done.returncode == 1
    assert [a["ok"] for a in answers(done)] == [False, False, True]
    assert answers(done)[0]["error"]["code"] == "insufficient-funds"


def test_a_batch_within(daemon, batch, pair):
    ann, ben = pair
    transfers = [{"to": ben, "amount": "1"}, {"to": ben, "amount": "1000"}]
    done = batch(daemon, ann, {"op": "deposit", "amount": "5"},
                 {"op": "batch", "transfers": transfers})
    assert done.returncode == 1
    assert [a["ok"] for a in answers(done)[1]["results"]] == [True, False]


@pytest.mark.parametrize("line, what", [
    ("{", "operations:2: it must be a JSON object"),
    ('{"op":"login"}', "no operation for a batch"),
    ('{"op":"pay","id":"1"}', '"id" must be a UUID'),
    ('{"op":"pay","memo":"%s"}' % ("x" * 50_000), "longer than 48 KiB")])
def test_a_wrong_file_does_nothing(daemon, batch, pair, line, what):
    ann, _ = pair
    done = batch(daemon, ann, {"op": "deposit", "amount": "5"}, line)
    assert what in done.stderr
    assert (done.stdout, done.returncode) == ("", 2)
    assert answers(batch(daemon, ann, {"op": "balance"}))[0][
        "balance"]["posted"] == "0.00"


def test_a_login_that_is_refused(daemon, batch):
    done = batch(daemon, "nobody-here", {"op": "balance"})
    assert "cannot log in" in done.stderr
    assert (done.stdout, done.returncode) == ("", 2)


def test_the_port_of_another_service(daemon, batch):
    done = batch(daemon, "ann", {"op": "balance"}, port=daemon.port)
    assert "that port is for another service than rialto-atm" in done.stderr
    assert done.returncode == 2


def test_nobody_listens(daemon, batch):
    done = batch(daemon, "ann", {"op": "balance"}, port=1)
    assert "cannot connect" in done.stderr
    assert (done.stdout, done.returncode) == ("", 2)


@pytest.mark.parametrize("kind", [DumbRelay, ActiveRelay])
def test_somebody_between_is_found_out(
        daemon, batch, pair, kind, tmp_path_factory):
    ann, _ = pair
    certificate = make_certificate(tmp_path_factory.mktemp("relay"))
    relay = kind(daemon.atm_port, certificate, b"rialto-atm")
    done = batch(daemon, ann, {"op": "balance"}, port=relay.port,
                 ca=certificate[0], more=["--identity", identity_of(daemon)])
    relay.stop()
    assert "WARNING" in done.stderr
    assert (done.stdout, done.returncode) == ("", 2)
    assert len(relay.heard) == 1
    assert json.loads(relay.heard[0])["op"] == "hello"


# Receipts


def leave_as_it_is(answer):
    pass


def change_a_byte(answer):
    if "receipt" in answer:
        text = answer["receipt"]
        answer["receipt"] = text[:-9] + ("B" if text[-9] == "A" else "A") + \
            text[-8:]


def cut_off(answer):
    answer.pop("receipt", None)


FALSE = [(leave_as_it_is, "signed by another than this server"),
         (change_a_byte, "the signature does not hold")]


@pytest.mark.parametrize("change, why",
                         [*FALSE, (cut_off, "it is no receipt")])
def test_a_false_receipt_is_warned_of(daemon, machine, pair, change, why,
                                      tmp_path, tmp_path_factory):
    ann, _ = pair
    certificate = make_certificate(tmp_path_factory.mktemp("relay"))
    relay = TalkingRelay(daemon.atm_port, certificate, change)
    atm = machine(daemon, "--ca", certificate[0], port=relay.port)
    log_in(atm, ann)
    choose(atm, "2", "How much?")
    choose(atm, "1", "Deposit 10")
    choose(atm, "y", "WARNING: THE RECEIPT IS NOT VALID:")
    atm.until_last("Press a key to go on:")
    assert why in words_shown(atm) and "not saved" in words_shown(atm)
    assert "Kind:" not in atm.text and not (tmp_path / "data").exists()
    choose(atm, " ", "Menu")
    choose(atm, "7", "no receipt of this visit")
    atm.close()
    relay.stop()


@pytest.mark.parametrize("change, why", FALSE)
def test_a_false_receipt_ends_a_batch(daemon, batch, pair, change, why,
                                      tmp_path_factory):
    ann, _ = pair
    certificate = make_certificate(tmp_path_factory.mktemp("relay"))
    relay = TalkingRelay(daemon.atm_port, certificate, change)
    id = str(uuid.uuid4())

    def deposit(*operations):
        return batch(daemon, ann, *operations, {"op": "balance"},
                     more=["--accept-new"], port=relay.port,
                     ca=certificate[0])

    done = deposit({"op": "deposit", "amount": "10", "id": id})
    assert done.returncode == 2
    assert f"WARNING: the receipt of {id} is not valid" in done.stderr
    assert why in done.stderr
    [answer] = answers(done)
    assert answer["ok"] and answer["receipt"] is None
    again = deposit({"op": "lookup", "of": id})
    relay.stop()
    if change is leave_as_it_is:
        assert again.returncode == 2
        assert answers(again)[0]["answer"]["receipt"] is None


def verify(home, *words, input=None):
    return run(RIALTO, "verify-receipt", *words, words=input,
               env={**os.environ, **home})


def test_receipts_are_verified(daemon, batch, pair, home, tmp_path):
    ann, ben = pair
    done = batch(daemon, ann, {"op": "deposit", "amount": "5"},
                 {"op": "pay", "to": ben, "amount": "1.50", "memo": "tea"},
                 more=["--accept-new"])
    receipt = answers(done)[1]["receipt"]
    file = tmp_path / "receipt"
    file.write_text(receipt + "\n")
    seen = verify(home, file)
    assert seen.returncode == 0, seen.stdout + seen.stderr
    lines = seen.stdout.splitlines()
    assert f"From:     {ann}" in lines and f"To:       {ben}" in lines
    assert "Amount:   1.50 RIA" in lines and "Memo:     tea" in lines
    assert f"Signed:   {identity_of(daemon)}" in lines
    assert lines[-1] == "valid"
    assert verify(home, "-", input=receipt).returncode == 0
    assert verify(home, "--host", "localhost", file).returncode == 0
    assert verify(home, "--identity", identity_of(daemon),
                  file).returncode == 0
    for words in (["--host", "example.org"],
                  ["--identity", "SHA256:" + "A" * 43]):
        other = verify(home, *words, file)
        assert other.stdout.splitlines()[-1].startswith("not valid: ")
        assert other.returncode == 1
    strange = verify({"XDG_STATE_HOME": str(tmp_path / "empty")}, file)
    assert "not known here" in strange.stdout and strange.returncode == 1


def test_a_changed_byte_is_found(daemon, batch, pair, home, tmp_path):
    ann, _ = pair
    done = batch(daemon, ann, {"op": "deposit", "amount": "5"},
                 more=["--accept-new"])
    receipt = answers(done)[0]["receipt"]
    middle = receipt.index(".") + 20
    for at in (0, middle, len(receipt) - 5):
        changed = ("A" if receipt[at] != "A" else "B").join(
            [receipt[:at], receipt[at + 1:]])
        seen = verify(home, "-", input=changed)
        assert seen.stdout.startswith("not valid: "), at
        assert seen.returncode == 1


def test_what_is_no_receipt(home, tmp_path):
    assert verify(home, "-", input="").returncode == 1
    assert verify(home, tmp_path / "none").returncode == 2
    assert verify(home).returncode == 2
