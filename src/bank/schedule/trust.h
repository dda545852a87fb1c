/*
 * Whether the wall clock is to be trusted. The newest time at which the
 * schedule has run is remembered, to the hour; a clock that is further away
 * from it than TRUST_MS, either way, is perhaps wrong: a machine that came up
 * with another year. What is due by it waits then, until the clock is put
 * right, or an administrator says that it is right. Jobs and start-up only.
 */
#ifndef RIALTO_BANK_TRUST_H
#define RIALTO_BANK_TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/trail.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

/* A month of downtime is nothing strange. */
#define TRUST_MS (INT64_C(45) * 24 * 3600 * 1000)

struct trust {
	int64_t seen_ms; /* the newest time known; that of the journal's last
			    entry where none is remembered; 0: none at all */
	int64_t now_ms;
	bool is_doubted;
};

/* What the wall clock is worth now. Besides errors of the store ERR_CORRUPT. */
NODISCARD enum err trust_look(struct store *store, struct trust *trust_r);

/* Remembers the time of a clock that is not doubted, once an hour. */
NODISCARD enum err trust_keep(struct store *store, const struct trust *trust);

/*
 * Believes a clock that is doubted, with a record of it, whose detail is set.
 * ERR_EXISTS when it is not doubted.
 */
NODISCARD enum err trust_accept(struct store *store, struct trail *trail,
				struct audit_entry *entry,
				struct trust *trust_r);

/*
 * "The clock says 2029-01-01 00:00, 771 days ahead of the newest time that is
 * known, 2026-11-22 12:00"; or "The clock agrees with …".
 */
void trust_print(const struct trust *trust, struct buf *out);

#endif
