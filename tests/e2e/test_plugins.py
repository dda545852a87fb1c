"""Commands that plugins add, from the side of those who use them."""

import json
import os
import pathlib
import random
import re
import re
import threading

import pytest

from rialto import ADMIN, WORD, Closed, eventually

MANUAL = pathlib.Path(os.environ["RIALTO_SOURCE"]) / "doc/man/rialto-plugin.7"
PARROT = pathlib.Path(__file__).parent / "plugins/parrot.py"


def parrot(name="parrot", hello=None, **more):
    settings = {"hello": json.dumps(hello)} if hello else {}
    return {"name": name, "program": str(PARROT), "deadline": "60s",
            "settings": settings, **more}


def await_up(daemon, *names):
    for name in names or ["parrot"]:
        eventually(lambda: f"{name} (up)" in daemon.ctl("plugins").stdout,
                   f"{name} is up")
    return daemon


def await_uses(daemon, count):
    """It was asked so often."""
    eventually(lambda: f"{count} uses" in daemon.ctl("plugins").stdout,
               "asked")


@pytest.fixture
def loft(start):
    """A daemon with a parrot."""
    return await_up(start(plugins=[parrot()]))


def ask(**answer):
    return "/parrot " + json.dumps(answer)


def told(answer):
    """What the parrot told the asker, as JSON."""
    return json.loads(answer.lines[-1][3:])


def test_many_start_at_once(start):
    names = [f"bird{i}" for i in range(16)]
    daemon = await_up(start(plugins=[parrot(name) for name in names]), *names)
    assert daemon.ctl("plugins").stdout.count(" 0 restarts,") == len(names)


# What it looks like.


@pytest.fixture
def lame(start):
    """A daemon whose plugin cannot be started."""
    return start(plugins=[{"name": "joke", "program": "/nonexistent"}])


def test_a_plugin_that_is_down(lame):
    ben = lame.register("ben")
    assert "joke" in ben.refused("/joke", "plugin-down")
    ben.refused("/JOKE me", "plugin-down")
    ben.refused("/jokes", "unknown-command")
    lame.machine().refused("/joke", "login-required")
    lame.console().refused("/joke", "not-allowed")
    zoe = lame.guest("zoe")
    zoe.refused("/joke", "plugin-down")
    # What it might take when it is up is said like all else.
    zoe.ok("get_joke")
    ben.expect(r"^\[lobby\] zoe: get_joke$")


def test_help_has_a_section_for_each_plugin(lame):
    ben = lame.register("ben")
    lines = ben.ok("/help").lines
    assert lines[-2:] == ["-- From the plugin joke, which is down:",
                          "-- /joke"]
    assert ben.ok("/help joke").lines == lines[-2:]
    assert ben.ok("/help /joke").lines == lines[-2:]
    assert "joke" not in lame.console().ok("/help").text
    assert "Did you mean /joke?" in ben.refused("/jok", "unknown-command")


def test_the_name_of_a_plugin_is_nobody_elses(lame):
    admin = lame.admin()
    lame.machine().refused(f"/register Joke {WORD}", "name-taken")
    lame.machine().refused("/guest joke", "name-taken")
    lame.guest("zoe").refused("/nick JOKE", "name-taken")
    admin.refused(f"/users add joke {WORD}", "name-taken")
    admin.refused(f"/users rename {ADMIN} joke", "name-taken")
    person = lame.person()
    person.expect("username: ")
    person.type("/register joke")
    person.expect("!! name-taken joke is the name of a plugin")


def test_a_user_who_had_the_name_before(start):
    daemon = start()
    daemon.register("joke").ok("/quit")
    daemon.write(plugins=[{"name": "joke", "program": "/nonexistent"}])
    daemon.ctl("reload")
    daemon.log.expect("warning: plugin: a user is called like the plugin "
                      "name=joke")
    daemon.ctl("users", "rename", "joke", "jake")
    daemon.restart()
    assert "is called like" not in daemon.log.text()


