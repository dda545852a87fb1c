/* Spare log files: made after the first full one, used, and never trusted. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "place.h"

enum { LOG_FILE = 16 << 20, VALUE = 8000 };

/* What the wrapped calls look at, and have seen. */
static const struct place *watched;
static atomic_uint logs_named; /* up to this one */
static atomic_uint pages_ahead;
static atomic_bool is_broken; /* what is written does not reach the disk */

int __real_fsync(int fd);
int __wrap_fsync(int fd);
ssize_t __real_pwrite(int fd, const void *bytes, size_t len, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t len, off_t at);
int __real_sync_file_range(int fd, off_t at, off_t len, unsigned flags);
int __wrap_sync_file_range(int fd, off_t at, off_t len, unsigned flags);

static int set_up(void **state)
{
	static struct place place;

	place_init(&place);
	place_open(&place);
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	place_fini(*state);
	return 0;
}

/* How many files begin with prefix; *inode_r (or NULL): of one of them. */
static unsigned count(const struct place *p, const char *prefix, ino_t *inode_r)
{
	DIR *dir = opendir(p->dir);
	unsigned found = 0;
	const struct dirent *d;

	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL) {
		if (strncmp(d->d_name, prefix, strlen(prefix)) != 0)
			continue;
		found++;
		if (inode_r != NULL)
			*inode_r = d->d_ino;
	}
	closedir(dir);
	return found;
}

/* The number of the newest log file. */
static unsigned last_log(const struct place *p)
{
	DIR *dir = opendir(p->dir);
	unsigned last = 0;
	const struct dirent *d;
	unsigned number;

	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL)
		if (sscanf(d->d_name, "log.%u", &number) == 1 && number > last)
			last = number;
	closedir(dir);
	return last;
}

int __wrap_fsync(int fd)
{
	struct stat st;

	if (watched != NULL && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		atomic_store(&logs_named, last_log(watched));
	return __real_fsync(fd);
}

/* Is it a page of a table? */
static bool is_table(int fd)
{
	char link[64];
	char path[512];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path));
	return n > 3 && memcmp(path + n - 3, ".db", 3) == 0;
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	uint32_t log = 0; /* a page begins with where its last change stands */

	if (len >= sizeof(log))
		memcpy(&log, bytes, sizeof(log));
	if (watched != NULL && is_table(fd) && log > atomic_load(&logs_named))
		atomic_fetch_add(&pages_ahead, 1);
	return __real_pwrite(fd, bytes, len, at);
}

/* As the kernel: who waits is told of the error, once; a sync is not again. */
int __wrap_sync_file_range(int fd, off_t at, off_t len, unsigned flags)
{
	if ((flags & SYNC_FILE_RANGE_WAIT_AFTER) != 0 &&
	    atomic_exchange(&is_broken, false)) {
		errno = EIO;
		return -1;
	}
	return __real_sync_file_range(fd, at, len, flags);
}

/* Until there is a log file more than before. */
static void write_log(struct place *p)
{
	static unsigned number;
	unsigned before = count(p, "log.", NULL);
	char value[VALUE];
	char key[16];

	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (int i = 0; count(p, "log.", NULL) == before; i++) {
		snprintf(key, sizeof(key), "k%u", number++);
		assert_int_equal(place_put(p, p->one, key, value), ERR_OK);
		assert_true(i < 2 * LOG_FILE / VALUE);
	}
}

static void fill_log(struct place *p)
{
	write_log(p);
	store_flush(p->store);
}

/* A daemon at rest writes no zeros. */
static void there_is_none_before_one_is_needed(void **state)
{
	struct place *p = *state;

	assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
	store_keep(p->store);
	store_keep(p->store);
	assert_int_equal(count(p, "spare.", NULL), 0);
}

static ino_t newest_log(const struct place *p)
{
	AUTO(mem_free_text)
	char *name = mem_print("log.%010u", count(p, "log.", NULL));
	AUTO(mem_free_text) char *path = file_join(p->dir, name);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, LOG_FILE);
	return st.st_ino;
}

