"""The joke plugin alone: rialto-joke over pipes, with servers that misbehave.

Whatever a server does, a joke comes at once: it is asked for while the server
still keeps the plugin waiting.
"""

import itertools
import os
import pathlib
import time

import pytest

from joke_server import SYSTEM_CAS, JokeServer, ok, redirect, status, tls
from plugin_peer import PluginPeer
from rialto import JOKE, SANITIZED, eventually, free_port, mounting, run

SOURCE = pathlib.Path(os.environ["RIALTO_SOURCE"])
BUNDLE = {tuple(line.split("\t"))
          for line in (SOURCE / "src/joke/jokes.txt").read_text().splitlines()
          if line and not line.startswith("#")}
RATE = 30  # requests a minute, at most

PUN = {"id": 7, "type": "general", "setup": "Why?", "punchline": "Because."}


@pytest.fixture
def serve():
    """serve(answer) is a JokeServer."""
    all = []

    def new(answer, **more):
        all.append(JokeServer(
            answer if callable(answer) else lambda *_: answer, **more))
        return all[-1]
    yield new
    for server in all:
        server.close()


@pytest.fixture
def joke():
    """joke(url=…) is the plugin with these settings."""
    all = []

    def new(under=(), env=None, **settings):
        all.append(PluginPeer([*under, JOKE], "joke", settings, env=env))
        return all[-1]
    yield new
    for peer in all:
        peer.close()


def told(peer, **more):
    """The joke that is told in the room."""
    answer = peer.use("joke", **more)
    assert set(answer) == {"op", "id", "room"}
    return tuple(answer["room"])


def check_is_well(peer):
    """It tells a joke that it knows by heart, and leaves when it is told."""
    assert told(peer) in BUNDLE
    assert peer.bye() == 0


# The protocol.

def test_says_what_it_adds(joke):
    assert joke().hello == {
        "op": "hello", "v": 1,
        "commands": [{"name": "joke", "usage": "[me]",
                      "help": "tells a joke, in the room or to you; "
                              "get_joke does too"}],
        "lines": ["get_joke"]}


def test_the_bundle_is_told_without_repeating(joke):
    assert len(BUNDLE) >= 50
    peer = joke(url=None)
    rounds = [[told(peer) for _ in BUNDLE] for _ in range(3)]
    for round in rounds:
        assert set(round) == BUNDLE
    assert rounds[0] != rounds[1] != rounds[2]
    for one, other in itertools.pairwise(rounds[0] + rounds[1] + rounds[2]):
        assert one != other


@pytest.mark.parametrize("use, where", [
    ({}, "room"),
    ({"line": True}, "room"),
    ({"args": "here"}, "room"),
    ({"args": "In this room"}, "room"),
    ({"args": "me"}, "user"),
    ({"args": "ME", "room": None}, "user"),
    ({"room": None}, "user"),
])
def test_tells_it_where_it_was_asked_for(joke, use, where):
    answer = joke().use("joke", **use)
    assert set(answer) == {"op", "id", where}
    assert tuple(answer[where]) in BUNDLE


@pytest.mark.parametrize("use, code", [
    ({"args": "help"}, "usage"),
    ({"args": "me please"}, "usage"),
    ({"args": "x" * 4000}, "usage"),
    ({"args": "here", "room": None}, "not-found"),
])
def test_refuses(joke, use, code):
    peer = joke()
    assert peer.use("joke", **use)["refusal"]["code"] == code
    check_is_well(peer)


def test_many_uses_at_once_are_all_answered(joke):
    peer = joke()
    line = ('{"op":"use","id":%d,"command":"joke","args":"","user":"ann",'
            '"roles":["user"],"room":"den","line":false,"new":[1]}\n')
    text = "".join(line % i for i in range(1000, 1500)).encode()
    for at in range(0, len(text), 1000):  # and cut anywhere
        peer.process.stdin.write(text[at:at + 1000])
        peer.process.stdin.flush()
    for i in range(1000, 1500):
        peer.expect(lambda m: m.get("id") == i)
    check_is_well(peer)


