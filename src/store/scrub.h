/*
 * Scrubbing: what Berkeley DB writes of a page holds, beside the records, what
 * was taken out of it or moved to another page, until something else comes to
 * lie there. So that what is deleted is gone, the parts of a page that hold no
 * record are written as zeros. Any thread.
 */
#ifndef RIALTO_STORE_SCRUB_H
#define RIALTO_STORE_SCRUB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "store/env.h"

/*
 * As pwrite(). What is not surely a page of a
 * B-tree with a checksum, in the order of bytes of this machine, is written as
 * it is.
 */
ssize_t scrub_write(int fd, const void *bytes, size_t len, off_t at);

/* Whether it says of itself to be such a page as tables of ours have. */
bool scrub_is_ours(const uint8_t page[STORE_PAGE]);

#endif