def test_plugins_are_listed(lame, daemon):
    admin, zoe = lame.admin(), lame.guest("zoe")
    [line] = zoe.ok("/plugins").lines
    # It is tried again and again.
    assert re.match(r"-- joke \((starting|ending|down[^)]*)\): /joke$", line)
    lines = admin.ok("/plugins").lines
    assert "0 uses, 0 answers" in lines[1]
    assert lame.ctl("plugins").stdout.startswith("joke (")
    assert daemon.guest("zoe").ok("/plugins").lines == \
        ["-- There are no plugins."]
    assert "plugins: 1\nplugins up: 0\n" in lame.ctl("status").stdout


def test_plugins_are_switched_by_administrators(lame):
    admin, zoe = lame.admin(), lame.guest("zoe")
    zoe.refused("/plugins off joke", "not-allowed")
    admin.refused("/plugins off poll", "not-found")
    admin.refused("/plugins on joke", "exists")
    admin.ok("/plugins off joke")
    eventually(lambda: zoe.ok("/plugins").text ==
               "-- joke (switched off): /joke", "switched off")
    zoe.refused("/joke", "plugin-down")
    assert lame.ctl("plugins", "off", "joke").returncode == 1
    admin.ok("/plugins reload joke")
    assert lame.ctl("plugins", "on", "joke").returncode == 0
    zoe.refused("/joke", "plugin-down")
    tail = admin.ok("/audit tail 8").text
    for action in "plugin.off", "plugin.reload", "plugin.on":
        assert f"action={action} " in tail


def test_a_private_answer(loft):
    ben, cleo = loft.register("ben"), loft.register("cleo")
    ben.take()
    assert ben.ok(ask(user=["psst", "– well"])).lines == ["-- psst",
                                                          "-- – well"]
    assert ben.take() == [] and cleo.take() == []
    assert ben.ok(ask()).lines == []


def test_one_s_last_is_what_one_said_oneself(loft):
    cleo = loft.register("cleo")
    cleo.ok("mine")
    cleo.ok(ask(room=["by the parrot"]))
    cleo.ok("/delete last")
    line, = cleo.ok("/review").lines
    assert line.endswith(" parrot: by the parrot")
    cleo.refused("/delete last", "not-found")
    cleo.ok(f"/delete {line.split()[2][1:]}")
    assert "by the parrot" not in cleo.ok("/review").text


def test_an_answer_in_the_room(loft):
    ben, again = loft.register("ben"), loft.login("ben")
    cleo, zoe = loft.register("cleo"), loft.guest("zoe")
    for machine in ben, again, cleo, zoe:
        machine.take()
    answer = ben.ok(ask(room=["knock", "knock"], user=["for you"]))
    assert answer.lines == ["-- for you", "-- knock", "-- knock"]
    ben.ok("hello")
    said = ["[lobby] parrot: knock", "[lobby] parrot: knock",
            "[lobby] ben: hello"]
    assert ben.take() == []
    assert again.take() == cleo.take() == zoe.take() == said
    assert zoe.ok(ask(room=["a guest may"])).lines == ["-- a guest may"]
    assert cleo.take() == ["[lobby] parrot: a guest may"]
    # And it is remembered like other words, also by the next daemon.
    loft.restart()
    dan = loft.machine()
    dan.ok(f"/register dan {WORD}")
    dan.fence()
    assert any(line.endswith(" parrot: a guest may") for line in dan.events)


def test_at_a_keyboard(loft):
    cleo = loft.register("cleo")
    ben = loft.person()
    for line in "/guest ben", ask(room=["squawk"]), "polly", ask(
            refusal={"code": "limit", "text": "Enough."}):
        ben.type(line)
    ben.expect(r"^-- squawk\n")
    assert json.loads(ben.expect(r"^-- (\{.*\})\n")[1])["line"] is True
    ben.expect(r"^!! limit Enough\.\n")
    cleo.expect(r"^\[lobby\] parrot: squawk$")


