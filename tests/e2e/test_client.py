"""rialto against a server that may do anything."""

import contextlib
import base64
import hashlib
import os
import queue
import signal
import socket
import ssl
import subprocess

import pytest

from fake_server import FakeServer, make_certificate
from rialto import RIALTO
from terminal import PATIENCE, Terminal


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def other_certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"), "other")


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def serve(certificate):
    servers = []

    def begin(play, **more):
        servers.append(FakeServer(play, certificate, **more))
        return servers[-1]

    yield begin
    for server in servers:
        server.stop()


@pytest.fixture
def script(state, tmp_path):
    """Runs rialto without a terminal anywhere."""
    secret = tmp_path / "password"
    secret.write_text("secret12\n")

    def run(*words, input="", password=False):
        more = ["--password-file", secret] if password else []
        return subprocess.run(
            [RIALTO, *more, *words], input=input, capture_output=True,
            text=True, timeout=PATIENCE, start_new_session=True,
            env={**os.environ, "XDG_STATE_HOME": str(state)})

    return run


@pytest.fixture
def person(state):
    """Opens rialto in a terminal."""
    terminals = []

    def begin(*words, env=None, **more):
        env = {"XDG_STATE_HOME": str(state), **(env or {})}
        terminals.append(Terminal(RIALTO, *words, env=env, **more))
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.close()


def fingerprint(certificate):
    """As the daemon shows it, computed in another way."""
    der = ssl.PEM_cert_to_DER_cert(certificate[0].read_text())
    digest = base64.b64encode(hashlib.sha256(der).digest())
    return "SHA256:" + digest.decode().rstrip("=")


def answering(*exchanges, login="/login ann secret12"):
    """Plays a server that expects these lines and answers so."""

    def play(talk):
        talk.log_in_machine(login)
        for line, answer in exchanges:
            talk.expect(line)
            talk.send(answer)
        talk.expect("/quit")
        talk.send("-- Goodbye.\n== ok\n")

    return play


# Scripts


