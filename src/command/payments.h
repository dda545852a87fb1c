/*
 * Many payments of one caller at once, each an order of its own: some may be
 * refused and others done. They are given to the ledger a window at a time, so
 * that what they take is bounded and others get their turns, without waiting
 * for the disk in between; the caller is answered when the last is durable.
 * While the ledger carries out one window, whom the next is for is found.
 *
 * It begins in the session's worker, belongs to its task while that goes on,
 * and is back in the worker for the answer.
 */
#ifndef RIALTO_COMMAND_PAYMENTS_H
#define RIALTO_COMMAND_PAYMENTS_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "command/command.h"
#include "command/deal.h"
#include "command/task.h"

enum {
	PAYMENTS_MOST = 1000,
	PAYMENTS_WINDOW = 32,
	PAYMENTS_WINDOWS = 2,
	PAYMENTS_TASKS = 128, /* at once, of all callers */
};

/* What is asked; "" as an account is the main one, as a memo none. */
struct payment {
	struct uuid id;
	char to[DEAL_WORD];
	char account[DEAL_WORD];
	money amount;
	char memo[MEMO];

	char label[UUID_TEXT]; /* the front-end's own */

	/* Unless ERR_OK, it is refused at once, with these words or its own. */
	enum err flaw;
	char words[MONEY_WORDS];

	struct under_way_id asked; /* its id */
};

struct payments;

/*
 * In a job, payment after payment: what this one came to, with words in
 * deal->task.why. It may add to payments->task.text.
 */
typedef void payments_each_fn(struct payments *payments, size_t i,
			      const struct deal *deal, enum err e);

/* In the session's worker, when all are durable: answers. */
typedef enum err payments_finish_fn(struct call *call,
				    struct payments *payments);

/* Payments that the ledger has, or has had. */
struct payments_window {
	struct payments *payments;
	struct deal *deals;
	size_t count;
	/* Of their orders; and 1 until somebody waits for it. */
	atomic_uint left;
};

struct payments {
	struct task task;
	struct order_actor by;
	struct bank_settings settings;
	const char *const *ways;
	payments_each_fn *each;
	payments_finish_fn *finish;
	struct payment *list;
	size_t count;
	struct proof proof; /* for all of them together; or nothing given */

	/* Its own. */
	bool is_proved;
	bool is_refused; /* as a whole, before any of them */
	bool is_proof_refused;
	size_t given; /* payments: all before this one are in a window */
	size_t done;  /* payments: all before this one have their results */

	/* Each ends after the one before, also where it was done sooner. */
	struct payments_window windows[PAYMENTS_WINDOWS];
	size_t begun;     /* windows */
	size_t ended;     /* of these: all was obeyed, or refused */
	size_t collected; /* of these: their results are taken */
	struct refusal mute;
	enum err may_speak;
	struct payments_news *news;
	size_t news_count;
};

/* Of the caller, with that many payments to be filled in. */
struct payments *payments_new(struct call *call, size_t count);

/* One that was not started; sets *payments to NULL. */
void payments_free(struct payments **payments);

/*
 * Takes over payments; returns as task_start(). Refuses with busy when too many
 * are under way; and when they are, together and those aside that were done
 * before, above what needs a second factor, as deal_prove() does.
 */
NODISCARD enum err payments_start(struct call *call, struct payments *payments,
				  payments_each_fn *each,
				  payments_finish_fn *finish);

#endif
