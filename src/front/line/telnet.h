/*
 * Telnet (RFC 854, RFC 855) between the socket and the line splitter: takes
 * negotiation out of the bytes, answers it, and asks the client to stop its
 * echo while a password is typed (RFC 857, by the method of RFC 1143).
 *
 * Every option but our ECHO and SUPPRESS-GO-AHEAD (RFC 858) is refused. State
 * is kept across reads; subnegotiations are skipped, and a peer that never
 * ends one, or negotiates without end, is found out. One owner.
 */
#ifndef RIALTO_FRONT_LINE_TELNET_H
#define RIALTO_FRONT_LINE_TELNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "net/listener.h"

struct telnet {
	uint8_t mode;        /* enum listener_telnet */
	uint8_t state;       /* of the parser */
	uint8_t verb;        /* WILL, WONT, DO, DONT under way */
	uint8_t echo;        /* our option ECHO: enum of RFC 1143 */
	uint8_t go_ahead;    /* our option SUPPRESS-GO-AHEAD */
	bool is_active;      /* the peer speaks telnet, or must */
	uint16_t skipped;    /* bytes of the subnegotiation */
	uint16_t negotiated; /* answers given in all */
};

/*
 * SUPPRESS-GO-AHEAD is the client's to ask for: offered to one that edits
 * lines itself, it would make it send every key.
 */
void telnet_init(struct telnet *t, enum listener_telnet mode);

/*
 * Takes len bytes and adds those that are text to text, line ends as "\n",
 * and answers to reply. False when the peer broke the bounds: end it.
 */
NODISCARD bool telnet_filter(struct telnet *t, const char *bytes, size_t len,
			     struct buf *text, struct buf *reply);

/* The peer's bytes are text as they are: no need to filter them. */
bool telnet_is_idle(const struct telnet *t, const char *bytes, size_t len);

/* A password prompt begins (hide) or has ended; requests go to reply. */
void telnet_hide_echo(struct telnet *t, bool hide, struct buf *reply);

#endif
