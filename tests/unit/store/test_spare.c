/* Spare log files: made after the first full one, used, and never trusted. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
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

enum { LOG_FILE = 4 << 20, VALUE = 8000 };

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

/* Until there is a log file more than before. */
static void fill_log(struct place *p)
{
	unsigned before = count(p, "log.", NULL);
	char value[VALUE];
	char key[16];

	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (int i = 0; count(p, "log.", NULL) == before; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		assert_int_equal(place_put(p, p->one, key, value), ERR_OK);
		assert_true(i < 2 * LOG_FILE / VALUE);
	}
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
		CASE(those_of_an_earlier_process_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
