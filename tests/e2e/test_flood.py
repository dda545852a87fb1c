"""Flood control, over real sockets.

The rates are of an hour and a day, so that nothing comes back during a test,
however slow the machine is.
"""

import re
import signal

from rialto import NO_FLOOD_CONTROL, eventually

FAR = "127.9.8.7"
UNTIL = r"until \d{4}-\d\d-\d\d \d\d:\d\d"
THREE = {"flood": "3/1d", "flood_patience": "none"}


def start(daemons, **chat):
    return daemons.new(chat={**NO_FLOOD_CONTROL, **chat}).start()


def reload(daemon, **chat):
    mark = daemon.log.mark()
    daemon.write(chat=chat)
    daemon.process.send_signal(signal.SIGHUP)
    daemon.log.expect("reload: chat.flood is changed", after=mark)


def test_what_is_too_much_is_refused_and_unseen(daemons):
    daemon = start(daemons, **THREE)
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    for number in range(3):
        ben.ok(f"line {number}")
    assert "Too much at once: try again in " in ben.refused("more", "flood")
    for line in ("/me waves", "/say more", "/tell cleo psst", ".cleo psst",
                 "/topic mine"):
        ben.refused(line, "flood")
    assert cleo.take() == [f"[lobby] ben: line {n}" for n in range(3)]
    assert cleo.ok("/topic").text == "-- lobby has no topic."
    # It is ben's alone, and reading and moving are no talk.
    cleo.ok("hello")
    ben.expect(r"^\[lobby\] cleo: hello$")
    ben.ok("/join den")
    ben.ok("/who")
    ben.ok("/leave den")


def test_sessions_of_a_user_are_one_person(daemons):
    daemon = start(daemons, **THREE)
    ben, again = daemon.register("ben"), daemon.login("ben")
    ben.ok("one")
    again.ok("/tell ben two")
    again.ok("three")
    ben.refused("four", "flood")
    again.refused("/me counts", "flood")
    ben.close()
    again.close()
    daemon.login("ben", source=FAR).refused("five", "flood")


def test_a_guest_does_not_begin_anew(daemons):
    daemon = start(daemons, **THREE)
    zoe = daemon.guest("zoe", source=FAR)
    zoe.ok("/nick zora")
    zoe.ok("one")
    zoe.ok("two")
    zoe.refused("three", "flood")
    zoe.refused("/nick zelda", "flood")
    zoe.close()
    zoe = daemon.guest("zelda", source=FAR)
    zoe.refused("three", "flood")
    daemon.guest("yan").ok("hello")


def test_ops_and_moderators_are_not_counted(daemons):
    daemon = start(daemons, **THREE, flood_room="4/1d")
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    ben.ok("/join den")
    cleo.ok("/join den")
    for number in range(9):
        ben.ok("order, please")
    for number in range(3):
        cleo.ok("hello")
    cleo.refused("hello", "flood")
    ben.ok("order, please")
    ann = daemon.admin()
    for number in range(9):
        ann.ok(f"/tell cleo {number}")


def test_all_of_a_room_together(daemons):
    daemon = start(daemons, flood_room="4/1d")
    people = [daemon.guest(name) for name in ("zoe", "yan", "xena")]
    for person in people:
        person.ok("hello")
    people[0].ok("x" * 400)
    assert "by all of you" in people[0].refused("hello", "flood")
    people[1].refused("hello", "flood")
    daemon.admin().ok("order, please")
    people[0].ok("/tell yan hello")  # is not the room's


def test_the_same_over_and_over(daemons):
    daemon = start(daemons, flood_repeats="2/1d", flood_room_repeats="3/1d")
    zoe, yan = daemon.guest("zoe"), daemon.guest("yan", source=FAR)
    zoe.ok("Buy my hats")
    zoe.ok("buy  MY hats ")
    assert "often enough" in zoe.refused("buy my hats", "flood")
    zoe.refused("/tell yan Buy my hats", "flood")
    zoe.ok("something else")
    # Of several people, what is short is the same by chance.
    for person in (zoe, yan):
        person.ok("good morning")
        person.ok("good morning")
    zoe.ok("come to my other server now")
    zoe.ok("come to my other server now")
    yan.ok("come to my other server now")
    assert "by all of you" in yan.refused("Come to my other server NOW",
                                          "flood")
    yan.ok("what server?")


def test_joins(daemons):
    daemon = start(daemons, flood_joins="2/1d")
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    cleo.ok("/join den")
    for _ in range(2):
        ben.ok("/join den")
        ben.ok("/leave den")
    cleo.entered()
    ben.refused("/join den", "flood")
    assert cleo.take() == []
    assert "ben" not in cleo.ok("/who den").text
    ben.ok("/tell cleo hello")


