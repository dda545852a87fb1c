/*
 * The sheet of a till: what happened from its opening to its closing, or until
 * now. Amounts are cash, so above zero is in the till. Plain values; any
 * thread.
 */
#ifndef RIALTO_BANK_SHEET_H
#define RIALTO_BANK_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/entry.h"
#include "bank/money.h"
#include "base/attr.h"

enum sheet_line {
	SHEET_DEPOSITS = 0,
	SHEET_WITHDRAWALS,
	SHEET_MOVED_IN,
	SHEET_MOVED_OUT,
	SHEET_CORRECTED, /* reversals and all else; below zero: out of it */
	SHEET_LINES,
};

/* The opening, or the closing, of a till. */
struct sheet_count {
	uint64_t seq; /* 0: it was not */
	int64_t time_ms;
	char by[ENTRY_BY];
	money counted;
	money over; /* than expected; below zero: short */
};

struct sheet {
	account_id till;
	bool is_open;
	struct sheet_count opened;
	struct sheet_count closed;
	struct {
		uint64_t count;
		money sum;
	} lines[SHEET_LINES];
	uint64_t entries; /* with the opening and the closing */
	money expected;   /* in the till, before it was counted at the end */
};

/* Of the till as it is. */
void sheet_begin(struct sheet *sheet, const struct account *till);

/*
 * Its entries are given, the newest first, until this is false: then the sheet
 * is whole. It is not when there are no more entries: nobody ever opened it.
 */
NODISCARD bool sheet_add(struct sheet *sheet, const struct entry *entry);

#endif
