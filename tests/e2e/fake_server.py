"""A TLS server that does what a daemon never would, to test the clients."""

import socket
import ssl
import subprocess
import threading


class Gone(Exception):
    """The client closed the connection."""


class Conversation:
    """One connection, as the function that plays the server sees it."""

    def __init__(self, tls, number):
        self.tls = tls
        self.number = number  # 0 for the server's first connection
        self.pending = b""
        self.prompt = b""  # what was sent behind the last line end
        self.identifies = False

    def send(self, data):
        data = data.encode() if isinstance(data, str) else data
        self.prompt = (self.prompt + data).rpartition(b"\n")[2]
        self.tls.sendall(data)

    def line(self):
        """The next line the client sends, without its end; but first it asks
        who this is, and hears that this server has never heard of that."""
        line = self.raw_line()
        if not self.identifies and line.startswith("/identity "):
            self.identifies = True
            self.send(b"!! unknown-command There is no /identity.\n" +
                      self.prompt)
            line = self.raw_line()
        return line

    def raw_line(self):
        while b"\n" not in self.pending:
            more = self.tls.recv(4096)
            if not more:
                raise Gone
            self.pending += more
        line, self.pending = self.pending.split(b"\n", 1)
        return line.rstrip(b"\r").decode()

    def expect(self, wanted):
        got = self.line()
        assert got == wanted, f"the client sent {got!r}, not {wanted!r}"

    def log_in(self, name, password):
        """Plays the prompts of a person's login."""
        self.send("Fake.\nusername: ")
        self.expect(name)
        self.send("password: ")
        self.expect(password)
        self.send(f"-- Welcome, {name}.\n")

    def help(self):
        """Plays what a person's client asks after its first login."""
        self.expect("/mode machine")
        self.send("== ok\n")
        self.expect("/help")
        self.send("-- /topic [TEXT]  show the topic, or set it\n"
                  "-- /tell NAME TEXT  say something to one person\n"
                  "-- /join ROOM  enter a room\n== ok\n")
        self.expect("/mode person")

    def log_in_machine(self, login):
        """Plays the two lines that a script begins with."""
        self.send("Fake.\nusername: ")
        self.expect("/mode machine")
        self.send("\n== ok\n")
        self.expect(login)
        self.send("-- Welcome.\n== ok\n")


LOOPBACK = "DNS:localhost,IP:127.0.0.1,IP:::1"


def make_certificate(folder, name="fake", names=LOOPBACK, days=2):
    """A self-signed certificate; (certificate, key) paths."""
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", str(days),
         "-subj", f"/CN={name}", "-addext",
         f"subjectAltName={names}",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    return certificate, key


def linger(tls):
    """Ends, and waits until the client does: whoever closes with something
    unread resets the connection, and takes back what was said."""
    tls.settimeout(10)
    tls.shutdown(socket.SHUT_WR)
    while tls.recv(4096):
        pass


class FakeServer:
    """
    Calls play(conversation) in a thread for each connection, and closes it
    when play returns. What play raises is raised again by stop().
    """

    def __init__(self, play, certificate, port=0, alpn=("rialto-line",)):
        self.play = play
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.load(certificate)
        if alpn:
            self.context.set_alpn_protocols(list(alpn))
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.problem = None
        self.threads = []
        self.count = 0
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def load(self, certificate):
        """From the next connection on, this (certificate, key) is shown."""
        self.context.load_cert_chain(*certificate)

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(
                target=self.serve, args=(plain, self.count), daemon=True)
            self.count += 1
            self.threads.append(thread)
            thread.start()

    def serve(self, plain, number):
        try:
            with self.context.wrap_socket(plain, server_side=True) as tls:
                self.play(Conversation(tls, number))
                linger(tls)
        except (Gone, OSError):
            pass
        except BaseException as problem:  # the test's thread reports it
            self.problem = problem
        finally:
            plain.close()

    def stop_listening(self):
        """From now on, nobody listens here."""
        if self.thread.is_alive():
            self.listener.shutdown(socket.SHUT_RDWR)
            self.thread.join()
        self.listener.close()

    def stop(self):
        self.stop_listening()
        for thread in self.threads:
            thread.join(10)
        if self.problem:
            raise self.problem

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
