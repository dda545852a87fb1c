/*
 * Whether to talk to a server: when a CA vouches for it, else when it shows
 * the certificate it showed the first time; and when it is who it was.
 */
#ifndef RIALTO_RIALTO_TRUST_H
#define RIALTO_RIALTO_TRUST_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "rialto/identify.h"
#include "rialto/options.h"
#include "rialto/peer.h"

struct trust;

/* Borrows o until trust_free(). */
NODISCARD struct trust *trust_new(const struct options *o);
void trust_free(struct trust **t);

/*
 * Decides about the peer. A new one is remembered with --accept-new, else
 * when the person at the terminal says yes (asked only with may_ask). Adds
 * to words what a person must know about it, in lines: why not, or that it
 * was remembered, or could not be.
 */
NODISCARD bool trust_check(struct trust *t, const struct peer *peer,
			   bool may_ask, struct buf *words);

/*
 * The same about who it proved to be: i is not busy any more. With an identity
 * that is known, nothing else will do; a server that was never known by one
 * may be without. One that is new is remembered with --accept-new, or when its
 * certificate was just accepted, or when the person says yes; where nobody can
 * be asked it goes on, and is not remembered.
 */
NODISCARD bool trust_identify(struct trust *t, const struct identify *i,
			      bool may_ask, struct buf *words);

#endif
