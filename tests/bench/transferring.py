"""What the bank's ledger does in a second, beside PostgreSQL and SQLite that do
the same work; with a long journal; and what chat notices of it."""

import os
import shutil
import subprocess

import databases
import remembering
import servers

AT_MOST, AT_LEAST = "at most", "at least"
CLIENTS = 1, 8, 64
PAIRS = {"uniform": "any two accounts", "hot": "one hot account"}
DISKS = {"the disk": 0, "4 ms more for each sync": 4}
FIGURES = (("rate", "/s"), ("average", "ms"), ("p50", "ms"), ("p99", "ms"),
           ("max", "ms"), ("cpu", "us"))
PATIENCE_S = 900
LONG_S = 4 * 3600  # until a journal has as many entries as asked for
CACHE = "256M"  # as SQLite's, and half of PostgreSQL's
FUNDS = 10_000_000_00  # of each user, so that 64 can pay for all


class Bank(servers.Rialto):
    """With users p0, p1 and so on, who have money; .atm_port is that of the
    service atm."""

    name = "bank"
    settings = "bank: { rate: none }\n"
    founded = None  # the folder it starts from

    def make_home(self):
        shutil.copytree(self.founded, self.folder / "home",
                        ignore=shutil.ignore_patterns("reserve"))

    def set_up(self):
        super().set_up()
        self.atm_port = servers.free_port()
        path = self.folder / "home/rialto.yaml"
        text = path.read_text().replace("users: {",
                                        "users: { password_cost: 1,")
        text = text.replace("server: {", f"server: {{ cache: {CACHE},")
        text = text.replace("listeners:\n", f"""\
listeners:
  - {{ service: atm, address: "127.0.0.1:{self.atm_port}" }}
""")
        path.write_text(text + self.settings)

    def verify(self):
        """After it has ended."""
        subprocess.run([self.build / "src/rialtod/rialtod", "--config",
                        self.folder / "home/rialto.yaml", "--verify"],
                       check=True, stdout=subprocess.DEVNULL)


def found(bench):
    """Makes the folder that daemons with a bank start from."""
    home = bench.folder / "founded"
    if not home.exists():
        subprocess.run([bench.build / "src/rialtod/rialtod", "--init", home,
                        "--admin", "root"], input=b"bench-password\n",
                       check=True, stdout=subprocess.DEVNULL)
        subprocess.run([bench.build / "tests/bench/found", "--home", home,
                        "--funds", str(FUNDS)], check=True)
    Bank.founded = home


class Side:
    """Measures one contender on one disk; .figures by run."""

    name = ""
    contender = ""
    batch = 1
    patience_s = PATIENCE_S

    def __init__(self, bench, delay_ms):
        self.bench = bench
        self.folder = bench.folder / f"ledger-{self.contender}"
        # Where whoever runs the server may read it.
        library = bench.folder / "slow_fsync.so"
        shutil.copy(bench.build / "tests/bench/slow_fsync.so", library)
        library.chmod(0o755)
        self.slow = {}
        if delay_ms:
            self.slow = {"LD_PRELOAD": str(library),
                         "SLOW_FSYNC_MS": str(delay_ms)}

    def run(self, runs, environment, **options):
        """The figures, each named by its run and what it is."""
        command = self.bench.command("ledger", {
            "contender": self.contender, "runs": ",".join(runs),
            "batch": self.batch, "seconds": self.bench.args.seconds,
            **options})
        done = subprocess.run(
            ["env", *(f"{k}={v}" for k, v in environment.items()), *command],
            check=True, stdout=subprocess.PIPE, text=True,
            timeout=self.patience_s)
        return self.bench.figures(command, done.stdout)

    def measure(self, runs):
        """Its data lies where this process may write."""
        self.folder.mkdir()
        try:
            return self.run(runs, self.slow, dir=self.folder)
        finally:
            shutil.rmtree(self.folder)


class Inside(Side):
    name, contender = "in process", "inside"


class Alone(Side):
    name, contender = "one by one", "alone"


class Batches(Side):
    """Each client asks for a thousand at once; and nobody can be 64 then."""

    name, contender, batch = "batches", "inside", 1000

    def measure(self, runs):
        return super().measure([r for r in runs if not r.startswith("64:")])


class Wire(Side):
    name, contender = "rialtod", "wire"

    @staticmethod
    def port(server):
        return server.port

    def measure(self, runs):
        found(self.bench)
        with Bank(self.bench.folder, self.bench.tls, self.slow) as server:
            figures = self.run(runs, {}, port=self.port(server),
                               pid=server.pid)
        server.verify()
        return figures


class Atm(Wire):
    """Sealed requests, with receipts."""

    name, contender = "atm", "atm"

    @staticmethod
    def port(server):
        return server.atm_port


class Terse(Atm):
    name, contender = "no receipts", "terse"


class AtmBatches(Atm):
    """As Batches."""

    name, batch = "atm batches", 1000

    def measure(self, runs):
        return super().measure([r for r in runs if not r.startswith("64:")])


class Sqlite(Side):
    name = contender = "sqlite"


class Postgres(Side):
    name = contender = "postgres"

    def measure(self, runs):
        with databases.Postgres(self.bench.folder, self.slow) as server:
            return self.run(runs, {}, dir=server.folder, pid=server.pid,
                            port=databases.PORT)


