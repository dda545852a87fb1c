#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;
static bool is_held;
static int waiting;
static atomic_int failure;
static atomic_int countdown;
static const char *image_dir;

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);

void disk_hold(void)
{
	pthread_mutex_lock(&lock);
	is_held = true;
	pthread_mutex_unlock(&lock);
}

void disk_release(void)
{
	pthread_mutex_lock(&lock);
	is_held = false;
	pthread_cond_broadcast(&change);
	pthread_mutex_unlock(&lock);
}

void disk_await(void)
{
	pthread_mutex_lock(&lock);
	while (waiting == 0)
		pthread_cond_wait(&change, &lock);
	pthread_mutex_unlock(&lock);
}

void disk_fail(int number)
{
	atomic_store(&failure, number);
}

void disk_kill_at(int count)
{
	atomic_store(&countdown, count);
}

void disk_mirror(const char *image)
{
	image_dir = image;
}

/* The old copy or the new one is there whenever the process is killed. */
static void mirror(int fd)
{
	char link[64];
	char path[512];
	char fresh[600];
	char copy[600];
	const char *name;
	struct stat st;
	ssize_t n;
	off_t at = 0;
	int to;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0)
		abort();
	path[n] = '\0';
	name = strrchr(path, '/') + 1;
	snprintf(copy, sizeof(copy), "%s/%s", image_dir, name);
	snprintf(fresh, sizeof(fresh), "%s.fresh", image_dir);
	to = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (to < 0 || fstat(fd, &st) != 0)
		abort();
	while (at < st.st_size)
		if (sendfile(to, fd, &at, (size_t)(st.st_size - at)) <= 0)
			abort();
	close(to);
	if (rename(fresh, copy) != 0)
		abort();
}

int __wrap_fdatasync(int fd)
{
	int rc = 0;

	if (atomic_load(&countdown) > 0 && atomic_fetch_sub(&countdown, 1) == 1)
		raise(SIGKILL);
	pthread_mutex_lock(&lock);
	waiting++;
	pthread_cond_broadcast(&change);
	while (is_held)
		pthread_cond_wait(&change, &lock);
	waiting--;
	if (atomic_load(&failure) != 0) {
		errno = atomic_load(&failure);
		rc = -1;
	} else if (image_dir != NULL) {
		mirror(fd);
	} else {
		rc = __real_fdatasync(fd);
	}
	pthread_mutex_unlock(&lock);
	return rc;
}
