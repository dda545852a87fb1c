/*
 * Many people who come or go at once, told in one line. One owner.
 */
#ifndef RIALTO_CHAT_CROWD_H
#define RIALTO_CHAT_CROWD_H

#include "base/buf.h"
#include "base/text.h"

enum { CROWD_NAMES = 3 };

struct crowd {
	unsigned count;
	char names[CROWD_NAMES][NAME_MOST + 1]; /* the first few */
};

void crowd_add(struct crowd *c, const char *name);

/* Adds "ann, ben, cleo and 209 others joined" and empties the crowd. */
void crowd_tell(struct crowd *c, const char *did, struct buf *out);

#endif
