/* Where to connect and as whom, as people write it. Any thread. */
#ifndef RIALTO_RIALTO_ADDRESS_H
#define RIALTO_RIALTO_ADDRESS_H

#include "base/attr.h"

enum { ADDRESS_PORT = 7170, ADDRESS_PORT_ATM = 7171 };

struct address {
	char *user; /* NULL when none was named */
	char *host; /* without brackets, a name in lower case */
	char *port;
	char *text; /* host:port, an IPv6 address in brackets */
};

/*
 * Takes "[user@]host[:port]" apart; NULL, or words that say what is wrong
 * with it (address_r is then empty). Freed with address_fini().
 */
NODISCARD const char *address_parse(const char *text,
				    struct address *address_r);

/* The same, with another port where none is written. */
NODISCARD const char *address_parse_at(const char *text, int port,
				       struct address *address_r);

void address_fini(struct address *a);

#endif
