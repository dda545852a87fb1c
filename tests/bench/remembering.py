"""What is remembered: a million messages, and what remembering costs chat."""

import os
import shutil
import signal
import subprocess
import time

import servers

AT_MOST = "at most"
MESSAGES, ROOMS, KEPT_EACH = 1_000_000, 10, 50_000
MANY_ROOMS, ACTIVE = 1000, 100
PATIENCE_S = 120
FOUNDER = "/login root bench-password"
WORDS = ("common", "and"), ("rare", "quinquereme"), ("absent", "zeppelin")
SEARCHES = 50  # one after another, while people chat


class Endless(servers.Rialto):
    """Nothing is dropped, and nothing of it is lost."""

    name = "endless"
    keeps = "history_count: none, history_bytes: none, history_age: none"
    chat = f"{servers.Rialto.chat}, {keeps}"


class Forgetful(servers.Rialto):
    name = "forgetful"
    chat = servers.Rialto.chat + ", history_count: 0"


class Old(Endless):
    """With all that was said in the folder .filled."""

    name = "old"
    filled = None

    def make_home(self):
        shutil.copytree(self.filled, self.folder / "home",
                        ignore=shutil.ignore_patterns("reserve"))

    def forget_pages(self):
        """So that the next who reads must wait for the disk."""
        for path in (self.folder / "home/data").iterdir():
            with open(path, "rb") as file:
                os.fdatasync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def launch(self):
        self.forget_pages()
        super().launch()

    def relaunch(self, how):
        self.child.send_signal(how)
        self.child.wait(servers.PATIENCE_S)
        self.launch()


def fill(bench, rooms=ROOMS):
    """Makes the folder that servers start from; what that showed."""
    home = bench.folder / f"filled-{rooms}"
    if home.exists():
        return home, {}
    subprocess.run([bench.build / "src/rialtod/rialtod", "--init", home,
                    "--admin", "root"], input=b"bench-password\n", check=True,
                   stdout=subprocess.DEVNULL)
    return home, bench.tool("fill", dir=home / "data", rooms=rooms,
                            messages=MESSAGES)


