"""Machine mode: for each line exactly one answer, in order."""

import re

import pytest

from rialto import ADMIN, ADMIN_WORD, WORD


@pytest.fixture
def zoe(daemon):
    return daemon.guest("zoe")


# Lines of every kind, and the code of the answer.
LINES = [
    ("", "ok"),
    ("hello", "ok"),
    ("/who", "ok"),
    ("/rooms", "ok"),
    ("/help", "ok"),
    ("/join nowhere", "no-such-room"),
    ("/join", "usage"),
    ("/join a b c", "usage"),
    ("/nonsense", "unknown-command"),
    ("/", "unknown-command"),
    ("/ who", "ok"),
    ("/whois", "usage"),
    ("/whois zoe", "ok"),
    ("/whois nobody", "no-such-user"),
    ("/tell", "usage"),
    ("/tell nobody", "usage"),
    ("/tell nobody hi", "no-such-user"),
    ("/reply hi", "not-found"),
    ("/users", "not-allowed"),
    ("/stop", "not-allowed"),
    ("/mode person machine", "usage"),
    ("/mode nonsense", "bad-input"),
    ("/mode", "ok"),
    ("/sessions end 999999", "not-found"),
    ("/sessions end nonsense", "usage"),
    ("/login a b", "already-logged-in"),
    ("bad \x07 bell", "bad-input"),
    ("x" * 5000, "line-too-long"),
    ("/topic mine", "users-only"),
    ("/away", "ok"),
]


@pytest.mark.parametrize("line, code", LINES,
                         ids=[line[:20] for line, _ in LINES])
def test_each_line_has_one_answer(zoe, line, code):
    answer = zoe.command(line)
    assert answer.code == code, answer
    refusals = [text for text in answer.lines if text.startswith("!! ")]
    if code == "ok":
        assert not refusals
    else:
        assert len(refusals) == 1
        assert re.match(rf"!! {code} \S", refusals[0])
    zoe.ok("/sessions")  # it answers this one: nothing was left over


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_line_ends(zoe, end):
    zoe.send(f"/who{end}/who{end}")
    assert zoe.answer().lines == zoe.answer().lines == ["-- lobby: zoe"]


def test_a_line_in_pieces(zoe):
    for byte in b"/who\r":
        zoe.send(bytes([byte]))
    zoe.send("\n")
    assert zoe.answer().lines == ["-- lobby: zoe"]


def test_a_thousand_lines_in_one_write_are_answered_in_order(daemon):
    """Some answers come from jobs, some at once: the order stays."""
    zoe, listener = daemon.guest("zoe"), daemon.guest("listener")
    lines, codes = [], []
    for number in range(250):
        lines += [f"line {number}", f"/whois nobody{number}", "/who",
                  f"/no-{number}"]
        codes += ["ok", "no-such-user", "ok", "unknown-command"]
    zoe.send("".join(line + "\n" for line in lines))
    for number, code in enumerate(codes):
        answer = zoe.answer()
        assert answer.code == code, (number, answer)
        if code == "unknown-command":
            assert f"/no-{number // 4}." in answer.text
    zoe.ok("/who")
    said = [line for line in listener.take() if "line" in line]
    assert said == [f"[lobby] zoe: line {number}" for number in range(250)]


def test_writes_in_order_with_jobs_between(daemon):
    ben = daemon.register("ben")
    cleo = daemon.register("cleo")
    ben.take()
    ben.send("before\n/join den\nin the den\n/leave\nnowhere\n/join lobby\n"
             "after\n")
    codes = [ben.answer().code for _ in range(7)]
    assert codes == ["ok", "ok", "ok", "ok", "no-room", "ok", "ok"]
    assert cleo.take() == ["[lobby] ben: before", "[lobby] ben: after"]


def test_a_login_and_more_in_one_write(daemon):
    zoe = daemon.machine()
    zoe.send(f"/login {ADMIN} {ADMIN_WORD}\n/who\n/quit\n")
    assert [zoe.answer().code for _ in range(3)] == ["ok"] * 3
    assert zoe.rest() == ""


