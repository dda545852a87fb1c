"""Plugins that mean no good: each costs nobody but its own answers."""

import os
import pathlib
import shutil
import signal
import socket
import time

import pytest

from rialto import SANITIZED, eventually

HOSTILE = pathlib.Path(__file__).parent / "hostile_plugin.py"


@pytest.fixture
def evil(daemons):
    """evil("hang", …) is a daemon with a plugin of each such name."""
    def new(*names, up=True, **settings):
        daemon = daemons.new()
        folder = daemon.folder / "plugins"
        folder.mkdir()
        shutil.copy(HOSTILE, folder / "hostile.py")
        daemon.write(plugins=[plugin(name, **settings) for name in names])
        daemon.start()
        for name in names if up else ():
            daemon.log.expect(rf"plugin: up name={name} ")
        return daemon
    return new


SILENT = ("hang", "mute", "deaf", "threads")


def plugin(name, more=None, **settings):
    """Those who will not answer are waited for no longer than must be."""
    return {"name": name, "program": "plugins/hostile.py",
            "deadline": "1s" if name in SILENT else "30s",
            "settings": {"does": name, **(more or {})}, **settings}


def processes(daemon):
    """The daemon's launcher, and its plugins by number."""
    def children(pid):
        path = f"/proc/{pid}/task/{pid}/children"
        return [int(p) for p in pathlib.Path(path).read_text().split()]
    [launcher] = children(daemon.process.pid)
    return launcher, children(launcher)


def is_gone(pid):
    try:
        return " Z " in pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def talk(daemon, ann, ben, text):
    """Chat goes on."""
    ann.ok(text)
    ben.expect(rf"^\[lobby\] ann-x: {text}$")


def people(daemon):
    return daemon.register("ann-x"), daemon.register("ben")


# name: how the use ends, and what the log says of it
ENDS = {
    "flood": ("plugin-down", "it said too much in too short a time"),
    "gush": ("plugin-down", "it sent a line of more than 131072 bytes"),
    "half": ("plugin-down", "it ended in the middle of a line"),
    "die": ("plugin-down", "it was ended by signal 6"),
    "unknown": ("plugin-down", "it answered [0-9]+, which nobody asked"),
    "long": ("plugin-down", "it sent a line of more than 131072 bytes"),
    "deep": ("plugin-down", "it sent objects more than 32 deep"),
    "controls": ("plugin-down", "it sent user with control characters"),
    "nul": ("plugin-down", "it sent a line that is no JSON object"),
    "bytes_": ("plugin-down", "it sent a line that is no JSON object"),
    "many": ("plugin-down", "it sent user that is no list of at most 20"),
    "greedy": ("plugin-down", "it sent a state of more than 65536 bytes"),
}


@pytest.mark.parametrize("name", ENDS)
def test_it_is_ended(evil, name):
    code, why = ENDS[name]
    daemon = evil(name, "echo")
    ann, ben = people(daemon)
    ann.refused(f"/{name}", code)
    daemon.log.expect(rf"warning: plugin: down name={name} why=\".*{why}")
    talk(daemon, ann, ben, "still here")
    assert ann.ok("/echo hello").lines == ["-- hello"]
    # And is there again after a pause.
    eventually(lambda: daemon.log.text().count(f"up name={name} ") > 1,
               "there again")


def test_one_that_does_not_answer(evil):
    daemon = evil("hang", "echo")
    ann, ben = people(daemon)
    mark = daemon.log.mark()
    for _ in range(2):
        assert "in time" in ann.refused("/hang", "plugin-timeout")
        talk(daemon, ann, ben, "meanwhile")
        assert ben.ok("/echo hello").lines == ["-- hello"]
    ann.refused("/hang", "plugin-timeout")
    daemon.log.expect("down name=hang why=\"it did not answer 3 times")
    daemon.log.expect("plugin: up name=hang ", after=mark)


