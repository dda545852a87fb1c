#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "store/record.h"

static void delete_name(struct fixture *f)
{
	fixture_spoil(f, "user_names", "ann", 3, NULL, 0);
}

static void delete_record(struct fixture *f)
{
	uint8_t key[RECORD_KEY];

	record_key(1, key);
	fixture_spoil(f, "users", key, sizeof(key), NULL, 0);
}

static void truncate_record(struct fixture *f)
{
	uint8_t key[RECORD_KEY];

	record_key(1, key);
	fixture_spoil(f, "users", key, sizeof(key), "\1", 1);
}

static void put_name(struct fixture *f, const void *key, size_t len, user_id id)
{
	struct buf value = { 0 };

	record_begin(&value, 1);
	record_put_u64(&value, id);
	fixture_spoil(f, "user_names", key, len, buf_at(&value),
		      buf_len(&value));
	buf_fini(&value);
}

static void swap_name(struct fixture *f)
{
	put_name(f, "ann", 3, 2);
}

static void add_dangling_name(struct fixture *f)
{
	put_name(f, "cleo", 4, 9);
}

static void add_upper_name(struct fixture *f)
{
	put_name(f, "Ann", 3, 1);
}

static void add_nul_name(struct fixture *f)
{
	put_name(f, "ann\0ie", 6, 1);
}

static void add_long_name(struct fixture *f)
{
	char key[STORE_KEY_MOST - 1];

	memset(key, 'a', sizeof(key));
	put_name(f, key, sizeof(key), 1);
}

static void spoil_name(struct fixture *f)
{
	fixture_spoil(f, "user_names", "ann", 3, "ben", 3);
}

static void move_record(struct fixture *f)
{
	struct user user;
	struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	record_key(7, key);
	assert_int_equal(users_get(f->users, 1, &user), ERR_OK);
	user_encode(&user, &value);
	fixture_spoil(f, "users", key, sizeof(key), buf_at(&value),
		      buf_len(&value));
	buf_fini(&value);
}

static void double_record(struct fixture *f)
{
	struct user user;
	struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	record_key(7, key);
	assert_int_equal(users_get(f->users, 1, &user), ERR_OK);
	user.id = 7;
	user_encode(&user, &value);
	fixture_spoil(f, "users", key, sizeof(key), buf_at(&value),
		      buf_len(&value));
	buf_fini(&value);
}

static void add_odd_number(struct fixture *f)
{
	fixture_spoil(f, "users", "123", 3, "x", 1);
}

static const struct fault_case {
	void (*spoil)(struct fixture *f);
	const char *report;
} fault_cases[] = {
	{ delete_name,
	  "users: the name of user 1, Ann, does not lead there\n" },
	{ delete_record,
	  "users: the name ann leads to user 1, who is not there\n" },
	{ truncate_record, "users: the record of user 1 cannot be read\n" },
	{ swap_name, "users: the name ann leads to user 2, who is called ben\n"
		     "users: the name of user 1, Ann, does not lead there\n" },
	{ add_dangling_name,
	  "users: the name cleo leads to user 9, who is not there\n" },
	{ add_upper_name, "users: a name of 3 bytes is no name\n" },
	{ add_nul_name, "users: a name of 6 bytes is no name\n" },
	{ add_long_name, "users: a name of 254 bytes is no name\n" },
	{ spoil_name, "users: the entry of the name ann cannot be read\n" },
	{ move_record, "users: the record of user 7 cannot be read\n" },
	{ double_record,
	  "users: the name of user 7, Ann, does not lead there\n" },
	{ add_odd_number, "users: a number of 3 bytes is no number\n" },
};

static void every_fault_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fault_cases); i++) {
		void *inner;
		struct fixture *f;
		struct buf report = { 0 };

		print_message("# %s", fault_cases[i].report);
		fixture_setup(&inner);
		f = inner;
		fixture_add(f, "Ann");
		fixture_add(f, "ben");
		fault_cases[i].spoil(f);
		assert_int_equal(users_verify(f->users, &report), ERR_CORRUPT);
		assert_string_equal(buf_text(&report), fault_cases[i].report);
		buf_fini(&report);
		fixture_teardown(&inner);
	}
}

static void sound_users_have_no_findings(void **state)
{
	struct fixture *f = *state;
	struct buf report = { 0 };

	buf_add_text(&report, "before");
	assert_int_equal(users_verify(f->users, &report), ERR_OK);
	fixture_add(f, "ann");
	assert_int_equal(users_verify(f->users, &report), ERR_OK);
	assert_string_equal(buf_text(&report), "before");
	buf_fini(&report);
}

static void a_report_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct buf report = { 0 };
	char name[NAME_MOST + 1];
	size_t lines = 0;

	for (int i = 0; i < 130; i++) {
		snprintf(name, sizeof(name), "u%03d", i);
		put_name(f, name, strlen(name), 1000);
	}
	assert_int_equal(users_verify(f->users, &report), ERR_CORRUPT);
	for (const char *at = buf_text(&report); *at != '\0'; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 101);
	assert_non_null(strstr(buf_text(&report), "users: and 30 more\n"));
	buf_fini(&report);
}

static bool count_one(const struct user *user, void *arg)
{
	(void)user;
	++*(int *)arg;
	return true;
}

/* What cannot be read is told, not passed over. */
static void users_say_what_is_corrupt(void **state)
{
	struct fixture *f = *state;
	struct user user;
	int count = 0;

	fixture_add(f, "Ann");
	fixture_add(f, "ben");
	truncate_record(f);
	assert_int_equal(users_get(f->users, 1, &user), ERR_CORRUPT);
	assert_int_equal(users_find(f->users, "ann", &user), ERR_CORRUPT);
	assert_int_equal(users_remove(f->users, 1, &fixture_entry),
			 ERR_CORRUPT);
	assert_int_equal(users_walk(f->users, count_one, &count), ERR_CORRUPT);
	assert_int_equal(users_find(f->users, "ben", &user), ERR_OK);
}

static void who_is_half_gone_is_no_user(void **state)
{
	struct fixture *f = *state;
	struct user user;
	int count = 0;

	fixture_add(f, "Ann");
	fixture_add(f, "ben");
	delete_record(f);
	add_dangling_name(f);
	assert_int_equal(users_find(f->users, "ann", &user), ERR_NO_SUCH_USER);
	assert_int_equal(users_walk(f->users, count_one, &count), ERR_OK);
	assert_int_equal(count, 1);
	put_name(f, "cleo", 4, 2);
	assert_int_equal(users_find(f->users, "cleo", &user), ERR_NO_SUCH_USER);
}

#define WITH_STORE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_is_named),
		WITH_STORE(sound_users_have_no_findings),
		WITH_STORE(a_report_is_bounded),
		WITH_STORE(users_say_what_is_corrupt),
		WITH_STORE(who_is_half_gone_is_no_user),
	};

	return cmocka_run_group_tests_name("users_verify", tests, NULL, NULL);
}
