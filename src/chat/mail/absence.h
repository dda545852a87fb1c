/*
 * An absence: why somebody is away, and who has been told so. Each is told
 * once; of more than ABSENCE_TOLD_MOST the first is forgotten. One owner, who
 * locks.
 */
#ifndef RIALTO_CHAT_ABSENCE_H
#define RIALTO_CHAT_ABSENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum { ABSENCE_TOLD_MOST = 200 };

struct absence {
	char *text;     /* NULL: here */
	uint64_t *told; /* numbers of people, a ring */
	size_t count;
};

/* Zeroed memory is somebody who is here. */
void absence_fini(struct absence *absence);

/* A new one begins; NULL or "": the person is here again. Copies text. */
void absence_set(struct absence *absence, const char *text);

/* Somebody is to be told; false when that was done before. */
bool absence_note(struct absence *absence, uint64_t who);

#endif
