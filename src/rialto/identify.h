/*
 * Finding out who is at the other end of a link of the line protocol, before
 * anything else is said: "/identity NONCE", and its answer. What came before
 * the answer stays in the link's input. Whom to trust is for trust.h.
 */
#ifndef RIALTO_RIALTO_IDENTIFY_H
#define RIALTO_RIALTO_IDENTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "client/negotiation.h"
#include "crypto/identity_key.h"
#include "rialto/link.h"

enum identify_state {
	IDENTIFY_BUSY,
	IDENTIFY_PROVEN, /* identity is who it is */
	IDENTIFY_NONE,   /* it has none, or says nothing of it */
	IDENTIFY_WRONG,  /* it showed one that is not of this connection */
};

struct identify {
	struct negotiation negotiation;
	enum identify_state state;
	char identity[IDENTITY_TEXT]; /* "" unless IDENTIFY_PROVEN */
	const char *why;              /* unless IDENTIFY_PROVEN */
	int64_t due_ms;               /* to be asked again by then */
};

/* Asks over an open link. */
void identify_begin(struct identify *i, struct link *l);

/* Looks at what has come; to be called until it is no longer busy. */
void identify_turn(struct identify *i, struct link *l);

/*
 * Takes the answer out of what a server sent, or the refusal to give one;
 * false while there is neither.
 */
NODISCARD bool identify_take(struct identify *i, struct buf *in);

#endif
