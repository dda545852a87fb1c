"""The ATM under attack: each refused with its code, counted, and nothing
moved. What test_atm.py has is not here again."""

import json
import os
import pathlib
import re
import resource
import select
import socket
import threading
import time
import uuid

import pytest
from jwcrypto import jwk
from OpenSSL import SSL

from atm import LABEL, Atm, Wire, context, decode, encode, hkdf
from authenticator import Clock, enrol
from fake_server import make_certificate
from relay import ActiveRelay, DumbRelay, Relay
from rialto import ADMIN, ADMIN_WORD, SANITIZED, WORD, Closed, deadline, \
    eventually
from test_crowd import HALF, allow_descriptors

HOLDER = "dana"


class Victim:
    """Somebody with money, whose messages others have."""

    def __init__(self, daemon):
        self.daemon = daemon
        daemon.register("mallory").close()
        self.watch = daemon.register(HOLDER)
        self.watch.ok("/deposit 50")
        self.balance = self.ask()

    def ask(self):
        return self.watch.ok("/balance").text

    def session(self):
        return self.daemon.atm(HOLDER)

    def payment(self):
        return json.dumps({"op": "pay", "id": str(uuid.uuid4()),
                           "to": "mallory", "amount": "1"})

    def unharmed(self):
        assert self.ask() == self.balance


@pytest.fixture(scope="module")
def daemon(shared):
    shared.victim = Victim(shared)
    return shared


@pytest.fixture
def victim(daemon):
    """Who still has what there was, whatever happens."""
    yield daemon.victim
    daemon.victim.unharmed()


def flip(part, at):
    """Another digit of base64url there."""
    digit = "A" if part[at] != "A" else "z"
    return part[:at] + digit + part[at:][1:]


