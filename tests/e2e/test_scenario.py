"""People talking, a power cut, and people talking again."""

import pytest

from rialto import RIALTO, WORD
from terminal import Terminal


@pytest.fixture
def terminals(tmp_path):
    """Opens programs in terminals of their own."""
    all = []

    def begin(*command):
        env = {"XDG_STATE_HOME": str(tmp_path / f"state-{len(all)}")}
        all.append(Terminal(*command, env=env, columns=100, rows=40))
        return all[-1]

    yield begin
    for terminal in all:
        terminal.close()


def log_in(terminal, name):
    """At the prompts that the daemon gives to anybody."""
    terminal.until("username:")
    terminal.enter(name)
    terminal.until("password:")
    terminal.enter(WORD)
    terminal.until(f"-- Welcome, {name}.")


def test_three_people_talk_and_a_power_cut_loses_nothing(daemon, terminals):
    for name in ("ben", "cleo", "dora"):
        daemon.register(name).ok("/quit")

    def client(name):
        terminal = terminals(RIALTO, "--accept-new", "--ca", daemon.ca,
                             f"{name}@localhost:{daemon.port}")
        terminal.until("password:")
        terminal.enter(WORD)
        terminal.until(f"-- Welcome, {name}.")
        return terminal

    def stranger(name):
        terminal = terminals("gnutls-cli", "--x509cafile", daemon.ca,
                             "--port", daemon.port, "localhost")
        log_in(terminal, name)
        return terminal

    def talk(people):
        """Each says something that the others see and nobody sees twice."""
        for name, speaker in people.items():
            speaker.enter(f"it is {name}")
            for other in people.values():
                if other is not speaker:
                    other.until(f"[den] {name}: it is {name}")
        for other in people.values():
            for name in people:
                assert other.text.count(f"[den] {name}: it is {name}") <= 1

    def enter_den(people):
        for terminal in people.values():
            terminal.enter("/join den")
            terminal.until("-- den: ")

    people = {"ben": client("ben"), "cleo": client("cleo"),
              "dora": stranger("dora")}
    enter_den(people)
    people["ben"].enter("/topic What news on the Rialto?")
    for terminal in people.values():
        terminal.until("What news on the Rialto?")
    talk(people)
    people["cleo"].enter("/tell dora between us")
    people["dora"].until("cleo -> you: between us")
    people["dora"].enter("/reply yes")
    people["cleo"].until("dora -> you: yes")

    daemon.kill()
    assert people["dora"].leave() is not None  # gnutls-cli just ends
    daemon.start()
    # The clients of ours come back by themselves, and into their rooms.
    for name in ("ben", "cleo"):
        people[name].wait(
            lambda: people[name].text.count(f"-- Welcome, {name}.") == 2,
            f"{name} back in")
    people["dora"] = stranger("dora")
    people["dora"].until("-- Topic of den: What news on the Rialto? (ben, ")
    people["dora"].until("-- den: ben (owner), cleo, dora")
    enter_den(people)
    for name, speaker in people.items():
        speaker.enter(f"{name} is back")
        for other in people.values():
            if other is not speaker:
                other.until(f"[den] {name}: {name} is back")
    for name, terminal in people.items():
        terminal.enter("/quit")
        assert terminal.leave() == 0


def test_a_script_beside_them(daemon):
    """rialto -c, and commands on its standard input."""
    ben = daemon.register("ben")
    secret = daemon.folder / "password"
    secret.write_text(WORD + "\n")
    there = f"ben@localhost:{daemon.port}"
    words = ("--password-file", secret)
    done = daemon.client(*words, "-c", "/join den", "-c", "from a script",
                         "-c", "/who", there)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("-- den: ben (owner)\n")
    ben.expect(r"^\[den\] ben: from a script$")
    done = daemon.client(*words, there, words="one\n/nonsense\ntwo\n")
    assert done.returncode == 1
    assert "!! unknown-command There is no /nonsense." in done.stderr
    ben.expect(r"^\[lobby\] ben: one$")
    ben.expect(r"^\[lobby\] ben: two$")
    done = daemon.client("-c", "/whois ben", f"localhost:{daemon.port}")
    assert done.returncode == 0
    assert done.stdout.startswith("-- ben: user\n")