def test_more_at_once_than_it_may_have(evil):
    daemon = evil("hang", deadline="60s")
    peers = [daemon.guest(f"guest{i}") for i in range(16)]
    for peer in peers:
        peer.send("/hang\n")
    eventually(lambda: "; 8 uses" in daemon.ctl("plugins").stdout,
               "as many as one address may have")
    daemon.guest("zoe").refused("/hang", "busy")
    daemon.ctl("plugins", "reload", "hang")
    codes = [peer.answer().code for peer in peers]
    assert sorted(codes) == 8 * ["busy"] + 8 * ["plugin-down"]


def test_an_answer_given_twice(evil):
    daemon = evil("twice")
    ann, ben = people(daemon)
    assert ann.ok("/twice").lines == ["-- once"]
    daemon.log.expect("down name=twice why=\"it answered")
    talk(daemon, ann, ben, "once is enough")


@pytest.mark.parametrize("name, why", [
    ("impolite", "it sent a line that is no JSON object"),
    ("eager", "it said no hello first"),
])
def test_one_that_does_not_say_hello_properly(evil, name, why):
    daemon = evil(name, up=False)
    daemon.log.expect(f"down name={name} why=\"{why}")
    daemon.guest("zoe").refused(f"/{name}", "plugin-down")


def test_one_that_never_says_hello(evil):
    daemon = evil("mute", up=False)
    ann, ben = people(daemon)
    ann.refused("/mute", "plugin-down")
    talk(daemon, ann, ben, "hello")
    daemon.stop()


def test_stderr_without_end(evil):
    begin = time.monotonic()
    daemon = evil("scream")
    ann, ben = people(daemon)
    assert ann.ok("/scream").lines == ["-- now"]
    daemon.log.expect("plugin: complains name=scream text=\"ABCD")
    for i in range(20):
        talk(daemon, ann, ben, f"noise {i}")
    windows = (time.monotonic() - begin) // 10 + 2
    assert daemon.log.text().count("complains") <= 10 * windows


def test_what_comes_beside_the_lines(evil):
    """Out-of-band bytes and descriptors are thrown away."""
    daemon = evil("urgent")
    ann, ben = people(daemon)
    open_before = len(os.listdir(f"/proc/{daemon.process.pid}/fd"))
    for _ in range(3):
        answer = ann.command("/urgent")
        assert answer.code in ("ok", "plugin-down")
        talk(daemon, ann, ben, "urgent")
    assert len(os.listdir(f"/proc/{daemon.process.pid}/fd")) < open_before + 9


def test_it_starts_no_process(evil):
    daemon = evil("fork")
    lines = daemon.guest("zoe").ok("/fork").lines
    assert [line.split(":")[0] for line in lines] == [
        "-- fork", "-- vfork", "-- exec", "-- session"]
    assert not [line for line in lines if line.endswith(": ok")]


def test_it_grows(evil):
    daemon = evil("grow", memory="64M")
    ann, ben = people(daemon)
    assert ann.ok("/grow").lines == ["-- MemoryError"]
    talk(daemon, ann, ben, "there is room")


def test_threads_without_end(evil):
    daemon = evil("threads", memory="4G")
    ann, ben = people(daemon)
    answer = ann.command("/threads")
    assert answer.code in ("plugin-down", "plugin-timeout")
    daemon.log.expect("down name=threads why=\"it (had more than 64 threads|"
                      "ended with status 3|did not answer)")
    talk(daemon, ann, ben, "one at a time")


