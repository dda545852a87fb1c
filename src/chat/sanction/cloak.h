/*
 * Cloaks: what people see instead of an address. The same network always has
 * the same cloak, but without the key nobody can say which network it is.
 *
 *     HOST.NET.AREA.cloak
 *
 * HOST stands for an IPv4 address or an IPv6 /64, NET for its /24 or /48, AREA
 * for its /16 or /32; so a glob can take a whole network: *.NET.AREA.cloak.
 */
#ifndef RIALTO_CHAT_CLOAK_H
#define RIALTO_CHAT_CLOAK_H

#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/network.h"
#include "store/store.h"

/* The table that must be in the store's options. */
#define CLOAK_TABLES "cloak"

enum {
	CLOAK_KEY = 32,
	CLOAK_PART = 8, /* letters */
	CLOAK_PARTS = 3,
	/* Bytes of the text, with its NUL. */
	CLOAK_TEXT = CLOAK_PARTS * (CLOAK_PART + 1) + 6,
};

/* How every cloak ends. */
#define CLOAK_END ".cloak"

/* Start-up: reads the key, or makes it: ERR_CORRUPT, those of store_run(). */
NODISCARD enum err cloak_load(struct store *store, uint8_t key_r[CLOAK_KEY]);

/*
 * Checks that the key can be read, if there is one. Findings, a line each, are
 * added to report and make it ERR_CORRUPT.
 */
NODISCARD enum err cloak_verify(struct store *store, struct buf *report);

/* Of an address, or of the /64 of one. Any thread. */
void cloak_print(const uint8_t key[CLOAK_KEY], const struct network *address,
		 char text_r[CLOAK_TEXT]);

#endif
