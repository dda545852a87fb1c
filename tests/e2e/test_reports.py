"""What people report to the moderators, and how they hear of the end."""

import re

import pytest

from rialto import ADMIN, WORD, eventually

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d"


class Desk:
    """Mel and Mia are moderators, ben is a user and zoe a guest."""

    def __init__(self, daemon):
        self.daemon = daemon
        for name in ("mel", "mia"):
            daemon.register(name).close()
            daemon.console().ok(f"/users role {name} +moderator")
        self.come()

    def come(self):
        names = ("mel", "mia", "ben")
        if not hasattr(self, "ben"):
            self.daemon.register("ben").close()
        self.mel, self.mia, self.ben = map(self.daemon.login, names)
        self.zoe = self.daemon.guest("zoe")
        for machine in (self.mel, self.mia, self.ben, self.zoe):
            machine.take()

    def lines(self):
        return self.daemon.ctl("reports").stdout.splitlines()

    def acts(self):
        """The exported records of reports."""
        text = (self.daemon.folder / "audit.log").read_text()
        return re.findall(r" action=(report\S+) actor=(\S+) .* target=(\S+) ",
                          text)


def notices(machine):
    return [line for line in machine.take() if line.startswith("~~ ")]


@pytest.fixture
def desk(daemon):
    return Desk(daemon)


def test_a_report_from_the_first_word_to_the_note(desk):
    desk.zoe.ok("hello everybody")
    desk.zoe.ok("/me spits")
    answer = desk.ben.ok("/report Zoe spits at people")
    assert answer.text == ("-- Report #1 is with the moderators, and the last "
                           "2 lines of lobby with it.")
    for machine in (desk.mel, desk.mia):
        assert notices(machine) == [
            "~~ New report #1: ben about zoe in lobby. /reports show 1"]
    assert notices(desk.zoe) == notices(desk.ben) == []
    listed = rf"-- #1 {TIME} ben about zoe in lobby: spits at people"
    assert re.fullmatch(listed, desk.mel.ok("/reports").text)
    shown = desk.mel.ok("/reports show 1").lines
    assert re.fullmatch(listed, shown[0])
    assert re.fullmatch(rf"--   \d+ {TIME} zoe: hello everybody", shown[1])
    assert re.fullmatch(rf"--   \d+ {TIME} \* zoe spits", shown[2])
    assert desk.mel.ok("/reports take #1").text == "-- Report #1 is yours."
    assert ", taken by mel: spits" in desk.mia.ok("/reports").text
    assert "mel has taken" in desk.mia.refused("/reports take 1", "exists")
    assert desk.mel.ok("/reports close 1 I had a word with zoe").text == (
        "-- Report #1 is closed.")
    assert notices(desk.ben) == ["~~ Your report #1 about zoe is closed: "
                                  "I had a word with zoe"]
    assert desk.mel.ok("/reports").text == "-- There are no open reports."
    assert re.fullmatch(rf"-- Closed {TIME} by mel: I had a word with zoe",
                        desk.mia.ok("/reports show 1").lines[-1])
    eventually(lambda: desk.acts() == [
        ("report.file", "ben", "zoe"), ("report.take", "mel", "zoe"),
        ("report.close", "mel", "zoe")], "exported")


def test_who_is_away_hears_it_at_the_next_login(desk):
    desk.ben.ok("/report zoe spits")
    desk.ben.ok("/report mel does nothing")
    desk.ben.close()
    desk.mel.ok("/reports close 1 warned")
    desk.mia.ok("/reports close 2 she was asleep")
    desk.daemon.kill()
    desk.daemon.start()
    ben = desk.daemon.machine()
    ben.ok(f"/login ben {WORD}")
    news = ["~~ Your report #1 about zoe is closed: warned",
            "~~ Your report #2 about mel is closed: she was asleep"]
    for line in news:
        ben.expect("^" + re.escape(line) + "$")
    # Once; what was told is forgotten soon after.
    said = []

    def is_quiet():
        again = desk.daemon.machine()
        again.ok(f"/login ben {WORD}")
        again.fence()
        said[:] = [line for line in again.events if "Your report" in line]
        again.close()
        return not said

    eventually(is_quiet, f"forgotten: {said}")


def test_a_guest_hears_it_under_another_name(desk):
    desk.zoe.ok("/report ben is rude")
    desk.zoe.ok("/nick zora")
    desk.mel.ok("/reports close 1 warned")
    desk.zoe.expect("^~~ Your report #1 about ben is closed: warned$")


