"""An authenticator, as a phone has it, and a daemon whose clock can be moved:
a code is good once, and tests do not wait for the next."""

import base64
import hashlib
import hmac
import re
import time

import calendar_days

STEP = 30


class Clock:
    """A wall clock that is ahead by what a file says."""

    def __init__(self, folder):
        self.file = folder / "clock"
        self.ahead = 0
        self.move(0)
        self.env = {**calendar_days.on("2000-01-01"),
                    "FAKETIME_TIMESTAMP_FILE": str(self.file),
                    "FAKETIME_NO_CACHE": "1"}
        del self.env["FAKETIME"], self.env["TZ"]

    def move(self, seconds):
        self.ahead += seconds
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"+{self.ahead}\n")
        fresh.replace(self.file)

    def step(self):
        return int(time.time() + self.ahead) // STEP


def totp(secret, step):
    """RFC 6238, written anew."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"),
                      hashlib.sha1).digest()
    at = digest[-1] & 15
    number = int.from_bytes(digest[at:at + 4], "big") & 0x7FFFFFFF
    return f"{number % 1000000:06}"


class Phone:
    """Has a secret, and shows each code once: the clock moves on for it."""

    def __init__(self, clock, secret):
        self.clock, self.secret = clock, secret
        self.used = 0

    def code(self):
        step = self.clock.step()
        if step <= self.used:
            self.clock.move(STEP * (self.used + 1 - step))
            step = self.clock.step()
        self.used = step
        return totp(self.secret, step)

    def wrong(self):
        """None of those that are near."""
        near = {totp(self.secret, self.clock.step() + away)
                for away in range(-4, 5)}
        return next(code for code in map("{:06}".format, range(20))
                    if code not in near)


def secret_of(words):
    return re.search(r"[?&]secret=([A-Z2-7]{32})(?:&|$)", words, re.M)[1]


def sheet_of(words):
    return re.findall(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}\b", words)


def enrol(clock, peer, word):
    """The phone, and the recovery codes."""
    phone = Phone(clock, secret_of(peer.ok(f"/factor on {word}").text))
    sheet = sheet_of(peer.ok(f"/factor confirm {phone.code()}").text)
    assert len(sheet) == 10
    return phone, sheet
