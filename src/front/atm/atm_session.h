/*
 * What the ATM service keeps for each session. All of it belongs to the
 * session's worker.
 */
#ifndef RIALTO_FRONT_ATM_ATM_SESSION_H
#define RIALTO_FRONT_ATM_ATM_SESSION_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "command/caller.h"
#include "crypto/jwe.h"
#include "front/atm/request.h"

struct atm;
struct deal;
struct op;

struct atm_session {
	struct caller caller;
	struct buf partial; /* a line that has not ended yet */

	/* NULL until hello was said. */
	struct jwe *requests;
	struct jwe *answers;

	/* What is being served, or NULL; and its answer so far. */
	struct request *request;
	const struct op *op;
	struct buf answer;  /* members of an object, see answer.h */
	struct buf words;   /* of a refusal */
	int64_t touched_ms; /* monotonic: when the directory was told */
};

/* The service that the session came to. */
struct atm *atm_of(const struct atm_session *as);

/* How long who is logged in may say nothing. */
int64_t atm_idle_timeout_s(const struct atm *atm);

/* The atm_session of a caller or a session of this service. */
struct atm_session *atm_session_of(struct caller *caller);

/*
 * A deposit or withdrawal of this session: at a terminal it moves the cash of
 * that. Between move_new() and move_start().
 */
void atm_place(const struct atm_session *as, struct deal *deal);

/* Sends an object: sealed, once there are keys. Wipes it. */
void atm_send(struct atm_session *as, struct buf *object);

/*
 * Refuses something that has no id, or none that could be read: counted as a
 * violation of the protocol.
 */
void atm_object(struct atm_session *as, enum err code, const char *words);

#endif
