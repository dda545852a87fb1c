"""What was answered under an id is answered so again, whatever has changed:
in the line protocol, by the ops of the ATM, and in batches.

Ben does everything that moves money, and is refused some of it; then something
happens to him, to his accounts, to those he deals with or to the rules; then
he asks for all of it again, in the same words.
"""

import datetime
import re
import uuid
from types import SimpleNamespace

import pytest

from atm import read_signed
from rialto import WORD

LATER = str(datetime.date.today() + datetime.timedelta(days=9))
FREE = {"bank": {"rate": "none", "undo_window": "1h"},
        "users": {"lockout": "none"}}


def new_id():
    return str(uuid.uuid4())


@pytest.fixture
def town(daemons):
    """Ben has two accounts and shares one with dora; cleo has nothing."""
    daemon = daemons.new(**FREE).start()
    ann = daemon.admin()
    line = daemon.register("ben")
    dora = daemon.register("dora")
    daemon.register("cleo").close()
    line.ok("/account open savings")
    dora.ok("/account open shared:flat ben")
    for account in "ben", "savings", "shared:flat":
        line.ok(f"/deposit 150 {account}")
    dora.ok("/deposit 150")
    return SimpleNamespace(daemon=daemon, ann=ann, dora=dora, line=line,
                           name="ben", atm=daemon.atm("ben"))


def entry_of(text):
    return int(re.findall(r"#(\d+)", text)[-1])


def by_dora(town, line):
    """An entry of hers, which is about ben."""
    return entry_of(town.dora.ok(line).text)


# What is asked, and which part of it was made just before.

def ops(town):
    done = town.atm.ok("pay", to="dora", amount="1")["entry"]
    got, holds = by_dora(town, "/pay ben 2"), [
        by_dora(town, "/hold ben 3") for _ in range(2)]
    return [
        ("deposit", {"amount": "10", "memo": "tin"}),
        ("deposit", {"amount": "1", "account": "savings"}),
        ("withdraw", {"amount": "2", "memo": "out"}),
        ("withdraw", {"amount": "2", "account": "shared:flat"}),
        ("pay", {"to": "cleo", "amount": "5", "memo": "lunch"}),
        ("pay", {"to": "Cleo", "amount": "5"}),
        ("pay", {"to": "cleo", "amount": "5", "account": "savings"}),
        ("pay", {"to": "cleo", "amount": "5", "account": "shared:flat",
                 "memo": "of us"}),
        ("transfer", {"from_": "savings", "to": "ben", "amount": "3",
                      "memo": "over"}),
        ("transfer", {"from_": "shared:flat", "to": "savings",
                      "amount": "3"}),
        ("hold", {"to": "cleo", "amount": "4", "memo": "a bicycle"}),
        ("hold", {"to": "cleo", "amount": "4", "account": "savings"}),
        ("capture", {"hold": holds[0], "amount": "1.50"}),
        ("release", {"hold": holds[1]}),
        ("reverse", {"entry": done}),
        ("reverse", {"entry": got}),
        ("withdraw", {"amount": "70000", "memo": "much"}),
        ("pay", {"to": "cleo", "amount": "70000", "memo": "much"}),
        ("pay", {"to": "cleo", "amount": "70000", "account": "savings"}),
        ("transfer", {"from_": "savings", "to": "ben", "amount": "70000",
                      "memo": "much"}),
        ("hold", {"to": "cleo", "amount": "70000", "memo": "much"}),
        ("capture", {"hold": holds[1]}),
        ("release", {"hold": done}),
        ("reverse", {"entry": done}),
        ("batch", {"transfers": [
            {"to": "cleo", "amount": "1", "memo": "one"},
            {"to": "dora", "amount": "2"},
            {"to": "cleo", "amount": "70000", "memo": "much"},
            {"to": "cleo", "amount": "4", "account": "savings"}]}),
        ("batch", {"transfers": [
            {"to": ("cleo", "dora")[i % 2], "amount": "0.01", "memo": f"m{i}"}
            for i in range(100)]}),
    ]