CHANGES = {
    "first digit": lambda part: flip(part, 0) if part else "A",
    "middle digit": lambda part: flip(part, len(part) // 2) if part else "A",
    "last digit": lambda part: part[:-1] + ("Q" if part[-1:] != "Q" else "g"),
    "one less": lambda part: part[:-1] if part else "AA",
    "one more": lambda part: part + "A",
    "a block more": lambda part: part + "A" * 64,
    "a block less": lambda part: part[64:] or "AAAA",
    "none": lambda part: "" if part else "AAAA",
    "twice": lambda part: part + part if part else "A" * 44,
    "padded": lambda part: part + "=",
    "other alphabet": lambda part: "+" + part[1:],
    "a space": lambda part: part[:1] + " " + part[1:],
    "a tab at its end": lambda part: part + "\t",
    "a line's end": lambda part: part[:1] + "\n" + part[1:],
    "a NUL": lambda part: part[:1] + "\0" + part[2:],
    "not ASCII": lambda part: part[:1] + "\u00e4" + part[2:],
    "a dot": lambda part: part[:1] + "." + part[1:],
}
PARTS = ("header", "key", "iv", "text", "tag")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("part", PARTS)
def test_tampered(victim, part, change):
    atm = victim.session()
    parts = atm.seal(victim.payment()).split(".")
    at = PARTS.index(part)
    spoilt = CHANGES[change](parts[at])
    assert spoilt != parts[at]
    atm.send_line(".".join(parts[:at] + [spoilt] + parts[at + 1:]))
    assert atm.last_word("mac-failed")


@pytest.mark.parametrize("bit", range(8))
def test_every_bit_of_a_byte(victim, bit):
    atm = victim.session()
    line = bytearray(atm.seal(victim.payment()).encode())
    line[len(line) // 2] ^= 1 << bit
    atm.send_line(bytes(line))
    assert atm.last_word("mac-failed")


@pytest.mark.parametrize("swap", [(2, 4), (3, 4), (2, 3)])
def test_parts_that_change_places(victim, swap):
    atm = victim.session()
    parts = atm.seal(victim.payment()).split(".")
    one, other = swap
    parts[one], parts[other] = parts[other], parts[one]
    atm.send_line(".".join(parts))
    assert atm.last_word("mac-failed")


def test_parts_of_two_messages(victim):
    atm = victim.session()
    one = atm.seal(victim.payment(), seq=atm.sent).split(".")
    other = atm.seal(victim.payment(), seq=atm.sent).split(".")
    atm.send_line(".".join(one[:2] + other[2:4] + one[4:]))
    assert atm.last_word("mac-failed")


@pytest.mark.parametrize("header", [
    {"alg": "none"}, {"alg": "A256KW"}, {"enc": "A128GCM"},
    {"enc": "A128CBC-HS256"}, {"zip": "DEF"}, {"crit": ["seq"]},
    {"seq": "1"}, {"seq": 1.0}, {"seq": -1}, {"seq": None}, {"seq": True},
    {"seq": 2**63}, {"seq": 2**64 + 1}, {"seq": [1]}, {"kid": "x"}, {},
])
def test_headers(victim, header):
    """Not genuine, as nobody who has the key would write them."""
    atm = victim.session()
    parts = atm.seal(victim.payment()).split(".")
    named = {"alg": "dir", "enc": "A256CBC-HS512", "seq": 1, **header}
    if not header:
        named = {}
    parts[0] = encode(json.dumps(named).encode())
    atm.send_line(".".join(parts))
    assert atm.last_word("mac-failed")


def test_replayed(victim):
    atm = victim.session()
    line = atm.seal(json.dumps({"op": "deposit", "id": str(uuid.uuid4()),
                                "amount": "5"}))
    atm.send_line(line)
    assert atm.receive()["ok"]
    atm.send_line(line)
    assert atm.last_word("replay")
    assert "55.00 R" in victim.ask()  # once
    victim.watch.ok("/withdraw 5")


def test_reordered(victim):
    atm = victim.session()
    first, second = (atm.seal(victim.payment()) for _ in range(2))
    atm.send_line(second)
    atm.send_line(first)
    assert atm.last_word("replay")


def test_dropped(victim):
    atm = victim.session()
    atm.seal(victim.payment())
    atm.send("balance")
    assert atm.last_word("replay")


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.99])
@pytest.mark.parametrize("has_end", [True, False])
def test_truncated(victim, share, has_end):
    atm = victim.session()
    line = atm.seal(victim.payment())
    line = line[:max(int(len(line) * share), 1)]
    if has_end:
        atm.send_line(line)
        assert atm.last_word("mac-failed")
    else:  # and no more: it is nothing
        atm.wire.send(line.encode())
        atm.wire.tls.shutdown()
        assert atm.wire.rest() == []


def record(victim):
    """All that a session has sent, the nonce of its hello first."""
    nonce = os.urandom(32)
    atm = victim.daemon.atm(hello=False)
    atm.send_plain({"op": "hello", "v": 1, "client_nonce": encode(nonce)})
    atm.derive(nonce, decode(atm.receive_plain()["server_nonce"]))
    lines = [atm.seal(json.dumps({"op": "login", "id": str(uuid.uuid4()),
                                  "user": HOLDER, "password": WORD})),
             atm.seal(json.dumps({"op": "balance", "id": str(uuid.uuid4())}))]
    answers = []
    for line in lines:
        atm.send_line(line)
        answers.append(atm.wire.line())
    return nonce, lines, answers


def test_a_session_that_is_played_again(victim):
    nonce, lines, _ = record(victim)
    atm = victim.daemon.atm(hello=False)
    atm.send_plain({"op": "hello", "v": 1, "client_nonce": encode(nonce)})
    atm.derive(nonce, decode(atm.receive_plain()["server_nonce"]))
    for line in lines:
        atm.send_line(line)
    assert atm.last_word("mac-failed")


def test_answers_that_are_sent_back(victim):
    atm = victim.session()
    atm.send("balance")
    atm.send_line(atm.wire.line())
    atm.received += 1
    assert atm.last_word("mac-failed")


