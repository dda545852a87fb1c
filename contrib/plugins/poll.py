#!/usr/bin/python3 -I
"""A poll for rooms: a plugin of Rialto, and a model for others.

    /poll QUESTION | ANSWER | ANSWER ...   opens a poll in the room
    /poll                                  shows how it stands
    /vote N                                votes; again, to change one's mind
    /poll close                            ends it and tells the result

In rialto.yaml:

    plugins:
      - name: poll
        program: /usr/share/rialto/plugins/poll.py
        rooms: all
        settings: { greet: 60 }

Rialto starts this program and says one JSON object per line on its standard
input; it answers likewise on its standard output: see rialto-plugin(7). Three
things of the protocol are worth copying:

  state   The polls are sent along with each answer that changes them. Rialto
          writes them to the disk before it tells the answer, and gives them
          back in the next hello: whatever crashes, no vote that was confirmed
          is lost.
  user    Lines that only the asker sees. Nobody learns who voted for what.
  events  Who joins a room where a poll is open is told of it, once, and not
          more often than every `greet` seconds in a room. Rialto sends the
          event only from rooms that the setting `rooms` names.
"""

import json
import sys
import time

ANSWERS = range(2, 11)
QUESTION_BYTES, ANSWER_BYTES = 300, 100
STATE_BYTES = 60 * 1024  # Rialto keeps 64 KiB
GREETED_MOST = 50  # people, in a poll
MONTH = 30 * 24 * 3600  # then a poll is over, whether it was closed or not
STAFF = {"moderator", "admin"}

HELLO = {
    "op": "hello",
    "v": 1,
    "commands": [
        {"name": "poll", "usage": "[QUESTION | ANSWER | ANSWER... | close]",
         "help": "opens, shows or closes a poll"},
        {"name": "vote", "usage": "N", "help": "votes in the room's poll"},
    ],
    "events": ["joined"],
}


class Refused(Exception):
    """What the asker did was wrong: a code of the protocol, and why."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code, self.text = code, text


def describe(poll):
    """Its lines: what was asked, and what was answered how often."""
    votes = list(poll["votes"].values())
    count = f"{len(votes)} vote" + ("s" if len(votes) != 1 else "")
    yield f"{poll['by']} asks: {poll['question']} ({count})"
    for number, answer in enumerate(poll["answers"], 1):
        yield f"{number}. {answer}: {votes.count(number)}"


def parse(args):
    """Question and answers of /poll QUESTION | ANSWER | ANSWER ..."""
    question, *answers = (part.strip() for part in args.split("|"))
    if not question or len(answers) not in ANSWERS or "" in answers:
        raise Refused("usage", "Say /poll QUESTION | ANSWER | ANSWER ..., "
                      "with two to ten answers.")
    if len(question.encode()) > QUESTION_BYTES:
        raise Refused("bad-input", "The question is too long.")
    if max(len(answer.encode()) for answer in answers) > ANSWER_BYTES:
        raise Refused("bad-input", "An answer is too long.")
    if len({answer.casefold() for answer in answers}) < len(answers):
        raise Refused("bad-input", "Two answers are the same.")
    return question, answers


class Polls:
    """The open polls: by room, whose names have no case."""

    def __init__(self, state, settings):
        self.polls = state or {}
        greet = settings.get("greet")
        self.pause = greet if isinstance(greet, (int, float)) else 60
        self.greeted = {}  # room: when somebody was greeted there

    def find(self, room):
        poll = self.polls.get(room.lower())
        if poll and poll["opened"] < time.time() - MONTH:
            return None
        return poll

    def open_one(self, room):
        poll = self.find(room)
        if not poll:
            raise Refused("not-found", "No poll is open here.")
        return poll

    def fits(self):
        return len(json.dumps(self.polls)) <= STATE_BYTES

    def poll(self, use):
        args = use["args"].strip()
        if not args:
            return {"user": list(describe(self.open_one(use["room"])))}
        if args.lower() == "close":
            return self.close(use)
        return self.open(use, *parse(args))

    def open(self, use, question, answers):
        if self.find(use["room"]):
            raise Refused("exists", "A poll is open here already; "
                          "/poll close ends it.")
        others = {room: poll for room, poll in self.polls.items()
                  if self.find(room)}
        self.polls = {**others, use["room"].lower(): {
            "question": question, "answers": answers, "by": use["user"],
            "opened": int(time.time()), "votes": {}, "greeted": []}}
        if not self.fits():
            self.polls = others
            raise Refused("limit", "Too many polls are open.")
        numbered = (f"{n}. {answer}" for n, answer in enumerate(answers, 1))
        return {"room": [f"{use['user']} asks: {question}", *numbered,
                         "Say /vote N."], "state": self.polls}

    def close(self, use):
        poll = self.open_one(use["room"])
        is_mine = poll["by"].lower() == use["user"].lower()
        if not is_mine and not STAFF.intersection(use["roles"]):
            raise Refused("not-allowed", f"{poll['by']} opened the poll, "
                          "and closes it.")
        del self.polls[use["room"].lower()]
        return {"room": ["The poll is closed.", *describe(poll)],
                "state": self.polls}

    def vote(self, use):
        poll = self.open_one(use["room"])
        choice, most = use["args"].strip(), len(poll["answers"])
        if choice not in map(str, range(1, most + 1)):
            raise Refused("bad-input", f"Say /vote N, with N from 1 to {most}.")
        name, before = use["user"].lower(), dict(poll["votes"])
        poll["votes"][name] = int(choice)
        if not self.fits():
            poll["votes"] = before
            raise Refused("limit", "No more votes can be kept.")
        return {"user": [f"You voted for {poll['answers'][int(choice) - 1]}."],
                "state": self.polls}

    def use(self, use):
        """The answer to one use, without its op and id."""
        if use["room"] is None:
            raise Refused("bad-input", "Polls are held in rooms.")
        if "user" not in use["roles"]:
            raise Refused("not-allowed", "Polls are for users, not for guests.")
        return self.vote(use) if use["command"] == "vote" else self.poll(use)

    def joined(self, event):
        """What is said when somebody joins; None for nothing.

        Nothing that somebody has written: nobody asked whether that one may
        speak in the room, as is asked for an answer.
        """
        room, name = event["room"].lower(), event["user"].lower()
        poll, now = self.find(room), time.monotonic()
        if not poll or name in poll["votes"] or name in poll["greeted"] or \
                len(poll["greeted"]) == GREETED_MOST or \
                now - self.greeted.get(room, -self.pause) < self.pause:
            return None
        poll["greeted"].append(name)
        if not self.fits():
            poll["greeted"].pop()
            return None
        self.greeted[room] = now
        return {"op": "say", "room": event["room"], "state": self.polls,
                "lines": [f"{event['user']}, a poll is open: /poll shows it."]}


def send(message):
    print(json.dumps(message), flush=True)


def answer(polls, use):
    try:
        said = polls.use(use)
    except Refused as refused:
        said = {"refusal": {"code": refused.code, "text": refused.text}}
    send({"op": "answer", "id": use["id"], **said})


def main():
    polls = None
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if message["op"] == "hello":
            polls = Polls(message.get("state"), message.get("settings") or {})
            send(HELLO)
        elif message["op"] == "use":
            answer(polls, message)
        elif message["op"] == "event" and message["event"] == "joined":
            said = polls.joined(message)
            if said:
                send(said)
        elif message["op"] == "bye":
            break


if __name__ == "__main__":
    main()
