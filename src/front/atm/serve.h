/*
 * Serving requests, one at a time: from the text that was sealed to an op, and
 * from what came of it to the answer. In the session's worker.
 */
#ifndef RIALTO_FRONT_ATM_SERVE_H
#define RIALTO_FRONT_ATM_SERVE_H

#include <stddef.h>

#include "command/caller.h"
#include "front/atm/atm_session.h"

/* How callers of this service are answered. */
extern const struct caller_ops serve_caller_ops;

/*
 * Serves the request in these bytes, which is answered now or, when the session
 * is parked, later.
 */
void serve_request(struct atm_session *as, const char *bytes, size_t len);

/* Wipes the request that was being served, if there is one. */
void serve_end(struct atm_session *as);

#endif