SCRIPTS = {
    "an answer": (
        "-- den: ann, ben\n== ok\n", 0, "-- den: ann, ben\n", ""),
    "several lines": (
        "-- one\n[den] 20:14 ann: hi\n-- two\n== ok\n", 0,
        "-- one\n[den] 20:14 ann: hi\n-- two\n", ""),
    "what others say meanwhile": (
        "[den] ben: hi\n-- one\n~~ hark\nben -> you: psst\n== ok\n", 0,
        "-- one\n", ""),
    "a refusal": (
        "!! no-such-room There is no den.\n== error no-such-room\n", 1,
        "", "!! no-such-room There is no den.\n"),
    "something that looks like an end": (
        "[den] ann: == error busy\n-- == ok\n== ok\n", 0, "-- == ok\n",
        ""),
    "hostile bytes": (
        b"-- a\x1b[2Jb\x07\xff\xc2\x9bc\xe2\x80\xae\r\n== ok\r\n", 0,
        "-- a\ufffd[2Jb\ufffd\ufffd\ufffdc\ufffd\n", ""),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_command_is_answered(serve, script, name):
    answer, status, out, complaints = SCRIPTS[name]
    server = serve(answering(("/who den", answer)))
    script("--accept-new", f"x@{server.address}")  # only to trust it
    server = serve(answering(("/who den", answer)))
    done = script("--accept-new", "-c", "/who den", f"ann@{server.address}",
                  password=True)
    assert done.stdout == out
    assert [line for line in done.stderr.splitlines(True)
            if not line.startswith("rialto: Remembered")] == (
                [complaints] if complaints else [])
    assert done.returncode == status


def test_commands_run_one_after_another(serve, script):
    server = serve(answering(
        ("/join den", "-- den has no topic.\n== ok\n"),
        ("/bad", "!! unknown-command There is no /bad.\n"
                 "== error unknown-command\n"),
        ("hello", "== ok\n")))
    done = script("--accept-new", "-c", "/join den", "-c", "/bad", "-c",
                  "hello", f"ann@{server.address}", password=True)
    assert done.stdout == "-- den has no topic.\n"
    assert "!! unknown-command There is no /bad.\n" in done.stderr
    assert done.returncode == 1


def test_standard_input_is_said(serve, script):
    server = serve(answering(("hello", "== ok\n"), ("  two", "== ok\n"),
                             ("//slash", "== ok\n")))
    done = script("--accept-new", f"ann@{server.address}", password=True,
                  input="hello\n\n \t\n  two\n//slash")
    assert (done.stdout, done.returncode) == ("", 0)


def test_a_long_line_of_input_is_refused(serve, script):
    server = serve(answering())
    done = script("--accept-new", f"ann@{server.address}", password=True,
                  input="x" * 100_000)
    assert "a line of standard input is too long" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("words, login", [
    ([], "/guest guest-"), (["-g"], "/guest guest-"),
    (["-g", "cleo@"], "/guest cleo")])
def test_a_guest_needs_no_password(serve, script, words, login):
    seen = []

    def play(talk):
        talk.send("Fake.\nusername: ")
        talk.expect("/mode machine")
        talk.send("\n== ok\n")
        seen.append(talk.line())
        talk.send("== ok\n")
        talk.expect("/who")
        talk.send("-- lobby: nobody\n== ok\n")
        talk.expect("/quit")

    server = serve(play)
    user = words.pop() if words and words[-1].endswith("@") else ""
    done = script("--accept-new", *words, "-c", "/who",
                  user + server.address)
    assert done.returncode == 0
    assert seen[0].startswith(login)


def test_a_refused_login_runs_nothing(serve, script):
    def play(talk):
        talk.send("Fake.\nusername: ")
        talk.expect("/mode machine")
        talk.send("\n== ok\n")
        talk.line()
        talk.send("!! bad-login You have 2 attempts left.\n"
                  "== error bad-login\n")
        talk.expect("/quit")

    server = serve(play)
    done = script("--accept-new", "-c", "/who", f"ann@{server.address}",
                  password=True)
    assert "!! bad-login You have 2 attempts left." in done.stderr
    assert (done.stdout, done.returncode) == ("", 1)


def test_a_lost_connection_fails_the_script(serve, script):
    def play(talk):
        talk.log_in_machine("/login ann secret12")
        talk.expect("/who")
        talk.send("-- den: an")

    server = serve(play)
    done = script("--accept-new", "-c", "/who", f"ann@{server.address}",
                  password=True)
    assert f"rialto: {server.address}: the " in done.stderr
    assert done.returncode == 1
    assert server.count == 1


def test_a_refusal_at_the_door_is_told(serve, script):
    server = serve(lambda talk: talk.send("!! too-many-sessions Later.\n"))
    done = script("--accept-new", "-c", "/who", server.address)
    assert "!! too-many-sessions Later.\n" in done.stderr
    assert done.returncode == 1


def test_a_full_disk_is_no_success(serve, script, state):
    server = serve(answering(("/who", "-- den: ann\n== ok\n"),
                             login="/guest ann"))
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [RIALTO, "--accept-new", "-g", "-c", "/who",
             f"ann@{server.address}"], stdout=full, stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL, text=True, timeout=PATIENCE,
            env={**os.environ, "XDG_STATE_HOME": str(state)})
    assert "cannot write: No space left on device" in done.stderr
    assert done.returncode == 1