static void a_spare_becomes_the_next_log_file(void **state)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct place *p = *state;
	ino_t spare = 0;

	fill_log(p);
	store_keep(p->store);
	assert_in_range(count(p, "spare.", NULL), 1, 2);
	for (int i = 0; i < 2 && count(p, "spare.", &spare) > 0; i++)
		fill_log(p);
	assert_int_equal(count(p, "spare.", NULL), 0);
	assert_int_equal(newest_log(p), spare);
	assert_int_equal(place_put(p, p->one, "last", "word"), ERR_OK);
	store_flush(p->store);
	place_close(p);
	assert_int_equal(count(p, "spare.", NULL), 0);
	place_open(p);
	assert_true(place_get(p, p->one, "last", &value));
}

/* Whose zeros are not on the disk is none; the next may be one again. */
static void a_broken_one_is_none(void **state)
{
	struct place *p = *state;

	fill_log(p);
	atomic_store(&is_broken, true);
	store_keep(p->store);
	assert_false(atomic_load(&is_broken));
	assert_int_equal(count(p, "spare.", NULL), 0);
	fill_log(p);
	store_keep(p->store);
	assert_in_range(count(p, "spare.", NULL), 1, 2);
}

/*
 * Pages go to the disk when the cache is full. Where the names of log files
 * were lost by a power cut, nothing could take back what is on such a page.
 */
static void no_page_is_written_ahead_of_a_name(void **state)
{
	enum { FILES = 8 };
	struct place *p = *state;
	unsigned spares = 0;

	for (unsigned i = 0; i < FILES; i++) {
		fill_log(p);
		store_keep(p->store);
		spares = count(p, "spare.", NULL);
	}
	assert_true(spares > 0);
	atomic_store(&logs_named, last_log(p));
	watched = p;
	for (unsigned i = 0; i < FILES; i++)
		write_log(p);
	watched = NULL;
	assert_int_equal(atomic_load(&pages_ahead), 0);
}

/* A folder, a link and a short file of such names are no log. */
static void what_others_put_there_is_not_used(void **state)
{
	static const char *const names[] = { "spare.05", "spare.04",
					     "spare.03" };
	struct place *p = *state;
	AUTO(mem_free_text) char *folder = file_join(p->dir, names[0]);
	AUTO(mem_free_text) char *link = file_join(p->dir, names[1]);
	AUTO(mem_free_text) char *file = file_join(p->dir, names[2]);
	AUTO(mem_free_text) char *elsewhere = place_path(p, "elsewhere");
	struct stat st;

	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(symlink(elsewhere, link), 0);
	assert_int_equal(file_create(file, 0600, "abc", 3), ERR_OK);
	fill_log(p);
	assert_int_equal(count(p, "spare.", NULL), 3);
	assert_int_equal(lstat(elsewhere, &st), -1);
	store_keep(p->store);
	fill_log(p);
	place_close(p);
	place_open(p);
	assert_int_equal(rmdir(folder), 0);
}

/* What lies in them may look like log, and nobody knows if it is on the disk.
 */
static void those_of_an_earlier_process_go(void **state)
{
	static const char *const names[] = { "spare.00", "spare.part" };
	struct place *p = *state;

	place_close(p);
	for (size_t i = 0; i < 2; i++) {
		AUTO(mem_free_text) char *path = file_join(p->dir, names[i]);
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		assert_true(fd >= 0);
		assert_int_equal(write(fd, "old", 3), 3);
		close(fd);
	}
	place_open(p);
	assert_int_equal(count(p, "spare.", NULL), 0);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(there_is_none_before_one_is_needed),
		CASE(a_spare_becomes_the_next_log_file),
		CASE(what_others_put_there_is_not_used),
		CASE(a_broken_one_is_none),
		CASE(no_page_is_written_ahead_of_a_name),
		CASE(those_of_an_earlier_process_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
