"""All that a core of a process would hold, looked through for secrets."""

import os
import re
import signal

# A mapping larger than this is a sanitizer's own, for all addresses there are.
MAPPING_MOST = 1 << 32
PIECE = 1 << 20
OVERLAP = 256

MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$",
                     re.M)


def mappings(pid):
    """What the process may have written to: (from, to, name)."""
    with open(f"/proc/{pid}/maps") as maps:
        for first, last, rights, name in MAPPING.findall(maps.read()):
            start, end = int(first, 16), int(last, 16)
            if rights.startswith("rw") and end - start <= MAPPING_MOST:
                yield start, end, name or "anonymous"


def find(pid, needles):
    """Where they are: {name: [mapping, ...]} for those that are at all."""
    found = {}
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end, where in mappings(pid):
            for at in range(start, end, PIECE):
                size = min(PIECE + OVERLAP, end - at)
                try:
                    piece = os.pread(memory.fileno(), size, at)
                except OSError:
                    continue  # what nobody can read, no core has
                for name, needle in needles.items():
                    place = piece.find(needle)
                    if 0 <= place < PIECE:
                        found.setdefault(name, []).append(
                            f"{where} {at + place:x}")
    return found


def search(daemon, needles):
    """As it lies at one moment."""
    daemon.freeze()
    try:
        return find(daemon.process.pid, needles)
    finally:
        daemon.process.send_signal(signal.SIGCONT)
