"""The second factor: enrolling, logging in, by role, and without the phone."""

import json
import pathlib
import re
import shutil
import subprocess
import urllib.parse

import pytest

from authenticator import Clock, Phone, enrol, secret_of, sheet_of, totp
from rialto import ADMIN, ADMIN_WORD, RIALTO, WORD, eventually
from terminal import Terminal


@pytest.fixture
def clock(daemons):
    return Clock(pathlib.Path(daemons.space))


@pytest.fixture
def daemon(daemons, clock):
    return daemons.new().start(env=clock.env)


def again(daemon, clock, **settings):
    daemon.write(**settings)
    daemon.stop()
    return daemon.start(env=clock.env)


def come(daemon, name, code, word=WORD):
    """Logs in with a code."""
    machine = daemon.machine()
    machine.refused(f"/login {name} {word}", "code-required")
    machine.ok(f"/code {code}")
    return machine


def test_enrolling_shows_the_secret_and_a_code_turns_it_on(daemon, clock):
    ben = daemon.register("ben")
    assert ben.ok("/factor").text == \
        "-- Your second factor is off. /factor on makes one."
    offer = ben.ok(f"/factor on {WORD}").lines
    address = next(line for line in offer if "otpauth:" in line)[3:]
    parts = urllib.parse.urlsplit(address)
    fields = urllib.parse.parse_qs(parts.query)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/Rialto:ben" and fields["issuer"] == ["Rialto"]
    secret, = fields["secret"]
    typed = next(line for line in offer if "type in" in line)
    assert typed.endswith(": " + " ".join(re.findall("....", secret)))
    assert ben.ok("/factor").text.startswith("-- Your second factor is off")
    phone = Phone(clock, secret)
    ben.refused(f"/factor confirm {phone.wrong()}", "bad-code")
    sheet = ben.ok(f"/factor confirm {phone.code()}")
    assert len(set(sheet_of(sheet.text))) == 10
    assert re.fullmatch(r"-- Your second factor is on since "
                        r"\d{4}-\d\d-\d\d \d\d:\d\d; 10 recovery codes left\.",
                        ben.ok("/factor").text)
    ben.refused(f"/factor on {WORD}", "exists")
    ben.refused(f"/factor confirm {phone.code()}", "not-found")


def modules(lines):
    """The QR code as a picture of "#" and " ", light is what is drawn."""
    rows = [line[3:] for line in lines if "\u2588" in line]
    assert max(map(len, rows)) <= 77
    picture = []
    for row in rows:
        picture.append([c in " \u2584" for c in row])
        picture.append([c in " \u2580" for c in row])
    return picture


def test_the_qr_code_has_its_three_corners(daemon):
    ben = daemon.register("ben")
    picture = modules(ben.ok(f"/factor on {WORD}").lines)
    size = len(picture[0])
    assert len(picture) >= size
    for top, left in (2, 2), (2, size - 9), (size - 9, 2):
        corner = ["".join(" #"[dark] for dark in row[left:left + 7])
                  for row in picture[top:top + 7]]
        assert corner == ["#######", "#     #", "# ### #", "# ### #",
                          "# ### #", "#     #", "#######"]


def test_the_qr_code_says_the_address(daemon, tmp_path):
    lines = daemon.register("ben").ok(f"/factor on {WORD}").lines
    picture, side = modules(lines), 4
    rows = [" ".join(" ".join(["01"[dark]] * side) for dark in row)
            for row in picture for _ in range(side)]
    image = tmp_path / "code.pbm"
    image.write_text(f"P1\n{len(picture[0]) * side} {len(rows)}\n" +
                     "\n".join(rows) + "\n")
    read = subprocess.run(["zbarimg", "--quiet", "--raw", image],
                          capture_output=True, text=True, check=True)
    assert read.stdout.strip() == next(
        line for line in lines if "otpauth:" in line)[3:]


def test_enrolling_needs_the_password(daemon):
    ben = daemon.register("ben")
    ben.refused("/factor on not-my-word", "bad-login")
    ben.refused("/factor confirm 123456", "not-found")
    ben.refused("/factor on", "usage")
    person = daemon.person()
    for line, prompt in (("ben", "password: "), (WORD, "Welcome"),
                         ("/factor on", "password: "), (WORD, "otpauth")):
        person.type(line)
        person.expect(prompt)


def test_oathtool_makes_the_same_codes(daemon, clock):
    ben = daemon.register("ben")
    secret = secret_of(ben.ok(f"/factor on {WORD}").text)
    made = subprocess.run(["oathtool", "--totp", "-b", secret],
                          capture_output=True, text=True, check=True)
    ben.ok(f"/factor confirm {made.stdout}")


