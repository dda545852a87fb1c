/*
 * Petitions: orders that wait for a second person, as people see them; see
 * bank/approval.h. Jobs only, except where it says otherwise.
 *
 * Two people means two whose names are known: what is above the bound is asked
 * for and approved by administrators and tellers who have logged in, since
 * nobody can tell who sits at the console. It may refuse, which harms nothing.
 */
#ifndef RIALTO_COMMAND_PETITION_H
#define RIALTO_COMMAND_PETITION_H

#include "bank/approval.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "command/bank_text.h"
#include "command/realm.h"

/* "deposit 500.00 R from cash:till to ben (REASON)". */
void petition_describe(const struct bank_text *t, const struct order *order,
		       struct buf *out);

/*
 * Keeps an order that was refused with ERR_APPROVAL_NEEDED; why says what is
 * to be done next, and news what the other administrators read, once it is
 * durable ("": nothing, also when it waits already). Returns the code of the
 * answer.
 */
NODISCARD enum err petition_file(struct realm *realm, const struct order *order,
				 struct refusal *why, struct buf *news);

/* A line for an administrator's login, when others wait for one; else none. */
NODISCARD enum err petition_print_waiting(struct realm *realm, user_id user,
					  struct buf *out);

/* Tells the administrators who are here, but the session; any thread. */
void petition_tell(struct realm *realm, uint64_t origin, const char *news);

#endif
