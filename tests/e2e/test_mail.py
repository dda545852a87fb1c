"""Private messages for somebody who is not here, or away."""

import re
from types import SimpleNamespace

import pytest

from rialto import ADMIN, WORD, eventually

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d"
KEPT = "-- ben is not here; kept until read."
NOTHING = "-- No private message is waiting."


@pytest.fixture
def home(daemons):
    """Ann administers; ben and cleo have registered, and ben has left."""
    daemon = daemons.new().start()
    home = SimpleNamespace(daemon=daemon, ann=daemon.admin(),
                           cleo=daemon.register("cleo"))
    leave(home, daemon.register("ben"), "ben")
    return home


def leave(home, peer, name):
    """The daemon has noticed."""
    peer.close()
    eventually(lambda: "Not here" in home.ann.ok(f"/whois {name}").text,
               f"gone: {name}")


def welcome(home, name="ben"):
    """A login: the peer, and what it was told of its messages, if at all."""
    peer = home.daemon.machine()
    lines = peer.ok(f"/login {name} {WORD}").lines
    assert lines[0].startswith(f"-- Welcome, {name}.")
    peer.entered()
    return peer, lines[1] if "waiting" in lines[1] else None


def words(answer):
    """Of messages that are shown: (who, text)."""
    found = []
    for line in answer.lines:
        match = re.fullmatch(rf"-- #\d+ {TIME} (\S+) -> you: (.*)", line)
        if match:
            found.append(match.groups())
    return found


def test_who_was_away_for_a_week_reads_it(home):
    assert home.cleo.ok("/tell BEN psst").text == KEPT
    assert home.ann.ok(".ben are you well?  Really?").text == KEPT
    assert home.cleo.ok("/tell ben psst again").text == KEPT
    ben, waiting = welcome(home)
    assert waiting == "-- 3 private messages are waiting: /mail"
    answer = ben.ok("/mail")
    assert re.fullmatch(rf"-- #1 {TIME} cleo -> you: psst", answer.lines[0])
    assert words(answer) == [("cleo", "psst"),
                             (ADMIN, "are you well?  Really?"),
                             ("cleo", "psst again")]
    assert ben.ok("/mail").text == NOTHING
    assert len(words(ben.ok("/mail all"))) == 3
    # Whoever left it may be answered.
    ben.ok("/reply I am back")
    home.cleo.expect("^ben -> you: I am back$")
    assert welcome(home)[1] is None


def test_it_is_there_after_a_power_cut(home):
    home.cleo.ok("/tell ben psst")
    home.daemon.kill()
    home.daemon.start()
    ben, waiting = welcome(home)
    assert waiting == "-- 1 private message is waiting: /mail"
    assert words(ben.ok("/mail")) == [("cleo", "psst")]
    home.daemon.kill()
    home.daemon.start()
    ben, waiting = welcome(home)
    assert waiting is None
    assert ben.ok("/mail").text == NOTHING
    assert words(ben.ok("/mail all")) == [("cleo", "psst")]
    home.daemon.stop()
    result = home.daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_a_person_at_a_keyboard(home):
    home.cleo.ok("/tell ben psst")
    ben = home.daemon.person()
    ben.type("/login ben")
    ben.expect("password: ")
    ben.type(WORD)
    ben.expect("^-- 1 private message is waiting: /mail$")
    ben.type("/mail")
    ben.expect("cleo -> you: psst")


def test_the_sender_s_other_sessions_see_it(home):
    second = home.daemon.login("cleo")
    home.cleo.entered()
    home.cleo.ok("/tell ben psst")
    second.expect("^you -> ben: psst$")
    assert home.cleo.fence() == []


def test_nobody_there(home):
    zoe = home.daemon.guest("zoe")
    for peer in home.cleo, zoe:
        peer.refused("/tell nobody hello", "no-such-user")
        peer.refused(".nobody hello", "no-such-user")
        peer.refused("/tell no.name hello", "no-such-user")
    assert "/register" in zoe.refused("/tell ben hello", "users-only")
    home.ann.ok("/users disable ben")
    home.cleo.refused("/tell ben hello", "disabled")
    home.ann.ok("/users enable ben")
    home.ann.ok("/gmute cleo 1h loud")
    home.cleo.refused("/tell ben hello", "muted")
    home.ann.ok("/ungmute cleo")
    assert welcome(home)[1] is None
    zoe.refused("/mail", "not-allowed")
    home.daemon.console().refused("/mail", "not-allowed")


def test_the_muted_may_still_ask_the_staff(home):
    home.ann.ok("/users role ben +moderator")
    home.ann.ok("/gmute cleo 1h loud")
    assert home.cleo.ok("/tell ben why?").text == KEPT


