/* Tills in words. Jobs only, as names are looked up; out is added to. */
#ifndef RIALTO_COMMAND_TILL_TEXT_H
#define RIALTO_COMMAND_TILL_TEXT_H

#include <stdint.h>

#include "bank/account.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/refusal.h"
#include "command/bank_text.h"

/* Entries of a sheet at most: the newest, and it is said when there are more.
 */
enum { TILL_ENTRIES_MOST = 100000 };

/* "box" or "cash:box"; ERR_NO_SUCH_ACCOUNT with words. */
NODISCARD enum err till_find(const struct realm *realm, const char *name,
			     struct account *till_r, struct refusal *why);

/* The one that the user has open; ERR_NOT_FOUND with words. */
NODISCARD enum err till_own(const struct realm *realm, user_id user,
			    struct account *till_r, struct refusal *why);

/* "cash:box 20.00 R, open by tess since 2026-11-20 08:00" as a line. */
NODISCARD enum err till_print(const struct bank_text *t,
			      const struct account *till, struct buf *out);

/*
 * The sheet, a line for each of its figures: from the last opening on, or
 * (close not 0) of the day that this entry has ended.
 */
NODISCARD enum err till_print_sheet(const struct bank_text *t,
				    const struct account *till, uint64_t close,
				    struct buf *out);

/* "0.50 R more than" by the books, "as much as", "0.50 R less than". */
enum { TILL_WORDS = MONEY_TEXT + 16 };
void till_compare(const struct currency *currency, money over,
		  char words_r[TILL_WORDS]);

#endif
