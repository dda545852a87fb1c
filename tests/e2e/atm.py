"""A client of the ATM protocol, after doc/protocol.md: TLS and its exporter by
pyOpenSSL, JWE and JWS by jwcrypto, so that nothing of it is ours.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import select
import socket
import uuid

from jwcrypto import jwe, jwk, jws
from OpenSSL import SSL

from rialto import ADMIN, ADMIN_WORD, PATIENCE, WORD, Closed, deadline, \
    remaining

LABEL = b"EXPERIMENTAL-rialto-session-1"


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hkdf(exported, salt, info, size):
    """RFC 5869 over SHA-256."""
    key = hmac.digest(salt, exported, "sha256")
    made = block = b""
    for i in range(1, -(-size // 32) + 1):
        block = hmac.digest(key, block + info + bytes([i]), "sha256")
        made += block
    return made[:size]


def context(ca=None, certificate=None, key=None, newest=None):
    """How clients speak TLS: verifying the server, unless there is no ca."""
    made = SSL.Context(SSL.TLS_CLIENT_METHOD)
    if ca is not None:
        made.load_verify_locations(str(ca))
        made.set_verify(SSL.VERIFY_PEER, lambda *args: args[-1])
    if certificate is not None:
        made.use_certificate_file(str(certificate))
        made.use_privatekey_file(str(key or certificate))
    if newest is not None:
        made.set_max_proto_version(newest)
    return made


class Wire:
    """Lines by TLS, with deadlines."""

    def __init__(self, port, tls, alpn=b"rialto-atm", window=None,
                 source=None):
        self.sock = socket.socket()
        if source:
            self.sock.bind((source, 0))
        if window:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.sock.settimeout(20 * PATIENCE)
        self.sock.connect(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.tls = SSL.Connection(tls, self.sock)
        if alpn:
            self.tls.set_alpn_protos([alpn])
        self.tls.set_tlsext_host_name(b"localhost")
        self.tls.set_connect_state()
        self.pending = b""
        self._until_done(self.tls.do_handshake, deadline(), "handshake")

    def _until_done(self, step, until, wanted):
        while True:
            try:
                return step()
            except SSL.WantReadError:
                ready = self._wait_for(select.POLLIN, until)
            except SSL.WantWriteError:
                ready = self._wait_for(select.POLLOUT, until)
            except (SSL.ZeroReturnError, SSL.SysCallError, SSL.Error,
                    OSError) as problem:
                raise Closed(f"no {wanted}: {problem!r}")
            assert ready, f"no {wanted}"

    def _wait_for(self, what, until):
        """By poll(): there may be thousands of others."""
        poll = select.poll()
        poll.register(self.sock, what)
        return poll.poll(remaining(until) * 1000)

    def send(self, data):
        until = deadline()
        while data:
            sent = self._until_done(lambda: self.tls.send(data[:65536]), until,
                                    "sending")
            data = data[sent:]

    def line(self, until=None):
        until = until or deadline()
        while b"\n" not in self.pending:
            self.pending += self._until_done(lambda: self.tls.recv(65536),
                                             until, "line")
        line, self.pending = self.pending.split(b"\n", 1)
        return line

    def rest(self):
        """What still comes up to the end, which must come; lines."""
        until = deadline()
        try:
            while True:
                self.pending += self._until_done(
                    lambda: self.tls.recv(65536), until, "end")
        except Closed:
            return self.pending.splitlines()

    def exported(self):
        return self.tls.export_keying_material(LABEL, 32, b"")

    def close(self):
        if self.sock.fileno() < 0:  # or another's descriptor by now
            return
        try:
            self.tls.shutdown()
        except SSL.Error:
            pass
        self.sock.close()


def check_words(answer):
    """Wherever there is a refusal, its words name no command of another
    front-end. (A request, as a relay reads it, has a code of another kind.)
    """
    for value in answer.values() if isinstance(answer, dict) else answer:
        if isinstance(value, (dict, list)):
            check_words(value)
    if isinstance(answer, dict) and "code" in answer and "op" not in answer:
        assert not re.search(r"(^|[\s(])/[a-z]", answer["text"]), answer


class Refused(AssertionError):
    """An answer that is not ok."""

    def __init__(self, answer):
        super().__init__(answer)
        self.answer = answer
        self.code = answer["error"]["code"]


class Atm:
    """A session; identity is the kid by which the server is known."""

    def __init__(self, port, ca=None, identity=None, hello=True, tls=None,
                 **more):
        self.wire = Wire(port, tls or context(ca), **more)
        self.identity = identity
        self.keys = {}
        self.sent = self.received = 0
        if hello:
            self.hello()

    # Messages as they travel.

    def send_line(self, data):
        self.wire.send((data if isinstance(data, bytes) else data.encode())
                       + b"\n")

    def send_plain(self, message):
        self.send_line(json.dumps(message))

    def receive_plain(self):
        return json.loads(self.wire.line())

    def seal(self, text, seq=None, key=None, **header):
        """The next message, or one that says so."""
        protected = {"alg": "dir", "enc": "A256CBC-HS512",
                     "seq": self.sent if seq is None else seq, **header}
        made = jwe.JWE(text if isinstance(text, bytes) else text.encode(),
                       protected=json.dumps(protected),
                       recipient=key or self.keys["request"])
        if seq is None:
            self.sent += 1
        return made.serialize(compact=True)

    def open(self, line):
        """What the server has sealed, if it is the next of its messages."""
        message = jwe.JWE()
        message.deserialize(line.decode(), self.keys["response"])
        header = json.loads(message.objects["protected"])
        assert header == {"alg": "dir", "enc": "A256CBC-HS512",
                          "seq": self.received}, header
        self.received += 1
        answer = json.loads(message.payload)
        check_words(answer)
        return answer

    # Hello.

    def derive(self, client_nonce, server_nonce):
        exported = self.wire.exported()
        salt = client_nonce + server_nonce

        def key(name):
            made = hkdf(exported, salt, b"rialto/1 " + name, 64)
            return jwk.JWK(kty="oct", k=encode(made))

        self.keys = {"request": key(b"request"), "response": key(b"response")}
        return hkdf(exported, salt, b"rialto/1 confirm", 32)

    def hello(self):
        """Agrees on keys, and checks who it is before anything else is said."""
        nonce = os.urandom(32)
        self.send_plain({"op": "hello", "v": 1, "client_nonce": encode(nonce)})
        answer = self.receive_plain()
        if not answer["ok"]:
            raise Refused(answer)
        assert answer["v"] == 1 and answer["session"]
        server_nonce = decode(answer["server_nonce"])
        assert len(server_nonce) == 32
        confirm = self.derive(nonce, server_nonce)
        kid, payload = read_signed(answer["identity"])
        assert payload == {"v": 1, "confirm": encode(confirm),
                           "client_nonce": encode(nonce),
                           "server_nonce": answer["server_nonce"]}
        assert self.identity in (None, kid), f"the server is {kid}"
        self.identity = kid
        return answer

    # Requests.

    def send(self, op, id=None, **members):
        """Without waiting for its answer; its id."""
        id = id or str(uuid.uuid4())
        # "from" and the like are no names of Python's.
        members = {name.rstrip("_"): value for name, value in members.items()
                   if value is not None}
        self.send_line(self.seal(json.dumps({"op": op, "id": id, **members})))
        return id

    def receive(self):
        return self.open(self.wire.line())

    def ask(self, op, **members):
        """The answer, whatever it is."""
        id = self.send(op, **members)
        answer = self.receive()
        assert answer.get("re") == id, answer
        return answer

    def ok(self, op, **members):
        answer = self.ask(op, **members)
        if answer["ok"] is not True:
            raise Refused(answer)
        return answer

    def refused(self, code, op, /, **members):
        """The words of the refusal."""
        answer = self.ask(op, **members)
        assert answer["ok"] is False and answer["error"]["code"] == code, \
            answer
        return answer["error"]["text"]

    def login(self, user, password=WORD, **more):
        return self.ok("login", user=user, password=password, **more)

    def admin(self):
        return self.login(ADMIN, ADMIN_WORD)

    def balance(self, account=None):
        return self.ok("balance", account=account)["balance"]["posted"]

    def last_word(self, code):
        """It is refused something, without an id, and the session ends."""
        line = self.wire.line()
        answer = self.open(line) if self.keys else json.loads(line)
        assert answer["ok"] is False and "re" not in answer, answer
        assert answer["error"]["code"] == code, answer
        assert self.wire.rest() == []
        return answer["error"]["text"]

    def close(self):
        self.wire.close()


def read_signed(text, typ=None):
    """The kid of who has signed it, and what; whoever that is."""
    token = jws.JWS()
    token.deserialize(text)
    header = json.loads(token.objects["protected"])
    public = decode(header["jwk"]["x"])
    expected = {"alg": "EdDSA", "kid": encode(hashlib.sha256(public).digest()),
                "jwk": {"kty": "OKP", "crv": "Ed25519",
                        "x": encode(public)}}
    if typ:
        expected["typ"] = typ
    assert header == expected, header
    token.allowed_algs = ["EdDSA"]
    token.verify(jwk.JWK(**header["jwk"]))
    return header["kid"], json.loads(token.payload)
