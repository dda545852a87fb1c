"""Registering, logging in, passwords, guests, and who is kept out."""

import re

import pytest

from rialto import ADMIN, ADMIN_WORD, WORD, deadline, remaining

GREETING = r"^-- Welcome to Rialto\. Type your name, or /register NAME, " \
    r"/guest NAME, /help\.\nusername: $"


def at_prompt(daemon):
    person = daemon.person()
    person.expect(GREETING)
    return person


def test_a_person_logs_in_at_the_prompts(shared):
    shared.register("petra").ok("/quit")
    person = at_prompt(shared)
    person.type("petra")
    person.expect(r"^password: $")
    person.type(WORD)
    person.expect(r"^-- Welcome, petra\. Last login "
                  r"\d{4}-\d\d-\d\d \d\d:\d\d from 127\.0\.0\.1\.\n")
    person.expect(r"^-- lobby has no topic\.\n-- lobby: petra\n")
    person.type("/quit")
    assert person.rest() == "-- Goodbye.\n"


def test_a_person_registers_at_the_prompts(shared):
    person = at_prompt(shared)
    person.type("/register rosa")
    person.expect(r"^new password: $")
    person.type(WORD)
    person.expect(r"^repeat password: $")
    person.type(WORD)
    person.expect(r"^-- Welcome, rosa\.\n")
    shared.login("rosa")


def test_two_different_passwords_register_nobody(shared):
    person = at_prompt(shared)
    person.type("/register dora")
    person.expect(r"^new password: $")
    person.type(WORD)
    person.expect(r"^repeat password: $")
    person.type(WORD + "x")
    person.expect(r"^!! bad-input .*nothing was changed\.\nusername: $")
    shared.machine().refused(f"/login dora {WORD}", "bad-login")


def test_the_case_of_a_name_does_not_matter(shared):
    shared.register("Carla").ok("/quit")
    machine = shared.machine()
    assert "-- Welcome, Carla." in machine.ok(f"/login cARLA {WORD}").text
    shared.machine().refused(f"/register CARLA {WORD}", "name-taken")


def test_a_password_may_begin_with_a_slash(shared):
    """A line at a password prompt is the password, whatever it looks like."""
    word = "/quit and more"
    shared.register("sara", word)
    person = at_prompt(shared)
    person.type("sara")
    person.expect(r"^password: $")
    person.type(word)
    person.expect(r"^-- Welcome, sara\.")


def test_a_slash_at_the_username_prompt_is_a_command(shared):
    person = at_prompt(shared)
    person.type("/help quit")
    person.expect(r"^-- /quit .*\nusername: $")
    person.type("/quit")
    assert person.rest() == "-- Goodbye.\n"


# Passwords have 8 to 512 bytes.
WORDS = [
    ("sevenby", "weak-password"),
    ("eightbyt", "ok"),
    ("x" * 512, "ok"),
    ("x" * 513, "weak-password"),
    ("äöüß", "ok"),  # eight bytes
    ("two words", "ok"),  # nine
]


@pytest.mark.parametrize("word, code", WORDS,
                         ids=[str(len(word.encode())) for word, _ in WORDS])
def test_passwords_have_8_to_512_bytes(shared, word, code):
    name = f"word-{WORDS.index((word, code))}"
    machine = shared.machine()
    assert machine.command(f"/register {name} {word}").code == code
    if code == "ok":
        shared.login(name, word)


def test_the_name_is_no_password(shared):
    shared.machine().refused("/register Samename sameNAME", "weak-password")


@pytest.mark.parametrize("name", [
    "1st", "-dash", "_under", "sp.ot", "umläut", "x" * 33, "a/b", "a:b"])
@pytest.mark.parametrize("verb", ["register {} " + WORD, "guest {}",
                                  "login {} " + WORD])
def test_names_out_of_rule(shared, verb, name):
    shared.machine().refused("/" + verb.format(name), "bad-name")


