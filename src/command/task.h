/*
 * A task: the part of a command that may block. Its stages run in jobs or
 * hashers; when it has been answered, what it did or read is durable; then
 * finish is called in the session's worker, if the session is still there.
 *
 * A command embeds one as the first field of its own struct, with copies of
 * what its stages need: they must not touch the caller.
 */
#ifndef RIALTO_COMMAND_TASK_H
#define RIALTO_COMMAND_TASK_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/person.h"
#include "command/command.h"
#include "net/jobs.h"
#include "store/store.h"

/* Passwords of one address that may wait to be hashed, see shares_new(). */
enum { HASHES_PER_SITE = 16 };

/* Searches that may go on, of one address and as the number of all shares. */
enum { SEARCHES_PER_SITE = 8, SEARCHES_TOTAL = 256 };

struct task;
typedef void task_fn(struct task *task);

struct task {
	struct realm *realm;   /* for stages */
	struct person *person; /* the caller's, a reference; may be NULL */
	struct actor actor;    /* the caller; its person is the one above */
	struct refusal why;    /* words for result, when it has some */
	enum err result;       /* for finish; ERR_OK at first */
	struct buf text;       /* lines for finish, when it wants some */

	/* The task's own. */
	struct job job;
	struct store_waiter waiter;
	struct session_handle session;
	char site[ADDRESS_TEXT]; /* whose share of the hashers' queue counts */
	struct caller *caller;
	const struct command *command;
	task_fn *stage;
	enum err (*finish)(struct call *call, struct task *task);
	task_fn *drop;
};

/* Which threads a stage runs in. */
enum task_pool { TASK_JOBS, TASK_HASHERS };

/*
 * Starts task, size bytes of zeroed memory from mem_zero() that it takes over.
 * finish answers and returns as a command does, but may not start another
 * task; NULL answers with task->text, a line each, or with call_refuse_why() of
 * the result. drop (may be NULL) frees what the struct holds, wherever the task
 * ended. Returns CALL_PENDING, or a refusal with busy.
 */
NODISCARD enum err task_start(struct call *call, struct task *task,
			      enum task_pool pool, task_fn *stage,
			      enum err (*finish)(struct call *call,
						 struct task *task),
			      task_fn *drop);

/*
 * As task_start(), for what is answered by somebody else than a stage, who
 * calls task_answer() once, from any thread. Or nobody will: task_abandon().
 */
void task_begin(struct call *call, struct task *task,
		enum err (*finish)(struct call *call, struct task *task),
		task_fn *drop);
void task_abandon(struct task *task);

/*
 * A finish that tells task->text, a line each, whatever the result: then it
 * names what is wrong.
 */
NODISCARD enum err task_finish_report(struct call *call, struct task *task);

/*
 * Ends a stage: another follows, or the answer is busy; or the command can be
 * answered.
 */
void task_next(struct task *task, enum task_pool pool, task_fn *stage);
void task_answer(struct task *task, enum err result);

/*
 * Ends a stage, so that other jobs get a turn before the next one. False when
 * the queue is full: then the caller goes on itself.
 */
NODISCARD bool task_yield(struct task *task, task_fn *stage);

#endif
