#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "crypto/totp.h"

static const uint8_t *const secret = (const uint8_t *)"12345678901234567890";

/* RFC 6238, appendix B, SHA-1: the last six of its eight digits. */
static const struct vector {
	int64_t time_s;
	const char *code;
} vectors[] = {
	{ 59, "287082" },         { 1111111109, "081804" },
	{ 1111111111, "050471" }, { 1234567890, "005924" },
	{ 2000000000, "279037" }, { 20000000000, "353130" },
};

static void codes_are_those_of_the_rfc(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		char code[TOTP_CODE];

		totp_make(secret, totp_step(v->time_s * 1000), code);
		assert_string_equal(code, v->code);
	}
}

static void times_have_steps(void **state)
{
	(void)state;
	assert_int_equal(totp_step(-1), 0);
	assert_int_equal(totp_step(0), 0);
	assert_int_equal(totp_step(29999), 0);
	assert_int_equal(totp_step(30000), 1);
	assert_int_equal(totp_step(1111111109000), 0x23523EC);
}

/* How far the clock of whoever makes the code is away, in steps. */
static const struct find_case {
	const char *name;
	int away;
	int last; /* the step that was used last, from now; -9: none */
	bool want;
} find_cases[] = {
	{ "now", 0, -9, true },
	{ "a step late", -1, -9, true },
	{ "a step early", 1, -9, true },
	{ "two steps late", -2, -9, false },
	{ "two steps early", 2, -9, false },
	{ "used before", 0, 0, false },
	{ "late, and used", -1, -1, false },
	{ "late, after one that was not", -1, 0, false },
	{ "early, after the one now", 1, 0, true },
	{ "now, after the early one", 0, 1, false },
};

static void a_window_of_one_step(void **state)
{
	const uint64_t now = 41152263;

	(void)state;
	for (size_t i = 0; i < COUNT(find_cases); i++) {
		const struct find_case *c = &find_cases[i];
		uint64_t last = c->last == -9 ? 0 : now + (uint64_t)c->last;
		uint64_t step = 0;
		char code[TOTP_CODE];

		print_message("# %s\n", c->name);
		totp_make(secret, now + (uint64_t)c->away, code);
		assert_int_equal(totp_find(secret, code, now, last, &step),
				 c->want);
		assert_int_equal(step, c->want ? now + (uint64_t)c->away : 0);
	}
}

static void other_texts_are_no_codes(void **state)
{
	static const char *const texts[] = { "", "2870820", "28708", "287083",
					     "28708a" };
	uint64_t step;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_false(totp_find(secret, texts[i], 1, 0, &step));
	assert_true(totp_find(secret, "287082", 1, 0, &step));
	assert_true(totp_find(secret, "287082", 0, 0, &step));
}

static void secrets_are_printed_in_base32(void **state)
{
	char text[TOTP_TEXT];

	(void)state;
	totp_print(secret, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_those_of_the_rfc),
		cmocka_unit_test(times_have_steps),
		cmocka_unit_test(a_window_of_one_step),
		cmocka_unit_test(other_texts_are_no_codes),
		cmocka_unit_test(secrets_are_printed_in_base32),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
