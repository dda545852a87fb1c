"""What bad input gets: a clear refusal, or the loss of that peer alone."""

import os
import pathlib
import re
import shutil
import socket
import ssl

import pytest

from berkeley import flip, page_with, set_schema
from conftest import Daemons
from rialto import (ADMIN, DAMAGED, MISTAKEN, RIALTOD, SANITIZED, WORD, Closed, Link, context,
                    deadline, init, remaining, run)


# Lines.

@pytest.fixture
def pair(shared):
    """Somebody who sends, and somebody who must not see it."""
    name = f"sender-{os.urandom(4).hex()}"
    sender, witness = shared.guest(name), shared.guest(name + "-w")
    sender.take()
    witness.heard = lambda: [e for e in witness.take()
                             if e.startswith((f"[lobby] {name}: ", name))]
    yield sender, witness
    sender.close()
    witness.close()


BAD_TEXT = [
    ("invalid UTF-8", b"caf\xe9"),
    ("a cut character", b"caf\xc3"),
    ("an overlong slash", b"\xc0\xafhelp"),
    ("a surrogate", b"\xed\xa0\x80"),
    ("beyond Unicode", b"\xf4\x90\x80\x80"),
    ("NUL", b"nul\0byte"),
    ("NUL alone", b"\0"),
    ("bell", b"ding\x07"),
    ("escape", b"\x1b[31mred"),
    ("backspace", b"abc\b"),
    ("tab", b"a\tb"),
    ("carriage return inside", b"a\rb"),
    ("delete", b"a\x7f"),
    ("C1 control", b"a\xc2\x9bb"),
    ("right-to-left override", "a\u202eb".encode()),
    ("in a command", b"/topic a\x07b"),
    ("in a private message", b"/tell zoe a\x07b"),
    ("in a verb", b"/wh\xfeo"),
]


@pytest.mark.parametrize("line", [line for _, line in BAD_TEXT],
                         ids=[name for name, _ in BAD_TEXT])
def test_what_is_no_text_is_refused_and_goes_nowhere(pair, line):
    sender, witness = pair
    answer = sender.command(line)
    assert answer.code == "bad-input"
    assert re.fullmatch(r"!! bad-input A line may not hold .*\.", answer.text)
    sender.ok("fine")
    said = witness.heard()
    assert len(said) == 1 and said[0].endswith(": fine"), said


@pytest.mark.parametrize("length, code", [
    (4095, "ok"), (4096, "ok"), (4097, "line-too-long"),
    (100000, "line-too-long")])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_longest_line(pair, length, code, end):
    sender, witness = pair
    if end == "\r\n":
        length -= 1  # the carriage return counts
    sender.send("x" * length + end)
    answer = sender.answer()
    assert answer.code == code
    if code != "ok":
        assert answer.text == \
            "!! line-too-long A line has at most 4096 bytes."
    sender.ok("next")
    assert len(witness.heard()) == (2 if code == "ok" else 1)


def test_a_line_without_an_end_costs_no_memory(daemon):
    """Thirty megabytes of it are dropped as they come."""
    zoe = daemon.guest("zoe")

    def resident():
        status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    before = resident()
    for _ in range(30):
        zoe.send(b"x" * (1 << 20))
    zoe.send("\n")
    assert zoe.answer().code == "line-too-long"
    # A sanitizer keeps what is freed.
    assert SANITIZED or resident() < before + 8192
    zoe.ok("hello")


def test_too_long_a_password_ends_the_prompt(shared):
    person = shared.person()
    person.expect("username: $")
    person.type(ADMIN)
    person.expect("password: $")
    person.type("x" * 5000)
    person.expect(r"!! line-too-long .*\nusername: $")


def test_no_text_as_a_password_ends_the_prompt(shared):
    person = shared.person()
    person.expect("username: $")
    person.type(ADMIN)
    person.expect("password: $")
    person.send(b"pass\x07word\n")
    person.expect(r"!! bad-input .*\nusername: $")


def test_what_begins_the_verbs_of_others(pair):
    ben = pair[0]
    for line in "/bank", "/Bank", "/bank nonsense":
        assert ben.refused(line, "not-allowed").lower() == \
            "!! not-allowed /bank is for administrators and auditors."
    assert ben.refused("/teller", "not-allowed").endswith(
        "/teller is for administrators, auditors and tellers.")