def lines(town):
    done = entry_of(town.line.ok("/pay dora 1").text)
    got, holds = [by_dora(town, "/pay ben 2") for _ in range(2)], [
        by_dora(town, "/hold ben 3") for _ in range(2)]
    return ["/deposit 10", "/deposit 1 savings", "/withdraw 2",
            "/withdraw 2 shared:flat", "/pay cleo 5 lunch", "/pay cleo 5",
            "/pay cleo 5 lunch from=savings", "/transfer savings ben 3",
            "/transfer shared:flat savings 3", "/hold cleo 4 a bicycle",
            "/hold cleo 4 until=3d", f"/capture {holds[0]} 1.50",
            f"/release {holds[1]}", f"/undo {done}", f"/refund {got[0]} sorry",
            f"/refund {got[1]}", "/request cleo 3 tea", "/request cleo 2",
            f"/standing cleo 4 monthly from {LATER} rent",
            f"/standing dora 2 weekly from {LATER}", "/withdraw 70000", "/pay cleo 70000 much",
            "/transfer savings ben 70000", "/hold cleo 70000 much",
            f"/capture {holds[1]}", f"/undo {done}", f"/refund {done} sorry"]


def gist(answer):
    """Names may be others later, and what can be spent by another credit."""
    if "results" in answer:
        return [gist(result) for result in answer["results"]]
    if not answer["ok"]:
        return answer["error"]
    balance = answer.get("balance", {})
    return (answer["entry"], answer["time"], balance.get("posted"),
            balance.get("held"), answer.get("expires_ms"))


def gist_of_line(answer):
    if answer.code != "ok":
        return answer.code, answer.text
    return (re.findall(r"#\d+", answer.text)[-1:],
            re.findall(r"-?\d+\.\d\d R", answer.text))


class Asked:
    """All of it, with what was answered first."""

    def __init__(self, town):
        self.ops = [(op, {"id": new_id(), **members})
                    for op, members in ops(town)]
        self.lines = [f"{line} id={new_id()}" for line in lines(town)]
        self.answers = [gist(town.atm.ask(op, **members))
                        for op, members in self.ops]
        self.told = [gist_of_line(town.line.command(line))
                     for line in self.lines]
        refused = [a for a in self.answers if isinstance(a, dict)]
        assert len(refused) == 8, refused
        refused = [told for told in self.told if isinstance(told[0], str)]
        assert len(refused) == 7, refused

    def check(self, town):
        for (op, members), was in zip(self.ops, self.answers):
            again = town.atm.ask(op, **members)
            assert gist(again) == was, (op, members, again)
        for line, was in zip(self.lines, self.told):
            again = town.line.command(line)
            assert gist_of_line(again) == was, (line, again)


# What happens meanwhile.

def again(town):
    town.line = town.daemon.login(town.name)
    town.atm = town.daemon.atm(town.name)


def rules(town, **bank):
    town.daemon.write(bank=bank)
    town.ann.ok("/reload")


def muted(town):
    town.ann.ok("/gmute ben 1h loud")


def frozen(town):
    for account in "ben", "ben/savings", "cleo", "shared:flat":
        town.ann.ok(f"/bank freeze {account} a stolen card")


def renamed(town):
    town.ann.ok("/users rename cleo clea")


def replaced(town):
    renamed(town)
    town.daemon.register("cleo").ok("/deposit 1")


def swapped(town):
    """And those whose names they have now are muted ben's."""
    muted(town)
    town.ann.ok("/users rename dora flora")
    replaced(town)


def removed(town):
    """Cleo leaves: what is hers goes to the others."""
    cleo = town.daemon.login("cleo")
    for text in cleo.ok("/holds").lines:
        if "#" in text:
            cleo.command(f"/release {entry_of(text)}")
    cleo.ok(f"/pay dora {re.search(r'[0-9.]+', cleo.ok('/balance').text)[0]}")
    cleo.close()
    town.ann.ok("/users remove cleo")


def parted(town):
    """Dora takes the account that they shared for herself."""
    town.dora.ok("/account remove shared:flat ben")


def left(town, account):
    return town.atm.ok("balance", account=account)["balance"]["available"]


def closed(town):
    cleo = town.daemon.login("cleo")
    for text in cleo.ok("/holds").lines:
        if "#" in text:
            cleo.command(f"/release {entry_of(text)}")
    rest = left(town, "savings")
    town.line.ok(f"/transfer savings ben {rest}")
    town.ann.ok("/bank close ben/savings tidied up")


