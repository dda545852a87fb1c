"""What is held about one user, as JSON: for oneself, and for administrators."""

import json
import os
import re

from rialto import ADMIN, WORD, eventually
from test_audit import wait_for

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
OWN = {"format", "server", "made", "by", "profile", "second_factor",
       "sessions", "logins",
       "rooms", "sanctions", "reports_made", "pending", "shown", "markers",
       "mail", "mail_sent", "ignored", "said",
       "standing_orders", "accounts", "entries", "holds", "requests",
       "tidings"}
STAFF = OWN | {"reports_about", "notes"}


def mydata(machine):
    lines = machine.ok("/mydata").lines
    assert all(line.startswith("-- ") and len(line) < 4096 for line in lines)
    return json.loads("\n".join(line[3:] for line in lines))


def exported(daemon, name):
    result = daemon.ctl("users", "export", name)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def by_name(items, key="name"):
    return {item[key]: item for item in items}


def test_a_new_user_is_known_by_little(daemon):
    data = mydata(daemon.register("ben"))
    assert set(data) == OWN and data["by"] == "ben" and data["format"] == 1
    profile = data["profile"]
    assert re.fullmatch(TIME, profile.pop("registered"))
    assert re.fullmatch(TIME, profile.pop("last_login"))
    assert profile == {
        "name": "ben", "number": 2, "roles": ["user"], "state": "active",
        "last_address": "127.0.0.1", "password": "only its hash is kept",
        "password_given": None}
    session, = data["sessions"]
    assert session["address"] == "127.0.0.1" and "TLS1.3" in session["way"]
    login, = data["logins"]
    assert (login["action"], login["outcome"]) == ("user.register", "ok")
    assert [data[part] for part in ("rooms", "sanctions", "reports_made",
                                    "pending")] \
        == [[], [], [], {"news_of_reports": False}]


def test_rooms_and_rights(daemon):
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    ben.ok("/join den")
    ben.ok("/topic Pizza \"at\" eight 🍕")
    cleo.ok("/join den")
    ben.ok("/op cleo")
    ben.ok("/successor cleo")
    ben.ok("/join attic")
    rooms = by_name(mydata(ben)["rooms"])
    assert set(rooms) == {"den", "attic"}
    den = rooms["den"]
    assert (den["is_member"], den["rank"], den["topic"]) == \
        (True, "owner", "Pizza \"at\" eight 🍕")
    den = by_name(mydata(cleo)["rooms"])["den"]
    assert (den["rank"], den["rank_by"], den["is_successor"]) == \
        ("op", "ben", True)
    assert re.fullmatch(TIME, den["rank_since"]) and "topic" not in den


def test_sanctions_name_their_reason(daemon):
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    ben.ok("/join den")
    ben.ok("/ban cleo 2h spamming")
    ben.ok("/ban dora*!*@* a stranger")
    daemon.ctl("gmute", "cleo", "1h", "too loud")
    ban, mute = mydata(cleo)["sanctions"]
    assert (ban["room"], ban["kind"], ban["by"], ban["reason"]) == \
        ("den", "ban", "ben", "spamming")
    assert (mute["room"], mute["kind"], mute["reason"]) == \
        (None, "mute", "too loud")
    assert re.fullmatch(TIME, mute["until"])
    assert mydata(ben)["sanctions"] == []


def test_what_is_for_the_staff(daemon):
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    cleo.ok("/report ben he whispers secrets")
    daemon.admin().ok("/note ben talked to him about it")
    report, = mydata(cleo)["reports_made"]
    assert (report["about"], report["words"], report["state"]) == \
        ("ben", "he whispers secrets", "open")
    own = ben.ok("/mydata").text
    assert "cleo" not in own and "whispers" not in own and "talked" not in own
    data = exported(daemon, "ben")
    assert set(data) == STAFF and data["by"] == f"console:{os.getuid()}"
    about, = data["reports_about"]
    assert about["number"] == 1 and "words" not in about
    assert "cleo" not in json.dumps(data)
    note, = data["notes"]
    assert (note["by"], note["text"]) == (ADMIN, "talked to him about it")
    assert exported(daemon, "cleo")["reports_about"] == []


def test_what_was_told_in_private_is_the_two_s(daemon):
    cleo = daemon.register("cleo")
    daemon.register("ben").close()
    eventually(lambda: "Not here" in cleo.ok("/whois ben").text, "gone")
    cleo.ok("/tell ben a secret")
    ben = daemon.login("ben")
    kept, = mydata(ben)["mail"]
    assert re.fullmatch(TIME, kept.pop("time"))
    assert kept == {"id": 1, "from": "cleo", "text": "a secret"}
    sent, = mydata(cleo)["mail_sent"]
    assert re.fullmatch(TIME, sent.pop("time"))
    assert sent == {"id": 1, "to": "ben", "text": "a secret"}
    data = exported(daemon, "ben")
    kept, = data["mail"]
    assert (kept["from"], kept["text"]) == ("cleo", None)
    assert "secret" not in json.dumps(exported(daemon, "cleo"))


