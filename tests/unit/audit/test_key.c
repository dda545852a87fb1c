#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/key.h"
#include "base/file.h"
#include "base/mem.h"

struct place {
	char dir[32];
	char *path; /* dir/keys/audit.key */
};

static int set_up(void **state)
{
	struct place *p = mem_zero(sizeof(*p));

	snprintf(p->dir, sizeof(p->dir), "/tmp/rialto-key-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	p->path = file_join(p->dir, "keys/audit.key");
	*state = p;
	return 0;
}

static int remove_one(const char *path, const struct stat *st UNUSED,
		      int flag UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

static int tear_down(void **state)
{
	struct place *p = *state;

	nftw(p->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(p->path);
	mem_free(p);
	return 0;
}

/* The refusal must be said with the file and with words that help. */
static void assert_refused(struct place *p, enum err want, const char *words)
{
	struct buf why = { 0 };
	struct secret *key;

	assert_int_equal(audit_key_load(p->path, &key, &why), want);
	assert_null(key);
	assert_non_null(strstr(buf_text(&why), p->path));
	assert_non_null(strstr(buf_text(&why), words));
	buf_fini(&why);
}

static void is_made_for_us_alone_and_once(void **state)
{
	struct place *p = *state;
	struct buf why = { 0 };
	struct secret *key;
	struct secret *again;
	struct stat st;

	assert_int_equal(audit_key_make(p->path, &why), ERR_OK);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(audit_key_load(p->path, &key, &why), ERR_OK);
	assert_int_equal(key->len, AUDIT_KEY);
	assert_int_equal(audit_key_make(p->path, &why), ERR_EXISTS);
	assert_int_equal(audit_key_load(p->path, &again, &why), ERR_OK);
	assert_true(secret_equal(key, again));
	secret_free(&key);
	secret_free(&again);
	buf_fini(&why);
}

static const struct mode_case {
	mode_t mode;
	bool is_right;
} mode_cases[] = {
	{ 0600, true },  { 0400, true },  { 0640, true },
	{ 0440, true },  { 0644, false }, { 0604, false },
	{ 0660, false }, { 0602, false }, { 0601, false },
};

static void may_not_be_open_to_others(void **state)
{
	struct place *p = *state;
	struct buf why = { 0 };

	assert_int_equal(audit_key_make(p->path, &why), ERR_OK);
	for (size_t i = 0; i < COUNT(mode_cases); i++) {
		struct secret *key;

		assert_int_equal(chmod(p->path, mode_cases[i].mode), 0);
		if (!mode_cases[i].is_right) {
			assert_refused(p, ERR_NOT_ALLOWED, "make it 0600");
			continue;
		}
		assert_int_equal(audit_key_load(p->path, &key, &why), ERR_OK);
		secret_free(&key);
	}
	buf_fini(&why);
}

static void what_is_no_key_is_refused(void **state)
{
	struct place *p = *state;
	char bytes[5000] = { 0 };
	struct buf why = { 0 };

	assert_refused(p, ERR_NOT_FOUND, "does not exist");
	assert_int_equal(audit_key_make(p->path, &why), ERR_OK);
	assert_int_equal(file_write(p->path, 0600, bytes, 31), ERR_OK);
	assert_refused(p, ERR_BAD_INPUT, "31 bytes, not 32");
	assert_int_equal(file_write(p->path, 0600, bytes, 0), ERR_OK);
	assert_refused(p, ERR_BAD_INPUT, "0 bytes");
	assert_int_equal(file_write(p->path, 0600, bytes, sizeof(bytes)),
			 ERR_OK);
	assert_refused(p, ERR_BAD_INPUT, "not an audit key");
	unlink(p->path);
	assert_int_equal(mkdir(p->path, 0700), 0);
	assert_refused(p, ERR_BAD_INPUT, "not an audit key");
	buf_fini(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_made_for_us_alone_and_once,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(may_not_be_open_to_others,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_key_is_refused,
						set_up, tear_down),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
