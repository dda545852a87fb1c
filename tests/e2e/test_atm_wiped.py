"""What a core of the daemon does not hold: keys, passwords, codes, requests.

Each test first finds in the daemon's memory what it then misses there.
"""

import json
import pathlib
import time
import uuid

import pytest

from atm import decode
from authenticator import Clock, enrol
from memory import search
from rialto import WORD, deadline, eventually

SECRET = "Qu5-Zebra-Lantern-1"  # nobody else's password


def pieces(key, name):
    """A key, half a cipher's key each, and as HMAC stretches it (RFC 2104)."""
    found = {f"{name} {at}": key[at:at + 16] for at in range(0, 64, 16)}
    for pad in 0x36, 0x5c:
        mixed = bytes(byte ^ pad for byte in key[:32])
        found[f"{name} pad {pad:x}"] = mixed
        # As a hash reads it: words of 64 bits, of the other byte order.
        found[f"{name} block {pad:x}"] = b"".join(
            mixed[at:at + 8][::-1] for at in range(0, 32, 8))
    return found


def keys_of(atm):
    found = {"exported": atm.wire.exported()}
    for name, key in atm.keys.items():
        raw = decode(json.loads(key.export())["k"])
        found.update(pieces(raw, name))
    return found


def secret(word):
    """A text that is short: as it ends in C, and as it stands in JSON."""
    found = {word: word.encode() + b"\0",
             f"{word} in JSON": f'"{word}"'.encode()}
    if len(word) > 16:  # of what is freed its begin is written over
        found[f"the end of {word}"] = word[-8:].encode() + b"\0"
    return found


def is_gone(daemon, needles):
    """It may take a moment until the last of it has ended."""
    until = deadline()
    while left := search(daemon, needles):
        assert time.monotonic() < until, left
        assert daemon.ctl("status").returncode == 0  # it has run meanwhile


@pytest.fixture
def clock(daemons):
    return Clock(pathlib.Path(daemons.space))


@pytest.fixture
def daemon(daemons, clock):
    return daemons.new(
        users={"lockout": "none"},
        bank={"second_factor_above": "5.00"}).start(env=clock.env)


def test_keys(daemon):
    daemon.register("ben").close()
    atm = daemon.atm()
    keys = keys_of(atm)
    found = set(search(daemon, keys))
    # In the ciphers; what they were made of is not there any more.
    assert {"request 32", "response 32", "response 48"} >= found, found
    assert {"response 32", "response 48"} <= found, found
    atm.login("ben")
    atm.balance()
    atm.ok("logout")
    others = [daemon.atm(), daemon.atm("ben"), daemon.atm()]
    for number, other in enumerate(others):
        keys.update({f"{number} {name}": key
                     for name, key in keys_of(other).items()})
    atm.close()
    others[0].wire.sock.close()  # cut off
    others[1].send_line("nothing of the kind")
    others[1].last_word("mac-failed")
    others[2].close()
    is_gone(daemon, keys)


def test_hello_leaves_no_key_on_a_stack(daemon):
    keys = keys_of(daemon.atm())
    in_use = set(search(daemon, keys))
    assert not [name for name in in_use if "pad" in name or "block" in name]


def say(atm, needles, op, **members):
    """A request, of which parts are looked for later, as of its answer."""
    id = str(uuid.uuid4())
    text = json.dumps({"op": op, "id": id, **members})
    # Of each member its end and the name of the next: that is nowhere else.
    needles.update({f"{text} {at}": text.encode()[at - 6:at + 10]
                    for at in range(len(text)) if text[at:at + 2] == ", "})
    needles[f"answer to {op} {id}"] = f'"re":"{id}","ok":'.encode()
    atm.send_line(atm.seal(text))
    answer = atm.receive()
    if "receipt" in answer:
        payload = answer["receipt"].split(".")[1]
        needles[f"receipt of {op} {id}"] = payload[-64:].encode()
        needles[f"receipt of {op} {id} as text"] = decode(payload)[-64:]
    return answer