def test_what_follows_quit_is_not_run(daemon):
    zoe, cleo = daemon.guest("zoe"), daemon.guest("cleo")
    zoe.send("/quit\nstill here\n")
    assert zoe.answer().code == "ok"
    assert zoe.rest() == ""
    assert not any("still here" in line for line in cleo.take())


def test_ok_means_that_others_have_it(daemon):
    """A line is in the queue of everybody present when it is answered."""
    zoe = daemon.guest("zoe")
    others = [daemon.guest(f"other-{number}") for number in range(6)]
    for number in range(20):
        zoe.ok(f"line {number}")
        for other in others:
            assert f"[lobby] zoe: line {number}" in other.take()


def test_answers_of_others_never_look_like_ones_own(daemon):
    zoe, cleo = daemon.guest("zoe"), daemon.guest("cleo")
    for text in ("== ok", "-- Welcome", "!! busy", "~~ x"):
        cleo.ok(text)
        zoe.expect(f"^{re.escape('[lobby] cleo: ' + text)}$")
        cleo.ok(f"/tell zoe {text}")
        zoe.expect(f"^{re.escape('cleo -> you: ' + text)}$")


def test_notices_begin_with_tildes(daemon):
    ben = daemon.register("ben")
    second = daemon.login("ben")
    person = daemon.person()
    person.type("ben")
    person.expect("password: ")
    person.type(WORD)
    person.expect("Welcome")
    ben.ok("/join den")
    second.expect(r"^~~ den has no topic\.$")
    person.expect(r"^-- den has no topic\.\n")
    daemon.stop()
    assert "~~ The server is stopping. Goodbye.\n" in ben.rest()
    assert "-- The server is stopping. Goodbye.\n" in person.rest()


def test_no_prompts(daemon):
    """Those of before are ended; there are none afterwards."""
    peer = daemon.machine(mode=None)
    peer.send("/mode machine\n/guest zoe\n/quit\n")
    text = peer.rest()
    assert re.match(r"-- Welcome to Rialto\..*\nusername: \n== ok\n-- Welcome, "
                    r"zoe\.\n", text)
    assert text.count("username: ") == 1


def test_a_password_without_a_word_is_asked_of_nobody(daemon):
    machine = daemon.machine()
    machine.refused(f"/login {ADMIN}", "usage")
    machine.refused("/register ben", "usage")
    machine = daemon.register("ben")
    machine.refused("/passwd", "usage")


def test_back_to_person_mode(daemon):
    person = daemon.person()
    person.expect("username: $")
    person.type("/mode machine")
    person.expect(r"^== ok\n")
    person.type("/mode person")
    person.expect(r"^username: $")
    person.type("/guest zoe")
    person.expect(r"^-- lobby: zoe\n")
    person.type("/who")
    person.expect(r"^-- lobby: zoe\n")
    person.type("/quit")
    assert person.rest() == "-- Goodbye.\n"


def test_mode_of_a_room_is_none_of_the_session(zoe):
    """/mode with anything else is about the current room."""
    zoe.refused("/mode +m", "not-allowed")
    zoe.ok("/leave")
    zoe.refused("/mode +m", "no-room")


def test_modes_of_a_room_need_a_login(daemon):
    daemon.machine().refused("/mode +m", "login-required")
    daemon.machine().refused("/mode", "login-required")


def test_a_name_without_a_slash_is_no_login(daemon):
    """In machine mode a plain line is said, also before the login."""
    daemon.machine().refused("ann", "login-required")


@pytest.mark.parametrize("kind", ["machine", "person"])
def test_a_goodbye_is_a_proper_end_of_tls(daemon, kind):
    """close_notify comes before the end, so nobody takes it for a cut."""
    peer = daemon.guest("zoe") if kind == "machine" else daemon.person()
    peer.sock.suppress_ragged_eofs = False
    peer.send("/quit\n")
    until_end = b""
    while got := peer.sock.recv(4096):
        until_end += got
    assert b"Goodbye" in until_end


def test_verbs_in_any_case(zoe):
    assert zoe.ok("/WHO").lines == ["-- lobby: zoe"]
    assert zoe.ok("/Who  lobby").lines == ["-- lobby: zoe"]
