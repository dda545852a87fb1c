"""The real programs for tests: a daemon in a folder of its own, and peers.

Nothing here sleeps: whoever waits, waits for an event and has a deadline.
RIALTO_PATIENCE multiplies the deadlines, for builds that run slowly.
"""

import itertools
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

PATIENCE = float(os.environ.get("RIALTO_PATIENCE") or 1)
BUILD = pathlib.Path(os.environ.get("RIALTO_BUILD") or os.getcwd())
RIALTOD = BUILD / "src/rialtod/rialtod"
RIALTO = BUILD / "src/rialto/rialto"
RIALTOCTL = BUILD / "src/rialtoctl/rialtoctl"
JOKE = BUILD / "src/joke/rialto-joke"
SANITIZED = any(word in RIALTOD.read_bytes()
                for word in (b"__asan_init", b"__tsan_init"))

ADMIN, ADMIN_WORD = "ann", "the first word"
WORD = "open sesame 1"  # everybody else's password

DAMAGED, MISTAKEN = 65, 78  # exit statuses of rialtod: the data, the settings

# People in tests talk as fast as programs do.
NO_FLOOD_CONTROL = {key: "none" for key in (
    "flood", "flood_joins", "flood_repeats", "flood_room", "flood_room_joins",
    "flood_room_repeats", "flood_acts")}

BROKEN = re.compile(r"Sanitizer|runtime error|[Aa]ssert|lock order")


# One line of the log; or of what is wrong with the settings.
EVENT = re.compile(r"(debug|info|notice|warning|error): [a-z]+: [^\x00-\x1f]+$|"
                   r"\S+: ")

# In the readable trail: more than that the bank and its accounts were made.
MONEY = re.compile(r" action=bank\.(?!(open|currency|rules) )")


def deadline(seconds=20):
    return time.monotonic() + seconds * PATIENCE


def remaining(until):
    return max(until - time.monotonic(), 0.001)


def eventually(check, what):
    """Tries until it is true; for what has no event of its own."""
    until = deadline()
    while not check():
        assert time.monotonic() < until, f"not {what}"


def next_millisecond():
    """What is said from now on has a later time than what has been said."""
    now = time.time_ns() // 10**6
    while time.time_ns() // 10**6 == now:
        pass


def reserve_ports():
    """Some that no other run of the tests on this machine takes meanwhile.

    They lie below those that the system gives to outgoing connections.
    """
    for first in random.sample(range(10000, 32000, 200), 110):
        lock = socket.socket(socket.AF_UNIX)
        try:
            lock.bind(f"\0rialto-e2e-{first}")
        except OSError:
            lock.close()
            continue
        return lock, range(first, first + 200)
    raise RuntimeError("too many runs at once")


PORTS_LOCK, PORTS = reserve_ports()
NEXT_PORT = itertools.cycle(PORTS)


def free_port():
    """Not one that was given lately, which may not be in use yet."""
    for port in NEXT_PORT:
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def run(*command, words=None, env=None, seconds=60):
    """A program that ends by itself; its output as text."""
    return subprocess.run(
        [str(c) for c in command],
        input=words,
        capture_output=True,
        text=True,
        errors="replace",
        env=env,
        timeout=seconds * PATIENCE,
        stdin=subprocess.DEVNULL if words is None else None,
    )


def mounting():
    """A command before another that mounts something for itself alone."""
    command = ["unshare", "--mount"]
    if os.getuid() != 0:
        command += ["--user", "--map-root-user"]
    # In a chroot nothing can be said of how mounts spread: there one is
    # perhaps seen outside, until it is taken away.
    probe = subprocess.run([*command, "true"], stderr=subprocess.DEVNULL)
    if probe.returncode:
        command += ["--propagation=unchanged"]
    return command


def init(folder, *options, admin=ADMIN, word=ADMIN_WORD):
    return run(RIALTOD, "--init", folder, "--admin", admin, *options,
               words=word + "\n")


def environment(**more):
    mine = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NOTIFY_", "LISTEN_", "WATCHDOG_"))
    }
    return {**mine, **more}


