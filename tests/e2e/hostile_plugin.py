#!/usr/bin/python3 -I
"""A plugin that does what its setting `does` says, and means no good.

test_plugins_hostile.py has what becomes of it.
"""

import array
import ctypes
import json
import os
import socket
import struct
import subprocess
import sys
import threading

SETTINGS = {}
KEPT = []  # so that memory is not given back
C = ctypes.CDLL(None, use_errno=True)
WORDS = "ABCDEFGH" * 128


def write(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def send(**message):
    write(json.dumps(message) + "\n")


def answer(use, *lines, **more):
    send(op="answer", id=use["id"], user=list(lines), **more)


def outcome(function):
    """One word: what came of it."""
    try:
        return "ok" if function() is None else "ok"
    except OSError as problem:
        return os.strerror(problem.errno) if problem.errno else "refused"
    except (MemoryError, RuntimeError, ValueError) as problem:
        return type(problem).__name__


def c_call(name, *arguments):
    """A function of the C library; raises what it says."""
    def call():
        if getattr(C, name)(*arguments) < 0:
            raise OSError(ctypes.get_errno(), name)
    return call


# What it does when it is used.

def hang(use):
    pass


def echo(use):
    answer(use, use["args"] or "nothing")


def flood(use):
    while True:
        send(op="log", text=WORDS[:100])


def gush(use):
    while True:
        write(WORDS)


def scream(use):
    answer(use, "now")
    while True:
        sys.stderr.write(WORDS[:100] + "\n")


def urgent(use):
    """Bytes beside the others, which nobody asked for."""
    with socket.socket(fileno=os.dup(1)) as link:
        for _ in range(100):
            link.send(b"x", socket.MSG_OOB)
        link.sendmsg([b" "], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                               array.array("i", [0, 1, 2]))])
    answer(use, "answered")


def linger(use):
    """A connection whose close() waits for who never reads it."""
    def ask():
        far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                       struct.pack("ii", 1, 3600))
    with socket.socket(fileno=os.dup(1)) as link, \
            socket.create_connection(("127.0.0.1", int(use["args"]))) as far:
        far.setblocking(False)
        came_of_it = outcome(ask)
        try:
            while True:
                far.send(bytes(65536))
        except BlockingIOError:
            pass
        link.sendmsg([b" "], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                               array.array("i", [far.fileno()]))])
        os.close(far.detach())
    answer(use, came_of_it)


def half(use):
    write('{"op":"answer","id":%d,"us' % use["id"])
    os._exit(0)


def die(use):
    os.abort()


def unknown(use):
    send(op="answer", id=use["id"] + 1000000, user=["not asked"])


def twice(use):
    answer(use, "once")
    answer(use, "twice")


def long(use):
    answer(use, "x" * (1 << 20))


def deep(use):
    write('{"op":"answer","id":%d,"state":%s%s}\n'
          % (use["id"], "[" * 5000, "]" * 5000))


def controls(use):
    answer(use, "a\x1b[2Jb")


def nul(use):
    write('{"op":"answer","id":%d,"user":["a\\u0000b"]}\n' % use["id"])


def bytes_(use):
    sys.stdout.buffer.write(b'{"op":"answer","id":%d,"user":["\xff\xfe"]}\n'
                            % use["id"])
    sys.stdout.flush()


def many(use):
    answer(use, *["line"] * 21)


def greedy(use):
    answer(use, "kept?", state="x" * (1 << 16))


def babble(use):
    """In a room it was never asked in, and then where it was."""
    send(op="say", room="vault", lines=["let me in"])
    send(op="say", room=use["room"], lines=["hello"])
    answer(use, "said")


def deaf(use):
    """Reads nothing more, and never ends by itself."""
    os.close(0)
    while True:
        threading.Event().wait()


def fork(use):
    answer(use, f"fork: {outcome(os.fork)}",
           f"vfork: {outcome(lambda: subprocess.run(['/bin/true']))}",
           f"exec: {outcome(lambda: os.execv('/bin/true', ['true']))}",
           f"session: {outcome(os.setsid)}")


def grow(use):
    def take():
        while True:
            KEPT.append(bytearray(1 << 20))
    answer(use, outcome(take))


def threads(use):
    """Each waits for ever."""
    while True:
        try:
            threading.Thread(target=threading.Event().wait,
                             daemon=True).start()
        except RuntimeError:
            os._exit(3)