def test_what_a_plugin_is_told(loft):
    ben, zoe = loft.register("ben"), loft.guest("zoe")
    use = told(ben.ok("/Parrot   use"))
    assert use.pop("id") > 0
    assert use == {"op": "use", "command": "parrot", "args": "use",
                   "user": "ben", "roles": ["guest", "user"],
                   "room": "lobby", "line": False}
    assert told(zoe.ok("/parrot use"))["roles"] == ["guest"]
    assert told(loft.admin().ok("/parrot"))["roles"] == ["guest", "user",
                                                         "admin"]
    ben.ok("/join den")
    assert told(ben.ok("/parrot use"))["room"] == "den"
    assert told(ben.ok("/in lobby /parrot use"))["room"] == "lobby"
    ben.ok("/leave")
    assert told(ben.ok("/parrot use"))["room"] is None
    assert ben.ok(ask(room=["to myself"])).lines == ["-- to myself"]
    assert not [line for line in zoe.take() if "myself" in line]


def test_a_line_of_its_own(loft):
    ben, cleo = loft.register("ben"), loft.register("cleo")
    cleo.take()
    use = told(ben.ok("polly"))
    assert use["line"] is True and use["command"] == "parrot"
    assert use["args"] == ""
    ben.ok("polly?")
    ben.ok("/say polly")
    ben.ok("//polly")
    assert cleo.take() == ["[lobby] ben: polly?", "[lobby] ben: polly",
                           "[lobby] ben: /polly"]


def test_refusals_have_the_words_of_the_plugin(loft):
    ben = loft.register("ben")
    for code in ("usage", "bad-input", "not-allowed", "not-found", "exists",
                 "limit", "busy"):
        words = ben.refused(ask(refusal={"code": code, "text": "Nope, ben."}),
                            code)
        assert words == f"!! {code} Nope, ben."


# Who may have it speak.


def test_the_gate_of_the_room(loft):
    ben, cleo, zoe = loft.register("ben"), loft.register("cleo"), \
        loft.guest("zoe")
    ben.ok("/join den")
    cleo.ok("/join den")
    zoe.ok("/join den")
    for machine in ben, cleo, zoe:
        machine.take()
    both = ask(room=["so", "so"], user=["psst"])

    def refused(code, line=both):
        answer = cleo.command(line)
        assert answer.code == code
        assert answer.lines[0] == "-- psst"
        assert answer.lines[1].startswith(f"!! {code} ")

    ben.ok("/mode +m")
    refused("moderated")
    ben.ok(both)
    ben.ok("/mode -m")
    ben.ok("/filter add refuse glob eggs*")
    refused("filtered", ask(room=["ham", "eggs"], user=["psst"]))
    ben.ok("/filter add hold so so")
    refused("held")
    assert "[den] (held) cleo: so so" in ben.take()
    ben.ok("/quiet cleo")
    refused("quieted", ask(room=["ham"], user=["psst"]))
    # To oneself one may always speak.
    cleo.ok(ask(user=["psst"]))
    ben.ok("/unquiet cleo")
    loft.console().ok("/gmute cleo 1h why")
    refused("muted", ask(room=["ham"], user=["psst"]))
    assert [line for line in zoe.take() if "parrot:" in line] == \
        ["[den] parrot: so"] * 2


def test_who_ignores_the_asker_hears_nothing(loft):
    ben, cleo, zoe = loft.register("ben"), loft.register("cleo"), \
        loft.guest("zoe")
    cleo.ok("/ignore ben")
    cleo.ok("/ignore zoe")
    cleo.take()
    ben.ok(ask(room=["caw"]))
    zoe.ok(ask(room=["caw"]))
    assert cleo.take() == []
    cleo.ok(ask(room=["well"]))
    ben.expect(r"^\[lobby\] parrot: well$")


def test_slow_mode_and_floods(start):
    loft = await_up(start(plugins=[parrot()], chat={"flood": "4/1h"}))
    ben, cleo = loft.register("ben"), loft.register("cleo")
    ben.ok("/join den")
    cleo.ok("/join den")
    ben.ok("/mode +S 1h")
    cleo.ok(ask(room=["one", "two"]))
    cleo.refused(ask(room=["three"]), "slow-mode")
    cleo.refused("three", "slow-mode")
    ben.ok("/mode -S")
    for word in "two", "three", "four":
        cleo.ok(ask(room=[word, word]))
    cleo.refused(ask(room=["five"]), "flood")
    cleo.ok(ask(user=["five"]))


