"""/delete: what was said is gone, everywhere."""

import re

import pytest

from rialto import WORD, eventually
from test_review import said, talk, words


@pytest.fixture
def den(daemon):
    """olga owns it; ben and cleo are inside."""
    return Den(daemon)


class Den:
    def __init__(self, daemon):
        self.daemon = daemon
        self.olga = daemon.register("olga")
        self.olga.ok("/join den")
        self.ben = daemon.register("ben")
        self.cleo = daemon.register("cleo")
        for machine in (self.ben, self.cleo):
            machine.ok("/join den")
        self.hush()

    def hush(self):
        for machine in (self.olga, self.ben, self.cleo):
            machine.fence()
            machine.events.clear()

    def number(self, text):
        for number, line in said(self.olga.ok("/review den 200")):
            if line.endswith(": " + text):
                return number
        raise AssertionError(text)


def shown(machine, room="den"):
    return words(machine.ok(f"/review {room} 200"))


def searched(machine, what):
    answer = machine.ok(f"/search {what}")
    return [line for line in answer.lines if line.startswith("-- [")]


def replayed(daemon, name):
    machine = daemon.machine()
    machine.ok(f"/login {name} {WORD}")
    machine.fence()
    return [line for line in machine.events if re.match(r"\[\w+\] \d", line)]


def in_table(daemon, text):
    data = daemon.folder / "data/messages.db"
    return text.encode() in data.read_bytes()


def test_one_of_ones_own(den):
    den.ben.ok("a slip")
    den.ben.ok("meant so")
    number = den.number("a slip")
    assert den.ben.ok(f"/delete {number}").lines \
        == [f"-- #{number} is deleted."]
    for machine in (den.olga, den.cleo):
        machine.expect(rf"^\[den\] -- ben deleted #{number}$")
        assert shown(machine) == ["ben: meant so"]
        assert searched(machine, "slip") == []
    assert [line[-14:] for line in replayed(den.daemon, "cleo")] \
        == [" ben: meant so"]
    den.ben.refused(f"/delete {number}", "not-found")
    # The actor's session has the answer, and only that.
    den.ben.fence()
    assert not any("deleted" in line for line in den.ben.events)


def test_the_last(den):
    for text in ("one", "two", "three"):
        den.ben.ok(text)
    den.cleo.ok("four")
    den.ben.ok("/delete last")
    assert shown(den.cleo) == ["ben: one", "ben: two", "cleo: four"]
    den.ben.ok("/delete den LAST")
    den.ben.ok("/delete last")
    assert shown(den.cleo) == ["cleo: four"]
    den.ben.refused("/delete last", "not-found")


def test_only_ones_own_unless_an_op(den):
    den.ben.ok("words of ben")
    den.olga.ok("words of olga")
    bens, olgas = den.number("words of ben"), den.number("words of olga")
    den.cleo.refused(f"/delete {bens}", "not-allowed")
    den.ben.refused(f"/delete {olgas}", "not-allowed")
    den.olga.ok("/op cleo")
    # It is the room that ops keep clean, whoever it was.
    den.cleo.ok(f"/delete {olgas}")
    den.cleo.ok(f"/delete {bens}")
    assert shown(den.ben) == []


def test_the_window_closes(start):
    den = Den(start(chat={"delete_window": "0s"}))
    den.ben.ok("too late")
    number = den.number("too late")
    den.ben.refused(f"/delete {number}", "not-allowed")
    den.daemon.write(chat={"delete_window": "none"})
    den.daemon.admin().ok("/reload")
    den.ben.ok(f"/delete {number}")


def test_all_of_one(den):
    talk(den.ben, 30)
    talk(den.cleo, 5, first=100)
    den.ben.refused("/delete by ben", "not-allowed")
    assert den.olga.ok("/delete by BEN").lines \
        == ["-- 30 messages of BEN are deleted."]
    den.cleo.expect(r"^\[den\] -- olga deleted 30 messages of BEN$")
    assert shown(den.cleo) == [f"cleo: line {i}" for i in range(100, 105)]
    assert searched(den.cleo, "by:ben") == []
    den.olga.refused("/delete by ben", "not-found")
    den.olga.refused("/delete by nobody", "not-found")
    talk(den.ben, 1, first=40)
    assert shown(den.cleo)[-1] == "ben: line 40"