class Log:
    """What a program writes to a pipe, line by line, as it comes."""

    def __init__(self, pipe):
        self.lines = []
        self.changed = threading.Condition()
        self.ended = False
        self.thread = threading.Thread(target=self._read, args=(pipe,),
                                       daemon=True)
        self.thread.start()

    def _read(self, pipe):
        with pipe:
            for line in pipe:
                with self.changed:
                    self.lines.append(line.rstrip("\n"))
                    self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def text(self):
        with self.changed:
            return "\n".join(self.lines)

    def mark(self):
        """For expect(after=): only what comes from now on."""
        with self.changed:
            return len(self.lines)

    def expect(self, regex, after=0, seconds=20):
        """The match of the first line that has it."""
        until = deadline(seconds)
        pattern = re.compile(regex)
        with self.changed:
            while True:
                for line in self.lines[after:]:
                    match = pattern.search(line)
                    if match:
                        return match
                if self.ended or time.monotonic() > until:
                    raise AssertionError(
                        f"no /{regex}/ in the log:\n" + "\n".join(self.lines))
                self.changed.wait(remaining(until))

    def wait_for_end(self):
        self.thread.join(20 * PATIENCE)
        return self.text()


def merge(base, changes):
    merged = dict(base)
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = {**merged[key], **value}
        else:
            merged[key] = value
    return merged


