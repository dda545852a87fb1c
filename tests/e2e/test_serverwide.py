"""What moderators and administrators do on the whole server.

The staff comes from 127.0.0.1; those who are sanctioned by address come from
other addresses of the loopback network.
"""

import re

import pytest

from rialto import WORD, eventually

UNTIL = r"until \d{4}-\d\d-\d\d \d\d:\d\d"
FAR = "127.9.8.7"


def told(result):
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


@pytest.fixture
def mod(daemon):
    """Mel, a moderator."""
    return daemon.appoint("mel", "moderator")


def number(answer):
    return re.match(r"-- #(\d+) ", answer.lines[0])[1]


def test_a_user_is_banned_told_why_and_let_in_again(daemon, mod):
    ben, again = daemon.register("ben"), daemon.login("ben")
    answer = mod.ok("/gban ben 2h spamming the rooms")
    assert re.fullmatch(rf"-- #1 ben banned {UNTIL}: spamming the rooms\n"
                        r"-- 2 sessions were ended\.", answer.text)
    for session in (ben, again):
        assert re.search(rf"^~~ banned You are banned {UNTIL}: "
                         r"spamming the rooms$", session.rest(), re.M)
    away = daemon.machine(source=FAR)
    text = away.refused(f"/login ben {WORD}", "banned")
    assert re.search(rf"You are banned {UNTIL}: spamming the rooms", text)
    away.refused("/login ben wrong word", "bad-login")
    mod.refused("/gban ben again", "exists")
    assert mod.ok("/gbans").lines[0].startswith("-- #1 ben banned until ")
    mod.ok("/ungban 1")
    mod.refused("/ungban 1", "not-found")
    assert mod.ok("/gbans").text == "-- Nobody is banned."
    away.ok(f"/login ben {WORD}")


def test_a_person_is_told_as_well(daemon, mod):
    ben = daemon.person()
    ben.type("/guest ben")
    ben.expect("Welcome, ben")
    mod.ok("/gban ben trolling")
    ben.expect(r"^!! banned You are banned for good: trolling$")
    mod.ok("/whois mel")  # who has the same address, but a login
    mod.refused("/gban 127.0.0.1 trolling", "not-allowed")
    mod.ok("/ungban 1")
    zoe = daemon.person(source=FAR)
    zoe.type("/guest zoe")
    zoe.expect("Welcome, zoe")
    mod.ok("/gban zoe trolling")
    zoe.expect(r"^!! banned You are banned for good: trolling$")


def test_an_address_and_a_network_are_banned(daemon, mod):
    zoe = daemon.guest("zoe", source=FAR)
    answer = mod.ok("/gban zoe 1d trolling")
    assert re.fullmatch(rf"-- #1 guests of {FAR} \(zoe\) banned {UNTIL}: trolling\n"
                        r"-- 1 session was ended\.", answer.text)
    assert "~~ banned You are banned" in zoe.rest()
    stranger = daemon.machine(source=FAR)
    stranger.refused("/guest zora", "banned")
    stranger.refused(f"/register zora {WORD}", "banned")
    mod.refused("/whois zora", "no-such-user")
    daemon.register("ben").close()
    daemon.login("ben", source=FAR).close()
    daemon.guest("zelda", source="127.9.8.8").close()
    mod.ok("/gban 127.9.0.0/16 10m their whole network")
    daemon.machine(source="127.9.200.1").refused("/guest zelda", "banned")
    daemon.register("cleo").close()
    daemon.machine(source=FAR).refused(f"/login cleo {WORD}", "banned")
    daemon.login("cleo").close()  # from elsewhere
    # An administrator is never kept out by address.
    daemon.admin(source=FAR).ok("/ungban 2")


