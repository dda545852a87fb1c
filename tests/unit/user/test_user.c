#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/record.h"
#include "user/user.h"

static const struct user ann = {
	.id = 7,
	.name = "Ann",
	.hash = "$y$j75$abcdefghijklmnop$"
		"1kKL1r02wT4HlcktLfzeoOHd1GFgv7Ay4JeEbqGj80B",
	.roles = ROLE_USER | ROLE_ADMIN,
	.state = USER_ACTIVE,
	.created_ms = 1700000000000,
	.last_login_ms = 1700000001000,
	.last_address = "2001:db8::1",
};

static void assert_same(const struct user *a, const struct user *b)
{
	assert_int_equal(a->id, b->id);
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->hash, b->hash);
	assert_int_equal(a->roles, b->roles);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->created_ms, b->created_ms);
	assert_int_equal(a->last_login_ms, b->last_login_ms);
	assert_string_equal(a->last_address, b->last_address);
	assert_int_equal(a->password_by, b->password_by);
	assert_int_equal(a->password_ms, b->password_ms);
	assert_int_equal(a->password_own_ms, b->password_own_ms);
}

static bool round_trip(const struct user *user, struct user *user_r)
{
	AUTO(buf_fini) struct buf bytes = { 0 };

	user_encode(user, &bytes);
	return user_decode(buf_at(&bytes), buf_len(&bytes), user_r);
}

static void what_is_written_is_read(void **state)
{
	struct user most = ann;
	struct user again;

	(void)state;
	assert_true(round_trip(&ann, &again));
	assert_same(&ann, &again);

	memset(most.name, 'n', NAME_MOST);
	memset(most.hash, 'h', PASSWORD_HASH_MOST - 1);
	memset(most.last_address, 'a', USER_ADDRESS - 1);
	most.id = UINT64_MAX;
	most.created_ms = INT64_MAX;
	most.password_by = USER_CONSOLE;
	most.password_ms = INT64_MAX;
	most.password_own_ms = INT64_MAX;
	most.last_login_ms = 0;
	most.state = USER_DISABLED;
	assert_true(round_trip(&most, &again));
	assert_same(&most, &again);
}

/* The stored bytes are a promise: a change needs a new version. */
static void the_form_is_fixed(void **state)
{
	static const uint8_t want[] = {
		2,                          /* version */
		0, 0, 0,   0,   0, 0, 0, 9, /* id */
		0, 2, 'B', 'o',             /* name */
		0, 1, 'x',                  /* hash */
		0, 0, 0,   6,               /* roles */
		2,                          /* state */
		0, 0, 0,   0,   0, 0, 1, 2, /* created */
		0, 0, 0,   0,   0, 0, 0, 3, /* last login */
		0, 2, ':', ':',             /* last address */
		0, 0, 0,   0,   0, 0, 0, 4, /* who gave the password */
		0, 0, 0,   0,   0, 0, 0, 5, /* when */
		0, 0, 0,   0,   0, 0, 0, 7, /* when the user changed it */
	};
	const struct user user = {
		.id = 9,
		.name = "Bo",
		.hash = "x",
		.roles = ROLE_USER | ROLE_MODERATOR,
		.state = USER_PENDING,
		.created_ms = 258,
		.last_login_ms = 3,
		.last_address = "::",
		.password_by = 4,
		.password_ms = 5,
		.password_own_ms = 7,
	};
	struct buf bytes = { 0 };

	(void)state;
	user_encode(&user, &bytes);
	assert_int_equal(buf_len(&bytes), sizeof(want));
	assert_memory_equal(buf_at(&bytes), want, sizeof(want));
	buf_fini(&bytes);
}

static void any_other_length_is_refused(void **state)
{
	struct user out = { .id = 42 };
	struct buf bytes = { 0 };

	(void)state;
	user_encode(&ann, &bytes);
	for (size_t len = 0; len < buf_len(&bytes); len++)
		assert_false(user_decode(buf_at(&bytes), len, &out));
	buf_add_char(&bytes, '\0');
	assert_false(user_decode(buf_at(&bytes), buf_len(&bytes), &out));
	assert_int_equal(out.id, 42);
	buf_fini(&bytes);
}

/* As the first version was: nobody knows who gave the password. */
static void the_first_version_is_read(void **state)
{
	enum { GIVER = 3 * 8 };
	struct user out;
	struct buf bytes = { 0 };

	(void)state;
	user_encode(&ann, &bytes);
	buf_at(&bytes)[0] = 1;
	assert_false(user_decode(buf_at(&bytes), buf_len(&bytes), &out));
	assert_true(user_decode(buf_at(&bytes), buf_len(&bytes) - GIVER, &out));
	assert_same(&ann, &out);
	buf_fini(&bytes);
}