def test_passwords_codes_requests_and_answers(daemon, clock):
    daemon.atm().ok("signup", user="ben", password=SECRET)
    phone, sheet = enrol(clock, daemon.login("ben", SECRET), SECRET)
    daemon.restart(env=clock.env)
    atm, needles = daemon.atm(), secret(SECRET)

    def with_code(code, op, **members):
        needles.update(secret(code))
        return say(atm, needles, op, **members, code=code)

    for code in phone.code, sheet.pop:
        assert with_code(code(), "login", user="ben", password=SECRET)["ok"]
        paid = say(atm, needles, "deposit", amount="17.13", memo="zither")
        assert paid["ok"]
        needles["answer looked up"] = f'"re":"{paid["re"]}","ok":'.encode()
        assert say(atm, needles, "lookup", of=paid["re"])["known"]
        assert say(atm, needles, "accounts")["ok"]
        assert say(atm, needles, "history", limit=3)["ok"]
        assert with_code(code(), "pay", to="ann", amount="6")["ok"]
        assert with_code(code(), "batch", transfers=[
            {"to": "ann", "amount": "2", "memo": "xylophone"}] * 3)["ok"]
        # With a space after the colon it is ours.
        needles["postings"] = b'"memo":"xylophone"'
        assert say(atm, needles, "history", limit=500)["ok"]
        assert say(atm, needles, "logout")["ok"]
    assert with_code(sheet.pop(), "login", user="ben", password=SECRET)["ok"]
    assert not with_code(phone.wrong(), "pay", to="ann", amount="6")["ok"]
    assert say(atm, needles, "logout")["ok"]
    assert not with_code(phone.wrong(), "login", user="ben",
                         password=SECRET)["ok"]
    # The session goes on; nothing of what was said is there.
    is_gone(daemon, needles)
    atm.close()
    is_gone(daemon, needles)


@pytest.mark.parametrize("form", [
    '{"op":"login","id":"%s","user":"ben","password":"%s"}',
    '{"op":"login","id":"%s","user":"nobody","password":"%s"}',
    '{"op":"login","id":"%s","user":"ben","code":"271828","password":"%s"}',
    '{"op":"login","id":"%s","user":"ben","password":"%s","code":5}',
    '{"op":"login","id":"%s","user":"ben","password":"%s","pin":"5"}',
    '{"op":"login","id":"%s","user":"ben","password":["%s"]}',
    '{"op":"login","id":"%s","user":"ben","password":"%s",}',
    '{"op":"login","id":"%s","user":"ben","password":"%s","op":"login"}',
    '{"op":"login","id":"%s","user":"ben","password":"%s","x":1e400}',
    '{"op":"login","id":"%s","user":"ben","password":"%s',
    '{"op":"login","id":"%s","%s":1}',
    '{"op":"signup","id":"%s","user":"7","password":"%s"}',
    '{"op":"dance","id":"%s","password":"%s"}',
    '["login","%s","%s"]',
])
def test_of_what_is_refused(shared, form):
    atm = shared.atm()
    text = form % (uuid.uuid4(), SECRET)
    atm.send_line(atm.seal(text))
    assert atm.receive()["ok"] is False
    needles = {"password": SECRET.encode(), "request": text.encode()[8:80]}
    is_gone(shared, needles)
    atm.close()


def transfers(count, **last):
    """So many that the last members are at the end of a long request."""
    made = [{"to": "ann", "amount": "0.01"} for _ in range(count - 1)]
    return [*made, {"to": "ann", "amount": "0.01", **last}]


