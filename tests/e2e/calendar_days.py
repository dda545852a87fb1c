"""A daemon on another day: the wall clock begins there, and goes on."""

import re

from rialto import RIALTOD

# It must see the locks before the clock's library does, or it finds races.
TSAN = re.search(rb"libtsan\.so\.\d+", RIALTOD.read_bytes())


def on(day, clock="12:00:00"):
    """For Daemon.start(env=…); what it times is timed as ever."""
    return {
        "TZ": "UTC",
        "LD_PRELOAD": (TSAN[0].decode() + " " if TSAN else "") +
        "/usr/$LIB/faketime/libfaketimeMT.so.1",
        "FAKETIME": f"@{day} {clock}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        # That of the address sanitizer would be the first.
        "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0",
    }