SUGGESTIONS = [
    ("/jion den", "/join"), ("/HELLP", "/help"), ("/wo", "/who"),
    ("/topc x", "/topic"), ("/qiut", "/quit"), ("/whios zoe", "/whois"),
    ("/scrollback", "/review"), ("/Inbox", "/mail"), ("/msg zoe hi", "/tell"),
]


@pytest.mark.parametrize("typed, meant", SUGGESTIONS)
def test_unknown_commands_have_the_nearest_suggested(pair, typed, meant):
    words = pair[0].refused(typed, "unknown-command")
    assert words.endswith(f"Did you mean {meant}?")


VAGUE = ["/review since never", "/delete foo", "/retention 5 1s",
         "/ignore zoe songs"]


@pytest.mark.parametrize("typed", VAGUE)
def test_what_a_word_means_is_in_the_help(pair, typed):
    verb = typed.split()[0]
    assert f" /help {verb[1:]} says more." in pair[0].refused(typed, "usage")
    assert len(pair[0].ok(f"/help {verb[1:]}").lines) > 1


def test_commands_far_from_any_are_not_guessed(pair):
    words = pair[0].refused("/xylophone", "unknown-command")
    assert words == "!! unknown-command There is no /xylophone. " \
        "/help lists what there is."


def test_administration_is_not_suggested_to_others(pair):
    assert "/users" not in pair[0].refused("/user", "unknown-command")


def test_wrong_arity_is_told_with_the_right_one(pair):
    assert pair[0].refused("/tell zoe", "usage").startswith(
        "!! usage Write /tell NAME TEXT: ")


# Peers that speak no TLS, or not ours.

