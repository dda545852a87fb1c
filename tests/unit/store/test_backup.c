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
#include "base/thread.h"
#include "place.h"
#include "store/backup.h"
#include "store/copy.h"
#include "store/folder.h"

struct scene {
	struct place p;
	char *backup;
	char *restored;
};

static int set_up(void **state)
{
	struct scene *s = mem_zero(sizeof(*s));

	place_init(&s->p);
	s->backup = place_path(&s->p, "backup");
	s->restored = place_path(&s->p, "restored");
	place_open(&s->p);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;

	mem_free(s->backup);
	mem_free(s->restored);
	place_fini(&s->p);
	mem_free(s);
	return 0;
}

static void makes_backup(struct scene *s)
{
	AUTO(buf_fini) struct buf why;

	buf_init(&why);
	if (backup_make(s->p.store, s->backup, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
}

static void refuses_backup(struct scene *s, enum err want, const char *words)
{
	AUTO(buf_fini) struct buf why;
	enum err e;

	buf_init(&why);
	e = backup_make(s->p.store, s->backup, &why);
	if (e != want || strstr(buf_text(&why), words) == NULL)
		fail_msg("%d (want %d): \"%s\" (want \"%s\")", e, want,
			 buf_text(&why), words);
}

/* Restores, and opens what was restored instead of the first store. */
static void restores(struct scene *s)
{
	AUTO(buf_fini) struct buf why;

	buf_init(&why);
	if (backup_restore(s->backup, s->restored, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
	store_close(&s->p.store);
	mem_free(s->p.dir);
	s->p.dir = mem_text(s->restored);
	place_open(&s->p);
}

static void refuses_restore(struct scene *s, enum err want, const char *words)
{
	AUTO(buf_fini) struct buf why;
	enum err e;

	buf_init(&why);
	e = backup_restore(s->backup, s->restored, &why);
	if (e != want || strstr(buf_text(&why), words) == NULL)
		fail_msg("%d (want %d): \"%s\" (want \"%s\")", e, want,
			 buf_text(&why), words);
}

enum { WRITERS = 3, KEYS = 20000 };

/* Writes a random key to both tables, in one transaction, for ever. */
struct writer {
	struct place *p;
	struct thread thread;
	atomic_bool is_done;
	atomic_uint commits;
	uint32_t seed;
	uint32_t key;
};

static enum err write_both(struct store_txn *txn, void *arg)
{
	const struct writer *w = arg;
	char value[1000] = "";
	char key[16];
	size_t len = (size_t)snprintf(key, sizeof(key), "k%u", w->key);
	enum err e = store_put(txn, w->p->one, key, len, value, sizeof(value));

	if (e != ERR_OK)
		return e;
	return store_put(txn, w->p->two, key, len, key, len);
}

static void write_one(struct writer *w)
{
	w->seed = w->seed * 1664525U + 1013904223U;
	w->key = (w->seed >> 8) % KEYS;
	if (store_run(w->p->store, write_both, w) == ERR_OK)
		atomic_fetch_add(&w->commits, 1);
}

static void write_on(void *arg)
{
	struct writer *w = arg;

	while (!atomic_load(&w->is_done))
		write_one(w);
}

/* Writes with the others, until there is so much of log. */
static uint64_t write_until(struct scene *s, uint64_t log_bytes)
{
	struct writer w = { .p = &s->p };
	struct store_status status;

	do {
		for (int i = 0; i < 100; i++)
			write_one(&w);
		store_status(s->p.store, &status);
	} while (status.log_bytes < log_bytes);
	return status.log_bytes;
}

static void start_writers(struct scene *s, struct writer *writers)
{
	for (uint32_t i = 0; i < WRITERS; i++) {
		memset(&writers[i], 0, sizeof(writers[i]));
		writers[i].p = &s->p;
		writers[i].seed = i + 1;
		thread_start(&writers[i].thread, "writer", write_on,
			     &writers[i]);
	}
}

static unsigned stop_writers(struct writer *writers)
{
	unsigned commits = 0;

	for (int i = 0; i < WRITERS; i++)
		atomic_store(&writers[i].is_done, true);
	for (int i = 0; i < WRITERS; i++) {
		thread_join(&writers[i].thread);
		commits += atomic_load(&writers[i].commits);
	}
	return commits;
}

/* While others write, and the log is tidied, which must not take from it. */
static void copies_while_others_write(void **state)
{
	struct scene *s = *state;
	AUTO(buf_fini) struct buf value;
	struct writer writers[WRITERS];
	struct store_status status;

	buf_init(&value);
	start_writers(s, writers);
	/* So much that pages are in files, in the cache and in the log. */
	write_until(s, 40 << 20);
	assert_int_equal(place_put(&s->p, s->p.one, "durable", "yes"), ERR_OK);
	store_flush(s->p.store);
	store_keep(s->p.store);
	makes_backup(s);
	store_keep(s->p.store);
	assert_true(stop_writers(writers) > 1000);
	store_status(s->p.store, &status);
	assert_true(status.last_backup_ms > 0);
	place_close(&s->p);
	place_open(&s->p);
	store_status(s->p.store, &status);
	assert_true(status.last_backup_ms > 0);

	restores(s);
	assert_true(place_get(&s->p, s->p.one, "durable", &value));
	assert_true(place_count(&s->p, s->p.one, "k") > 100);
	assert_int_equal(place_count(&s->p, s->p.one, "k"),
			 place_count(&s->p, s->p.two, "k"));
	assert_int_equal(place_put(&s->p, s->p.one, "after", "x"), ERR_OK);
}

/* Where a backup would grow with what it copies, and be lost with it. */
static const struct inside_case {
	const char *name;
	const char *backup; /* below the root; "link" leads into data/deep */
} inside_cases[] = {
	{ "the data folder itself", "data" },
	{ "a new folder in it", "data/new" },
	{ "with slashes behind", "data/new//" },
	{ "an empty folder in it", "data/deep" },
	{ "deeper", "data/deep/new" },
	{ "by way of another folder", "other/../data/new" },
	{ "and out and in again", "data/deep/../new" },
	{ "through a symbolic link", "link" },
	{ "a new folder behind a symbolic link", "link/new" },
	{ "up from a symbolic link", "link/../new" },
};

static void make_inside(const struct scene *s)
{
	AUTO(mem_free_text) char *deep = file_join(s->p.dir, "deep");
	AUTO(mem_free_text) char *other = place_path(&s->p, "other");
	AUTO(mem_free_text) char *link = place_path(&s->p, "link");

	assert_int_equal(mkdir(deep, 0700), 0);
	assert_int_equal(mkdir(other, 0700), 0);
	assert_int_equal(symlink(deep, link), 0);
}

static void never_within_the_data(void **state)
{
	struct scene *s = *state;
	AUTO(mem_free_text) char *made = file_join(s->p.dir, "new");

	make_inside(s);
	for (size_t i = 0; i < COUNT(inside_cases); i++) {
		const struct inside_case *c = &inside_cases[i];

		print_message("# %s\n", c->name);
		mem_free(s->backup);
		s->backup = place_path(&s->p, c->backup);
		refuses_backup(s, ERR_BAD_INPUT,
			       "in the data directory itself: name one "
			       "outside of");
		assert_int_equal(access(made, F_OK), -1);
	}
	mem_free(s->backup);
	s->backup = place_path(&s->p, "data/deep/../../other/new");
	makes_backup(s);
}

static void needs_an_empty_place(void **state)
{
	struct scene *s = *state;
	AUTO(mem_free_text) char *file = file_join(s->backup, "letter");

	assert_int_equal(mkdir(s->backup, 0700), 0);
	assert_int_equal(file_create(file, 0600, "x", 1), ERR_OK);
	refuses_backup(s, ERR_EXISTS, "is not empty (letter is in it)");
	assert_int_equal(access(file, F_OK), 0);
	assert_int_equal(unlink(file), 0);
	makes_backup(s);
	refuses_backup(s, ERR_EXISTS, "is not empty");
	assert_int_equal(mkdir(s->restored, 0700), 0);
	restores(s);
	refuses_restore(s, ERR_EXISTS, "is not empty");
}

static const struct half_case {
	const char *name;
	const char *file;
	int64_t size; /* -1: gone */
	const char *words;
} half_cases[] = {
	{ "no list", "backup", -1, "holds no whole backup" },
	{ "half a list", "backup", 40, "is damaged" },
	{ "an empty list", "backup", 0, "is damaged" },
	{ "a table lost", "one.db", -1, "one.db is missing" },
	{ "a table cut", "one.db", 4096, "one.db is missing or not as long" },
	{ "a log file lost", "log.0000000001", -1,
	  "log.0000000001 is missing" },
	{ "a log file cut", "log.0000000001", 100,
	  "log.0000000001 is missing" },
};

static void half_a_backup_is_refused(void **state)
{
	for (size_t i = 0; i < COUNT(half_cases); i++) {
		const struct half_case *c = &half_cases[i];
		AUTO(mem_free_text) char *path = NULL;
		struct scene *s;

		assert_int_equal(set_up(state), 0);
		s = *state;
		makes_backup(s);
		path = file_join(s->backup, c->file);
		if (c->size < 0)
			assert_int_equal(unlink(path), 0);
		else
			assert_int_equal(truncate(path, c->size), 0);
		print_message("%s\n", c->name);
		refuses_restore(s, ERR_BAD_INPUT, c->words);
		assert_int_not_equal(access(s->restored, F_OK), 0);
		tear_down(state);
	}
}

/* What the copying could not see, verifying does; nothing is left behind. */
static void damaged_backup_is_refused(void **state)
{
	struct scene *s = *state;
	AUTO(mem_free_text) char *path = file_join(s->backup, "two.db");

	for (int i = 0; i < 300; i++) {
		char key[16];

		snprintf(key, sizeof(key), "%d", i);
		assert_int_equal(place_put(&s->p, s->p.two, key, "a value"),
				 ERR_OK);
	}
	/* All of it in an older log file than the backup begins with. */
	store_flush(s->p.store);
	place_close(&s->p);
	place_open(&s->p);
	makes_backup(s);
	place_damage(path, 2 * 4096 + 2000, "DAMAGED", 7);
	refuses_restore(s, ERR_CORRUPT, "page 2");
	assert_int_not_equal(access(s->restored, F_OK), 0);
}

static void half_a_restore_is_refused(void **state)
{
	struct scene *s = *state;
	AUTO(mem_free_text) char *mark = file_join(s->p.dir, "restoring");
	AUTO(buf_fini) struct buf why;

	buf_init(&why);
	place_close(&s->p);
	assert_int_equal(file_create(mark, 0600, "", 0), ERR_OK);
	assert_int_equal(place_try(s->p.dir, &why), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&why), "not restored to the end"));
}

/* Copies all log files of the data directory over those of the backup. */
static void add_logs(struct scene *s)
{
	struct names names;
	int from = open(s->p.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int to = open(s->backup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	names_init(&names);
	assert_int_equal(names_find(&names, from, name_is_log), ERR_OK);
	for (size_t i = 0; i < names.count; i++) {
		(void)unlinkat(to, names.list[i], 0);
		assert_int_equal(copy_file(from, to, names.list[i], UINT64_MAX),
				 ERR_OK);
	}
	names_fini(&names);
	close(from);
	close(to);
}

/* The log since the backup is kept, and brings a restore up to date. */
static void later_logs_go_further(void **state)
{
	struct scene *s = *state;
	AUTO(buf_fini) struct buf value;
	struct writer writers[WRITERS];
	struct store_status status;
	uint64_t log_bytes;

	buf_init(&value);
	makes_backup(s);
	start_writers(s, writers);
	log_bytes = write_until(s, 40 << 20);
	stop_writers(writers);
	assert_int_equal(place_put(&s->p, s->p.one, "later", "yes"), ERR_OK);
	store_flush(s->p.store);
	store_keep(s->p.store);
	store_keep(s->p.store);
	store_status(s->p.store, &status);
	assert_true(status.log_bytes >= log_bytes);
	add_logs(s);
	restores(s);
	assert_true(place_get(&s->p, s->p.one, "later", &value));
	assert_int_equal(place_count(&s->p, s->p.one, "k"),
			 place_count(&s->p, s->p.two, "k"));
}

/* Without a backup nothing is kept. */
static void old_logs_go(void **state)
{
	struct scene *s = *state;
	struct writer writers[WRITERS];
	struct store_status status;

	start_writers(s, writers);
	write_until(s, 80 << 20);
	stop_writers(writers);
	store_keep(s->p.store);
	store_status(s->p.store, &status);
	assert_true(status.log_bytes <= 32 << 20);
	assert_true(place_count(&s->p, s->p.one, "k") > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(copies_while_others_write,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(needs_an_empty_place, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(never_within_the_data, set_up,
						tear_down),
		cmocka_unit_test(half_a_backup_is_refused),
		cmocka_unit_test_setup_teardown(damaged_backup_is_refused,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(half_a_restore_is_refused,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(later_logs_go_further, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(old_logs_go, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
