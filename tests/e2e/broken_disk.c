/*
 * A disk that breaks: preloaded (LD_PRELOAD) into the daemon, it lets one of
 * its writes to files below BROKEN_DISK_DIR, or one of its syncs of them, come
 * to something else. BROKEN_DISK says how, and at which of them: "eio:7" fails
 * the seventh write, "short:7" does half of it, "torn:7" too, and the process
 * is killed then, "kill:7" kills it before, "full:7" fails that one and all
 * that follow for want of space, "sync:7" fails the seventh sync. With "hold:"
 * syncs wait while BROKEN_DISK_DIR/hold is there and locked, and it says so;
 * with "brim:" all writes fail for want of space while BROKEN_DISK_DIR/brim is
 * there.
 * What is as long as a page, a disk writes whole or not at all: such a write is
 * not torn, it is not done. With BROKEN_DISK_COUNT it says at the end how many
 * writes and syncs there were.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/types.h>
#include <unistd.h>

int fsync(int fd);
int fdatasync(int fd);
ssize_t write(int fd, const void *bytes, size_t len);
ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at);
ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at);

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);

enum { PAGE = 4096 };

enum how { SOUND, IO_ERROR, SHORT, TORN, KILL, FULL, SYNC, HOLD, BRIM };

static enum how how;
static unsigned when;
static const char *dir;
static atomic_uint writes;
static atomic_uint syncs;

__attribute__((constructor)) static void begin(void)
{
	static const char *const words[] = {
		[IO_ERROR] = "eio:", [SHORT] = "short:", [TORN] = "torn:",
		[KILL] = "kill:",    [FULL] = "full:",   [SYNC] = "sync:",
		[HOLD] = "hold:",    [BRIM] = "brim:"
	};
	const char *text = getenv("BROKEN_DISK");

	*(void **)&real_fsync = dlsym(RTLD_NEXT, "fsync");
	*(void **)&real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
	*(void **)&real_write = dlsym(RTLD_NEXT, "write");
	*(void **)&real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
	dir = getenv("BROKEN_DISK_DIR");
	for (int i = IO_ERROR; text != NULL && i <= BRIM; i++) {
		if (strncmp(text, words[i], strlen(words[i])) != 0)
			continue;
		how = (enum how)i;
		when = (unsigned)strtoul(text + strlen(words[i]), NULL, 10);
	}
}

__attribute__((destructor)) static void end(void)
{
	if (getenv("BROKEN_DISK_COUNT"))
		fprintf(stderr, "broken_disk: %u writes, %u syncs\n",
			atomic_load(&writes), atomic_load(&syncs));
}

static bool is_ours(int fd)
{
	char link[64];
	char path[512];
	int why = errno;
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = dir == NULL ? -1 : readlink(link, path, sizeof(path) - 1);
	errno = why;
	if (len <= 0)
		return false;
	path[len] = '\0';
	return strncmp(path, dir, strlen(dir)) == 0;
}

/* Has somebody else taken all the space? */
static bool is_to_the_brim(void)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/brim", dir);
	return access(path, F_OK) == 0;
}

/* How much of a write is done, or -1 with errno; *dies: and no more. */
static ssize_t fate(int fd, size_t len, bool *dies)
{
	unsigned number;

	*dies = false;
	if (!is_ours(fd))
		return (ssize_t)len;
	number = atomic_fetch_add(&writes, 1) + 1;
	if ((how == FULL && number >= when) ||
	    (how == BRIM && is_to_the_brim())) {
		errno = ENOSPC;
		return -1;
	}
	if (number != when || how == SOUND || how == SYNC || how == BRIM)
		return (ssize_t)len;
	if (how == IO_ERROR) {
		errno = EIO;
		return -1;
	}
	*dies = how == TORN || how == KILL;
	if (how == KILL || (how == TORN && len == PAGE))
		return 0;
	return (ssize_t)(len + 1) / 2;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	bool dies;
	ssize_t part = fate(fd, len, &dies);

	if (part > 0)
		part = real_write(fd, bytes, (size_t)part);
	if (dies)
		raise(SIGKILL);
	return part;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	bool dies;
	ssize_t part = fate(fd, len, &dies);

	if (part > 0)
		part = real_pwrite(fd, bytes, (size_t)part, at);
	if (dies)
		raise(SIGKILL);
	return part;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	return pwrite64(fd, bytes, len, at);
}

static void hold(void)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/hold", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_SH | LOCK_NB) != 0) {
		fprintf(stderr, "notice: disk: a sync waits\n");
		while (flock(fd, LOCK_SH) != 0 && errno == EINTR)
			;
	}
	close(fd);
}

static bool fails_sync(int fd)
{
	if (!is_ours(fd))
		return false;
	if (how == HOLD)
		hold();
	if (atomic_fetch_add(&syncs, 1) + 1 != when || how != SYNC)
		return false;
	errno = EIO;
	return true;
}

int fsync(int fd)
{
	return fails_sync(fd) ? -1 : real_fsync(fd);
}

int fdatasync(int fd)
{
	return fails_sync(fd) ? -1 : real_fdatasync(fd);
}
