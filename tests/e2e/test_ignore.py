"""Whom one does not want to hear."""

from types import SimpleNamespace

import pytest

from rialto import ADMIN, WORD, eventually

ALL = "rooms, private, invitations, memos"


@pytest.fixture
def den(daemons):
    """Ben owns the den; cleo, the guest zoe and ann, an admin, are in it."""
    daemon = daemons.new().start()
    den = SimpleNamespace(daemon=daemon, ann=daemon.admin(),
                          ben=daemon.register("ben"),
                          cleo=daemon.register("cleo"),
                          zoe=daemon.guest("zoe"))
    for peer in den.ben, den.cleo, den.zoe, den.ann:
        peer.ok("/join den")
        peer.entered()
    return den


def lines(peer):
    """What was said and done since the last look, by whomever."""
    peer.fence()
    said, peer.events[:] = [line for line in peer.events
                            if "] -- " not in line], []
    return said


def replayed(peer, room="den"):
    """What /join shows of what was said."""
    peer.ok(f"/leave {room}")
    peer.entered()
    peer.ok(f"/join {room}")
    return [line.split(" ", 2)[2] for line in lines(peer)]


def test_in_rooms(den):
    second = den.daemon.login("cleo")
    assert den.cleo.ok("/ignore BEN rooms").text == "-- You ignore ben: rooms."
    den.ben.ok("hello")
    den.ben.ok(";waves")
    den.zoe.ok("hi Bill")
    assert lines(den.cleo) == lines(second) == ["[den] zoe: hi Bill"]
    assert lines(den.ann) == ["[den] ben: hello", "[den] * ben waves",
                              "[den] zoe: hi Bill"]
    assert lines(den.ben) == ["[den] zoe: hi Bill"]
    # Nothing else changes.
    den.ben.ok("/topic Cards")
    den.cleo.expect(r"^\[den\] -- ben set the topic: Cards$")
    assert den.ben.ok("/tell cleo psst").lines == []
    for peer in den.cleo, second:
        peer.expect("^ben -> you: psst$")
    assert "ben (owner)" in den.cleo.ok("/who").text
    assert den.cleo.ok("/unignore ben").text == "-- You ignore ben no longer."
    den.ben.ok("hello again")
    assert lines(den.cleo) == lines(second) == ["[den] ben: hello again"]


def test_in_the_replay(den):
    den.ben.ok("before")
    den.zoe.ok("hi")
    den.cleo.ok("/ignore ben")
    den.ben.ok("after")
    assert replayed(den.cleo) == ["zoe: hi"]
    later = den.daemon.login("cleo")
    later.ok("/leave den")
    assert replayed(den.ann) == ["ben: before", "zoe: hi", "ben: after"]
    den.cleo.ok("/unignore ben rooms")
    den.cleo.ok("/join den")
    assert replayed(den.cleo) == ["ben: before", "zoe: hi", "ben: after"]


def test_one_who_ignores_is_in_the_same_batch_as_others(den):
    """Many lines in one turn, from two speakers."""
    den.cleo.ok("/ignore ben rooms")
    den.ben.send("".join(f"b{n}\n" for n in range(50)))
    den.zoe.send("".join(f"z{n}\n" for n in range(50)))
    for peer in den.ben, den.zoe:
        for _ in range(50):
            assert peer.answer().code == "ok"
    assert lines(den.cleo) == [f"[den] zoe: z{n}" for n in range(50)]
    heard = lines(den.ann)
    assert [line for line in heard if "ben" in line] == \
        [f"[den] ben: b{n}" for n in range(50)]
    assert len(heard) == 100


def test_in_private(den):
    den.cleo.ok("/ignore ben private")
    for line in "/tell cleo psst", ".cleo psst":
        den.ben.refused(line, "ignored")
    den.ben.ok("hello")
    assert lines(den.cleo) == ["[den] ben: hello"]
    den.cleo.close()
    eventually(lambda: "Not here" in den.ben.ok("/whois cleo").text, "gone")
    den.ben.refused("/tell cleo psst", "ignored")
    cleo = den.daemon.machine()
    assert "waiting" not in cleo.ok(f"/login cleo {WORD}").text
    # Those who look after the place are heard.
    assert "comes nevertheless" in cleo.ok(f"/ignore {ADMIN}").lines[-1]
    den.ann.ok("/tell cleo behave")
    cleo.expect(f"^{ADMIN} -> you: behave$")
    den.ann.ok("in public they may be ignored")
    assert lines(cleo) == []


def test_invitations(den):
    den.cleo.ok("/ignore ben invitations")
    den.ben.ok("/join attic")
    den.ben.ok("/mode +i")
    den.ben.ok("/in attic /invite cleo")
    assert lines(den.cleo) == []
    den.cleo.ok("/join attic")  # it was made


