/*
 * The data directory itself: made, checked, locked and listed.
 */
#ifndef RIALTO_STORE_FOLDER_H
#define RIALTO_STORE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/*
 * Opens dir, which must be a directory of this user that strangers cannot
 * write to. Says why not.
 */
NODISCARD enum err folder_open(const char *dir, int *fd_r, struct buf *why);

/* The same, making it with mode 0700 when it is absent (*made_r). */
NODISCARD enum err folder_open_or_make(const char *dir, int *fd_r, bool *made_r,
				       struct buf *why);

/*
 * Opens dir, absent or empty, making it with mode 0700. *made_r: it was
 * absent. ERR_EXISTS when something is in it. Says why not.
 */
NODISCARD enum err folder_make(const char *dir, int *fd_r, bool *made_r,
			       struct buf *why);

/*
 * Is dir, or where it would be made, that open directory or below it? Looks at
 * directories, not at names: ".." and symbolic links are followed.
 */
bool folder_is_within(const char *dir, int outer_fd);

/*
 * Locks the directory until the descriptor is closed; ERR_BUSY when another
 * open file has the lock, also one of this process. Says why not.
 */
NODISCARD enum err folder_lock(const char *dir, int dir_fd, int *lock_fd_r,
			       struct buf *why);

bool folder_has(int dir_fd, const char *name);

/* Makes the name of the directory itself durable. */
NODISCARD enum err folder_sync_parent(const char *dir);

/* The names in a directory that wanted() accepts, sorted. */
struct names {
	char **list;
	size_t count;
};

void names_init(struct names *names);
void names_fini(struct names *names);
NODISCARD enum err names_find(struct names *names, int dir_fd,
			      bool (*wanted)(const char *name));

/* "users.db" and the like; "log.0000000001" and the like. */
bool name_is_table(const char *name);
bool name_is_log(const char *name);

/* The number of a log file; 0 when it is none. */
uint32_t name_log_number(const char *name);

/* The bytes of all these files together. */
uint64_t names_bytes(const struct names *names, int dir_fd);

#endif
