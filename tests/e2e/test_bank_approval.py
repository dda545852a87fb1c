"""A second person agrees to what is above bank.approval_above."""

import re

import pytest

from rialto import ADMIN, ADMIN_WORD, WORD

ID = " id=01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
def crew(daemon):
    """Ann and ada, both administrators; ben has money."""
    daemon.write(bank={"approval_above": "50.00"})
    daemon.restart()
    people = {"daemon": daemon, "ann": daemon.admin(),
              "ada": daemon.appoint("ada", "admin"),
              "ben": daemon.register("ben"), "cleo": daemon.register("cleo")}
    people["ben"].ok("/deposit 200")
    return people


def waiting(words):
    """Its number, from a refusal."""
    return re.search(r"It waits as #(\d+) for another administrator", words)[1]


def balance(machine, account):
    return re.search(rf"{account} (\S+ R)",
                     machine.ok(f"/bank accounts {account}").text)[1]


def test_another_administrator_approves(crew):
    ann, ada, ben = crew["ann"], crew["ada"], crew["ben"]
    ann.ok("/bank adjust cash:till income 50 not above it")
    words = ann.refused("/bank adjust cash:till income 50.01 a donation",
                        "approval-needed")
    n = waiting(words)
    assert "Above 50.00 R a second person must approve." in words
    what = r"move 50\.01 R from cash:till to income \(a donation\)"
    ada.expect(rf"^~~ ann asks a second person: {what}$")
    ada.expect(rf"^~~ /bank approve {n} or /bank reject {n}$")
    time = r"\d{4}-\d\d-\d\d \d\d:\d\d"
    assert re.fullmatch(rf"-- #{n} {time} ann, until {time}:\n--   {what}",
                        ada.ok("/bank pending").text)
    assert balance(ann, "income") == "50.00 R"
    ann.refused(f"/bank approve {n}", "not-allowed")
    ben.refused(f"/bank approve {n}", "not-allowed")
    answer = ada.ok(f"/bank approve #{n}")
    assert re.fullmatch(rf"-- Approved: {what}\. #\d+", answer.text)
    ann.expect(rf"^~~ ada approved what ann asked for: {what}\. #\d+$")
    assert balance(ann, "income") == "100.01 R"
    ada.refused(f"/bank approve {n}", "not-found")
    ada.refused(f"/bank reject {n}", "not-found")
    assert ann.ok("/bank pending").text == \
        "-- Nothing waits for a second person."
    trail = ann.ok("/audit tail 20").text
    assert re.search(r"action=bank\.ask actor=ann .*a donation", trail)
    assert re.search(r"action=bank\.adjust actor=ann .*approved by ada: "
                     "a donation", trail)


def test_the_people_of_the_account_are_told(crew):
    ann, ada, ben, cleo = (crew[n] for n in ("ann", "ada", "ben", "cleo"))
    paid = re.search(r"#(\d+)", ben.ok("/pay cleo 80").text)[1]
    n = waiting(ann.refused(f"/bank reverse #{paid} a fraud",
                            "approval-needed"))
    ada.ok(f"/bank approve {n}")
    for who, left in ((ben, "200.00"), (cleo, "0.00")):
        who.expect(rf"^~~ ada approved what ann asked for: take back #{paid}, "
                   rf"80\.00 R from ben to cleo \(a fraud\)\. New balance: "
                   rf"{left} R\. #\d+$")


def test_credit_is_money(crew):
    ann, ada, ben = crew["ann"], crew["ada"], crew["ben"]
    ann.ok("/bank limits ben floor=-50")
    n = waiting(ann.refused("/bank limits ben floor=-1000 ceiling=none",
                            "approval-needed"))
    ada.expect("ann asks a second person: limits of ben: floor=-1000.00 R "
               "ceiling=none")
    ben.refused("/pay ann 251", "insufficient-funds")
    ada.ok(f"/bank approve {n}")
    ben.ok("/pay ann 251")
    words = ann.refused("/bank limits ben rate=0.1", "approval-needed")
    assert "Interest, and credit without end, need a second person." in words
    assert "50.00" not in words and waiting(words)
    ann.ok("/bank limits ben rate=none")


