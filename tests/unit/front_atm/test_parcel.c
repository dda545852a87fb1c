#include "front/atm/parcel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct parcel_case {
	const char *text;
	const char *flaw; /* NULL: it is read */
} parcel_cases[] = {
	{ "{}", NULL },
	{ " {\"a\" : 1 }\t", NULL },
	{ "{\"a\":\"\xc3\xa4\\u00e4\\ud83d\\ude00\"}", NULL },
	{ "{\"a\":9007199254740991,\"b\":-9007199254740991}", NULL },
	{ "{\"a\":[[[[[[[1]]]]]]]}", NULL },
	{ "{\"a\":1.5e3,\"b\":[true,false,null]}", NULL },
	{ "", "it is no JSON" },
	{ "1", "it is no JSON" },
	{ "\"a\"", "it is no JSON" },
	{ "[]", "it is no object" },
	{ "[{}]", "it is no object" },
	{ "{", "it is no JSON" },
	{ "{}{}", "it is no JSON" },
	{ "{} x", "it is no JSON" },
	{ "{\"a\":1,}", "it is no JSON" },
	{ "{a:1}", "it is no JSON" },
	{ "{'a':1}", "it is no JSON" },
	{ "{\"a\":01}", "it is no JSON" },
	{ "{\"a\":+1}", "it is no JSON" },
	{ "{\"a\":.5}", "it is no JSON" },
	{ "{\"a\":NaN}", "it is no JSON" },
	{ "{\"a\":\"\n\"}", "it is no JSON" },
	{ "{\"a\":\"\\x\"}", "it is no JSON" },
	{ "{\"a\":\"\\ud800\"}", "it is no JSON" },
	{ "{\"a\":1/**/}", "it is no JSON" },
	{ "{\"a\":1,\"a\":1}", "it has a member twice" },
	{ "{\"a\":1,\"\\u0061\":2}", "it has a member twice" },
	{ "{\"b\":[{\"a\":1,\"a\":1}]}", "it has a member twice" },
	{ "{\"a\":\"\\u0000\"}", "a text holds a NUL" },
	{ "{\"a\\u0000b\":1}", "a text holds a NUL" },
	{ "{\"a\":\"\xff\"}", "it is no UTF-8" },
	{ "{\"a\":\"\xc0\x80\"}", "it is no UTF-8" },
	{ "{\"a\":\"\xed\xa0\x80\"}", "it is no UTF-8" },
	{ "{\"a\":9007199254740992}", "a number is too large" },
	{ "{\"a\":-9007199254740993}", "a number is too large" },
	{ "{\"b\":[{\"a\":9007199254740993}]}", "a number is too large" },
	{ "{\"a\":99999999999999999999}", "a number is too large" },
	{ "{\"a\":1e999}", "a number is too large" },
	{ "{\"a\":[[[[[[[[1]]]]]]]]}", "it is nested too deeply" },
	{ "[[[[[[[[[", "it is nested too deeply" },
};

static void cases_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(parcel_cases) / sizeof(parcel_cases[0]);
	     i++) {
		const struct parcel_case *c = &parcel_cases[i];
		const char *flaw = NULL;
		json_t *parcel = parcel_read(c->text, strlen(c->text), &flaw);

		if (c->flaw == NULL && parcel == NULL)
			fail_msg("%s: %s", c->text, flaw);
		if (c->flaw != NULL && parcel != NULL)
			fail_msg("%s was read", c->text);
		if (c->flaw != NULL)
			assert_string_equal(flaw, c->flaw);
		parcel_free(&parcel);
	}
}

static void a_nul_ends_nothing(void **state)
{
	static const char text[] = "{}\0 not seen";
	const char *flaw;

	(void)state;
	assert_null(parcel_read(text, sizeof(text) - 1, &flaw));
}

/* However deep it pretends to be, it is not followed. */
static void depth_is_bounded(void **state)
{
	static char text[65536];
	const char *flaw;

	(void)state;
	memset(text, '[', sizeof(text));
	assert_null(parcel_read(text, sizeof(text), &flaw));
	assert_string_equal(flaw, "it is nested too deeply");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_are_read),
		cmocka_unit_test(a_nul_ends_nothing),
		cmocka_unit_test(depth_is_bounded),
	};

	parcel_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
