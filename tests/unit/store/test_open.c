#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "place.h"
#include "store/backup.h"
#include "store/env.h"
#include "store/meta.h"
#include "store/record.h"
#include "store/txn.h"

/* A closed store with a thousand records in "one". */
static int set_up(void **state)
{
	struct place *p = mem_zero(sizeof(*p));
	char key[16];

	place_init(p);
	place_open(p);
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "key%05d", i);
		assert_int_equal(place_put(p, p->one, key, "some value"),
				 ERR_OK);
	}
	place_close(p);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	place_fini(*state);
	mem_free(*state);
	return 0;
}

/* Opening dir must fail like this, and say these words. */
static void refuses(const char *dir, enum err want, const char *words)
{
	AUTO(buf_fini) struct buf why;
	enum err e;

	buf_init(&why);
	e = place_try(dir, &why);
	if (e != want || strstr(buf_text(&why), words) == NULL)
		fail_msg("%d (want %d): \"%s\" (want \"%s\")", e, want,
			 buf_text(&why), words);
}

static enum err verify(const struct place *p, struct buf *report)
{
	static const char *const tables[] = { "one", "two", NULL };
	struct store_options options = { .dir = p->dir, .tables = tables };

	return store_verify(&options, report);
}

/* Verifying must fail like this, and say these words. */
static void finds(const struct place *p, enum err want, const char *words)
{
	AUTO(buf_fini) struct buf report;
	enum err e;

	buf_init(&report);
	e = verify(p, &report);
	if (e != want || strstr(buf_text(&report), words) == NULL)
		fail_msg("%d (want %d): \"%s\" (want \"%s\")", e, want,
			 buf_text(&report), words);
}

static void verifies(void **state)
{
	const struct place *p = *state;
	AUTO(buf_fini) struct buf report;

	buf_init(&report);
	assert_int_equal(verify(p, &report), ERR_OK);
	assert_string_equal(buf_text(&report), "");
}

static void second_is_refused(void **state)
{
	struct place *p = *state;
	char words[64];
	int pid;

	place_open(p);
	snprintf(words, sizeof(words), "another rialtod (process %ld) uses ",
		 (long)getpid());
	refuses(p->dir, ERR_BUSY, words);
	finds(p, ERR_BUSY, words);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		AUTO(buf_fini) struct buf why;

		buf_init(&why);
		_exit(place_try(p->dir, &why) == ERR_BUSY &&
				      strstr(buf_text(&why), words) != NULL
			      ? 0
			      : 1);
	}
	assert_int_equal(place_wait(pid), 0);
	/* The first is none the worse for it. */
	assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
	place_close(p);
	place_open(p);
}

static void other_things_are_refused(void **state)
{
	struct place *p = *state;
	AUTO(mem_free_text) char *file = place_path(p, "file");
	AUTO(mem_free_text) char *deep = place_path(p, "no/such");

	assert_int_equal(file_create(file, 0600, "x", 1), ERR_OK);
	refuses(file, ERR_IO, "is not a directory");
	refuses(deep, ERR_NOT_FOUND, "cannot be made: No such file");
	assert_int_equal(chmod(p->dir, 0777), 0);
	refuses(p->dir, ERR_NOT_ALLOWED, "chmod 700");
	assert_int_equal(chmod(p->dir, 0500), 0);
	refuses(p->dir, ERR_NOT_ALLOWED, "chmod 700");
	assert_int_equal(chmod(p->dir, 0700), 0);
	place_open(p);
}

/* What an unprivileged user meets; root needs a child to become one. */
static int try_as_nobody(const char *dir, const char *words)
{
	int pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		AUTO(buf_fini) struct buf why;

		buf_init(&why);
		if (geteuid() == 0 && seteuid(65534) != 0)
			_exit(2);
		if (place_try(dir, &why) == ERR_NOT_ALLOWED &&
		    strstr(buf_text(&why), words) != NULL)
			_exit(0);
		print_message("%s\n", buf_text(&why));
		_exit(1);
	}
	return place_wait(pid);
}

static void foreign_files_are_refused(void **state)
{
	struct place *p = *state;
	AUTO(mem_free_text) char *file = file_join(p->dir, "one.db");

	if (geteuid() != 0) {
		assert_int_equal(chmod(file, 0400), 0);
		assert_int_equal(try_as_nobody(p->dir, "one.db cannot be read"),
				 0);
		assert_int_equal(chmod(file, 0600), 0);
		return;
	}
	assert_int_equal(chmod(p->root, 0755), 0);
	assert_int_equal(chmod(p->dir, 0755), 0);
	assert_int_equal(try_as_nobody(p->dir, "belongs to the user root"), 0);
	assert_int_equal(chown(p->dir, 65534, 65534), 0);
	refuses(p->dir, ERR_NOT_ALLOWED, "belongs to the user");
	assert_int_equal(unlink(file), 0); /* any file of root's will do */
	assert_int_equal(try_as_nobody(p->dir, "/lock"), 1);
}

static enum err put_schema(struct store_txn *txn, void *arg)
{
	AUTO(buf_fini) struct buf value;

