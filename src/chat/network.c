#include "chat/network.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/quantity.h"

enum {
	MAPPED_BITS = 96, /* of ::ffff:0:0/96 */
	SITE_BITS = 64,
};

static const struct network mapped = {
	.bytes = { [10] = 0xff, [11] = 0xff },
	.bits = MAPPED_BITS,
};

static void cut(struct network *network, unsigned bits)
{
	for (unsigned i = 0; i < NETWORK_BYTES; i++) {
		unsigned kept = bits > i * 8 ? bits - i * 8 : 0;

		if (kept < 8)
			network->bytes[i] &= (uint8_t)(0xff << (8 - kept));
	}
	network->bits = bits;
}

bool network_parse_address(const char *text, struct network *network_r)
{
	struct network network = mapped;
	bool is_read = inet_pton(AF_INET, text, &network.bytes[12]) == 1 ||
		       inet_pton(AF_INET6, text, network.bytes) == 1;

	if (!is_read)
		return false;
	network.bits = NETWORK_BITS;
	*network_r = network;
	return true;
}

bool network_is_4(const struct network *network)
{
	return network_has(&mapped, network);
}

/* "/24": is it dotted, the bits are those of IPv4. */
static bool parse_bits(const char *text, bool is_dotted, unsigned *bits_r)
{
	unsigned most = is_dotted ? NETWORK_BITS - MAPPED_BITS : NETWORK_BITS;
	int64_t bits;

	if (!quantity_number(text, &bits) || bits > (int64_t)most)
		return false;
	*bits_r = (unsigned)bits + (is_dotted ? MAPPED_BITS : 0);
	return true;
}

bool network_parse(const char *text, struct network *network_r)
{
	const char *slash = strchr(text, '/');
	size_t len = slash == NULL ? strlen(text) : (size_t)(slash - text);
	char host[NETWORK_TEXT];
	struct network network;
	unsigned bits = NETWORK_BITS;

	if (len >= sizeof(host))
		return false;
	snprintf(host, sizeof(host), "%.*s", (int)len, text);
	if (!network_parse_address(host, &network))
		return false;
	if (slash == NULL)
		network_widen(&network, NETWORK_BITS - MAPPED_BITS, SITE_BITS);
	else if (parse_bits(slash + 1, strchr(host, ':') == NULL, &bits))
		cut(&network, bits);
	else
		return false;
	*network_r = network;
	return true;
}

void network_widen(struct network *network, unsigned bits4, unsigned bits6)
{
	unsigned bits = network_is_4(network) ? MAPPED_BITS + bits4 : bits6;

	if (bits < network->bits)
		cut(network, bits);
}

bool network_has(const struct network *outer, const struct network *inner)
{
	struct network begin = *inner;

	if (inner->bits < outer->bits)
		return false;
	cut(&begin, outer->bits);
	return memcmp(begin.bytes, outer->bytes, sizeof(begin.bytes)) == 0;
}

bool network_is_wide(const struct network *network)
{
	if (network_is_4(network))
		return network->bits < MAPPED_BITS + NETWORK_LEAST_4;
	/* A network of IPv6 that holds all of IPv4 is one too. */
	return network->bits < NETWORK_LEAST_6 || network_has(network, &mapped);
}

void network_print(const struct network *network, char text_r[NETWORK_TEXT])
{
	char host[INET6_ADDRSTRLEN];
	bool is_4 = network_is_4(network);
	unsigned bits = network->bits - (is_4 ? MAPPED_BITS : 0);

	inet_ntop(is_4 ? AF_INET : AF_INET6, &network->bytes[is_4 ? 12 : 0],
		  host, sizeof(host));
	if (is_4 && network->bits == NETWORK_BITS)
		snprintf(text_r, NETWORK_TEXT, "%s", host);
	else
		snprintf(text_r, NETWORK_TEXT, "%s/%u", host, bits);
}
