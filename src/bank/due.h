/*
 * The index of what is open between two accounts and comes to an end: holds
 * and requests. Each has three marks in it: among all, and on both sides, in
 * the order of their ends. A table of marks belongs to one kind of thing.
 * Plain values, any thread; the table within a transaction or view. Besides
 * what is named, errors of the store.
 */
#ifndef RIALTO_BANK_DUE_H
#define RIALTO_BANK_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/account.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/record.h"
#include "store/store.h"

struct due {
	uint64_t number;
	account_id payer;
	account_id receiver;
	int64_t due_ms; /* UTC; not below zero */
};

/* Keys of the records: side, account (0: all), end, number; big-endian. */
enum { DUE_MARKS = 3, DUE_MARK = 1 + 3 * RECORD_KEY };

void due_marks(const struct due *due, uint8_t keys_r[DUE_MARKS][DUE_MARK]);

/* Is the key one of its marks? */
bool due_has_mark(const struct due *due, const void *key);

/* Whose mark that is; false when it is none. */
NODISCARD bool due_number(const struct store_record *record,
			  uint64_t *number_r);

/*
 * Puts the marks of what is open, or takes away those of what was. ERR_CORRUPT
 * when they were not all there.
 */
NODISCARD enum err due_mark(struct store_txn *txn, struct store_table *index,
			    const struct due *due, bool is_open);

/*
 * The numbers of what is open, in the order of their ends: those that end by
 * then_ms, at most `most`. account 0: of all; else those that it pays
 * (is_payer) or that are for it.
 */
NODISCARD enum err due_list(struct store_txn *txn, struct store_table *index,
			    account_id account, bool is_payer, int64_t then_ms,
			    uint64_t *numbers_r, size_t most, size_t *count_r);

#endif
