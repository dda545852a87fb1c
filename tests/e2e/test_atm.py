"""The service atm: hello, sealed requests, what they refuse, and their ends."""

import os
import re
import time

import pytest
from jwcrypto import jwk
from OpenSSL import SSL

from atm import context, encode
from rialto import ADMIN, ADMIN_WORD, MISTAKEN, WORD, eventually

ID = "0193a4c2-1f5e-7cc1-8b1f-0123456789ab"


@pytest.fixture(scope="module")
def daemon(shared):
    return shared


def test_hello_and_who_it_is(daemon):
    first = daemon.atm()
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", first.identity)
    status = daemon.ctl("status").stdout
    assert f"SHA256:{first.identity}" in status
    # The same for everybody, and sessions are not.
    second = daemon.atm(identity=first.identity)
    assert second.keys["request"].export() != first.keys["request"].export()
    nonces = {daemon.atm(hello=False).hello()["server_nonce"]
              for _ in range(8)}
    assert len(nonces) == 8


def test_without_alpn(daemon):
    daemon.atm(alpn=None).login(ADMIN, ADMIN_WORD)


@pytest.mark.parametrize("line, code", [
    (b"", "bad-json"),
    (b"GET / HTTP/1.1\r", "bad-json"),
    (b"[]", "bad-json"),
    (b"{", "bad-json"),
    (b'{"op":"hello","op":"hello"}', "bad-json"),
    (b'{"op":"hello","v":9007199254740993}', "bad-json"),
    (b'{"op":"\xff"}', "bad-json"),
    (b'{"op":"hello\\u0000"}', "bad-json"),
    (b'{"a":' + b"[" * 100 + b"]" * 100 + b"}", "bad-json"),
    (b"[" * 8000, "bad-json"),
    (b"{}", "hello-first"),
    (b'{"op":1}', "hello-first"),
    (b'{"op":"login","id":"' + ID.encode() + b'"}', "hello-first"),
    (b'{"op":"hello","v":1}', "bad-request"),
    (b'{"op":"hello","client_nonce":"' + b"A" * 43 + b'"}', "bad-request"),
    (b'{"op":"hello","v":2,"client_nonce":"' + b"A" * 43 + b'"}',
     "bad-request"),
    (b'{"op":"hello","v":1,"client_nonce":"' + b"A" * 43 + b'","x":1}',
     "bad-request"),
    (b'{"op":"hello","v":1,"client_nonce":"' + b"A" * 43 + b'","id":"' +
     ID.encode() + b'"}', "bad-request"),
    (b'{"op":"hello","v":1,"client_nonce":""}', "bad-request"),
    (b'{"op":"hello","v":1,"client_nonce":"' + b"A" * 42 + b'"}', "bad-nonce"),
    (b'{"op":"hello","v":1,"client_nonce":"' + b"A" * 44 + b'"}', "bad-nonce"),
    # Padded, in another alphabet, and with bits that are none of the nonce.
    (b'{"op":"hello","v":1,"client_nonce":"' + b"A" * 43 + b'="}', "bad-nonce"),
    (b'{"op":"hello","v":1,"client_nonce":"' + b"+" * 43 + b'"}', "bad-nonce"),
    (b'{"op":"hello","v":1,"client_nonce":"' + b"A" * 42 + b'B"}',
     "bad-nonce"),
    (b"{" + b" " * 8192, "too-large"),
    (b"x" * 100000, "too-large"),
])
def test_no_hello(daemon, line, code):
    peer = daemon.atm(hello=False)
    peer.send_line(line)
    assert peer.last_word(code)


def test_a_line_without_an_end(daemon):
    peer = daemon.atm(hello=False)
    peer.wire.send(b"{" + b" " * 8193)
    assert peer.last_word("too-large")


def test_hello_with_a_carriage_return(daemon):
    peer = daemon.atm(hello=False)
    peer.send_line(b'{"op":"hello","v":1,"client_nonce":"' + b"A" * 43 +
                   b'"}\r')
    assert peer.receive_plain()["ok"] is True


def test_old_tls(daemon):
    peer = daemon.atm(hello=False, tls=context(daemon.ca,
                                               newest=SSL.TLS1_2_VERSION))
    assert peer.last_word("tls13-required")


