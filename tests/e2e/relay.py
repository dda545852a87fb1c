"""Somebody between a client and a daemon, with a certificate that the client
trusts: it ends the client's TLS, and begins another with the daemon."""

import contextlib
import hashlib
import json
import os
import socket
import threading

from jwcrypto import jwk, jws
from OpenSSL import SSL

from atm import LABEL, Atm, Wire, context, decode, encode, hkdf
from rialto import PATIENCE


class Relay:
    """All that clients have said is in heard, a line each."""

    def __init__(self, port, certificate, protocol, own_port=0):
        self.port_there = port
        self.protocol = protocol
        self.heard = []
        self.context = SSL.Context(SSL.TLS_SERVER_METHOD)
        self.context.use_certificate_chain_file(str(certificate[0]))
        self.context.use_privatekey_file(str(certificate[1]))
        self.context.set_alpn_select_callback(lambda _, offered: offered[0])
        self.listener = socket.create_server(("127.0.0.1", own_port))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            plain.settimeout(None)
            tls = SSL.Connection(self.context, plain)
            tls.set_accept_state()
            with contextlib.suppress(SSL.Error, OSError):
                self.serve(tls)
            plain.close()

    def serve(self, tls):
        there = Wire(self.port_there, context(), alpn=self.protocol)
        pending = b""
        try:
            while True:
                pending += tls.recv(65536)
                while b"\n" in pending:
                    line, pending = pending.split(b"\n", 1)
                    self.heard.append(line.decode())
                    tls.sendall(self.answer(tls, line, there))
        finally:
            there.close()

    def answer(self, tls, line, there):
        raise NotImplementedError

    def stop(self):
        """After it, all that was said has been heard."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(60 * PATIENCE)
        assert not self.thread.is_alive()
        self.listener.close()


def is_identity(line):
    return b"identity" in line and b"." in line


class DumbRelay(Relay):
    """Passes on what it hears, and all up to the daemon's identity."""

    def answer(self, tls, line, there):
        there.send(line + b"\n")
        said = b""
        while not is_identity(said):
            said = there.line()
            tls.sendall(said + b"\n")
        return b""


class ActiveRelay(Relay):
    """Negotiates with both sides, with an identity of its own."""

    def __init__(self, *words, **more):
        self.key = jwk.JWK.generate(kty="OKP", crv="Ed25519")
        super().__init__(*words, **more)

    def sign(self, tls, nonce):
        """(its nonce, its identity) for the channel to the client."""
        mine = os.urandom(32)
        exported = tls.export_keying_material(LABEL, 32, b"")
        confirm = hkdf(exported, nonce + mine, b"rialto/1 confirm", 32)
        public = json.loads(self.key.export_public())
        kid = encode(hashlib.sha256(decode(public["x"])).digest())
        token = jws.JWS(json.dumps({
            "v": 1, "confirm": encode(confirm), "client_nonce": encode(nonce),
            "server_nonce": encode(mine)}))
        token.allowed_algs = ["EdDSA"]
        token.add_signature(self.key, None, json.dumps({
            "alg": "EdDSA", "kid": kid,
            "jwk": {name: public[name] for name in ("kty", "crv", "x")}}))
        return encode(mine), token.serialize(compact=True)

    def negotiate(self, there):
        """As a client of the daemon's, which can do so with anybody."""
        nonce = encode(os.urandom(32))
        if self.protocol == b"rialto-line":
            there.send(f"/identity {nonce}\n".encode())
        else:
            there.send(json.dumps({"op": "hello", "v": 1, "client_nonce":
                                   nonce}).encode() + b"\n")
        while not is_identity(there.line()):
            pass

    def answer(self, tls, line, there):
        self.negotiate(there)
        if self.protocol == b"rialto-line":
            mine, identity = self.sign(tls, decode(line.decode().split()[1]))
            return f"Rialto\n-- identity {mine} {identity}\n".encode()
        return self.introduce(tls, line)[0]

    def introduce(self, tls, line):
        """(the answer to a hello, both nonces)"""
        nonce = decode(json.loads(line)["client_nonce"])
        mine, identity = self.sign(tls, nonce)
        return json.dumps({
            "ok": True, "v": 1, "server_nonce": mine, "session": "1",
            "identity": identity}).encode() + b"\n", nonce, decode(mine)


class ServerEnd(Atm):
    """Of the channel to a client."""

    def __init__(self, tls, client_nonce, server_nonce):
        self.tls, self.wire = tls, self
        self.sent = self.received = 0
        self.exported_once = tls.export_keying_material(LABEL, 32, b"")
        self.derive(client_nonce, server_nonce)
        self.keys = {"request": self.keys["response"],
                     "response": self.keys["request"]}

    def exported(self):
        return self.exported_once


class TalkingRelay(ActiveRelay):
    """One whom the client believes: it passes on what is said, with answers
    as it likes them."""

    def __init__(self, port, certificate, change=lambda answer: None):
        self.change = change
        self.ends = []  # to clients
        super().__init__(port, certificate, b"rialto-atm")

    def serve(self, tls):
        there, here, pending = Atm(self.port_there), None, b""
        try:
            while True:
                pending += tls.recv(65536)
                while b"\n" in pending:
                    line, pending = pending.split(b"\n", 1)
                    if here is None:
                        said, *nonces = self.introduce(tls, line)
                        here = ServerEnd(tls, *nonces)
                        self.ends.append(here)
                    else:
                        said = self.pass_on(here, line, there)
                    tls.sendall(said)
        finally:
            there.close()

    def pass_on(self, here, line, there):
        there.send_line(there.seal(json.dumps(here.open(line))))
        answer = there.receive()
        self.change(answer)
        return here.seal(json.dumps(answer)).encode() + b"\n"