def test_guessing_a_key_is_joining(daemons):
    daemon = start(daemons, flood_joins="3/1d")
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    cleo.ok("/join den")
    cleo.ok("/mode +k sesame")
    for guess in ("a", "b", "c"):
        ben.refused(f"/join den {guess}", "bad-key")
    ben.refused("/join den sesame", "flood")


def test_acts_are_counted_since_each_is_recorded(daemons):
    daemon = start(daemons, flood_acts="3/1d")
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    ben.ok("/join den")
    cleo.ok("/join den")
    ben.ok("/op cleo")
    ben.ok("/mode +m")
    before = ben.ok("/modlog").text
    ben.refused("/mode -m", "flood")
    ben.refused("/join attic", "flood")
    assert "+m" in ben.ok("/mode").text
    assert ben.ok("/modlog").text == before
    cleo.ok("/mode +t")  # each has an own count
    admin = daemon.admin()
    for sign in "+-+-":
        admin.ok(f"/in den /mode {sign}i")


def test_many_may_not_join_at_once(daemons):
    daemon = start(daemons, flood_room_joins="2/1d")
    daemon.register("ben").ok("/join den")
    for name in ("zoe", "yan"):
        daemon.guest(name).ok("/join den")
    late = daemon.guest("xena")
    assert "Too much is joined here" in late.refused("/join den", "flood")
    daemon.admin().ok("/join den")


def test_rates_change_on_a_reload(daemons):
    daemon = start(daemons)
    zoe = daemon.guest("zoe")
    for _ in range(20):
        zoe.ok("hello")
    reload(daemon, flood="2/1d")
    zoe.ok("hello")
    zoe.ok("hello")
    zoe.refused("hello", "flood")
    reload(daemon, flood="none")
    zoe.ok("hello")


def test_who_hammers_at_a_door_waits(daemons):
    """Nobody is quieted at a door: whoever hammers at it waits."""
    daemon = start(daemons, flood_joins="1/1d", flood_patience="1/1d",
                   flood_quiet="2d")
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    cleo.ok("/join den")
    ben.ok("/join den")
    ben.ok("/leave den")
    ben.refused("/join den", "flood")
    ben.ok("/tell cleo psst")
    assert "try again in 2d." in ben.refused("/join den", "flood")
    ben.refused("/tell cleo psst", "flood")
    ben.refused("hello", "no-room")
    cleo.ok("/tell ben wait")


# Two more are refused, and then something comes of it.
GRADED = {**THREE, "flood_patience": "2/1d", "flood_quiet": "1h",
          "flood_ban": "2h", "flood_decay": "7d"}


def talk(machine, line="hello"):
    """As much as goes; the last refusal of it."""
    while machine.command(line).code == "ok":
        pass
    machine.refused(line, "flood")
    return machine.refused(line, "flood")


def go_on(machine, line="hello"):
    """Somebody who had talked too much before does not stop."""
    machine.refused(line, "flood")
    machine.refused(line, "flood")
    return machine.refused(line, "flood")


def den_of(daemon, *names):
    """A room of cleo's with these users in it."""
    people = [daemon.register(name) for name in ("cleo", *names)]
    for person in people:
        person.ok("/join den")
    for person in people:
        person.entered()
    return people


def test_warned_quieted_kicked_and_banned(daemons):
    daemon = start(daemons, **GRADED)
    cleo, ben, dora = den_of(daemon, "ben", "dora")
    assert "you are quieted for 1h." in talk(ben)
    ben.expect(rf"^~~ You are quieted in den {UNTIL}: flood\.$")
    ben.refused("hello", "quieted")
    assert re.fullmatch(rf"-- #1 quiet user:ben by \(server\) \S+ \S+ {UNTIL}: "
                        "flood", cleo.ok("/sanctions").text)
    cleo.ok("/unquiet ben")
    assert "you are kicked." in go_on(ben)
    ben.expect(r"^\[den\] -- \(server\) kicked ben: flood$")
    dora.expect(r"^\[den\] -- \(server\) kicked ben: flood$")
    ben.refused("hello", "no-room")
    ben.ok("/join den")
    assert "you are banned for 2h." in go_on(ben)
    ben.expect(rf"^~~ You are banned from den {UNTIL}: flood\.$")
    ben.refused("/join den", "banned")
    # As long as it is not decayed, the next one is a ban at once.
    cleo.ok("/unban user:ben")
    ben.ok("/join den")
    assert "you are banned for 2h." in go_on(ben)
    ben.expect(r"^~~ You are banned from den ")
    dora.take()
    log = [re.sub(r"^-- #\d+ \S+ \S+ ", "", line)
           for line in cleo.ok("/modlog").lines]
    assert [" ".join(line.split()[:3]) for line in log if "user:ben" in line
            or "ben:" in line] == [
        "(server) quiet user:ben:", "cleo unquiet user:ben:",
        "(server) kick ben:", "(server) ban user:ben:",
        "cleo unban user:ben:", "(server) ban user:ben:"]


