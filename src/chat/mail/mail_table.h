/*
 * Kept messages in the store: by receiver and number, with an index by sender.
 * Jobs, the keeper and start-up only; besides what is named, the errors of
 * store_run() and store_view().
 */
#ifndef RIALTO_CHAT_MAIL_TABLE_H
#define RIALTO_CHAT_MAIL_TABLE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/mail/mail.h"
#include "store/record.h"
#include "store/store.h"

/* The tables that must be in the store's options. */
#define MAIL_TABLES "mail", "mail_sent"

/* What the index says of one message. */
struct mail_trace {
	uint64_t id;
	user_id to;
	user_id from;
	int64_t read_ms; /* wall clock; 0: it waits */
};

/* In the order of their numbers. */
struct mail_traces {
	struct mail_trace *list;
	size_t count;
};

void mail_traces_fini(struct mail_traces *traces);

/* The stored form of one. */
NODISCARD bool mail_trace_decode(const struct store_record *record,
				 struct mail_trace *trace_r);

/* Within a transaction. A new one gets its number: mail->id was 0. */
NODISCARD enum err mail_table_put(struct store_txn *txn, struct store *store,
				  struct mail *mail);
/* ERR_OK also when it was not there. */
NODISCARD enum err mail_table_delete(struct store_txn *txn, struct store *store,
				     const struct mail_trace *trace);

/*
 * What was sent to a user, and by a user. *_r is empty, and to be given to
 * *_fini() in any case. ERR_CORRUPT.
 */
NODISCARD enum err mail_table_box(struct store *store, user_id to,
				  struct mails *mails_r);
NODISCARD enum err mail_table_sent(struct store *store, user_id from,
				   struct mail_traces *traces_r);

/*
 * Looks at the index from *key on, at so many entries at most, for messages
 * that were read before then_ms; *key is where to go on, all zeroes behind the
 * end.
 */
NODISCARD enum err mail_table_scan(struct store *store,
				   uint8_t key[RECORD_KEY_PAIR], size_t most,
				   int64_t then_ms,
				   struct mail_traces *traces_r);

/* One message; mail_r is as mail_fini() leaves it. ERR_NOT_FOUND, ERR_CORRUPT.
 */
NODISCARD enum err mail_table_get(struct store *store, user_id to, uint64_t id,
				  struct mail *mail_r);

/*
 * Checks that every record can be read and is where it belongs, and table and
 * index against each other. Findings, a line each, are added to report and
 * make it ERR_CORRUPT.
 */
NODISCARD enum err mail_verify(struct store *store, struct buf *report);

#endif