def test_it_lasts(den):
    den.cleo.ok("/ignore ben")
    den.cleo.ok("/ignore zoe rooms memos")
    shown = [f"-- ben: {ALL}", "-- zoe (guest): rooms, memos"]
    assert den.cleo.ok("/ignore").lines == shown
    den.daemon.kill()
    den.daemon.start()
    cleo = den.daemon.login("cleo")
    assert cleo.ok("/ignore").lines == shown
    ben, zoe = den.daemon.login("ben"), den.daemon.guest("zoe")
    for peer in ben, zoe:
        peer.ok("/join den")
        peer.ok("hello")
    assert lines(cleo) == []
    cleo.ok("/unignore zoe memos")
    assert cleo.ok("/unignore ben private invitations memos").text == \
        "-- You ignore ben: rooms."
    assert cleo.ok("/ignore").lines == ["-- ben: rooms",
                                        "-- zoe (guest): rooms"]
    den.daemon.stop()
    result = den.daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_names_change(den):
    den.cleo.ok("/ignore ben")
    den.cleo.ok("/ignore zoe")
    admin = den.ann
    admin.ok("/users rename ben benno")
    den.ben.ok("hello")
    den.zoe.ok("/nick zora")
    den.zoe.ok("hello")
    assert lines(den.cleo) == []
    assert den.cleo.ok("/ignore").lines == [f"-- benno: {ALL}",
                                            f"-- zoe (guest): {ALL}"]
    # A user who takes the name is another.
    den.daemon.register("ben").ok("/join den")
    second = den.daemon.login("ben")
    second.ok("/join den")
    second.ok("hello")
    assert lines(den.cleo) == ["[den] ben: hello"]
    den.cleo.refused("/unignore ben", "not-found")
    assert den.cleo.ok("/unignore zora").text.endswith(" no longer.")
    den.zoe.ok("hello")
    assert lines(den.cleo) == ["[den] zora: hello"]


def test_a_removed_user(den):
    den.cleo.ok("/ignore ben")
    den.ben.ok("/ignore cleo")
    den.zoe.ok("/ignore ben")
    den.ann.ok("/users remove ben")
    assert den.cleo.ok("/ignore").text == "-- You ignore nobody."
    assert den.zoe.ok("/ignore").text == "-- You ignore nobody."
    assert den.daemon.register("ben").ok("/ignore").text == \
        "-- You ignore nobody."
    den.daemon.stop()
    result = den.daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_a_guest_ignores_while_it_is_here(den):
    den.zoe.ok("/ignore ben")
    den.ben.ok("hello")
    assert lines(den.zoe) == []
    den.ben.refused("/tell zoe psst", "ignored")
    den.zoe.ok("/nick zora")
    den.ben.refused("/tell zora psst", "ignored")
    den.zoe.close()
    eventually(lambda: den.ben.command("/whois zora").code == "no-such-user",
               "gone")
    again = den.daemon.guest("zora")
    assert again.ok("/ignore").text == "-- You ignore nobody."
    den.ben.ok("/tell zora psst")


def test_a_guest_who_is_ignored_comes_again(den):
    den.cleo.ok("/ignore zoe")
    den.zoe.close()
    eventually(lambda: den.ben.command("/whois zoe").code == "no-such-user",
               "gone")
    zoe = den.daemon.guest("zoe")
    zoe.ok("/join den")
    zoe.ok("here I am")
    assert lines(den.cleo) == []
    den.zoe = zoe
    assert den.cleo.ok("/unignore zoe").text == "-- You ignore zoe no longer."
    zoe.ok("and now?")
    assert lines(den.cleo) == ["[den] zoe: and now?"]


def test_what_cannot_be(den):
    den.cleo.refused("/ignore nobody", "no-such-user")
    den.cleo.refused("/ignore no.name", "bad-name")
    den.cleo.refused("/ignore CLEO", "bad-input")
    den.zoe.refused("/ignore zoe", "bad-input")
    den.cleo.refused("/ignore ben everything", "usage")
    den.cleo.refused("/unignore", "usage")
    den.cleo.refused("/unignore ben", "not-found")
    den.cleo.ok("/ignore ben rooms")
    den.cleo.refused("/unignore ben memos", "not-found")
    assert den.cleo.ok("/ignore ben PRIVATE").text == \
        "-- You ignore ben: rooms, private."
    den.daemon.console().refused("/ignore ben", "not-allowed")


def test_a_list_has_an_end(den):
    names = [f"u{n}" for n in range(101)]
    for name in names:
        den.daemon.register(name).close()
    for name in names[:100]:
        den.cleo.ok(f"/ignore {name} rooms")
    den.cleo.refused(f"/ignore {names[100]} rooms", "limit")
    den.cleo.ok(f"/ignore {names[99]}")
    den.cleo.ok(f"/unignore {names[0]}")
    den.cleo.ok(f"/ignore {names[100]} rooms")
    assert len(den.cleo.ok("/ignore").lines) == 100


def test_it_is_told_in_mydata(den):
    den.cleo.ok("/ignore ben private")
    den.cleo.ok("/ignore zoe")
    text = den.cleo.ok("/mydata").text
    assert '"ignored"' in text
    for word in '"ben"', '"zoe"', f'"{ALL}"':
        assert word in text
