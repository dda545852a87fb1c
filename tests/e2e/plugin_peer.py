"""Rialto's side of the plugin protocol, for a plugin that is run alone."""

import io
import itertools
import json
import subprocess
import threading

from rialto import Log, PATIENCE, deadline, environment, remaining

LINE_MOST = 128 * 1024
WORDS_MOST, LINES_MOST = 1000, 20
STATE_MOST = 64 * 1024
CODES = {"usage", "bad-input", "not-allowed", "not-found", "exists", "limit",
         "busy"}


def check_words(lines):
    assert 1 <= len(lines) <= LINES_MOST
    for line in lines:
        assert 1 <= len(line.encode()) <= WORDS_MOST
        assert not any(ord(c) < 32 or 0x7f <= ord(c) < 0xa0 for c in line)


def check_message(message):
    """What Rialto would kill a plugin for."""
    for key in ("user", "room", "lines"):
        # In hello, "lines" are what triggers a command.
        if key in message:
            check_words(message[key])
    refusal = message.get("refusal")
    if refusal is not None:
        assert refusal["code"] in CODES
        check_words([refusal["text"]])
        assert "user" not in message and "room" not in message
    assert len(json.dumps(message.get("state"))) <= STATE_MOST


class PluginPeer:
    """Starts a plugin over pipes and keeps the contract with it."""

    def __init__(self, command, name="plugin", settings=None, state=None,
                 env=None):
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(**(env or {})))
        self.errors = Log(io.TextIOWrapper(self.process.stderr,
                                           errors="replace"))
        self.ids = itertools.count(17)
        self.changed = threading.Condition()
        self.got, self.ended, self.fault = [], False, None
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        self.state = state
        self.send(op="hello", v=1, name=name, server="Test",
                  settings=settings or {}, state=state)
        self.hello = self.expect(lambda m: m["op"] == "hello")

    def _read(self):
        try:
            for line in self.process.stdout:
                assert len(line) <= LINE_MOST
                message = json.loads(line)
                check_message(message)
                with self.changed:
                    self.got.append(message)
                    self.changed.notify_all()
        except Exception as fault:
            self.fault = fault
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def send(self, **message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def expect(self, wanted, seconds=20):
        """Takes the first message that is wanted out of what came."""
        until = deadline(seconds)
        with self.changed:
            while True:
                for message in self.got:
                    if wanted(message):
                        self.got.remove(message)
                        return message
                assert not self.ended, \
                    f"it ended: {self.fault}, {self.errors.text()}"
                left = remaining(until)
                assert self.changed.wait(left) or left > 0.001, \
                    f"nothing like it in {self.got}"

    def expect_log(self, words):
        return self.expect(lambda m: m["op"] == "log" and words in m["text"])

    def use(self, command, args="", user="ann", roles=("guest", "user"), room="den",
            line=False):
        """The answer to one use; its state is kept as Rialto would."""
        number = next(self.ids)
        self.send(op="use", id=number, command=command, args=args, user=user,
                  roles=list(roles), room=room, line=line)
        answer = self.expect(
            lambda m: m["op"] == "answer" and m["id"] == number)
        self.state = answer.get("state", self.state)
        return answer

    def event(self, event, room="den", user="ann", **more):
        self.send(op="event", event=event, room=room, user=user, **more)

    def bye(self):
        """Its exit status, once it was told to leave."""
        self.send(op="bye")
        self.process.stdin.close()
        status = self.process.wait(20 * PATIENCE)
        self.thread.join(20 * PATIENCE)
        assert self.fault is None, self.fault
        return status

    def close(self):
        self.process.kill()
        self.process.wait()
        self.thread.join(20 * PATIENCE)
        self.errors.wait_for_end()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
