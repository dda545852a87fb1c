/*
 * What is wrong with a settings file, collected and shown in the order of
 * its lines. One owner, no lock.
 */
#ifndef RIALTO_CONF_COMPLAINTS_H
#define RIALTO_CONF_COMPLAINTS_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"

/* A place in the file, both from 1; line 0 means the file as a whole. */
struct mark {
	unsigned line;
	unsigned column;
};

struct complaint {
	struct mark mark;
	size_t order; /* of being added */
	char *text;
};

struct complaints {
	const char *path; /* borrowed */
	struct complaint *all;
	size_t count; /* also of those that were not kept */
};

void complaints_init(struct complaints *c, const char *path);
void complaints_fini(struct complaints *c);

/* Beyond a hundred, complaints are only counted. */
void complaints_add(struct complaints *c, struct mark mark, const char *format,
		    ...) PRINTF(3, 4);
void complaints_vadd(struct complaints *c, struct mark mark, const char *format,
		     va_list args) PRINTF(3, 0);

/* Adds them to out, a line each: "path:line:column: text". */
void complaints_print(struct complaints *c, struct buf *out);

#endif
