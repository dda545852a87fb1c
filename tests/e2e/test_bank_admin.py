"""The bank as administrators and auditors see and change it."""

import json
import re

import pytest

HASH = "[0-9a-f]{64}"
WHEN = r"\d{4}-\d\d-\d\d \d\d:\d\d"


@pytest.fixture
def crew(daemon):
    """Ann the administrator, ada the auditor, ben and cleo with money."""
    people = {"ann": daemon.admin(), "ada": daemon.appoint("ada", "auditor"),
              "ben": daemon.register("ben"), "cleo": daemon.register("cleo")}
    people["ben"].ok("/deposit 100")
    people["cleo"].ok("/deposit 20.50")
    return people


def number(answer):
    return re.search(r"#(\d+)", answer.text)[1]


def lines(answer):
    return [line.removeprefix("-- ") for line in answer.lines]


def test_all_accounts_from_one_snapshot(daemon, crew):
    ann, ada = crew["ann"], crew["ada"]
    for reader in (ann, ada):
        answer = lines(reader.ok("/bank accounts"))
        assert any(re.fullmatch(r"ben 100\.00 R #\d+", a) for a in answer)
        assert any(re.fullmatch(r"cash:till -120\.50 R #\d+", a)
                   for a in answer)
        assert answer[-2:] == [
            f"{len(answer) - 2} accounts, and 0 closed. Held: 0.00 R.",
            "Members: 120.50 R; shared: 0.00 R; house: -120.50 R; "
            "together: 0.00 R."]
    assert [a.split()[0] for a in lines(ann.ok("/bank accounts BE"))[:-2]] == \
        ["ben"]
    assert [a.split()[0]
            for a in lines(ann.ok("/bank accounts c*"))[:-2]] == \
        ["cash:till", "cleo"]
    first = number(ann.ok("/bank accounts ben"))
    rest = lines(ann.ok(f"/bank accounts #{first}"))
    assert [a.split()[0] for a in rest[:-2]] == ["ben", "cleo"]
    assert "120.50 R" in rest[-1]  # the totals are of all
    crew["ben"].refused("/bank accounts", "not-allowed")
    ann.refused("/bank accounts one two", "usage")


def test_an_account_and_an_entry(crew):
    ben, ada = crew["ben"], crew["ada"]
    paid = number(ben.ok("/pay cleo 30.25 lunch"))
    answer = lines(ada.ok("/bank show ben"))
    assert re.fullmatch(r"account: ben #\d+", answer[0])
    assert answer[1] == \
        "balance: 69.75 R; held: 0.00 R; 69.75 R can be spent"
    assert re.fullmatch(rf"opened: {WHEN}; entries: 3, the newest #{paid}",
                        answer[2])
    assert answer[3].startswith("limits: floor=0.00 R (default) ceiling=none")
    assert answer[4].startswith("limits: per_transfer=none (default) per_day=")
    assert all(len(line) <= 77 for line in answer[:6])
    answer = lines(ada.ok(f"/bank show #{paid}"))
    assert re.fullmatch(rf"{WHEN} pay 30\.25 R ben to cleo, by ben: lunch\. "
                        rf"#{paid}", answer[0])
    assert answer[1].startswith("left ben with 69.75 R; its entry before is #")
    assert re.fullmatch(f"hash: {HASH}", answer[-1])
    opened = number(ada.ok("/bank show ben"))
    answer = lines(ada.ok(f"/bank show #{opened}"))
    assert f"account: ben #{opened}" in answer
    ada.refused("/bank show nobody", "no-such-account")
    ada.refused("/bank show nobody/savings", "no-such-account")
    ada.refused("/bank show #999999", "not-found")
    ada.refused("/bank show " + "x" * 90, "no-such-account")
    ben.refused("/bank show ben", "not-allowed")


def found(answer):
    """The numbers of the entries, the newest last."""
    return [int(re.search(r"#(\d+)$", line)[1]) for line in answer.lines
            if not line.startswith("-- More")]


