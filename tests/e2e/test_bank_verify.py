"""What rialtod --verify finds of a bank whose files somebody has changed."""

import hashlib
import re
import shutil
import struct
from types import SimpleNamespace

import pytest

from berkeley import PAGE, flip, leaves, page_with, put_record, records

ID = "01931b6e-0000-7000-8000-00000000000%d"
HASH = 32  # bytes at the end of an entry


def key(*numbers):
    return struct.pack(f">{len(numbers)}Q", *numbers)


def number(answer):
    return int(re.search(r"#(\d+)", answer.text)[1])


@pytest.fixture(scope="module")
def spent(shared):
    """A bank with a bit of a past, stopped."""
    shared.is_spoiled = True
    ann, ben = shared.admin(), shared.register("ben")
    ann.ok("/deposit 100")
    paid = number(ann.ok(f"/pay ben 30.25 lunch id={ID % 1}"))
    hold = number(ann.ok(f"/hold ben 7 drill id={ID % 2}"))
    for amount in 1, 2, 3:
        ben.ok(f"/pay ann {amount}.00 tea")
    shared.stop()
    data = shared.folder / "data"
    shutil.copytree(data, shared.folder / "kept")
    entries = records(data / "bank_entries.db")
    return SimpleNamespace(
        daemon=shared, data=data, paid=paid, hold=hold,
        last=struct.unpack(">Q", max(entries))[0])


@pytest.fixture
def bank(spent):
    """The same, as it was when it was stopped."""
    shutil.rmtree(spent.data)
    shutil.copytree(spent.daemon.folder / "kept", spent.data)
    return spent


def verify(bank):
    return bank.daemon.offline("--verify")


def table(bank, name):
    return bank.data / f"bank_{name}.db"


def get(bank, name, key):
    return bytearray(records(table(bank, name))[key])


def put(bank, name, key, value):
    put_record(table(bank, name), key, value)


def exchange(value, old, new):
    """Every place of 8 bytes that holds the one number."""
    assert value.count(key(old)) > 0
    return value.replace(key(old), key(new))


def test_nothing_is_wrong(bank):
    result = verify(bank)
    assert result.returncode == 0, result.stderr
    assert re.search(rf"^bank: {bank.last} entries, \d+ accounts, 1 holds, "
                     rf"0 requests, 2 ids; head seq={bank.last} "
                     r"hash=[0-9a-f]{64}$", result.stdout, re.M)


def change_amount(bank):
    entry = get(bank, "entries", key(bank.paid))
    put(bank, "entries", key(bank.paid), exchange(entry, 3025, 3026))
    return rf"entry #{bank.paid} was changed, or the one before"


def drop_posting(bank):
    """The last one: its count is before the postings, 32 bytes each."""
    entry = get(bank, "entries", key(bank.paid))
    at = entry.rindex(b"\2", 0, -HASH - 2 * 32)
    assert len(entry) == at + 1 + 2 * 32 + 1 + HASH
    entry[at] = 1
    del entry[at + 1 + 32:at + 1 + 64]
    put(bank, "entries", key(bank.paid), entry)
    return rf"entry #{bank.paid} moves something in account #\d+ without"


def break_chain(bank):
    entry = get(bank, "entries", key(bank.paid))
    entry[-1] ^= 1
    put(bank, "entries", key(bank.paid), entry)
    return rf"entry #{bank.paid + 1} was changed, or the one before"


def cut_journal(bank):
    for seq in bank.last, bank.last - 1:
        put(bank, "entries", key(seq), None)
    return (rf"the journal ends at #{bank.last - 2}, but its head is "
            rf"#{bank.last}: entries are lost")


def drop_entry(bank):
    put(bank, "entries", key(bank.paid), None)
    return rf"entry #{bank.paid} is missing"


def double_entry(bank):
    entry = get(bank, "entries", key(bank.last))
    put(bank, "entries", key(bank.last + 1), entry)
    return rf"entry #{bank.last} stands where #{bank.last + 1} should"


def swap_entries(bank):
    first, second = (get(bank, "entries", key(seq))
                     for seq in (bank.last - 1, bank.last))
    put(bank, "entries", key(bank.last - 1), second)
    put(bank, "entries", key(bank.last), first)
    return rf"entry #{bank.last - 1} stands where #{bank.last} should"


def edit_balance(bank):
    account, value = next(
        (k, v) for k, v in records(table(bank, "accounts")).items()
        if key(7575) in v)
    put(bank, "accounts", account, exchange(value, 7575, 10075))
    return r"\(ann\) has 100\.75 R, but its entries come to 75\.75 R"


def invent_month(bank):
    """A total of a month that has not ended."""
    account = max(records(table(bank, "accounts")))
    value = struct.pack(">BIqqQqQ", 1, 202601, 5, 5, 1, 0, bank.last)
    put(bank, "months", account + key(202601), value)
    return r"\(ben\) has 1 months that ended, but its entries make 0"


