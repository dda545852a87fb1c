#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/password.h"

static struct secret *secret_of(const char *text)
{
	return secret_new(text, strlen(text));
}

/* A password of len bytes whose last byte is last. */
static struct secret *long_secret(size_t len, char last)
{
	char bytes[PASSWORD_MOST + 1];

	memset(bytes, 'x', sizeof(bytes));
	bytes[len - 1] = last;
	return secret_new(bytes, len);
}

static const struct length_case {
	const char *name;
	enum password_method method;
	int cost;
	size_t len;
} length_cases[] = {
	{ "yescrypt, shortest", PASSWORD_YESCRYPT, 1, PASSWORD_LEAST },
	{ "yescrypt, longer than bcrypt reads", PASSWORD_YESCRYPT, 1, 73 },
	{ "yescrypt, last that crypt takes", PASSWORD_YESCRYPT, 1, 511 },
	{ "yescrypt, longest", PASSWORD_YESCRYPT, 1, PASSWORD_MOST },
	{ "bcrypt, shortest", PASSWORD_BCRYPT, 4, PASSWORD_LEAST },
	{ "bcrypt, last that bcrypt reads", PASSWORD_BCRYPT, 4, 72 },
	{ "bcrypt, first that it does not", PASSWORD_BCRYPT, 4, 73 },
	{ "bcrypt, longest", PASSWORD_BCRYPT, 4, PASSWORD_MOST },
};

static void every_byte_counts(void **state)
{
	char hash[PASSWORD_HASH_MOST];

	(void)state;
	for (size_t i = 0; i < COUNT(length_cases); i++) {
		const struct length_case *c = &length_cases[i];
		AUTO(secret_free)
		struct secret *right = long_secret(c->len, 'x');
		AUTO(secret_free)
		struct secret *wrong = long_secret(c->len, 'y');
		AUTO(secret_free)
		struct secret *shorter = long_secret(c->len - 1, 'x');

		print_message("# %s\n", c->name);
		password_hash(right, c->method, c->cost, hash);
		assert_true(password_verify(right, hash));
		assert_false(password_verify(wrong, hash));
		assert_false(password_verify(shorter, hash));
	}
}

static void a_nul_does_not_end_a_password(void **state)
{
	static const int costs[] = {
		[PASSWORD_YESCRYPT] = 1, [PASSWORD_BCRYPT] = 4
	};
	AUTO(secret_free) struct secret *a = secret_new("left\0right", 10);
	AUTO(secret_free) struct secret *b = secret_new("left\0wrong", 10);
	AUTO(secret_free) struct secret *c = secret_new("left", 4);
	char hash[PASSWORD_HASH_MOST];

	(void)state;
	for (int m = PASSWORD_YESCRYPT; m <= PASSWORD_BCRYPT; m++) {
		password_hash(a, (enum password_method)m, costs[m], hash);
		assert_true(password_verify(a, hash));
		assert_false(password_verify(b, hash));
		assert_false(password_verify(c, hash));
	}
}

static void salts_differ(void **state)
{
	AUTO(secret_free) struct secret *s = secret_of("correct horse");
	char one[PASSWORD_HASH_MOST];
	char two[PASSWORD_HASH_MOST];

	(void)state;
	password_hash(s, PASSWORD_YESCRYPT, 1, one);
	password_hash(s, PASSWORD_YESCRYPT, 1, two);
	assert_string_not_equal(one, two);
	assert_int_equal(strncmp(one, "$y$", 3), 0);
	password_hash(s, PASSWORD_BCRYPT, 4, one);
	assert_int_equal(strncmp(one, "$2b$04$", 7), 0);
}