def test_what_is_lifted_may_be_named(daemon, mod):
    daemon.register("ben", source=FAR).close()
    zoe = daemon.guest("zoe", source=FAR)
    mod.refused("/ungban ben", "not-found")
    mod.ok("/gban ben 1h spamming")
    mod.refused("/ungmute ben", "not-found")
    told(daemon.ctl("users", "rename", "ben", "benny"))
    mod.refused("/ungban ben", "not-found")
    assert mod.ok("/ungban BENNY").text.startswith("-- #1 is lifted: ")
    mod.ok("/gmute zoe 1h shouting")
    assert mod.ok("/ungmute zoe").text.startswith("-- #2 is lifted: guests of")
    zoe.ok("hello")
    mod.ok("/gban 10.9.0.0/16 their whole network")
    mod.refused("/ungban 10.9.0.0/24", "not-found")
    assert mod.ok("/ungban 10.9.0.0/16").text == "-- #3 is lifted: 10.9.0.0/16."
    assert mod.ok("/gbans").text == "-- Nobody is banned."


def test_bans_survive_a_kill(daemon, mod):
    daemon.register("ben").close()
    mod.ok("/gban ben 1h spamming")
    mod.ok("/gmute 127.9.8.0/24 1h noise")
    daemon.kill()
    daemon.start()
    daemon.machine().refused(f"/login ben {WORD}", "banned")
    daemon.guest("zoe", source=FAR).refused("hello", "muted")
    assert daemon.ctl("gbans").stdout.startswith("#1 ben banned until ")
    told(daemon.ctl("ungban", "#1"))
    daemon.kill()
    daemon.start()
    daemon.login("ben")
    daemon.stop()
    assert daemon.offline("--verify").returncode == 0


@pytest.mark.parametrize("line, code", [
    ("/gban", "usage"),
    ("/gban ben", "usage"),
    ("/gban ben 2h", "bad-input"),  # no reason
    ("/gban ben 0s spamming", "bad-input"),
    ("/gban ben 10min spamming", "bad-input"),
    ("/gban ben 10 spamming", "bad-input"),
    ("/gban ben 1d12h spamming", "bad-input"),
    ("/gban ben -5m spamming", "bad-input"),
    ("/gban ben 99999w spamming", "bad-input"),
    ("/gban ben 99999999999999999999h spamming", "bad-input"),
    ("/gban ben " + "x" * 257, "bad-input"),
    ("/gban nobody spamming", "no-such-user"),
    ("/gban mel spamming", "not-allowed"),  # herself
    ("/gban ann spamming", "rank"),
    ("/gban 10.0.0.0/8 spamming", "bad-input"),
    ("/gban 0.0.0.0/0 spamming", "bad-input"),
    ("/gban ::/0 spamming", "bad-input"),
    ("/gban ::/64 spamming", "bad-input"),  # has all of IPv4
    ("/gban * spamming", "bad-input"),
    ("/gban 127.0.0.1 spamming", "not-allowed"),  # her own
    ("/gban 127.0.0.0/16 spamming", "not-allowed"),
    ("/ungban x", "not-found"),
    ("/ungban 0", "usage"),
    ("/ungban 7", "not-found"),
    ("/lockdown x", "usage"),
    ("/lockdown 0s", "bad-input"),
    ("/lockdown 31d", "bad-input"),
    ("/lockdown off", "not-found"),
])
def test_what_is_refused_has_no_effect(daemon, mod, line, code):
    daemon.register("ben").close()
    mod.refused(line, code)
    if line.startswith("/gban "):
        mod.refused(line.replace("/gban", "/gmute"), code)
    for verb in ("gbans", "gmutes"):
        assert told(daemon.ctl(verb))[0].startswith("Nobody is ")
    assert told(daemon.ctl("lockdown")) == ["There is no lockdown."]
    daemon.login("ben").ok("hello")


@pytest.mark.parametrize("verb", [
    "gban ben spamming", "ungban 1", "gbans", "gmute ben spamming",
    "ungmute 1", "gmutes", "lockdown", "lockdown 1h", "lockdown off",
])
def test_it_is_for_moderators_and_administrators(daemon, verb):
    daemon.machine().refused("/" + verb, "login-required")
    daemon.guest("zoe").refused("/" + verb, "not-allowed")
    daemon.register("cleo").refused("/" + verb, "not-allowed")


