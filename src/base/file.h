/*
 * Whole files. Any thread that may wait for a disk.
 */
#ifndef RIALTO_BASE_FILE_H
#define RIALTO_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/*
 * Adds the file's bytes to out; none unless ERR_OK. ERR_NOT_FOUND,
 * ERR_NOT_ALLOWED, ERR_BAD_INPUT when it is longer than most bytes or no
 * regular file, else ERR_IO.
 */
NODISCARD enum err file_read(const char *path, size_t most, struct buf *out);

/*
 * Writes a new file with this mode, whatever the umask, and makes it and its
 * name durable, so that either the old file or the whole new one is there after
 * a crash.
 * ERR_STORAGE_FULL, ERR_NOT_ALLOWED or ERR_IO.
 */
NODISCARD enum err file_write(const char *path, mode_t mode, const void *bytes,
			      size_t len);

/*
 * As file_write() for a file that is there, whose mode it keeps, and whose
 * owner and group where we may give files away. ERR_NOT_FOUND.
 */
NODISCARD enum err file_replace(const char *path, const void *bytes,
				size_t len);

/* As file_write(), but ERR_EXISTS when there is a file already. */
NODISCARD enum err file_create(const char *path, mode_t mode, const void *bytes,
			       size_t len);

/* The folder that path lies in; "." when it names none. */
NODISCARD char *file_folder(const char *path);

/* The folder of path joined with name; name itself when it is absolute. */
NODISCARD char *file_beside(const char *path, const char *name);

/* folder/name. */
NODISCARD char *file_join(const char *folder, const char *name);

/* Makes the names in a folder durable. */
NODISCARD enum err file_sync_folder(const char *folder);

/* The code for an errno value. */
enum err file_err(int number);

#endif