def test_login(daemon):
    daemon.register("ben").close()
    atm = daemon.atm()
    for op in ("balance", "accounts", "history", "logout"):
        atm.refused("login-required", op)
    answer = atm.login("Ben")
    assert answer["user"] == "ben"
    assert answer["roles"] == ["guest", "user"]
    assert abs(answer["last_login"] / 1000 - time.time()) < 3600
    assert (answer["currency"], answer["scale"]) == ("RIA", 2)
    assert answer["second_factor"] is False
    atm.refused("already-logged-in", "login", user="ben", password=WORD)
    atm.refused("already-logged-in", "signup", user="bea", password=WORD)
    atm.ok("logout")
    atm.refused("login-required", "balance")
    answer = atm.login(ADMIN, ADMIN_WORD)
    assert "admin" in answer["roles"]


def test_signup(daemon):
    atm = daemon.atm()
    answer = atm.ok("signup", user="cleo", password=WORD)
    assert answer["last_login"] is None and answer["currency"] == "RIA"
    assert atm.balance() == "0.00"
    other = daemon.atm()
    other.refused("name-taken", "signup", user="Cleo", password=WORD)
    other.refused("bad-name", "signup", user="7up", password=WORD)
    other.refused("weak-password", "signup", user="dora", password="short")
    other.refused("weak-password", "signup", user="dora", password="x" * 513)
    other.login("cleo")


def test_an_approval_is_waited_for(daemons):
    daemon = daemons.new(users={"registration": "approval"}).start()
    atm = daemon.atm()
    atm.refused("approval-pending", "signup", user="ben", password=WORD)
    atm.refused("approval-pending", "login", user="ben", password=WORD)
    daemon.ctl("users", "approve", "ben")
    atm.login("ben")


def test_three_wrong_passwords(daemons):
    daemon = daemons.new(users={"lockout": "15m"}).start()
    daemon.register("ben").close()
    atm = daemon.atm()
    assert "2 attempts" in atm.refused("bad-login", "login", user="ben",
                                       password="not this one")
    atm.refused("bad-login", "login", user="ben", password="not this one")
    atm.refused("bad-login", "login", user="nobody", password="not this one")
    assert atm.wire.rest() == []
    # A right one between them makes it no more.
    atm = daemon.atm()
    for name in "mia", "mio":
        atm.refused("bad-login", "login", user=name, password="not this one")
    atm.admin()
    atm.ok("logout")
    assert "last attempt" in atm.refused("bad-login", "login", user="max",
                                         password="not this one")
    assert atm.wire.rest() == []
    # Whoever is locked out is so everywhere.
    atm = daemon.atm()
    line = daemon.machine()
    for word in "not this one", "not that one", WORD:
        atm.send("login", user="ben", password=word)
    codes = [atm.receive()["error"]["code"] for _ in range(3)]
    assert codes == ["bad-login", "bad-login", "locked-out"]
    line.refused(f"/login ben {WORD}", "locked-out")


def test_balances(daemon):
    ann = daemon.atm(ADMIN, ADMIN_WORD)
    line = daemon.admin()
    line.ok("/account open savings")
    line.ok("/deposit 69.75")
    line.ok("/transfer ann savings 5")
    balance = ann.ok("balance")["balance"]
    assert balance == {"account": "ann", "posted": "64.75", "held": "0.00",
                       "available": "64.75"}
    assert ann.ok("balance", account="savings")["balance"]["posted"] == "5.00"
    assert [b["account"] for b in ann.ok("accounts")["accounts"]] == \
        ["ann", "ann/savings"]
    for other in ("ben", "cash:till", "fees", "nobody", "ben/savings", "#1"):
        ann.refused("no-such-account", "balance", account=other)


