"""TLS as peers find it."""

import socket
import ssl
import subprocess

import pytest

from fake_server import make_certificate
from rialto import PATIENCE, Daemon, Link, context, deadline, init, run
from terminal import Terminal

OPENSSL = ["openssl", "s_client", "-CAfile", "{ca}", "-connect",
           "127.0.0.1:{port}"]


def openssl(daemon, *words, words_in=""):
    command = [w.format(ca=daemon.ca, port=daemon.port) for w in OPENSSL]
    result = subprocess.run([*command, "-ign_eof", *words], input=words_in,
                            capture_output=True, text=True, errors="replace",
                            timeout=20 * PATIENCE)
    return result.stdout + result.stderr


# What must be agreed on, and what must not.
OFFERS = [
    ("TLSv1_3", "", "TLS_AES_128_GCM_SHA256"),
    ("TLSv1_2", "ECDHE-ECDSA-AES128-GCM-SHA256",
     "ECDHE-ECDSA-AES128-GCM-SHA256"),
    ("TLSv1_2", "ECDHE-ECDSA-AES256-GCM-SHA384",
     "ECDHE-ECDSA-AES256-GCM-SHA384"),
    ("TLSv1_2", "ECDHE-ECDSA-CHACHA20-POLY1305",
     "ECDHE-ECDSA-CHACHA20-POLY1305"),
    ("TLSv1_2", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", None),
    ("TLSv1_2", "ECDHE-ECDSA-AES128-CCM", None),
    ("TLSv1_2", "AES128-GCM-SHA256:@SECLEVEL=0", None),
    ("TLSv1_2", "DHE-RSA-AES128-GCM-SHA256", None),
    ("TLSv1_2", "NULL:@SECLEVEL=0", None),
    ("TLSv1_2", "aNULL:@SECLEVEL=0", None),
    ("TLSv1_1", "ALL:@SECLEVEL=0", None),
    ("TLSv1", "ALL:@SECLEVEL=0", None),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version, ciphers, agreed", OFFERS)
def test_versions_and_ciphers(shared, version, ciphers, agreed):
    tls = context()
    if ciphers:
        tls.set_ciphers(ciphers)
    number = getattr(ssl.TLSVersion, version)
    # The older bound first: it may not be above the other at any time.
    tls.minimum_version = min(number, tls.minimum_version)
    tls.maximum_version = number
    tls.minimum_version = number
    if agreed is None:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            Link(shared.port, tls=tls)
    else:
        link = Link(shared.port, tls=tls)
        assert link.sock.cipher()[0] == agreed
        link.close()


def test_the_server_prefers_the_cheap_cipher(shared):
    tls = context()
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    tls.set_ciphers("ECDHE-ECDSA-CHACHA20-POLY1305:"
                    "ECDHE-ECDSA-AES128-GCM-SHA256")
    link = Link(shared.port, tls=tls)
    assert link.sock.cipher()[0] == "ECDHE-ECDSA-AES128-GCM-SHA256"
    link.close()


def test_alpn(shared):
    link = Link(shared.port, ca=shared.ca, alpn="rialto-line")
    assert link.sock.selected_alpn_protocol() == "rialto-line"
    link.close()
    link = Link(shared.port, ca=shared.ca)  # none is welcome
    assert link.sock.selected_alpn_protocol() is None
    link.close()
    with pytest.raises(ssl.SSLError, match="(?i)no.application.protocol"):
        Link(shared.port, ca=shared.ca, alpn="http/1.1")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_the_certificate_is_for_its_names(shared, name):
    tls = context(shared.ca)
    with socket.create_connection(("127.0.0.1", shared.port)) as plain:
        tls.wrap_socket(plain, server_hostname=name).close()
    with socket.create_connection(("127.0.0.1", shared.port)) as plain:
        with pytest.raises(ssl.SSLCertVerificationError):
            tls.wrap_socket(plain, server_hostname="elsewhere.org")


def test_init_names_hosts(daemons, tmp_path):
    init(tmp_path / "d", "--name", "chat.example.org", "--name", "192.0.2.7")
    tls = context(tmp_path / "d/tls/ca.crt")
    daemon = Daemon(tmp_path / "d").start()
    daemons.all.append(daemon)
    for name in ("chat.example.org", "192.0.2.7", "localhost"):
        with socket.create_connection(("127.0.0.1", daemon.port)) as plain:
            tls.wrap_socket(plain, server_hostname=name).close()


def test_the_ca_is_a_ca_and_the_server_is_none(made):
    for name, flag in (("ca.crt", "CA:TRUE"), ("server.crt", "CA:FALSE")):
        text = run("openssl", "x509", "-in", made / "tls" / name, "-noout",
                   "-ext", "basicConstraints,keyUsage").stdout
        assert flag in text, text
    result = run("openssl", "verify", "-x509_strict", "-purpose", "sslserver",
                 "-CAfile", made / "tls/ca.crt", made / "tls/server.crt")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_tickets_resume_a_session(shared, tmp_path, version):
    file = str(tmp_path / "session")
    first = openssl(shared, version, "-sess_out", file, words_in="/quit\n")
    assert "New, " in first
    again = openssl(shared, version, "-sess_in", file, words_in="/quit\n")
    assert "Reused, " in again


def test_tickets_say_nothing_of_early_data(shared, tmp_path):
    file = str(tmp_path / "session")
    openssl(shared, "-tls1_3", "-sess_out", file, words_in="/quit\n")
    text = run("openssl", "sess_id", "-in", file, "-text", "-noout").stdout
    assert "Max Early Data: 0" in text, text


def test_early_data_is_not_taken(shared, tmp_path):
    file, data = str(tmp_path / "session"), tmp_path / "data"
    data.write_text("/guest early\n")
    openssl(shared, "-tls1_3", "-sess_out", file, words_in="/quit\n")
    text = openssl(shared, "-tls1_3", "-sess_in", file, "-early_data",
                   str(data), words_in="/quit\n")
    assert "Early data was accepted" not in text
    assert "Welcome, early" not in text


@pytest.fixture
def s_client(shared):
    """openssl at a terminal, where R and K are orders to it."""
    terminals = []

    def begin(*words):
        command = [w.format(ca=shared.ca, port=shared.port) for w in OPENSSL]
        terminals.append(Terminal(*command, *words, rows=200))
        terminals[-1].until("username:")
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.close()


def test_renegotiation_is_refused(shared, s_client):
    """It ends that session, with an alert."""
    terminal = s_client("-tls1_2")
    terminal.enter("R")
    terminal.leave()
    assert "no renegotiation" in terminal.text
    shared.guest("after-renegotiation").ok("hello")


def test_new_keys_in_tls_13_are_welcome(s_client):
    """That is no renegotiation."""
    terminal = s_client("-tls1_3")
    for _ in range(3):
        terminal.enter("K")
    terminal.enter("/help quit")
    terminal.until("-- /quit")


def test_compression_is_off(shared):
    assert "Compression: NONE" in openssl(shared, "-tls1_2", "-comp",
                                          words_in="/quit\n")


def test_client_certificates(daemons, tmp_path):
    """With the setting they are asked for: none is fine, a strange one not."""
    daemon = daemons.new(tls={"client_ca": "tls/ca.crt"}).start()
    daemon.guest("zoe").ok("hello")
    tls = context(daemon.ca)
    tls.load_cert_chain(*make_certificate(tmp_path))
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, ConnectionError)):
        Link(daemon.port, tls=tls)