def read(use):
    """Each path, and what came of reading it."""
    for path in SETTINGS["paths"].split(":"):
        flags = os.O_RDONLY | (os.O_DIRECTORY if path.endswith("/") else 0)
        KEPT.append(f"{path} {outcome(lambda: os.open(path, flags))}")
    answer(use, *KEPT)


def make(use):
    """Each path, and what came of writing it."""
    flags = os.O_WRONLY | os.O_CREAT
    for path in SETTINGS["paths"].split(":"):
        KEPT.append(f"{path} {outcome(lambda: os.open(path, flags))}")
        KEPT.append(f"{path} {outcome(lambda: os.chmod(path, 0o777))}")
        KEPT.append(f"{path} {outcome(lambda: os.unlink(path))}")
    answer(use, *KEPT)


def overwrite(use):
    """Each path, and what came of opening it to write what is there."""
    for path in SETTINGS["paths"].split(":"):
        for flags in (os.O_WRONLY, os.O_RDWR, os.O_RDONLY | os.O_TRUNC):
            KEPT.append(f"{path} {outcome(lambda: os.open(path, flags))}")
    answer(use, *KEPT)


def attack(use):
    """The daemon, and whoever else is there."""
    daemon = int(use["args"])
    here = ctypes.create_string_buffer(64)
    part = (ctypes.c_void_p * 2)(ctypes.addressof(here), 64)
    tries = {
        "kill": lambda: os.kill(daemon, 9),
        "kill all": lambda: os.kill(-1, 9),
        "kill parent": lambda: os.kill(os.getppid(), 9),
        "group": lambda: os.killpg(daemon, 9),
        "ptrace": c_call("ptrace", 16, daemon, 0, 0),
        "memory": c_call("process_vm_readv", daemon, part, 1, part, 1, 0),
        "limits": c_call("prlimit", daemon, 7, here, None),
        "priority": lambda: os.setpriority(os.PRIO_PROCESS, daemon, 19),
        "owner": c_call("fcntl", 0, 8, daemon),
        "handle": c_call("syscall", 434, daemon, 0),
        "keys": c_call("syscall", 250, 0, -3, 0),
        "mount": c_call("mount", b"/", b"/tmp", None, 4096, None),
        "ring": c_call("syscall", 425, 1, here),
        "space": c_call("unshare", 0x10000000),
    }
    answer(use, *[f"{name}: {outcome(tries[name])}" for name in tries])


def connect(use):
    port, path = use["args"].split()
    unix = ["stream", "datagram"]
    inet = ["tcp", "udp"]

    def tcp():
        with socket.create_connection(("127.0.0.1", int(port)), 10):
            pass

    def udp():
        with socket.socket(type=socket.SOCK_DGRAM) as s:
            s.sendto(b"x", ("127.0.0.1", int(port)))

    def stream():
        socket.socket(socket.AF_UNIX).connect(path)

    def datagram():
        socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b"x", path)

    def serve():
        socket.create_server(("127.0.0.1", 0))

    def multipath():
        socket.socket(proto=262)

    tries = [tcp, udp, stream, datagram, serve, multipath]
    assert {f.__name__ for f in tries} > {*unix, *inet}
    answer(use, *[f"{f.__name__}: {outcome(f)}" for f in tries])


def look(use):
    """At what it was given."""
    answer(use, "open " + " ".join(sorted(os.listdir("/proc/self/fd"))[:-1]),
           "environment " + " ".join(sorted(os.environ)),
           f"folder {os.getcwd()}", f"session {os.getsid(0) == os.getpid()}",
           f"links {len({os.readlink(f'/proc/self/fd/{n}') for n in (0, 1)})}")


def remember(use):
    answer(use, str(SETTINGS["state"]), state={"last": use["args"]})


def main():
    line = sys.stdin.readline()
    hello = json.loads(line)
    SETTINGS.update(hello["settings"], state=hello["state"])
    does = SETTINGS["does"]
    if does == "mute":
        threading.Event().wait()
    if does == "impolite":
        write("good morning\n")
    if does == "eager":
        send(op="say", room="lobby", lines=["first"])
    send(op="hello", v=1,
         commands=[{"name": hello["name"], "usage": "", "help": "evil"}],
         lines=[f"get_{hello['name']}"], events=["said", "joined"])
    for line in sys.stdin:
        message = json.loads(line)
        if message["op"] == "use":
            globals()[does](message)
        if message["op"] == "event":
            send(op="log", text=f"heard {message['event']} {message['user']} "
                                f"{message.get('text', '')}")
        if message["op"] == "bye" and SETTINGS.get("stays"):
            threading.Event().wait()


main()