def test_a_login_needs_the_code(daemon, clock):
    phone, _ = enrol(clock, daemon.register("ben"), WORD)
    ben = daemon.machine()
    assert "/code CODE" in ben.refused(f"/login ben {WORD}", "code-required")
    ben.refused("/factor", "login-required")
    assert "2 attempts left" in ben.refused(f"/code {phone.wrong()}",
                                            "bad-code")
    code = phone.code()
    assert "-- Welcome, ben." in ben.ok(f"/code {code[:3]} {code[3:]}").text
    other = daemon.machine()
    other.refused(f"/login ben {WORD}", "code-required")
    other.refused(f"/code {code}", "bad-code")
    again_ben = other.ok(f"/code {phone.code()}")
    assert "1 code before this one was wrong" in again_ben.text


USED = ("That code, or a newer one, was used already: each is good once. "
        "Wait for the next. ")


def test_a_code_that_was_used_elsewhere_is_told(daemon, clock):
    """To who knows the password; and it counts."""
    phone, _ = enrol(clock, daemon.register("ben"), WORD)
    again(daemon, clock, users={"lockout": "none"})
    come(daemon, "ben", used := phone.code())
    machine, atm = daemon.machine(), daemon.atm()
    machine.refused(f"/login ben {WORD}", "code-required")
    assert machine.refused(f"/code {used}", "bad-code") == \
        f"!! bad-code {USED}You have 2 attempts left."
    words = machine.refused(f"/code {phone.wrong()}", "bad-code")
    assert words == "!! bad-code You have 1 attempt left."
    assert atm.refused("bad-code", "login", user="ben", password=WORD,
                       code_=used) == f"{USED}You have 2 attempts left."
    assert "code" not in atm.refused("bad-login", "login", user="ben",
                                     password="wrong-word", code_=used)
    ben = daemon.machine()
    ben.refused(f"/login ben {WORD}", "code-required")
    assert "3 codes before this one were wrong" in \
        ben.ok(f"/code {phone.code()}").text


def test_a_wrong_password_is_told_before_any_code(daemon, clock):
    enrol(clock, daemon.register("ben"), WORD)
    machine = daemon.machine()
    machine.refused("/code 123456", "login-required")
    machine.refused("/login ben wrong-word", "bad-login")
    machine.refused("/code 123456", "login-required")


def test_a_person_is_asked_at_a_prompt(daemon, clock):
    phone, _ = enrol(clock, daemon.register("ben"), WORD)
    person = daemon.person()
    person.expect("username: $")
    person.type("ben")
    person.expect("password: $")
    person.type(WORD)
    person.expect(r"!! code-required .*\ncode: $")
    person.type("")
    person.expect("^code: $")
    person.type("/help code")
    person.expect("-- /code CODE(.|\n)*\ncode: $")
    person.type(phone.wrong())
    person.expect("!! bad-code .*\ncode: $")
    person.type(phone.code())
    person.expect("-- Welcome, ben.")


def test_another_name_may_be_given_at_the_prompt(daemon, clock):
    enrol(clock, daemon.register("ben"), WORD)
    daemon.register("cleo")
    person = daemon.person()
    for line in "ben", WORD:
        person.type(line)
    person.expect("code: $")
    person.type("/login cleo")
    person.expect("password: $")
    person.type(WORD)
    person.expect("-- Welcome, cleo.")


def test_three_wrong_codes_end_the_session(daemon, clock):
    phone, _ = enrol(clock, daemon.register("ben"), WORD)
    machine = daemon.machine()
    machine.refused(f"/login ben {WORD}", "code-required")
    for _ in range(2):
        machine.refused(f"/code {phone.wrong()}", "bad-code")
    machine.send(f"/code {phone.wrong()}\n".encode())
    assert "That was the last attempt" in machine.rest()
    # They count as wrong passwords do: of this name from this address.
    daemon.machine().refused(f"/login ben {WORD}", "code-required")
    machine = daemon.machine()
    assert "Try again in" in machine.refused(f"/login ben {WORD}",
                                             "locked-out")


def test_codes_cannot_be_tried_from_everywhere(daemon, clock):
    phone, sheet = enrol(clock, daemon.register("ben"), WORD)
    daemon.ctl("stop")
    daemon.wait()
    again(daemon, clock, users={"lockout": "none"})
    for _ in range(5):
        machine = daemon.machine()
        machine.refused(f"/login ben {WORD}", "code-required")
        for _ in range(2):
            machine.refused(f"/code {phone.wrong()}", "bad-code")
    machine = daemon.machine()
    machine.refused(f"/login ben {WORD}", "code-required")
    assert "use a recovery code" in machine.refused(f"/code {phone.code()}",
                                                    "locked-out")
    # Neither a restart nor another address helps; a recovery code does.
    again(daemon, clock)
    machine = daemon.machine()
    machine.refused(f"/login ben {WORD}", "code-required")
    machine.refused(f"/code {phone.code()}", "locked-out")
    words = machine.ok(f"/code {sheet[0].lower()}").text
    assert "10 codes before this one were wrong" in words
    assert "9 recovery codes left" in words
    clock.move(3600)
    come(daemon, "ben", phone.code())


