/*
 * Free space. Writes are refused while less than the reserve is free, so that
 * what was accepted can always reach the disk; and a file of the same size
 * lies ready to be given up when recovery finds the disk full.
 */
#ifndef RIALTO_STORE_SPACE_H
#define RIALTO_STORE_SPACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct space {
	int dir_fd;          /* borrowed; immutable */
	uint64_t reserve;    /* bytes; immutable */
	atomic_bool is_made; /* the reserve file is there */
	atomic_bool is_full;
	atomic_uint_fast64_t free;
	atomic_int_fast64_t looked_ms;
	atomic_uint_fast64_t used; /* bytes written since */
};

/*
 * Two log files and what a cache of this size may hold unwritten. Borrows the
 * data directory. Looks at once.
 */
void space_init(struct space *space, int dir_fd, uint64_t cache_bytes);

/*
 * True while writes must be refused. Looks at the disk when the last look is
 * older than a few milliseconds, or a mebibyte was written since. Any thread.
 */
bool space_is_full(struct space *space);

/* A record of so many bytes is written or deleted. Any thread. */
void space_use(struct space *space, size_t bytes);

/* Looks at once, and logs a change. Any thread. */
void space_look(struct space *space);

/* Bytes free now, in any case; for messages. */
uint64_t space_free(struct space *space);

/* Makes the reserve file if it is not there. ERR_STORAGE_FULL, ERR_IO. */
NODISCARD enum err space_make(struct space *space);

/* Gives the reserve file up; false when there was none. */
bool space_give_up(struct space *space);

/* How much must be free before a directory without the file can be used. */
uint64_t space_needed(const struct space *space);

#endif
