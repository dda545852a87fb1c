/*
 * What the files verify*.c share.
 *
 * Functions here return what ends the checking: an error of the store. What
 * they find is a finding, and they go on.
 */
#ifndef RIALTO_BANK_VERIFY_FIELDS_H
#define RIALTO_BANK_VERIFY_FIELDS_H

#include <stdbool.h>

#include "bank/ledger_fields.h"
#include "bank/meta.h"
#include "bank/numbers.h"
#include "bank/verify/verify.h"
#include "bank/verify/verify_piece.h"

enum {
	VERIFY_FINDINGS = 100, /* that are told */
	VERIFY_NAME = 120,     /* bytes of what an account is called */
};

/* A month that is not stored as its entries make it, so far. */
struct verify_month {
	struct account_month month;
	struct verify_month *next;
};

/* An account as its entries make it. */
struct verify_account {
	struct numbered numbered;
	struct account account;
	struct verify_month *doubtful;
	unsigned months; /* that must be stored */
	bool is_seen;    /* its record was */
};

struct verify_hold {
	struct numbered numbered;
	struct hold hold;
	bool is_seen;
};

/* What is remembered under an id, or should be. */
struct verify_id {
	struct uuid id;
	user_id user;
	uint64_t seq;
	int64_t time_ms;
};

/*
 * The ids of entries and those that are remembered, each added up under a
 * secret that nobody knows beforehand: so both are compared without looking
 * any of them up.
 */
struct verify_ids {
	uint64_t secret[6];
	uint64_t of_entries;
	uint64_t remembered;
	struct verify_id ahead; /* the highest entry beyond the journal */
	uint64_t request;       /* the highest */
};

struct verify {
	const struct bank_scope *scope;
	struct ledger_tables tables;
	struct buf *report;
	unsigned findings;
	struct bank_extent *extent;

	/* Each reading of the journal is for these accounts. */
	account_id low;
	account_id high; /* of those found so far */
	account_id end;  /* those opened later need no reading */
	bool is_first;   /* and for everything but accounts */
	bool is_still;   /* orders wait meanwhile */
	bool is_full;    /* it is not for those opened from now on */

	/* What the entries up to head.seq come to. */
	struct bank_head head;
	bool is_chained; /* the hash of the last one is known */
	struct bank_rules rules;
	struct numbers accounts;
	struct numbers holds; /* the open ones */
	struct piece entries; /* the piece of the journal at hand */

	struct verify_ids ids;
	uint64_t total;   /* of stored balances, modulo 2^64 */
	uint64_t request; /* the last one seen */
};

void verify_tell(struct verify *v, const char *format, ...) PRINTF(2, 3);

/* ERR_SHUTTING_DOWN when it is to be broken off. */
NODISCARD enum err verify_goes_on(const struct verify *v);

/* Leaves no control characters in it. */
void verify_clean(char *text);

/* "account #7 (ann/savings)" */
void verify_name(const struct verify *v, const struct account *account,
		 char text_r[VERIFY_NAME]);

/* A record; ERR_NOT_FOUND. */
NODISCARD enum err verify_get(const struct verify *v, struct store_table *table,
			      const void *key, size_t key_len,
			      struct buf *value);
/* By a number. */
NODISCARD enum err verify_get_at(const struct verify *v,
				 struct store_table *table, uint64_t number,
				 struct buf *value);
/* ERR_NOT_FOUND, also for what cannot be read: that is found elsewhere. */
NODISCARD enum err verify_entry(const struct verify *v, uint64_t seq,
				struct entry *entry_r);

/* Calls row for each record of a table. */
typedef enum err verify_row_fn(struct verify *v,
			       const struct store_record *record);
NODISCARD enum err verify_scan(struct verify *v, struct store_table *table,
			       verify_row_fn *row);

/*
 * The same in pieces during which nothing changes, and everything up to the
 * end of the journal has been looked at. end, unless it is NULL, is called
 * with the last piece.
 */
NODISCARD enum err verify_still(struct verify *v, struct store_table *table,
				verify_row_fn *row,
				enum err (*end)(struct verify *v));

/*
 * From verify_journal.c: goes on to the end of the journal, or so far that this
 * entry was read: more may come while it reads.
 */
NODISCARD enum err verify_journal(struct verify *v, uint64_t upto);
/* To where the journal ends when it is called, at least. */
NODISCARD enum err verify_journal_now(struct verify *v);

/* From verify_entry.c: is it as an entry of its kind must be? */
void verify_shape(struct verify *v, const struct entry *entry);

/* From verify_fold.c: what the entry makes of its accounts. */
NODISCARD enum err verify_fold(struct verify *v, const struct entry *entry);

/* From verify_month.c. */
NODISCARD enum err verify_month_ended(struct verify *v,
				      struct verify_account *va,
				      const struct account_month *ended);
NODISCARD enum err verify_months_of(struct verify *v,
				    struct verify_account *va);
verify_row_fn verify_month_row;

/*
 * From verify_due.c: does the index have something that is open, a "hold" or
 * "request", everywhere?
 */
NODISCARD enum err verify_due(struct verify *v, struct store_table *index,
			      const char *what, const struct due *due);

/* From verify_hold.c. */
NODISCARD enum err verify_hold_entry(struct verify *v,
				     const struct entry *entry);
verify_row_fn verify_hold_row, verify_hold_mark;
NODISCARD enum err verify_holds_end(struct verify *v);

/* From verify_reversal.c. */
NODISCARD enum err verify_reversal_entry(struct verify *v,
					 const struct entry *entry);
verify_row_fn verify_reversal_row;

/* From verify_request.c. */
NODISCARD enum err verify_request_entry(struct verify *v,
					const struct entry *entry);
verify_row_fn verify_request_row, verify_request_mark;

/* From verify_id.c. */
void verify_ids_init(struct verify *v);
void verify_id_entry(struct verify *v, const struct entry *entry);
NODISCARD enum err verify_ids(struct verify *v);
void verify_ids_end(struct verify *v);

/*
 * From verify_beside.c: what is no part of the journal. It changes at any
 * time, so what seems wrong is looked at again before it is told.
 */
NODISCARD enum err verify_beside(struct verify *v);
/* Is the user neither there nor just being removed? */
NODISCARD enum err verify_is_gone(const struct verify *v, user_id user,
				  bool *is_gone_r);
/* Is there an account of that number? */
NODISCARD enum err verify_has_account(const struct verify *v, account_id id,
				      bool *has_r);

/* From verify_standing.c. */
verify_row_fn verify_standing_row, verify_standing_mark;

/* From verify_account.c. */
verify_row_fn verify_account_row, verify_name_row;
NODISCARD enum err verify_accounts_end(struct verify *v);

#endif