@pytest.mark.needs("landlock")
def test_it_sees_nothing_of_ours(evil):
    daemon = evil("echo")
    pid, folder = daemon.process.pid, daemon.folder
    launcher, _ = processes(daemon)
    secrets = [daemon.config, f"{folder}/", f"{folder}/data/",
               f"{folder}/data/users.db", f"{folder}/keys/audit.key",
               f"{folder}/tls/server.key", f"{folder}/tls/ca.key",
               f"{folder}/audit.log", f"{folder}/run/", f"/proc/{pid}/environ",
               f"/proc/{pid}/fd/", f"/proc/{pid}/maps", f"/proc/{pid}/mem",
               f"/proc/{launcher}/maps", f"/proc/{launcher}/fd/",
               "/etc/passwd", "/etc/shadow", "/tmp/",
               "/proc/self/root/etc/passwd", "/proc/self/cwd/etc/passwd"]
    daemon.write(plugins=[plugin("read", more={
        "paths": ":".join(map(str, secrets))})])
    daemon.ctl("reload")
    daemon.log.expect("plugin: up name=read ")
    zoe = daemon.guest("zoe")
    assert zoe.ok("/read").lines == [f"-- {path} Permission denied"
                                     for path in secrets]
    [plugin_pid] = processes(daemon)[1]
    status = pathlib.Path(f"/proc/{plugin_pid}/status").read_text()
    for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb"):
        assert f"Cap{kind}:\t{0:016x}\n" in status


@pytest.mark.needs("landlock")
def test_it_sees_no_connections(evil):
    """They would tell the addresses of everybody."""
    paths = ["/proc/net/tcp", "/proc/self/net/tcp", "/proc/self/net/unix",
             "/proc/thread-self/net/tcp", "/proc/self/mountinfo"]
    daemon = evil("read", more={"paths": ":".join(paths)})
    assert daemon.guest("zoe").ok("/read").lines == [
        f"-- {path} Permission denied" for path in paths]


@pytest.mark.needs("landlock")
def test_it_writes_nothing(evil):
    daemon = evil("echo")
    folder = daemon.folder
    places = [f"{folder}/plugins/new", f"{folder}/plugins/hostile.py",
              "/tmp/rialto-evil", "/dev/shm/rialto-evil",
              f"{folder}/rialto.yaml"]
    daemon.write(plugins=[plugin("make", more={
        "paths": ":".join(map(str, places))})])
    daemon.ctl("reload")
    daemon.log.expect("plugin: up name=make ")
    lines = daemon.guest("zoe").ok("/make").lines
    assert len(lines) == 3 * len(places)
    assert not [line for line in lines if line.endswith(" ok")]
    assert not os.path.exists(places[0]) and not os.path.exists(places[2])
    assert os.stat(places[1]).st_mode & 0o777 != 0o777


@pytest.mark.needs("landlock")
def test_a_plugin_beside_the_settings_sees_itself_alone(evil):
    daemon = evil("echo")
    folder = daemon.folder
    shutil.copy(HOSTILE, folder / "beside.py")
    paths = [f"{folder}/rialto.yaml", f"{folder}/tls/server.key",
             f"{folder}/plugins/hostile.py"]
    daemon.write(plugins=[{**plugin("read", more={"paths": ":".join(paths)}),
                           "program": "./beside.py"}])
    daemon.ctl("reload")
    daemon.log.expect("plugin: up name=read ")
    lines = daemon.guest("zoe").ok("/read").lines
    assert lines == [f"-- {path} Permission denied" for path in paths]


# What node reads first, with or without the network.
OPENSSL = "/etc/ssl/openssl.cnf"


def test_it_reads_how_openssl_is_set(evil):
    daemon = evil("read", more={"paths": OPENSSL})
    [line] = daemon.guest("zoe").ok("/read").lines
    assert "Permission denied" not in line
    assert line.endswith(" ok") == os.path.exists(OPENSSL)


def test_it_harms_nobody(evil):
    daemon = evil("attack", "echo")
    ann, ben = people(daemon)
    lines = ann.ok(f"/attack {daemon.process.pid}").lines
    assert len(lines) == 14
    assert not [line for line in lines if line.endswith(": ok")]
    talk(daemon, ann, ben, "unharmed")
    assert ben.ok("/echo me too").lines == ["-- me too"]


CONNECT = ["tcp", "udp", "stream", "datagram", "serve", "multipath"]


@pytest.mark.parametrize("network, reached", [(False, []),
                                              (True, ["tcp", "udp"])])
def test_the_network_is_a_grant(evil, network, reached):
    daemon = evil("connect", network=network)
    lines = daemon.guest("zoe").ok(
        f"/connect {daemon.port} {daemon.socket}").lines
    found = dict(line[3:].split(": ", 1) for line in lines)
    assert list(found) == CONNECT
    assert [name for name in found if found[name] == "ok"] == reached