def test_another_sessions_keys(victim):
    one, other = victim.session(), victim.session()
    one.send_line(one.seal(victim.payment(), key=other.keys["request"]))
    assert one.last_word("mac-failed")
    other.ok("balance")


KEYS = {
    "its client nonce": lambda atm, mine, its: (mine[::-1], its),
    "its server nonce": lambda atm, mine, its: (mine, os.urandom(32)),
    "both in the other order": lambda atm, mine, its: (its, mine),
    "none": lambda atm, mine, its: (b"", b""),
}


@pytest.mark.parametrize("salt", KEYS)
def test_wrong_nonces(victim, salt):
    atm = victim.daemon.atm(hello=False)
    mine = os.urandom(32)
    atm.send_plain({"op": "hello", "v": 1, "client_nonce": encode(mine)})
    its = decode(atm.receive_plain()["server_nonce"])
    atm.derive(mine, its)
    right = atm.keys["response"]
    atm.derive(*KEYS[salt](atm, mine, its))
    atm.send("login", user=HOLDER, password=WORD)
    atm.keys["response"] = right
    assert atm.last_word("mac-failed")


@pytest.mark.parametrize("info", [b"rialto/1 response", b"rialto/1 confirm",
                                  b"rialto/1 Request", b"rialto/1 request\0"])
def test_keys_of_another_name(victim, info):
    atm = victim.daemon.atm(hello=False)
    nonce = os.urandom(32)
    atm.send_plain({"op": "hello", "v": 1, "client_nonce": encode(nonce)})
    its = decode(atm.receive_plain()["server_nonce"])
    atm.derive(nonce, its)
    made = hkdf(atm.wire.exported(), nonce + its, info, 64)
    atm.send_line(atm.seal(victim.payment(),
                           key=jwk.JWK(kty="oct", k=encode(made))))
    assert atm.last_word("mac-failed")


def test_hello_twice(victim):
    atm = victim.daemon.atm()
    atm.send_plain({"op": "hello", "v": 1,
                    "client_nonce": encode(os.urandom(32))})
    assert atm.last_word("mac-failed")
    atm = victim.session()
    atm.refused("unknown-op", "hello", v=1, client_nonce=encode(bytes(32)))
    assert atm.balance()


def test_two_hellos_in_one_piece(victim):
    atm = victim.daemon.atm(hello=False)
    nonce = os.urandom(32)
    hello = json.dumps({"op": "hello", "v": 1, "client_nonce": encode(nonce)})
    atm.send_line(hello + "\n" + hello)
    answer = atm.receive_plain()
    atm.derive(nonce, decode(answer["server_nonce"]))
    assert atm.last_word("mac-failed")


def test_the_wrong_alpn(victim):
    for protocol in b"rialto-line", b"h2", b"rialto-atm2":
        with pytest.raises(Closed):
            victim.daemon.atm(hello=False, alpn=protocol).send_line("{}")


