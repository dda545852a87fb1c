/*
 * The tables of standing orders, within a transaction: a record for each, and
 * an index by the day on which the scheduler looks at it and by its user.
 *
 * One owner, for as long as the transaction is. Besides what is named, the
 * errors of store_get() and its like.
 */
#ifndef RIALTO_BANK_SHELF_H
#define RIALTO_BANK_SHELF_H

#include <stddef.h>
#include <stdint.h>

#include "bank/schedule/standing.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/record.h"
#include "store/store.h"

struct shelf {
	struct store_txn *txn;
	struct store_table *records;
	struct store_table *index;
};

/*
 * The keys by which the index has it, and how many: side (day 0, user 1), the
 * day or user, the number.
 */
enum { SHELF_MARKS = 2, SHELF_MARK = 1 + 2 * RECORD_KEY };
size_t shelf_marks(const struct standing *standing,
		   uint8_t keys_r[SHELF_MARKS][SHELF_MARK]);

void shelf_begin(struct shelf *shelf, const struct standings *s,
		 struct store_txn *txn);

/* ERR_NOT_FOUND, ERR_CORRUPT. */
NODISCARD enum err shelf_get(const struct shelf *shelf, uint64_t number,
			     struct standing *standing_r);

/* Record and index. One that has ended is looked at no more. */
NODISCARD enum err shelf_put(const struct shelf *shelf,
			     const struct standing *standing);

/* Takes out what is as it was put. ERR_NOT_FOUND, ERR_CORRUPT. */
NODISCARD enum err shelf_take_out(const struct shelf *shelf,
				  const struct standing *standing);

/* The numbers of those of a user, in their order. */
NODISCARD enum err shelf_of_user(const struct shelf *shelf, user_id user,
				 uint64_t numbers_r[STANDING_MOST],
				 size_t *count_r);

/* The first of those to be looked at by that day. ERR_NOT_FOUND: none is. */
NODISCARD enum err shelf_first(const struct shelf *shelf, int64_t day,
			       uint64_t *number_r);

#endif
