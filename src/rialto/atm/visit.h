/*
 * One person at the desk, from login to logout: what was in doubt when a
 * connection was lost is found out over the next one. Waits for the daemon.
 * One owner.
 */
#ifndef RIALTO_RIALTO_ATM_VISIT_H
#define RIALTO_RIALTO_ATM_VISIT_H

#include <stdbool.h>

#include "base/attr.h"
#include "crypto/secret.h"
#include "rialto/atm/desk.h"

struct visit {
	struct desk *desk;
	char *user;              /* NULL before a login */
	struct secret *password; /* for the next connection */

	/* How the rest of the program speaks meanwhile. */
	void (*tell)(void *context, const char *words);
	struct secret *(*ask_code)(void *context); /* NULL when there is none */
	bool (*wait)(void *context, int64_t wait_ms); /* false: no more */
	void *context;
};

/* Forgets who it was. */
void visit_end(struct visit *v);

/*
 * Logs in over an open desk; keeps user and password when it is ok. code may
 * be NULL. As desk_ask().
 */
NODISCARD enum desk_outcome visit_login(struct visit *v, const char *user,
					const struct secret *password,
					const struct secret *code,
					struct answer *answer_r);

/* The same for somebody who is new here. */
NODISCARD enum desk_outcome visit_signup(struct visit *v, const char *user,
					 const struct secret *password,
					 struct answer *answer_r);

/*
 * Asks for a login that is never made, as its password is its name: so it is
 * refused with weak-password, or name-taken, unless there are no new ones here.
 */
NODISCARD enum desk_outcome visit_try_signup(struct visit *v,
					     struct answer *answer_r);

/* Says goodbye to the daemon, and visit_end(). */
void visit_leave(struct visit *v);

/*
 * Asks, and when the connection is lost again over the next one, a bounded
 * number of times. A request that moves money is first looked up by its id,
 * and given again under the same when nothing is known of it: so it happens
 * once. So is what the daemon cannot tell for a while. DESK_LOST when it stays
 * in doubt.
 */
NODISCARD enum desk_outcome visit_ask(struct visit *v,
				      const struct buf *request, const char *id,
				      bool moves_money,
				      struct answer *answer_r);

#endif
