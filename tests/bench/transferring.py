"""What the bank's ledger does in a second, beside PostgreSQL and SQLite that do
the same work: part of tests/bench/run."""

import shutil
import subprocess

import databases

AT_MOST, AT_LEAST = "at most", "at least"
CLIENTS = 1, 8, 64
PAIRS = {"uniform": "any two accounts", "hot": "one hot account"}
DISKS = {"the disk": 0, "4 ms more for each sync": 4}
PATIENCE_S = 900


class Side:
    """Measures one contender on one disk; .figures by run."""

    name = ""
    options = {}

    def __init__(self, bench, delay_ms):
        self.bench = bench
        self.folder = bench.folder / f"ledger-{self.name}"
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
            "contender": self.name, "runs": ",".join(runs),
            "seconds": self.bench.args.seconds, **self.options, **options})
        done = subprocess.run(
            ["env", *(f"{k}={v}" for k, v in environment.items()), *command],
            check=True, stdout=subprocess.PIPE, text=True,
            timeout=PATIENCE_S)
        return self.bench.figures(command, done.stdout)

    def measure(self, runs):
        """Its data lies where this process may write."""
        self.folder.mkdir()
        try:
            return self.run(runs, self.slow, dir=self.folder)
        finally:
            shutil.rmtree(self.folder)


class Sqlite(Side):
    name = "sqlite"


class Postgres(Side):
    name = "postgres"

    def measure(self, runs):
        with databases.Postgres(self.bench.folder, self.slow) as server:
            return self.run(runs, {}, dir=server.folder, pid=server.pid,
                            port=databases.PORT)


def sides():
    found = [Sqlite]
    if databases.Postgres.is_there():
        found.append(Postgres)
    return found


def measure_disk(bench, disk, delay_ms):
    runs = [f"{clients}:{pairs}" for pairs in PAIRS for clients in CLIENTS]
    by = {}
    for kind in sides():
        by[kind.name] = kind(bench, delay_ms).measure(runs)
    for run in runs:
        clients, pairs = run.split(":")
        what = f"{disk}, {clients} clients, {PAIRS[pairs]}"
        for figure, unit in (("rate", "/s"), ("average", "ms"), ("p50", "ms"),
                             ("p99", "ms"), ("max", "ms"), ("cpu", "us")):
            bench.add(f"{what}: {figure}", unit, None,
                      {name: f[f"{run}-{figure}"] for name, f in by.items()})


def measure(bench):
    for disk, delay_ms in DISKS.items():
        measure_disk(bench, disk, delay_ms)
