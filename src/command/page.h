/*
 * A page: entries of an account, back from some moment, or of a month. A look
 * that others embed as their first field.
 */
#ifndef RIALTO_COMMAND_PAGE_H
#define RIALTO_COMMAND_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/account.h"
#include "base/attr.h"
#include "base/err.h"
#include "command/look.h"

/* Entries that one page looks at, however few of them are shown. */
enum { PAGE_LOOKS_MOST = 10000 };

struct page;

/* In a stage: an entry, the newest first. False: it is none to be shown. */
typedef bool page_show_fn(struct page *page, const struct entry *entry);

struct page {
	struct look look;
	page_show_fn *show;
	uint64_t before; /* an entry of the account; 0: all */
	size_t most;     /* that are shown */
	int month;       /* yyyymm; 0: no matter */

	struct account account; /* set by look_find() */
	size_t count;           /* that are shown */
	size_t looks;
	uint64_t oldest; /* that was looked at */
	bool has_older;
};

/* Of the caller; size bytes that begin with it, for task_start(). */
struct page *page_new(struct call *call, size_t size, page_show_fn *show);

/*
 * In a stage, with account, before, most and month set: shows the entries from
 * newest on. ERR_NOT_FOUND, in words, when before is none of the account's.
 */
NODISCARD enum err page_read(struct page *page, uint64_t newest);

/*
 * In a stage: what the month came to, also one without entries. ERR_NOT_FOUND,
 * in words, before the account was opened.
 */
NODISCARD enum err page_find_month(struct page *page,
				   struct account_month *month_r);

#endif
