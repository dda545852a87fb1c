"""An HTTP server on loopback that answers as badly as a test wants."""

import json
import socket
import ssl
import threading

from rialto import PATIENCE

SYSTEM_CAS = "/etc/ssl/certs/ca-certificates.crt"


def ok(body, more=""):
    """The bytes of an answer that is all right, whatever is in it."""
    if not isinstance(body, bytes):
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
    return (f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{more}\r\n"
            ).encode() + body


def status(number, body=b"{}"):
    return ok(body).replace(b"200 OK", b"%d No" % number, 1)


def redirect(url):
    return (f"HTTP/1.1 302 Found\r\nLocation: {url}\r\n"
            "Content-Length: 0\r\n\r\n").encode()


def tls(made):
    """Wraps a server's sockets, with a certificate of rialtod --init."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made / "tls/server.crt", made / "tls/server.key")
    return lambda peer: context.wrap_socket(peer, server_side=True)


class JokeServer:
    """answer(number, path) gives what the request with this number gets.

    That is bytes, or something that gives bytes one after the other for as
    long as anybody reads them.
    """

    def __init__(self, answer, wrap=None):
        self.answer, self.wrap = answer, wrap
        self.listener = socket.create_server(("0.0.0.0", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/jokes"
        self.changed = threading.Condition()
        self.paths = []  # of all requests
        self.over = threading.Event()
        self.threads = []
        self._run(self._accept)

    def _run(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self._run(self._serve, peer)

    def _serve(self, peer):
        try:
            with self.wrap(peer) if self.wrap else peer as peer:
                self._talk(peer)
        except OSError:
            pass  # the plugin has heard enough

    def _talk(self, peer):
        request = b""
        while b"\r\n\r\n" not in request:
            more = peer.recv(4096)
            if not more:
                return
            request += more
        with self.changed:
            number = len(self.paths)
            self.paths.append(request.split(b" ")[1].decode())
            self.changed.notify_all()
        answer = self.answer(number, self.paths[number])
        for piece in [answer] if isinstance(answer, bytes) else answer:
            if self.over.is_set():
                return
            peer.sendall(piece)

    def hold(self):
        """An answer that never comes."""
        self.over.wait()
        yield b""

    def wait_for_requests(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.paths) >= count,
                                         20 * PATIENCE), self.paths

    def close(self):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(20 * PATIENCE)