def test_who_was_put_out_meanwhile(loft):
    ben, cleo = loft.register("ben"), loft.register("cleo")
    ben.ok("/join den")
    cleo.ok("/join den")
    again = loft.login("cleo")
    again.ok("/leave den")
    cleo.refused("hello", "no-room")
    assert told(cleo.ok("/parrot use"))["room"] is None


# Who else has the command.


def test_verbs_of_the_server_win(start):
    commands = [{"name": name, "usage": "", "help": ""}
                for name in ("say", "audit", "caw")]
    first = parrot("first", {"commands": commands, "lines": []})
    second = parrot("second", {"commands": commands[2:], "lines": ["polly"]})
    daemon = await_up(start(plugins=[first, second]), "first", "second")
    ben, zoe = daemon.register("ben"), daemon.guest("zoe")
    zoe.take()
    ben.ok("/say hello")
    assert zoe.take() == ["[lobby] ben: hello"]
    ben.refused("/audit", "not-allowed")
    ben.ok("/caw " + json.dumps({"room": ["caw"]}))
    assert zoe.take() == ["[lobby] first: caw"]
    assert [line for line in ben.ok("/help").lines if "plugin" in line] == \
        ["-- /plugins  what plugins there are, and their commands",
         "-- From the plugin first:"]
    assert ben.ok("/plugins").lines == ["-- first (up): /caw",
                                        "-- second (up)"]


# When it fails.


def test_a_plugin_that_dies_in_mid_answer(loft):
    ben, cleo = loft.register("ben"), loft.register("cleo")
    # Others who had asked lose their answers as well, and nothing else.
    cleo.send("/parrot hang\n")
    await_uses(loft, 1)
    ben.refused("/parrot die", "plugin-down")
    assert cleo.answer().code == "plugin-down"
    ben.ok("hello")
    cleo.expect("ben: hello")
    await_up(loft)
    assert "1 restarts" in loft.ctl("plugins").stdout
    ben.ok("/parrot use")


def test_a_plugin_that_hangs_costs_its_own_users_only(loft):
    ben, cleo, zoe = loft.register("ben"), loft.register("cleo"), \
        loft.guest("zoe")
    ben.send("/parrot hang\nafter\n")
    await_uses(loft, 1)
    for i in range(20):
        cleo.ok(f"hello {i}")
    zoe.expect("cleo: hello 19")
    loft.admin().ok("/plugins reload parrot")
    assert ben.answer().code == "plugin-down"
    assert ben.answer().code == "ok"
    zoe.expect("ben: after")


def test_a_plugin_that_lets_its_time_pass(start):
    loft = await_up(start(plugins=[parrot(deadline="1s")]))
    ben = loft.register("ben")
    ben.refused("/parrot hang", "plugin-timeout")
    ben.ok("hello")


def test_switched_off_while_it_is_asked(loft):
    admin, ben = loft.admin(), loft.register("ben")
    ben.send("/parrot hang\n")
    await_uses(loft, 1)
    admin.ok("/plugins off parrot")
    assert ben.answer().code == "plugin-down"
    ben.refused("/parrot use", "plugin-down")
    ben.ok("polly")
    admin.ok("/plugins on parrot")
    await_up(loft)
    ben.ok("/parrot use")


def test_whoever_asks_and_goes(loft):
    ben = loft.register("ben")
    for i in range(1, 4):
        zoe = loft.guest("zoe")
        zoe.send("/parrot hang\n")
        await_uses(loft, i)
        zoe.vanish()
        loft.ctl("plugins", "reload", "parrot")
        ben.expect(r"zoe left")
        await_up(loft)
    loft.stop()


def test_the_server_stops_while_a_plugin_is_asked(start):
    loft = await_up(start(plugins=[parrot(deadline="1s")]))
    ben = loft.register("ben")
    ben.send("/parrot hang\n")
    await_uses(loft, 1)
    loft.stop()
    assert "== ok" not in ben.rest()


# What it keeps.


def test_state_lasts(loft):
    ben = loft.register("ben")
    for number in 1, 2, 3:
        assert told(ben.ok("/parrot count")) == number
    loft.ctl("plugins", "reload", "parrot")
    await_up(loft)
    assert told(ben.ok("/parrot count")) == 4
    loft.restart()
    await_up(loft)
    assert told(loft.guest("zoe").ok("/parrot count")) == 5
    assert loft.offline("--verify").returncode == 1  # it runs
    loft.stop()
    assert loft.offline("--verify").returncode == 0


