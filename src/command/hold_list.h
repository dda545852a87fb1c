/*
 * The holds that are open of somebody's accounts, and for them: a task. Those
 * from one of these to another are listed once, with the payer's.
 */
#ifndef RIALTO_COMMAND_HOLD_LIST_H
#define RIALTO_COMMAND_HOLD_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/hold.h"
#include "base/attr.h"
#include "base/err.h"
#include "command/bank_text.h"
#include "command/task.h"

/* At most so many of each side. */
enum { HOLD_LIST_MOST = 100 };

struct hold_list;

/* A hold as its reader may see it. */
struct hold_seen {
	const struct hold *hold;
	bool is_mine; /* to be captured or released by the reader */
	char from[BOOK_NAME];
	char to[BOOK_NAME];
	const char *memo; /* "": none, or not for the reader */
};

/* In a stage: what is paid first, each side the first to end first by account.
 */
typedef void hold_list_show_fn(struct hold_list *list,
			       const struct hold_seen *seen);

struct hold_list {
	struct task task;
	struct bank_text text;
	hold_list_show_fn *show;
	size_t count;  /* that were shown */
	bool has_more; /* that were not */

	/* Its own. */
	int64_t now_ms;
	struct hold *found;
};

/* Of the caller, for task_start(). */
struct hold_list *hold_list_new(struct call *call, hold_list_show_fn *show);

/* In a stage: shows them. */
NODISCARD enum err hold_list_read(struct hold_list *list);

#endif
