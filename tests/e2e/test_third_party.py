"""Clients that were not written for this: each holds a conversation."""

import pytest

from rialto import WORD, free_port
from terminal import Terminal

CLIENTS = {
    "gnutls-cli": ["gnutls-cli", "--x509cafile", "{ca}", "--port", "{port}",
                   "localhost"],
    "gnutls-cli 1.2": ["gnutls-cli", "--x509cafile", "{ca}", "--port", "{port}",
                       "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2",
                       "localhost"],
    "openssl": ["openssl", "s_client", "-quiet", "-verify_return_error",
                "-CAfile", "{ca}", "-verify_hostname", "localhost",
                "-connect", "localhost:{port}"],
    "openssl 1.2": ["openssl", "s_client", "-quiet", "-tls1_2", "-CAfile",
                    "{ca}", "-connect", "localhost:{port}"],
    "openssl ALPN": ["openssl", "s_client", "-quiet", "-alpn", "rialto-line",
                     "-CAfile", "{ca}", "-connect", "localhost:{port}"],
    "ncat": ["ncat", "--ssl", "--ssl-verify", "--ssl-trustfile", "{ca}",
             "localhost", "{port}"],
    "socat": ["socat", "-", "OPENSSL:localhost:{port},cafile={ca}"],
    "telnet-ssl": ["telnet-ssl", "-z", "ssl", "-z", "verify=0", "localhost",
                   "{telnet}"],
}


@pytest.fixture
def house(daemons):
    daemon = daemons.new()
    daemon.telnet = free_port()
    daemon.write(listeners=daemon.settings["listeners"] + [
        {"service": "line", "address": f"127.0.0.1:{daemon.telnet}",
         "telnet": "always"}])
    return daemon.start()


@pytest.fixture
def client(house):
    terminals = []

    def begin(name):
        command = [word.format(ca=house.ca, port=house.port,
                               telnet=house.telnet)
                   for word in CLIENTS[name]]
        terminals.append(Terminal(*command, columns=120, rows=40))
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.close()


@pytest.mark.parametrize("name", CLIENTS)
def test_a_conversation(house, client, name):
    house.register("ben").ok("/quit")
    zoe = house.guest("zoe")
    terminal = client(name)
    terminal.until("username:")
    terminal.enter("ben")
    terminal.until("password:")
    terminal.enter(WORD)
    terminal.until("-- Welcome, ben.")
    zoe.expect(r"^\[lobby\] -- ben joined$")
    terminal.enter("Grüße")
    zoe.expect(r"^\[lobby\] ben: Grüße$")
    terminal.enter("/who")
    terminal.wait(lambda: terminal.text.count("-- lobby: ben, zoe") == 2,
                  "the answer to /who")
    zoe.ok(".ben psst")
    terminal.until("zoe -> you: psst")
    terminal.enter("/nonsense")
    terminal.until("!! unknown-command There is no /nonsense.")
    terminal.type("/whom\x7f\r")  # edited at the terminal
    terminal.wait(lambda: terminal.text.count("-- lobby: ben, zoe") == 3,
                  "the answer to /who")
    terminal.enter("/quit")
    terminal.until("-- Goodbye.")
    if name == "ncat":
        terminal.type("\x04")  # it waits for the end of its input as well
    terminal.leave()
    zoe.expect(r"^\[lobby\] -- ben left$")


def test_telnet_shows_no_password(house, client):
    """The echo goes off for the password, and comes back."""
    house.register("tess").ok("/quit")
    terminal = client("telnet-ssl")
    terminal.until("username:")
    assert terminal.echoes()
    terminal.enter("tess")
    terminal.until("password:")
    terminal.wait(lambda: not terminal.echoes(), "end of the echo")
    terminal.enter("wrong word")
    terminal.until("!! bad-login You have 2 attempts left.")
    terminal.wait(terminal.echoes, "echo")
    terminal.enter("tess")
    terminal.wait(lambda: terminal.text.count("password:") == 2, "prompt")
    terminal.wait(lambda: not terminal.echoes(), "end of the echo")
    terminal.enter(WORD)
    terminal.until("-- Welcome, tess.")
    terminal.wait(terminal.echoes, "echo")
    terminal.enter("/passwd")
    for prompt in ("old", "new", "repeat"):
        terminal.until(f"{prompt} password:")
        terminal.wait(lambda: not terminal.echoes(), "end of the echo")
        terminal.enter(WORD)
    terminal.until("-- Password changed.")
    terminal.wait(terminal.echoes, "echo")
    assert WORD not in terminal.text and "wrong word" not in terminal.text
    terminal.enter("/quit")
    terminal.leave()