def test_what_it_does_not_know_is_left_alone(joke):
    peer = joke()
    peer.send(op="dance", with_="ann")
    peer.send(re="nothing")
    peer.send(op=7)
    peer.event("joined")
    check_is_well(peer)


def test_leaves_when_its_input_ends(joke):
    peer = joke()
    peer.process.stdin.close()
    assert peer.process.wait(20) == 0


@pytest.mark.parametrize("line", [b"nonsense\n", b"[]\n", b"\n", b"{\n",
                                  b'{"op":"\xff"}\n', b"[" * 5000 + b"\n"])
def test_leaves_when_a_line_is_no_message(joke, line):
    peer = joke()
    peer.process.stdin.write(line)
    peer.process.stdin.flush()
    assert peer.process.wait(20) == 1
    assert "no JSON object" in peer.errors.wait_for_end()


@pytest.mark.parametrize("option, text", [
    ("--help", "Usage: rialto-joke"), ("--version", "rialto-joke 0")])
def test_says_what_it_is(option, text):
    said = run(JOKE, option)
    assert (said.returncode, said.stdout[:len(text)]) == (0, text)
    assert run(JOKE, "--dance").returncode == 2


# Settings.

@pytest.mark.parametrize("settings, words", [
    ({"url": "file:///etc/passwd"}, "url is neither"),
    ({"url": "ftp://127.0.0.1/joke"}, "url is neither"),
    ({"url": "http://ann:word@127.0.0.1/"}, "url holds a name or password"),
    ({"url": "127.0.0.1/joke"}, "url is none"),
    ({"url": "http://"}, "url is none"),
    ({"url": "http://a b/"}, "url is none"),
    ({"url": ""}, "url is none"),
    ({"url": "http://127.0.0.1/" + "a" * 2000}, "url is too long"),
    ({"url": 7}, "url is no text"),
    ({"url": True}, "url is no text"),
    ({"prefetch": 0}, "prefetch is out of range"),
    ({"prefetch": 51}, "prefetch is out of range"),
    ({"prefetch": "10s"}, "prefetch is out of range"),
    ({"prefetch": -2**63}, "prefetch is out of range"),
    ({"timeout": "2h"}, "timeout is out of range"),
    ({"timeout": "soon"}, "timeout is out of range"),
    ({"timeout": False}, "timeout is out of range"),
    ({"timout": "3s", "urls": 1}, "timout is unknown"),
    ({"x\n": 1}, "of a strange name is unknown"),
    ({"x" * 2000: 1}, "of a strange name is unknown"),
])
def test_says_what_is_wrong_with_a_setting(joke, settings, words):
    peer = joke(**settings)
    peer.expect_log(f"the setting {words}")
    check_is_well(peer)


@pytest.mark.parametrize("settings", [
    {"timeout": "1m"}, {"timeout": 60}, {"timeout": None, "prefetch": None},
    {"prefetch": 50}])
def test_takes_other_settings(joke, serve, settings):
    peer = joke(url=serve(ok(PUN)).url, **settings)
    eventually(lambda: told(peer) == ("Why?", "Because."), "told")
    assert not any(m["op"] == "log" for m in peer.got)


# What servers send.

@pytest.mark.parametrize("body, want", [
    (PUN, ("Why?", "Because.")),
    ([PUN], ("Why?", "Because.")),
    ({"joke": "Ha."}, ("Ha.",)),
    ([{"joke": "Ha."}], ("Ha.",)),
    ({"joke": "Ha.", **PUN}, ("Why?", "Because.")),
    ({"joke": "Ha.", "setup": "Why?"}, ("Ha.",)),
    ({"joke": "  Two\r\n\tlines \n"}, ("Two lines",)),
    ({"setup": "🎭 Čemu?", "punchline": "日本 🛶"}, ("🎭 Čemu?", "日本 🛶")),
    ({"joke": "/quit"}, ("/quit",)),
    ({"joke": "x" * 1000}, ("x" * 1000,)),
    ([1, None, [PUN], {"joke": 1}, {}, {"joke": "\a"}, {"joke": "Ha."}],
     ("Ha.",)),
    ([{"joke": f"{i}"} for i in range(3000)], ("0",)),
])
def test_tells_what_the_server_says(joke, serve, body, want):
    peer = joke(url=serve(ok(body)).url)
    eventually(lambda: told(peer) == want, "told")
    assert peer.bye() == 0


