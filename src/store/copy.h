/*
 * Files written for backups: into another directory, made durable, and never
 * through Berkeley DB's own functions, whose failed fsync ends the process:
 * a backup's disk may fail without harm.
 */
#ifndef RIALTO_STORE_COPY_H
#define RIALTO_STORE_COPY_H

#include <db.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/* For DB_ENV->set_backup_callbacks(). */
int copy_open(DB_ENV *env, const char *name, const char *dir, void **handle);
int copy_write(DB_ENV *env, uint32_t gigabytes, uint32_t offset, uint32_t size,
	       uint8_t *bytes, void *handle);
int copy_close(DB_ENV *env, const char *name, void *handle);

/*
 * Copies the first most bytes of a file, or all, to a new one of the same
 * name. ERR_NOT_FOUND, ERR_EXISTS, ERR_STORAGE_FULL, ERR_NOT_ALLOWED, ERR_IO.
 */
NODISCARD enum err copy_file(int from_dir_fd, int to_dir_fd, const char *name,
			     uint64_t most);

#endif