def limited(town):
    rules(town, limits={"per_transfer": "0.01", "per_day": "0.01",
                        "ceiling": "0.01"})


def rich(town):
    """What was not there is there."""
    rules(town, limits={"floor": "-100000.00"})


def taught(town):
    """Cash is for tellers, and another till is the members'."""
    rules(town, cash={"policy": "teller", "account": "cash:box"})


def at_terminals(town):
    rules(town, cash={"policy": "terminal"})


def guarded(town):
    rules(town, second_factor_above="0", undo_window="1s",
          fees={"pay": "0.10", "deposit": "1%"})


def himself(town):
    town.ann.ok("/users rename ben bert")
    town.name = "bert"
    town.line.close()
    again(town)


def locked(town):
    town.ann.ok("/users disable ben")
    town.ann.ok("/users enable ben")
    again(town)


def restarted(town):
    town.daemon.kill()
    town.daemon.start()
    town.ann, town.dora = town.daemon.admin(), town.daemon.login("dora")
    again(town)


@pytest.mark.parametrize("happens", [
    muted, frozen, renamed, replaced, swapped, removed, parted, closed,
    limited, rich, taught, at_terminals, guarded, himself, locked, restarted],
    ids=lambda happens: happens.__name__)
def test_it_is_answered_as_it_was(town, happens):
    asked = Asked(town)
    asked.check(town)
    happens(town)
    asked.check(town)


def test_all_of_it_at_once(town):
    asked = Asked(town)
    for happens in (frozen, parted, replaced, muted, taught, guarded, limited,
                    himself, restarted):
        happens(town)
    asked.check(town)


def test_what_was_not_asked_is_refused_as_before(town):
    """The words that were used once are no way around."""
    id = new_id()
    town.atm.ok("pay", id=id, to="cleo", amount="5", memo="lunch")
    muted(town)
    for more in {"amount": "6"}, {"memo": "dinner"}, {"to": "dora"}:
        asked = {"to": "cleo", "amount": "5", "memo": "lunch", **more}
        assert "1h" not in town.atm.refused("muted", "pay", id=id, **asked)
        town.atm.refused("muted", "pay", id=new_id(), **asked)
        results = town.atm.ok("batch", transfers=[
            {"id": id, **asked}, asked])["results"]
        assert [r["error"]["code"] for r in results] == ["muted"] * 2
    town.line.refused("/pay cleo 5 lunch", "muted")
    renamed(town)
    asked = {"to": "cleo", "amount": "5", "memo": "lunch"}
    town.atm.refused("muted", "pay", id=new_id(), **asked)
    town.atm.ok("pay", id=id, **asked)
    town.ann.ok("/ungmute ben")
    town.atm.refused("no-such-user", "pay", id=new_id(), **asked)
    words = town.atm.refused("id-conflict", "pay", id=id, to="cleo",
                             amount="6")
    assert "names have changed" in words
    results = town.atm.ok("batch", transfers=[
        {"id": id, "to": "cleo", "amount": "6"},
        {"id": id, **asked}])["results"]
    assert results[0]["error"] == {"code": "id-conflict", "text": words}
    assert results[1]["ok"]


def test_two_kinds_of_taking_back(town):
    """To whom it was paid, one op gives back what a line does not undo."""
    entry, id, other = by_dora(town, "/pay ben 2"), new_id(), new_id()
    done = town.atm.ok("reverse", id=id, entry=entry)
    assert "used this id" in town.line.refused(f"/undo {entry} id={id}",
                                               "id-conflict")
    assert town.atm.ok("reverse", id=id, entry=entry) == done
    entry = by_dora(town, "/pay ben 2")
    town.line.refused(f"/undo {entry} id={other}", "not-allowed")
    assert "used this id" in town.atm.refused("id-conflict", "reverse",
                                              id=other, entry=entry)


