/*
 * Is the bank whole? The journal is read once from its first entry to its
 * last, and everything else is made anew from it and compared with what is
 * stored, byte for byte: so what was changed, dropped, doubled, exchanged or
 * cut is found and named.
 *
 * Also while orders are carried out: then what changes all the time is
 * compared in pieces, each within ledger_still(), where the journal cannot
 * grow; orders wait for some milliseconds at a time. Waits for the disk; jobs
 * and start-up only.
 *
 * Memory does not grow with the journal: some 450 bytes for each account, of
 * accounts_most at once (the journal is read again for more), and 100 for each
 * open hold.
 */
#ifndef RIALTO_BANK_VERIFY_H
#define RIALTO_BANK_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"
#include "user/users.h"

/* What is read, and beside what. */
struct bank_scope {
	struct store *store;
	struct ledger *ledger; /* NULL: nobody changes the bank */
	struct users *users;   /* for the names of findings; may be NULL */

	/* A head that was told once, which must be there; or NULL. */
	const struct book_head *known;

	size_t accounts_most; /* 0: the default */

	/*
	 * Asked between pieces, without a lock: false breaks it off. NULL:
	 * nobody does.
	 */
	bool (*goes_on)(void *arg);
	void *arg;
};

/* How much was found to be there. */
struct bank_extent {
	uint64_t entries;
	uint64_t accounts;
	uint64_t holds;
	uint64_t requests;
	uint64_t ids;
	struct book_head head;
};

/*
 * Findings, a line each, are added to report; any makes it ERR_CORRUPT. Else
 * ERR_SHUTTING_DOWN when it was broken off, and errors of the store.
 */
NODISCARD enum err bank_verify(const struct bank_scope *scope,
			       struct buf *report,
			       struct bank_extent *extent_r);

/* Adds how many of each, but not the head. */
void bank_print_extent(const struct bank_extent *extent, struct buf *out);

#endif