def test_what_is_slow_to_close_is_not_passed_on(evil):
    """The warden closes descriptors that it is sent, and waits for nobody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        daemon = evil("linger", "echo", network=True, deadline="60s")
        ann, ben = people(daemon)
        port = server.getsockname()[1]
        assert ann.ok(f"/linger {port}").lines[0] != "-- ok"
        assert ben.ok("/echo still here").lines == ["-- still here"]


def test_what_it_is_given(evil):
    daemon = evil("look")
    more = "ASAN_OPTIONS " if SANITIZED else ""
    assert daemon.guest("zoe").ok("/look").lines == [
        "-- open 0 1 2", f"-- environment {more}LANG PATH", "-- folder /",
        "-- session True", "-- links 1"]


def test_what_it_says_unasked(evil):
    """Where it was used, and nowhere else."""
    daemon = evil("babble")
    ann, ben = people(daemon)
    ben.ok("/join vault")
    assert ann.ok("/babble").lines == ["-- said"]
    daemon.log.expect("plugin: said something where it may not name=babble "
                      "text=\"vault\"")
    ben.expect(r"^\[lobby\] babble: hello$")
    assert not [e for e in ben.take() if "let me in" in e]


def test_it_hears_only_what_it_may(evil):
    daemon = evil("echo", rooms=["den", "lobby"])
    ann, ben = people(daemon)
    ann.ok("secret words")
    ann.ok("/join den")
    daemon.log.expect("text=\"heard joined ann-x")
    assert "heard said" not in daemon.log.text()
    daemon.write(plugins=[plugin("echo", rooms=["den"], hear=True)])
    mark = daemon.log.mark()
    daemon.ctl("reload")
    daemon.log.expect("plugin: up name=echo ", after=mark)
    ann.command("/join lobby")
    ann.ok("of the lobby")
    ann.command("/join den")
    ann.ok("of the den")
    assert daemon.log.expect(r"heard said ann-x ([a-z ]+)",
                             after=mark)[1] == "of the den"


def test_who_waits_is_answered_when_the_daemon_stops(evil):
    daemon = evil("hang", deadline="60s")
    zoe = daemon.guest("zoe")
    zoe.send("/hang\n")
    eventually(lambda: "; 1 uses" in daemon.ctl("plugins").stdout, "asked")
    daemon.stop()
    assert zoe.answer().code == "plugin-down"


def test_it_ignores_bye(evil):
    daemon = evil("echo", more={"stays": True})
    _, [pid] = processes(daemon)
    daemon.stop()
    assert is_gone(pid)


def test_it_closes_its_input(evil):
    daemon = evil("deaf")
    ann, ben = people(daemon)
    ann.refused("/deaf", "plugin-timeout")
    talk(daemon, ann, ben, "deaf or not")


def test_kill_9_of_the_daemon_ends_all(evil):
    daemon = evil("echo", "hang", more={"stays": True})
    launcher, plugins = processes(daemon)
    assert len(plugins) == 2
    daemon.kill()
    for pid in (launcher, *plugins):
        eventually(lambda: is_gone(pid), f"{pid} ended")


def test_kill_9_of_the_launcher(evil):
    daemon = evil("echo")
    ann, ben = people(daemon)
    launcher, [pid] = processes(daemon)
    os.kill(launcher, signal.SIGKILL)
    daemon.log.expect("error: plugin: the launcher has ended")
    ann.refused("/echo", "plugin-down")
    eventually(lambda: is_gone(pid), "the plugin ended")
    talk(daemon, ann, ben, "without plugins")
    assert "the launcher" in daemon.admin().ok("/plugins").text
    daemon.stop()


WITHOUT = """
import ctypes, os, sys
seccomp = ctypes.CDLL("libseccomp.so.2")
seccomp.seccomp_init.restype = ctypes.c_void_p
rules = ctypes.c_void_p(seccomp.seccomp_init(0x7fff0000))
for number in (444, 445, 446):
    seccomp.seccomp_rule_add(rules, 0x50000 | 38, number, 0)