def test_busy_has_no_words_of_something_else(daemons):
    """Where no job is to be had to look what an id was used for."""
    daemon = daemons.new(server={"jobs": 1, "job_queue": 16}, **FREE).start()
    daemon.register("ben").close()
    others, atm, id = [daemon.admin() for _ in range(30)], daemon.atm(), \
        new_id()
    atm.admin()
    atm.ok("deposit", amount="100")
    atm.ok("pay", id=id, to="ben", amount="1")
    asked = {"id": id, "to": "ben", "amount": "2"}
    for other in others:
        other.send("/balance\n" * 500)
    answers = [atm.ask("pay", **asked) for _ in range(60)]
    batch = atm.ask("batch", transfers=[asked] * 64)
    for answer in answers + batch.get("results", [batch]):
        error = answer["error"]
        assert error["code"] in ("busy", "id-conflict")
        assert ("used this id" in error["text"]) == \
            (error["code"] == "id-conflict"), error
    for other in others:
        for _ in range(500):
            other.answer()


def test_the_receipt_names_who_was_paid(town):
    """Not who has the name now."""
    id = new_id()
    asked = {"id": id, "to": "cleo", "amount": "5"}
    first = town.atm.ok("pay", **asked)
    replaced(town)
    _, receipt = read_signed(town.atm.ok("pay", **asked)["receipt"],
                             "rialto-receipt")
    assert receipt["to"] == "clea" and receipt["entry"] == first["entry"]
    told = town.line.ok(f"/pay cleo 5 id={id}").text
    assert "to clea" in told, told
    assert town.daemon.login("cleo", WORD).ok("/balance").text == \
        "-- Current balance: 1.00 R."


def refused(results):
    return {result["re"]: result["error"]["code"] for result in results
            if not result["ok"]}


def test_what_is_under_way_is_not_refused(town):
    """Ben loses the connection in a batch, is muted, and asks again, beginning
    where the batch has not come yet: who hears that something is refused must
    not see it done."""
    again = town.daemon.atm("ben")
    for _ in range(20):
        transfers = [{"to": "cleo", "amount": "0.01", "memo": "x",
                      "id": new_id()} for _ in range(400)]
        batch = {"id": new_id(), "transfers": transfers}
        town.atm.send("batch", **batch)
        mute = entry_of(town.ann.ok("/gmute ben 1h noise").text)
        transfers.reverse()
        again.send("batch", **batch)
        said = refused(again.receive()["results"])
        done = {result["re"] for result in town.atm.receive()["results"]
                if result["ok"]}
        assert set(said.values()) <= {"muted", "busy"}
        assert not [id for id in done if said.get(id, "busy") != "busy"]
        results = again.ok("batch", **batch)["results"]
        assert {result["re"] for result in results if result["ok"]} == done
        assert set(refused(results).values()) <= {"muted"}
        town.ann.ok(f"/ungmute {mute}")


def back_in_office(desk):
    desk.ann.ok("/users role tess -teller")
    desk.ann.ok("/users role tess +teller")
    desk.tess = desk.daemon.login("tess")


def swapped_customers(desk):
    """Ben has another name, and somebody else has his."""
    desk.ann.ok("/users rename ben bert")
    desk.ann.ok("/users rename cleo ben")


def removed_customer(desk):
    ben = desk.daemon.login("ben")
    ben.ok("/pay cleo " + re.search(r"[0-9.]+", ben.ok("/balance").text)[0])
    ben.close()
    desk.ann.ok("/users remove ben")


def muted_teller(desk):
    desk.ann.ok("/gmute tess 1h loud")


def another_till(desk):
    desk.tess.ok("/teller open box 45")


def killed(desk):
    desk.daemon.kill()
    desk.daemon.start()
    desk.ann, desk.tess = desk.daemon.admin(), desk.daemon.login("tess")


@pytest.fixture
def desk(daemons):
    """Tess is at the till for a day, with all that a teller does."""
    daemon = daemons.new(**FREE).start()
    daemon.write(bank={"cash": {"account": "cash:box"}})
    ann = daemon.admin()
    ann.ok("/reload")
    for name in "ben", "cleo":
        daemon.register(name).close()
    tess = daemon.appoint("tess", "teller")
    asked = []

    def ask(line):
        asked.append((f"{line} id={new_id()}",))
        asked[-1] += (gist_of_till(tess.command(asked[-1][0])),)
        return asked[-1][1]

    ask("/teller open till 100")
    wrong = ask("/teller deposit ben 40 coins")[1][0]
    ask("/teller deposit ben 10")
    ask("/teller withdraw ben 5 out")
    ask("/teller withdraw ben 70000")
    ask(f"/teller reverse {wrong} was for cleo")
    ask("/teller move 45 box")
    ask("/teller close 60.50")
    assert [code for _, (code, *_) in asked] == \
        ["ok"] * 4 + ["insufficient-funds"] + ["ok"] * 3
    return SimpleNamespace(daemon=daemon, ann=ann, tess=tess, asked=asked)


