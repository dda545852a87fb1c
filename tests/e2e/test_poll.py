"""The poll, a plugin in Python: contrib/plugins/poll.py over pipes."""

import os
import pathlib
import time

import pytest

from plugin_peer import PluginPeer

POLL = pathlib.Path(os.environ["RIALTO_SOURCE"]) / "contrib/plugins/poll.py"
ALWAYS, HARDLY_EVER = 0, 10**9
OPEN = "What shall we eat? | Pizza | Pasta |Soup"
MONTH = 30 * 24 * 3600


@pytest.fixture
def poll():
    """poll(state) is the plugin, as after a restart with this state."""
    all = []

    def new(state=None, **settings):
        all.append(PluginPeer([POLL], "poll", settings, state))
        return all[-1]
    yield new
    for peer in all:
        peer.close()


def refused(peer, command, args="", **more):
    answer = peer.use(command, args, **more)
    assert set(answer) == {"op", "id", "refusal"}
    return answer["refusal"]["code"]


def lines(peer, where, command, args="", **more):
    answer = peer.use(command, args, **more)
    assert set(answer) - {"state"} == {"op", "id", where}
    return answer[where]


def no_say(peer):
    """Nothing was said before the answer to what is asked now."""
    peer.use("poll")
    assert not any(m["op"] == "say" for m in peer.got)


def test_says_what_it_adds(poll):
    hello = poll().hello
    assert [c["name"] for c in hello["commands"]] == ["poll", "vote"]
    assert hello["events"] == ["joined"]
    for command in hello["commands"]:
        assert max(len(words) for words in command.values()) <= 80


def test_a_poll_from_its_start_to_its_end(poll):
    peer = poll()
    assert lines(peer, "room", "poll", OPEN) == [
        "ann asks: What shall we eat?", "1. Pizza", "2. Pasta", "3. Soup",
        "Say /vote N."]
    assert lines(peer, "user", "vote", "2", user="ben") == \
        ["You voted for Pasta."]
    assert lines(peer, "user", "vote", "2", user="cleo") == \
        ["You voted for Pasta."]
    assert lines(peer, "user", "vote", "3", user="Ben") == \
        ["You voted for Soup."]
    assert lines(peer, "user", "poll", user="dan") == [
        "ann asks: What shall we eat? (2 votes)", "1. Pizza: 0", "2. Pasta: 1",
        "3. Soup: 1"]
    assert lines(peer, "room", "poll", "Close") == [
        "The poll is closed.", "ann asks: What shall we eat? (2 votes)",
        "1. Pizza: 0", "2. Pasta: 1", "3. Soup: 1"]
    assert refused(peer, "vote", "1") == "not-found"
    assert peer.state == {}
    assert peer.bye() == 0


def test_rooms_have_polls_of_their_own(poll):
    peer = poll()
    peer.use("poll", OPEN)
    peer.use("poll", "Tea? | yes | no", room="attic")
    peer.use("vote", "1", room="ATTIC")
    assert lines(peer, "user", "poll", room="Attic")[0] == \
        "ann asks: Tea? (1 vote)"
    assert lines(peer, "user", "poll")[0] == \
        "ann asks: What shall we eat? (0 votes)"
    assert refused(peer, "poll", room="cellar") == "not-found"


def test_nothing_is_lost_by_a_crash(poll):
    peer = poll()
    peer.use("poll", OPEN)
    peer.use("vote", "1", user="ben")
    peer.use("vote", "3", user="cleo")
    peer.close()
    again = poll(peer.state)
    again.use("vote", "1", user="cleo")
    assert lines(again, "user", "poll") == [
        "ann asks: What shall we eat? (2 votes)", "1. Pizza: 2", "2. Pasta: 0",
        "3. Soup: 0"]