def sides():
    found_sides = [Wire, Atm, Terse, AtmBatches, Inside, Alone, Batches,
                   Sqlite]
    if databases.Postgres.is_there():
        found_sides.append(Postgres)
    return found_sides


class Disk:
    """All that was measured on one disk: .by[side][run-figure]."""

    def __init__(self, bench, name, delay_ms):
        self.bench = bench
        self.name = name
        self.runs = [f"{c}:{pairs}" for pairs in PAIRS for c in CLIENTS]
        self.by = {}
        for kind in sides():
            self.by[kind.name] = kind(bench, delay_ms).measure(self.runs)

    def tell(self):
        for run in self.runs:
            clients, pairs = run.split(":")
            what = f"{self.name}, {PAIRS[pairs]}, {clients} clients"
            for figure, unit in FIGURES:
                self.bench.add(f"{what}: {figure}", unit, None, {
                    name: figures.get(f"{run}-{figure}")
                    for name, figures in self.by.items()})

    def row(self, what, unit, target, value):
        self.bench.add(f"{self.name}: {what}", unit, target,
                       {"rialtod": value})

    def judge_alone(self):
        """What a fast disk must give."""
        for side in Batches, AtmBatches:
            self.row(f"{side.name}, of 1,000", "/s", (AT_LEAST, 40_000),
                     max(self.by[side.name][f"{c}:uniform-rate"]
                         for c in CLIENTS[:-1]))
        for pairs, words in PAIRS.items():
            self.row(f"in process, 64 clients, {words}", "/s",
                     (AT_LEAST, 25_000),
                     self.by["in process"][f"64:{pairs}-rate"])

    def judge(self, side):
        """What is asked beside PostgreSQL, over TLS against its own socket."""
        if Postgres.name not in self.by:
            return
        ours, its = self.by[side.name], self.by[Postgres.name]
        for run, factor in (("64:uniform", 2), ("64:hot", 12),
                            ("1:uniform", 1)):
            clients, pairs = run.split(":")
            self.row(f"{side.name}, {clients} clients, {PAIRS[pairs]},"
                     f" {factor} times PostgreSQL", "/s",
                     (AT_LEAST, factor * its[f"{run}-rate"]),
                     ours[f"{run}-rate"])
        for pairs, words in PAIRS.items():
            self.row(f"{side.name}, p99, 64 clients, {words}, against"
                     " PostgreSQL's average", "ms",
                     (AT_MOST, its[f"64:{pairs}-average"]),
                     ours[f"64:{pairs}-p99"])


def measure(bench):
    disks = [Disk(bench, name, delay) for name, delay in DISKS.items()]
    for disk in disks:
        disk.tell()
    disks[0].judge_alone()
    for disk in disks:
        for side in Wire, Atm, Terse:
            disk.judge(side)


def measure_chat(bench):
    """Of 200 members, while 64 sessions pay as fast as they are answered."""
    found(bench)
    side = Wire(bench, 0)
    chat = remembering.Measurement(bench)
    with Bank(bench.folder, bench.tls) as server:
        chat.disturbed(server, "64 sessions pay", lambda it: side.run(
            ["64:uniform"], {}, port=it.port, pid=it.pid))
    server.verify()


class Journal(Inside):
    """The same runs with few entries, and again with very many."""

    patience_s = LONG_S
    runs = "64:uniform", "64:hot"

    def forget_pages(self):
        for path in (self.folder / "data").iterdir():
            with open(path, "rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def read_pages(self):
        """So that the system has them; the store's cache is smaller."""
        for path in (self.folder / "data").iterdir():
            with open(path, "rb") as file:
                while file.read(1 << 20):
                    pass

    def measure(self, entries):
        self.folder.mkdir()
        try:
            figures = self.run(self.runs, {}, dir=self.folder, entries=entries)
            for when, pages in ("cold", 1000), ("warm", 20_000):
                self.forget_pages() if when == "cold" else self.read_pages()
                times = self.bench.tool("statement", home=self.folder,
                                        pages=pages)
                figures |= {f"{when}-{k}": v for k, v in times.items()}
            return figures
        finally:
            shutil.rmtree(self.folder)


def measure_journal(bench):
    entries = bench.args.entries
    figures = Journal(bench, 0).measure(entries)
    for run in Journal.runs:
        _clients, pairs = run.split(":")
        before = figures[f"{run}-rate"]
        bench.add(f"64 clients, {PAIRS[pairs]}: at first", "/s", None,
                  {"rialtod": before})
        bench.add(f"the same with {entries:,} entries", "/s",
                  (AT_LEAST, 0.8 * before),
                  {"rialtod": figures[f"grown-{run}-rate"]})
        bench.add("the longest that nobody was answered", "ms", (AT_MOST, 50),
                  {"rialtod": figures[f"grown-{run}-stall"]})
    bench.add("the same, while they were made", "ms", (AT_MOST, 50),
              {"rialtod": figures["growth-stall"]})
    bench.add("made in a second", "/s", None,
              {"rialtod": figures["growth-rate"]})
    for page in "newest", "earlier":
        for when in "warm", "cold":
            for share in "p50", "p99":
                bench.add(f"a page of 20 entries, the {page}, {when}: {share}",
                          "ms", (AT_MOST, 2) if when == "warm" else None,
                          {"rialtod": figures[f"{when}-{page}-{share}"]})
