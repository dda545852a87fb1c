"""The databases that the bank is measured beside: a cluster of its own, in a
folder that goes away, stopped also when something fails."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess

PATIENCE_S = 60
PORT = 5432  # names the socket, nothing else

# What somebody would set who knows the machine. No checkpoint falls into a
# measurement, as nothing else would be so bad for the slowest answers.
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "100",
    "shared_buffers": "'512MB'",
    "effective_cache_size": "'4GB'",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'16GB'",
    "checkpoint_timeout": "'1h'",
    "log_checkpoints": "off",
}


def find(program):
    """Debian keeps them apart from what people call."""
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    path = ":".join([os.environ["PATH"], *map(str, reversed(folders))])
    return shutil.which(program, path=path)


def unprivileged():
    """Arguments for subprocess: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    for name in "postgres", "nobody":
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and nobody else is"
                       " there")


class Postgres:
    """With this as a context, the server runs; .folder holds its socket."""

    def __init__(self, folder, environment):
        self.folder = pathlib.Path(folder) / "postgres"
        self.environment = {**os.environ, **environment, "LC_ALL": "C"}
        self.who = unprivileged()
        self.child = None

    @staticmethod
    def is_there():
        return bool(find("initdb") and find("postgres"))

    def make_cluster(self):
        self.folder.parent.chmod(0o755)
        self.folder.mkdir(mode=0o700)
        if self.who:
            os.chown(self.folder, self.who["user"], self.who["group"])
        subprocess.run([find("initdb"), "--pgdata", self.folder / "data",
                        "--username", "postgres", "--auth", "trust",
                        "--encoding", "UTF8", "--no-locale", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL, cwd="/",
                       **self.who)
        settings = {**SETTINGS, "unix_socket_directories": f"'{self.folder}'"}
        with open(self.folder / "data/postgresql.conf", "a") as file:
            file.writelines(f"{k} = {v}\n" for k, v in settings.items())

    def launch(self):
        with open(self.folder / "log", "wb") as log:
            self.child = subprocess.Popen(
                [find("postgres"), "-D", self.folder / "data"], cwd="/",
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, **self.who)

    def wait_until_ready(self):
        for _ in range(PATIENCE_S * 10):
            if self.child.poll() is not None:
                break
            ready = subprocess.run([find("pg_isready"), "--quiet", "--host",
                                    self.folder, "--port", str(PORT)],
                                   check=False, cwd="/")
            if ready.returncode == 0:
                return
            try:
                self.child.wait(0.1)
            except subprocess.TimeoutExpired:
                pass
        text = (self.folder / "log").read_text(errors="replace")
        raise RuntimeError(f"PostgreSQL does not start:\n{text[-2000:]}")

    @property
    def pid(self):
        return self.child.pid

    def __enter__(self):
        try:
            self.make_cluster()
            self.launch()
            self.wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        """Nothing of it is wanted any more: so at once, without syncing."""
        if self.child and self.child.poll() is None:
            self.child.send_signal(signal.SIGQUIT)
            try:
                self.child.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