assert seccomp.seccomp_load(rules) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_a_kernel_without_landlock(daemons):
    """The rest of the cage holds, and the log says what does not."""
    daemon = daemons.new(under=["/usr/bin/python3", "-c", WITHOUT])
    (daemon.folder / "plugins").mkdir()
    shutil.copy(HOSTILE, daemon.folder / "plugins/hostile.py")
    own = daemon.folder / "plugins/own"
    own.write_text("as it was")
    daemon.write(plugins=[plugin("attack"), plugin("overwrite", more={
        "paths": f"{own}"})])
    daemon.start()
    daemon.log.expect("plugin: up name=attack ")
    daemon.log.expect("plugin: up name=overwrite ")
    assert daemon.log.text().count("this kernel has no Landlock") == 1
    zoe = daemon.guest("zoe")
    lines = zoe.ok(f"/attack {daemon.process.pid}").lines
    lines += zoe.ok("/overwrite").lines
    assert not [line for line in lines if line.endswith(" ok")]
    assert own.read_text() == "as it was"


def test_its_state_outlives_it(evil):
    daemon = evil("remember")
    zoe = daemon.guest("zoe")
    assert zoe.ok("/remember one").lines == ["-- None"]
    daemon.kill()
    daemon.start()
    daemon.log.expect("plugin: up name=remember ")
    assert daemon.guest("zoe").ok("/remember two").lines == \
        ["-- {'last': 'one'}"]
    # Also when it is started anew by itself.
    mark = daemon.log.mark()
    daemon.ctl("plugins", "reload", "remember")
    daemon.log.expect("plugin: up name=remember ", after=mark)
    assert daemon.guest("yan").ok("/remember three").lines == \
        ["-- {'last': 'two'}"]


def test_reload_starts_what_changed_and_nothing_else(evil):
    daemon = evil("echo", "hang")
    _, before = processes(daemon)
    mark = daemon.log.mark()
    daemon.write(plugins=[plugin("echo"), plugin("look"),
                          plugin("hang", deadline="3s")])
    daemon.ctl("reload")
    daemon.log.expect("plugin: up name=hang ", after=mark)
    daemon.log.expect("plugin: up name=look ", after=mark)
    _, after = processes(daemon)
    assert len(after) == 3 and len(set(after) & set(before)) == 1
    daemon.write(plugins=[plugin("echo")])
    daemon.ctl("reload")
    eventually(lambda: len(processes(daemon)[1]) == 1, "one left")
    daemon.guest("zoe").refused("/look", "unknown-command")


def test_a_guest_has_not_the_name_of_a_plugin(evil):
    """Nor one who was here before it."""
    daemon = evil("echo")
    early = daemon.guest("Look")
    ann, ben = people(daemon)
    daemon.write(plugins=[plugin("echo"), plugin("look")])
    daemon.ctl("reload")
    assert "~~ session-ended" in early.rest()
    daemon.guest("zoe").refused("/nick look", "name-taken")
    late = daemon.machine()
    late.refused("/guest look", "name-taken")
    talk(daemon, ann, ben, "who was that")


def test_all_of_them_at_once(evil):
    """The evening on which everything goes wrong."""
    names = ["flood", "gush", "scream", "die", "hang", "unknown", "threads",
             "deaf", "grow"]
    daemon = evil("echo", *names, memory="128M")
    ann, ben = people(daemon)
    bad = [daemon.guest(f"bad-{name}") for name in names]
    for peer, name in zip(bad, names):
        peer.send(f"/{name}\n")
    for i in range(50):
        talk(daemon, ann, ben, f"line {i}")
        assert ann.ok(f"/echo {i}").lines == [f"-- {i}"]
    codes = {name: peer.answer().code for peer, name in zip(bad, names)}
    assert codes["scream"] == codes["grow"] == "ok"
    assert {codes[n] for n in names if n not in ("scream", "grow")} <= {
        "plugin-down", "plugin-timeout"}