static const struct verify_case {
	const char *name;
	const char *password;
	const char *hash;
	bool want;
} verify_cases[] = {
	{ "bcrypt made elsewhere", "correct horse",
	  "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
	  true },
	{ "yescrypt made elsewhere", "correct horse",
	  "$y$j75$abcdefghijklmnop$"
	  "1kKL1r02wT4HlcktLfzeoOHd1GFgv7Ay4JeEbqGj80B",
	  true },
	{ "another case", "Correct horse",
	  "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
	  false },
	{ "72 bytes made elsewhere",
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	  "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i",
	  true },
	{ "unknown method", "correct horse",
	  "$6$abcdefgh$yIZAF3gQPvtKZO/9qOJKffAKKbtS3ef3qmwyugk4uWVjX8YZf/"
	  "GV3A8SkFxEPY0T56CcilGrHKLffBsp6dLMG.",
	  false },
	{ "cut short", "correct horse",
	  "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6",
	  false },
	{ "one byte more", "correct horse",
	  "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6eA",
	  false },
	{ "setting alone", "correct horse", "$2b$04$abcdefghijklmnopqrstuu",
	  false },
	{ "impossible cost", "correct horse",
	  "$2b$99$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
	  false },
	{ "prefix alone", "correct horse", "$y$", false },
	{ "nothing", "correct horse", "", false },
	{ "crypt's failure", "correct horse", "*0", false },
	{ "the password itself", "correct horse", "correct horse", false },
};

static void verifies_hashes_from_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(verify_cases); i++) {
		const struct verify_case *c = &verify_cases[i];
		AUTO(secret_free) struct secret *s = secret_of(c->password);

		print_message("# %s\n", c->name);
		assert_int_equal(password_verify(s, c->hash), c->want);
	}
}

static const struct outdated_case {
	const char *name;
	enum password_method made;
	int made_cost;
	enum password_method now;
	int now_cost;
	bool want;
} outdated_cases[] = {
	{ "same", PASSWORD_YESCRYPT, 2, PASSWORD_YESCRYPT, 2, false },
	{ "grown", PASSWORD_YESCRYPT, 2, PASSWORD_YESCRYPT, 3, true },
	{ "sunk", PASSWORD_YESCRYPT, 3, PASSWORD_YESCRYPT, 1, false },
	{ "most", PASSWORD_YESCRYPT, 1, PASSWORD_YESCRYPT, 11, true },
	{ "other method", PASSWORD_YESCRYPT, 3, PASSWORD_BCRYPT, 4, true },
	{ "same", PASSWORD_BCRYPT, 5, PASSWORD_BCRYPT, 5, false },
	{ "grown", PASSWORD_BCRYPT, 5, PASSWORD_BCRYPT, 12, true },
	{ "sunk", PASSWORD_BCRYPT, 5, PASSWORD_BCRYPT, 4, false },
	{ "other method", PASSWORD_BCRYPT, 5, PASSWORD_YESCRYPT, 1, true },
};

static void knows_outdated_hashes(void **state)
{
	AUTO(secret_free) struct secret *s = secret_of("correct horse");
	char hash[PASSWORD_HASH_MOST];

	(void)state;
	for (size_t i = 0; i < COUNT(outdated_cases); i++) {
		const struct outdated_case *c = &outdated_cases[i];

		print_message("# %s, row %zu\n", c->name, i);
		password_hash(s, c->made, c->made_cost, hash);
		assert_int_equal(
			password_is_outdated(hash, c->now, c->now_cost),
			c->want);
	}
	assert_true(password_is_outdated("", PASSWORD_YESCRYPT, 1));
	assert_true(password_is_outdated("$y$", PASSWORD_YESCRYPT, 1));
}

static void nobody_takes_every_password(void **state)
{
	AUTO(secret_free) struct secret *nothing = secret_of("");
	AUTO(secret_free) struct secret *most = long_secret(PASSWORD_MOST, 'x');

	(void)state;
	password_verify_nobody(nothing, PASSWORD_YESCRYPT, 1);
	password_verify_nobody(most, PASSWORD_YESCRYPT, 1);
	password_verify_nobody(most, PASSWORD_BCRYPT, 4);
}

static void methods_have_names(void **state)
{
	(void)state;
	assert_string_equal(password_methods[PASSWORD_YESCRYPT], "yescrypt");
	assert_string_equal(password_methods[PASSWORD_BCRYPT], "bcrypt");
	assert_null(password_methods[PASSWORD_BCRYPT + 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(a_nul_does_not_end_a_password),
		cmocka_unit_test(salts_differ),
		cmocka_unit_test(verifies_hashes_from_anywhere),
		cmocka_unit_test(knows_outdated_hashes),
		cmocka_unit_test(nobody_takes_every_password),
		cmocka_unit_test(methods_have_names),
	};

	return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
