"""Commands that plugins add, from the side of those who use them."""

import pytest

from rialto import ADMIN, WORD


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


def test_plugins_are_listed(lame, daemon):
    admin, zoe = lame.admin(), lame.guest("zoe")
    [line] = zoe.ok("/plugins").lines
    assert line.startswith("-- joke (down") and line.endswith("): /joke")
    lines = admin.ok("/plugins").lines
    assert "0 uses, 0 answers" in lines[1]
    assert lame.ctl("plugins").stdout.startswith("joke (down")
    assert daemon.guest("zoe").ok("/plugins").lines == \
        ["-- There are no plugins."]
    assert "plugins: 1\nplugins up: 0\n" in lame.ctl("status").stdout


def test_plugins_are_switched_by_administrators(lame):
    admin, zoe = lame.admin(), lame.guest("zoe")
    zoe.refused("/plugins off joke", "not-allowed")
    admin.refused("/plugins off poll", "not-found")
    admin.refused("/plugins on joke", "exists")
    admin.ok("/plugins off joke")
    [line] = zoe.ok("/plugins").lines
    assert line == "-- joke (switched off): /joke"
    zoe.refused("/joke", "plugin-down")
    assert lame.ctl("plugins", "off", "joke").returncode == 1
    admin.ok("/plugins reload joke")
    assert lame.ctl("plugins", "on", "joke").returncode == 0
    zoe.refused("/joke", "plugin-down")
    tail = admin.ok("/audit tail 8").text
    for action in "plugin.off", "plugin.reload", "plugin.on":
        assert f"action={action} " in tail