def test_people_at_a_keyboard_see_it(desk):
    dan = desk.daemon.person()
    dan.type("/guest dan")
    dan.expect("Welcome, dan")
    dan.type("/report ben is rude")
    dan.expect("^-- Report #1 is with the moderators")
    desk.mel.ok("/reports close 1 warned")
    dan.expect("^-- Your report #1 about ben is closed: warned$")


def test_reports_survive_a_kill(desk):
    desk.zoe.ok("it is dark here")
    desk.ben.ok("/report zoe frightens people")
    desk.mel.ok("/reports take 1")
    desk.zoe.ok("/report ben has no humour")
    shown = desk.mel.ok("/reports show 1").lines
    listed = desk.lines()
    desk.daemon.kill()
    desk.daemon.start()
    desk.come()
    assert desk.lines() == listed
    assert desk.mia.ok("/reports show 1").lines == shown
    assert desk.zoe.ok("/report ben again").text.startswith("-- Report #3 ")
    desk.mel.ok("/reports close 1 talked to her")
    desk.daemon.kill()
    desk.daemon.start()
    assert [line.split()[0] for line in desk.lines()] == ["#2", "#3"]
    desk.daemon.stop()
    assert desk.daemon.offline("--verify").returncode == 0


# Who, what, the code, and words that must be in the refusal.
REFUSALS = [
    ("ben", "/report", "usage", "/report NAME WORDS"),
    ("ben", "/report zoe", "usage", "/report NAME WORDS"),
    ("ben", "/report no.name is bad", "bad-name", "ASCII letter"),
    ("ben", "/report nobody is bad", "no-such-user", "Nobody called nobody"),
    ("ben", "/report BEN is bad", "bad-input", "yourself"),
    ("ben", "/report zoe " + "x" * 401, "bad-input", "400 bytes"),
    ("ben", "/reports", "not-allowed", ""),
    ("ben", "/reports show 1", "not-allowed", ""),
    ("ben", "/reports take 1", "not-allowed", ""),
    ("ben", "/reports close 1 done", "not-allowed", ""),
    ("zoe", "/reports close 1 done", "not-allowed", ""),
    ("mel", "/reports show", "usage", "/reports show N"),
    ("mel", "/reports show x", "usage", "/reports show N"),
    ("mel", "/reports show 0", "usage", "/reports show N"),
    ("mel", "/reports show 99999999999999999999", "usage", ""),
    ("mel", "/reports show 3", "not-found", "no report #3"),
    ("mel", "/reports take 3", "not-found", "no report #3"),
    ("mel", "/reports close 3 done", "not-found", "no report #3"),
    ("mel", "/reports close 1", "usage", "NUMBER NOTE"),
    ("mel", "/reports close 1 " + "x" * 401, "bad-input", "400 bytes"),
    # It is about her: for her it is not there.
    ("mel", "/reports show 2", "not-found", "no report #2"),
    ("mel", "/reports take 2", "not-found", "no report #2"),
    ("mel", "/reports close 2 not true", "not-found", "no report #2"),
]


def test_refusals_have_words_and_no_effect(desk):
    desk.ben.ok("/report zoe is bad")
    desk.ben.ok("/report mel is asleep")
    for machine in (desk.mel, desk.mia, desk.ben, desk.zoe):
        notices(machine)
    before = desk.lines()
    for who, line, code, words in REFUSALS:
        assert words in getattr(desk, who).refused(line, code), line
    assert desk.lines() == before and len(before) == 2
    for machine in (desk.mel, desk.mia, desk.ben, desk.zoe):
        assert notices(machine) == []
    result = desk.daemon.ctl("report", "zoe", "is bad")
    assert result.returncode == 1
    desk.daemon.stop()  # everything is exported
    assert [act[0] for act in desk.acts()] == ["report.file"] * 2


def test_whom_it_is_about_sees_nothing_of_it(desk):
    desk.ben.ok("/report mel is asleep")
    assert notices(desk.mel) == []
    assert len(notices(desk.mia)) == 1
    assert desk.mel.ok("/reports").text == "-- There are no open reports."
    desk.mia.ok("/reports take 1")
    for command in ("/modlog all", "/in lobby /modlog"):
        assert "report" not in desk.mel.ok(command).text


def test_a_higher_rank_keeps_what_it_took(desk):
    desk.ben.ok("/report zoe is bad")
    ann = desk.daemon.admin()
    ann.ok("/reports take 1")
    assert ADMIN in desk.mel.refused("/reports close 1 done", "rank")
    ann.ok("/reports close 1 done")
    desk.mel.refused("/reports close 1 done", "exists")