def middle(values):
    return sorted(values)[len(values) // 2]


class Measurement:
    def __init__(self, bench):
        self.bench = bench

    def row(self, what, unit, target, value):
        self.bench.add(what, unit, (AT_MOST, target) if target else None,
                       {"rialtod": value})

    def ask(self, server, line, **options):
        return self.bench.measure("ask", server, line=line, **options)

    def write(self):
        Old.filled, figures = fill(self.bench)
        self.row("1,000,000 messages: written", "/s", None, figures["written"])
        self.row("written, CPU each", "us", None, figures["write-cpu"])
        self.row("on disk, each", "B", None, figures["disk"])
        shutil.copytree(Old.filled, self.bench.folder / "read")
        figures = self.bench.tool("recall", messages=MESSAGES,
                                  dir=self.bench.folder / "read/data")
        self.row("replay of 100 lines in the job, from disk, median", "ms",
                 5, figures["replay-p50"])
        self.row("the same, slowest room", "ms", None, figures["replay-max"])
        self.row("a walk over 100,000 in the job, from disk", "ms", None,
                 figures["cold-scan-p50"])
        self.row("the same, read before", "ms", 200, figures["scan-p50"])
        shutil.rmtree(self.bench.folder / "read")

    def start(self, server):
        ready = [server.ready_ms]
        for _ in range(4):
            server.relaunch(signal.SIGTERM)
            ready.append(server.ready_ms)
        self.row("start to ready, from disk, median", "ms", 300, middle(ready))
        killed = []
        for _ in range(3):
            self.bench.measure("fanout", server, seconds=2)
            server.relaunch(signal.SIGKILL)
            killed.append(server.ready_ms)
        self.row("start to ready, killed at work", "ms", 300, max(killed))

    def replay(self, server):
        first, again = [], []
        for room in range(ROOMS):
            server.forget_pages()
            for times in first, again:
                figures = self.ask(server, f"/join hall-{room}")
                if figures["lines"] < 100:
                    raise RuntimeError(f"hall-{room}: no replay")
                times.append(figures["answer-max"])
        self.row("replay of 100 lines, first /join, from disk, median", "ms",
                 5, middle(first))
        self.row("the same, slowest room", "ms", None, max(first))
        self.row("replay of 100 lines, later /join, median", "ms", 5,
                 middle(again))

    def search(self, server):
        """The founder is in all the rooms."""
        for room in range(ROOMS):
            self.ask(server, f"/join hall-{room}", enter=FOUNDER)
        for kind, word in WORDS:
            for where, rest, target in (("of a room's 100,000", " in:hall-3",
                                         200), ("in all rooms", "", None)):
                server.forget_pages()
                figures = [self.ask(server, f"/search {word}{rest}",
                                    enter=FOUNDER, times=times)["answer-p50"]
                           for times in (1, 9)]
                self.row(f"search {where}, {kind} word, from disk", "ms",
                         None, figures[0])
                self.row("the same, read before, median", "ms", target,
                         figures[1])

    def search_much(self, server):
        self.ask(server, f"/search {WORDS[-1][1]} in:hall-3", enter=FOUNDER,
                 times=SEARCHES)

    def disturbed(self, server, what, act):
        """Chat of 200 members in another room, without and with the act."""
        started, done = (self.bench.folder / name for name in
                         ("started", "done"))
        command = self.bench.command("disturbed", {
            "port": server.port, "pid": server.pid,
            "seconds": self.bench.args.seconds,
            "command": f"touch {started}; until [ -e {done} ];"
                       " do sleep 0.1; done"})
        with subprocess.Popen(command, stdout=subprocess.PIPE,
                              text=True) as child:
            until = time.monotonic() + PATIENCE_S
            while not started.exists() and child.poll() is None:
                if time.monotonic() > until:
                    child.kill()
                time.sleep(0.05)
            try:
                act(server)
            finally:
                done.touch()
            output = child.communicate()[0]
        started.unlink(missing_ok=True)
        done.unlink()
        if child.returncode != 0:
            raise RuntimeError(f"{what}: the chat failed")
        figures = self.bench.figures(command, output)
        self.row(f"chat p99 before {what}", "ms", None, figures["quiet-p99"])
        self.row(f"chat p99 while {what}", "ms", 10, figures["busy-p99"])
        self.row("the slowest line meanwhile", "ms", None,
                 figures["busy-max"])
        self.row("how long that took", "s", None, figures["busy-seconds"])


def resident_mib(server):
    with open(f"/proc/{server.pid}/smaps_rollup") as file:
        for line in file:
            if line.startswith("Rss:"):
                return int(line.split()[1]) / 1024
    raise RuntimeError("the server's memory is not known")


def measure_memory(bench):
    """Of the daemon, by how many of many rooms people were in."""
    m = Measurement(bench)
    Old.filled, _ = fill(bench, MANY_ROOMS)
    with bench.start(Old) as server:
        m.row("1,000,000 messages in 1,000 rooms: start to ready", "ms", 300,
              server.ready_ms)
        m.row("resident, nobody there", "MiB", None, resident_mib(server))
        for rooms in ACTIVE, MANY_ROOMS:
            for room in range(rooms):
                m.ask(server, f"/join hall-{room}", enter=f"/guest of-{room}")
            m.row(f"resident, {rooms:,} of the rooms entered", "MiB", None,
                  resident_mib(server))


def commits(server):
    for line in server.ctl("status").splitlines():
        if line.startswith("transactions: "):
            return int(line.split()[1].replace(",", ""))
    raise RuntimeError("no transactions in the status")


def drop(server):
    """Retention takes half of all out; returns when it is at rest."""
    server.chat = server.chat.replace(server.keeps,
                                      f"history_count: {KEPT_EACH}")
    server.set_up()
    server.ctl("reload")
    begin = before = commits(server)
    until = time.monotonic() + PATIENCE_S
    while True:
        time.sleep(1)
        now = commits(server)
        if now - before < 50 and now - begin > 200:
            return
        if time.monotonic() > until:
            raise RuntimeError("retention does not end")
        before = now


def measure(bench):
    m = Measurement(bench)
    m.write()
    with bench.start(Old) as server:
        m.start(server)
        m.replay(server)
        m.search(server)
        m.disturbed(server, "one searches all the time", m.search_much)
        m.disturbed(server, "retention drops 500,000", drop)
    figures = bench.tool("recall", dir=server.folder / "home/data")
    kept = figures["stored"] - figures["of-lobby"]
    if kept != ROOMS * KEPT_EACH:
        raise RuntimeError(f"{kept} messages are left")


def best_of_three(bench, members, in_flight):
    """In turn: the machine has its moods."""
    cpu = {}
    for kind in [Forgetful, servers.Rialto, Endless] * 3:
        with bench.start(kind) as server:
            figures = bench.measure("fanout", server, members=members,
                                    in_flight=in_flight, room="lobby",
                                    seconds=bench.args.seconds // 2 + 1)
            log = (server.folder / "log").read_text(errors="replace")
        if "does not keep up" in log:
            raise RuntimeError(f"{kind.name}: messages were not kept")
        if kind is Endless:
            bench.tool("recall", dir=server.folder / "home/data", all=1)
        cpu.setdefault(kind.name, []).append(
            figures["server-cpu-per-delivery"])
    return {name: min(values) for name, values in cpu.items()}


def measure_keeping(bench):
    """What it costs the fan-out that all is written."""
    for members, in_flight in (200, 40), (200, 1):
        cpu = best_of_three(bench, members, in_flight)
        bare = cpu["forgetful"]
        for kind in servers.Rialto, Endless:
            bench.add(f"fan-out, {members} members, {in_flight} in flight, "
                      f"{'all' if kind is Endless else 'usual'} kept: "
                      "CPU per delivery", "us", (AT_MOST, 1.1 * bare),
                      {"rialtod": cpu[kind.name], "without": bare})
