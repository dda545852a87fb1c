"""Telnet negotiation, byte by byte (RFC 854, 857, 1143)."""

import pytest

from rialto import ADMIN, ADMIN_WORD, Closed, Person, deadline

IAC, DONT, DO, WONT, WILL, SB, SE = (
    bytes([n]) for n in (255, 254, 253, 252, 251, 250, 240))
ECHO, GO_AHEAD, TERMINAL = b"\x01", b"\x03", b"\x18"


class Raw(Person):
    """Looks at bytes."""

    def until(self, wanted):
        """Everything up to and with these bytes."""
        until = deadline()
        while wanted not in self.pending:
            self.more(until, wanted)
        end = self.pending.index(wanted) + len(wanted)
        got, self.pending = self.pending[:end], self.pending[end:]
        return got


@pytest.fixture
def connect(daemons):
    def begin(mode):
        daemon = daemons.new()
        listeners = daemon.settings["listeners"]
        listeners[0]["telnet"] = mode
        daemon.write(listeners=listeners)
        return daemon.start().connect(Raw)

    return begin


def test_always_turns_the_echo_off_for_the_password_alone(connect):
    raw = connect("always")
    assert IAC not in raw.until(b"username: ")
    raw.send(ADMIN + "\r\n")
    assert raw.until(b"password: ") == IAC + WILL + ECHO + b"password: "
    raw.send(IAC + DO + ECHO + ADMIN_WORD.encode() + b"\r\0")
    got = raw.until(b"-- Welcome")
    assert got == IAC + WONT + ECHO + b"\n-- Welcome"
    raw.send(IAC + DONT + ECHO + b"/who\r\0")
    assert IAC not in raw.until(b"-- lobby: ann\n")


def test_auto_stays_silent_with_a_silent_peer(connect):
    raw = connect("auto")
    raw.until(b"username: ")
    raw.send(ADMIN + "\r\n")
    assert raw.until(b"password: ") == b"password: "
    raw.send(ADMIN_WORD + "\n")
    assert IAC not in raw.until(b"-- lobby: ann\n")


def test_auto_answers_a_peer_that_begins(connect):
    raw = connect("auto")
    raw.until(b"username: ")
    raw.send(IAC + WILL + TERMINAL + IAC + DO + GO_AHEAD)
    assert raw.until(GO_AHEAD) == \
        IAC + DONT + TERMINAL + IAC + WILL + GO_AHEAD
    raw.send(ADMIN + "\r\0")
    assert raw.until(b"password: ").startswith(IAC + WILL + ECHO)


def test_never_takes_it_for_text(connect):
    raw = connect("never")
    raw.until(b"username: ")
    raw.send(IAC + WILL + TERMINAL + b"\n")
    assert b"!! bad-input" in raw.until(b"username: ")


@pytest.mark.parametrize("bytes_sent, answer", [
    (IAC + DO + ECHO, IAC + WONT + ECHO),
    (IAC + DO + TERMINAL, IAC + WONT + TERMINAL),
    (IAC + WILL + ECHO, IAC + DONT + ECHO),
    (IAC + DO + bytes([200]), IAC + WONT + bytes([200])),
], ids=["DO ECHO", "DO TERMINAL-TYPE", "WILL ECHO", "unknown"])
def test_what_is_not_offered_is_refused_once(connect, bytes_sent, answer):
    raw = connect("always")
    raw.until(b"username: ")
    raw.send(bytes_sent + b"/help quit\n")
    got = raw.until(b"username: ")
    assert got.startswith(answer) and got.count(IAC) == 1


def test_refusals_of_the_peer_are_not_answered(connect):
    """Else two ends could go on for ever."""
    raw = connect("always")
    raw.until(b"username: ")
    raw.send(IAC + DONT + ECHO + IAC + WONT + TERMINAL + b"/help quit\n")
    assert IAC not in raw.until(b"username: ")


def test_commands_inside_a_line_vanish(connect):
    raw = connect("always")
    raw.until(b"username: ")
    subnegotiation = IAC + SB + TERMINAL + b"\0xterm" + IAC + SE
    raw.send(b"/he" + subnegotiation + b"lp q" + IAC + b"\xf1" + b"uit\n")
    assert b"-- /quit" in raw.until(b"username: ")


def test_state_is_kept_across_reads(connect):
    raw = connect("always")
    raw.until(b"username: ")
    for byte in IAC + SB + TERMINAL + b"\0" + IAC + IAC + b"x" + IAC + SE + \
            b"/help quit\r\n":
        raw.send(bytes([byte]))
    assert b"-- /quit" in raw.until(b"username: ")


def test_a_carriage_return_alone_is_no_line_end(connect):
    raw = connect("always")
    raw.until(b"username: ")
    raw.send(b"/help\rquit\r\n")
    assert b"!! bad-input" in raw.until(b"username: ")


@pytest.mark.parametrize("flood", [
    IAC + SB + TERMINAL + b"x" * 100000,
    (IAC + DO + TERMINAL) * 10000,
], ids=["a subnegotiation without end", "negotiation without end"])
def test_a_peer_without_bounds_is_sent_away(connect, flood):
    raw = connect("always")
    raw.until(b"username: ")
    try:
        raw.send(flood)
    except (Closed, OSError):
        pass
    assert b"!! bad-input That is no telnet" in raw.rest().encode(
        errors="surrogateescape")