def test_a_span_of_time(den):
    talk(den.ben, 3)
    talk(den.cleo, 3, first=10)
    den.cleo.refused("/delete since 1h", "not-allowed")
    den.olga.refused("/delete since 1h until 30m", "not-found")
    den.olga.refused("/delete since 2020-01-01 until 2020-01-02", "not-found")
    den.olga.refused("/delete by ben since 2999-01-01", "not-found")
    den.olga.refused("/delete since 1h until 1969-12-31", "not-found")
    den.olga.refused("/delete by ben until 0001-01-01", "not-found")
    assert den.olga.ok("/delete by ben since 1h").lines \
        == ["-- 3 messages of ben are deleted."]
    assert den.olga.ok("/delete den since 2020-01-01 20:00 until "
                       "2999-01-01 20:00").lines \
        == ["-- 3 messages are deleted."]
    assert shown(den.ben) == []


@pytest.mark.parametrize("rest", [
    "", "0", "-1", "#", "1 2", "18446744073709551616", "last last", "by",
    "by 1", "by ben since", "by ben since tomorrow", "since", "until 1h",
    "since 1h by", "by ben 1h", "den", "den by", "éa",
])
def test_what_cannot_be_read(den, rest):
    den.olga.refused(f"/delete {rest}", "usage")


@pytest.mark.parametrize("rest", ["1000000", "9223372036854775807"])
def test_numbers_that_nothing_has(den, rest):
    den.olga.refused(f"/delete {rest}", "not-found")


def test_who_is_outside(den):
    den.ben.ok("inside")
    number = den.number("inside")
    den.ben.ok("/leave den")
    den.ben.refused(f"/delete den {number}", "no-room")
    den.olga.ok("/mode +s")
    den.ben.refused(f"/delete den {number}", "no-such-room")
    admin = den.daemon.admin()
    admin.ok(f"/delete den {number}")
    den.cleo.expect(rf"^\[den\] -- ann deleted #{number}$")
    assert shown(den.olga) == []


def test_the_quieted_take_back_their_own(den):
    den.ben.ok("sorry for that")
    den.olga.ok("/quiet ben")
    den.ben.ok("/delete last")
    den.ben.refused("/delete last", "not-found")
    den.cleo.ok("/me waves")
    admin = den.daemon.admin()
    admin.ok("/gmute cleo 1h no words")
    den.cleo.ok("/delete last")
    assert shown(den.olga) == []


def test_the_renamed_and_the_removed(den):
    den.ben.ok("early")
    admin = den.daemon.admin()
    admin.ok("/users rename ben bob")
    bob = den.daemon.login("bob")
    bob.ok("/in den /say late")
    bob.ok(f"/delete den {den.number('early')}")
    assert shown(den.olga) == ["bob: late"]
    bob.ok("/in den /say later")
    admin.ok("/users remove bob")
    assert den.olga.ok("/delete by bob").lines \
        == ["-- 2 messages of bob are deleted."]
    assert shown(den.olga) == []


def test_a_name_that_another_has_now(den):
    """Under a name goes all that was said under it."""
    den.ben.ok("first ben")
    admin = den.daemon.admin()
    admin.ok("/users rename ben bob")
    ben = den.daemon.register("ben")
    ben.ok("/join den")
    ben.ok("second ben")
    # Nobody takes back what an earlier one of that name has said.
    ben.refused(f"/delete den {den.number('first ben')}", "not-allowed")
    den.olga.ok("/delete by ben")
    assert shown(den.olga) == []


def test_guests(daemon):
    max_ = daemon.guest("max")
    max_.ok("hello")
    max_.ok("a slip")
    max_.ok("/delete last")
    assert shown(max_, "lobby") == ["max: hello"]
    number = said(max_.ok("/review"))[0][0]
    max_.ok("/quit")
    max_.rest()
    other = daemon.guest("max")
    other.refused(f"/delete {number}", "not-allowed")
    other.refused("/delete last", "not-found")
    daemon.admin().ok("/delete by max")
    assert shown(other, "lobby") == []


def test_two_at_once(den):
    """Each message is deleted once, whoever comes first."""
    talk(den.ben, 20)
    admin = den.daemon.admin()
    numbers = [number for number, _ in said(den.olga.ok("/review 20"))]
    for machine in (den.olga, admin):
        machine.send("".join(f"/delete den {n}\n" for n in numbers))
    codes = [[machine.answer().code for _ in numbers]
             for machine in (den.olga, admin)]
    assert all({a, b} == {"ok", "not-found"} for a, b in zip(*codes))
    talk(den.ben, 20)
    for machine in (den.olga, admin):
        machine.send("/delete den by ben\n")
    answers = [machine.answer() for machine in (den.olga, admin)]
    assert {a.code for a in answers} == {"ok", "not-found"}
    assert sum("20 messages" in a.text for a in answers) == 1