def test_history(daemon):
    line = daemon.register("hal")
    daemon.register("hedy").close()
    atm = daemon.atm("hal")
    assert atm.ok("history")["postings"] == []
    line.ok("/deposit 100")
    line.ok('/pay hedy 30.25 for "you", \\ and ä')
    for n in range(1, 6):
        line.ok(f"/pay hedy {n} m{n}")
    page = atm.ok("history", limit=2)
    assert [p["memo"] for p in page["postings"]] == ["m5", "m4"]
    page = atm.ok("history", limit=4, before=page["next"])
    assert [p["memo"] for p in page["postings"]] == \
        ["m3", "m2", "m1", 'for "you", \\ and ä']
    posting = page["postings"][-1]
    assert posting.pop("entry") == page["next"]
    assert abs(posting.pop("time") / 1000 - time.time()) < 3600
    assert posting == {"kind": "pay", "amount": "-30.25", "balance": "69.75",
                       "other": "hedy", "memo": 'for "you", \\ and ä'}
    page = atm.ok("history", before=page["next"])
    assert page["next"] is None
    assert [(p["kind"], p["amount"], p["other"]) for p in page["postings"]] \
        == [("deposit", "100.00", "cash:till")]
    month = time.strftime("%Y-%m", time.localtime(posting_time(atm)))
    sheet = atm.ok("statement", month=month, limit=1)
    assert (sheet["account"], sheet["month"]) == ("hal", month)
    assert (sheet["opening"], sheet["closing"]) == ("0.00", "54.75")
    assert sheet["postings"][0]["memo"] == "m5"
    rest = atm.ok("statement", month=month, before=sheet["next"])
    assert len(rest["postings"]) == 6 and rest["next"] is None
    atm.refused("not-found", "history", before=1)
    atm.refused("not-found", "statement", month="1999-12")
    for wrong in ("2026", "2026-13", "9999-12", "november", "2026-11-01"):
        atm.refused("bad-request", "statement", month=wrong)


def posting_time(atm):
    return atm.ok("history", limit=1)["postings"][0]["time"] / 1000


@pytest.mark.parametrize("op, members", [
    ("balance", {"account": 5}),
    ("balance", {"account": ""}),
    ("balance", {"account": "x" * 80}),
    ("balance", {"account": "a\u0007"}),
    ("balance", {"user": "ann"}),
    ("history", {"limit": 0}),
    ("history", {"limit": 501}),
    ("history", {"limit": "20"}),
    ("history", {"limit": 20.0}),
    ("history", {"before": -1}),
    ("statement", {}),
    ("login", {"user": "ann"}),
    ("login", {"user": "ann", "password": ["x"]}),
])
def test_members(daemon, op, members):
    atm = daemon.atm()
    if op != "login":
        atm.admin()
    words = atm.refused("bad-request", op, **members)
    assert re.match(r'"[a-z]+" ', words)
    # That was no reason to go.
    atm.refused("unknown-op", "dance")


@pytest.mark.parametrize("text, code", [
    (b"", "bad-json"),
    (b"null", "bad-json"),
    (b"{}x", "bad-json"),
    (b'{"op":"balance","id":"' + ID.encode() + b'","op":"balance"}',
     "bad-json"),
    (b"[" * 40000, "bad-json"),
    (b'{"op":"balance"}', "bad-request"),
    (b'{"op":"balance","id":7}', "bad-request"),
    (b'{"op":"balance","id":"7"}', "bad-request"),
    (b'{"op":"balance","id":"00000000-0000-0000-0000-000000000000"}',
     "bad-request"),
])
def test_what_is_no_request(daemon, text, code):
    atm = daemon.atm()
    atm.admin()
    atm.send_line(atm.seal(text))
    answer = atm.receive()
    assert answer["ok"] is False and answer["error"]["code"] == code
    assert "re" not in answer
    assert atm.balance()


