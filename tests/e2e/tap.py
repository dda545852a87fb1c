"""A pytest plugin: one TAP line for each test, on descriptor 3.

What did not plainly pass has failed: errors in fixtures and in collecting,
and also skipped and expected failures.
"""

import os

out = os.fdopen(3, "w", buffering=1)
os.set_inheritable(3, False)

not_passed = {}  # test -> why
count = 0


def line(passed, name, why=""):
    global count
    count += 1
    word = "ok" if passed else "not ok"
    out.write(f"{word} {count} - {name}{why}\n")


def pytest_collectreport(report):
    if not report.passed:
        line(False, report.nodeid, ": could not be collected")


def pytest_collection_finish(session):
    out.write(f"1..{count + len(session.items)}\n")


def pytest_runtest_logreport(report):
    if not report.passed or hasattr(report, "wasxfail"):
        not_passed.setdefault(report.nodeid, f": {report.outcome} in {report.when}")
    if report.when == "teardown":
        why = not_passed.get(report.nodeid, "")
        line(not why, report.nodeid, why)