def test_it_is_refused(crew):
    ann, ada = crew["ann"], crew["ada"]
    n = waiting(ann.refused("/bank adjust cash:till income 60 why",
                            "approval-needed"))
    assert ada.ok(f"/bank reject {n}").text == \
        "-- Refused: move 60.00 R from cash:till to income (why)"
    ann.expect(r"^~~ ada refused: move 60\.00 R from cash:till to income "
               r"\(why\)$")
    ada.refused(f"/bank approve {n}", "not-found")
    n = waiting(ann.refused("/bank adjust cash:till income 60 why",
                            "approval-needed"))
    ann.ok(f"/bank reject {n}")  # one's own, too
    assert balance(ann, "income") == "0.00 R"
    for line in ("approve", "approve x", "reject", "reject 0"):
        ann.refused(f"/bank {line}", "usage")
    ann.refused("/bank approve 999", "not-found")


def test_nobody_knows_who_is_at_the_console(daemon, crew):
    ann = crew["ann"]
    result = daemon.ctl("bank", "adjust", "cash:till", "income", "60", "why")
    assert result.returncode == 1
    assert "approval-needed" in result.stderr and "log in" in result.stderr
    assert "Nothing waits" in ann.ok("/bank pending").text
    n = waiting(ann.refused("/bank adjust cash:till income 60 why",
                            "approval-needed"))
    result = daemon.ctl("bank", "approve", n)
    assert result.returncode == 1 and "not-allowed" in result.stderr
    assert daemon.ctl("bank", "reject", n).returncode == 0


def test_it_outlives_a_power_cut_and_is_done_once(daemon, crew):
    ann, ada = crew["ann"], crew["ada"]
    line = "/bank adjust cash:till income 60 why" + ID
    n = waiting(ann.refused(line, "approval-needed"))
    assert waiting(ann.refused(line, "approval-needed")) == n
    daemon.kill()
    daemon.start()
    ann, ada = daemon.admin(), daemon.login("ada")
    for amount in ("60.01", "1"):  # also what needs nobody
        ann.refused(line.replace(" 60 ", f" {amount} "), "id-conflict")
    ada.ok(f"/bank approve {n}")
    daemon.kill()
    daemon.start()
    ann, ada = daemon.admin(), daemon.login("ada")
    ada.refused(f"/bank approve {n}", "not-found")
    assert ann.ok(line).text.startswith("-- Moved 60.00 R")  # as it was done
    assert balance(ann, "income") == "60.00 R"
    daemon.stop()
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_an_id_that_waits_is_good_for_nothing_else(daemon, crew):
    """Not for the same person as a member: so what waits can be done."""
    ann, ada, ben = crew["ann"], crew["ada"], crew["ben"]
    line = "/bank adjust cash:till income 60 why" + ID
    n = waiting(ann.refused(line, "approval-needed"))
    ben.ok("/pay ann 30")
    for other in ("/pay ben 1", "/deposit 1", "/hold ben 1"):
        ann.refused(other + ID, "id-conflict")
    ben.ok("/pay ann 1" + ID)  # ids are each one's own
    daemon.kill()
    daemon.start()
    ann, ada = daemon.admin(), daemon.login("ada")
    ann.refused("/pay ben 1" + ID, "id-conflict")
    ada.ok(f"/bank approve {n}")
    assert ann.ok(line).text.startswith("-- Moved 60.00 R")
    daemon.restart()
    ann = daemon.admin()
    assert ann.ok(line).text.startswith("-- Moved 60.00 R")
    ann.refused("/pay ben 1" + ID, "id-conflict")
    assert balance(ann, "income") == "60.00 R"


def test_what_was_refused_at_first_is_approved_later(crew):
    ann, ada, cleo = crew["ann"], crew["ada"], crew["cleo"]
    paid = re.search(r"#(\d+)", crew["ben"].ok("/pay cleo 80").text)[1]
    line = f"/bank reverse #{paid} why" + ID
    n = waiting(ann.refused(line, "approval-needed"))
    cleo.ok("/withdraw 10")
    for _ in range(2):
        ada.refused(f"/bank approve {n}", "insufficient-funds")
        ann.refused(line, "insufficient-funds")
    cleo.ok("/deposit 10")
    assert waiting(ann.refused(line, "approval-needed")) == n
    ada.ok(f"/bank approve {n}")
    assert f"took back #{paid}" in ann.ok(line).text