@pytest.mark.parametrize("text, code", [
    (b'{"x":' * 8 + b"1" + b"}" * 8, "bad-request"),
    (b'{"x":' * 9 + b"1" + b"}" * 9, "bad-json"),
    (b'{"x":' + b"[" * 7 + b"]" * 7 + b"}", "bad-request"),
    (b'{"x":' + b"[" * 8 + b"]" * 8 + b"}", "bad-json"),
    (b'{"x":"' + b"[" * 100 + b'"}', "bad-request"),
    (b'{"x":"\\"' + b"[" * 100 + b'"}', "bad-request"),
    (b"{}", "bad-request"),
    (b"[]", "bad-json"),
    (b"[{}]", "bad-json"),
    (b'"op"', "bad-json"),
    (b"1", "bad-json"),
    (b"{} {}", "bad-json"),
    (b"{}\0", "bad-json"),
    (b"\xef\xbb\xbf{}", "bad-json"),
    (b"{'op':1}", "bad-json"),
    (b"{op:1}", "bad-json"),
    (b'{"op":1,}', "bad-json"),
    (b'{"op":1 /* */}', "bad-json"),
    (b'{"a":1,"a":1}', "bad-json"),
    (b'{"a":1,"\\u0061":1}', "bad-json"),
    (b'{"x":{"a":1,"a":2}}', "bad-json"),
    (b'{"x":9007199254740991}', "bad-request"),
    (b'{"x":9007199254740992}', "bad-json"),
    (b'{"x":9007199254740993}', "bad-json"),
    (b'{"x":-9007199254740993}', "bad-json"),
    (b'{"x":[{"y":9007199254740993}]}', "bad-json"),
    (b'{"x":' + b"9" * 40000 + b"}", "bad-json"),
    (b'{"x":0.' + b"9" * 40000 + b"}", "bad-request"),
    (b'{"x":1e400}', "bad-json"),
    (b'{"x":-1e400}', "bad-json"),
    (b'{"x":NaN}', "bad-json"),
    (b'{"x":Infinity}', "bad-json"),
    (b'{"x":0x10}', "bad-json"),
    (b'{"x":01}', "bad-json"),
    (b'{"x":+1}', "bad-json"),
    (b'{"x":1.}', "bad-json"),
    (b'{"x":"\xff"}', "bad-json"),
    (b'{"x":"\xc0\x80"}', "bad-json"),
    (b'{"x":"\xed\xa0\x80"}', "bad-json"),
    (b'{"x":"\xf4\x90\x80\x80"}', "bad-json"),
    (b'{"x":"\xe4"}', "bad-json"),
    (b'{"x":"\\ud800"}', "bad-json"),
    (b'{"x":"\\udc00\\ud800"}', "bad-json"),
    (b'{"x":"\\u0000"}', "bad-json"),
    (b'{"\\u0000":1}', "bad-json"),
    (b'{"x":"\0"}', "bad-json"),
    (b'{"x":"\n"}', "bad-json"),
    (b'{"x":"\\x41"}', "bad-json"),
    (b"{" + b",".join(b'"%d":{}' % i for i in range(4000)) + b"}",
     "bad-request"),
    (b'{"x":[' + b",".join([b"[]"] * 15000) + b"]}", "bad-request"),
])
def test_json(victim, text, code):
    atm = victim.daemon.atm() if len(text) < 4000 else victim.session()
    atm.send_line(atm.seal(text))
    answer = atm.receive()
    assert (answer["ok"], answer["error"]["code"]) == (False, code), answer
    assert "re" not in answer
    atm.ask("balance")  # that was no reason to go


PAY = {"op": "pay", "id": "0193a4c2-1f5e-7cc1-8b1f-0123456789ab",
       "to": "mallory", "amount": "1"}


@pytest.mark.parametrize("change", [
    {"amount": 1}, {"amount": 1e400}, {"amount": "1e400"}, {"amount": None},
    {"amount": "9" * 39}, {"amount": "-1"}, {"amount": ""}, {"amount": "0x1"},
    {"amount": "1,00"}, {"amount": "\u0661"}, {"amount": "1 "},
    {"amount": ["1"]}, {"to": ["mallory"]}, {"to": None}, {"to": {}},
    {"to": "mallory\u0000"}, {"to": "mallory\n"}, {"to": ""},
    {"to": "m\u0430llory"}, {"account": None}, {"account": "ann"},
    {"account": "cash:till"}, {"memo": "\u202e"}, {"memo": "a\u0007"},
    {"memo": 1}, {"receipt": "no"}, {"receipt": 0}, {"receipt": None},
    {"code": 123456}, {"id": None}, {"id": ""}, {"id": 0}, {"id": {}},
    {"op": None}, {"op": ""}, {"op": "PAY"}, {"op": "pay\u0000"},
    {"op": ["pay"]}, {"op": "p" * 1000}, {"Amount": "1"}, {"": ""},
    {"user": "ann"}, {"from": "ann"},
])
def test_payments_that_are_none(victim, change):
    atm = victim.session()
    text = json.dumps({**PAY, **change}).replace("Infinity", "1e400")
    atm.send_line(atm.seal(text))
    answer = atm.receive()
    assert answer["ok"] is False
    assert answer["error"]["code"] in (
        "bad-request", "bad-json", "bad-amount", "unknown-op", "bad-input",
        "no-such-user", "no-such-account", "not-allowed",
        "insufficient-funds"), answer
    assert atm.balance() == "50.00"