@pytest.mark.parametrize("members, code", [
    # The code is wrong, or nobody has a factor, or it is no code at all.
    ({"transfers": [{"to": "ann", "amount": "9"}]}, "code-required"),
    ({"transfers": [{"to": "ann", "amount": "9"}], "pin": 1}, "bad-request"),
    # What is wrong stands behind many that are not.
    ({"transfers": transfers(500, amount=7)}, "bad-request"),
    ({"transfers": transfers(500, memo=[])}, "bad-request"),
    ({"transfers": transfers(500, nothing="of it")}, "bad-request"),
    ({"transfers": []}, "bad-request"),
    ({"transfers": transfers(1001)}, "bad-request"),
    ({"transfers": "none"}, "bad-request"),
], ids=str)
def test_the_code_of_a_batch_that_is_refused(daemon, members, code):
    daemon.register("ben").ok("/deposit 20")
    atm, word = daemon.atm("ben"), "Zeppelin-31415-Harbour"
    text = json.dumps({"op": "batch", "id": str(uuid.uuid4()), **members,
                       "code": word})
    atm.send_line(atm.seal(text))
    answer = atm.receive()
    assert answer["ok"] is False and answer["error"]["code"] == code, answer
    is_gone(daemon, secret(word))
    atm.close()
    is_gone(daemon, secret(word))


def test_signups_that_are_refused(daemon):
    daemon.register("ben").close()
    atm, needles = daemon.atm(), secret(SECRET)
    for user, code in (("7", "bad-name"), ("ben", "name-taken"),
                       (SECRET, "weak-password"), ("cleo", None)):
        answer = say(atm, needles, "signup", user=user, password=SECRET)
        assert answer["ok"] is (code is None), answer
    is_gone(daemon, needles)
    atm.close()
    is_gone(daemon, needles)


@pytest.mark.parametrize("is_known", [False, True])
def test_lines_that_are_too_long(daemon, is_known):
    """A good request before it, in the same piece."""
    daemon.register("ben", SECRET).close()
    atm, needles = daemon.atm(), secret(SECRET)
    login = {"op": "login", "id": str(uuid.uuid4()), "user": "ben",
             "password": SECRET}
    if is_known:
        atm.send_line(atm.seal(json.dumps(login)))
        assert atm.receive()["ok"]
    long = atm.seal(json.dumps({**login, "password": SECRET,
                                "code": "x" * 70000}), seq=1)
    atm.sent = 1 if is_known else 0
    atm.send_line((atm.seal(json.dumps(login)) + "\n" + long))
    answer = atm.receive()
    assert answer["ok"] is not is_known
    atm.last_word("too-large")
    is_gone(daemon, needles)


@pytest.mark.parametrize("sent", [0.01, 0.5, 0.99, 1.0])
def test_requests_that_are_cut_off(daemon, sent):
    """In the middle of a line, or just before it ends."""
    daemon.register("ben", SECRET).close()
    atm, needles = daemon.atm(), secret(SECRET)
    needles.update(keys_of(atm))
    line = atm.seal(json.dumps({
        "op": "login", "id": str(uuid.uuid4()), "user": "ben",
        "password": SECRET, "code": "271828"}))
    atm.wire.send(line[:int(len(line) * sent)].encode())
    other = daemon.atm()  # which has been served meanwhile
    other.refused("login-required", "balance")
    atm.wire.sock.close()
    is_gone(daemon, needles)
    other.close()


def test_a_connection_that_is_cut_while_it_logs_in(daemons):
    """Passwords that wait to be hashed are there, and go unused."""
    daemon = daemons.new(server={"hashing": 1},
                         users={"lockout": "none", "password_cost": 7})
    daemon.start()
    crowd = [daemon.atm() for _ in range(3)]
    needles = secret(SECRET)
    for atm in crowd:  # each takes a while
        atm.send("login", user="nobody", password="something else")
    atm = daemon.atm()
    needles.update(keys_of(atm))
    atm.send("login", user="ben", password=SECRET)
    eventually(lambda: SECRET in search(daemon, needles), "to be hashed")
    atm.wire.sock.close()
    daemon.admin()  # they are hashed one after another
    is_gone(daemon, needles)


def test_the_line_protocol(daemon):
    """Its lines are not sealed; its passwords are the same."""
    daemon.machine().ok(f"/register ben {SECRET}")
    pair = daemon.machine()
    pair.send(f"/login ben not-{SECRET}\n/login ben {SECRET}\n/balance\n")
    for _ in range(3):
        pair.answer()
    person = daemon.person()
    person.send(f"ben\n{SECRET}\n")
    person.expect("Welcome, ben")
    is_gone(daemon, {"password": SECRET.encode()})