def signed_by(ca, folder, *extensions):
    """A certificate and its key, signed by the CA that --init made."""
    paths = folder / "signed.crt", folder / "signed.key"
    request, lines = folder / "signed.csr", folder / "extensions"
    lines.write_text("\n".join(extensions) + "\n")
    for words in (
        ["req", "-new", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=terminal",
         "-keyout", paths[1], "-out", request],
        ["x509", "-req", "-in", request, "-CA", ca, "-CAkey",
         ca.with_suffix(".key"), "-days", "2", "-extfile", lines, "-out",
         paths[0]],
    ):
        result = run("openssl", *words)
        assert result.returncode == 0, result.stderr
    return paths


# What a certificate is for, and whether a client may show it.
PURPOSES = [("clientAuth", True), ("serverAuth", False),
            ("serverAuth,clientAuth", True), ("codeSigning", False),
            (None, True)]  # made for nothing in particular


@pytest.mark.parametrize("purpose, welcome", PURPOSES)
def test_a_client_certificate_is_a_clients(daemons, tmp_path, purpose, welcome):
    daemon = daemons.new(tls={"client_ca": "tls/ca.crt"}).start()
    tls = context(daemon.ca)
    tls.load_cert_chain(*signed_by(
        daemon.ca, tmp_path, "basicConstraints=CA:FALSE",
        f"extendedKeyUsage={purpose}" if purpose else ""))
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    if welcome:
        link = Link(daemon.port, tls=tls)
        link.more(deadline(), "greeting")
        link.close()
    else:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            Link(daemon.port, tls=tls)


def test_the_servers_certificate_is_no_clients(daemons):
    daemon = daemons.new(tls={"client_ca": "tls/ca.crt"}).start()
    tls = context(daemon.ca)
    tls.load_cert_chain(daemon.folder / "tls/server.crt",
                        daemon.folder / "tls/server.key")
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, ConnectionError)):
        Link(daemon.port, tls=tls)


def test_priorities_can_be_set(daemons):
    daemon = daemons.new(tls={"priorities": "NORMAL:-VERS-ALL:+VERS-TLS1.3"})
    daemon.start()
    tls = context()
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):
        Link(daemon.port, tls=tls)
    assert Link(daemon.port, tls=context()).sock.version() == "TLSv1.3"


def test_a_cut_is_no_goodbye(shared):
    """An end without close_notify counts as a lost connection."""
    witness, victim = shared.guest("witness"), shared.guest("victim")
    victim.sock.shutdown(socket.SHUT_RDWR)
    witness.expect(r"^\[lobby\] -- victim left \(connection lost\)$")
    victim = shared.guest("victim2")
    victim.close()  # with close_notify
    witness.expect(r"^\[lobby\] -- victim2 left$")