def test_a_code_is_good_once_after_a_restart_too(daemon, clock):
    phone, sheet = enrol(clock, daemon.register("ben"), WORD)
    code = phone.code()
    come(daemon, "ben", code)
    come(daemon, "ben", sheet[3])
    again(daemon, clock)
    machine = daemon.machine()
    machine.refused(f"/login ben {WORD}", "code-required")
    machine.refused(f"/code {code}", "bad-code")
    machine.refused(f"/code {sheet[3]}", "bad-code")
    machine.ok(f"/code {sheet[4]}")


def test_of_two_at_once_one_gets_in(daemon, clock):
    phone, _ = enrol(clock, daemon.register("ben"), WORD)
    machines = [daemon.machine() for _ in range(2)]
    for machine in machines:
        machine.refused(f"/login ben {WORD}", "code-required")
    code = phone.code()
    for machine in machines:
        machine.send(f"/code {code}\n".encode())
    assert sorted(machine.answer().code for machine in machines) == \
        ["bad-code", "ok"]


def test_who_came_by_the_password_alone_does_not_stay(daemon, clock):
    ben, other = daemon.register("ben"), daemon.login("ben")
    phone = Phone(clock, secret_of(ben.ok(f"/factor on {WORD}").text))
    words = ben.ok(f"/factor confirm {phone.code()}").text
    assert "1 other session was ended" in words
    assert "session-ended" in other.rest()


def test_codes_and_off_need_a_code(daemon, clock):
    ben = daemon.register("ben")
    phone, old = enrol(clock, ben, WORD)
    ben.refused(f"/factor codes {phone.wrong()}", "bad-code")
    fresh = sheet_of(ben.ok(f"/factor codes {phone.code()}").text)
    assert len(fresh) == 10 and not set(fresh) & set(old)
    ben.refused(f"/factor off {old[0]}", "bad-code")
    assert ben.ok(f"/factor off {fresh[0]}").text == \
        "-- Your second factor is off."
    daemon.login("ben")
    ben.refused(f"/factor off {fresh[1]}", "not-found")


def test_a_role_counts_only_with_a_factor(daemon, clock):
    daemon.appoint("tess", "teller")
    again(daemon, clock, users={"second_factor": ["teller", "admin"]})
    tess = daemon.machine()
    assert "You are here as a user only: what you are besides (teller) " \
        "needs a second factor. /factor on makes one." in \
        tess.ok(f"/login tess {WORD}").text
    tess.refused("/teller open box 5", "not-allowed")
    ann = daemon.machine()
    assert "(admin) needs a second" in \
        ann.ok(f"/login {ADMIN} {ADMIN_WORD}").text
    ann.refused("/users", "not-allowed")
    assert daemon.ctl("users", "show", "tess").returncode == 0
    phone, _ = enrol(clock, ann, ADMIN_WORD)
    ann.ok("/users")
    machine = come(daemon, ADMIN, phone.code(), ADMIN_WORD)
    machine.ok("/users")
    assert "do not count" in ann.ok(f"/factor off {phone.code()}").text
    ann.refused("/users", "not-allowed")
    assert "session-ended" in machine.rest()


def test_an_administrator_helps_who_lost_the_phone(daemon, clock):
    ben, ann = daemon.register("ben"), daemon.admin()
    ann.refused("/users factor ben off", "not-found")
    ann.refused("/users factor nobody off", "no-such-user")
    ann.refused("/users factor ben on", "usage")
    ben.refused("/users factor ben off", "not-allowed")
    phone, _ = enrol(clock, ben, WORD)
    assert "second factor: on since" in ann.ok("/users show ben").text
    ann.ok("/users factor ben off")
    assert re.search(rf"session-ended {ADMIN} has switched off your second "
                     rf"factor\.", ben.rest())
    ben = daemon.machine()
    told = rf"-- {ADMIN} has switched off your second factor, \d{{4}}-"
    assert re.search(told, ben.ok(f"/login ben {WORD}").text)
    assert f"off: {ADMIN} switched it off" in ben.ok("/factor").text
    assert "switched" not in daemon.machine().ok(f"/login ben {WORD}").text
    phone, _ = enrol(clock, ann, ADMIN_WORD)
    ann.refused(f"/users factor {ADMIN} off", "not-allowed")
    assert daemon.ctl("users", "factor", ADMIN, "off").returncode == 0