def test_entries_by_person_time_amount_and_kind(crew):
    ann, ben, cleo, ada = (crew[n] for n in ("ann", "ben", "cleo", "ada"))
    one = int(number(ben.ok("/pay cleo 30.25 lunch")))
    two = int(number(cleo.ok("/pay ben 5 tea")))
    every = found(ada.ok("/bank entries"))
    assert every == list(range(1, two + 1))
    assert found(ada.ok("/bank entries ben"))[-2:] == [one, two]
    assert found(ada.ok("/bank entries kind:pay")) == [one, two]
    assert found(ada.ok("/bank entries by:ben kind:pay")) == [one]
    assert found(ada.ok("/bank entries kind:pay by:cleo")) == [two]
    assert found(ada.ok("/bank entries amount:5-30.25")) == \
        [n for n in every if n in (one, two) or n == int(number(
            ada.ok("/bank entries amount:20.50")))]
    assert found(ada.ok("/bank entries amount:5")) == [two]
    assert found(ada.ok("/bank entries cash:till"))
    assert found(ada.ok("/bank entries since:1h")) == every
    assert lines(ada.ok("/bank entries until:2020-01-01")) == \
        ["There are no such entries."]
    assert found(ada.ok(f"/bank entries before:#{one}")) == every[:one - 1]
    assert found(ada.ok(f"/bank entries ben before:{two}"))[-1] == one
    assert lines(ada.ok("/bank entries by:nobody")) == \
        ["There are no such entries."]
    for line, code in (("kind:gift", "usage"), ("amount:1,5", "usage"),
                       ("amount:", "usage"), ("before:x", "usage"),
                       ("since:never", "usage"), ("ben cleo", "usage"),
                       ("nobody", "no-such-account"),
                       ("x" * 100, "no-such-account"),
                       ("x" * 1000, "usage")):
        ada.refused(f"/bank entries {line}", code)
    ben.refused("/bank entries", "not-allowed")
    assert ann.ok("/bank entries ben").lines


def test_entries_are_paged(crew):
    ben, ada = crew["ben"], crew["ada"]
    for _ in range(60):
        ben.ok("/pay cleo 0.01 drop by drop")
    paid, line = [], "/bank entries ben kind:pay"
    while line:
        page = ada.ok(line)
        paid = found(page) + paid
        more = [a for a in lines(page) if a.startswith("More: ")]
        line = more[0].removeprefix("More: ") if more else None
    assert len(paid) == 60 and paid == sorted(set(paid))
    every, line = [], "/bank entries"
    while line:
        page = ada.ok(line)
        every = found(page) + every
        more = [a for a in lines(page) if a.startswith("More: ")]
        line = more[0].removeprefix("More: ") if more else None
    assert every == list(range(1, paid[-1] + 1))


def test_head_and_status(daemon, crew):
    ada = crew["ada"]
    paid = number(crew["ben"].ok("/pay cleo 1"))
    shown = lines(ada.ok(f"/bank show #{paid}"))[-1].removeprefix("hash: ")
    head = lines(ada.ok("/bank head"))
    assert re.fullmatch(
        rf"The newest entry is that of {WHEN}; for /bank verify:", head[0])
    assert head[1:] == [f"#{paid} {shown}"]
    result = daemon.ctl("bank", "status")
    assert result.returncode == 0
    assert "currency: RIA (R), 2 digits behind the point" in result.stdout
    assert "together: 0.00 R" in result.stdout
    assert f"#{paid} {shown}" in result.stdout
    assert daemon.ctl("bank", "head").stdout.splitlines() == head


def test_the_bank_is_whole(daemon, crew):
    ada = crew["ada"]
    told = re.search(rf"#(\d+) ({HASH})", ada.ok("/bank head").text)
    crew["ben"].ok("/pay cleo 1")
    assert ada.ok("/bank verify").text.startswith("-- The bank is whole:\n")
    ada.ok(f"/bank verify #{told[1]} {told[2]}")
    wrong = told[2][::-1]
    assert f"#{told[1]}" in \
        ada.refused(f"/bank verify {told[1]} {wrong}", "internal")
    result = daemon.ctl("bank", "verify", told[1], wrong)
    assert result.returncode == 1 and told[1] in result.stderr
    ada.refused("/bank verify 1", "usage")
    ada.refused("/bank verify 1 2", "usage")
    crew["ben"].refused("/bank verify", "not-allowed")
    status = daemon.ctl("status").stdout
    assert re.search(r"^entries of the bank: [1-9]", status, re.M)
    assert "orders waiting: 0" in status


def test_what_the_bank_holds_of_a_user(daemon, crew):
    ben, cleo = crew["ben"], crew["cleo"]
    ben.ok("/pay cleo 30.25 lunch")
    ben.ok("/hold cleo 5 a bike")
    cleo.ok("/request ben 7 a pie")
    data = json.loads("\n".join(lines(ben.ok("/mydata"))))
    account, = data["accounts"]
    assert account["name"] == "ben" and account["balance"] == "69.75"
    assert account["held"] == "5.00" and not account["is_frozen_in"]
    assert account["limits"]["floor"] == "default"
    assert [e["kind"] for e in data["entries"]] == \
        ["hold", "pay", "deposit", "open"]
    paid = data["entries"][1]
    assert (paid["amount"], paid["balance"], paid["with"], paid["memo"]) == \
        ("-30.25", "69.75", ["cleo"], "lunch")
    hold, = data["holds"]
    assert (hold["from"], hold["to"], hold["amount"]) == ("ben", "cleo", "5.00")
    request, = data["requests"]
    assert (request["from"], request["to"], request["memo"]) == \
        ("ben", "cleo", "a pie")
    assert "cleo" not in json.dumps(data["accounts"])
