/*
 * The list of a backup's files, itself a file in it, written last: a backup
 * without it, or one that lacks something of it, is not whole.
 */
#ifndef RIALTO_STORE_MARKER_H
#define RIALTO_STORE_MARKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

struct marker_file {
	char name[64];
	uint64_t bytes;
};

struct marker {
	int64_t made_ms;
	struct marker_file *files;
	size_t count;
};

void marker_init(struct marker *marker);
void marker_fini(struct marker *marker);

/* False when the name is too long. */
NODISCARD bool marker_add(struct marker *marker, const char *name,
			  uint64_t bytes);

NODISCARD enum err marker_write(const struct marker *marker, const char *dir);

/*
 * Reads the list and checks that everything of it is there. ERR_BAD_INPUT
 * when dir holds no whole backup, and why says what is missing.
 */
NODISCARD enum err marker_read(struct marker *marker, const char *dir,
			       int dir_fd, struct buf *why);

#endif