def test_two_bytes_at_a_time_are_a_joke_as_well(joke, serve):
    answer = ok(PUN)
    peer = joke(url=serve(
        lambda *_: [answer[i:i + 2] for i in range(0, len(answer), 2)]).url)
    eventually(lambda: told(peer) == ("Why?", "Because."), "told")


NO_JOKE, NO_JSON = "no joke that may be told", "no JSON"
TOO_LONG = "too long"


def forever(head, piece):
    yield head
    while True:
        yield piece


@pytest.mark.parametrize("answer, words", [
    (ok("<html><p>Welcome</p></html>"), NO_JSON),
    (ok(""), NO_JSON),
    (ok('{"setup": "Why?", '), NO_JSON),
    (ok('"joke"'), NO_JSON),
    (ok("[" * 30000), NO_JSON),
    (ok('{"a":' * 10000), NO_JSON),
    (ok(b'{"joke": "caf\xe9"}'), NO_JSON),
    (ok(b'{"joke": "\xed\xa0\x80"}'), NO_JSON),
    (ok(b'{"joke": "a\x00b"}'), NO_JSON),
    (ok('{"joke": "a\\u0000b"}'), NO_JSON),
    (ok(b'{"joke": "a\nb"}'), NO_JSON),
    (ok({}), NO_JOKE),
    (ok([]), NO_JOKE),
    (ok({"setup": "Why?"}), NO_JOKE),
    (ok({"punchline": "Because."}), NO_JOKE),
    (ok({"setup": 1, "punchline": []}), NO_JOKE),
    (ok({"setup": {"joke": "x"}, "punchline": None}), NO_JOKE),
    (ok({"joke": ""}), NO_JOKE),
    (ok({"joke": " \n "}), NO_JOKE),
    (ok({"setup": "Why?", "punchline": ""}), NO_JOKE),
    (ok({"joke": "\x1b[2J"}), NO_JOKE),
    (ok({"joke": "a\x7fb"}), NO_JOKE),
    (ok({"joke": "a\x85b"}), NO_JOKE),
    (ok({"joke": "a\u202eb"}), NO_JOKE),
    (ok({"joke": "x" * 1001}), NO_JOKE),
    (ok({"joke": "é" * 501}), NO_JOKE),
    (ok([[PUN]]), NO_JOKE),
    (status(500, b'{"joke": "Ha."}'), "the answer is 500"),
    (status(404), "the answer is 404"),
    (status(204, b""), "the answer is 204"),
    (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "the answer is 302"),
    (ok(b" " * 70000), TOO_LONG),
    (ok(PUN, "X-Much: " + "a" * 60000 + "\r\n" + "X-More: "
        + "a" * 60000 + "\r\n"), TOO_LONG),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", ""),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{", ""),
    (b"220 smtp ready\r\n", ""),
    (b"", ""),
])
def test_what_is_no_answer_is_not_told(joke, serve, answer, words):
    peer = joke(url=serve(answer).url)
    peer.expect_log(words or "no jokes from 127.0.0.1: ")
    check_is_well(peer)


@pytest.mark.parametrize("head, piece", [
    (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 10000),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
     b"1000\r\n" + b"[" * 4096 + b"\r\n"),
    (b"HTTP/1.1 200 OK\r\n", b"X-Head: er\r\n" * 1000),
    (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
])
def test_an_endless_answer_is_cut(joke, serve, head, piece):
    peer = joke(url=serve(lambda *_: forever(head, piece)).url)
    peer.expect_log(TOO_LONG)
    check_is_well(peer)


# Servers that are not there.