def test_a_hundred_thousand_brackets(victim):
    """They are not even looked at: the line is too long."""
    for atm in victim.session(), victim.daemon.atm():
        atm.send_line(atm.seal(b'{"x":' + b"[" * 100000))
        assert atm.last_word("too-large")


@pytest.mark.parametrize("size, end, code", [
    (65536, b"\n", "mac-failed"),
    (65536, b"\r\n", "mac-failed"),
    (65537, b"\n", "too-large"),
    (65537, b"\r\n", "too-large"),
    (65538, b"", "too-large"),
])
def test_as_long_as_a_line_may_be(victim, size, end, code):
    atm = victim.session()
    atm.wire.send(b"x" * size + end)
    assert atm.last_word(code)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


class Forger(ActiveRelay):
    """Shows the daemon's own words, as far as it can make them fit."""

    change = None

    def answer(self, tls, line, there):
        there.send(line + b"\n")
        said = json.loads(there.line())
        mine, own = self.sign(tls, decode(json.loads(line)["client_nonce"]))
        its = said["identity"].split(".")
        own = own.split(".")
        if self.change == "server_nonce":
            said["server_nonce"] = mine
        elif self.change == "signature":
            said["server_nonce"] = mine
            said["identity"] = ".".join([its[0], own[1], its[2]])
        elif self.change == "header":
            said["server_nonce"] = mine
            said["identity"] = ".".join([its[0], own[1], own[2]])
        elif self.change == "kid":
            # Its name over the relay's own key.
            header = json.loads(decode(own[0]))
            header["kid"] = json.loads(decode(its[0]))["kid"]
            said["server_nonce"] = mine
            said["identity"] = ".".join(
                [encode(json.dumps(header).encode()), own[1], own[2]])
        return json.dumps(said).encode() + b"\n"


def forger(change):
    return type("Forger", (Forger,), {"change": change})


@pytest.mark.parametrize("kind", [
    ActiveRelay, DumbRelay, forger("none"), forger("server_nonce"),
    forger("signature"), forger("header"), forger("kid")])
def test_somebody_between_is_found_out(victim, certificate, kind):
    known = victim.daemon.atm().identity
    relay = kind(victim.daemon.atm_port, certificate, b"rialto-atm")
    atm = Atm(relay.port, ca=certificate[0], identity=known, hello=False)
    with pytest.raises(Exception) as found:
        atm.hello()
    assert not isinstance(found.value, Closed)
    atm.close()
    relay.stop()
    assert len(relay.heard) == 1
    assert json.loads(relay.heard[0])["op"] == "hello"


class Pipe:
    """Passes on bytes as they come, and keeps them."""

    def __init__(self, port):
        self.seen = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, args=(port,),
                                       daemon=True)
        self.thread.start()

    def run(self, port):
        here, _ = self.listener.accept()
        there = socket.create_connection(("127.0.0.1", port))
        other = {here: there, there: here}
        while True:
            for sock in select.select(list(other), [], [])[0]:
                data = sock.recv(65536)
                if not data:
                    here.close()
                    there.close()
                    return
                self.seen += data
                other[sock].sendall(data)