class Daemon:
    """rialtod in a folder that --init made."""

    def __init__(self, folder, under=(), **settings):
        self.folder = pathlib.Path(folder)
        self.config = self.folder / "rialto.yaml"
        self.socket = self.folder / "run/control.sock"
        self.ca = self.folder / "tls/ca.crt"
        self.under = list(under)  # a command that starts the daemon
        self.port = free_port()
        self.atm_port = free_port()
        self.settings = merge({
            "server": {"workers": 2, "cache": "16M"},
            "listeners": [
                {"service": "line", "address": f"127.0.0.1:{self.port}"},
                {"service": "line", "address": "unix:run/control.sock",
                 "tls": False, "console": True},
                {"service": "atm", "address": f"127.0.0.1:{self.atm_port}"},
            ],
            "users": {"password_cost": 1, "registrations_per_address": "none"},
            "limits": {"sessions_per_address": "none"},
            "chat": dict(NO_FLOOD_CONTROL),
            "bank": {"rate": "none"},
        }, settings)
        self.process = None
        self.log = None
        self.peers = []
        self.is_spoiled = False  # the test has changed what it stores
        self.is_checked = False  # since it ran
        self.write()

    def write(self, **changes):
        """Writes the settings: JSON is YAML, but for words like none."""
        self.settings = merge(self.settings, changes)
        text = json.dumps(self.settings, indent=1) + "\n"
        # At once: a reload that was asked for before must not find half of it.
        fresh = self.config.with_suffix(".new")
        fresh.write_text(re.sub(r'"(none|auto)"', r"\1", text))
        fresh.replace(self.config)

    def spawn(self, *options, env=None, **more):
        """Starts it without waiting for anything."""
        own = ["env", *(f"{name}={value}" for name, value in env.items())
               ] if env else []
        self.is_checked = False
        self.process = subprocess.Popen(
            # What it is started under need not bear what is preloaded.
            [*self.under, *own, str(RIALTOD), "--config", str(self.config),
             "--plugin-dir", str(JOKE.parent), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, errors="replace",
            env=environment(), **more)
        self.log = Log(self.process.stderr)

    def start(self, *options, **more):
        self.spawn(*options, **more)
        self.log.expect(r"daemon: ready")
        return self

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def wait(self, seconds=20):
        """The exit status, once it has ended and its log is read."""
        status = self.process.wait(seconds * PATIENCE)
        self.log.wait_for_end()
        return status

    def freeze(self):
        """It does nothing more, from now on, until SIGCONT."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)

    def kill(self):
        """As a power cut would."""
        self.process.kill()
        self.wait()

    def stop(self, wanted=0):
        """As systemd does: SIGTERM, and an exit within five seconds."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("SIGTERM: it still ran after five seconds")
        assert status == wanted, f"exit {status}\n{self.log.text()}"
        self.check_log()

    def check_log(self):
        text = self.log.text()
        assert not BROKEN.search(text), text
        for line in text.splitlines():
            assert EVENT.match(line), f"no event: {line!r}"

    def restart(self, **more):
        self.stop()
        return self.start(**more)

    def close(self):
        for peer in self.peers:
            peer.close()
        if self.is_running():
            self.stop()
        elif self.log is not None:
            self.check_log()
        if self.is_spoiled or self.is_checked:
            return
        if self.has_moved_money():
            self.check_books()

    def has_moved_money(self):
        trail = self.folder / "audit.log"
        return trail.exists() and MONEY.search(trail.read_text())

    def check_books(self):
        """The invariants of the bank, and of all else that is stored."""
        self.is_checked = True
        result = self.offline("--verify")
        assert result.returncode == 0, result.stdout + result.stderr

    def ctl(self, *words, **more):
        return run(RIALTOCTL, "--config", self.config, *words, **more)

    def offline(self, *options, **more):
        """rialtod for something else than serving."""
        return run(RIALTOD, "--config", self.config, *options, **more)

    def client(self, *words, **more):
        """The client for scripts: rialto -c and the like."""
        return run(RIALTO, "--ca", self.ca, *words, **more)

    def connect(self, kind, **more):
        peer = kind(self.port, ca=self.ca, **more)
        self.peers.append(peer)
        return peer

    def person(self, **more):
        return self.connect(Person, **more)

    def machine(self, **more):
        return self.connect(Machine, **more)

    def register(self, name, word=WORD, **more):
        """A new user, logged in, in machine mode."""
        machine = self.machine(**more)
        machine.ok(f"/register {name} {word}")
        return machine.entered()

    def login(self, name, word=WORD, **more):
        machine = self.machine(**more)
        machine.ok(f"/login {name} {word}")
        return machine.entered()

    def appoint(self, name, role):
        """A new user with a role, logged in."""
        self.register(name).close()
        result = self.ctl("users", "role", name, f"+{role}")
        assert result.returncode == 0, result.stderr
        return self.login(name)

    def admin(self, **more):
        return self.login(ADMIN, ADMIN_WORD, **more)

    def guest(self, name, **more):
        machine = self.machine(**more)
        machine.ok(f"/guest {name}")
        return machine.entered()

    def atm(self, user=None, word=WORD, **more):
        """A session of the service atm, logged in when there is a user."""
        from atm import Atm  # needs packages that not every test does
        peer = Atm(self.atm_port, ca=self.ca, **more)
        self.peers.append(peer)
        if user:
            peer.login(user, word)
        return peer

    def console(self):
        """The console listener, in machine mode."""
        peer = Machine(self.socket)
        self.peers.append(peer)
        return peer


def copy_folder(source, target):
    """A data folder without what the daemon makes anew at its start."""
    shutil.copytree(source, target,
                    ignore=lambda _, names: {"reserve", "control.sock"} & set(names))
    return target


def context(ca=None, **more):
    """How peers speak TLS: verifying the server, unless there is no ca."""
    if ca is None:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    else:
        made = ssl.create_default_context(cafile=str(ca))
    for name, value in more.items():
        setattr(made, name, value)
    return made


class Closed(AssertionError):
    """The peer ended the connection."""


class Link:
    """A connection and what has come by it and was not yet looked at.

    where is a port, the path of a Unix socket, or a socket.
    """

    def __init__(self, where, ca=None, tls=None, source=None, alpn=None,
                 window=None):
        if isinstance(where, int):
            self.sock = socket.socket()
            if window:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                                     window)
            if source:
                self.sock.bind((source, 0))
            self.sock.settimeout(20 * PATIENCE)
            self.sock.connect(("127.0.0.1", where))
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            tls = tls or context(ca)
            if alpn:
                tls.set_alpn_protocols([alpn])
            self.sock = tls.wrap_socket(self.sock, server_hostname="localhost")
        elif isinstance(where, socket.socket):
            self.sock = where
        else:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(str(where))
        self.pending = b""
        self.seen = []  # everything, for messages of failed tests

    def more(self, until, wanted):
        self.sock.settimeout(remaining(until))
        try:
            got = self.sock.recv(65536)
        except (TimeoutError, ssl.SSLWantReadError):
            raise AssertionError(f"no {wanted}; so far:\n{self.transcript()}")
        except (ConnectionError, ssl.SSLError, OSError) as problem:
            raise Closed(f"no {wanted}, {problem}:\n{self.transcript()}")
        if not got:
            raise Closed(f"no {wanted}, closed:\n{self.transcript()}")
        self.seen.append(got)
        self.pending += got

    def transcript(self):
        return b"".join(self.seen)[-1000:].decode(errors="replace")

    def send(self, data):
        self.sock.settimeout(20 * PATIENCE)
        self.sock.sendall(data.encode() if isinstance(data, str) else data)

    def rest(self, seconds=20):
        """Everything up to the end of the connection, which must come."""
        until = deadline(seconds)
        try:
            while True:
                self.more(until, "end of the connection")
        except Closed:
            rest, self.pending = self.pending, b""
            return rest.decode(errors="replace")

    def close(self):
        """Politely."""
        try:
            if isinstance(self.sock, ssl.SSLSocket):
                self.sock.settimeout(1)
                self.sock.unwrap()
        except (OSError, ValueError):
            pass
        self.sock.close()

    def vanish(self):
        """As if the network was cut: no close_notify, a reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             b"\1\0\0\0\0\0\0\0")
        os.close(self.sock.detach())


class Answer:
    """To one line in machine mode: its "--" and "!!" lines, and its code."""

    def __init__(self, lines, code):
        self.lines, self.code = lines, code
        self.text = "\n".join(lines)

    def __repr__(self):
        return f"{self.text}\n== {self.code}"


class Machine(Link):
    """A program: one answer for each line, and events beside them."""

    def __init__(self, where, mode="/mode machine", **more):
        super().__init__(where, **more)
        self.events = []  # lines nobody asked for, oldest first
        if mode:
            self.ok(mode)
            self.events.clear()

    def line(self, until=None):
        until = until or deadline()
        while b"\n" not in self.pending:
            self.more(until, "line")
        line, self.pending = self.pending.split(b"\n", 1)
        return line.decode()

    def answer(self, until=None):
        until = until or deadline()
        lines = []
        while True:
            line = self.line(until)
            if line.startswith("== "):
                code = line[3:]
                return Answer(lines, code[6:] if code.startswith("error ")
                              else code)
            if line.startswith(("-- ", "!! ")):
                lines.append(line)
            else:
                self.events.append(line)

    def command(self, line, until=None):
        self.send((line if isinstance(line, bytes) else line.encode()) + b"\n")
        return self.answer(until)

    def ok(self, line):
        answer = self.command(line)
        assert answer.code == "ok", f"{line}: {answer}"
        return answer

    def refused(self, line, code):
        """The words of the refusal."""
        answer = self.command(line)
        assert answer.code == code, f"{line}: {answer}, not {code}"
        assert answer.lines[-1].startswith(f"!! {code} "), answer
        return answer.text

    def entered(self):
        """Forgets what came with the login."""
        self.fence()
        self.events.clear()
        return self

    def fence(self):
        """Now events has everything that others had done before."""
        self.ok("/mode machine")
        return self.events

    def expect(self, regex, seconds=20):
        """Takes events up to the first that matches; its match."""
        until = deadline(seconds)
        while True:
            while self.events:
                match = re.search(regex, self.events.pop(0))
                if match:
                    return match
            line = self.line(until)
            if line.startswith(("== ", "-- ", "!! ")):
                raise AssertionError(f"{line!r} while waiting for /{regex}/")
            self.events.append(line)

    def take(self):
        """All events so far, which are forgotten."""
        self.fence()
        events, self.events = self.events, []
        return events


class Person(Link):
    """Somebody at a keyboard: text comes, prompts have no line end."""

    def type(self, line):
        self.send(line + "\n")

    def expect(self, regex, seconds=20):
        """Takes the text up to the end of the match."""
        until = deadline(seconds)
        pattern = re.compile(regex, re.MULTILINE)
        while True:
            text = self.pending.decode(errors="replace")
            match = pattern.search(text)
            if match:
                self.pending = text[match.end():].encode()
                self.before = text[:match.start()]
                return match
            self.more(until, f"/{regex}/")
