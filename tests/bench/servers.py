"""The servers that are measured: each a child on a loopback port, with its
limits on how fast one may speak switched off, in a folder that goes away."""

import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import time

PATIENCE_S = 20
FILES = 20000


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def allow_files():
    """As many files as we may open, up to FILES; children inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    want = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, want), hard))


class Server:
    """With this as a context, the server runs; .port and .pid are its own."""

    name = ""
    protocol = "irc"
    at_once = 256  # who may be on their way in

    def __init__(self, folder, tls, environment=None):
        self.environment = environment or {}
        self.folder = pathlib.Path(folder) / self.name
        self.tls = tls
        self.port = 0
        self.child = None

    @classmethod
    def program(cls):
        return shutil.which(cls.name, path=os.environ["PATH"] + ":/usr/sbin")

    def command(self):
        raise NotImplementedError

    def start(self):
        self.launch()

    def launch(self):
        """Starts the child and returns once it accepts connections."""
        with open(self.folder / "log", "wb") as log:
            self.child = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd=self.folder,
                env={**os.environ, **self.environment})
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                if self.child.poll() is not None or time.monotonic() > end:
                    text = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(
                        f"{self.name} does not start:\n{text[-2000:]}") from None
                time.sleep(0.01)

    @property
    def pid(self):
        return self.child.pid

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.port = free_port()
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.child and self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


class Rialto(Server):
    """Tells .ready_ms, the time from its start to READY=1, as well."""

    name = "rialtod"
    protocol = "line"
    chat = ("flood: none, flood_joins: none, flood_repeats: none,"
            " flood_room: none, flood_room_joins: none,"
            " flood_room_repeats: none")
    build = pathlib.Path(".")

    def command(self):
        settings = self.folder / "home" / "rialto.yaml"
        return [self.build / "src/rialtod/rialtod", "--config", settings]

    def make_home(self):
        subprocess.run(
            [self.build / "src/rialtod/rialtod", "--init", self.folder / "home",
             "--admin", "root"], input=b"bench-password\n", check=True,
            stdout=subprocess.DEVNULL)

    def set_up(self):
        (self.folder / "home/rialto.yaml").write_text(f"""\
server: {{ data: data }}
listeners:
  - {{ service: line, address: "127.0.0.1:{self.port}" }}
  - {{ service: line, address: "unix:control.sock", tls: false, console: true }}
limits: {{ sessions: 12000, sessions_per_address: none }}
users: {{ registrations_per_address: none }}
chat: {{ {self.chat} }}
""")

    def start(self):
        self.make_home()
        self.set_up()
        self.launch()

    def launch(self):
        path = str(self.folder / "notify")
        pathlib.Path(path).unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(path)
            notify.settimeout(PATIENCE_S)
            os.environ["NOTIFY_SOCKET"] = path
            begin = time.monotonic()
            try:
                super().launch()
                while b"READY=1" not in notify.recv(4096):
                    pass
            finally:
                del os.environ["NOTIFY_SOCKET"]
            self.ready_ms = (time.monotonic() - begin) * 1000

    def ctl(self, *words):
        """What rialtoctl prints."""
        return subprocess.run(
            [self.build / "src/rialtoctl/rialtoctl", "--socket",
             self.folder / "home/control.sock", *words],
            check=True, stdout=subprocess.PIPE, text=True).stdout


class Moderated(Rialto):
    """With the lobby's lists full of others, and flood control counting."""

    name = "moderated"
    bans, filters = 20, 50
    chat = ("flood: 1000000/1s, flood_joins: 1000000/1s,"
            " flood_repeats: 1000000/1s, flood_room: 1000000/1s,"
            " flood_room_joins: 1000000/1s, flood_room_repeats: 1000000/1s")

    def start(self):
        super().start()
        orders = [f"/ban troll{n}*!*@203.0.113.* 1d trolling"
                  for n in range(self.bans)]
        orders += [f"/filter add refuse glob *buy*hats{n}*now*"
                   for n in range(self.filters // 2)]
        orders += [f"/filter add refuse literal come to my server {n}"
                   for n in range(self.filters - self.filters // 2)]
        for order in orders:
            self.ctl("in", "lobby", order)


class Ngircd(Server):
    name = "ngircd"
    at_once = 8  # it resets connections when there are many

    def command(self):
        settings = self.folder / "ngircd.conf"
        settings.write_text(f"""\
[Global]
Name = irc.bench.local
Info = bench
Listen = 127.0.0.1
Ports = {free_port()}
MotdPhrase = hello
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 32
MaxPenaltyTime = 0
PingTimeout = 600
[Options]
DNS = no
Ident = no
PAM = no
[SSL]
CertFile = {self.tls / "server.crt"}
KeyFile = {self.tls / "server.key"}
Ports = {self.port}
""")
        return [self.program(), "-n", "-f", settings]

    def start(self):
        # It gives up root before it reads the key.
        for path in (self.folder.parent, self.folder, self.tls):
            path.chmod(0o755)
        (self.tls / "server.key").chmod(0o644)
        super().start()


class Inspircd(Server):
    name = "inspircd"

    def command(self):
        settings = self.folder / "inspircd.conf"
        here = self.folder
        settings.write_text(f"""\
<server name="irc.bench.local" description="bench" network="bench" id="97K">
<admin name="bench" nick="bench" email="bench@localhost">
<path configdir="{here}" datadir="{here}" logdir="{here}" runtimedir="{here}">
<module name="ssl_gnutls">
<sslprofile name="bench" provider="gnutls" certfile="{self.tls}/server.crt"
  keyfile="{self.tls}/server.key" requestclientcert="no">
<bind address="127.0.0.1" port="{self.port}" type="clients" sslprofile="bench">
<connect name="main" allow="*" timeout="60" pingfreq="10m" hardsendq="64M"
  softsendq="64M" recvq="1M" threshold="1000000" commandrate="1000000"
  fakelag="no" localmax="65000" globalmax="65000" maxconnwarn="no"
  resolvehostnames="no" useident="no" limit="65000" maxchans="100">
<performance netbuffersize="65534" somaxconn="4096" softlimit="65000"
  clonesonconnect="no" quietbursts="yes">
<limits maxnick="32" maxchan="64">
<options defaultmodes="not">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="normal"
  target="inspircd.log">
""")
        command = [self.program(), "--nofork", "--nopid", "--config", settings]
        return command + (["--runasroot"] if os.getuid() == 0 else [])


class Bare(Server):
    """tests/bench/bare, which chooses its port itself."""

    name = "bare"
    build = pathlib.Path(".")

    def start(self):
        self.child = subprocess.Popen(
            [self.build / "tests/bench/bare",
             "--certificate", self.tls / "server.crt",
             "--key", self.tls / "server.key",
             "--threads", str(os.cpu_count())],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        word, port = self.child.stdout.readline().split()
        if word != b"port":
            raise RuntimeError("bare does not start")
        self.port = int(port)
