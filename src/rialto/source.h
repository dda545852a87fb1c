/* What a command reads: a file, or standard input where it says "-". */
#ifndef RIALTO_RIALTO_SOURCE_H
#define RIALTO_RIALTO_SOURCE_H

#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/*
 * Adds all of it to text, waiting for its end. ERR_NOT_FOUND, ERR_NOT_ALLOWED,
 * ERR_BAD_INPUT when there is more than most bytes, ERR_IO.
 */
NODISCARD enum err source_read(const char *path, size_t most, struct buf *text);

#endif
