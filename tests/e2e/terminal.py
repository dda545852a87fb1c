"""A person at a terminal: a program in a pseudo-terminal, and what it shows."""

import os
import signal
import termios
import time

import pexpect
import pyte

import rialto

PATIENCE = 20 * rialto.PATIENCE  # seconds


class Terminal:
    def __init__(self, *command, env=None, columns=72, rows=20):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""  # everything that ever came
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("NO_COLOR", "COLUMNS", "LINES")
        }
        environment.update(TERM="xterm", LC_ALL="C.UTF-8", INPUTRC="/dev/null")
        environment.update(env or {})
        self.child = pexpect.spawn(
            str(command[0]), [str(word) for word in command[1:]],
            env=environment, dimensions=(rows, columns))
        self.child.delaybeforesend = None

    @property
    def lines(self):
        """What the screen shows, without empty lines at its end."""
        shown = [line.rstrip() for line in self.screen.display]
        while shown and not shown[-1]:
            shown.pop()
        return shown

    @property
    def text(self):
        return "\n".join(self.lines)

    def read(self, timeout=0.05):
        """Takes in what the program wrote; False when it has ended."""
        try:
            data = self.child.read_nonblocking(65536, timeout)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self.stream.feed(data)
        return True

    def wait(self, condition, what):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            alive = self.read()
            if condition():
                return
            assert alive, f"the program ended before {what}:\n{self.text}"
            assert time.monotonic() < deadline, f"no {what}:\n{self.text}"

    def until(self, wanted):
        """Waits until the screen shows this text."""
        self.wait(lambda: wanted in self.text, repr(wanted))

    def until_last(self, wanted):
        """Waits until the last line of the screen is this."""
        self.wait(lambda: self.lines[-1:] == [wanted], repr(wanted))

    def type(self, keys):
        self.child.send(keys)

    def enter(self, line):
        self.child.send(line + "\r")

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def echoes(self):
        """Whether the terminal itself shows what is typed."""
        return bool(termios.tcgetattr(self.child.child_fd)[3] & termios.ECHO)

    def kill(self, number=signal.SIGTERM):
        self.child.kill(number)

    def leave(self, closes=True):
        """Waits for the end and returns the exit status, if it has one."""
        deadline = time.monotonic() + PATIENCE
        while self.read():
            assert time.monotonic() < deadline, f"no end:\n{self.text}"
        self.child.wait()
        if closes:
            self.child.close()
        return self.child.exitstatus

    def close(self):
        self.child.close(force=True)
