"""/identity NONCE, checked with the libraries of others."""

import base64
import hashlib
import hmac
import json
import os
import select
import socket
import ssl

import pytest
from jwcrypto import jwk, jws
from OpenSSL import SSL

from rialto import context, deadline, remaining

LABEL = b"EXPERIMENTAL-rialto-session-1"


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Exporting:
    """A session whose TLS is OpenSSL's own, since ssl exports nothing."""

    def __init__(self, daemon):
        tls = SSL.Context(SSL.TLS_CLIENT_METHOD)
        tls.load_verify_locations(str(daemon.ca))
        tls.set_verify(SSL.VERIFY_PEER, lambda *args: args[-1])
        self.sock = socket.create_connection(("127.0.0.1", daemon.port))
        self.sock.setblocking(False)
        self.tls = SSL.Connection(tls, self.sock)
        self.tls.set_alpn_protos([b"rialto-line"])
        self.tls.set_connect_state()
        self.text = b""
        self.do(self.tls.do_handshake)
        self.ask("/mode machine")

    def do(self, step):
        until = deadline()
        while True:
            try:
                return step()
            except SSL.WantReadError:
                assert select.select([self.sock], [], [], remaining(until))[0]
            except SSL.WantWriteError:
                assert select.select([], [self.sock], [], remaining(until))[1]

    def ask(self, line):
        """The answer's lines, with the one that ends it."""
        self.do(lambda: self.tls.send(line.encode() + b"\n"))
        lines = []
        while not lines or not lines[-1].startswith("== "):
            while b"\n" not in self.text:
                self.text += self.do(lambda: self.tls.recv(65536))
            first, self.text = self.text.split(b"\n", 1)
            lines.append(first.decode())
        return lines

    def confirm(self, salt):
        exported = self.tls.export_keying_material(LABEL, 32, b"")
        key = hmac.digest(salt, exported, "sha256")
        return hmac.digest(key, b"rialto/1 confirm\x01", "sha256")

    def close(self):
        self.tls.close()


@pytest.fixture
def session(shared):
    session = Exporting(shared)
    yield session
    session.close()


def prove(session, nonce):
    answer, end = session.ask(f"/identity {encode(nonce)}")[-2:]
    assert end == "== ok"
    dashes, word, server_nonce, proof = answer.split(" ")
    assert (dashes, word) == ("--", "identity")
    return decode(server_nonce), proof


def test_it_proves_the_channel(shared, session):
    known = dict(line.split(": ", 1) for line in
                 shared.ctl("status").stdout.splitlines())["identity"]
    assert f"-- Identity: {known}" in session.ask("/identity")
    nonce = os.urandom(32)
    server_nonce, proof = prove(session, nonce)
    assert len(server_nonce) == 32

    token = jws.JWS()
    token.deserialize(proof)
    header = json.loads(token.objects["protected"])
    raw = decode(header["jwk"]["x"])
    kid = encode(hashlib.sha256(raw).digest())
    assert header == {"alg": "EdDSA", "kid": kid, "jwk": {
        "kty": "OKP", "crv": "Ed25519", "x": encode(raw)}}
    assert known == "SHA256:" + kid
    token.verify(jwk.JWK(**header["jwk"]), alg="EdDSA")
    assert json.loads(token.payload) == {
        "v": 1, "confirm": encode(session.confirm(nonce + server_nonce)),
        "client_nonce": encode(nonce), "server_nonce": encode(server_nonce)}


def test_each_proof_is_another(session):
    nonce = os.urandom(32)
    first, second = prove(session, nonce), prove(session, nonce)
    assert first[0] != second[0] and first[1] != second[1]


def test_three_are_enough(shared, session):
    nonce = encode(os.urandom(32))
    for _ in range(3):
        assert session.ask(f"/identity {nonce}")[-1] == "== ok"
    assert session.ask(f"/identity {nonce}")[-1] == "== error flood"
    assert session.ask("/identity")[-1] == "== ok"
    other = Exporting(shared)
    assert other.ask(f"/identity {nonce}")[-1] == "== ok"
    other.close()


def test_it_is_there_after_the_login_too(session):
    assert session.ask("/guest prover")[-1] == "== ok"
    prove(session, os.urandom(32))


@pytest.mark.parametrize("nonce", [
    "x", encode(b"x" * 31), encode(b"x" * 33), encode(b"x" * 32) + "=",
    base64.b64encode(b"\xff" * 32).decode().rstrip("="),
    encode(b"x" * 32)[:-1] + "9"])
def test_a_nonce_is_32_bytes(session, nonce):
    assert session.ask(f"/identity {nonce}")[-1] == "== error bad-nonce"


def test_it_takes_tls13(shared):
    old = context(shared.ca)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    machine = shared.machine(tls=old)
    nonce = encode(os.urandom(32))
    machine.ok("/mode machine")
    machine.refused(f"/identity {nonce}", "tls13-required")
    machine.ok("/identity")
    result = shared.ctl("identity", nonce)
    assert result.returncode == 1 and "tls13-required" in result.stderr