def test_the_last_administrator_is_not_banned(daemon):
    result = daemon.ctl("gban", "ann", "spamming")
    assert result.returncode == 1
    assert "last administrator" in result.stderr
    daemon.admin()
    # Nor by an address, while here.
    result = daemon.ctl("gban", "127.0.0.1", "spamming")
    assert "ann, an administrator, is in that network" in result.stderr


def test_a_moderator_does_not_undo_an_administrator(daemon, mod):
    daemon.register("ben").close()
    ann = daemon.admin()
    ann.ok("/gban ben spamming")
    mod.refused("/ungban 1", "rank")
    daemon.machine().refused(f"/login ben {WORD}", "banned")
    ann.ok("/ungban 1")


def test_a_mute_follows_a_user(daemon, mod):
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    daemon.console().ok("/in lobby /topic old")
    for machine in (ben, cleo):
        machine.entered()
    mod.ok("/gmute ben 1h shouting")
    ben.expect(rf"^~~ You are muted {UNTIL}: shouting$")
    for line in ("hello", "/say hello", "/me waves", "/tell cleo hello",
                 "/topic mine", "/join bens-own"):
        assert "shouting" in ben.refused(line, "muted")
    assert cleo.take() == []
    cleo.refused("/who bens-own", "no-such-room")
    assert cleo.ok("/topic").text.startswith("-- Topic of lobby: old ")
    # Reading, moving and asking those who may undo it is free.
    cleo.ok("hello ben")
    ben.expect(r"^\[lobby\] cleo: hello ben$")
    ben.ok("/tell mel why?")
    mod.expect(r"^ben -> you: why\?$")
    cleo.ok("/join den")
    ben.ok("/join den")
    ben.ok("/leave den")
    ben.close()
    ben = daemon.login("ben", source=FAR)
    ben.refused("hello", "muted")
    told(daemon.ctl("users", "rename", "ben", "benedict"))
    ben.refused("hello", "muted")
    assert mod.ok("/gmutes").lines[0].startswith("-- #1 benedict muted until ")
    mod.ok("/ungmute 1")
    ben.expect(r"^~~ You may speak again\.$")
    ben.ok("hello")


def test_a_mute_follows_a_guest(daemon, mod):
    zoe = daemon.guest("zoe", source=FAR)
    mod.ok("/gmute zoe noise")
    zoe.refused("hello", "muted")
    zoe.refused("/nick zora", "muted")
    zoe.close()
    zoe = daemon.guest("zelda", source=FAR)
    zoe.refused("/tell zelda hello", "muted")
    zoe.close()
    # Nor does a login of one's own help.
    daemon.register("zed", source=FAR).refused("hello", "muted")
    daemon.guest("zoe").ok("hello")


def test_a_lockdown_keeps_the_new_out(daemon, mod):
    ann, ben = daemon.admin(), daemon.register("ben")
    answer = mod.ok("/lockdown 1h")
    assert re.fullmatch(rf"-- Locked down {UNTIL} \(mel\)\.", answer.text)
    ann.expect(rf"^~~ mel locked the server down {UNTIL}: ")
    assert ben.take() == []
    for machine in (daemon.machine(), daemon.machine(source=FAR)):
        machine.refused("/guest zoe", "lockdown")
        text = machine.refused(f"/register zoe {WORD}", "lockdown")
        assert re.search("Until " + UNTIL[6:], text)
    ben.refused("/join den", "lockdown")
    ben.refused("/who den", "no-such-room")
    ben.ok("hello")
    daemon.login("ben").close()
    assert any(line.startswith("lockdown: until ")
               for line in told(daemon.ctl("status")))
    daemon.kill()
    daemon.start()
    daemon.machine().refused("/guest zoe", "lockdown")
    told(daemon.ctl("lockdown", "off"))
    assert told(daemon.ctl("lockdown")) == ["There is no lockdown."]
    daemon.guest("zoe")
    daemon.login("ben").ok("/join den")


def test_a_lockdown_ends_by_itself(daemon, mod):
    mod.ok("/lockdown 1s")
    stranger = daemon.machine()

    def is_in():
        return stranger.command("/guest zoe").code == "ok"

    eventually(is_in, "over")
    assert mod.ok("/lockdown").text == "-- There is no lockdown."