def invent_hold(bank):
    hold = get(bank, "holds", key(bank.hold))
    put(bank, "holds", key(bank.paid), exchange(hold, bank.hold, bank.paid))
    return rf"hold #{bank.paid} has no entry that made it"


def invent_id(bank):
    id, value = min(records(table(bank, "ids")).items())
    put(bank, "ids", b"\xff" + id[1:], value)
    return (rf"id ff931b6e-0000-7000-8000-000000000001 of user \d+ is "
            rf"remembered for entry #{bank.paid}, which does not carry it")


def drop_id(bank):
    put(bank, "ids", min(records(table(bank, "ids"))), None)
    return rf"entry #{bank.paid} carries the id {ID % 1} of user \d+, which " \
        "is not remembered"


def invent_name(bank):
    name, value = next((k, v) for k, v in records(table(bank, "names")).items()
                       if k.endswith(b"fees"))
    put(bank, "names", name[:-4] + b"beer", value[:1] + key(4711))
    return r"a name leads to account #4711, which no entry has opened"


def head_ahead(bank):
    head = get(bank, "meta", b"head")
    head[1:9] = key(bank.last + 1)
    put(bank, "meta", b"head", head)
    return rf"the journal ends at #{bank.last}, but its head is #"


@pytest.mark.parametrize("spoil", [
    change_amount, drop_posting, break_chain, cut_journal, drop_entry,
    double_entry, swap_entries, edit_balance, invent_month, invent_hold,
    invent_id, drop_id, invent_name, head_ahead])
def test_what_was_changed_is_named(bank, spoil):
    words = spoil(bank)
    result = verify(bank)
    assert result.returncode == 1
    assert re.search(f"bank: .*{words}", result.stderr), result.stderr


def test_a_flipped_byte(bank):
    path = table(bank, "entries")
    flip(path, page_with(path, b"lunch"))
    result = verify(bank)
    assert result.returncode == 1
    assert "bank_entries.db: " in result.stderr


@pytest.mark.parametrize("spoil", [
    lambda data, at: data[:at] + bytes(PAGE) + data[at + PAGE:],
    lambda data, at: data[:at],
], ids=["wiped", "cut"])
def test_a_missing_page(bank, spoil):
    path = table(bank, "entries")
    last = max(leaves(path))
    path.write_bytes(spoil(path.read_bytes(), last * PAGE))
    result = verify(bank)
    assert result.returncode == 1
    assert "bank_entries.db: " in result.stderr


def chain(bank):
    """Makes all hashes anew, and the head's, as the daemon would."""
    before = bytes(HASH)
    for seq in range(1, bank.last + 1):
        entry = get(bank, "entries", key(seq))
        before = hashlib.sha256(before + entry[:-HASH]).digest()
        entry[-HASH:] = before
        put(bank, "entries", key(seq), entry)
    head = get(bank, "meta", b"head")
    head[17:17 + HASH] = before
    put(bank, "meta", b"head", head)


def head(result):
    return re.search(r"head seq=\d+ hash=\w+$", result.stdout, re.M)[0]


def test_who_makes_the_chain_anew(bank):
    """Amounts still do not fit; words do, and only a witness finds that."""
    told = head(verify(bank))
    entry = get(bank, "entries", key(bank.paid))
    put(bank, "entries", key(bank.paid), exchange(entry, 3025, 3026))
    chain(bank)
    result = verify(bank)
    assert result.returncode == 1
    assert f"bank: entry #{bank.paid} says that it leaves" in result.stderr
    put(bank, "entries", key(bank.paid), entry)
    chain(bank)
    assert head(verify(bank)) == told
    put(bank, "entries", key(bank.paid), entry.replace(b"lunch", b"bribe"))
    chain(bank)
    result = verify(bank)
    assert result.returncode == 0, result.stderr
    assert head(result) != told


def test_while_the_bank_works(bank):
    bank.daemon.start()
    ann = bank.daemon.admin()
    words = ann.ok("/bank verify").text
    seq, told = re.search(r"-- The bank is whole:\n-- \d+ entries, .* ids\n"
                          r"-- #(\d+) ([0-9a-f]{64})$", words).groups()
    ann.ok("/deposit 1")
    ann.ok(f"/bank verify #{seq} {told}")
    ann.ok(f"/bank verify {seq} {told}")
    assert "was written anew" in \
        ann.refused(f"/bank verify #{seq} {'0' * 64}", "internal")
    for words in f"#{seq}", f"#{seq} {told[1:]}", f"#0 {told}":
        ann.refused(f"/bank verify {words}", "usage")
    ann.close()
    bank.daemon.stop()


def test_what_was_changed_is_named_while_the_bank_works(bank):
    words = edit_balance(bank)
    bank.daemon.start()
    result = bank.daemon.ctl("bank", "verify")
    assert result.returncode == 1
    assert re.search(f"bank: .*{words}", result.stderr + result.stdout)
    bank.daemon.log.expect(f"bank: verify found bank: .*{words}")
    bank.daemon.stop()
