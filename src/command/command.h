/*
 * Commands: the table of verbs, who may use them, and how a line becomes a
 * call. In the session's worker only.
 *
 * A command answers by call_say() and returns ERR_OK, returns what
 * call_refuse() returned, or returns what task_start() returned and is
 * finished later. Arity and role were checked before it runs.
 */
#ifndef RIALTO_COMMAND_COMMAND_H
#define RIALTO_COMMAND_COMMAND_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/refusal.h"
#include "command/caller.h"
#include "user/user.h"

enum { ARGS_MOST = 8 };

enum command_flag {
	COMMAND_REST = 1,   /* the last argument is the rest of the line */
	COMMAND_PERSON = 2, /* for somebody who is in the rooms: no console */
	COMMAND_QUOTED = 4, /* arguments may be quoted, to hold spaces */
};

struct call;

struct command {
	const char *verb; /* one word or two: "users approve" */
	int least;        /* arguments */
	int most;
	role_set roles; /* any of these; 0: also before the login */
	unsigned flags; /* enum command_flag */
	enum err (*run)(struct call *call);
	const char *arguments; /* "ROOM [KEY]" */
	const char *help;      /* half a line */
};

struct call {
	struct caller *caller;
	struct realm *realm;
	const struct command *command;
	int argc;
	char *argv[ARGS_MOST];
};

/* A command that goes on in a task; not a code that anybody sees. */
enum { CALL_PENDING = ERR_COUNT };

/*
 * Runs one line of text that the front-end has found to be clean (see
 * text_flaw()): a command when it begins with '/', ';' or '.' as the protocol
 * has it, else something said in the current room. line is taken apart.
 * caller->ops->done is called exactly once, now or later; until then the
 * session is parked.
 */
void command_run(struct caller *caller, char *line);

/* Runs a verb with its arguments given, for prompts: "login", "register". */
void command_call(struct caller *caller, const char *verb, int argc,
		  char **argv);

/*
 * Runs the command in line as if room were the current one. It returns what
 * the command returned.
 */
enum err call_in(struct call *call, struct room *room, char *line);

/*
 * Does the table have the verb, or does one of its verbs begin with that word?
 * Then it is no plugin's.
 */
bool command_has_verb(const char *word);

/* The whole table, ended by a row without a verb. */
extern const struct command *const command_families[];

void call_say(struct call *call, const char *format, ...) PRINTF(2, 3);

/* Each line of text is a line of the answer; text is spent. */
void call_say_lines(struct call *call, struct buf *text);

/* Refuses and returns code. */
enum err call_refuse(struct call *call, enum err code, const char *format, ...)
	PRINTF(3, 4);

/* Refuses with words that fit the code, for codes that explain themselves. */
enum err call_fail(struct call *call, enum err code);

/* Those words; static. Any thread. */
const char *call_fail_words(enum err code);

/* Refuses with the words of why, or as call_fail() when there are none. */
enum err call_refuse_why(struct call *call, enum err code,
			 const struct refusal *why);

/*
 * A reference to the room that the first argument names, or to the current
 * one. NULL was refused, by *e_r: there is none, it is a secret, or closed.
 */
struct room *call_room(struct call *call, enum err *e_r);

/* The same of a room that is named somewhere else; NULL: the current one. */
struct room *call_room_named(struct call *call, const char *name,
			     enum err *e_r);

/*
 * May somebody new be called that? ERR_OK, or refused: ERR_BAD_NAME,
 * ERR_NAME_TAKEN (a plugin has it).
 */
enum err call_check_name(struct call *call, const char *name);

/* Rooms that are closed are still there for those who can open them. */
bool call_sees_closed(role_set roles);

/* Refuses with how the command is written. */
enum err call_usage(struct call *call);

#endif
