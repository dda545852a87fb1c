/*
 * Looking through what was said, a page at a time: a task of steps, each in a
 * job and of some thousand messages, so that other jobs come in between. Of one
 * address only so many go on at once. What has more is kept with the caller,
 * who may ask for the next page.
 *
 * A command embeds one as the first field of its own struct, which lies in
 * zeroed memory and begins a task, see task.h.
 */
#ifndef RIALTO_COMMAND_QUEST_H
#define RIALTO_COMMAND_QUEST_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/history/search.h"
#include "command/task.h"

struct quest;

/* What a command does in its own way. In jobs, unless it is said. */
struct quest_kind {
	/* Makes the search. Its errors come with words in the task. */
	enum err (*begin)(struct quest *quest);

	/* Borrowed; what steps are made of. */
	struct search *(*search)(const struct quest *quest);

	/*
	 * Steps have come to an end: takes what they found. True when more are
	 * needed for this page. NULL: never.
	 */
	bool (*collect)(struct quest *quest);

	/* The page, and how it goes on. */
	void (*print)(const struct quest *quest, struct buf *out);

	/* False when nothing is left; else turns to the next page. Worker. */
	bool (*turn)(struct quest *quest);

	/* Hands what goes on, which may be NULL, to the caller. Worker. */
	void (*keep)(struct quest *quest, struct caller *caller);

	/* Frees what the command's struct holds. Any thread. */
	void (*fini)(struct quest *quest);

	const char *no_room; /* the words when there is none to look in */
};

struct quest {
	struct task task;
	const struct quest_kind *kind;
	struct room *room; /* a reference: this one alone; or NULL */
	bool is_more;      /* not the first page */
	bool is_counted;   /* in the caller's share */
};

/*
 * In the session's worker; both take the quest over, and return as
 * task_start(). Refused with busy while too many go on: then it is kept.
 */
NODISCARD enum err quest_start(struct call *call, struct quest *quest);
NODISCARD enum err quest_go_on(struct call *call, struct quest *quest);

/* One that is not started. Sets *quest to NULL. */
void quest_free(struct quest **quest);

#endif