@pytest.mark.parametrize("use, code", [
    (("poll", "Tea?"), "usage"),
    (("poll", "Tea? | yes"), "usage"),
    (("poll", "Tea? | yes |"), "usage"),
    (("poll", "| yes | no"), "usage"),
    (("poll", "Tea?" + "| x" * 11), "usage"),
    (("poll", "Tea? | yes | YES"), "bad-input"),
    (("poll", "é" * 151 + "| yes | no"), "bad-input"),
    (("poll", "Tea? | no | " + "x" * 101), "bad-input"),
    (("poll",), "not-found"),
    (("poll", "close"), "not-found"),
    (("vote", "1"), "not-found"),
])
def test_refuses(poll, use, code):
    peer = poll()
    assert refused(peer, *use) == code
    assert peer.bye() == 0


@pytest.mark.parametrize("vote", ["", "0", "4", "-1", "1.0", "1 2", "pizza",
                                  "١", "01", "9" * 5000])
def test_refuses_a_vote(poll, vote):
    peer = poll()
    peer.use("poll", OPEN)
    assert refused(peer, "vote", vote) == "bad-input"


def test_a_second_poll_waits_for_the_first(poll):
    peer = poll()
    peer.use("poll", OPEN)
    assert refused(peer, "poll", "Tea? | yes | no") == "exists"
    peer.use("poll", "close")
    assert lines(peer, "room", "poll", "Tea? | yes | no")


def test_is_for_users_in_rooms(poll):
    peer = poll()
    peer.use("poll", OPEN)
    for use in ("poll", ""), ("poll", OPEN), ("vote", "1"):
        assert refused(peer, *use, room=None) == "bad-input"
        assert refused(peer, *use, roles=["guest"]) == "not-allowed"


def test_who_opened_it_or_staff_closes_it(poll):
    peer = poll()
    peer.use("poll", OPEN)
    assert refused(peer, "poll", "close", user="ben") == "not-allowed"
    assert lines(peer, "room", "poll", "close", user="ben",
                 roles=["guest", "user", "moderator"])
    peer.use("poll", OPEN)
    assert lines(peer, "room", "poll", "close", user="Ann")


def test_what_is_old_makes_room(poll):
    old = {"question": "Tea?", "answers": ["yes", "no"], "by": "ben",
           "opened": int(time.time()) - 2 * MONTH, "votes": {"ben": 1},
           "greeted": []}
    peer = poll({"den": old, "attic": old})
    assert refused(peer, "vote", "1") == "not-found"
    peer.use("poll", OPEN)
    assert set(peer.state) == {"den"}
    assert peer.state["den"]["votes"] == {}


def test_who_joins_is_told_once(poll):
    peer = poll(greet=ALWAYS)
    peer.event("joined", user="ben")
    no_say(peer)
    peer.use("poll", OPEN)
    peer.event("joined", user="ben")
    said = peer.expect(lambda m: m["op"] == "say")
    assert said["room"] == "den"
    assert said["lines"] == ["ben, a poll is open: /poll shows it."]
    peer.event("joined", user="Ben")
    peer.event("joined", user="cleo", room="attic")
    peer.event("left", user="ben")
    peer.use("vote", "1", user="dan")
    peer.event("joined", user="dan")
    no_say(peer)
    again = poll(peer.state)
    again.event("joined", user="ben")
    no_say(again)


def test_a_crowd_is_told_once_together(poll):
    peer = poll(greet=HARDLY_EVER)
    peer.use("poll", OPEN)
    for i in range(1000):
        peer.event("joined", user=f"member-{i}")
    peer.expect(lambda m: m["op"] == "say")
    no_say(peer)


def test_what_is_kept_is_bounded(poll):
    peer = poll(greet=ALWAYS)
    rooms = 0
    while "refusal" not in (last := peer.use(
            "poll", "q" * 300 + "".join(f"|{n}" + "a" * 99 for n in range(4)),
            room=f"room-{rooms}")):
        rooms += 1
    assert last["refusal"]["code"] == "limit" and rooms > 5
    peer.use("poll", "close", room="room-0")
    peer.use("poll", "Tea? | yes | no")
    votes = 0
    while "refusal" not in (last := peer.use(
            "vote", "1", user=f"{votes:032}")):
        votes += 1
    assert last["refusal"]["code"] == "limit" and votes > 5
    for i in range(1000):
        peer.event("joined", user=f"member-{i}")
    assert lines(peer, "user", "poll")[0] == f"ann asks: Tea? ({votes} votes)"
    assert peer.bye() == 0
