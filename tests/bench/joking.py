"""How long a joke takes, while the joke server does not answer at all."""

import socket
import time

import servers

AT_MOST = "at most"


class Joking(servers.Rialto):
    """With the joke plugin, whose server takes a connection and is silent."""

    name = "joking"

    def command(self):
        return [*super().command(), "--plugin-dir", self.build / "src/joke"]

    def set_up(self):
        super().set_up()
        port = self.silent.getsockname()[1]
        with open(self.folder / "home/rialto.yaml", "a") as settings:
            settings.write(f"""\
plugins:
  - name: joke
    program: rialto-joke
    network: true
    settings: {{ url: "http://127.0.0.1:{port}/", timeout: 1m }}
""")

    def launch(self):
        super().launch()
        until = time.monotonic() + servers.PATIENCE_S
        while "joke (up" not in self.ctl("plugins"):
            if time.monotonic() > until:
                raise RuntimeError("the joke plugin does not come up")
            time.sleep(0.01)


def measure(bench):
    with socket.create_server(("127.0.0.1", 0)) as Joking.silent:
        with bench.start(Joking) as server:
            figures = bench.measure("ask", server, line="/joke me",
                                    times=20000)
    for name, target in ("p50", None), ("p99", (AT_MOST, 10)), ("max", None):
        bench.add(f"/joke while its server is silent, {name}", "ms", target,
                  {"rialtod": figures[f"answer-{name}"]})
