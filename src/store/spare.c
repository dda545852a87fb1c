#include "store/spare.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/env.h"
#include "store/folder.h"

enum {
	SPARES_MOST = 6,
	PIECE = 256 << 10, /* so that a sync of the log need not wait long */
	NAME = 24,
};

static const char part_name[] = "spare.part";

static void name_of(unsigned i, char name_r[NAME])
{
	(void)snprintf(name_r, NAME, "spare.%02u", i);
}

static void remove_one(const struct spares *spares, unsigned i)
{
	char name[NAME];

	name_of(i, name);
	(void)unlinkat(spares->dir_fd, name, 0);
}

void spares_init(struct spares *spares, int dir_fd)
{
	*spares = (struct spares){ .dir_fd = dir_fd };
	(void)unlinkat(dir_fd, part_name, 0);
	for (unsigned i = 0; i < SPARES_MOST; i++)
		remove_one(spares, i);
}

void spares_start(struct spares *spares)
{
	spares->logs_made = env_logs_made();
}

void spares_drop(struct spares *spares)
{
	for (unsigned i = 0; i < SPARES_MOST; i++)
		if ((spares->made & 1U << i) != 0)
			remove_one(spares, i);
	spares->made = 0;
	spares->wanted = 0;
}

/* Forgets those that have become log files. */
static void look(struct spares *spares)
{
	char name[NAME];

	for (unsigned i = 0; i < SPARES_MOST; i++) {
		name_of(i, name);
		if (!folder_has(spares->dir_fd, name))
			spares->made &= ~(1U << i);
	}
}

/* Work comes in waves: it rises at once, and falls slowly, down to one. */
static void reckon(struct spares *spares)
{
	unsigned made = env_logs_made();
	unsigned wanted = 2 * (made - spares->logs_made);

	spares->logs_made = made;
	if (wanted < spares->wanted)
		wanted = spares->wanted > 1 ? spares->wanted - 1 : 1;
	spares->wanted = wanted < SPARES_MOST ? wanted : SPARES_MOST;
}

/*
 * An error of the disk is told once: to this, and then not to a sync of the
 * whole file. What else it may say is that it cannot do it here.
 */
static bool push(int fd, off_t at)
{
	const unsigned wait = SYNC_FILE_RANGE_WAIT_BEFORE |
			      SYNC_FILE_RANGE_WRITE |
			      SYNC_FILE_RANGE_WAIT_AFTER;

	return sync_file_range(fd, at, PIECE, wait) == 0 ||
	       (errno != EIO && errno != ENOSPC && errno != EDQUOT);
}

static bool write_zeros(int fd)
{
	char *zeros = mem_alloc(PIECE);
	bool is_done = fallocate(fd, 0, 0, STORE_LOG_FILE) == 0;

	/* From memory that was never written to the kernel reads slowly. */
	memset(zeros, 0, PIECE);
	for (off_t at = 0; is_done && at < STORE_LOG_FILE; at += PIECE)
		is_done = pwrite(fd, zeros, PIECE, at) == PIECE && push(fd, at);
	mem_free(zeros);
	return is_done && fsync(fd) == 0;
}

/* False when the disk does not want it. */
static bool make_one(struct spares *spares, unsigned i)
{
	char name[NAME];
	bool is_done;
	int fd;

	name_of(i, name);
	/* What others have put there, if it can go. */
	(void)unlinkat(spares->dir_fd, name, 0);
	if (folder_has(spares->dir_fd, name))
		return false;
	fd = openat(spares->dir_fd, part_name,
		    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return false;
	is_done = write_zeros(fd);
	close(fd);
	if (is_done)
		is_done = renameat(spares->dir_fd, part_name, spares->dir_fd,
				   name) == 0;
	if (is_done)
		spares->made |= 1U << i;
	else
		(void)unlinkat(spares->dir_fd, part_name, 0);
	return is_done;
}

static void remove_more(struct spares *spares)
{
	for (unsigned i = spares->wanted; i < SPARES_MOST; i++) {
		if ((spares->made & 1U << i) == 0)
			continue;
		remove_one(spares, i);
		spares->made &= ~(1U << i);
	}
}

void spares_fill(struct spares *spares)
{
	look(spares);
	reckon(spares);
	remove_more(spares);
	for (unsigned i = 0; i < spares->wanted; i++)
		if ((spares->made & 1U << i) == 0 && !make_one(spares, i))
			return;
}

uint64_t spares_need(const struct spares *spares)
{
	return (spares->wanted + 1) * (uint64_t)STORE_LOG_FILE;
}

/* Not a folder or a link of that name, nor a file of somebody else's. */
static bool is_spare(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       st.st_size == STORE_LOG_FILE && st.st_uid == geteuid();
}

bool spare_use(const char *path)
{
	const char *slash = strrchr(path, '/');
	int dir_len = slash != NULL ? (int)(slash - path) + 1 : 0;
	char spare[PATH_MAX];
	char name[NAME];

	for (unsigned i = SPARES_MOST; i-- > 0;) {
		name_of(i, name);
		if (snprintf(spare, sizeof(spare), "%.*s%s", dir_len, path,
			     name) >= (int)sizeof(spare))
			return false;
		if (!is_spare(spare))
			continue;
		if (renameat2(AT_FDCWD, spare, AT_FDCWD, path,
			      RENAME_NOREPLACE) == 0)
			return true;
		if (errno != ENOENT)
			return false;
	}
	return false;
}