def test_asked_twice_it_is_announced_once(crew):
    ann, ada = crew["ann"], crew["ada"]
    line = "/bank adjust cash:till income 60 why" + ID
    words = ann.refused(line, "approval-needed")
    assert ann.refused(line, "approval-needed") == words
    waiting(words)
    ada.expect("ann asks a second person: move 60.00 R")
    ada.expect("^~~ /bank approve")
    assert ada.fence() == []


def test_what_needs_nobody_any_more_waits_no_longer(daemon, crew):
    line = "/bank adjust cash:till income 60 why" + ID
    waiting(crew["ann"].refused(line, "approval-needed"))
    daemon.write(bank={"approval_above": "none"})
    daemon.restart()
    ann = daemon.admin()
    ann.ok(line)
    assert "Nothing waits" in ann.ok("/bank pending").text


def test_who_comes_later_is_told(daemon, crew):
    crew["ada"].close()
    n = waiting(crew["ann"].refused("/bank adjust cash:till income 60 why",
                                    "approval-needed"))
    for name, told in (("ada", True), ("ben", False)):
        peer = daemon.machine()
        lines = peer.ok(f"/login {name} {WORD}").lines
        assert ("-- 1 order waits for a second person: /bank pending"
                in lines) == told
    # Who has asked knows.
    peer = daemon.machine()
    assert "second person" not in \
        peer.ok(f"/login {ADMIN} {ADMIN_WORD}").text
    crew["ann"].ok(f"/bank reject {n}")


def test_two_approve_at_once(daemon, crew):
    ann, ada = crew["ann"], crew["ada"]
    abe = daemon.appoint("abe", "admin")
    for _ in range(10):
        n = waiting(ann.refused("/bank adjust cash:till income 60 why",
                                "approval-needed"))
        for who in (ada, abe):
            who.send(f"/bank approve {n}\n")
        codes = sorted(who.answer().code for who in (ada, abe))
        assert codes == ["not-found", "ok"]
    assert balance(ann, "income") == "600.00 R"


def test_who_has_lost_the_office(daemon, crew):
    ann, ada = crew["ann"], crew["ada"]
    n = waiting(ada.refused("/bank adjust cash:till income 60 why",
                            "approval-needed"))
    ann.ok("/users role ada -admin")
    assert "ada may not do that any more" in \
        ann.refused(f"/bank approve {n}", "not-allowed")
    ann.ok(f"/bank reject {n}")


def test_as_many_as_are_kept(crew):
    ann, ada = crew["ann"], crew["ada"]
    line = "/bank adjust cash:till income 60 why"
    numbers = [waiting(ann.refused(line, "approval-needed"))
               for _ in range(20)]
    assert "Too many such things wait" in ann.refused(line, "approval-needed")
    waiting(ada.refused(line, "approval-needed"))
    ada.ok(f"/bank reject {numbers[0]}")
    waiting(ann.refused(line, "approval-needed"))
    assert len(ann.ok("/bank pending").lines) == 2 * 21


def test_what_is_refused_in_the_end_waits_on(crew):
    ann, ada, cleo = crew["ann"], crew["ada"], crew["cleo"]
    paid = re.search(r"#(\d+)", crew["ben"].ok("/pay cleo 80").text)[1]
    n = waiting(ann.refused(f"/bank reverse #{paid} why", "approval-needed"))
    cleo.ok("/withdraw 10")
    ada.refused(f"/bank approve {n}", "insufficient-funds")
    cleo.ok("/deposit 10")
    ada.ok(f"/bank approve {n}")