def test_an_administrator_s_in_chat_is_the_same(daemon):
    daemon.register("ben").close()
    eventually(lambda: exported(daemon, "ben")["markers"], "a marker")
    answer = daemon.admin().ok("/users export BEN")
    data = json.loads("\n".join(line[3:] for line in answer.lines))
    other = exported(daemon, "ben")
    for changing in "made", "by", "sessions", "logins":
        data.pop(changing), other.pop(changing)
    assert data == other


def test_every_export_is_recorded(daemon):
    ben = daemon.register("ben")
    mydata(ben)
    wait_for(daemon, action="user.export", actor="ben", target="ben")
    exported(daemon, "ben")
    wait_for(daemon, action="user.export", actor=f"console:{os.getuid()}",
             target="ben")


def test_who_may(daemon):
    ben = daemon.register("ben")
    ben.refused(f"/users export {ADMIN}", "not-allowed")
    ben.refused("/mydata of ben", "usage")
    daemon.guest("zoe").refused("/mydata", "not-allowed")
    daemon.admin().refused("/users export nobody", "no-such-user")
    result = daemon.ctl("users", "export", "nobody")
    assert result.returncode == 1 and result.stdout == ""
    assert daemon.ctl("mydata").returncode == 1


def test_much_is_held(daemon):
    """Of many logins the newest; in lines that fit."""
    ben = daemon.register("ben")
    for i in range(10):
        ben.ok(f"/join room{i}")
        ben.ok("/topic " + "\\" * 400)
    for _ in range(20):
        daemon.login("ben").close()
    data = mydata(ben)
    assert len(data["rooms"]) == 10
    assert all(room["topic"] == "\\" * 400 for room in data["rooms"])
    assert len([x for x in data["logins"] if x["action"] == "user.login"]) == 20
    times = [x["time"] for x in data["logins"]]
    assert times == sorted(times)


def test_what_the_session_cannot_be_sent_is_refused(start):
    daemon = start(limits={"output_queue": "64K"})
    ben = daemon.register("ben")
    for i in range(10):
        ben.ok(f"/join room{i}")
        ben.ok("/topic " + "\\" * 400)
    for _ in range(350):  # enough alone: logouts may be noted later
        daemon.login("ben").close()
    assert "limits.output_queue" in ben.refused("/mydata", "limit")
    ben.ok("still here")


def test_one_at_a_time(daemon):
    """Many who ask at once are answered, or told to wait; the next is not."""
    people = [daemon.register(f"user{i}") for i in range(20)]
    for person in people:
        person.send("/mydata\n")
    codes = {person.answer().code for person in people}
    assert "ok" in codes and codes <= {"ok", "busy"}
    assert mydata(people[0])["profile"]["name"] == "user0"


def test_removed_users_are_not_held(daemon):
    daemon.register("ben", WORD).close()
    daemon.ctl("users", "remove", "ben")
    assert daemon.ctl("users", "export", "ben").returncode == 1


def test_how_far_was_read(daemon):
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    for peer in (ben, cleo):
        peer.ok("/join Den")
    cleo.ok("hello")
    ben.ok("/away lunch")
    cleo.ok("not read")
    eventually(lambda: by_name(mydata(ben)["markers"], "room")
               .get("Den", {}).get("last_read") == 1, "written")
    marker = by_name(mydata(ben)["markers"], "room")["Den"]
    assert set(marker) == {"room", "last_read", "time"}
    assert re.fullmatch(TIME, marker["time"])


def test_what_was_shown(daemon):
    ben = daemon.register("ben")
    shown = mydata(ben)["shown"]
    assert set(shown) == {"rules", "motd", "bank"}
    assert (shown["rules"], shown["motd"]) == (0, 0)
    for text in ("One.", "Two."):
        assert daemon.ctl("motd", "set", text).returncode == 0
    ben = daemon.login("ben")
    assert mydata(ben)["shown"].items() >= {"rules": 0, "motd": 2}.items()


def test_what_was_said(daemon):
    ben, cleo = daemon.register("ben"), daemon.register("cleo")
    for machine in (ben, cleo):
        machine.ok("/join den")
    ben.ok("hello")
    cleo.ok("words of another")
    ben.ok("/me waves")
    ben.ok("a slip")
    ben.ok("/delete last")
    said = mydata(ben)["said"]
    assert said["is_all"] is True
    assert [(m["room"], m["as"], m["is_action"], m["text"])
            for m in said["messages"]] == [("den", "ben", True, "waves"),
                                           ("den", "ben", False, "hello")]
    assert all(re.fullmatch(TIME, m["time"]) for m in said["messages"])
    for i in range(250):
        ben.ok(f"line {i}")
    said = mydata(ben)["said"]
    assert said["is_all"] is False
    assert [m["text"] for m in said["messages"]] \
        == [f"line {i}" for i in range(249, 49, -1)]
    for _ in range(30):
        ben.ok("x" * 4000)
    said = exported(daemon, "ben")["said"]
    assert len(said["messages"]) == 16 and not said["is_all"]
