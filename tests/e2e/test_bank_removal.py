"""Users who are removed: nothing of theirs may be left in the bank."""

import re

from rialto import WORD


def verify(daemon):
    daemon.stop()
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def accounts(machine, part=""):
    """The open ones, by name."""
    return [line.removeprefix("-- ").split()[0]
            for line in machine.ok(f"/bank accounts {part}").lines[:-1]]


def test_who_has_money_stays(daemon):
    ann, ben = daemon.admin(), daemon.register("ben")
    cleo = daemon.register("cleo")
    ben.ok("/deposit 10")
    words = ann.refused("/users remove ben", "not-empty")
    assert "There is 10.00 R in the account ben, and 0.00 R held" in words
    ben.ok("/hold cleo 4")
    assert "4.00 R held" in ann.refused("/users remove ben", "not-empty")
    # Cleo has nothing, but money is set aside for her.
    held = re.search(r"#(\d+)", ben.ok("/hold cleo 1").text)[1]
    assert "cleo: " in ann.refused("/users remove cleo", "not-empty")
    assert accounts(ann, "cleo") == ["cleo"]
    cleo.ok("/balance")
    ben.ok("/balance")
    cleo.ok(f"/release {held}")
    verify(daemon)


def test_who_has_none_goes_with_all_that_waits(daemon):
    ann, ben = daemon.admin(), daemon.register("ben")
    cleo = daemon.register("cleo")
    cleo.ok("/deposit 50")
    ben.ok("/request cleo 5 a cake")
    cleo.ok("/request ben 7 a pie")
    assert ann.ok("/users remove ben").text.startswith("-- ben is removed.")
    ben.rest()
    assert accounts(ann, "ben") == []
    assert "7.00" not in cleo.ok("/requests").text
    assert "5.00" not in cleo.ok("/requests").text
    cleo.refused("/pay ben 1", "no-such-user")
    trail = ann.ok("/audit tail 30").text
    for action in ("bank.close", "bank.cancel", "bank.decline"):
        assert re.search(rf"action={action} actor=ann .*target=ben .*"
                         "the user is removed", trail), action
    verify(daemon)


def test_the_name_has_nothing_of_who_had_it_before(daemon):
    ann, ben = daemon.admin(), daemon.register("ben")
    ben.ok("/deposit 10")
    ben.ok("/withdraw 10")
    ann.ok("/users remove ben")
    ben.rest()
    fresh = daemon.register("ben")
    assert fresh.ok("/balance").text == "-- Current balance: 0.00 R."
    assert "deposit" not in fresh.ok("/history").text
    # The old one is still in the books.
    numbers = [line for line in ann.ok("/bank entries by:ben").lines
               if "deposit" in line]
    assert numbers == []
    assert "user:" in ann.ok("/bank entries cash:till").text
    verify(daemon)


def test_who_is_renamed_keeps_it(daemon):
    ann, ben = daemon.admin(), daemon.register("ben")
    ben.ok("/deposit 10")
    ann.ok("/users rename ben bob")
    assert ben.ok("/balance").text == "-- Current balance: 10.00 R."
    assert accounts(ann, "bob") == ["bob"]
    assert "10.00 R in the account bob" in \
        ann.refused("/users remove bob", "not-empty")
    daemon.register("ben")
    assert accounts(ann, "b") == ["bob", "ben"]


def test_what_waits_for_a_second_person_goes(daemon):
    daemon.write(bank={"approval_above": "50.00"})
    daemon.restart()
    ann = daemon.admin()
    daemon.register("ada").close()
    ann.ok("/users role ada +admin")
    ada = daemon.login("ada")
    ada.refused("/bank adjust cash:till income 60 why", "approval-needed")
    assert "ada: move 60.00 R" in ann.ok("/bank pending").text
    ann.ok("/users remove ada")
    assert "Nothing waits" in ann.ok("/bank pending").text


def test_a_teller_closes_the_till_first(daemon):
    ann = daemon.admin()
    daemon.register("tess").close()
    ann.ok("/users role tess +teller")
    ann.ok("/bank open cash:desk")
    tess = daemon.login("tess", WORD)
    tess.ok("/teller open cash:desk 0")
    assert "has the till cash:desk open" in \
        ann.refused("/users remove tess", "not-empty")
    tess.ok("/teller close 0")
    ann.ok("/users remove tess")


def test_removed_while_somebody_pays(daemon):
    """Either the money comes before, or not at all."""
    ann, cleo = daemon.admin(), daemon.register("cleo")
    cleo.ok("/deposit 100")
    for i in range(8):
        name = f"ben{i}"
        daemon.register(name).close()
        cleo.send(f"/pay {name} 1\n")
        ann.send(f"/users remove {name}\n")
        paid, removed = cleo.answer().code, ann.answer().code
        assert (paid, removed) in (("ok", "not-empty"), ("no-such-user", "ok"),
                                   ("no-such-account", "ok"),
                                   ("account-closed", "ok"))
    total = ann.ok("/bank accounts").lines[-1]
    assert "together: 0.00 R" in total
    assert not any(a.startswith("user:") for a in accounts(ann))
    verify(daemon)


def test_killed_amid_it(daemon):
    """It is as before, or done; then it can be done again."""
    ann = daemon.admin()
    for i in range(4):
        name = f"ben{i}"
        daemon.register(name).ok("/deposit 1")
        ben = daemon.login(name)
        ben.ok("/withdraw 1")
        ann.send(f"/users remove {name}\n")
        daemon.kill()
        daemon.start()
        ann = daemon.admin()
        if ann.command(f"/users show {name}").code == "ok":
            daemon.login(name).ok("/balance")
            ann.ok(f"/users remove {name}")
        assert accounts(ann, name) == []
    assert not any(a.startswith("user:") for a in accounts(ann))
    verify(daemon)


def test_shared_accounts(daemon):
    ann, ben = daemon.admin(), daemon.register("ben")
    cleo = daemon.register("cleo")
    ben.ok("/account open shared:flat cleo")
    ben.ok("/account open car")
    ben.ok("/deposit 10")
    ben.ok("/transfer ben shared:flat 10")
    ann.ok("/users remove ben")  # the money is cleo's as well
    assert accounts(ann, "ben") == []
    assert cleo.ok("/balance shared:flat").text.startswith(
        "-- Current balance: 10.00 R.")
    assert "in the account shared:flat" in \
        ann.refused("/users remove cleo", "not-empty")
    cleo.ok("/transfer shared:flat cleo 10")
    cleo.ok("/withdraw 10")
    ann.ok("/users remove cleo")
    assert accounts(ann, "flat") == []
    verify(daemon)


def test_a_frozen_account_that_is_empty(daemon):
    ann, ben = daemon.admin(), daemon.register("ben")
    ben.ok("/deposit 1")
    ben.ok("/withdraw 1")
    ann.ok("/bank freeze ben a cheat")
    ann.ok("/users remove ben")
    assert accounts(ann, "ben") == []
