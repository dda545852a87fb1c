/*
 * A file that only grows: bytes wait in memory until the disk has taken them,
 * however often it must be tried. One owner.
 */
#ifndef RIALTO_AUDIT_SINK_H
#define RIALTO_AUDIT_SINK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

struct sink {
	char *path;
	int fd;        /* -1: it could not be opened yet */
	bool is_fresh; /* a file that must not be there yet */
	bool has_unsynced;
	struct buf pending;
};

void sink_init(struct sink *sink, const char *path, bool is_fresh);

/* What is pending is lost. */
void sink_fini(struct sink *sink);

/* Opens the file, with mode 0600 when it is new. Again does no harm. */
NODISCARD enum err sink_open(struct sink *sink);

/*
 * Opens the file anew, since somebody has renamed it. When that cannot be,
 * the file that is open stays.
 */
NODISCARD enum err sink_reopen(struct sink *sink);

/* Somebody has removed the file that is open: what goes into it is lost. */
NODISCARD bool sink_is_gone(const struct sink *sink);

/*
 * Writes what is pending and makes it durable. On failure (as file_err()) the
 * rest is pending still. A sync that fails ends the process, since what was
 * written is unknown from then on.
 */
NODISCARD enum err sink_flush(struct sink *sink);

#endif
