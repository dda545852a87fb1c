"""What make install puts where, and how it is hardened."""

import os
import pathlib
import re
import subprocess

import pytest

from rialto import DAMAGED, MISTAKEN, RIALTOD

BUILD = pathlib.Path(os.environ["RIALTO_BUILD"])
MAKEFILE = (BUILD / "Makefile").read_text()
HAS_SYSTEMD = "-DHAVE_SYSTEMD=1" in MAKEFILE
IS_FORTIFIED = "-D_FORTIFY_SOURCE" in MAKEFILE  # sanitizers do without


def output(*command):
    return subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """An empty DESTDIR after make install."""
    there = tmp_path_factory.mktemp("root")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    subprocess.run(
        ["make", "-C", BUILD, "-s", "install", f"DESTDIR={there}"],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return there


@pytest.fixture(scope="module")
def prefix(root):
    return next(root.rglob("sbin/rialtod")).parents[1]


PROGRAMS = ["bin/rialto", "libexec/rialto/rialto-joke", "sbin/rialtoctl",
            "sbin/rialtod"]
FILES = PROGRAMS + [
    "share/bash-completion/completions/rialto",
    "share/bash-completion/completions/rialtoctl",
    "share/man/man1/rialto.1",
    "share/man/man5/rialto.yaml.5",
    "share/man/man7/rialto-plugin.7",
    "share/man/man8/rialto-joke.8",
    "share/man/man8/rialtoctl.8",
    "share/man/man8/rialtod.8",
    "share/rialto/jokes.txt",
    "share/rialto/plugins/poll.py",
    "share/rialto/rialto.yaml",
]

SYSTEMD_FILES = [
    "lib/systemd/system/rialto.service",
    "lib/sysusers.d/rialto.conf",
    "lib/tmpfiles.d/rialto.conf",
]

@pytest.mark.parametrize("name", FILES + SYSTEMD_FILES * HAS_SYSTEMD)
def test_is_installed(prefix, name):
    assert (prefix / name).is_file()


@pytest.mark.parametrize("name", PROGRAMS)
def test_runs_from_where_it_is_installed(prefix, name):
    program = prefix / name
    assert output(program, "--version").startswith(program.name + " ")


def check_exec_start(root, prefix):
    unit = (prefix / "lib/systemd/system/rialto.service").read_text()
    start = re.search(r"^ExecStart=(\S+) --config (\S+)$", unit, re.M)
    assert root / start[1].lstrip("/") == prefix / "sbin/rialtod"
    assert start[2].endswith("/rialto/rialto.yaml")


def check_sandbox():
    """systemd's own judgement: 0 is best, 10 worst; the threshold is 2.0."""
    output(
        "systemd-analyze",
        "security",
        "--offline=yes",
        "--threshold=20",
        BUILD / "etc/rialto.service",
    )


def check_words(prefix, folder):
    """systemd understands every line; the program must be where it says."""
    unit = (prefix / "lib/systemd/system/rialto.service").read_text()
    copy = folder / "rialto.service"
    copy.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={RIALTOD}", unit,
                           flags=re.M))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copy],
        capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "rialto" in line]
    assert (done.returncode, said) == (0, [])


def check_restarts(prefix):
    """What only a person can mend is not tried again, and nothing for ever."""
    unit = (prefix / "lib/systemd/system/rialto.service").read_text()
    assert re.search(rf"^RestartPreventExitStatus={DAMAGED} {MISTAKEN}$", unit,
                     re.M)
    assert re.search(r"^StartLimitIntervalSec=1h$", unit, re.M)
    assert re.search(r"^StartLimitBurst=10$", unit, re.M)


def test_the_unit_is_there_only_with_systemd(root, prefix, tmp_path):
    assert any(root.rglob("rialto.service")) == HAS_SYSTEMD
    if HAS_SYSTEMD:
        check_exec_start(root, prefix)
        check_sandbox()
        check_words(prefix, tmp_path)
        check_restarts(prefix)


@pytest.mark.parametrize("name", PROGRAMS)
def test_is_hardened(prefix, name):
    program = prefix / name
    headers = output("readelf", "-hldW", program)
    assert re.search(r"Type:\s+DYN", headers), "position independent"
    assert "GNU_RELRO" in headers
    assert re.search(r"FLAGS_1.*\bNOW\b", headers), "full RELRO"
    assert re.search(r"GNU_STACK .* RW ", headers), "no executable stack"
    symbols = output("nm", "-D", program)
    assert "__stack_chk_fail" in symbols
    if IS_FORTIFIED:
        assert re.search(r"__\w+_chk@", symbols)
