/*
 * A network: the addresses that begin with the same bits (RFC 4632, RFC 4291);
 * a single address is one as well. IPv4 addresses are their IPv4-mapped ones
 * (RFC 4291, 2.5.5.2), so that everything has one form. Plain values; any
 * thread.
 */
#ifndef RIALTO_CHAT_NETWORK_H
#define RIALTO_CHAT_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum {
	NETWORK_BYTES = 16,
	NETWORK_BITS = 128,
	NETWORK_TEXT = 64, /* for network_print(), with its NUL */

	/* What is shorter than these prefixes is too wide for a sanction. */
	NETWORK_LEAST_4 = 16,
	NETWORK_LEAST_6 = 32,
};

struct network {
	uint8_t bytes[NETWORK_BYTES]; /* beyond bits all zero */
	unsigned bits;
};

/*
 * Reads "192.0.2.7", "192.0.2.0/24", "2001:db8::/48", or "2001:db8::7", which
 * is the /64 of that address, since that is what one line of a subscriber has.
 * Bits behind the prefix are dropped. False, and nothing is changed, for
 * anything else.
 */
NODISCARD bool network_parse(const char *text, struct network *network_r);

/* Reads one address, as a network of it alone. */
NODISCARD bool network_parse_address(const char *text,
				     struct network *network_r);

/* Keeps so many bits; of IPv4 bits4, counted as IPv4 counts them. */
void network_widen(struct network *network, unsigned bits4, unsigned bits6);

bool network_is_4(const struct network *network);

/* Is every address of inner one of outer? */
bool network_has(const struct network *outer, const struct network *inner);

/* Wider than NETWORK_LEAST_4 or NETWORK_LEAST_6. */
bool network_is_wide(const struct network *network);

/* Writes what network_parse() reads. */
void network_print(const struct network *network, char text_r[NETWORK_TEXT]);

#endif
