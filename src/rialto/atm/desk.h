/*
 * The daemon's service atm, as its client sees it: a link whose other end has
 * proved who it is, and sealed requests on it, one at a time. Waits for the
 * daemon. One owner.
 */
#ifndef RIALTO_RIALTO_ATM_DESK_H
#define RIALTO_RIALTO_ATM_DESK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "rialto/atm/answer.h"
#include "rialto/link.h"
#include "rialto/options.h"
#include "rialto/trust.h"

struct desk;

/* Borrows all of them until desk_free(). */
struct desk *desk_new(const struct options *o, const struct link_trust *cas,
		      struct trust *trust);
void desk_free(struct desk **d);

enum desk_outcome {
	DESK_OK,
	DESK_LOST,      /* no connection; desk_problem() says why */
	DESK_UNTRUSTED, /* and there had better be none */
};

/*
 * Connects, unless it is connected, and finds out who answers, asking at the
 * terminal with may_ask. Adds to words what a person must know, in lines.
 */
NODISCARD enum desk_outcome desk_open(struct desk *d, bool may_ask,
				      struct buf *words);

/* Says goodbye, and forgets the keys. */
void desk_close(struct desk *d);

/*
 * Sends a request and waits for the answer to id. DESK_LOST when the
 * connection ends before it has come: what became of it is not known then.
 * With the third wrong password or code the answer comes, and the desk is
 * closed.
 */
NODISCARD enum desk_outcome desk_ask(struct desk *d, const struct buf *request,
				     const char *id, struct answer *answer_r);

/* Who has proved to be there, "SHA256:…"; or who was, lately. */
const char *desk_identity(const struct desk *d);

/* Whether there is a session, as far as is known. */
bool desk_is_open(const struct desk *d);

/* Why the connection was lost, in words for a person. */
const char *desk_problem(const struct desk *d);

#endif
