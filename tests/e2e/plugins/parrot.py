#!/usr/bin/python3 -I
"""A plugin that does what it is told, for tests.

    /parrot ANSWER      answers that JSON object, with the id put in
    /parrot use         answers the use itself, as JSON, to the asker alone
    /parrot seen        answers the events so far, likewise
    /parrot count       counts in the state, and tells the number
    /parrot hang        never answers
    /parrot die         writes half an answer and ends
    /parrot tell ROOM LINE…    says that, unasked, and then answers

The setting `hello` is what its hello has beside, as JSON.
"""

import json
import os
import sys


def send(**message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Parrot:
    def __init__(self, hello):
        self.count = hello["state"] or 0
        self.seen = []
        more = json.loads(hello["settings"].get("hello") or "{}")
        send(**{"op": "hello", "v": 1, "commands": [
            {"name": "parrot", "usage": "WORDS", "help": "says it again"}],
            "lines": ["polly"], "events": ["joined", "left", "said"], **more})

    def event(self, message):
        words = [message["event"], message["room"], message["user"]]
        self.seen.append(" ".join(words + [message.get("text", "")]).strip())

    def use(self, message):
        args, use = message["args"], message["id"]
        word, _, rest = args.partition(" ")
        if args.startswith("{"):
            send(**{"op": "answer", "id": use, **json.loads(args)})
        elif args in ("use", ""):
            send(op="answer", id=use, user=[json.dumps(message)])
        elif args == "seen":
            send(op="answer", id=use, user=[json.dumps(self.seen[-20:])])
        elif args == "count":
            self.count += 1
            send(op="answer", id=use, user=[str(self.count)], state=self.count)
        elif args == "die":
            sys.stdout.write('{"op":"answer","id":')
            sys.stdout.flush()
            os._exit(1)
        elif word == "tell":
            room, _, text = rest.partition(" ")
            send(op="say", room=room, lines=[text])
            send(op="answer", id=use, user=["told"])


def main():
    parrot = Parrot(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        message = json.loads(line)
        if message["op"] == "bye":
            break
        getattr(parrot, message["op"])(message)


main()
