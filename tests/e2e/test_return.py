"""A member was away, and returns.

While dora is away the house goes on without her: it decides, talks, writes to
her and restarts, once by a power cut. She sees what she missed and where it
begins, finds the decision, reads what was left for her, and has a joke at
once, although the server that jokes come from is down.
"""

import re

from rialto import WORD, eventually, free_port

WHEN = r"(?:\d{4}-\d\d-\d\d )?\d\d:\d\d"
CHAT = 30  # lines on each day of the week


def leave(peer, seen_by, name):
    peer.close()
    eventually(lambda: "Not here" in seen_by.ok(f"/whois {name}").text,
               f"gone: {name}")


def a_week(daemon):
    """What happens while she is away; the last line that was said."""
    ben, cleo = daemon.login("ben"), daemon.login("cleo")
    cleo.ok("We decide: the workshop gets the blue lathe.")
    for day in range(7):
        for i in range(CHAT):
            (ben, cleo)[i % 2].ok(f"day {day}, line {i}")
        if day == 2:
            ben.ok("does Dora know?")
        if day == 3:
            ben.ok("/review 1")  # what it shows is on the disk
            daemon.kill()
            daemon.start()
            ben, cleo = daemon.login("ben"), daemon.login("cleo")
    assert "kept until read" in ben.ok("/tell dora Call me, please.").text
    daemon.restart()
    cleo = daemon.login("cleo")
    for words in ("The lathe is here.", "It is blue!"):
        cleo.ok(f".dora {words}")
    cleo.ok("Good night.")


def returns(daemon):
    """Dora, and every line of her login."""
    dora = daemon.machine()
    answer = dora.ok(f"/login dora {WORD}")
    dora.fence()
    return dora, answer.lines + dora.events


def test_who_was_away_misses_nothing(daemons):
    daemon = daemons.new(plugins=[{
        "name": "joke", "program": "rialto-joke", "network": True,
        "settings": {"url": f"http://127.0.0.1:{free_port()}/joke"}}]).start()
    for name in ("ben", "cleo"):
        daemon.register(name).close()
    dora, ben = daemon.register("dora"), daemon.login("ben")
    ben.ok("See you in a week, Dora.")
    dora.ok("Bye!")
    leave(dora, ben, "dora")
    daemon.restart()
    a_week(daemon)
    dora, lines = returns(daemon)

    # 1 decision, 210 lines, 1 question, 1 good night.
    text = "\n".join(lines)
    assert re.search(rf"213 new messages in lobby since {WHEN}, "
                     "1 of them mentions? you", text), text
    assert re.search(r"3 private messages are waiting", text), text
    assert lines[-1].endswith("cleo: Good night.")

    found = dora.ok("/search lathe decide").lines
    assert len(found) == 1 and found[0].endswith(
        "cleo: We decide: the workshop gets the blue lathe."), found
    assert dora.ok("/mentions 5").lines[-1].endswith("ben: does Dora know?")
    mail = dora.ok("/mail").lines
    assert [re.sub(rf"-- #\d+ {WHEN} ", "", line) for line in mail] == [
        "ben -> you: Call me, please.", "cleo -> you: The lathe is here.",
        "cleo -> you: It is blue!"]

    eventually(lambda: "joke (up" in daemon.ctl("plugins").stdout, "joke: up")
    joke = dora.ok("/joke").lines
    assert 1 <= len(joke) <= 2 and all(line[3:].strip() for line in joke)

    # And nothing of it is new the next time.
    leave(dora, daemon.login("ben"), "dora")
    dora, lines = returns(daemon)
    assert not re.search("new message|private message", "\n".join(lines))
