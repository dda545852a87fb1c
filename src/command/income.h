/* What others did to a user's accounts since the user heard of it last. */
#ifndef RIALTO_COMMAND_INCOME_H
#define RIALTO_COMMAND_INCOME_H

#include <stdint.h>

#include "bank/entry.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "command/bank_text.h"
#include "command/realm.h"
#include "user/user.h"

/*
 * A login, after takings_come(): adds lines of what came in and went out by
 * others, "While you were away: …", and of what waits for the user, to lines,
 * and says up to which entry. What is much is summed up. A job.
 */
NODISCARD enum err income_read(struct realm *realm, user_id user,
			       struct buf *lines, uint64_t *upto_r);

/*
 * "ann paid you 30.25 R (lunch). New balance: 69.75 R. #12", of a payment into
 * the account: one line without its end. into is what the account is called,
 * "" when it is somebody's main one; from names the one that has paid to whom
 * shares it, "" to all others. Any thread.
 */
void income_print_payment(const struct currency *currency,
			  const struct entry *entry, account_id account,
			  const char *into, const char *from, const char *by,
			  const char *memo, struct buf *out);

/*
 * To those who share the account that has paid: "ann paid ben 30.25 R from
 * shared:flat (lunch). #12", and behind that a line "New balance of
 * shared:flat: 9.00 R", without its end. Any thread.
 */
void income_print_paid(const struct currency *currency,
		       const struct entry *entry, const char *from,
		       const char *to, const char *by, const char *memo,
		       struct buf *out);

#endif
