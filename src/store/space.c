#include "store/space.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "log/log.h"
#include "store/env.h"

/* A disk of today takes ten mebibytes in twenty milliseconds. */
enum { LOOK_EVERY_MS = 20, LOOK_EVERY_BYTES = 1 << 20, BLOCK = 1 << 16 };

static const char reserve_name[] = "reserve";

uint64_t space_needed(const struct space *space)
{
	return atomic_load(&space->is_made) ? space->reserve
					    : 2 * space->reserve;
}

static uint64_t look(const struct space *space)
{
	struct statvfs fs;

	if (fstatvfs(space->dir_fd, &fs) != 0)
		return 0;
	return (uint64_t)fs.f_bavail * fs.f_frsize;
}

void space_look(struct space *space)
{
	uint64_t bytes = look(space);
	uint64_t needed = space_needed(space);
	bool was_full = atomic_load(&space->is_full);
	bool is_full;

	/* A little more to leave the state than to enter it. */
	if (was_full)
		needed += STORE_LOG_FILE;
	is_full = bytes < needed;
	atomic_store(&space->free, bytes);
	atomic_store(&space->looked_ms, clock_mono_ms());
	atomic_store(&space->used, 0);
	if (!atomic_compare_exchange_strong(&space->is_full, &was_full,
					    is_full) ||
	    was_full == is_full)
		return;
	if (is_full)
		log_warning("store",
			    "the disk is full: changes are refused "
			    "free=%" PRIu64 " needed=%" PRIu64,
			    bytes, needed);
	else
		log_notice("store",
			   "there is space again: changes are accepted "
			   "free=%" PRIu64,
			   bytes);
}

void space_init(struct space *space, int dir_fd, uint64_t cache_bytes)
{
	struct stat st;

	space->dir_fd = dir_fd;
	/* Berkeley DB makes small caches a quarter larger than asked for. */
	space->reserve = 2 * STORE_LOG_FILE + cache_bytes + cache_bytes / 4;
	atomic_init(&space->is_made,
		    fstatat(dir_fd, reserve_name, &st, AT_SYMLINK_NOFOLLOW) ==
				    0 &&
			    (uint64_t)st.st_size >= space->reserve);
	atomic_init(&space->is_full, false);
	atomic_init(&space->looked_ms, clock_mono_ms());
	atomic_init(&space->used, 0);
	atomic_init(&space->free, look(space));
}

bool space_is_full(struct space *space)
{
	if (atomic_load(&space->used) >= LOOK_EVERY_BYTES ||
	    clock_mono_ms() - atomic_load(&space->looked_ms) >= LOOK_EVERY_MS)
		space_look(space);
	return atomic_load(&space->is_full);
}

void space_use(struct space *space, size_t bytes)
{
	/* Each may need a page of its own. */
	atomic_fetch_add_explicit(&space->used, STORE_PAGE + bytes,
				  memory_order_relaxed);
}

uint64_t space_free(struct space *space)
{
	atomic_store(&space->free, look(space));
	return atomic_load(&space->free);
}

/* For filesystems that cannot allocate without writing. */
static int fill(int fd, uint64_t bytes)
{
	char *zeros = mem_zero(BLOCK);
	int rc = 0;

	for (uint64_t at = 0; at < bytes && rc == 0; at += BLOCK)
		if (pwrite(fd, zeros, BLOCK, (off_t)at) != BLOCK)
			rc = errno != 0 ? errno : ENOSPC;
	mem_free(zeros);
	return rc;
}

enum err space_make(struct space *space)
{
	int rc = 0;
	int fd;

	if (atomic_load(&space->is_made))
		return ERR_OK;
	fd = openat(space->dir_fd, reserve_name,
		    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return file_err(errno);
	errno = 0;
	if (fallocate(fd, 0, 0, (off_t)space->reserve) != 0)
		rc = errno == EOPNOTSUPP ? fill(fd, space->reserve) : errno;
	if (rc == 0 && (fsync(fd) != 0 || fsync(space->dir_fd) != 0))
		rc = errno;
	close(fd);
	if (rc != 0)
		unlinkat(space->dir_fd, reserve_name, 0);
	else
		atomic_store(&space->is_made, true);
	return rc != 0 ? file_err(rc) : ERR_OK;
}

bool space_give_up(struct space *space)
{
	atomic_store(&space->is_made, false);
	return unlinkat(space->dir_fd, reserve_name, 0) == 0;
}