def test_it_survives_a_kill_and_is_in_the_trail(daemons):
    daemon = start(daemons, **GRADED)
    cleo, ben = den_of(daemon, "ben")
    talk(ben)
    ben.expect(r"^~~ You are quieted in den ")
    cleo.ok("/sanctions")  # is told of what is durable
    daemon.kill()
    daemon.start()
    ben = daemon.login("ben")
    ben.ok("/join den")
    ben.refused("hello", "quieted")
    trail = daemon.folder / "audit.log"
    eventually(lambda: re.search(r"action=room\.quiet .*user:ben.*flood",
                                 trail.read_text()), "recorded")
    daemon.stop()
    assert daemon.offline("--verify").returncode == 0


def test_a_quiet_follows_a_guest(daemons):
    daemon = start(daemons, **GRADED)
    ann = daemon.admin()
    zoe = daemon.guest("zoe", source=FAR)
    talk(zoe)
    zoe.expect(r"^~~ You are quieted in lobby ")
    zoe.close()
    daemon.guest("zora", source=FAR).refused("hello", "quieted")
    daemon.guest("yan", source="127.9.8.6").ok("hello")
    ann.ok("/unquiet #1")


def test_private_floods_are_muted(daemons):
    daemon = start(daemons, **GRADED)
    ann, ben = daemon.admin(), daemon.register("ben")
    daemon.guest("zoe")
    assert "you are muted for 1h." in talk(ben, "/tell zoe psst")
    ben.expect(rf"^~~ You are muted {UNTIL}: flood$")
    ben.refused("/tell zoe psst", "muted")
    ben.refused("hello", "muted")
    assert re.match(rf"-- #1 ben muted {UNTIL}: flood \(\(server\), ",
                    ann.ok("/gmutes").text)
    ann.ok("/ungmute 1")
    ben.expect(r"^~~ You may speak again\.$")
    assert "you are muted for 1h." in go_on(ben, "/tell zoe psst")


def test_whoever_keeps_hammering_is_banned(daemons):
    daemon = start(daemons, flood_joins="1/1d", flood_patience="1/1d",
                   flood_quiet="none", flood_ban="2h", flood_decay="7d")
    cleo, ben = den_of(daemon, "ben")
    ben.ok("/leave den")
    for _ in range(5):
        assert "try again in " in ben.refused("/join den", "flood")
    assert "you are banned for 2h." in ben.refused("/join den", "flood")
    eventually(lambda: "ban user:ben by (server)" in cleo.ok("/sanctions").text,
               "banned")


def test_without_times_there_is_only_refusal(daemons):
    daemon = start(daemons, **{**GRADED, "flood_quiet": "none",
                               "flood_ban": "none"})
    cleo, ben = den_of(daemon, "ben")
    talk(ben)
    for _ in range(2):  # instead of a ban as well
        assert "you are kicked." in go_on(ben)
        ben.expect(r"^\[den\] -- \(server\) kicked ben: flood$")
        ben.ok("/join den")
    assert cleo.ok("/sanctions").code == "ok"
    assert "ben" not in cleo.ok("/sanctions").text


def test_what_is_held_is_counted_too(daemons):
    daemon = start(daemons, **THREE)
    cleo, ben = den_of(daemon, "ben")
    cleo.ok("/mode +mz")
    for number in range(3):
        ben.refused(f"line {number}", "held")
    ben.refused("more", "flood")
    cleo.ok("/mode -mz")
    cleo.ok("/filter add hold literal tulips")
    dora = daemon.register("dora")
    dora.ok("/join den")
    cleo.take()
    for number in range(3):
        dora.refused(f"/topic {number} tulips", "held")
    dora.refused("/topic more tulips", "flood")
    assert len(cleo.take()) == 3


def test_who_owns_a_room_reaches_nobody_with_it(daemons):
    daemon = start(daemons, **THREE)
    olga, ann = daemon.register("olga"), daemon.admin()
    zoe = daemon.guest("zoe")
    olga.ok("/join den")
    for _ in range(3):
        olga.ok("/invite zoe")
    olga.refused("/invite zoe", "flood")
    assert len(zoe.take()) == 3
    # What is done is done, but is not told to one who is elsewhere.
    ben = daemon.register("ben")
    olga.ok("/op ben")
    cleo = daemon.register("cleo")
    cleo.ok("/join attic")
    ann.ok("/gmute cleo 1h noise")
    cleo.refused("/invite zoe", "muted")
    cleo.ok("/op ben")
    assert not [line for line in ben.take() if "made you" in line]


def test_the_presets_let_people_talk(daemons):
    daemon = daemons.new()
    del daemon.settings["chat"]
    daemon.write()
    daemon.start()
    zoe = daemon.guest("zoe")
    for number in range(10):
        zoe.ok(f"line {number}")