static void who_may_have_acted(void **state)
{
	enum { SELF = 9, OTHER = 4, THIRD = 5 };
	struct user user = { .id = SELF };

	(void)state;
	user_set_hash(&user, "a", SELF, 100);
	assert_string_equal(user.hash, "a");
	assert_false(user_may_be(&user, OTHER, 150));
	user_set_hash(&user, "b", OTHER, 200);
	assert_false(user_may_be(&user, OTHER, 199));
	assert_true(user_may_be(&user, OTHER, 200));
	assert_false(user_may_be(&user, THIRD, 200));
	user_set_hash(&user, "c", SELF, 300);
	assert_string_equal(user.hash, "c");
	assert_true(user_may_be(&user, OTHER, 299));
	assert_false(user_may_be(&user, OTHER, 300));
	user_set_hash(&user, "d", SELF, 400);
	assert_false(user_may_be(&user, OTHER, 350));
	user_set_hash(&user, "e", USER_CONSOLE, 500);
	assert_true(user_may_be(&user, THIRD, 500));
}

static void other_versions_are_refused(void **state)
{
	struct user out;
	struct buf bytes = { 0 };

	(void)state;
	user_encode(&ann, &bytes);
	buf_at(&bytes)[0] = 0;
	assert_false(user_decode(buf_at(&bytes), buf_len(&bytes), &out));
	buf_at(&bytes)[0] = 3;
	assert_false(user_decode(buf_at(&bytes), buf_len(&bytes), &out));
	buf_fini(&bytes);
}

static void no_id(struct user *user)
{
	user->id = 0;
}

static void no_name(struct user *user)
{
	user->name[0] = '\0';
}

static void bad_name(struct user *user)
{
	user->name[1] = ' ';
}

static void no_role(struct user *user)
{
	user->roles = 0;
}

static void role_without_user(struct user *user)
{
	user->roles = ROLE_ADMIN;
}

static void unknown_role(struct user *user)
{
	user->roles |= 1 << 7;
}

static void no_state(struct user *user)
{
	user->state = 0;
}

static void unknown_state(struct user *user)
{
	user->state = USER_DISABLED + 1;
}

static void created_before_time(struct user *user)
{
	user->created_ms = -1;
}

static void seen_before_time(struct user *user)
{
	user->last_login_ms = -1;
}

static void address_that_rings(struct user *user)
{
	user->last_address[0] = '\a';
}

static const struct unsound_case {
	const char *name;
	void (*spoil)(struct user *user);
} unsound_cases[] = {
	{ "no id", no_id },
	{ "no name", no_name },
	{ "bad name", bad_name },
	{ "no role", no_role },
	{ "role without user", role_without_user },
	{ "unknown role", unknown_role },
	{ "no state", no_state },
	{ "unknown state", unknown_state },
	{ "created before time", created_before_time },
	{ "seen before time", seen_before_time },
	{ "address that rings", address_that_rings },
};

static void unsound_users_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(unsound_cases); i++) {
		struct user user = ann;
		struct user out;

		print_message("# %s\n", unsound_cases[i].name);
		unsound_cases[i].spoil(&user);
		assert_false(round_trip(&user, &out));
	}
}

static const struct role_case {
	role_set roles;
	const char *want;
} role_cases[] = {
	{ ROLE_GUEST, "guest" },
	{ ROLE_USER, "user" },
	{ ROLE_GUEST | ROLE_USER, "user" },
	{ ROLE_USER | ROLE_ADMIN, "admin" },
	{ ROLE_USER | ROLE_ADMIN | ROLE_MODERATOR, "moderator, admin" },
	{ ROLE_USER | ROLE_TELLER | ROLE_SHOPKEEPER | ROLE_AUDITOR,
	  "teller, shopkeeper, auditor" },
};

static void roles_are_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(role_cases); i++) {
		struct buf out = { 0 };

		role_print(&out, role_cases[i].roles);
		assert_string_equal(buf_text(&out), role_cases[i].want);
		buf_fini(&out);
	}
}

static void roles_are_parsed(void **state)
{
	(void)state;
	assert_int_equal(role_parse("guest"), ROLE_GUEST);
	assert_int_equal(role_parse("moderator"), ROLE_MODERATOR);
	assert_int_equal(role_parse("teller"), ROLE_TELLER);
	assert_int_equal(role_parse("shopkeeper"), ROLE_SHOPKEEPER);
	assert_int_equal(role_parse("auditor"), ROLE_AUDITOR);
	assert_int_equal(role_parse("admin"), ROLE_ADMIN);
	assert_int_equal(role_parse(""), 0);
	assert_int_equal(role_parse("adm"), 0);
	assert_int_equal(role_parse("admins"), 0);
}

static void states_have_words(void **state)
{
	(void)state;
	assert_string_equal(user_state_word(USER_ACTIVE), "active");
	assert_string_equal(user_state_word(USER_PENDING), "pending");
	assert_string_equal(user_state_word(USER_DISABLED), "disabled");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_form_is_fixed),
		cmocka_unit_test(any_other_length_is_refused),
		cmocka_unit_test(the_first_version_is_read),
		cmocka_unit_test(who_may_have_acted),
		cmocka_unit_test(other_versions_are_refused),
		cmocka_unit_test(unsound_users_are_refused),
		cmocka_unit_test(roles_are_printed),
		cmocka_unit_test(roles_are_parsed),
		cmocka_unit_test(states_have_words),
	};

	return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}