def test_reports_have_a_limit(desk):
    for number in range(1, 6):
        desk.ben.ok(f"/report zoe is bad {number}")
    assert "within an hour" in desk.ben.refused("/report zoe is bad", "flood")
    # Neither another session nor another name helps; others may.
    desk.daemon.login("ben").refused("/report zoe is bad", "flood")
    for number in range(1, 6):
        desk.zoe.ok("/report ben reports a lot")
    desk.daemon.guest("yan").refused("/report ben reports a lot", "flood")
    desk.mia.ok("/report ben reports a lot")
    assert len(desk.lines()) == 11


def test_a_muted_one_may_call_for_help(desk):
    desk.mel.ok("/gmute ben 1h shouting")
    desk.ben.ok("/report mel muted me for nothing")
    desk.mia.expect("New report #1: ben about mel")


def test_the_lines_are_of_a_room_one_is_in(desk):
    desk.mia.ok("/join den")
    desk.mia.ok("a secret")
    desk.zoe.ok("/leave")
    assert desk.zoe.ok("/report ben is rude").text == (
        "-- Report #1 is with the moderators.")
    desk.zoe.refused("/in den /report ben is rude", "no-room")
    assert len(desk.mel.ok("/reports show 1").lines) == 1


def test_who_left_can_be_reported_where_he_spoke(desk):
    desk.zoe.ok("boo")
    desk.zoe.ok("/quit")
    desk.ben.ok("/report zoe says boo")
    assert "zoe: boo" in desk.mel.ok("/reports show 1").text


def test_removed_and_renamed_users(desk):
    desk.daemon.register("troll").ok("boo")
    desk.daemon.register("liar").ok("/report troll is a troll")
    desk.ben.ok("/report troll says boo")
    console = desk.daemon.console()
    console.ok("/users rename troll angel")
    console.ok("/users rename ben bernard")
    shown = desk.mel.ok("/reports show 2").lines
    assert shown[1:3] == ["-- ben is bernard now.", "-- troll is angel now."]
    # Another one under the old name hears nothing.
    other = desk.daemon.register("ben")
    desk.mel.ok("/reports close 2 warned")
    desk.ben.expect("^~~ Your report #2 about troll is closed: warned$")
    assert notices(other) == []
    console.ok("/users remove angel")
    console.ok("/users remove liar")
    assert desk.mel.ok("/reports show 1").lines[1:3] == [
        "-- liar has no login any more.", "-- troll has no login any more."]
    desk.mel.ok("/reports close 1 both are gone")
    assert notices(desk.daemon.register("liar")) == []
    desk.daemon.stop()
    assert desk.daemon.offline("--verify").returncode == 0


def test_auditors_read_and_change_nothing(desk):
    desk.ben.ok("/report zoe is bad")
    desk.daemon.register("otto").close()
    desk.daemon.console().ok("/users role otto +auditor")
    otto = desk.daemon.login("otto")
    otto.ok("/reports")
    otto.ok("/reports show 1")
    otto.refused("/reports take 1", "not-allowed")
    otto.refused("/reports close 1 done", "not-allowed")


def test_closed_ones_are_listed(desk):
    none = "-- There are no closed reports."
    assert desk.mel.ok("/reports closed").text == none
    for number in range(1, 23):
        desk.daemon.guest(f"g{number}", source=f"127.0.9.{number}").ok(
            "/report zoe is bad")
        desk.mel.ok(f"/reports close {number} told zoe")
    lines = desk.mel.ok("/reports closed").lines
    assert len(lines) == 2 * 20
    assert lines[0].startswith("-- #3 ")
    assert lines[-2].startswith("-- #22 ") and "about zoe" in lines[-2]
    assert lines[-1].startswith("--   Closed 2")
    assert lines[-1].endswith(" by mel: told zoe")
    desk.ben.refused("/reports closed", "not-allowed")
    desk.ben.ok("/report mel is bad")
    desk.mia.ok("/reports close 23 she is not")
    assert desk.mia.ok("/reports closed").lines[-2].startswith("-- #23 ")
    assert desk.mel.ok("/reports closed").lines == lines


def test_the_console_works_on_reports(desk):
    desk.ben.ok("/report zoe is bad")
    ctl = desk.daemon.ctl
    assert ctl("reports", "take", "1").stdout == "Report #1 is yours.\n"
    assert ", taken by console:" in ctl("reports", "show", "1").stdout
    assert ctl("reports", "close", "1", "done", "with").returncode == 0
    desk.ben.expect("^~~ Your report #1 about zoe is closed: done with$")