def test_the_longest_line(daemon):
    atm = daemon.atm()
    atm.admin()
    request = '{"op":"balance","id":"%s"}' % ID
    spare = 65536 - len(atm.seal(request.ljust(48000), seq=0))
    assert spare > 64
    text = request.ljust(48000 + spare * 3 // 4 // 16 * 16 - 16)
    line = atm.seal(text)
    assert 65536 - 64 < len(line) <= 65536
    atm.send_line(line)
    assert atm.receive()["ok"] is True
    atm.send_line(b"x" * 65536)  # not too long, but nothing
    assert atm.last_word("mac-failed")


def test_too_long_a_line(daemon):
    atm = daemon.atm()
    atm.admin()
    atm.send_line(b"x" * 65537)
    assert atm.last_word("too-large")


def test_too_long_a_line_before_the_login(daemon):
    atm = daemon.atm()
    atm.send_line(b"x" * 8193)
    assert atm.last_word("too-large")


@pytest.mark.parametrize("spoil, code", [
    (lambda atm, line: "", "mac-failed"),
    (lambda atm, line: '{"op":"balance","id":"%s"}' % ID, "mac-failed"),
    (lambda atm, line: line[:-1] + ("A" if line[-1] != "A" else "B"),
     "mac-failed"),
    (lambda atm, line: line[:-1], "mac-failed"),
    (lambda atm, line: line + "A", "mac-failed"),
    (lambda atm, line: line + " ", "mac-failed"),
    (lambda atm, line: line.rpartition(".")[0] + ".", "mac-failed"),
    (lambda atm, line: atm.seal("{}", seq=atm.sent, key=jwk.JWK(
        kty="oct", k=encode(os.urandom(64)))), "mac-failed"),
    (lambda atm, line: atm.seal("{}", seq=atm.sent,
                                key=atm.keys["response"]), "mac-failed"),
    (lambda atm, line: atm.seal("{}", seq=atm.sent, kid="x"), "mac-failed"),
    (lambda atm, line: atm.seal("{}", seq=atm.sent - 1), "replay"),
    (lambda atm, line: atm.seal("{}", seq=atm.sent + 1), "replay"),
])
def test_what_is_not_the_next_message(daemon, spoil, code):
    atm = daemon.atm()
    atm.admin()
    line = atm.seal('{"op":"balance","id":"%s"}' % ID, seq=atm.sent)
    atm.send_line(spoil(atm, line))
    assert atm.last_word(code)


def test_a_message_of_another_session(daemon):
    ann, other = daemon.atm(), daemon.atm()
    other.send_line(ann.seal('{"op":"balance","id":"%s"}' % ID))
    assert other.last_word("mac-failed")


def test_answers_come_in_order(daemon):
    daemon.register("pia").close()
    atm = daemon.atm()
    ids = [atm.send("login", user="pia", password=WORD)]
    ids += [atm.send(op) for op in
            ("balance", "history", "accounts", "dance", "balance") * 40]
    answers = [atm.receive() for _ in ids]
    assert [a["re"] for a in answers] == ids
    assert [a["ok"] for a in answers] == \
        [True] + [True, True, True, False, True] * 40


def test_whoever_has_said_all_is_answered(daemon):
    """After close_notify, as by a client that reads from a pipe."""
    atm = daemon.atm()
    ids = [atm.send("login", user=ADMIN, password=ADMIN_WORD)]
    ids += [atm.send("history", limit=500) for _ in range(20)]
    atm.wire.tls.shutdown()
    assert [atm.receive()["re"] for _ in ids] == ids
    assert atm.wire.rest() == []


def test_two_sessions(daemon):
    daemon.register("tom").close()
    first, second = daemon.atm("tom"), daemon.atm("tom")
    line = daemon.login("tom")
    line.ok("/deposit 7")
    assert first.balance() == second.balance() == "7.00"
    listed = line.ok("/sessions").text
    assert listed.count("atm, TLS1.3") == 2
    first.ok("logout")
    assert line.ok("/sessions").text.count("atm, TLS1.3") == 1
    # Nobody sees them among those who are in a room.
    line.close()
    assert "tom" not in daemon.admin().ok("/who lobby").text


def test_ended_by_others(daemon):
    daemon.register("eve").close()
    atm = daemon.atm("eve")
    ann = daemon.admin()
    number = re.search(r"#(\d+) eve .*atm", ann.ok("/sessions all").text)
    ann.ok(f"/sessions end {number.group(1)}")
    assert atm.last_word("session-ended")
    atm = daemon.atm("eve")
    ann.ok("/users disable eve")
    assert atm.last_word("disabled")
    daemon.atm().refused("disabled", "login", user="eve", password=WORD)


def test_silence_before_the_login(daemons):
    daemon = daemons.new(limits={"login_timeout": "5s"}).start()
    first, second = daemon.atm(hello=False), daemon.atm()
    assert first.last_word("timeout")
    assert second.last_word("timeout")


def test_silence_after_it(daemons):
    daemon = daemons.new(atm={"idle_timeout": "5s"}).start()
    assert daemon.atm(ADMIN, ADMIN_WORD).last_word("timeout")


def test_the_daemon_stops(daemons):
    daemon = daemons.new().start()
    peers = [daemon.atm(hello=False), daemon.atm(),
             daemon.atm(ADMIN, ADMIN_WORD)]
    daemon.stop()
    for peer in peers:
        assert peer.last_word("shutting-down")


def test_a_reader_that_waits(daemons):
    """Answers wait for who reads them late, however many were asked for."""
    daemon = daemons.new(limits={"output_queue": "512K"}).start()
    line = daemon.admin()
    line.send("/deposit 0.01\n" * 400)
    for _ in range(400):
        assert line.answer().code == "ok"
    atm = daemon.atm(ADMIN, ADMIN_WORD, window=4096)
    other = daemon.atm(ADMIN, ADMIN_WORD)
    ids = [atm.send("history", limit=500) for _ in range(150)]
    for _ in range(150):  # meanwhile, so that there is time
        other.ok("history", limit=500)
    for id in ids:
        answer = atm.receive()
        assert answer["re"] == id and len(answer["postings"]) == 400


def test_who_reads_too_slowly_gets_whole_lines(daemons):
    """Also the last, of which a part was on its way already."""
    daemon = daemons.new(limits={"output_queue": "64K"},
                         bank={"rate": "none"}).start()
    daemon.register("ben").close()
    first = daemon.atm(ADMIN, ADMIN_WORD)
    first.ok("deposit", amount="10")
    for _ in range(3):
        first.ok("batch", transfers=[{"to": "ben", "amount": "0.01",
                                      "memo": "x" * 150}] * 200)
    first.close()
    line, atm = daemon.admin(), daemon.atm(ADMIN, ADMIN_WORD, window=4096)
    for _ in range(100):
        atm.send("history", limit=500)
    eventually(lambda: "atm," not in line.ok("/sessions").text, "end")
    answers = [atm.open(sealed) for sealed in atm.wire.rest()]
    assert len(answers) > 1
    assert all(answer["ok"] for answer in answers[:-1])


def test_violations_are_counted(daemons):
    daemon = daemons.new().start()
    for _ in range(20):
        peer = daemon.atm(hello=False)
        peer.send_line("nothing")
        peer.last_word("bad-json")
    peer = daemon.atm()
    peer.send_line("nothing")
    peer.last_word("mac-failed")
    daemon.stop()
    trail = (daemon.folder / "audit.log").read_text()
    lines = [line for line in trail.splitlines() if "session.violation" in line]
    assert any("bad-json" in line and "20" in line for line in lines), lines
    assert any("mac-failed" in line for line in lines), lines
    assert len(lines) <= 6, lines


@pytest.mark.parametrize("settings, complaint", [
    ({"listeners": [{"service": "atm", "address": "127.0.0.1:1",
                     "tls": False}]},
     r"rialto\.yaml:\d+:\d+: listeners\[0\]\.tls is false; the service atm "
     r"needs TLS"),
    ({"listeners": [{"service": "atm", "address": "unix:x",
                     "console": True}]},
     r"rialto\.yaml:\d+:\d+: listeners\[0\]\.console is true; "),
    ({"atm": {"idle_timeout": "none"}}, r"atm\.idle_timeout"),
    ({"terminals": [{"certificate": "x", "account": "cash:corner"}]},
     r"terminals\[0\]\.certificate is \"x\"; it must be"),
    ({"terminals": [{"certificate": "ab" * 32, "account": "corner"}]},
     r"terminals\[0\]\.account is \"corner\"; it must be cash:"),
    ({"terminals": [{"certificate": "ab" * 32, "account": "cash:a"},
                    {"certificate": ":".join(["AB"] * 32),
                     "account": "cash:b"}]},
     r"terminals\[1\]\.certificate is another terminal's"),
    ({"terminals": [{"account": "cash:a"}]}, r"terminals\[0\]"),
])
def test_settings(daemons, settings, complaint):
    daemon = daemons.new()
    daemon.write(**settings)
    result = daemon.offline("--check-config")
    assert result.returncode == MISTAKEN
    assert re.search(complaint, result.stdout + result.stderr), result
