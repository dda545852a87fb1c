/*
 * Reading the bank: accounts by number and by what people call them, entries,
 * statements, holds, requests. Jobs and start-up only; each call is a view of
 * its own (see store_view()), of what was committed: take a ticket before
 * telling anybody. What a visitor is shown is borrowed for the call. Besides
 * what is named, the errors of store_view(), and ERR_CORRUPT for what cannot be
 * read.
 */
#ifndef RIALTO_BANK_BOOK_H
#define RIALTO_BANK_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/entry.h"
#include "bank/order.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"
#include "user/users.h"

/* ERR_NO_SUCH_ACCOUNT. */
NODISCARD enum err book_account(struct store *store, account_id id,
				struct account *account_r);

/*
 * By kind, owner (0 unless a user's) and name, without case.
 * ERR_NO_SUCH_ACCOUNT.
 */
NODISCARD enum err book_find(struct store *store, enum account_kind kind,
			     user_id owner, const char *name,
			     struct account *account_r);

/*
 * The cash accounts by name, those behind `after` ("": all), at most
 * BOOK_TILLS; list_r is freed by the caller.
 */
enum { BOOK_TILLS = 256 };
NODISCARD enum err book_tills(struct store *store, const char *after,
			      struct account **list_r, size_t *count_r);

/* The one that the user has open; ERR_NOT_FOUND. */
NODISCARD enum err book_till_of(struct store *store, user_id user,
				struct account *till_r);

/*
 * The number of a user's main account, in half the time.
 * ERR_NO_SUCH_ACCOUNT.
 */
NODISCARD enum err book_main(struct store *store, user_id owner,
			     account_id *id_r);

/*
 * As people write it: "savings", "ann", "ann/savings", "shared:NAME",
 * "cash:till", "fees". A word alone is a label of self (0: of nobody) first,
 * then a house account, then a user. ERR_NO_SUCH_ACCOUNT, ERR_NO_SUCH_USER.
 */
NODISCARD enum err book_resolve(struct store *store, struct users *users,
				user_id self, const char *text,
				struct account *account_r);

/*
 * The opposite: "ann/savings". Users that are gone, and all when users is
 * NULL, are "user:17".
 */
enum { BOOK_NAME = 80 };
void book_print_name(struct users *users, const struct account *account,
		     char text_r[BOOK_NAME]);

/* All that is the user's, or held by it; list_r is freed by the caller. */
NODISCARD enum err book_accounts_of(struct store *store, user_id user,
				    struct account **list_r, size_t *count_r);

/* ERR_NOT_FOUND. */
NODISCARD enum err book_entry(struct store *store, uint64_t seq,
			      struct entry *entry_r);

/*
 * Visits the account's entries, the newest first: those before the entry
 * `before` (0: all), until visit returns false.
 */
typedef bool book_visit_fn(const struct entry *entry, void *arg);
NODISCARD enum err book_statement(struct store *store,
				  const struct account *account,
				  uint64_t before, book_visit_fn *visit,
				  void *arg);

/* The same from an entry on that is one of the account's; 0: none at all. */
NODISCARD enum err book_back(struct store *store, const struct account *account,
			     uint64_t seq, book_visit_fn *visit, void *arg);

/* How a month (yyyymm) ended; ERR_NOT_FOUND when it has no entries. */
NODISCARD enum err book_month(struct store *store,
			      const struct account *account, uint32_t month,
			      struct account_month *month_r);

/* All accounts in the order of their numbers, from this one on. */
typedef bool book_account_fn(const struct account *account, void *arg);
NODISCARD enum err book_accounts(struct store *store, account_id from,
				 book_account_fn *visit, void *arg);

/* All entries from this one on, in order. */
NODISCARD enum err book_entries(struct store *store, uint64_t from,
				book_visit_fn *visit, void *arg);

/* What became of what a user has asked under an id. */
struct book_answer {
	enum err result;
	uint64_t seq;                   /* the entry that it became; 0: none */
	uint64_t number;                /* the request, likewise */
	int64_t time_ms;                /* when it was answered */
	uint8_t question[DIGEST_BYTES]; /* see order_digest() */
	uint8_t wording[ORDER_WORDING]; /* zeros: not known */
	char words[ORDER_WORDS];        /* why not; "": see the code */
};

/* ERR_NOT_FOUND when nothing was asked, or nothing that is remembered. */
NODISCARD enum err book_asked(struct store *store, user_id user,
			      const struct uuid *id,
			      struct book_answer *answer_r);

/* Where the journal ends; zeros when it is empty. */
struct book_head {
	uint64_t seq;
	int64_t time_ms;
	uint8_t hash[DIGEST_BYTES];
};
NODISCARD enum err book_head(struct store *store, struct book_head *head_r);

#endif