def test_talk_that_is_kept_counts_as_talk(daemons):
    daemon = daemons.new(chat={"flood": "3/1h", "flood_patience": "none"})
    daemon.start()
    leave(SimpleNamespace(ann=daemon.admin()), daemon.register("ben"), "ben")
    cleo = daemon.register("cleo")
    cleo.ok("/tell ben one")
    cleo.ok("two")
    cleo.refused("/tell nobody three", "no-such-user")
    cleo.refused("/tell ben four", "flood")
    assert words(daemon.login("ben").ok("/mail")) == [("cleo", "one")]


def test_too_much_for_one(home):
    for number in range(20):
        home.cleo.ok(f"/tell ben {number}")
    assert "20 messages" in home.cleo.refused("/tell ben more", "limit")
    home.ann.ok("/tell ben others may")
    ben, waiting = welcome(home)
    assert waiting == "-- 21 private messages are waiting: /mail"
    answer = ben.ok("/mail")
    assert words(answer) == [("cleo", str(n)) for n in range(20)]
    assert answer.lines[-1] == "-- 1 more is waiting: /mail"
    assert words(ben.ok("/mail")) == [(ADMIN, "others may")]
    assert ben.ok("/mail").text == NOTHING
    leave(home, ben, "ben")
    home.cleo.ok("/tell ben more")


def test_a_full_box(home):
    """Its bytes; what was read makes room."""
    long = "x" * 4000
    senders = [home.cleo] + [home.daemon.register(f"s{n}") for n in range(3)]
    for sender in senders[:3]:
        for _ in range(20):
            sender.ok(f"/tell ben {long}")
    for _ in range(5):
        senders[3].ok(f"/tell ben {long}")
    assert "no room" in senders[3].refused(f"/tell ben {long}", "limit")
    senders[3].ok("/tell ben short")
    ben, waiting = welcome(home)
    assert waiting == "-- 66 private messages are waiting: /mail"
    answer = ben.ok("/mail")  # a page has an end
    assert 1 < len(words(answer)) < 20
    assert answer.lines[-1] == f"-- {66 - len(words(answer))} more are " \
        "waiting: /mail"
    leave(home, ben, "ben")
    senders[3].ok(f"/tell ben {long}")
    ben, waiting = welcome(home)
    all = ben.ok("/mail all")
    older = re.fullmatch(r"-- Older ones: (/mail all before \d+)",
                         all.lines[-2]).group(1)
    assert all.lines[-1].endswith("waiting: /mail")
    assert words(all)[-1] == ("s2", long)
    assert words(all)[-2] == ("s2", "short")
    first = int(re.match(r"-- #(\d+)", all.lines[0]).group(1))
    before = ben.ok(older)
    ids = [int(re.match(r"-- #(\d+)", line).group(1))
           for line in before.lines if line.startswith("-- #")]
    assert ids == list(range(first - len(ids), first))
    answer = ben.ok("/mail delete all")
    assert re.fullmatch(r"-- 66 messages are deleted, \d+ of them unread\.",
                        answer.text)
    assert ben.ok("/mail").text == NOTHING
    assert ben.ok("/mail all").text == "-- There is no private message."


def test_deleting(home):
    for text in "one", "two", "three":
        home.cleo.ok(f"/tell ben {text}")
    ben, _ = welcome(home)
    assert ben.ok("/mail delete 2").text == "-- Message #2 is deleted, unread."
    ben.refused("/mail delete 2", "not-found")
    ben.refused("/mail delete 0", "usage")
    ben.refused("/mail delete x", "usage")
    ben.refused("/mail all behind 2", "usage")
    home.cleo.refused("/mail delete 1", "not-found")
    assert words(ben.ok("/mail")) == [("cleo", "one"), ("cleo", "three")]
    assert ben.ok("/mail delete #3").text == "-- Message #3 is deleted."
    home.daemon.kill()
    home.daemon.start()
    ben, _ = welcome(home)
    assert words(ben.ok("/mail all")) == [("cleo", "one")]
    ben.ok("/mail delete all")
    ben.refused("/mail delete all", "not-found")


def test_two_sessions_read_at_once(home):
    for number in range(20):
        home.cleo.ok(f"/tell ben {number}")
        home.ann.ok(f"/tell ben {number}")
    ben, second = welcome(home)[0], welcome(home)[0]
    ben.send("/mail\n" * 2)
    second.send("/mail\n" * 2)
    seen = [one for peer in (ben, second) for _ in range(2)
            for one in words(peer.answer())]
    assert sorted(seen) == sorted((who, str(n)) for n in range(20)
                                  for who in ("cleo", ADMIN))


def test_names_change(home):
    home.cleo.ok("/tell ben psst")
    home.ann.ok("/users rename cleo clara")
    home.ann.ok("/users rename ben benno")
    home.ann.ok("/tell benno hello")
    home.ann.refused("/tell ben hello", "no-such-user")
    ben, _ = welcome(home, "benno")
    assert words(ben.ok("/mail")) == [("clara", "psst"), (ADMIN, "hello")]


