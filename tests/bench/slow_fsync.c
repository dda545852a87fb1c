/*
 * A disk that takes longer: preloaded (LD_PRELOAD) into any program, it makes
 * each call that waits for the disk wait SLOW_FSYNC_MS milliseconds more, after
 * the call itself. With SLOW_FSYNC_COUNT it says at the end, on standard
 * error, how many there were.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>

int fsync(int fd);
int fdatasync(int fd);
int sync_file_range(int fd, off64_t at, off64_t len, unsigned flags);

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_sync_file_range)(int, off64_t, off64_t, unsigned);
static struct timespec delay;
static atomic_uint calls;

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("SLOW_FSYNC_MS");
	long ms = text ? strtol(text, NULL, 10) : 0;

	*(void **)&real_fsync = dlsym(RTLD_NEXT, "fsync");
	*(void **)&real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
	*(void **)&real_sync_file_range = dlsym(RTLD_NEXT, "sync_file_range");
	if (ms > 0 && ms <= 10000)
		delay = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
}

__attribute__((destructor)) static void end(void)
{
	if (getenv("SLOW_FSYNC_COUNT"))
		fprintf(stderr, "slow_fsync: %u calls\n", atomic_load(&calls));
}

/* With signals that interrupt it, the whole time nevertheless. */
static int wait_longer(int result)
{
	struct timespec left = delay;
	int why = errno;

	atomic_fetch_add(&calls, 1);
	while (nanosleep(&left, &left) != 0)
		;
	errno = why;
	return result;
}

int fsync(int fd)
{
	return wait_longer(real_fsync(fd));
}

int fdatasync(int fd)
{
	return wait_longer(real_fdatasync(fd));
}

int sync_file_range(int fd, off64_t at, off64_t len, unsigned flags)
{
	return wait_longer(real_sync_file_range(fd, at, len, flags));
}
