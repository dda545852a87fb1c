/*
 * Marks: how far the schedule has come with what it does over time, kept by
 * name in the table "bank_marks". Jobs only.
 */
#ifndef RIALTO_BANK_MARK_H
#define RIALTO_BANK_MARK_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

/* The tables that must be in the store's options. */
#define MARK_TABLES "bank_marks"

struct mark {
	int64_t period; /* a day, or a month */
	uint64_t at;    /* how far within it */
};

/* ERR_NOT_FOUND, ERR_CORRUPT; else as store_view(). */
NODISCARD enum err mark_get(struct store *store, const char *name,
			    struct mark *mark_r);

/* Takes out all whose names begin so. As store_run(), as is the next. */
NODISCARD enum err mark_drop(struct store *store, const char *prefix);

NODISCARD enum err mark_put(struct store *store, const char *name,
			    const struct mark *mark);

#endif
