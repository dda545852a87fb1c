#include "joke/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

static const struct network4 {
	uint8_t start[4];
	unsigned bits;
} closed4[] = {
	{ { 0 }, 8 },
	{ { 10 }, 8 },
	{ { 100, 64 }, 10 },
	{ { 127 }, 8 },
	{ { 169, 254 }, 16 },
	{ { 172, 16 }, 12 },
	{ { 192, 0, 0 }, 24 },
	{ { 192, 0, 2 }, 24 },
	{ { 192, 88, 99 }, 24 },
	{ { 192, 168 }, 16 },
	{ { 198, 18 }, 15 },
	{ { 198, 51, 100 }, 24 },
	{ { 203, 0, 113 }, 24 },
	{ { 224 }, 3 },
};

/* In 2000::/3; all outside of it is closed. */
static const struct network6 {
	uint8_t start[16];
	unsigned bits;
} closed6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },       /* Teredo, protocols */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x3f, 0xff, 0x00 }, 20 },       /* documentation */
};

/* IPv6 that stands for the IPv4 address at byte `at`. */
static const struct carrier {
	uint8_t start[16];
	unsigned bits;
	size_t at;
} carriers[] = {
	{ { [10] = 0xff, [11] = 0xff }, 96, 12 }, /* mapped */
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, 12 },   /* NAT64 */
	{ { 0x20, 0x02 }, 16, 2 },                /* 6to4 */
};

static bool is_within(const uint8_t *address, const uint8_t *start,
		      unsigned bits)
{
	uint8_t mask = (uint8_t)(0xff00U >> bits % 8);

	if (memcmp(address, start, bits / 8) != 0)
		return false;
	return bits % 8 == 0 ||
	       ((address[bits / 8] ^ start[bits / 8]) & mask) == 0;
}

static bool is_public4(const uint8_t address[4])
{
	for (size_t i = 0; i < COUNT(closed4); i++) {
		if (is_within(address, closed4[i].start, closed4[i].bits))
			return false;
	}
	return true;
}

static bool is_public6(const uint8_t address[16])
{
	static const uint8_t global[1] = { 0x20 };

	for (size_t i = 0; i < COUNT(carriers); i++) {
		if (is_within(address, carriers[i].start, carriers[i].bits))
			return is_public4(address + carriers[i].at);
	}
	for (size_t i = 0; i < COUNT(closed6); i++) {
		if (is_within(address, closed6[i].start, closed6[i].bits))
			return false;
	}
	return is_within(address, global, 3);
}

bool reach_is_public(const struct sockaddr *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof(in));
		return is_public4((const uint8_t *)&in.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&in6, address, sizeof(in6));
		return is_public6(in6.sin6_addr.s6_addr);
	}
	return false;
}