def test_a_silent_server_keeps_nobody_waiting(joke, serve):
    server = serve(lambda *_: server.hold())
    peer = joke(url=server.url, timeout="1m")
    server.wait_for_requests(1)
    assert {told(peer) for _ in BUNDLE} == BUNDLE
    assert len(server.paths) == 1
    check_is_well(peer)


def test_a_slow_server_is_given_up(joke, serve):
    server = serve(lambda *_: server.hold())
    peer = joke(url=server.url, timeout=1)
    peer.expect_log("Timeout was reached")
    check_is_well(peer)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]",
                                  "no.such.host.invalid"])
def test_a_server_that_is_away_keeps_nobody_waiting(joke, host):
    peer = joke(url=f"http://{host}:{free_port()}/", timeout=60)
    assert told(peer) in BUNDLE
    peer.expect_log("no jokes from ")
    check_is_well(peer)


def test_a_server_with_another_ca_is_not_believed(joke, serve, made):
    server = serve(ok(PUN), wrap=tls(made))
    peer = joke(url=server.url.replace("http:", "https:"))
    peer.expect_log("certificate")
    assert server.paths == []
    check_is_well(peer)


@pytest.mark.needs("mount")
def test_a_server_that_the_system_vouches_for_is_believed(joke, serve, made):
    server = serve(ok(PUN), wrap=tls(made))
    peer = joke(url=f"https://localhost:{server.port}/", under=[
        *mounting(), "sh", "-c", 'mount --bind "$0" "$1" && exec "$2"',
        made / "tls/ca.crt", SYSTEM_CAS])
    eventually(lambda: told(peer) == ("Why?", "Because."), "told")


def test_says_when_the_server_is_back(joke, serve):
    server = serve(lambda number, _: ok(PUN) if number else status(503))
    peer = joke(url=server.url)
    peer.expect_log("no jokes from 127.0.0.1: the answer is 503")
    peer.expect_log("jokes come from 127.0.0.1 again")
    assert told(peer) == ("Why?", "Because.")


# How often it asks.

def test_is_ahead_of_those_who_ask(joke, serve):
    server = serve(lambda number, _: ok({"joke": f"number {number}"})
                   if number < 3 else server.hold())
    peer = joke(url=server.url, prefetch=3, timeout=60)
    eventually(lambda: told(peer) == ("number 0",), "told")
    # Each is asked for after the one before was taken in.
    server.wait_for_requests(4)
    assert told(peer) == ("number 1",)
    assert told(peer) == ("number 2",)
    assert told(peer) in BUNDLE
    assert len(server.paths) == 4


def test_an_array_fills_the_stock_at_once(joke, serve):
    jokes = [{"joke": f"number {i}"} for i in range(10)]
    server = serve(ok(jokes))
    peer = joke(url=server.url, prefetch=5)
    eventually(lambda: told(peer) == ("number 0",), "told")
    assert [told(peer) for _ in range(4)] == \
        [(f"number {i}",) for i in range(1, 5)]
    assert server.paths == ["/jokes"]


def test_a_server_is_not_asked_too_often(joke, serve):
    start = time.monotonic()
    server = serve(lambda number, _: ok({"joke": f"number {number}"}))
    peer = joke(url=server.url, prefetch=1)
    eventually(lambda: told(peer) and len(server.paths) >= RATE, "asked")
    for _ in range(100):
        told(peer)
    minutes = int((time.monotonic() - start) / 60) + 1
    assert len(server.paths) <= RATE * minutes


def test_one_joke_again_and_again_is_in_stock_once(joke, serve):
    server = serve(lambda number, _: ok(PUN) if number < 2 else server.hold())
    peer = joke(url=server.url, timeout=60)
    server.wait_for_requests(3)
    eventually(lambda: told(peer) == ("Why?", "Because."), "told")
    assert told(peer) in BUNDLE


# Where a server may send it.