def test_a_pipe_learns_nothing(victim):
    known = victim.daemon.atm().identity
    pipe = Pipe(victim.daemon.atm_port)
    atm = Atm(pipe.port, ca=victim.daemon.ca, identity=known)
    atm.login(HOLDER)
    assert atm.balance() == "50.00"
    atm.close()
    pipe.thread.join(20)
    for word in WORD, HOLDER, "50.00", "balance", "A256CBC", "client_nonce":
        assert word.encode() not in pipe.seen


class Reader(Relay):
    """Has all that TLS hides, of a client that does not look whom it asks."""

    def answer(self, tls, line, there):
        there.send(line + b"\n")
        said = there.line()
        self.heard.append(said.decode())
        return said + b"\n"


def test_what_is_sealed_is_sealed_for_one_channel(victim, certificate):
    """Between two channels nothing goes on, and nothing is read."""
    relay = Reader(victim.daemon.atm_port, certificate, b"rialto-atm")
    atm = Atm(relay.port, ca=certificate[0], hello=False)
    nonce = os.urandom(32)
    atm.send_plain({"op": "hello", "v": 1, "client_nonce": encode(nonce)})
    atm.derive(nonce, decode(atm.receive_plain()["server_nonce"]))
    atm.send("login", user=HOLDER, password=WORD)
    with pytest.raises(Exception):  # sealed by the daemon for another
        atm.receive()
    atm.close()
    relay.stop()
    assert len(relay.heard) == 4
    assert not any(WORD in line or HOLDER in line for line in relay.heard)


def test_guesses_that_are_sent_ahead(daemons):
    """Three in a session, however many come in one piece."""
    daemon = daemons.new(users={"lockout": "none"}).start()
    daemon.register("mallory").close()
    atm = daemon.atm()
    lines = [atm.seal(json.dumps({
        "op": "login", "id": str(uuid.uuid4()), "user": "mallory",
        "password": WORD if number == 3 else f"guess number {number}"}))
        for number in range(20)]
    atm.send_line("\n".join(lines))
    for _ in range(3):
        assert atm.receive()["error"]["code"] == "bad-login"
    assert atm.wire.rest() == []


def test_one_id_twice_in_a_batch(victim):
    """The second is the first again, or a conflict."""
    atm, id = victim.session(), str(uuid.uuid4())
    paid, again, other = atm.ok("batch", transfers=[
        {"id": id, "to": "mallory", "amount": "1"},
        {"id": id, "to": "mallory", "amount": "1"},
        {"id": id, "to": "mallory", "amount": "2"}])["results"]
    assert paid["ok"] and again == paid
    assert other["error"]["code"] == "id-conflict"
    assert atm.balance() == "49.00"
    atm.ok("reverse", entry=paid["entry"])


def test_a_batch_of_more_than_there_is(victim):
    """Whose sum no number could hold."""
    atm = victim.session()
    results = atm.ok("batch", transfers=[
        {"to": "mallory", "amount": "90071992547409.91"}] * 300)["results"]
    assert {result["error"]["code"] for result in results} == \
        {"insufficient-funds"}


def test_guesses_at_a_payments_code(daemons):
    """Nothing is paid, and the third ends the session."""
    clock = Clock(pathlib.Path(daemons.space))
    daemon = daemons.new(users={"lockout": "none"},
                         bank={"second_factor_above": "5.00"})
    daemon.start(env=clock.env)
    line = daemon.admin()
    line.ok("/deposit 50")
    daemon.register("mallory").close()
    phone, _ = enrol(clock, line, ADMIN_WORD)
    atm = daemon.atm()
    used = phone.code()
    atm.login(ADMIN, ADMIN_WORD, code=used)
    for op, members in (
            ("pay", {"to": "mallory", "amount": "5.01"}),
            ("batch", {"transfers": [{"to": "mallory", "amount": "1"}] * 6}),
            ("withdraw", {"amount": "50"})):
        atm.refused("code-required", op, **members)
        answer = atm.ask(op, **members, code=used)
        assert answer["error"]["code"] == "bad-code"
    assert atm.wire.rest() == []
    assert "50.00 R" in line.ok("/balance").text