def test_it_goes_with_the_sender(home):
    home.cleo.ok("/tell ben psst")
    home.ann.ok("/tell ben hello")
    home.ann.ok("/users remove cleo")
    ben, waiting = welcome(home)
    assert waiting == "-- 1 private message is waiting: /mail"
    assert words(ben.ok("/mail")) == [(ADMIN, "hello")]
    home.daemon.stop()
    result = home.daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_it_goes_with_the_receiver(home):
    home.cleo.ok("/tell ben psst")
    home.ann.ok("/users remove ben")
    home.cleo.refused("/tell ben psst", "no-such-user")
    leave(home, home.daemon.register("ben"), "ben")
    assert welcome(home)[1] is None


def test_being_away(home):
    ben, _ = welcome(home)
    ben.ok("/away getting pizza")
    assert home.cleo.ok("/tell ben hurry").text == \
        "-- ben is away: getting pizza"
    assert home.cleo.ok("/tell ben or not").lines == []
    assert home.ann.ok("/tell ben me too").text == \
        "-- ben is away: getting pizza"
    ben.fence()
    assert ben.events == ["cleo -> you: hurry", "cleo -> you: or not",
                          f"{ADMIN} -> you: me too"]
    zoe = home.daemon.guest("zoe")  # heard, but not kept
    assert zoe.ok("/tell ben and me").text == "-- ben is away: getting pizza"
    assert ben.ok("/away").lines == [
        "-- You are here again.", "-- 3 private messages are waiting: /mail"]
    assert home.cleo.ok("/tell ben good").lines == []
    assert words(ben.ok("/mail")) == [("cleo", "hurry"), ("cleo", "or not"),
                                      (ADMIN, "me too")]
    assert ben.ok("/away").text == "-- You are here again."
    # Another absence is told again; to oneself nothing is kept.
    ben.ok("/away asleep")
    assert home.cleo.ok("/tell ben hm").text == "-- ben is away: asleep"
    ben.ok("/away dead asleep")
    assert home.cleo.ok("/tell ben hm").text == "-- ben is away: dead asleep"
    ben.ok("/tell ben note")
    assert len(words(ben.ok("/mail"))) == 2


def test_away_with_a_full_box(home):
    ben, _ = welcome(home)
    ben.ok("/away getting pizza")
    for number in range(20):
        home.cleo.ok(f"/tell ben {number}")
    answer = home.cleo.ok("/tell ben more")
    assert answer.text.startswith("-- That was told, but is not kept: 20 mess")
    ben.expect("^cleo -> you: more$")
    assert ben.ok("/away").lines[1] == \
        "-- 20 private messages are waiting: /mail"


def test_words_stay_between_the_two(home):
    home.cleo.ok("/tell ben secretword")
    ben, _ = welcome(home)
    ben.ok("/mail")
    ben.ok("/mail delete 1")
    home.daemon.stop()
    assert "secretword" not in home.daemon.log.text()
    assert "secretword" not in (home.daemon.folder / "audit.log").read_text()


def test_nothing_that_was_acknowledged_is_lost(home):
    """Killed at work: two who write to two, as fast as they can."""
    dan = home.daemon.register("dan")
    leave(home, home.daemon.register("eve"), "eve")
    senders = {"cleo": home.cleo, "dan": dan}
    for peer in senders.values():
        peer.send("".join(f"/tell {to} {n}\n" for n in range(15)
                          for to in ("ben", "eve")))
    done = dict.fromkeys(senders, 0)
    while min(done.values()) < 10:
        for name, peer in senders.items():
            assert peer.answer().code == "ok"
            done[name] += 1
    home.daemon.kill()
    home.daemon.start()
    for place, name in enumerate(("ben", "eve")):
        peer, waiting = welcome(home, name)
        found = []
        while waiting:
            page = peer.ok("/mail")
            found += words(page)
            waiting = page.lines[-1].endswith("waiting: /mail")
        for sender, count in done.items():
            texts = [int(text) for who, text in found if who == sender]
            assert texts == list(range(len(texts)))
            assert len(texts) >= (count + 1 - place) // 2
    home.daemon.stop()
    result = home.daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_who_comes_meanwhile_is_told(home):
    """Told live, or kept: then at the login, or by a notice behind it."""
    for number in range(30):
        ben = home.daemon.machine()
        home.cleo.send(f"/tell ben {number}\n")
        lines = ben.ok(f"/login ben {WORD}").lines
        answer = home.cleo.answer()
        assert answer.code == "ok"
        if answer.lines == []:
            ben.expect(f"^cleo -> you: {number}$")
        elif "waiting" not in lines[1]:
            ben.expect("^~~ 1 private message is waiting: /mail$")
        if answer.lines:
            assert words(ben.ok("/mail")) == [("cleo", str(number))]
        leave(home, ben, "ben")