def test_nobody_is_asked_for_what_cannot_be(daemon, crew):
    ann, ada, ben, cleo = (crew[n] for n in ("ann", "ada", "ben", "cleo"))
    tess = daemon.appoint("tess", "teller")
    ada.ok("/bank open cash:desk")
    tess.ok("/teller open cash:desk 40")
    tess.ok("/teller deposit cleo 45")
    for _ in range(10):
        tess.ok("/teller deposit ben 50")
    tess.refused("/teller withdraw cleo 60", "insufficient-funds")
    paid = re.search(r"#(\d+)", ben.ok("/pay cleo 60").text)[1]
    cleo.ok("/withdraw 100")
    ann.refused(f"/bank reverse #{paid} a fraud", "insufficient-funds")
    ann.ok("/bank limits ben ceiling=700")
    tess.refused("/teller deposit ben 100", "above-ceiling")
    assert "Nothing waits" in ada.ok("/bank pending").text
    waiting(tess.refused("/teller withdraw ben 60", "approval-needed"))


def test_a_teller_asks(daemon, crew):
    ada = crew["ada"]
    tess = daemon.appoint("tess", "teller")
    ada.ok("/bank open cash:desk")
    tess.ok("/teller open cash:desk 0")
    n = waiting(tess.refused("/teller deposit ben 60", "approval-needed"))
    ada.ok(f"/bank approve {n}")
    crew["ben"].expect(r"ada approved what tess asked for: deposit 60\.00 R "
                       r"from cash:desk to ben\. New balance: 260\.00 R")
    tess.expect("ada approved what tess asked for")
    n = waiting(tess.refused("/teller deposit ben 60", "approval-needed"))
    tess.ok("/teller close 60")
    assert "Whoever has asked for it must have that till open" in \
        ada.refused(f"/bank approve {n}", "not-allowed")


OTHER = "word-of-another"


def change_password(daemon, name, old, new):
    peer = daemon.login(name, old)
    peer.ok(f"/passwd {old} {new}")
    peer.close()


def test_who_was_given_the_password_is_no_second_person(crew):
    """Ann gives ada a password; then ada may be ann."""
    ann = crew["ann"]
    n = waiting(ann.refused("/bank adjust cash:till income 60 why",
                            "approval-needed"))
    ann.ok(f"/users password ada {OTHER}")
    assert "password: given by ann, " in ann.ok("/users show ada").text
    ada = crew["daemon"].login("ada", OTHER)
    assert "given by the one who asks" in \
        ada.refused(f"/bank approve {n}", "not-allowed")
    change_password(crew["daemon"], "ada", OTHER, OTHER)  # the same again
    ada = crew["daemon"].login("ada", OTHER)
    ada.refused(f"/bank approve {n}", "not-allowed")
    change_password(crew["daemon"], "ada", OTHER, WORD)
    ada = crew["daemon"].login("ada")
    ada.ok(f"/bank approve {n}")


def test_nor_who_asks_by_a_password_that_the_other_gave(crew):
    ann, daemon = crew["ann"], crew["daemon"]
    ann.ok(f"/users password ada {OTHER}")
    ada = daemon.login("ada", OTHER)
    n = waiting(ada.refused("/bank adjust cash:till income 60 why",
                            "approval-needed"))
    assert "given by you" in ann.refused(f"/bank approve {n}", "not-allowed")
    change_password(daemon, "ada", OTHER, WORD)
    # It was asked for before.
    ann.refused(f"/bank approve {n}", "not-allowed")
    ada = daemon.login("ada")
    n = waiting(ada.refused("/bank adjust cash:till income 61 why",
                            "approval-needed"))
    ann.ok(f"/bank approve {n}")


def test_nor_who_was_given_one_at_the_console(crew):
    """Nobody knows who sits there; also of one who was made there."""
    ann, daemon = crew["ann"], crew["daemon"]
    assert daemon.ctl("users", "add", "eve",
                      words=OTHER + "\n").returncode == 0
    assert daemon.ctl("users", "role", "eve", "+admin").returncode == 0
    n = waiting(ann.refused("/bank adjust cash:till income 60 why",
                            "approval-needed"))
    eve = daemon.login("eve", OTHER)
    assert "somebody at the console" in \
        eve.refused(f"/bank approve {n}", "not-allowed")
    change_password(daemon, "eve", OTHER, WORD)
    daemon.stop()
    daemon.offline("--reset-password", "ada", words=OTHER + "\n")
    daemon.start()
    daemon.login("ada", OTHER).refused(f"/bank approve {n}", "not-allowed")
    daemon.login("eve").ok(f"/bank approve {n}")