def test_redirects_on_the_same_server_are_followed(joke, serve):
    ways = {"/jokes": redirect("/a"), "/a": redirect("b?c=d#e"),
            "/b?c=d": redirect(""), "/c": ok(PUN)}
    server = serve(lambda _, path: ways[path])
    ways["/b?c=d"] = redirect(f"HTTP://127.0.0.1:{server.port}/c")
    peer = joke(url=server.url)
    eventually(lambda: told(peer) == ("Why?", "Because."), "told")
    assert server.paths[:4] == list(ways)


def test_more_than_three_redirects_are_not(joke, serve):
    server = serve(lambda number, _: redirect(f"/{number}"))
    peer = joke(url=server.url)
    peer.expect_log("too many redirects")
    assert server.paths[:4] == ["/jokes", "/0", "/1", "/2"]
    check_is_well(peer)


@pytest.mark.parametrize("url, words", [
    ("file:///etc/passwd", "neither http nor https"),
    ("file://127.0.0.1/etc/passwd", "neither http nor https"),
    ("ftp://127.0.0.1:{there}/", "neither http nor https"),
    ("gopher://127.0.0.1:{there}/x", "neither http nor https"),
    ("dict://127.0.0.1:{there}/x", "neither http nor https"),
    ("unix:/run/control.sock", ""),
    ("http://ann:word@127.0.0.1:{here}/", "a name or password"),
    ("http://127.0.0.1:{here}@127.0.0.1:{there}/", "a name or password"),
    ("http://127.0.0.1:{there}/", "not public"),
    ("//127.0.0.1:{there}/", "not public"),
    ("http://127.0.0.2:{here}/", "not public"),
    ("http://localhost:{here}/", "not public"),
    ("https://localhost:{there}/", "not public"),
    ("http://0.0.0.0:{there}/", "not public"),
    ("http://0:{there}/", "not public"),
    ("http://127.1:{there}/", "not public"),
    ("http://2130706433:{there}/", "not public"),
    ("http://0x7f000002:{there}/", "not public"),
    ("http://[::1]:{there}/", ""),
    ("http://[::ffff:127.0.0.1]:{there}/", ""),
    ("http://[::]:{there}/", ""),
    ("http://10.0.0.1:{there}/", "not public"),
    ("http://192.168.0.1/", "not public"),
    ("http://169.254.169.254/latest/meta-data/", "not public"),
    ("http://224.0.0.1/", "not public"),
    ("http://[fe80::1]/", ""),
    ("http://[fd00::1]/", ""),
])
def test_redirects_to_what_is_not_public_are_refused(joke, serve, url, words):
    secret = serve(ok({"joke": "the secret"}))
    server = serve(lambda _, path: redirect(
        url.format(here=server.port, there=secret.port))
        if path == "/jokes" else ok({"joke": "the secret"}))
    peer = joke(url=server.url, timeout=60)
    peer.expect_log(words or "no jokes from 127.0.0.1: ")
    check_is_well(peer)
    assert secret.paths == [] and set(server.paths) == {"/jokes"}


def test_the_configured_server_may_be_a_private_one(joke, serve):
    server = serve(ok(PUN))
    peer = joke(url=f"http://localhost:{server.port}/")
    eventually(lambda: told(peer) == ("Why?", "Because."), "told")


# What surrounds it.

def test_the_environment_is_not_asked(joke, serve, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    server = serve(ok(PUN))
    nobody = f"http://127.0.0.1:{free_port()}"
    peer = joke(url=server.url, env={
        "http_proxy": nobody, "HTTP_PROXY": nobody, "ALL_PROXY": nobody,
        "HOME": str(tmp_path)})
    eventually(lambda: told(peer) == ("Why?", "Because."), "told")


def test_256_mebibytes_are_enough(joke, serve):
    """As much as a plugin may map, with a thread that looks up a name."""
    server = serve(ok([{"joke": "x" * 900}] * 60))
    peer = joke(url=f"http://localhost:{server.port}/",
                under=[] if SANITIZED else ["prlimit", "--as=268435456"])
    eventually(lambda: told(peer) == ("x" * 900,), "told")
