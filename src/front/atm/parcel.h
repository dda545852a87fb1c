/*
 * A parcel: the JSON object of a message, read strictly (RFC 8259, and the
 * bounds of doc/protocol.md). One owner; any thread.
 */
#ifndef RIALTO_FRONT_ATM_PARCEL_H
#define RIALTO_FRONT_ATM_PARCEL_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/attr.h"

enum { PARCEL_DEPTH = 8 };

/* The largest integer that every reader of JSON can hold: 2^53-1. */
#define PARCEL_INTEGER_MOST INT64_C(9007199254740991)

/*
 * Before any other thread uses jansson: from now on it wipes what it frees,
 * since passwords may be in there.
 */
void parcel_begin(void);

/*
 * NULL, and *flaw_r says what is wrong with it ("it has a member twice"),
 * unless it is an object.
 */
NODISCARD json_t *parcel_read(const char *bytes, size_t len,
			      const char **flaw_r);

/* Wipes and frees *parcel and sets it to NULL; NULL is left alone. */
void parcel_free(json_t **parcel);

#endif
