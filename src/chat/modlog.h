/*
 * The moderation log: every moderating act of a room, numbered in its order,
 * for those who look after the room; and, under the name "", the acts that
 * concern no single room. Only the newest are kept. Written in the act's own
 * transaction; never changed.
 */
#ifndef RIALTO_CHAT_MODLOG_H
#define RIALTO_CHAT_MODLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/entry.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "store/store.h"

/* The table that must be in the store's options. */
#define MODLOG_TABLES "modlog"

/* Acts kept of each room, and read at once. */
enum { MODLOG_MOST = 10000, MODLOG_PAGE = 100 };

/* Texts as in the audit trail; without the actor's address. */
struct modlog_entry {
	uint64_t id; /* 1, 2, 3 … within a room; set by modlog_write() */
	int64_t time_ms;
	char by[AUDIT_NAME]; /* "": the server itself */
	char action[AUDIT_ACTION];
	char target[AUDIT_TARGET];
	char detail[AUDIT_DETAIL];
};

/*
 * Within a transaction, and with chat's change lock held: adds the entry to
 * the log of the room of this name, and drops the one that is too many.
 */
NODISCARD enum err modlog_write(struct store_txn *txn, struct store *store,
				const char *room,
				const struct modlog_entry *entry);

/* What modlog_read() found. */
struct modlog_page {
	struct modlog_entry *list; /* oldest first */
	size_t count;
	bool has_older;
};

/*
 * Job. The newest `most` entries (at most MODLOG_PAGE) below the id `before`;
 * 0: of all. ERR_CORRUPT when one cannot be read. Give the page back to
 * modlog_page_fini() in any case.
 */
NODISCARD enum err modlog_read(struct store *store, const char *room,
			       uint64_t before, size_t most,
			       struct modlog_page *page_r);
void modlog_page_fini(struct modlog_page *page);

/*
 * Checks that every record can be read. Findings, a line each, are added to
 * report and make it ERR_CORRUPT.
 */
NODISCARD enum err modlog_verify(struct store *store, struct buf *report);

/* The stored form, for the fuzzer. */
void modlog_encode(const struct modlog_entry *entry, struct buf *out);
NODISCARD bool modlog_decode(const void *bytes, size_t len,
			     struct modlog_entry *entry_r);

#endif