NO_TLS = [
    ("HTTP", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("a telnet client", b"\xff\xfb\x18\xff\xfd\x01hello\r\n"),
    ("plain text", b"/login ann secret\n" * 50),
    ("zeros", bytes(1000)),
    ("noise", bytes(range(256)) * 40),
    ("SSL 2", b"\x80\x2e\x01\0\x02" + bytes(43)),
    ("a huge handshake message",
     b"\x16\x03\x01\x40\0\x01\xff\xff\xff" + bytes(16380)
     + 20 * (b"\x16\x03\x01\x40\0" + bytes(16384))),
    ("a record that is too long", b"\x16\x03\x01\xff\xff" + bytes(65535)),
    ("an alert", b"\x15\x03\x03\0\x02\x02\x28"),
]


@pytest.fixture(scope="module")
def hasty(made, space):
    all = Daemons(made, space)
    yield all.new(limits={"handshake_timeout": "1s"}).start()
    all.close()


@pytest.mark.parametrize("bytes_sent", [data for _, data in NO_TLS],
                         ids=[name for name, _ in NO_TLS])
def test_no_tls_on_the_tls_port(hasty, bytes_sent):
    """At most an alert comes back, and then the end."""
    with socket.create_connection(("127.0.0.1", hasty.port)) as s:
        s.settimeout(remaining(deadline()))
        try:
            s.sendall(bytes_sent)
            got = b""
            while more := s.recv(4096):
                got += more
        except (ConnectionResetError, BrokenPipeError):
            got = b""
        assert len(got) < 64 and got[:1] in (b"", b"\x15")
    hasty.guest(f"after-{os.urandom(4).hex()}").ok("still serving")


def test_a_failed_handshake_is_logged_once(start):
    """A flood of them is one line, and a number."""
    daemon = start(server={"workers": 1})
    for _ in range(300):
        with socket.create_connection(("127.0.0.1", daemon.port)) as s:
            s.settimeout(remaining(deadline()))
            try:
                s.sendall(b"GET / HTTP/1.0\r\n\r\n")
                while s.recv(4096):
                    pass
            except ConnectionResetError:
                pass
    daemon.log.expect(r"handshake failed address=127\.0\.0\.1 why=\"")
    told = daemon.log.text().count("handshake failed")
    assert told < 30


CLIENTS = [
    ("only old ciphers", {"maximum_version": ssl.TLSVersion.TLSv1_2},
     "AES256-SHA:@SECLEVEL=0"),
    ("no forward secrecy", {"maximum_version": ssl.TLSVersion.TLSv1_2},
     "AES128-GCM-SHA256:@SECLEVEL=0"),
    ("CBC", {"maximum_version": ssl.TLSVersion.TLSv1_2},
     "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"),
    ("TLS 1.1", {"minimum_version": ssl.TLSVersion.TLSv1,
                 "maximum_version": ssl.TLSVersion.TLSv1_1},
     "DEFAULT:@SECLEVEL=0"),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_clients_without_common_ciphers(start):
    """Each is refused by an alert, and in the log once."""
    daemon = start(server={"workers": 1})
    for _, versions, ciphers in CLIENTS:
        tls = context()
        tls.set_ciphers(ciphers)
        for name, value in versions.items():
            setattr(tls, name, value)
        mark = daemon.log.mark()
        with pytest.raises(ssl.SSLError, match="ALERT|alert"):
            Link(daemon.port, tls=tls)
        daemon.log.expect(r"handshake failed address=127\.0\.0\.1 why=",
                          after=mark)
    daemon.guest("after").ok("still serving")
    assert daemon.log.text().count("handshake failed") == len(CLIENTS)


# Peers that do not keep up.

def test_who_never_reads_is_cut_off_alone(start):
    daemon = start(limits={"output_queue": "64K"})
    slow = daemon.guest("slow", window=4096)
    speaker, listener = daemon.guest("speaker"), daemon.guest("listener")
    count = 0
    text = "x" * 3000
    until = deadline()
    while "slow reader" not in daemon.log.text():
        assert remaining(until) > 0.001, "it is never cut off"
        speaker.send("".join(f"{count + n} {text}\n" for n in range(10)))
        for _ in range(10):
            assert speaker.answer().code == "ok"
        count += 10
        listener.fence()
    said = [line for line in listener.take() if "speaker: " in line]
    assert said == [f"[lobby] speaker: {n} {text}" for n in range(count)]
    speaker.ok("anybody left?")
    for other in (speaker, listener):
        other.fence()
        assert b"[lobby] -- slow left (connection lost)\n" in \
            b"".join(other.seen)
    assert "slow" not in speaker.ok("/who").text
    assert slow.rest().splitlines()[-1] == \
        "~~ slow-reader You read too slowly: some lines are lost."
    assert daemon.log.text().count("slow reader address=127.0.0.1") == 1


def test_who_asks_much_and_reads_nothing_is_cut_off(start):
    """Its own answers fill its queue as well."""
    daemon = start(limits={"output_queue": "64K"})
    slow = daemon.guest("slow", window=4096)
    slow.sock.settimeout(0.2)
    until = deadline()
    while "slow reader" not in daemon.log.text():
        assert remaining(until) > 0.001, "it is never cut off"
        try:
            slow.sock.send(b"/help\n" * 100)
        except OSError:
            pass
    daemon.guest("other").ok("/help")


# Too many of them.

def test_sessions_per_address(start):
    daemon = start(limits={"sessions_per_address": 3})
    inside = [daemon.guest(f"g{n}") for n in range(3)]
    outside = daemon.person()
    assert outside.rest() == \
        "!! too-many-sessions There are too many sessions. Try later.\n"
    daemon.guest("elsewhere", source="127.0.0.2").ok("hello")
    inside[0].ok("/quit")
    inside[0].rest()
    inside[0].close()
    until_welcome(daemon)
    daemon.log.expect(r"refused address=127\.0\.0\.1 why=\"too many sessions\"")


def until_welcome(daemon, **more):
    until = deadline()
    while remaining(until) > 0.001:
        try:
            person = daemon.person(**more)
        except OSError:  # too many are just being told
            continue
        try:
            person.expect("username: $")
            return person
        except Closed:
            person.close()
    raise AssertionError("still too many sessions")


def test_sessions_in_all(start):
    daemon = start(limits={"sessions": 3})
    for number in range(3):
        daemon.guest(f"g{number}", source=f"127.0.0.{number + 1}")
    assert daemon.person(source="127.0.0.9").rest().startswith(
        "!! too-many-sessions ")


def test_the_console_comes_in_when_the_house_is_full(start):
    """Who else could make room?"""
    daemon = start(limits={"sessions": 2})
    daemon.guest("one")
    daemon.guest("two")
    result = daemon.ctl("status")
    assert result.returncode == 0, result.stderr


# Settings.

MISTAKES = """\
server: { nme: x, workers: 0 }
listeners:
  - { service: lin, address: "127.0.0.1:7170" }
  - { address: "127.0.0.1:7171" }
limits: { line: 10, idle_timeout: 3 parsecs, sessions: 12, sessions: 13 }
user: { guests: true }
users: { guests: maybe, registrations_per_address: 60 }
chat: [ 1, 2 ]
"""

NAMED = """\
1:11: unknown setting server.nme; did you mean server.name?
1:28: server.workers is 0; it must be 1 to 256, or auto
3:16: listeners[0].service is lin; it must be line or atm
4:5: listeners[1] has no service; add one
5:17: limits.line is 10; it must be 512 to 64K
5:35: limits.idle_timeout is 3 parsecs; write a duration such as 10s, 5m, 1h, \
90d, or none
5:60: limits.sessions is given twice; keep this one or the one on line 5
6:1: unknown setting user; did you mean users?
7:18: users.guests is maybe; write true or false
7:52: users.registrations_per_address is 60; write a rate such as 60/1h, or \
none
8:1: chat is a list; it must be a map such as { default_room: lobby }
"""


BAD_FILES = """\
tls: { certificate: "tls/server.key", key: "run", client_ca: "nowhere.crt",
       priorities: "NORMAL:+FOO" }
"""

NAMED_FILES = r"""
1:21: tls.certificate is {0}/tls/server.key, which holds no certificate: .*
1:44: tls.key is {0}/run, which cannot be read
1:62: tls.client_ca is {0}/nowhere.crt, which does not exist
2:20: tls.priorities is NORMAL:\+FOO, which GnuTLS does not understand from "\+FOO" on
"""


def test_every_file_that_cannot_be_used_is_named(daemons):
    daemon = daemons.new()
    daemon.config.write_text(BAD_FILES)
    result = daemon.offline("--check-config")
    assert result.returncode == MISTAKEN
    assert re.fullmatch(
        NAMED_FILES.format(re.escape(str(daemon.folder))).lstrip(),
        result.stderr.replace(f"{daemon.config}:", "")), result.stderr


def test_a_key_of_another_certificate_is_named(daemons):
    daemon = daemons.new(tls={"key": "tls/ca.key"})
    result = daemon.offline("--check-config")
    assert result.returncode == MISTAKEN
    assert re.search(
        r"/rialto\.yaml:\d+:\d+: tls\.key is \S+/tls/ca\.key, which does not "
        r"fit the certificate \S+/tls/server\.crt: ", result.stderr), result


@pytest.mark.parametrize("options", [[], ["--check-config"]])
def test_every_mistake_in_the_settings_is_named(daemons, options):
    daemon = daemons.new()
    daemon.config.write_text(MISTAKES)
    result = daemon.offline(*options)
    assert result.returncode == MISTAKEN
    assert result.stderr.replace(f"{daemon.config}:", "") == NAMED


# What a settings file may be instead, and what is said of it.
SPOILED = [
    ("cut", 'server: { name: "a', r":\d+:\d+: cannot be read: "),
    ("binary", "a\0b", r":1:2: cannot be read: control characters"),
    ("Latin-1", b"server: { name: caf\xe9 }", "UTF-8"),
    ("alias", "server: &a { name: x }\nchat: *a", r"anchors.* not supported"),
    ("two documents", "server: { name: a }\n---\nchat: {}\n", r"document"),
    ("deep", "[" * 5000, r":\d+:\d+: "),
    ("list", "- 1\n- 2\n", r":1:1: "),
    ("open to the world, in plain text",
     'listeners: [{ service: line, address: "*:7170", tls: false }]',
     r"without TLS only loopback addresses and Unix sockets may be used"),
    ("a console on TCP",
     'listeners: [{ service: line, address: "127.0.0.1:1", console: true, '
     "tls: false }]", r"must be a Unix socket"),
    ("no listeners", "listeners: []", r"nobody could come in"),
    ("no address",
     'listeners: [{ service: line, address: "nonsense" }]', r"nonsense"),
    ("bad default room", "chat: { default_room: 1st }", r"default_room"),
    ("no rate", "chat: { flood: 10 }", r"chat\.flood is 10; "),
    ("a rate of nothing", "chat: { flood_joins: 0/10s }", r"flood_joins"),
    ("a rate in no time", "chat: { flood_room: 10/0s }", r"flood_room"),
    ("no decay", "chat: { flood_decay: none }", r"flood_decay"),
    ("too long a ban", "chat: { flood_ban: 8d }", r"flood_ban"),
    ("cost", "users: { password_cost: 16 }", r"1 to 11"),
    ("priorities", "tls: { priorities: NONSENSE }", r"priorities.*NONSENSE"),
]


@pytest.mark.parametrize("text, words", [s[1:] for s in SPOILED],
                         ids=[s[0] for s in SPOILED])
def test_a_spoiled_settings_file(daemons, text, words):
    daemon = daemons.new()
    daemon.config.write_bytes(
        text if isinstance(text, bytes) else text.encode())
    result = daemon.offline()
    assert result.returncode == MISTAKEN
    assert re.search(words, result.stderr), result.stderr
    assert len(result.stderr) < 1000
    assert not daemon.socket.exists()


def test_no_settings_file(daemons):
    daemon = daemons.new()
    daemon.config.unlink()
    result = daemon.offline()
    assert result.returncode == MISTAKEN
    assert result.stderr == f"{daemon.config}: there is no such file\n"


# Files that cannot be used.

def refused_start(daemon, words, status=1):
    daemon.spawn()
    assert daemon.wait() == status
    text = daemon.log.text()
    assert re.search(words, text), text
    assert len(text.splitlines()) < 8, text


def test_a_missing_key(daemons):
    daemon = daemons.new()
    (daemon.folder / "tls/server.key").unlink()
    refused_start(daemon, r"the key .*/tls/server\.key does not exist", MISTAKEN)


def test_a_key_that_is_none(daemons):
    daemon = daemons.new()
    (daemon.folder / "tls/server.key").write_text("not a key\n")
    refused_start(daemon, r"the key .*server\.key holds no private key: ", MISTAKEN)


def test_the_key_of_another_certificate(daemons, tmp_path):
    daemon = daemons.new()
    init(tmp_path / "other")
    shutil.copy(tmp_path / "other/tls/server.key", daemon.folder / "tls")
    refused_start(daemon, r"key .*server\.key does not fit .*server\.crt: ", MISTAKEN)


@pytest.fixture
def nobody(daemons, space):
    """A daemon that runs without root's privileges."""
    daemon = daemons.new()
    if os.getuid() == 0:
        os.chmod(space, 0o711)
        os.chmod(daemon.folder.parent, 0o711)
        for path in [daemon.folder, *daemon.folder.rglob("*")]:
            os.chown(path, 65534, 65534)
        # A build that counts coverage writes its counts as nobody, too.
        counts = daemon.folder.parent / "counts"
        counts.mkdir()
        os.chown(counts, 65534, 65534)
        daemon.under = ["env", f"GCOV_PREFIX={counts}", "setpriv", "--reuid=65534", "--regid=65534",
                        "--clear-groups"]
    return daemon


def test_an_unreadable_key(nobody):
    key = nobody.folder / "tls/server.key"
    key.chmod(0)
    result = run(*nobody.under, RIALTOD, "--config", nobody.config,
                 "--check-config")
    assert result.returncode == MISTAKEN
    assert result.stderr == (f"{nobody.config}:1:1: tls.key is {key}, which "
                             "may not be read\n")
    refused_start(nobody, r"the key .*/tls/server\.key may not be read", MISTAKEN)


def test_an_unreadable_settings_file(nobody):
    nobody.config.chmod(0)
    nobody.spawn()
    assert nobody.wait() == MISTAKEN
    assert re.search(r"rialto\.yaml: .*read|permission",
                     nobody.log.text()), nobody.log.text()


def test_a_data_directory_that_anybody_may_write(nobody):
    (nobody.folder / "data").chmod(0o777)
    refused_start(nobody, r"can be written by anybody: chmod 700")


def test_a_data_directory_without_permission(nobody):
    (nobody.folder / "data").chmod(0o500)
    refused_start(nobody, r"/data has mode 500, .*chmod 700 helps")


def test_data_of_another_user(nobody):
    nobody.under = []  # root may, but what it makes its owner could not use
    if os.getuid() == 0:
        refused_start(nobody, r"belongs to the user nobody: run this as nobody")


def test_a_second_daemon_is_refused_at_once(daemons):
    daemon = daemons.new().start()
    second = daemons.new(server={"data": str(daemon.folder / "data")})
    refused_start(second, r"another rialtod \(process \d+\) uses .*/data")
    daemon.guest("zoe").ok("undisturbed")


def test_a_port_in_use(daemons):
    daemon = daemons.new().start()
    second = daemons.new()
    second.write(listeners=daemon.settings["listeners"])
    refused_start(second, r"127\.0\.0\.1:\d+ is in use by another program")
    daemon.guest("zoe").ok("undisturbed")


def test_a_socket_that_a_killed_daemon_left(daemon):
    daemon.kill()
    assert daemon.socket.exists()
    daemon.start()
    assert daemon.ctl("status").returncode == 0


# A database that is not as it was written.

@pytest.fixture
def stopped(start):
    """A daemon that has held users and rooms, and was stopped."""
    daemon = start(chat={"rooms_per_user": 100})
    for name in ("ben", "cleo"):
        machine = daemon.register(name)
        machine.ok(f"/join room-of-{name}")
    daemon.stop()
    return daemon


@pytest.mark.parametrize("name, holds", [
    ("users.db", b"ben"), ("user_names.db", b"ben"), ("rooms.db", b"room-of"),
    ("members.db", b"room-of"), ("meta.db", b"schema")])
def test_a_page_that_the_disk_has_spoiled(stopped, name, holds):
    """It is never taken for good: refused at the start, or at its use."""
    path = stopped.folder / "data" / name
    flip(path, page_with(path, holds))
    result = stopped.offline("--verify")
    assert result.returncode == 1
    assert name in result.stderr, result.stderr
    stopped.spawn()
    try:
        stopped.log.expect("daemon: ready")
        stopped.machine().ok(f"/login ben {WORD}")
        raise RuntimeError("a spoiled page was used")
    except AssertionError:
        assert stopped.wait() in (DAMAGED, 74)
        assert name.removesuffix(".db") in stopped.log.text()


def as_heap(path):
    """A page of each type of heap, which no table of ours is."""
    noise = bytearray(os.urandom(32 * 4096))
    for number in range(1, 32):
        noise[number * 4096 + 25] = 15 + number % 2
    path.write_bytes(noise)


@pytest.mark.parametrize("spoil", [
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(os.urandom(8192)),
    as_heap,
    lambda path: path.write_bytes(path.read_bytes()[:5000]),
    lambda path: path.unlink(),
], ids=["empty", "noise", "heap", "cut", "gone"])
@pytest.mark.parametrize("name, says", [
    ("users.db", r"users\.db"),
    # Without it, no table is known, whichever is looked at first.
    ("meta.db", r"meta\.db|\w+\.db was not made by this daemon"),
], ids=["users.db", "meta.db"])
def test_a_spoiled_data_file(stopped, name, says, spoil):
    spoil(stopped.folder / "data" / name)
    stopped.spawn()
    assert stopped.wait() == DAMAGED
    assert re.search(says, stopped.log.text()), stopped.log.text()
    assert stopped.offline("--verify").returncode == 1


def test_a_newer_schema_is_refused(stopped):
    set_schema(stopped.folder / "data/meta.db", 4)
    refused_start(stopped, r"newer", DAMAGED)
    result = stopped.offline("--verify")
    assert result.returncode == 1
    assert "newer" in result.stderr
    set_schema(stopped.folder / "data/meta.db", 3)
    stopped.start()  # it was left alone
    stopped.login("ben")


# Making a new one.

def test_init_never_overwrites(made):
    before = {path: path.read_bytes() for path in made.rglob("*")
              if path.is_file()}
    result = init(made)
    assert result.returncode == 1
    assert "never overwrites" in result.stderr
    assert before == {path: path.read_bytes() for path in made.rglob("*")
                      if path.is_file()}


@pytest.mark.parametrize("options, word, words", [
    (["--admin", "1st"], WORD, "a name is an ASCII letter"),
    (["--admin", "ann"], "short", "8 to 512 bytes"),
    (["--admin", "annannann"], "AnnAnnAnn", "The name is no password"),
    (["--admin", "ann"], "x" * 600, "8 to 512 bytes"),
    (["--admin", "ann"], "", "8 to 512 bytes|no password"),
    (["--admin", "ann", "--name", "not a host"], WORD, "no host name"),
    ([], WORD, "--init needs --admin NAME"),
])
def test_init_refuses_and_leaves_nothing(tmp_path, options, word, words):
    folder = tmp_path / "fresh"
    result = run(RIALTOD, "--init", folder, *options, words=word + "\n")
    assert result.returncode in (1, 2)
    assert re.search(words, result.stderr), result.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_makes_what_only_its_owner_may_read(made):
    for path in made.rglob("*"):
        mode = path.stat().st_mode & 0o777
        if path.suffix != ".crt":
            assert mode & 0o077 == 0, f"{path} has mode {mode:o}"


@pytest.mark.parametrize("words", [["--nonsense"], ["word"],
                                   ["--admin", "ann"], ["--init"]])
def test_wrong_usage_exits_2(words):
    result = run(RIALTOD, *words)
    assert result.returncode == 2
    assert "rialtod" in result.stderr