WRONG = {
    "no host": ([], "the host is missing"),
    "a port": (["host:0"], "the port must be a number"),
    "IPv6 without brackets": (["::1"], "in brackets"),
    "two lines": (["-c", "a\nb", "host"], "a command is one line"),
    "an option": (["--frob", "host"], "'--frob' is no option"),
    "a password file": (["--password-file", "/nonexistent", "a@h"],
                        "/nonexistent: not-found"),
    "a CA file": (["--ca", "/dev/null", "h"], "holds no CA"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_command_line_is_explained(script, name):
    words, what = WRONG[name]
    done = script(*words)
    assert what in done.stderr
    assert done.returncode == 2


def test_a_password_needs_a_source(serve, script):
    server = serve(lambda talk: talk.line())
    done = script("--accept-new", "-c", "/who", f"ann@{server.address}")
    assert "no terminal to ask for the password" in done.stderr
    assert done.returncode == 1


def test_a_script_asks_for_the_password_at_the_terminal(serve, person):
    server = serve(answering(("/who", "-- lobby: ann\n== ok\n")))
    ann = person("--accept-new", "-c", "/who", f"ann@{server.address}")
    ann.until_last(f"Password of ann at {server.address}:")
    assert not ann.echoes()
    ann.enter("secret12")
    assert ann.leave() == 0
    assert ann.lines[-1] == "-- lobby: ann"
    assert b"secret12" not in ann.raw


def test_a_person_can_pipe(serve, state):
    server = serve(answering(("hello", "== ok\n")))
    shell = Terminal("/bin/sh", "-c", f"echo hello | {RIALTO} --accept-new "
                     f"ann@{server.address}; echo left: $?",
                     env={"XDG_STATE_HOME": str(state)}, columns=120)
    try:
        shell.until_last(f"Password of ann at {server.address}:")
        shell.enter("secret12")
        shell.until_last("left: 0")
    finally:
        shell.close()


# Servers that cannot be used


def test_nobody_listens(script):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    done = script("-c", "/who", f"127.0.0.1:{port}")
    assert f"cannot connect to 127.0.0.1:{port}: Connection refused" in (
        done.stderr)
    assert done.returncode == 1


def test_no_such_host(script):
    done = script("-c", "/who", "no-such-host.invalid")
    assert "cannot connect to no-such-host.invalid:7170: " in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("greeting", [
    b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220 mail ESMTP\r\n",
    b"\x00" * 64])
def test_a_server_without_tls(script, greeting):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = subprocess.Popen(
            [RIALTO, "-c", "/who", f"127.0.0.1:{port}"],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        peer, _ = listener.accept()
        with peer:
            peer.recv(1024)
            peer.sendall(greeting)
            with contextlib.suppress(OSError):  # it may be gone already
                peer.shutdown(socket.SHUT_WR)
            _, complaints = client.communicate(timeout=PATIENCE)
    assert f"cannot connect to 127.0.0.1:{port}: it " in complaints
    assert client.returncode == 1


def test_a_server_without_alpn_is_welcome(serve, script):
    server = serve(answering(("/who", "-- x\n== ok\n")), alpn=None)
    done = script("--accept-new", "-c", "/who", f"ann@{server.address}",
                  password=True)
    assert (done.stdout, done.returncode) == ("-- x\n", 0)


def test_an_old_tls_is_refused(serve, script):
    server = serve(answering())
    server.context.set_ciphers("ALL:@SECLEVEL=0")
    server.context.minimum_version = ssl.TLSVersion.TLSv1_1
    server.context.maximum_version = ssl.TLSVersion.TLSv1_1
    done = script("--accept-new", "-c", "/who", server.address)
    assert "cannot connect to" in done.stderr
    assert done.returncode == 1


# Trust


def known_hosts(state):
    return state / "rialto/known_hosts"


def silent(talk):
    """A server that must not be told anything."""
    data = talk.tls.recv(100)
    assert not data, f"the client sent {data!r}"


def test_a_new_server_is_refused_without_a_terminal(
        serve, script, state, certificate):
    server = serve(silent)
    done = script("-c", "/who", server.address)
    assert f"{server.address} was never seen before" in done.stderr
    assert fingerprint(certificate) in done.stderr
    assert "--accept-new" in done.stderr
    assert done.returncode == 1
    assert not known_hosts(state).exists()


def test_a_server_is_remembered(serve, script, state, certificate):
    server = serve(answering(("/who", "== ok\n")))
    ann = ["-c", "/who", f"ann@{server.address}"]
    assert script("--accept-new", *ann, password=True).returncode == 0
    assert known_hosts(state).read_text() == (
        f"{server.address} {fingerprint(certificate)}\n")
    assert known_hosts(state).stat().st_mode & 0o777 == 0o600
    done = script(*ann, password=True)
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("more", [[], ["--accept-new"]])
def test_a_changed_certificate_is_refused(
        serve, script, state, certificate, other_certificate, more):
    server = serve(silent)
    server.load(other_certificate)
    known_hosts(state).parent.mkdir(parents=True)
    before = f"# mine\n{server.address} {fingerprint(certificate)}\n"
    known_hosts(state).write_text(before)
    done = script(*more, "-c", "/who", server.address)
    assert "shows another certificate than before" in done.stderr
    assert fingerprint(certificate) in done.stderr
    assert fingerprint(other_certificate) in done.stderr
    assert f"line 2 of {known_hosts(state)}" in done.stderr
    assert done.returncode == 1
    assert known_hosts(state).read_text() == before


def test_an_unreadable_list_of_servers_is_no_empty_one(serve, script, state):
    server = serve(silent)
    known_hosts(state).mkdir(parents=True)
    done = script("--accept-new", "-c", "/who", server.address)
    assert f"{known_hosts(state)} cannot be read" in done.stderr
    assert done.returncode == 1


def test_a_server_that_cannot_be_remembered_is_used_once(
        serve, script, state):
    server = serve(answering(("/who", "== ok\n")))
    state.write_text("no folder")
    done = script("--accept-new", "-c", "/who", f"ann@{server.address}",
                  password=True)
    assert "is trusted this time only" in done.stderr
    assert done.returncode == 0


def test_a_ca_vouches(serve, script, state, certificate):
    server = serve(answering(("/who", "== ok\n")))
    done = script("--ca", certificate[0], "-c", "/who",
                  f"ann@{server.address}", password=True)
    assert (done.stderr, done.returncode) == ("", 0)
    assert not known_hosts(state).exists()


def test_another_ca_does_not(serve, script, other_certificate):
    server = serve(silent)
    done = script("--accept-new", "--ca", other_certificate[0], "-c", "/who",
                  server.address)
    assert "is not vouched for by the CAs" in done.stderr
    assert done.returncode == 1


def test_a_ca_vouches_for_its_names_only(serve, script, tmp_path):
    wrong = make_certificate(tmp_path, "wrong", names="DNS:example.org")
    server = serve(silent)
    server.load(wrong)
    done = script("--ca", wrong[0], "-c", "/who", server.address)
    assert "is not vouched for by the CAs" in done.stderr
    assert done.returncode == 1


def test_a_person_is_asked(serve, person, state, certificate):
    server = serve(lambda talk: (talk.send("Fake.\nusername: "), talk.line()))
    ann = person(server.address)
    ann.until("Trust it from now on (yes/no)?")
    assert fingerprint(certificate) in ann.text
    ann.enter("maybe")
    ann.until("Please answer yes or no:")
    ann.enter("yes")
    ann.until_last("username:")
    assert fingerprint(certificate) in known_hosts(state).read_text()


@pytest.mark.parametrize("answer", ["no\r", "\x03", "\x04"])
def test_a_person_may_refuse(serve, person, state, answer):
    server = serve(silent)
    ann = person(server.address)
    ann.until("Trust it from now on (yes/no)?")
    ann.type(answer)
    assert ann.leave() == 1
    assert "Nothing was sent." in ann.text
    assert not known_hosts(state).exists()


# A person


class Stage:
    """A server whose lines the test says, to ann who is logged in."""

    def __init__(self, serve, person, **more):
        self.says = queue.Queue()
        self.heard = queue.Queue()
        self.server = serve(self.play)
        more = {"columns": 100, **more}
        self.ann = person("--accept-new", f"ann@{self.server.address}",
                          **more)
        self.ann.until_last("password:")
        self.ann.enter("secret12")

    def play(self, talk):
        talk.log_in("ann", "secret12")
        if talk.number == 0:
            talk.help()
        talk.send("[lobby] -- ann joined\n")
        while True:
            what = self.says.get(timeout=PATIENCE)
            if what is None:
                return
            if what == "listen":
                self.heard.put(talk.line())
            else:
                talk.send(what)

    def say(self, what):
        self.says.put(what)

    def hear(self):
        """The next line that ann sends."""
        self.says.put("listen")
        return self.heard.get(timeout=PATIENCE)

    def hang_up(self):
        self.says.put(None)


@pytest.fixture
def stage(serve, person):
    stages = []

    def begin(**more):
        stages.append(Stage(serve, person, **more))
        stages[-1].ann.until("[lobby] -- ann joined\n>")
        return stages[-1]

    yield begin
    for one in stages:
        one.ann.close()
        one.hang_up()
        one.hang_up()


def test_a_person_talks(stage):
    s = stage()
    s.ann.enter("hello")
    assert s.hear() == "hello"
    s.say("[lobby] ben: hi ann\n")
    s.ann.until("> hello\n[lobby] ben: hi ann\n>")


def test_the_password_is_never_shown(stage):
    s = stage()
    s.ann.type("\x1b[A")  # nor in the history
    s.ann.type("x")
    s.ann.until_last("> x")
    assert b"secret" not in s.ann.raw


@pytest.mark.parametrize("line", [
    "/passwd secret12 secret34", "/code 314159", "/factor off 314159",
    "/factor codes ABCD-EFGH-IJKL-MNOP"])
def test_a_line_with_a_secret_is_not_remembered(stage, line):
    s = stage()
    s.ann.enter("hello")
    assert s.hear() == "hello"
    s.ann.enter(line)
    assert s.hear() == line
    s.ann.type("\x1b[A")
    s.ann.until_last("> hello")


def test_what_arrives_leaves_what_is_typed_whole(stage):
    s = stage(columns=40)
    typed = "a line that is long, über 你好 and goes on over the edge"
    s.ann.type(typed)
    s.ann.wait(lambda: "over the edge" in s.ann.text.replace("\n", " "),
               "the typed line")
    before = s.ann.lines[-2:]
    s.say("[lobby] ben: one that is long, too, and 你好 goes on as well\n")
    s.ann.wait(lambda: "as well" in s.ann.text and
               s.ann.lines[-2:] == before, "ben's line above the typed one")
    assert s.ann.lines[-4].startswith("[lobby] ben: one that is long")
    s.ann.enter("!")
    assert s.hear() == typed + "!"


def test_a_flood_leaves_what_is_typed_whole(stage):
    s = stage()
    s.ann.type("typing")
    s.ann.until_last("> typing")
    s.say("".join(f"[lobby] ben: line {i}\n" for i in range(20_000)))
    s.ann.until("[lobby] ben: line 19999\n> typing")
    assert s.ann.raw.count(b"[lobby] ben: ") == 20_000


def test_a_window_may_change(stage):
    s = stage(columns=72)
    s.ann.type("x" * 60)
    s.ann.until("x" * 60)
    s.ann.resize(30, 20)
    typed = ["> " + "x" * 28, "x" * 30, "xx"]
    s.ann.wait(lambda: s.ann.lines[-3:] == typed, "the line in three")
    s.say("[lobby] ben: hi\n")
    s.ann.wait(lambda: s.ann.lines[-4:] == ["[lobby] ben: hi"] + typed,
               "ben's line above it")


def test_control_characters_never_reach_the_terminal(stage):
    s = stage(env={"TERM": "dumb"})
    before = len(s.ann.raw)
    s.say(bytes(range(1, 10)) + bytes(range(11, 32)) + b"\x7f\xc2\x9b\xff|\n")
    s.ann.until("|")
    shown = s.ann.raw[before:].decode()
    assert not set(shown) & {chr(c) for c in range(32)} - set("\r\n")
    assert "\ufffd" in shown
    assert "\x9b" not in shown


def test_commands_users_and_rooms_are_completed(stage):
    s = stage()
    assert "/topic" not in s.ann.text  # what was learnt from was not shown
    assert "== ok" not in s.ann.text
    s.ann.type("/to\t")
    s.ann.until_last("> /topic")
    s.ann.type("\x15")
    s.say("[attic] Bernadette: hi\n")
    s.ann.until("Bernadette")
    s.ann.type("/tell ber\t")
    s.ann.until_last("> /tell Bernadette")
    s.ann.type("\x15/join at\t")
    s.ann.until_last("> /join attic")
    s.ann.type("\x15.b\thi")
    s.ann.until_last("> .Bernadette hi")


def test_a_search_in_the_history_goes_on(stage):
    s = stage()
    s.ann.enter("first words")
    assert s.hear() == "first words"
    s.ann.type("\x12fir")
    s.ann.until_last("(reverse-i-search)`fir': first words")
    s.say("[lobby] ben: hi\n")
    s.ann.until("[lobby] ben: hi\n(reverse-i-search)`fir': first words")
    s.ann.type("\r")
    assert s.hear() == "first words"


def test_a_lost_connection_ends_a_search_in_the_history(stage):
    s = stage()
    s.ann.enter("first words")
    assert s.hear() == "first words"
    s.ann.type("\x12fir")
    s.ann.until_last("(reverse-i-search)`fir': first words")
    s.hang_up()
    s.ann.wait(lambda: s.ann.text.count("ann joined\n> first words") == 2,
               "what was found, after the second login")
    s.ann.type("!\r")
    assert s.hear() == "first words!"


def test_ctrl_c_ends_a_search_in_the_history(stage):
    s = stage()
    s.ann.enter("first words")
    assert s.hear() == "first words"
    s.ann.type("\x12fir")
    s.ann.until_last("(reverse-i-search)`fir': first words")
    s.ann.type("\x03")
    s.ann.until_last(">")
    s.ann.enter("second words")
    assert s.hear() == "second words"


@pytest.mark.parametrize("locale", ["C", "POSIX", "no_SUCH.UTF-8"])
def test_any_locale_types_utf8(stage, locale):
    s = stage(env={"LC_ALL": locale})
    s.ann.type("grüße\b\b")
    s.ann.until_last("> grü")
    s.ann.type("n\r")
    assert s.hear() == "grün"


@pytest.mark.parametrize("words, env, coloured", [
    ([], {}, True), ([], {"NO_COLOR": "1"}, False),
    ([], {"NO_COLOR": ""}, True), ([], {"TERM": "dumb"}, False),
    (["--color", "never"], {}, False),
    (["--color", "always"], {"NO_COLOR": "1"}, True)])
def test_colours(serve, person, words, env, coloured):
    server = serve(lambda talk: (talk.send("!! busy Later.\nusername: "),
                                 talk.line()))
    ann = person("--accept-new", *words, server.address, env=env)
    ann.until("username:")
    assert (b"\x1b[31m" in ann.raw) == coloured


def test_a_prompt_may_come_in_parts(serve, person):
    def play(talk):
        for part in ("Fake.\nuser", "name", ": "):
            talk.send(part)
        talk.expect("ann")
        for part in ("pass", "word", ":", " "):
            talk.send(part)
        talk.expect("secret12")
        talk.send("-- Welcome, ann.\n")
        talk.help()
        talk.line()

    ann = person("--accept-new", serve(play).address)
    ann.until_last("username:")
    ann.enter("ann")
    ann.until_last("password:")
    assert not ann.echoes()
    ann.enter("secret12")
    ann.until_last(">")
    assert b"secret12" not in ann.raw


def test_a_wrong_password_is_asked_for_again(serve, person):
    def play(talk):
        talk.send("Fake.\n")
        for left in (2, 1):
            talk.send("username: ")
            talk.expect("ann")
            talk.send("password: ")
            talk.expect("wrong")
            talk.send(f"!! bad-login You have {left} attempts left.\n")
        talk.send("username: ")
        talk.expect("ann")
        talk.send("password: ")
        talk.expect("wrong")
        talk.send("!! bad-login That was the last attempt. Goodbye.\n")

    server = serve(play)
    ann = person("--accept-new", f"ann@{server.address}")
    for seen in ("username: ann\npassword:", "2 attempts left.",
                 "1 attempts left."):
        ann.until(seen)
        ann.until_last("password:")
        ann.enter("wrong")
    assert ann.leave() == 1
    assert "last attempt" in ann.text
    assert server.count == 1  # it did not come back


def test_a_lost_connection_comes_back(stage):
    s = stage()
    s.ann.type("a draft")
    s.ann.until_last("> a draft")
    s.hang_up()
    s.ann.until("Trying again in")
    s.ann.until(f"Connected to {s.server.address} again.")
    s.ann.until("[lobby] -- ann joined\n> a draft")
    assert s.server.count == 2
    s.ann.enter("!")
    assert s.hear() == "a draft!"


def test_a_lost_connection_to_another_server_is_refused(
        stage, other_certificate):
    s = stage()
    s.server.load(other_certificate)
    s.hang_up()
    assert s.ann.leave() == 1
    assert "shows another certificate than before" in s.ann.text


def test_nothing_typed_is_sent_while_away(stage):
    s = stage()
    s.server.stop_listening()
    s.hang_up()
    s.ann.until("Trying again in")
    s.ann.enter("hello?")
    s.ann.until("Not connected; that was not sent.")
    s.ann.enter("/quit")
    assert s.ann.leave() == 0


@pytest.mark.parametrize("code", ["disabled", "session-ended", "banned"])
def test_a_refusal_for_good_is_believed(stage, code):
    s = stage()
    s.say(f"!! {code} Go away.\n")
    s.hang_up()
    assert s.ann.leave() == 1
    assert f"!! {code} Go away." in s.ann.text
    assert s.server.count == 1


@pytest.mark.parametrize("keys", ["/quit\r", "\x04"])
def test_a_person_leaves(stage, keys):
    s = stage()
    s.ann.type(keys)
    assert s.hear() == "/quit"
    s.say("-- Goodbye.\n")
    s.hang_up()
    assert s.ann.leave() == 0
    assert s.ann.lines[-1] == "-- Goodbye."


def test_ctrl_c_clears_the_line_and_twice_leaves(stage):
    s = stage()
    s.ann.type("something wrong")
    s.ann.until_last("> something wrong")
    s.ann.type("\x03")
    s.ann.until_last(">")
    s.ann.type("right")
    s.ann.until_last("> right")
    s.ann.type("\x03")
    s.ann.until_last(">")
    s.ann.type("x\b")
    s.ann.wait(lambda: s.ann.raw.endswith(b"\b\x1b[K"), "an empty line")
    s.ann.type("\x03")
    s.ann.until("Ctrl-C again leaves.")
    s.ann.type("\x03")
    assert s.hear() == "/quit"
    s.hang_up()
    assert s.ann.leave() == 0


@pytest.mark.parametrize("prompt", ["username: ", "password: "])
@pytest.mark.parametrize("keys", ["\x04", "\x03"])
def test_leaving_at_a_prompt_answers_nothing(serve, person, prompt, keys):
    """Anything would be taken for a name, or for a password."""

    def play(talk):
        talk.send("Fake.\n" + prompt)
        assert talk.raw_line().startswith("/identity ")
        talk.send("!! unknown-command There is no /identity.\n" + prompt)
        silent(talk)

    ann = person("--accept-new", serve(play).address)
    ann.until_last(prompt.strip())
    ann.type(keys)
    if keys == "\x03":
        ann.until("Ctrl-C again leaves.")
        ann.type(keys)
    assert ann.leave() == 0


def test_a_server_that_ignores_quit_does_not_keep_anybody(stage):
    s = stage()
    s.ann.enter("/quit")
    assert s.ann.leave() == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_the_terminal_back(stage, how):
    s = stage()
    assert not s.ann.echoes()
    s.ann.kill(how)
    assert s.hear() == "/quit"
    s.hang_up()
    assert s.ann.leave() == 0
    assert s.ann.lines[-1] == "[lobby] -- ann joined"
    assert s.ann.screen.cursor.x == 0


def test_the_terminal_is_given_back_at_a_password_prompt(serve, tmp_path):
    """In a shell, so that the terminal outlives the client."""
    server = serve(lambda talk: (talk.send("Fake.\npassword: "), talk.line()))
    shell = Terminal("/bin/sh", env={"XDG_STATE_HOME": str(tmp_path),
                                     "PS1": "shell: "})
    try:
        shell.until_last("shell:")
        assert shell.echoes()
        shell.enter(f"{RIALTO} --accept-new {server.address}")
        shell.until_last("password:")
        assert not shell.echoes()
        shell.type("\x03")
        shell.until("Ctrl-C again leaves.")
        shell.type("\x03")
        shell.until_last("shell:")
        assert shell.echoes()
    finally:
        shell.close()


def test_ctrl_z_and_back(serve, tmp_path):
    def play(talk):
        talk.send("Fake.\n")
        talk.line()

    server = serve(play)
    shell = Terminal("/bin/bash", "--norc", "-i",
                     env={"XDG_STATE_HOME": str(tmp_path), "PS1": "shell: "})
    try:
        shell.until_last("shell:")
        shell.enter(f"{RIALTO} --accept-new {server.address}")
        shell.until_last(">")
        shell.type("half a li")
        shell.until_last("> half a li")
        shell.type("\x1a")
        shell.until_last("shell:")
        shell.enter("fg")
        shell.until_last("> half a li")
        shell.type("ne")
        shell.until_last("> half a line")
    finally:
        shell.close()