	buf_init(&value);
	record_begin(&value, 1);
	record_put_u64(&value, *(int *)arg);
	return store_put(txn, txn_meta(txn), "schema", 6, buf_at(&value),
			 buf_len(&value));
}

static enum err get_schema(struct store_txn *txn, void *arg)
{
	return meta_check_schema(txn, arg);
}

static void older_is_brought_up(void **state)
{
	struct place *p = *state;
	uint32_t schema = 0;
	int older = 1;

	place_open(p);
	assert_int_equal(store_run(p->store, put_schema, &older), ERR_OK);
	place_close(p);
	place_open(p);
	assert_int_equal(store_run(p->store, get_schema, &schema), ERR_OK);
	assert_int_equal(schema, STORE_SCHEMA);
	place_close(p);
}

static void newer_is_refused(void **state)
{
	struct place *p = *state;
	AUTO(mem_free_text) char *meta = file_join(p->dir, "meta.db");
	AUTO(buf_fini) struct buf before;
	AUTO(buf_fini) struct buf after;
	int newer = STORE_SCHEMA + 1;
	char words[64];

	place_open(p);
	assert_int_equal(store_run(p->store, put_schema, &newer), ERR_OK);
	place_close(p);
	buf_init(&before);
	buf_init(&after);
	assert_int_equal(file_read(meta, 1 << 20, &before), ERR_OK);
	snprintf(words, sizeof(words),
		 "has schema %d and this program knows %d", newer,
		 STORE_SCHEMA);
	refuses(p->dir, ERR_NEWER, words);
	snprintf(words, sizeof(words), "has schema %d", newer);
	finds(p, ERR_NEWER, words);
	assert_int_equal(file_read(meta, 1 << 20, &after), ERR_OK);
	assert_int_equal(buf_len(&before), buf_len(&after));
	assert_memory_equal(buf_at(&before), buf_at(&after), buf_len(&before));
}

static void lost_files_are_noticed(void **state)
{
	struct place *p = *state;
	AUTO(mem_free_text) char *table = file_join(p->dir, "two.db");
	AUTO(mem_free_text) char *log = file_join(p->dir, "log.0000000001");

	assert_int_equal(unlink(table), 0);
	refuses(p->dir, ERR_CORRUPT, "two.db is missing");
	finds(p, ERR_CORRUPT, "two.db is missing");
	assert_int_equal(unlink(log), 0);
	refuses(p->dir, ERR_CORRUPT, "has tables but no log files");
}

static const struct damage_case {
	const char *name;
	const char *file;
	long offset;
	bool can_open; /* the page is not read by opening */
	const char *opening;
	const char *verifying;
} damage_cases[] = {
	{ "a table's first page", "one.db", 20, false, "one.db", "one.db" },
	{ "a table's inner page", "one.db", 3 * 4096 + 3000, true, NULL,
	  "one.db: " },
	{ "the meta table's first page", "meta.db", 40, false, "meta.db",
	  "meta.db" },
	{ "the meta table's leaf", "meta.db", 4096 + 4000, false, "meta.db",
	  "meta.db" },
	{ "the log's header", "log.0000000001", 20, false, "recovered",
	  "recovered" },
};

static void damage_is_found(void **state)
{
	for (size_t i = 0; i < COUNT(damage_cases); i++) {
		const struct damage_case *c = &damage_cases[i];
		AUTO(mem_free_text) char *path = NULL;
		struct place *p;

		assert_int_equal(set_up(state), 0);
		p = *state;
		path = file_join(p->dir, c->file);
		place_damage(path, c->offset, "DAMAGED", 7);
		print_message("%s\n", c->name);
		if (!c->can_open)
			refuses(p->dir, ERR_CORRUPT, c->opening);
		finds(p, ERR_CORRUPT, c->verifying);
		assert_int_equal(tear_down(state), 0);
	}
	*state = NULL;
}

/* A child meets the damage; what it says on standard error, and its end. */
static int meet_damage(struct place *p, char *said, size_t size)
{
	size_t len = 0;
	ssize_t n;
	int ends[2];
	int pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		place_open(p);
		(void)place_count(p, p->one, "");
		_exit(0);
	}
	close(ends[1]);
	while (len + 1 < size &&
	       (n = read(ends[0], said + len, size - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(ends[0]);
	return place_wait(pid);
}

static void damage_met_ends_the_process(void **state)
{
	struct place *p = *state;
	AUTO(mem_free_text) char *path = file_join(p->dir, "one.db");
	char said[4096];

	place_damage(path, 3 * 4096 + 3000, "DAMAGED", 7);
	assert_int_equal(meet_damage(p, said, sizeof(said)), EX_IOERR);
	assert_non_null(strstr(said, "checksum error: page 3"));
	assert_non_null(strstr(said, "table=one"));
	/* It met nobody's data but that page's: the others are still there. */
	place_open(p);
	assert_int_equal(place_put(p, p->two, "a", "b"), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(verifies, set_up, tear_down),
		cmocka_unit_test_setup_teardown(second_is_refused, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(other_things_are_refused,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(foreign_files_are_refused,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(older_is_brought_up, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(newer_is_refused, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(lost_files_are_noticed, set_up,
						tear_down),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test_setup_teardown(damage_met_ends_the_process,
						set_up, tear_down),
	};

	return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
