/* The first connection, which the person waits for. */
#ifndef RIALTO_RIALTO_CONNECT_H
#define RIALTO_RIALTO_CONNECT_H

#include "base/attr.h"
#include "rialto/link.h"
#include "rialto/options.h"
#include "rialto/trust.h"

/* The line protocol's name (ALPN). */
#define CONNECT_PROTOCOL "rialto-line"

/*
 * Connects and settles whether to trust the server, and that it
 * is who it was, before anything of the person is sent, asking the person at
 * the terminal if need be. NULL after saying on standard error why not.
 */
NODISCARD struct link *connect_first(const struct options *o,
				     const struct link_trust *cas,
				     struct trust *trust);

#endif