@pytest.mark.parametrize("name", ["a", "A-b_c9", "n" * 32])
def test_names_within_the_rule(shared, name):
    assert f"Welcome, {name}." in shared.machine().ok(
        f"/register {name} {WORD}").text


BEFORE_LOGIN = ["hello", "/join den", "/who", "/rooms", "/tell ann hi",
                "/passwd a b", "/sessions", "/status", "/whois ann", ";waves"]


@pytest.mark.parametrize("line", BEFORE_LOGIN)
def test_most_needs_a_login(shared, line):
    shared.machine().refused(line, "login-required")


@pytest.mark.parametrize("line", [
    f"/login petra {WORD}", f"/register other {WORD}", "/guest other"])
def test_one_login_per_session(shared, line):
    guest = shared.guest("once")
    guest.refused(line, "already-logged-in")
    guest.ok("/quit")
    guest.rest()


def test_three_attempts_with_the_remaining_number(start):
    daemon = start(users={"lockout": "none"})
    person = at_prompt(daemon)
    for words in ["You have 2 attempts left.", "You have 1 attempt left."]:
        person.type(ADMIN)
        person.expect(r"^password: $")
        person.type("wrong word")
        person.expect(rf"^!! bad-login {re.escape(words)}\nusername: $")
    person.type(ADMIN)
    person.expect(r"^password: $")
    person.type("wrong word")
    assert person.rest() == "!! bad-login That was the last attempt. Goodbye.\n"


def test_an_unknown_name_looks_like_a_wrong_password(start):
    daemon = start(users={"lockout": "none"})
    answers = [daemon.machine().command(f"/login {name} wrong word")
               for name in (ADMIN, "nobody")]
    assert repr(answers[0]) == repr(answers[1])
    assert answers[0].code == "bad-login"


