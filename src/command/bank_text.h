/*
 * Accounts and entries in words. Jobs only, since names are looked up; out is
 * added to.
 */
#ifndef RIALTO_COMMAND_BANK_TEXT_H
#define RIALTO_COMMAND_BANK_TEXT_H

#include <stdbool.h>

#include "bank/account.h"
#include "bank/book.h"
#include "bank/entry.h"
#include "bank/ledger.h"
#include "bank/money.h"
#include "base/buf.h"
#include "command/realm.h"

struct bank_text {
	struct realm *realm;
	struct currency currency;
	int64_t floor;  /* of accounts that were given none */
	user_id reader; /* whose ignored memos are left out; 0: none */
};

/* In the currency of now; reader as above. Any thread. */
void bank_text_init(struct bank_text *t, struct realm *realm, user_id reader);

/* The name of an account, or its number when it is not there. */
void bank_text_name(const struct bank_text *t, account_id id,
		    char name_r[BOOK_NAME]);

/*
 * The names of a debited and a credited account, as money or cash goes: of two
 * tills the one that is debited gets it.
 */
void bank_text_sides(const struct bank_text *t, account_id debit,
		     account_id credit, char from_r[BOOK_NAME],
		     char to_r[BOOK_NAME]);

/* ", nothing may come in", and so on. */
void bank_text_flags(unsigned flags, struct buf *out);

/* The reader wants to see no memo of whoever has acted. Any thread. */
bool bank_text_hides_memo(const struct bank_text *t, const struct entry *entry);

/*
 * What can be spent of the account: down to its floor, which may be below zero.
 * False for an account without one. Any thread.
 */
bool bank_text_left(const struct bank_text *t, const struct account *account,
		    money *left_r);

/*
 * "; 64.75 R can be spent": down to the floor of the account, which may be
 * below zero. Nothing for an account without one. Any thread.
 */
void bank_text_spendable(const struct bank_text *t,
			 const struct account *account, struct buf *out);

/* "Current balance: 69.75 R. Of that 5.00 R is held; 64.75 R can be spent." */
void bank_text_balance(const struct bank_text *t, const struct account *account,
		       struct buf *out);

/* "ann/savings 69.75 R, held 5.00 R, frozen" as a line. */
void bank_text_account(const struct bank_text *t, const struct account *account,
		       struct buf *out);

/*
 * The account's side of an entry, a line for each leg, the first leg first:
 * "2026-11-20 20:14 -30.25 R to ben lunch. Balance 69.75 R. #ID"
 */
void bank_text_entry(const struct bank_text *t, const struct account *account,
		     const struct entry *entry, struct buf *out);

#endif
