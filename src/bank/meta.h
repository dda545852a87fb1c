/*
 * What the bank knows of itself, in the table "bank_meta": where the journal
 * ends, and the rules that hold for accounts without terms of their own. Any
 * thread.
 */
#ifndef RIALTO_BANK_META_H
#define RIALTO_BANK_META_H

#include <stdint.h>

#include "bank/account.h"
#include "bank/money.h"
#include "base/attr.h"
#include "base/err.h"
#include "crypto/digest.h"
#include "store/store.h"

struct bank_head {
	uint64_t seq; /* of the last entry; 0: none */
	int64_t time_ms;
	uint8_t hash[DIGEST_BYTES];
	uint64_t moves;   /* entries with legs: from the first on, the currency
			     stays */
	uint64_t request; /* the number of the last request */
};

struct bank_rules {
	struct currency currency;
	int64_t terms[TERMS];
};

/*
 * Within a transaction or view. Zeros before the first entry; ERR_CORRUPT, and
 * errors of the store.
 */
NODISCARD enum err meta_get_head(struct store_txn *txn,
				 struct store_table *meta,
				 struct bank_head *head_r);
NODISCARD enum err meta_put_head(struct store_txn *txn,
				 struct store_table *meta,
				 const struct bank_head *head);
NODISCARD enum err meta_get_rules(struct store_txn *txn,
				  struct store_table *meta,
				  struct bank_rules *rules_r);
NODISCARD enum err meta_put_rules(struct store_txn *txn,
				  struct store_table *meta,
				  const struct bank_rules *rules);

struct entry;

/*
 * What an entry makes of the rules: those of the kinds ENTRY_CURRENCY and
 * ENTRY_RULES change them. False when it cannot have been written so.
 */
NODISCARD bool meta_apply(struct bank_rules *rules, const struct entry *entry);

/* A term of the account, with the rules where it has none of its own. */
int64_t meta_term(const struct bank_rules *rules, const struct account *account,
		  enum account_term term);

#endif
