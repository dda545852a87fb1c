/*
 * Marks: how far the schedule has come with what it does over time, kept by
 * name in the table "bank_marks". Jobs only.
 */
#ifndef RIALTO_BANK_MARK_H
#define RIALTO_BANK_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

/* The tables that must be in the store's options. */
#define MARK_TABLES "bank_marks"

/* Of who is being removed: then twenty digits. */
#define MARK_LEAVING "leaving:"

struct mark {
	int64_t period; /* a day, or a month */
	uint64_t at;    /* how far within it */
};

/* ERR_NOT_FOUND, ERR_CORRUPT; else as store_view(). */
NODISCARD enum err mark_get(struct store *store, const char *name,
			    struct mark *mark_r);

/* Errors as store_run(). */
NODISCARD enum err mark_put(struct store *store, const char *name,
			    const struct mark *mark);

/* As mark_put(), within a transaction. */
NODISCARD enum err mark_write(struct store_txn *txn, struct store *store,
			      const char *name, const struct mark *mark);

/* Takes out all whose names begin so. Errors as store_run(). */
NODISCARD enum err mark_drop(struct store *store, const char *prefix);

/*
 * Visits all whose names begin so, until visit returns false; the name is
 * borrowed. ERR_CORRUPT when one cannot be read; else as store_view().
 */
typedef bool mark_visit_fn(const char *name, const struct mark *mark,
			   void *arg);
NODISCARD enum err mark_walk(struct store *store, const char *prefix,
			     mark_visit_fn *visit, void *arg);

/* The stored form, for verify. False when it cannot be read. */
NODISCARD bool mark_decode(const void *bytes, size_t len, struct mark *mark_r);

#endif