def resident_kib(daemon):
    with open(f"/proc/{daemon.process.pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def sessions(daemon):
    """Ann's and the one that asks are two of them."""
    return int(re.search(r"^sessions: (\d+)$", daemon.ctl("status").stdout,
                         re.M)[1])


def is_served(daemon):
    """Others are, meanwhile: who was here, and who comes."""
    daemon.ann.ok("deposit", amount="1")
    other = daemon.atm(ADMIN, ADMIN_WORD)
    other.ok("withdraw", amount="1")
    other.close()


CROWD = 10000
WITH_TLS = 400  # of them: shaking hands takes a while
OTHERS = 500    # descriptors for all else
EACH_KIB = 64   # at most; a sanitizer keeps what is freed


@pytest.fixture
def descriptors():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert allow_descriptors(CROWD + OTHERS) >= CROWD + OTHERS
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (
        before[0], resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def test_ten_thousand_half_finished_hellos(daemons, descriptors):
    """Most in the middle of the one of TLS, others of ours, or after it."""
    daemon = daemons.new(limits={"sessions": 12000, "login_timeout": "10m",
                                 "handshake_timeout": "120s"}).start()
    daemon.ann = daemon.atm(ADMIN, ADMIN_WORD)
    before = resident_kib(daemon)
    crowd = []
    for number in range(CROWD - WITH_TLS):
        place = number // 100
        crowd.append(socket.create_connection(
            ("127.0.0.1", daemon.atm_port), source_address=(
                f"127.1.{place // 100}.{place % 100 + 1}", 0)))
        crowd[-1].send(HALF)
    tls = context(daemon.ca)
    for number in range(WITH_TLS):
        atm = Atm(daemon.atm_port, tls=tls, hello=number % 2)
        atm.wire.send(b'{"op":"hello","v":1,"client_nonce":"AAAAAAAAAAAA')
        crowd.append(atm)
    is_served(daemon)
    eventually(lambda: sessions(daemon) == CROWD + 2, "all of them there")
    assert SANITIZED or resident_kib(daemon) - before < CROWD * EACH_KIB
    for peer in crowd:
        peer.close()
    is_served(daemon)
    eventually(lambda: sessions(daemon) == 2, "all of them ended")
    daemon.stop()
    assert counted(daemon, "handshake-failed") == CROWD - WITH_TLS


def test_who_never_reads(daemons):
    """Waits for himself alone, in bounded memory, and not for ever."""
    daemon = daemons.new(limits={"output_queue": "256K"},
                         atm={"idle_timeout": "5s"}).start()
    line = daemon.admin()
    line.send("/deposit 0.01\n" * 300)
    for _ in range(300):
        assert line.answer().code == "ok"
    before = resident_kib(daemon)
    deaf = [daemon.atm(ADMIN, ADMIN_WORD, window=4096) for _ in range(16)]
    for atm in deaf:
        for _ in range(40):  # answers of 50 KiB
            atm.send("history", limit=500)
        line.ok("/balance")
    daemon.ann = daemon.atm(ADMIN, ADMIN_WORD)
    is_served(daemon)
    assert SANITIZED or resident_kib(daemon) - before < 16 * 2048
    eventually(lambda: "atm" not in line.ok("/sessions all").text,
               "all of them ended")


def drip(peer, byte):
    """One more byte; true once the daemon has said something."""
    wire = peer.wire
    wire.send(byte)
    try:
        wire.pending += wire.tls.recv(65536)
    except SSL.WantReadError:
        pass  # tickets, or nothing
    return bool(wire.pending)


def test_slow_loris(daemons):
    """A byte at a time, before its hello and after, is no reason to wait."""
    daemon = daemons.new(limits={"login_timeout": "5s"}).start()
    peers = [daemon.atm(hello=False), daemon.atm()]
    talking = list(peers)
    until = deadline()
    while talking:
        assert time.monotonic() < until
        talking = [peer for peer in talking if not drip(peer, b" ")]
        if talking:
            select.select([peer.wire.sock for peer in talking], [], [], 0.05)
    for peer in peers:
        assert peer.last_word("timeout")


def test_hellos_that_are_never_finished(daemons):
    """Of ours: each is told so, in the end."""
    daemon = daemons.new(limits={"login_timeout": "5s"}).start()
    peers = [daemon.atm(hello=number % 2) for number in range(40)]
    for peer in peers:
        peer.wire.send(b'{"op":"hello","v":1,"client_nonce":"AAAAAAAAAAAA')
    for peer in peers:
        assert peer.last_word("timeout")
    daemon.stop()
    assert counted(daemon, "timeout") == len(peers)


VIOLATIONS = [
    ("bad-json", lambda daemon: plain(daemon, b"nothing")),
    ("bad-json", lambda daemon: said(daemon, "{")),
    ("hello-first", lambda daemon: plain(daemon, b"{}")),
    ("bad-request", lambda daemon: plain(daemon, b'{"op":"hello"}')),
    ("bad-request", lambda daemon: daemon.ann.ask("balance", user="ann")),
    ("bad-request", lambda daemon: daemon.ann.ask("batch", transfers=[
        {"to": "ann", "amount": "1", "x": 1}])),
    ("bad-request", lambda daemon: daemon.ann.ask("statement", month="now")),
    ("bad-nonce", lambda daemon: plain(
        daemon, b'{"op":"hello","v":1,"client_nonce":"A"}')),
    ("too-large", lambda daemon: plain(daemon, b" " * 10000)),
    ("too-large", lambda daemon: over(daemon, b" " * 65537)),
    ("tls13-required", lambda daemon: daemon.atm(
        hello=False, tls=context(daemon.ca, newest=SSL.TLS1_2_VERSION))),
    ("mac-failed", lambda daemon: sealed(daemon, lambda atm: "x")),
    ("replay", lambda daemon: sealed(
        daemon, lambda atm: atm.seal("{}", seq=9))),
    ("unknown-op", lambda daemon: daemon.ann.ask("dance")),
    ("handshake-failed", lambda daemon: foreign(daemon)),
]


def plain(daemon, line):
    atm = daemon.atm(hello=False)
    atm.send_line(line)
    atm.wire.rest()


def sealed(daemon, line):
    atm = daemon.atm()
    atm.send_line(line(atm))
    atm.wire.rest()


def said(daemon, text):
    """It is no reason to go."""
    daemon.ann.send_line(daemon.ann.seal(text))
    daemon.ann.receive()


def over(daemon, line):
    atm = daemon.atm(ADMIN, ADMIN_WORD)
    atm.send_line(line)
    atm.wire.rest()


def foreign(daemon):
    with pytest.raises(Closed):
        daemon.atm(hello=False, alpn=b"h2").wire.line()


def counted(daemon, code):
    """How many the trail has of such a violation."""
    lines = [line for line in (daemon.folder / "audit.log").read_text()
             .splitlines() if "session.violation" in line
             and f"outcome={code} " in line]
    counts = [re.search(r'detail="(\d+) times', line) for line in lines]
    return sum(int(count[1]) if count else 1 for count in counts)


def test_each_is_counted(daemons):
    daemon = daemons.new().start()
    daemon.ann = daemon.atm(ADMIN, ADMIN_WORD)
    is_served(daemon)
    for _, violate in VIOLATIONS:
        for _ in range(3):
            violate(daemon)
    is_served(daemon)
    daemon.stop()
    codes = [code for code, _ in VIOLATIONS]
    assert {code: counted(daemon, code) for code in codes} == \
        {code: 3 * codes.count(code) for code in codes}