def gist_of_till(answer):
    """But for the customer's name."""
    if answer.code != "ok":
        return answer.code, answer.text
    return (answer.code, re.findall(r"#\d+$", answer.text),
            re.findall(r"-?\d+\.\d\d R|cash:[a-z]+", answer.text))


@pytest.mark.parametrize("happens", [
    back_in_office, swapped_customers, removed_customer, muted_teller,
    another_till, killed], ids=lambda happens: happens.__name__)
def test_tellers_are_answered_as_they_were(desk, happens):
    """Although the till is closed, in which all of it was."""
    happens(desk)
    for line, was in desk.asked:
        assert gist_of_till(desk.tess.command(line)) == was, line


def test_what_a_teller_did_not_ask_is_refused_as_before(desk):
    line, _ = desk.asked[1]
    desk.tess.refused(line.replace("coins", "notes"), "not-found")
    swapped_customers(desk)
    desk.tess.ok("/teller open box 45")
    desk.tess.refused(line.replace("coins", "notes"), "id-conflict")
    desk.tess.refused(line.replace("deposit", "withdraw"), "id-conflict")
    closing, _ = desk.asked[-1]
    desk.tess.refused(closing.replace("60.50", "45"), "id-conflict")
    desk.tess.ok("/teller close 45")


def test_what_two_have_agreed_to(desk):
    """A second person lets it be done, and then ben has another name."""
    ada = desk.daemon.appoint("ada", "admin")
    desk.daemon.write(bank={"approval_above": "50.00"})
    desk.ann.ok("/reload")
    desk.tess.ok("/teller open box 45")
    line = f"/teller deposit ben 60 coins id={new_id()}"
    waits = desk.tess.refused(line, "approval-needed")
    ada.ok(f"/bank approve {re.search(r'as #(.*) for', waits)[1]}")
    done = desk.tess.ok(line)
    swapped_customers(desk)
    assert gist_of_till(desk.tess.ok(line)) == gist_of_till(done)


def test_requests_that_are_closed_or_not_wanted(town):
    """And who asked once more in other words hears what it became."""
    cleo, asked = town.daemon.login("cleo"), [
        f"/request cleo {amount} tea id={new_id()}" for amount in (1, 2, 3)]
    told = [gist_of_line(town.line.ok(line)) for line in asked]
    cleo.ok("/deposit 10")
    for verb, ((number,), _) in zip(("accept", "decline"), told):
        cleo.ok(f"/{verb} {number}")
    cleo.ok("/ignore ben")
    muted(town)
    assert [gist_of_line(town.line.command(line)) for line in asked] == told
    renamed(town)
    again = town.line.ok(asked[2])
    assert "Asked clea for 3.00 R (tea)" in again.text
    assert gist_of_line(again) == told[2]
    town.ann.ok("/ungmute ben")
    words = town.line.refused(asked[2].replace("tea", "milk"), "id-conflict")
    assert f"as {told[2][0][0]};" in words


def test_a_standing_order_comes_once(town):
    """And another date is no other way to ask for it."""
    line = f"/standing cleo 4 monthly from {LATER} rent id={new_id()}"
    told = town.line.ok(line).text
    muted(town)
    assert town.line.ok(line).text == told
    town.line.refused(line.replace("4", "5", 1), "id-conflict")
    town.line.refused(f"/standing cleo 4 monthly from {LATER} rent", "muted")
    town.ann.ok("/ungmute ben")
    renamed(town)
    assert town.line.ok(line).text == told.replace("cleo", "clea")
    words = town.line.refused(line.replace("rent", "tea"), "id-conflict")
    assert words.endswith("for standing order #1.")
    town.line.ok(f"/standing cancel {entry_of(told)}")
    town.line.refused(line, "no-such-user")
