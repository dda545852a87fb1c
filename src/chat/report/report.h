/*
 * Reports: what people tell the moderators about somebody, with the last
 * lines of the room as context. The records in the store; report_desk.h has
 * the rules.
 */
#ifndef RIALTO_CHAT_REPORT_H
#define RIALTO_CHAT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "chat/rank.h"
#include "store/store.h"
#include "user/user.h"

/* The tables that must be in the store's options. */
#define REPORT_TABLES "reports", "report_contexts", "report_news"

enum {
	REPORT_WORDS_MOST = 400, /* bytes of the words, and of the note */
	REPORT_LINES = 20,       /* of context */
	REPORT_LINE_MOST = 1000, /* bytes of one */
};

enum report_state { REPORT_OPEN = 1, REPORT_TAKEN, REPORT_CLOSED };

struct report {
	uint64_t number; /* 1, 2, 3 … */
	int64_t time_ms;
	enum report_state state;
	user_id user; /* who reports; 0: a guest */
	char name[NAME_MOST + 1];
	user_id target_user; /* whom it is about; 0: a guest */
	char target[NAME_MOST + 1];
	char room[NAME_MOST + 1]; /* "": none */
	char words[REPORT_WORDS_MOST + 1];

	/* Of who took it, then of who closed it. */
	char by[NAME_MOST + 1];
	enum rank by_rank;
	int64_t by_ms;
	char note[REPORT_WORDS_MOST + 1];
};

/* What was said, as it stood in the replay; a long text is cut. */
struct report_line {
	uint64_t id; /* of the message, within its room */
	int64_t time_ms;
	bool is_action;
	char from[NAME_MOST + 1];
	char text[REPORT_LINE_MOST + 1];
};

struct report_context {
	size_t count;
	struct report_line lines[REPORT_LINES]; /* oldest first */
};

/* Within a transaction. Gives a new report its number and writes it. */
NODISCARD enum err report_add(struct store_txn *txn, struct store *store,
			      struct report *report,
			      const struct report_context *context);
NODISCARD enum err report_put(struct store_txn *txn, struct store *store,
			      const struct report *report);
/* Takes it out, and its context. */
NODISCARD enum err report_delete(struct store_txn *txn, struct store *store,
				 uint64_t number);

/* Jobs. ERR_NOT_FOUND; context_r may be NULL. */
NODISCARD enum err report_get(struct store *store, uint64_t number,
			      struct report *report_r,
			      struct report_context *context_r);

/* Jobs. Visits all, oldest first, until visit returns false: ERR_CORRUPT. */
typedef bool report_visit_fn(const struct report *report, void *arg);
NODISCARD enum err report_walk(struct store *store, report_visit_fn *visit,
			       void *arg);

/*
 * Checks that every record can be read. Findings, a line each, are added to
 * report and make it ERR_CORRUPT.
 */
NODISCARD enum err report_verify(struct store *store, struct buf *report);

/* The stored forms, for the fuzzer. */
void report_encode(const struct report *report, struct buf *out);
NODISCARD bool report_decode(const void *bytes, size_t len,
			     struct report *report_r);
void report_context_encode(const struct report_context *context,
			   struct buf *out);
NODISCARD bool report_context_decode(const void *bytes, size_t len,
				     struct report_context *context_r);

#endif
