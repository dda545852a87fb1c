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
            for line in machine.ok(f"/bank accounts {part}").lines[:-2]]


def test_who_has_money_stays(daemon):
    ann, ben = daemon.admin(), daemon.register("ben")
    cleo = daemon.register("cleo")
    ben.ok("/deposit 10")
    words = ann.refused("/users remove ben", "not-empty")
    assert "There is 10.00 R in the account ben, and 0.00 R held" in words
    ben.ok("/hold cleo 4")
    assert "4.00 R held" in ann.refused("/users remove ben", "not-empty")
    verify(daemon)


def test_what_is_given_back_is_told_in_order(daemon):
    ann, ben = daemon.admin(), daemon.register("ben")
    daemon.register("cleo").close()
    ben.ok("/deposit 10")
    held = [re.search(r"#(\d+)", ben.ok("/hold cleo 1 until=9d").text)[1]
            for _ in range(3)]
    ann.ok("/users remove cleo")
    for hold in held:
        assert ben.expect(r"ann released hold #(\d+):")[1] == hold, held
    verify(daemon)


def test_what_is_held_for_who_goes_is_given_back(daemon):
    """To who is here, and to who is not; what she holds herself stays."""
    ann, ben = daemon.admin(), daemon.register("ben")
    cleo, dan = daemon.register("cleo"), daemon.register("dan")
    held = {}
    for peer, name in ((ben, "ben"), (dan, "dan")):
        peer.ok("/deposit 10")
        held[name] = re.search(r"#(\d+)",
                               peer.ok("/hold cleo 4 until=90d").text)[1]
    dan.close()
    cleo.ok("/deposit 3")
    mine = re.search(r"#(\d+)", cleo.ok("/hold ben 2").text)[1]
    assert "2.00 R held" in ann.refused("/users remove cleo", "not-empty")
    assert "4.00 R is held" in ben.ok("/balance").text  # all as before
    ben.ok(f"/release {mine}")
    cleo.ok("/withdraw 3")
    ann.ok("/users remove cleo")
    ben.expect(rf"ann released hold #{held['ben']}: 4\.00 R can be spent "
               r"again, since cleo is removed\. #\d+")
    assert ben.ok("/balance").text == "-- Current balance: 10.00 R."
    assert "cleo is removed" in ben.ok("/history").text
    dan = daemon.machine()
    told = dan.ok(f"/login dan {WORD}").text
    assert re.search(rf"While you were away: .*4\.00 R .*#{held['dan']}",
                     told), told
    assert "no holds" in dan.ok("/holds").text.lower() or \
        held["dan"] not in dan.ok("/holds").text
    assert accounts(ann, "cleo") == []
    trail = ann.ok("/audit tail 30").text
    assert len(re.findall(r"action=bank\.release actor=ann .*target=cleo .*"
                          "the user is removed", trail)) == 2
    verify(daemon)


def test_held_for_a_shared_account_that_ends(daemon):
    """Who is left alone with it takes it along; it goes when both are."""
    ann, ben = daemon.admin(), daemon.register("ben")
    cleo, dan = daemon.register("cleo"), daemon.register("dan")
    cleo.ok("/account open shared:flat ben")
    dan.ok("/deposit 10")
    dan.ok("/hold shared:flat 4")
    ann.ok("/users remove ben")
    assert "4.00 R is held" in dan.ok("/balance").text
    ann.ok("/users remove cleo")
    assert dan.ok("/balance").text == "-- Current balance: 10.00 R."
    assert accounts(ann, "flat") == []
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
    ada = daemon.appoint("ada", "admin")
    ada.refused("/bank adjust cash:till income 60 why", "approval-needed")
    assert "move 60.00 R" in ann.ok("/bank pending").text
    ann.ok("/users remove ada")
    assert "Nothing waits" in ann.ok("/bank pending").text


def test_a_teller_closes_the_till_first(daemon):
    ann = daemon.admin()
    tess = daemon.appoint("tess", "teller")
    ann.ok("/bank open cash:desk")
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
    """It is as before, or done, with all that hangs on it."""
    ann, dan = daemon.admin(), daemon.register("dan")
    dan.ok("/deposit 100")
    for i in range(8):
        name = f"ben{i}"
        ben = daemon.register(name)
        ben.ok("/account open car")
        ben.ok("/request dan 7")
        for _ in range(3):
            dan.ok(f"/hold {name} 1")
        ann.send(f"/users remove {name}\n")
        if i % 2 == 0:
            ann.answer()
        daemon.kill()
        daemon.start()
        ann, dan = daemon.admin(), daemon.login("dan")
        holds = dan.ok("/holds").text.count(name)
        requests = dan.ok("/requests").text.count(name)
        if ann.command(f"/users show {name}").code == "ok":
            assert (holds, requests) == (3, 1)
            assert accounts(ann, name) == [name, f"{name}/car"]
            ann.ok(f"/users remove {name}")
            holds = dan.ok("/holds").text.count(name)
            requests = dan.ok("/requests").text.count(name)
        assert (holds, requests) == (0, 0)
        assert accounts(ann, name) == []
    assert dan.ok("/balance").text == "-- Current balance: 100.00 R."
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
