/*
 * A connection to a daemon: a name, TCP, TLS 1.2 or 1.3, then lines both
 * ways. Nothing here waits: the owner polls, then calls link_turn().
 */
#ifndef RIALTO_RIALTO_LINK_H
#define RIALTO_RIALTO_LINK_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "client/negotiation.h"
#include "rialto/peer.h"

/* What every link of a program shares: the CAs, and its certificate. */
struct link_trust;

/*
 * The CAs in a PEM file, or the system's when ca_file is NULL. NULL when the
 * file holds none that can be read.
 */
NODISCARD struct link_trust *link_trust_new(const char *ca_file);

/*
 * Shows this certificate, in PEM with its key, to whoever asks for one. What
 * is wrong with the file, or NULL.
 */
NODISCARD const char *link_trust_show(struct link_trust *t, const char *file);
void link_trust_free(struct link_trust **t);

enum link_state {
	LINK_BUSY,   /* on its way */
	LINK_SHAKEN, /* the handshake is done: look at the peer, then accept */
	LINK_OPEN,
	LINK_DOWN, /* for good; link_problem() says why */
};

struct link;

/*
 * Begins to connect, for a protocol by its ALPN name (RFC 7301). Borrows trust
 * until link_free().
 */
NODISCARD struct link *link_new(const struct link_trust *trust,
				const char *protocol, const char *host,
				const char *port);

/* Says goodbye where that is possible at once. */
void link_free(struct link **l);

enum link_state link_state(const struct link *l);

/* While LINK_SHAKEN. */
const struct peer *link_peer(const struct link *l);
void link_accept(struct link *l);

/* While LINK_OPEN; as negotiation_begin(). */
NODISCARD enum err link_negotiate(const struct link *l, struct negotiation *n);

/* What to poll for; returns when link_turn() is due anyway (clock_mono_ms). */
int64_t link_poll(const struct link *l, struct pollfd *poll_r);

/* Goes on as far as it can. */
void link_turn(struct link *l);

/* What was received, for the owner to take from; also when LINK_DOWN. */
struct buf *link_input(struct link *l);

/* Queues bytes while LINK_OPEN, else does nothing. */
void link_send(struct link *l, const void *bytes, size_t len);

/* Why it is down, in words for a person: "Connection refused". */
const char *link_problem(const struct link *l);

#endif