def processor_ticks(daemon):
    """What the daemon has used of the processor, whatever else runs."""
    with open(f"/proc/{daemon.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_an_unknown_name_costs_as_much_as_a_wrong_password(start):
    daemon = start(users={"lockout": "none", "password_cost": 8})
    daemon.register("known").ok("/quit")
    costs = []
    for name in ("known", "nobody"):
        before = processor_ticks(daemon)
        fail(daemon, name, 4)
        costs.append(processor_ticks(daemon) - before)
    # Without a hash it would be one in fifty; other load may double either.
    assert min(costs) > max(costs) / 4


def fail(daemon, name, count, **more):
    for _ in range(count):
        machine = daemon.machine(**more)
        machine.refused(f"/login {name} wrong word", "bad-login")
        machine.close()


def test_three_failures_are_free_then_one_waits(start):
    daemon = start()
    fail(daemon, ADMIN, 3)
    fail(daemon, ADMIN, 1)
    machine = daemon.machine()
    words = machine.refused(f"/login {ADMIN} {ADMIN_WORD}", "locked-out")
    assert re.fullmatch(r"!! locked-out Try again in \d+ s\.", words)


def until_unlocked(daemon, line):
    """Tries until it is not locked out any more."""
    until = deadline()
    while remaining(until) > 0.001:
        machine = daemon.machine()
        answer = machine.command(line)
        machine.close()
        if answer.code != "locked-out":
            return answer.code
    raise AssertionError("it stays locked out")


def test_the_right_password_after_the_wait_clears_it(start):
    daemon = start(users={"lockout": "1s"})
    fail(daemon, ADMIN, 4)
    right = f"/login {ADMIN} {ADMIN_WORD}"
    daemon.machine().refused(right, "locked-out")
    assert until_unlocked(daemon, right) == "ok"
    fail(daemon, ADMIN, 3)
    daemon.admin()  # three are free again


def test_the_wait_doubles_up_to_the_setting(start):
    daemon = start(users={"lockout": "2s"})
    fail(daemon, ADMIN, 4)
    wrong = f"/login {ADMIN} wrong word"
    for _ in range(2):
        assert until_unlocked(daemon, wrong) == "bad-login"
        words = daemon.machine().refused(wrong, "locked-out")
        assert int(re.search(r"in (\d+) s", words)[1]) <= 2


def test_strangers_lock_nobody_out_elsewhere(start):
    """It is the pair of name and address that waits."""
    daemon = start()
    daemon.register("ben").ok("/quit")
    fail(daemon, ADMIN, 4, source="127.0.0.2")
    elsewhere = daemon.machine(source="127.0.0.2")
    elsewhere.refused(f"/login {ADMIN} {ADMIN_WORD}", "locked-out")
    elsewhere.ok(f"/login ben {WORD}")
    daemon.admin()


def test_registration_by_approval(start):
    daemon = start(users={"registration": "approval"})
    waiting = daemon.machine()
    answer = waiting.ok(f"/register ben {WORD}")
    assert answer.text == "-- Your registration as ben waits for an " \
        "administrator's approval."
    waiting.refused("hello", "login-required")
    login = f"/login ben {WORD}"
    waiting.refused(login, "approval-pending")
    waiting.refused("/login ben wrong word", "bad-login")
    daemon.admin().ok("/users approve ben")
    waiting.ok(login)


def test_registration_closed(start):
    daemon = start(users={"registration": "closed"})
    daemon.machine().refused(f"/register ben {WORD}", "registration-closed")
    daemon.guest("zoe")
    person = at_prompt(daemon)
    person.type("/register ben")  # refused before a password is asked for
    person.expect(r"^!! registration-closed ")


def test_an_administrator_makes_a_user(start):
    daemon = start(users={"registration": "closed"})
    daemon.guest("zoe")
    done = daemon.ctl("users", "add", "ben", words=WORD + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    ben = daemon.login("ben")
    ben.ok("/join den")  # a user like any other
    ben.refused(f"/users add cleo {WORD}", "not-allowed")
    admin = daemon.admin()
    for line, code in ((f"Ben {WORD}", "name-taken"),
                       (f"zoe {WORD}", "name-taken"),
                       (f"1up {WORD}", "bad-name"),
                       ("cleo cleo", "weak-password"),
                       ("cleo", "usage")):
        admin.refused("/users add " + line, code)
    assert [line.split()[1] for line in admin.ok("/users").lines] == \
        [ADMIN, "ben"]


def test_registrations_per_address(start):
    daemon = start(users={"registrations_per_address": "2/1h"})
    daemon.register("one")
    daemon.register("two")
    words = daemon.machine().refused(f"/register three {WORD}", "busy")
    assert re.search(r"Try again in \d+ s\.", words)
    daemon.register("four", source="127.0.0.2")


def test_guests(shared):
    guest = shared.machine()
    assert "-- Welcome, zoe." in guest.ok("/guest zoe").lines
    shared.machine().refused("/guest ZOE", "name-taken")
    shared.machine().refused(f"/register zoe {WORD}", "name-taken")
    shared.machine().refused(f"/guest {ADMIN}", "name-taken")
    guest.refused("/passwd", "not-allowed")
    guest.refused("/join a-room-of-my-own", "no-such-room")
    guest.close()
    until = deadline()
    while shared.machine().command("/guest zoe").code != "ok":
        assert remaining(until) > 0.001, "the name is never free again"


def test_guests_switched_off(start):
    daemon = start(users={"guests": False})
    daemon.machine().refused("/guest zoe", "guests-off")


def test_passwd(shared):
    machine = shared.register("pat")
    fresh = "a better word"
    machine.refused(f"/passwd {WORD.split()[0]} {fresh}", "bad-login")
    shared.register("pam", "oneword-1").ok("/quit")
    machine = shared.login("pam", "oneword-1")
    machine.refused("/passwd oneword-1 short", "weak-password")
    machine.refused("/passwd oneword-1 pam", "weak-password")
    assert machine.ok(f"/passwd oneword-1 {fresh}").text == \
        "-- Password changed."
    shared.machine().refused("/login pam oneword-1", "bad-login")
    shared.login("pam", fresh)


@pytest.mark.parametrize("others, words", [
    (1, "1 other session was ended."),
    (2, "2 other sessions were ended."),
])
def test_passwd_ends_the_other_sessions(shared, others, words):
    name, fresh = f"peggy{others}", "a better word"
    first = shared.register(name, "oneword-1")
    second = [shared.login(name, "oneword-1") for _ in range(others)]
    stranger = shared.register(f"stranger{others}")
    first.refused(f"/passwd wrong-word {fresh}", "bad-login")
    for machine in second:
        machine.fence()  # that ended nothing
    assert first.ok(f"/passwd oneword-1 {fresh}").text == \
        f"-- Password changed. {words}"
    for machine in second:
        assert machine.rest().endswith(
            "~~ session-ended This session was ended.\n")
    stranger.fence()
    assert len(first.ok("/sessions").lines) == 1
    assert first.ok(f'/passwd "{fresh}" oneword-2').text == \
        "-- Password changed."


def test_passwd_takes_quoted_words(shared):
    machine = shared.register("quinn")
    words = ["two words", 'a "quoted" word', "back\\slash one", WORD]
    for old, new in zip([WORD] + words, words):
        quoted = ['"%s"' % re.sub(r'(["\\])', r"\\\1", word)
                  for word in (old, new)]
        machine.ok("/passwd " + " ".join(quoted))
        shared.login("quinn", new).ok("/quit")
    machine.refused(f'/passwd "{WORD} " "something else"', "bad-login")
    machine.ok(f'/passwd "{WORD}" the rest of the line')
    shared.login("quinn", "the rest of the line")
    shared.register("quentin", '"as it is').ok("/quit")
    shared.login("quentin", '"as it is')


def test_passwd_asks_a_person(shared):
    shared.register("paul").ok("/quit")
    person = at_prompt(shared)
    person.type("paul")
    person.expect(r"password: $")
    person.type(WORD)
    person.expect(r"Welcome, paul")
    person.type("/passwd")
    for prompt, word in [("old", WORD), ("new", "a new one"),
                         ("repeat", "a new one")]:
        person.expect(rf"^{prompt} password: $")
        person.type(word)
    person.expect(r"^-- Password changed\.\n")
    shared.login("paul", "a new one")


def test_sessions_lists_ones_own_and_ends_them(shared):
    first = shared.register("sid")
    second = shared.login("sid")
    shared.guest("somebody")
    lines = first.ok("/sessions").lines
    assert len(lines) == 2
    numbers = [re.fullmatch(
        r"-- #(\d+) 127\.0\.0\.1 since \d{4}-\d\d-\d\d \d\d:\d\d, idle \d+s, "
        r"TLS1\.3 AES-128-GCM( \(this one\))?", line) for line in lines]
    assert all(numbers), lines
    own, other = sorted(numbers, key=lambda match: match[2] is None)
    assert own[2] and not other[2]
    first.ok(f"/sessions end {other[1]}")
    assert second.rest().endswith(
        "~~ session-ended This session was ended.\n")
    assert len(first.ok("/sessions").lines) == 1


def test_nobody_ends_the_sessions_of_others(shared):
    guest = shared.guest("victim")
    number = re.search(r"#(\d+)", guest.ok("/sessions").text)[1]
    shared.register("mallory").refused(f"/sessions end {number}", "not-found")
    shared.guest("eve").refused(f"/sessions end {number}", "not-found")
    guest.ok("still here")


def test_a_hash_is_renewed_when_the_setting_grew(daemons):
    """The old password goes on, also after a second restart."""
    daemon = daemons.new(users={"password_cost": 1}).start()
    daemon.register("ben").ok("/quit")
    daemon.stop()
    for method, cost in [("yescrypt", 2), ("bcrypt", 10)]:
        daemon.write(users={"password_hash": method, "password_cost": cost})
        daemon.start()
        for _ in range(2):
            daemon.login("ben").ok("/quit")
        daemon.machine().refused("/login ben wrong word", "bad-login")
        daemon.stop()
        stored = (daemon.folder / "data/users.db").read_bytes()
        assert (b"$2b$10$" in stored) == (method == "bcrypt")
