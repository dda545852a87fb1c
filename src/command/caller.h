/*
 * A caller: what commands know of the session they serve, and how they answer
 * it. A front-end embeds one in what it keeps for each session.
 *
 * All of it belongs to the session's worker.
 */
#ifndef RIALTO_COMMAND_CALLER_H
#define RIALTO_COMMAND_CALLER_H

#include <stdbool.h>

#include "base/err.h"
#include "chat/person.h"
#include "chat/room.h"
#include "command/realm.h"
#include "net/session.h"
#include "user/user.h"

struct caller;
struct enrolment;
struct half_login;
struct mentions;
struct pledge;
struct search;

/* Who has logged in; borrowed. */
struct welcome {
	const char *name; /* as it is written */
	role_set roles;
	bool has_factor;       /* a second one */
	int64_t last_login_ms; /* wall clock; 0: this is the first */
	const char *last_address;
};

/*
 * What refusals tell people to do, in the way of their front-end: a part of a
 * sentence. The words of the bank itself name no command, as they are
 * remembered, and may be asked for by another front-end.
 */
enum way {
	WAY_ACCOUNTS, /* "/accounts shows yours" */
	WAY_FACTOR,   /* "/factor on makes one." */
	WAYS,
};

/* What a front-end does for its callers. */
struct caller_ops {
	/* An answer, one line of it. */
	void (*say)(struct caller *caller, const char *text);

	/* A refusal: its code, and words for a person. */
	void (*refuse)(struct caller *caller, enum err code, const char *text);

	/* The command has been answered, with ERR_OK or its refusal's code. */
	void (*done)(struct caller *caller, enum err code);

	/*
	 * Somebody has logged in; when that is a person, which is set now, the
	 * sessions of the person must be found by it.
	 */
	void (*entered)(struct caller *caller);

	/* Whoever was logged in is not, from now on. */
	void (*leaving)(struct caller *caller);

	/*
	 * Answers a login, or a registration that is one. NULL: a service with
	 * rooms, which welcomes by lines. Without rooms nobody in chat notices
	 * the login, and what waits there goes on waiting.
	 */
	void (*welcome)(struct caller *caller, const struct welcome *welcome);

	/* Machine mode on or off; false when the front-end has no such thing.
	 */
	bool (*set_machine)(struct caller *caller, bool is_machine);

	/*
	 * Asks the person for what a password command lacks. False when there
	 * is nobody to ask.
	 */
	bool (*ask_passwords)(struct caller *caller, const char *verb,
			      const char *name);

	const char *ways[WAYS];
};

struct caller {
	const struct caller_ops *ops;
	struct realm *realm;
	struct session *session;
	unsigned subscriber; /* the number of its worker's */

	/* Before the login: NULL, 0 and no roles. */
	struct person *person; /* a reference; NULL without rooms */
	user_id user;
	role_set roles;
	struct room *room; /* the current one: a reference, or NULL */
	char reply_to[NAME_MOST + 1]; /* "" : nobody */
	struct search *search;        /* the last, for more of it; or NULL */
	struct mentions *mentions;    /* likewise */
	struct half_login *half;      /* waits for a code; or NULL */
	struct enrolment *enrolment;  /* a factor to be confirmed; or NULL */
	struct pledge *pledge; /* a line that waits for a code; or NULL */
	unsigned failures;     /* wrong passwords and codes, up to its end */
	unsigned proofs;       /* of our identity, likewise */
	bool is_console;
	char console[32];        /* "console:UID" */
	char site[ADDRESS_TEXT]; /* whose lockouts and quotas count */
};

/* An empty caller for a session that was just opened. */
void caller_init(struct caller *caller, const struct caller_ops *ops,
		 struct realm *realm, struct session *session);

/* The session ends for this reason: leaves the rooms, and is recorded. */
void caller_fini(struct caller *caller, enum err why);

/*
 * Makes the session the person's. ERR_NAME_TAKEN when somebody else is here
 * under the name.
 */
NODISCARD enum err caller_enter(struct caller *caller, user_id user,
				role_set roles, const char *name,
				const struct room_names *rooms);

/* The same of a user in a service without rooms. */
void caller_admit(struct caller *caller, user_id user, role_set roles,
		  const char *name);

/*
 * Undoes the login, if there was one: out of the rooms and of all lists, and
 * recorded. The session may serve another one.
 */
void caller_leave(struct caller *caller, enum err why);

/* Other roles count from now on, in this session. */
void caller_change_roles(struct caller *caller, role_set roles);

/* The password was right, and a code is to follow. */
bool caller_awaits_code(const struct caller *caller);

/* room may be NULL; takes a reference of its own. */
void caller_set_room(struct caller *caller, struct room *room);

/* Who acts when this caller does; borrows the person. */
void caller_actor(const struct caller *caller, struct actor *actor_r);

/* Who it is: "ann" as it is written now, or "console:UID"; "": nobody. */
void caller_print_name(const struct caller *caller, char text_r[NAME_MOST + 1]);

/* Bytes for a way with its NUL: "line, TLS1.3 AES-128-GCM". */
enum { CALLER_WAY = DIRECTORY_WAY };

/* By which service, and how protected, the caller is here. */
void caller_print_way(const struct caller *caller, char text_r[CALLER_WAY]);

bool caller_has_role(const struct caller *caller, role_set any);

/* Somebody is logged in, or it is the console: there is nobody to log in. */
bool caller_is_known(const struct caller *caller);

/* Whoever logs in here comes into the rooms. */
bool caller_has_rooms(const struct caller *caller);

/* ERR_MUTED, with until when and why: for words that others will read. */
NODISCARD enum err caller_may_speak(const struct caller *caller,
				    struct refusal *why);

#endif