def test_what_was_answered_is_there_after_a_kill(loft):
    best = 0
    for _ in range(3):
        users = [loft.guest(f"zoe{i}") for i in range(4)]
        told_so = []

        def count(machine):
            try:
                while True:
                    told_so.append(told(machine.ok("/parrot count")))
            except (Closed, OSError):
                pass

        threads = [threading.Thread(target=count, args=[u]) for u in users]
        for thread in threads:
            thread.start()
        enough = random.randint(1, 60)
        eventually(lambda: len(told_so) > enough, "counted")
        loft.kill()
        for thread in threads:
            thread.join()
        best = max(told_so)
        await_up(loft.start())
        assert told(loft.guest("zoe").ok("/parrot count")) > best


# What it sees, and says unasked.


def test_events_come_of_open_rooms(start):
    loft = await_up(start(plugins=[parrot(rooms="all", hear=True)]))
    ben = loft.register("ben")
    ben.ok("/join den")
    ben.ok("/join attic")
    ben.ok("/mode +s")
    cleo = loft.register("cleo")
    cleo.ok("/join attic")
    cleo.ok("a secret")
    cleo.ok("/join den")
    cleo.ok("hello")
    cleo.ok(ask(room=["my own words"]))
    cleo.ok("/leave den")
    cleo.ok("/quit")
    eventually(lambda: "left lobby cleo" in told(ben.ok("/parrot seen")),
               "all was seen")
    seen = [line for line in told(ben.ok("/parrot seen")) if "cleo" in line]
    assert seen == ["joined lobby cleo", "joined den cleo",
                    "said den cleo hello", "left den cleo",
                    "left lobby cleo"]


def test_events_of_rooms_that_are_named(start):
    loft = await_up(start(plugins=[parrot(rooms=["attic"])]))
    ben = loft.register("ben")
    ben.ok("/join attic")
    ben.ok("/mode +s")
    cleo = loft.register("cleo")
    cleo.ok("/join attic")
    cleo.ok("not to be heard")
    cleo.ok("/leave attic")
    eventually(lambda: "left attic cleo" in told(ben.ok("/parrot seen")),
               "all was seen")
    assert told(ben.ok("/parrot seen")) == [
        "joined attic ben", "joined attic cleo", "left attic cleo"]


def test_words_that_nobody_asked_for(start):
    loft = await_up(start(plugins=[parrot(rooms=["den"])]))
    ben, zoe = loft.register("ben"), loft.guest("zoe")
    ben.ok("/join den")
    zoe.ok("/join den")
    ben.ok("/parrot tell den squawk")
    zoe.expect(r"^\[den\] parrot: squawk$")
    ben.ok("/mode +m")
    ben.ok("/parrot tell den too quiet")
    ben.ok("/mode -m")
    ben.ok("/filter add hold loud")
    ben.ok("/parrot tell den too loud")
    ben.ok("/parrot tell attic nobody is here")
    ben.ok("/parrot tell den again")
    zoe.expect(r"^\[den\] parrot: again$")
    assert b"too " not in b"".join(zoe.seen)


def test_the_plugin_of_the_manual(daemons):
    daemon = daemons.new()
    [example] = re.findall(r"^(#!.*?)^\.Ed", MANUAL.read_text(), re.M | re.S)
    program = daemon.folder / "plugins/dice.py"
    program.parent.mkdir()
    program.write_text(example.replace(r"\e", "\\"))
    program.chmod(0o755)
    daemon.write(plugins=[{"name": "dice", "program": "plugins/dice.py",
                           "deadline": "30s", "settings": {"sides": 1}}])
    daemon.start()
    daemon.log.expect("plugin: up name=dice ")
    zoe, ben = daemon.guest("zoe"), daemon.guest("ben")
    assert zoe.ok("/dice").lines == ["-- zoe throws 1."]
    ben.expect(r"^\[lobby\] dice: zoe throws 1\.$")
