"""All that a core of a process would hold, looked through for secrets."""

import array
import mmap
import os
import re
import signal

# A mapping larger than this is a sanitizer's own, for all addresses there are.
MAPPING_MOST = 1 << 32
THERE = 3 << 62  # in memory, or swapped out: proc_pid_pagemap(5)

MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$",
                     re.M)


def mappings(pid):
    """What the process may have written to: (from, to, name)."""
    with open(f"/proc/{pid}/maps") as maps:
        for first, last, rights, name in MAPPING.findall(maps.read()):
            start, end = int(first, 16), int(last, 16)
            if rights.startswith("rw") and end - start <= MAPPING_MOST:
                yield start, end, name or "anonymous"


def runs(pages, start, end):
    """The parts of a mapping that were ever touched."""
    entries = array.array("Q")
    entries.frombytes(os.pread(pages.fileno(),
                               (end - start) // mmap.PAGESIZE * 8,
                               start // mmap.PAGESIZE * 8))
    first = None
    for number, entry in enumerate([*entries, 0]):
        if entry & THERE:
            first = number if first is None else first
        elif first is not None:
            yield (start + first * mmap.PAGESIZE,
                   (number - first) * mmap.PAGESIZE)
            first = None


def written(pid):
    """What is there: (address, bytes, the mapping's name)."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory, \
            open(f"/proc/{pid}/pagemap", "rb", buffering=0) as pages:
        for start, end, name in mappings(pid):
            for at, size in runs(pages, start, end):
                try:
                    yield at, os.pread(memory.fileno(), size, at), name
                except OSError:
                    pass  # what nobody can read, no core has


def all_places(data, needle):
    place = data.find(needle)
    while place >= 0:
        yield place
        place = data.find(needle, place + 1)


def find(pid, needles):
    """Where they are: {name: [mapping, ...]} for those that are at all."""
    found = {}
    for at, data, mapping in written(pid):
        if data.count(0) == len(data):
            continue
        for name, needle in needles.items():
            for place in all_places(data, needle):
                found.setdefault(name, []).append(f"{mapping} {at + place:x}")
    return found


def search_client(pid, needles):
    """The same in a program that we have started, which is stopped for it."""
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
    try:
        return find(pid, needles)
    finally:
        os.kill(pid, signal.SIGCONT)


def search(daemon, needles):
    """As it lies at one moment."""
    daemon.freeze()
    try:
        return find(daemon.process.pid, needles)
    finally:
        daemon.process.send_signal(signal.SIGCONT)
