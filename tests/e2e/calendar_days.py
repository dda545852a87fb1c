"""A daemon on another day: the wall clock begins there, and goes on."""


def on(day, clock="12:00:00"):
    """For Daemon.start(env=…); what it times is timed as ever."""
    return {
        "TZ": "UTC",
        "LD_PRELOAD": "/usr/$LIB/faketime/libfaketimeMT.so.1",
        "FAKETIME": f"@{day} {clock}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        # The runtimes of sanitizers would be the first.
        "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0",
    }