def test_without_the_key_recovery_codes_are_left(daemon, clock):
    ben = daemon.register("ben")
    phone, sheet = enrol(clock, ben, WORD)
    daemon.stop()
    key = daemon.folder / "keys/factor.key"
    key.rename(key.with_suffix(".away"))
    daemon.start(env=clock.env)
    daemon.log.expect("the key .*factor.key is made")
    machine = daemon.machine()
    machine.refused(f"/login ben {WORD}", "code-required")
    machine.refused(f"/code {phone.code()}", "internal")
    machine.ok(f"/code {sheet[0]}")
    daemon.stop()
    key.unlink()
    key.mkdir()
    daemon.spawn(env=clock.env)
    assert daemon.wait() == 78
    key.rmdir()
    shutil.copy(key.with_suffix(".away"), key)
    daemon.start(env=clock.env)
    come(daemon, "ben", phone.code())


def test_it_is_told_in_my_data_and_goes_with_the_user(daemon, clock):
    ben, ann = daemon.register("ben"), daemon.admin()
    phone, sheet = enrol(clock, ben, WORD)
    text = ben.ok("/mydata").text
    data = json.loads("\n".join(line[3:] for line in text.split("\n")))
    assert data["second_factor"]["is_on"] is True
    assert data["second_factor"]["recovery_codes_left"] == 10
    assert phone.secret not in text and sheet[0] not in text
    ann.ok("/users remove ben")
    daemon.stop()
    assert daemon.offline("--verify").returncode == 0
    daemon.start(env=clock.env)
    daemon.register("ben")
    daemon.login("ben")


def test_nothing_secret_is_kept_or_told(daemon, clock):
    """Neither in the log, the audit trail, nor in clear in the store."""
    ben = daemon.register("ben")
    phone, sheet = enrol(clock, ben, WORD)
    used = [phone.code(), sheet[0], phone.wrong()]
    come(daemon, "ben", used[0])
    come(daemon, "ben", used[1])
    ben.refused(f"/factor codes {used[2]}", "bad-code")
    audit = (daemon.folder / "audit.log")
    eventually(lambda: "user.recovery" in audit.read_text(), "its record")
    daemon.stop()
    secrets = [phone.secret, *sheet,
               *(code.replace("-", "") for code in sheet)]
    for path in daemon.folder.rglob("*"):
        if not path.is_file():
            continue
        found = path.read_bytes()
        for word in secrets:
            assert word.encode() not in found, (path, word)
    records = audit.read_text()
    assert "user.factor" in records
    for word in (*secrets, *used):
        for text in records, daemon.log.text():
            assert not re.search(rf"[ =]{word}\b", text)


@pytest.fixture
def terminal(daemon, daemons):
    """The client, with somebody at it."""
    opened = []

    def open_one(*words):
        opened.append(Terminal(
            str(RIALTO), "--accept-new", "--ca", str(daemon.ca), *words,
            columns=100, rows=40,
            env={"XDG_STATE_HOME": str(daemons.space)}))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def test_the_client_asks_for_the_code(daemon, clock, terminal):
    phone, _ = enrol(clock, daemon.register("ben"), WORD)
    ben = terminal(f"ben@localhost:{daemon.port}")
    ben.until_last("password:")
    ben.enter(WORD)
    ben.until_last("code:")
    ben.enter(phone.wrong())
    ben.until("bad-code")
    ben.until_last("code:")
    ben.enter(phone.code())
    ben.until("Welcome, ben.")


def test_a_script_asks_for_the_code_at_the_terminal(daemon, clock, terminal):
    phone, _ = enrol(clock, daemon.register("ben"), WORD)
    where = f"ben@localhost:{daemon.port}"
    ben = terminal("-c", "/factor", where)
    ben.until_last(f"Password of {where.replace('@', ' at ')}:")
    ben.enter(WORD)
    ben.until_last(f"Code of {where.replace('@', ' at ')}:")
    ben.enter(phone.wrong())
    ben.until("bad-code")
    ben.until_last(f"Code of {where.replace('@', ' at ')}:")
    ben.enter(phone.code())
    assert ben.leave() == 0
    assert "Your second factor is on since" in ben.text


def test_a_script_without_a_terminal_has_no_code(daemon, clock, tmp_path):
    enrol(clock, daemon.register("ben"), WORD)
    word = tmp_path / "word"
    word.write_text(WORD + "\n")
    done = daemon.client("--password-file", word, "-c", "/who",
                         f"ben@localhost:{daemon.port}")
    assert "no terminal to ask for the code" in done.stderr
    assert done.returncode == 1