def test_the_record_has_no_words(den):
    den.ben.ok("a secret of ben")
    number = den.number("a secret of ben")
    den.olga.ok(f"/delete {number}")
    talk(den.ben, 3)
    den.olga.ok("/delete by ben")
    log = den.olga.ok("/modlog").text
    assert re.search(rf"olga delete ben: #{number}$", log, re.M)
    assert re.search(r"olga delete ben: 3 messages of ben$", log, re.M)
    den.cleo.ok("mine")
    den.cleo.ok("/delete last")
    assert "cleo delete" not in den.olga.ok("/modlog").text
    audit = den.daemon.console().ok("/audit tail 20").text
    assert len(re.findall("room.delete", audit)) == 3
    assert "secret" not in audit + log


def test_nothing_is_left_in_the_table(daemon):
    """Whatever its length, and whatever was said around it."""
    texts = []
    cleo = daemon.register("cleo")
    for room in ("aaa", "zzz"):
        cleo.ok(f"/join {room}")
    for i in range(60):
        for room in ("aaa", "zzz"):
            text = f"{room}-needle-{i:03}-" + "x" * (i * 67)
            cleo.ok(f"/in {room} /say {text}")
            texts.append((room, text[:14]))
    cleo.ok("/in aaa /delete by cleo")
    assert words(cleo.ok("/review aaa")) == []
    daemon.stop()
    left = [text for room, text in texts
            if room == "aaa" and in_table(daemon, text)]
    kept = [text for room, text in texts
            if room == "zzz" and in_table(daemon, text)]
    assert (left, len(kept)) == ([], 60)
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stdout


def test_the_table_is_clean_soon(daemon):
    """While the daemon runs, too: a checkpoint is asked for."""
    cleo = daemon.register("cleo")
    cleo.ok("a needle in the lobby")
    daemon.restart()
    assert in_table(daemon, "a needle in the lobby")
    cleo = daemon.login("cleo")
    cleo.ok("/delete last")
    eventually(lambda: not in_table(daemon, "a needle in the lobby"),
               "gone from the disk")


def test_a_kill_behind_the_answer(daemon):
    """What was answered is gone; the next start takes it out."""
    cleo = daemon.register("cleo")
    cleo.ok("/join den")
    for _ in range(5):
        talk(cleo, 60)
        cleo.ok("kept")
        cleo.ok("/delete by cleo")
        daemon.kill()
        result = daemon.offline("--verify")
        assert result.returncode == 0, result.stdout
        daemon.start()
        cleo = daemon.login("cleo")
        assert shown(cleo) == []
        cleo.ok("/join den")
    daemon.restart()
    cleo = daemon.login("cleo")
    assert shown(cleo) == []
    daemon.stop()
    assert not in_table(daemon, "line 1")
    assert not in_table(daemon, "kept")


def test_a_report_quotes_nothing_that_is_gone(den):
    den.ben.ok("gone words")
    den.ben.ok("/delete last")
    den.cleo.ok("still there")
    den.cleo.ok("/report ben is rude")
    text = den.daemon.admin().ok("/reports show 1").text
    assert "still there" in text and "gone words" not in text


def test_a_busy_room(den):
    """Deleting and paging while others talk, who never wait."""
    for _ in range(5):
        den.ben.send("".join(f"line {i}\n" for i in range(50)))
        den.cleo.send("".join(f"other {i}\n" for i in range(50)))
        answer = den.olga.command("/delete by ben")
        assert answer.code in ("ok", "not-found")
        den.olga.ok("/review 50")
        for machine in (den.ben, den.cleo):
            for _ in range(50):
                assert machine.answer().code == "ok"
    den.olga.command("/delete by ben")
    got = shown(den.olga)
    assert len(got) == 200 and all(line.startswith("cleo: ") for line in got)


def test_the_console(den):
    den.ben.ok("hello")
    result = den.daemon.ctl("delete", "den", "by", "ben")
    assert result.returncode == 0, result.stderr
    den.cleo.expect(r"^\[den\] -- console:\d+ deleted 1 message of ben$")
