"""Who may do what: a table of expectations, and nothing else.

Each row is a command as somebody writes it, with what it comes to for each
role, in each state of the room, and under each sanction. test_matrix.py
crosses them all against a daemon; doc/moderation.md shows the table, as
printed by `python3 tests/e2e/matrix.py`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

# Role and name. A stranger has not logged in; an outsider is a user who is in
# no room that matters; all others but the console are in the den.
CAST = {
    "stranger": None, "guest": "zoe", "outsider": "otto", "member": "mem",
    "voiced": "vic", "op": "opal", "owner": "olga", "auditor": "ada",
    "teller": "tia",
    "moderator": "mel", "admin": "ann", "console": None,
}
RANKS = ["guest", "member", "voiced", "op", "owner", "moderator", "admin"]
RANK = {role: RANKS.index(role) for role in RANKS} | {
    "stranger": -1, "outsider": 1, "auditor": 1, "teller": 1, "console": 6}

# State of the room (or the server), and the commands that make and end it.
STATES = {
    "open": ("", ""),
    "moderated": ("/in den /mode +m", "/in den /mode -m"),
    "op-moderated": ("/in den /mode +mz", "/in den /mode -mz"),
    "users-speak": ("/in den /mode +M", "/in den /mode -M"),
    "newcomer": ("/in den /mode +N 1w", "/in den /mode -N"),
    "invite-only": ("/in den /mode +i", "/in den /mode -i"),
    "key": ("/in den /mode +k sesame", "/in den /mode -k"),
    "limit": ("/in den /mode +l 1", "/in den /mode -l"),
    "users-join": ("/in den /mode +R", "/in den /mode -R"),
    "secret": ("/in den /mode +s", "/in den /mode -s"),
    "topic-locked": ("/in den /mode +t", "/in den /mode -t"),
    "filtered": ("/in den /filter add refuse hello",
                 "/in den /filter remove {id}"),
    "closed": ("/close den", "/reopen den"),
    "lockdown": ("/lockdown 1h", "/lockdown off"),
}

# What was done to the one who acts, by an admin.
SANCTIONS = {
    "none": ("", ""),
    "quieted": ("/in den /quiet {name} no words", "/in den /unquiet {id}"),
    "banned": ("/in den /ban {name} no entry", "/in den /unban {id}"),
    "muted": ("/gmute {whom} no words anywhere", "/ungmute {id}"),
}


@dataclass
class No:
    """A refusal, when everything that is named here fits."""

    code: str
    below: str = None      # a rank
    state: tuple = ()      # any of these
    sanction: tuple = ()
    outside: bool = None   # of the den
    roles: tuple = ()

    def fits(self, role, state, sanction):
        return ((self.below is None or RANK[role] < RANKS.index(self.below))
                and (not self.state or state in self.state)
                and (not self.sanction or (sanction in self.sanction
                                           and role != "console"))
                and (self.outside is None
                     or self.outside == is_outside(role, state, sanction))
                and (not self.roles or role in self.roles))


def is_outside(role, state, sanction):
    return role in ("outsider", "console") or state == "closed" or (
        sanction == "banned" and role != "stranger")


ALL = tuple(CAST)
HERE = ALL[1:]                       # logged in, or the console
PEOPLE = HERE[:-1]
USERS = tuple(r for r in HERE if r != "guest")
LOGINS = tuple(r for r in PEOPLE if r != "guest")
STAFF = ("moderator", "admin", "console")
ADMIN = ("admin", "console")
READERS = ("auditor",) + ADMIN
DESK = ("auditor",) + STAFF


@dataclass
class Row:
    verb: str
    line: str
    who: tuple                 # who may write it at all
    no: tuple = ()             # the first that fits counts
    act: str = None            # the audit record that it leaves
    target: str = None         # as the record has it
    kind: str = None           # read | say | move | act | fresh | once
    room: bool = False         # it is about the current room
    setup: tuple = ()          # ((who, line, record), …); gives {id}
    undo: tuple = ()           # ((who, line, record), …); "me" is the actor
    note: str = ""             # for the document

    def __post_init__(self):
        if self.kind is None:
            self.kind = "act" if self.act else "read"
        if self.room:
            self.no = (No("no-room", outside=True, roles=PEOPLE), *self.no)

    def expect(self, role, state, sanction):
        """The code of the answer."""
        if role not in self.who:
            return "login-required" if role == "stranger" else "not-allowed"
        for no in self.no:
            if no.fits(role, state, sanction):
                return no.code
        return "ok"


def least(rank):
    return No("not-allowed", below=rank)


def reads(rank):
    """As least(), but an auditor reads everything."""
    return No("not-allowed", below=rank,
              roles=tuple(r for r in HERE if r != "auditor"))


# Coming, going, speaking.

IN_ALREADY = (No("already-logged-in", roles=HERE),)
NEW = (No("lockdown", state=("lockdown",), roles=("stranger",)),)
SPEAK = (
    No("muted", sanction=("muted",)),
    No("quieted", sanction=("quieted",)),
    No("users-only", state=("users-speak",), below="member"),
    No("moderated", state=("moderated",), below="voiced"),
    No("held", state=("op-moderated",), below="voiced"),
    No("newcomer", state=("newcomer",), below="voiced"),
    No("filtered", state=("filtered",), below="op"),
)
ENTER = (
    No("room-closed", state=("closed",)),
    No("banned", sanction=("banned",)),
    No("users-only", state=("users-join",), below="member", outside=True),
    No("invite-only", state=("invite-only",), below="op", outside=True),
    No("bad-key", state=("key",), below="op", outside=True),
    No("room-full", state=("limit",), below="op", outside=True),
)

COMING = [
    Row("login", "/login mem wrong word", ALL, IN_ALREADY, "user.login",
        kind="fresh"),
    Row("register", "/register nora open sesame 1", ALL, IN_ALREADY + NEW,
        "user.register", kind="fresh"),
    Row("guest", "/guest gus", ALL, IN_ALREADY + NEW, kind="fresh"),
    Row("quit", "/quit", ALL, kind="fresh"),
    Row("passwd", '/passwd "{word}" "{word}"', LOGINS, act="user.password",
        target="{me}"),
    Row("code", "/code 123456", ALL, (
        No("login-required", roles=("stranger",)), No("not-found"))),
    Row("factor", "/factor", LOGINS),
    Row("factor on", "/factor on {word}", LOGINS, kind="once"),
    Row("factor confirm", "/factor confirm", LOGINS, (No("usage"),)),
    Row("factor codes", "/factor codes 123456", LOGINS, (No("not-found"),)),
    Row("factor off", "/factor off 123456", LOGINS, (No("not-found"),)),
    Row("mydata", "/mydata", LOGINS, act="user.export", kind="once"),
    Row("sessions", "/sessions", HERE),
    Row("sessions end", "/sessions end {session}", HERE,
        (No("not-found", below="admin"),), "session.end",
        note="of somebody else"),
    Row("sessions all", "/sessions all", ADMIN),
    Row("mode machine", "/mode machine", ALL),
    Row("mode person", "/mode person\n/mode machine", ALL),
    Row("help", "/help", ALL),
    Row("identity", "/identity", ALL),
    Row("say", "/say hello", PEOPLE, SPEAK, kind="say", room=True),
    Row("me", "/me hello", PEOPLE, SPEAK, kind="say", room=True),
    Row("tell", "/tell wil psst", PEOPLE, (No("muted", sanction=("muted",)),),
        kind="say"),
    Row("tell", "/tell milo psst", PEOPLE, kind="say", note="staff"),
    Row("reply", "/reply psst", PEOPLE, (No("muted", sanction=("muted",)),),
        kind="say"),
    Row("away", "/away lunch", PEOPLE, (No("muted", sanction=("muted",)),),
        note="with words"),
    Row("away", "/away", PEOPLE),
    Row("ignore", "/ignore", PEOPLE),
    Row("ignore", "/ignore tess memos", PEOPLE, note="somebody"),
    Row("unignore", "/unignore wil", PEOPLE, (No("not-found"),),
        note="whom one does not ignore"),
    Row("mail", "/mail", LOGINS),
    Row("mail all", "/mail all", LOGINS),
    Row("mail delete", "/mail delete 1", LOGINS, (No("not-found"),),
        note="what is not there"),
    Row("nick", "/nick zed", PEOPLE, (
        No("not-allowed", roles=LOGINS), No("muted", sanction=("muted",)),
        No("quieted", sanction=("quieted",), outside=False)), kind="move",
        undo=(("me", "/nick zoe", None),)),
    Row("whois", "/whois wil", HERE),
]

# Rooms.

UNREAD = tuple(r for r in HERE if r != "auditor")  # auditors read everything
UNSEEN = (
    No("no-such-room", state=("secret",), below="op", outside=True,
       roles=UNREAD),
    No("room-closed", state=("closed",), below="moderator", roles=UNREAD),
)
# What was said is for who is inside, and for who looks after the place.
UNREAD_OUTSIDE = UNSEEN + (
    No("no-room", outside=True,
       roles=tuple(r for r in PEOPLE if r not in DESK)),)

ROOMS = [
    Row("join", "/join den", PEOPLE, ENTER, kind="move"),
    Row("join", "/join own{serial}", PEOPLE, (
        No("no-such-room", roles=("guest",)),
        No("muted", sanction=("muted",)),
        No("lockdown", state=("lockdown",))), "room.create", kind="create",
        note="of a new room"),
    Row("leave", "/leave yard", PEOPLE, kind="move"),
    Row("rooms", "/rooms", HERE),
    Row("who", "/who den", HERE, UNSEEN),
    Row("in", "/in den /who", HERE, UNSEEN + (
        No("no-room", below="op", outside=True, roles=UNREAD),)),
    Row("topic", "/topic", HERE, room=True),
    Row("topic", "/topic words", HERE, (
        No("users-only", below="member"),
        No("muted", sanction=("muted",)),
        No("quieted", sanction=("quieted",)),
        No("moderated", state=("moderated", "op-moderated"), below="voiced"),
        No("newcomer", state=("newcomer",), below="voiced"),
        No("topic-locked", state=("topic-locked",), below="op")),
        kind="move", room=True, undo=(("crew", "/in den /topic -", None),),
        note="to set it"),
    Row("review", "/review den", HERE, UNREAD_OUTSIDE),
    Row("search", "/search hello in:den", HERE, UNREAD_OUTSIDE),
    Row("mentions", "/mentions den", PEOPLE, UNREAD_OUTSIDE),
    Row("delete", "/delete den 999999", HERE,
        UNREAD_OUTSIDE + (No("not-found"),),
        note="a number that nothing has"),
    Row("delete", "/delete den by nora", HERE,
        UNREAD_OUTSIDE + (least("op"), No("not-found")),
        note="of who said nothing"),
    Row("retention", "/retention", HERE, room=True),
    Row("retention", "/retention 500 1d", HERE, (least("owner"),),
        "room.retention", room=True,
        undo=(("crew", "/in den /retention default", None),),
        note="to change it"),
    Row("mode", "/mode", HERE, room=True),
    Row("mode", "/mode +c", HERE, (least("op"),), "room.mode", room=True,
        undo=(("crew", "/in den /mode -c", None),), note="to change it"),
]

# Rights in a room.

RIGHTS = [
    Row("op", "/op tess", USERS, (least("owner"),), "room.rank", "tess",
        room=True, undo=(("crew", "/in den /deop tess", None),)),
    Row("deop", "/deop toby", USERS, (least("owner"),), "room.rank", "toby",
        room=True,
        setup=(("olga", "/in den /op toby", "room.rank"),),
        undo=(("crew", "/in den /deop toby", None),), note="oneself: whoever is one"),
    Row("deop", "/deop toni", USERS, (least("owner"), No("rank", below="admin")),
        "room.rank", "toni", room=True,
        setup=(("crew", "/in den /op toni", None),),
        undo=(("crew", "/in den /deop toni", None),),
        note="whom an admin made it"),
    Row("voice", "/voice tess", USERS, (least("op"),), "room.rank", "tess",
        room=True, undo=(("crew", "/in den /devoice tess", None),)),
    Row("devoice", "/devoice tom", USERS, (least("op"),), "room.rank", "tom",
        room=True, setup=(("cora", "/in den /voice tom", None),),
        undo=(("crew", "/in den /devoice tom", None),)),
    Row("owner", "/owner tess", USERS, (least("owner"),), "room.owner", "tess",
        room=True, undo=(("crew", "/in den /owner olga", None),
                         ("crew", "/in den /deop tess", None))),
    Row("successor", "/successor", USERS, (least("owner"),), room=True),
    Row("successor", "/successor tess", USERS, (least("owner"),),
        "room.successor", "tess", room=True,
        undo=(("crew", "/in den /successor -", None),), note="to name one"),
    Row("mine", "/mine", LOGINS),
    Row("modlog", "/modlog", USERS, (
        No("not-allowed", below="op",
           roles=tuple(r for r in USERS if r != "auditor")),), room=True),
    Row("modlog all", "/modlog all", DESK),
]

# The lists of a room.


def lifts(verb, set_verb, record):
    """Taking back what an op, or an admin, has set."""
    return [
        Row(verb, f"/{verb} {{id}}", HERE, (least("op"),), record, room=True,
            setup=(("cora", f"/in den /{set_verb} guest:{verb}-1", None),),
            undo=(("crew", f"/in den /{verb} {{id}}", None),)),
        Row(verb, f"/{verb} {{id}}", HERE, (least("op"),
                                            No("rank", below="admin")),
            record, room=True,
            setup=(("crew", f"/in den /{set_verb} guest:{verb}-2", None),),
            undo=(("crew", f"/in den /{verb} {{id}}", None),),
            note="what an admin has set"),
    ]


def sets(verb, lift, record, line=None):
    return [Row(verb, line or f"/{verb} tess 1h why", HERE, (least("op"),),
                record, room=True,
                undo=(("crew", f"/in den /{lift} {{id}}", None),
                      ("tess", "back", None)))]


EMPTY = No("no-such-user", state=("closed",))

LISTS = [
    Row("kick", "/kick tess why", HERE, (least("op"), EMPTY), "room.kick",
        "tess", room=True, undo=(("tess", "back", None),)),
    Row("kick", "/kick crew why", HERE, (
        least("op"), EMPTY, No("rank", below="admin")), "room.kick", "crew",
        room=True, undo=(("crew", "back", None),),
        note="an admin"),
    *sets("ban", "unban", "room.ban"),
    Row("ban", "/ban crew why", HERE, (least("op"), No("rank", below="admin")),
        "room.ban", room=True,
        undo=(("crew", "/in den /unban {id}", None), ("crew", "back", None)),
        note="an admin"),
    Row("ban", "/ban --dry-run tess", HERE, (least("op"),), room=True,
        note="`--dry-run`"),
    *lifts("unban", "ban", "room.unban"),
    *sets("quiet", "unquiet", "room.quiet"),
    *lifts("unquiet", "quiet", "room.unquiet"),
    *sets("exempt", "unexempt", "room.exempt"),
    *lifts("unexempt", "exempt", "room.unexempt"),
    Row("invite", "/invite ivy", HERE, (
        least("op"), No("muted", sanction=("muted",))), "room.invite",
        room=True, undo=(("ivy", "back", None), ("ivy", "/leave den", None))),
    *sets("admit", "unadmit", "room.admit"),
    *lifts("unadmit", "admit", "room.unadmit"),
    Row("sanctions", "/sanctions", HERE, (reads("op"),), room=True),
    Row("sanctions", "/sanctions den", HERE, UNSEEN + (reads("op"),),
        note="from elsewhere"),
    Row("filter add", "/filter add refuse {row}-{me}", HERE, (least("op"),),
        "room.filter", room=True,
        undo=(("crew", "/in den /filter remove {id}", None),)),
    Row("filter remove", "/filter remove {id}", HERE, (least("op"),),
        "room.unfilter", room=True,
        setup=(("cora", "/in den /filter add refuse wicked", None),),
        undo=(("crew", "/in den /filter remove {id}", None),)),
    Row("filters", "/filters", HERE, (reads("op"),), room=True),
    Row("filters", "/filters den", HERE, UNSEEN + (reads("op"),),
        note="from elsewhere"),
]

# The whole server.

SERVER = [
    Row("gban", "/gban 192.0.2.1 1h why", STAFF, act="server.ban",
        undo=(("crew", "/ungban {id}", None),)),
    Row("ungban", "/ungban {id}", STAFF, act="server.unban",
        setup=(("milo", "/gban 192.0.2.2 1h why", None),),
        undo=(("crew", "/ungban {id}", None),)),
    Row("ungban", "/ungban {id}", STAFF, (No("rank", below="admin"),),
        "server.unban", setup=(("crew", "/gban 192.0.2.3 1h why", None),),
        undo=(("crew", "/ungban {id}", None),), note="what an admin has set"),
    Row("gbans", "/gbans", STAFF),
    Row("gmute", "/gmute tess 1h why", STAFF, act="server.mute",
        undo=(("crew", "/ungmute {id}", None),)),
    Row("gmute", "/gmute crew 1h why", STAFF, (No("rank", below="admin"),),
        "server.mute", undo=(("crew", "/ungmute {id}", None),),
        note="an admin"),
    Row("ungmute", "/ungmute {id}", STAFF, act="server.unmute",
        setup=(("milo", "/gmute 192.0.2.4 1h why", None),),
        undo=(("crew", "/ungmute {id}", None),)),
    Row("gmutes", "/gmutes", STAFF),
    Row("lockdown", "/lockdown", STAFF),
    Row("lockdown", "/lockdown 2h", STAFF,
        (No("rank", state=("lockdown",), below="admin"),), "server.lockdown",
        undo=(("crew", "lockdown", None),), note="to begin it"),
    Row("lockdown", "/lockdown off", STAFF, (
        No("rank", state=("lockdown",), below="admin"),), "server.unlock",
        setup=(("milo", "lockdown", None),),
        undo=(("crew", "lockdown", None),), note="to end it"),
    Row("close", "/close attic why", STAFF, act="room.close",
        undo=(("crew", "/reopen attic", None),)),
    Row("reopen", "/reopen attic", STAFF, act="room.reopen",
        setup=(("milo", "/close attic", None),),
        undo=(("crew", "/reopen attic", None),)),
    Row("reopen", "/reopen loft", STAFF, (No("rank", below="admin"),),
        "room.reopen", setup=(("crew", "/close loft", None),),
        undo=(("crew", "/reopen loft", None),), note="what an admin has closed"),
    Row("rooms show", "/rooms show attic", DESK),
    Row("samesite", "/samesite tess", STAFF),
    Row("note", "/note uma text", STAFF, act="user.note", target="uma",
        undo=(("crew", "/notes remove uma {id}", None),)),
    Row("note", "/note crew text", STAFF, (No("rank", below="admin"),),
        "user.note", "crew", undo=(("crew", "/notes remove crew {id}", None),),
        note="an admin"),
    Row("notes", "/notes uma", DESK),
    Row("notes remove", "/notes remove uma {id}", STAFF, act="user.unnote",
        target="uma", setup=(("milo", "/note uma text", None),),
        undo=(("crew", "/notes remove uma {id}", None),)),
    Row("notes remove", "/notes remove uma {id}", STAFF, (
        No("rank", below="admin"),), "user.unnote", "uma",
        setup=(("crew", "/note uma text", None),),
        undo=(("crew", "/notes remove uma {id}", None),),
        note="what an admin has written"),
    Row("report", "/report wil is rude", PEOPLE, act="report.file",
        target="wil", kind="once"),
    Row("reports", "/reports", DESK),
    Row("reports closed", "/reports closed", DESK),
    Row("reports show", "/reports show 1", DESK),
    Row("reports take", "/reports take {id}", STAFF, act="report.take",
        kind="once", setup=(("reporter", "/report wil is rude", None),)),
    Row("reports close", "/reports close {id} done", STAFF,
        act="report.close", kind="once",
        setup=(("reporter", "/report wil is rude", None),)),
]

# The bank. Each deposits before it withdraws and pays.

BANK = [
    Row("balance", "/balance", LOGINS),
    Row("accounts", "/accounts", LOGINS),
    Row("deposit", "/deposit 5", LOGINS, act="bank.deposit",
        target="cash:till", kind="once"),
    Row("withdraw", "/withdraw 1", LOGINS, act="bank.withdraw",
        target="cash:till", kind="once"),
    Row("pay", "/pay wil 1", LOGINS, act="bank.pay", target="wil",
        kind="once"),
    Row("pay", "/pay wil 1 lunch", LOGINS, (
        No("muted", sanction=("muted",)),), "bank.pay", "wil", kind="once",
        note="with a memo"),
    Row("pay", "/pay {me} 1", LOGINS, (No("self-payment"),), note="oneself"),
    Row("pay", "/pay wil 1 from=wil", LOGINS, (No("no-such-account"),),
        note="from another's account"),
    Row("transfer", "/transfer {me} {me} 1", LOGINS, (No("self-payment"),),
        note="to where it comes from"),
    Row("history", "/history", LOGINS),
    Row("statement", "/statement 2001-01", LOGINS, (No("not-found"),),
        note="of before the account"),
]

# What waits for somebody; wil has money, and the actor has what is left above.


def claims(verb, record):
    """What wil holds for the actor."""
    return [
        Row(verb, f"/{verb} {{id}}", LOGINS, act=record, target="wil",
            kind="once", setup=(("wil", "/deposit 1", None),
                                ("wil", "/hold {me} 1", None))),
        Row(verb, f"/{verb} 999999", LOGINS, (No("no-such-hold"),),
            note="what is not there"),
    ]


def replies(verb, record, who="wil", whom="{me}"):
    """What wil asks the actor for; or the actor, wil."""
    return [
        Row(verb, f"/{verb} {{id}}", LOGINS, act=record, target="wil",
            kind="once",
            setup=((who, f"/request {whom} 0.10", "bank.request"),)),
        Row(verb, f"/{verb} 999999", LOGINS, (No("no-such-request"),),
            note="what is not there"),
    ]


PENDING = [
    Row("hold", "/hold wil 0.10", LOGINS, act="bank.hold", target="wil",
        kind="once"),
    Row("hold", "/hold wil 0.10 tools", LOGINS, (
        No("muted", sanction=("muted",)),), "bank.hold", "wil", kind="once",
        note="with a memo"),
    Row("hold", "/hold {me} 1", LOGINS, (No("self-payment"),), note="oneself"),
    *claims("capture", "bank.capture"),
    *claims("release", "bank.release"),
    Row("holds", "/holds", LOGINS),
    Row("request", "/request wil 0.10", LOGINS, act="bank.request",
        target="wil", kind="once"),
    Row("request", "/request wil 0.10 tools", LOGINS, (
        No("muted", sanction=("muted",)),), "bank.request", "wil", kind="once",
        note="with a memo"),
    Row("request", "/request {me} 1", LOGINS, (No("self-payment"),),
        note="oneself"),
    Row("split", "/split 0.30 wil", LOGINS, act="bank.request", target="wil",
        kind="once"),
    Row("split", "/split 0.30 {me}", LOGINS, (No("self-payment"),),
        note="with nobody"),
    *replies("accept", "bank.pay"),
    *replies("decline", "bank.decline"),
    *replies("cancel", "bank.cancel", who="me", whom="wil"),
    Row("requests", "/requests", LOGINS),
    Row("undo", "/undo", LOGINS, act="bank.reverse", target="cash:till",
        kind="once", setup=(("me", "/deposit 0.10", "bank.deposit"),)),
    Row("undo", "/undo 1", LOGINS, (No("not-found"),),
        note="what somebody else did"),
    Row("refund", "/refund {id}", LOGINS, act="bank.reverse", target="wil",
        kind="once", setup=(("wil", "/pay {me} 0.10", None),)),
    Row("refund", "/refund 1", LOGINS, (No("not-found"),),
        note="what was not paid to one"),
]

OWN = [
    Row("account open", "/account open n{serial}", LOGINS, act="bank.open",
        kind="once"),
    Row("account close", "/account close shoe", LOGINS, act="bank.close",
        target="{me}/shoe", kind="once",
        setup=(("me", "/account open shoe", "bank.open"),)),
    Row("account close", "/account close wil", LOGINS, (
        No("no-such-account"),), note="of somebody else"),
    Row("account add", "/account add shared:{me} wil", LOGINS,
        act="bank.holders", target="shared:{me}", kind="once",
        setup=(("me", "/account open shared:{me}", "bank.open"),)),
    Row("account remove", "/account remove shared:{me} wil", LOGINS,
        act="bank.holders", target="shared:{me}", kind="once"),
    Row("account low", "/account low {me} 5", LOGINS, act="bank.terms",
        target="{me}", kind="once"),
    Row("account show", "/account show {me}", LOGINS),
    Row("account show", "/account show wil", LOGINS, (
        No("no-such-account"),), note="of somebody else"),
]

# Tellers, in the order of a day; nobody else knows the till's state.

TELLER = ("teller",)
COUNTER = TELLER + READERS

TELLERS = [
    Row("teller tills", "/teller tills", COUNTER),
    Row("teller sheet", "/teller sheet till", COUNTER),
    Row("teller find", "/teller find wil", TELLER + ("console",)),
    Row("teller open", "/teller open till 5", TELLER, act="bank.till",
        target="cash:till", kind="once"),
    Row("teller count", "/teller count 5", TELLER, kind="once"),
    Row("teller deposit", "/teller deposit wil 5", TELLER, act="bank.deposit",
        target="wil", kind="once"),
    Row("teller withdraw", "/teller withdraw wil 1", TELLER,
        act="bank.withdraw", target="wil", kind="once"),
    Row("teller close", "/teller close 9", TELLER + ADMIN,
        (No("not-found", roles=ADMIN),), "bank.till", "cash:till",
        kind="once"),
    Row("teller move", "/teller move 1 box", TELLER, (No("not-found"),),
        note="without a till"),
    Row("teller reverse", "/teller reverse #1 why", TELLER, (
        No("muted", sanction=("muted",)), No("not-found")),
        note="what is no cash"),
]

# Payments that are made again and again.

NEXT_YEAR = date.today() + timedelta(365)
YEARLY = f"/standing wil 0.10 yearly from {NEXT_YEAR}"

STANDING = [
    Row("standing", "/standing", LOGINS),
    Row("standing", YEARLY, LOGINS, act="bank.standing", target="wil",
        kind="once", note="a new one"),
    Row("standing", YEARLY + " lunch", LOGINS, (
        No("muted", sanction=("muted",)),), "bank.standing", "wil",
        kind="once", note="with a memo"),
    Row("standing", "/standing {me} 1 daily", LOGINS, (No("self-payment"),),
        note="oneself"),
    Row("standing cancel", "/standing cancel {id}", LOGINS,
        act="bank.standing.cancel", target="{me}", kind="once",
        setup=(("me", YEARLY, "bank.standing"),)),
    Row("standing cancel", "/standing cancel 999999", LOGINS,
        (No("not-found"),), note="what is not there"),
]

# Administration.


def board(verb):
    """The rules, or the message of the day."""
    clear = (("crew", f"/{verb} clear", None),)
    return [
        Row(verb, f"/{verb}", ALL),
        Row(f"{verb} set", f"/{verb} set be kind", ADMIN, act=f"server.{verb}",
            undo=clear),
        Row(f"{verb} add", f"/{verb} add be kind", ADMIN,
            act=f"server.{verb}", undo=clear),
        Row(f"{verb} clear", f"/{verb} clear", ADMIN, act=f"server.{verb}",
            setup=(("crew", f"/{verb} set be kind", None),), undo=clear),
    ]


ADMINISTRATION = [
    Row("users", "/users", READERS),
    Row("users show", "/users show wil", READERS),
    Row("users export", "/users export uma", ADMIN, act="user.export",
        target="uma", kind="once"),
    Row("users add", "/users add gone {word}", ADMIN, act="user.add",
        target="gone", undo=(("crew", "/users remove gone", None),)),
    Row("users approve", "/users approve uma", ADMIN, (No("exists"),),
        note="who is active already"),
    Row("users disable", "/users disable uma", ADMIN, act="user.disable",
        target="uma", undo=(("crew", "/users enable uma", None),)),
    Row("users enable", "/users enable ugo", ADMIN, act="user.enable",
        target="ugo", setup=(("crew", "/users disable ugo", None),),
        undo=(("crew", "/users enable ugo", None),)),
    Row("users remove", "/users remove gone", ADMIN, act="user.remove",
        target="gone", setup=(("stranger", "/register gone {word}",
                               "user.register"),),
        undo=(("crew", "/users remove gone", None),)),
    Row("users rename", "/users rename uli ulf", ADMIN, act="user.rename",
        target="uli", undo=(("crew", "/users rename ulf uli", None),)),
    Row("users role", "/users role uma +teller", ADMIN, act="user.role",
        target="uma", undo=(("crew", "/users role uma -teller", None),)),
    Row("users password", "/users password uma {word}", ADMIN,
        act="user.password", target="uma"),
    Row("users factor", "/users factor uma off", ADMIN, (No("not-found"),),
        note="who has none"),
    Row("status", "/status", READERS),
    Row("audit tail", "/audit tail", READERS),
    Row("audit verify", "/audit verify", READERS, kind="once"),
    Row("audit export", "/audit export {backup}.log", ADMIN,
        act="audit.export", kind="once"),
    *board("rules"),
    *board("motd"),
    Row("broadcast", "/broadcast tea is ready", ADMIN, act="server.broadcast"),
    Row("reload", "/reload", ADMIN, act="server.reload", kind="once"),
    Row("renew", "/renew", ADMIN, act="server.renew", kind="once"),
    Row("plugins", "/plugins", HERE),
    Row("plugins off", "/plugins off jest", ADMIN, act="plugin.off",
        target="jest", kind="once",
        undo=(("crew", "/plugins on jest", None),)),
    Row("plugins on", "/plugins on jest", ADMIN, act="plugin.on",
        target="jest", kind="once",
        setup=(("crew", "/plugins off jest", None),)),
    Row("plugins reload", "/plugins reload jest", ADMIN, act="plugin.reload",
        target="jest", kind="once"),
    Row("backup", "/backup {backup}", ADMIN, act="server.backup",
        kind="once"),
    Row("stop", "/stop", ADMIN, act="server.stop", kind="last"),
]

# The bank, for administrators and auditors.

BANK_ADMIN = [
    Row("bank accounts", "/bank accounts", READERS),
    Row("bank show", "/bank show uma", READERS),
    Row("bank entries", "/bank entries kind:open", READERS),
    Row("bank head", "/bank head", READERS),
    Row("bank clock", "/bank clock", READERS),
    Row("bank clock", "/bank clock accept", ADMIN, (No("exists"),),
        note="nobody doubts it"),
    Row("bank status", "/bank status", READERS),
    Row("bank verify", "/bank verify", READERS, act="bank.verify",
        kind="once"),
    Row("bank import", "/bank import check {backup}.csv", ADMIN,
        (No("not-found"),), note="what is not there"),
    Row("bank export", "/bank export csv {backup}.csv", READERS,
        act="bank.export", kind="once"),
    Row("bank limits", "/bank limits uma rate=1.5", ADMIN, act="bank.terms",
        target="uma", kind="once"),
    Row("bank freeze", "/bank freeze uma why", ADMIN, act="bank.freeze",
        target="uma", kind="once",
        undo=(("crew", "/bank thaw uma why", None),)),
    Row("bank thaw", "/bank thaw uma why", ADMIN, act="bank.freeze",
        target="uma", kind="once",
        setup=(("crew", "/bank freeze uma why", None),)),
    Row("bank open", "/bank open cash:{me}", ADMIN, act="bank.open",
        kind="once"),
    Row("bank close", "/bank close house:attic why", ADMIN, act="bank.close",
        target="house:attic", kind="once",
        setup=(("crew", "/bank open house:attic", None),)),
    Row("bank reverse", "/bank reverse {id} why", ADMIN, act="bank.reverse",
        kind="once",
        setup=(("crew", "/bank adjust cash:till income 1 why", None),)),
    Row("bank adjust", "/bank adjust cash:till income 1 why", ADMIN,
        act="bank.adjust", kind="once"),
    Row("bank pending", "/bank pending", READERS),
    Row("bank approve", "/bank approve 999", ("admin",), (No("not-found"),),
        note="what does not wait"),
    Row("bank reject", "/bank reject 999", ADMIN, (No("not-found"),),
        note="what does not wait"),
]

FAMILIES = {
    "Coming, going, speaking": COMING, "Rooms": ROOMS,
    "Rights in a room": RIGHTS, "Lists of a room": LISTS,
    "The whole server": SERVER, "The bank": BANK,
    "Holds and requests": PENDING,
    "One's own accounts": OWN,
    "Tellers": TELLERS,
    "Standing orders": STANDING,
    "Administration": ADMINISTRATION,
    "The bank as a whole": BANK_ADMIN,
}
ROWS = [row for rows in FAMILIES.values() for row in rows]


# The document.

COLUMNS = ["guest", "member", "voiced", "op", "owner", "auditor", "moderator",
           "admin", "console"]


def title(row):
    return f"`/{row.verb}`" + (f" ({row.note})" if row.note else "")


def cell(row, role):
    code = row.expect(role, "open", "none")
    return {"ok": "yes", "not-allowed": ""}.get(code, f"`{code}`")


def condition(no):
    """When a refusal meets people, in words; None when a column says it."""
    words = [*no.state, *no.sanction]
    if not words:
        return None
    text = f"`{no.code}`: " + " or ".join(words)
    if no.roles == ("stranger",):
        return text
    if no.below:
        text += f", below {no.below}"
    return text + (", from outside" if no.outside else "")


def table(rows):
    """Tellers may elsewhere what members may."""
    columns = COLUMNS if rows[0] not in TELLERS else ["teller", *COLUMNS]
    yield "| command | " + " | ".join(columns) + " | refused also |"
    yield "|---" * (len(columns) + 2) + "|"
    for row in rows:
        refused = "; ".join(filter(None, map(condition, row.no)))
        yield f"| {title(row)} | " + " | ".join(
            cell(row, role) for role in columns) + f" | {refused} |"


def document():
    """Lines of Markdown, for doc/moderation.md."""
    for name, rows in FAMILIES.items():
        yield from ("", f"### {name}", "")
        yield from table([row for row in rows if row.kind != "fresh"])


if __name__ == "__main__":
    print("\n".join(document()))
