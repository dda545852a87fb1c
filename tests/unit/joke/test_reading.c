#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "joke/reading.h"

static const struct reading_case {
	const char *json;
	enum err want;
	size_t count; /* of jokes in stock then */
} cases[] = {
	{ "{\"setup\":\"a\",\"punchline\":\"b\",\"id\":7}", ERR_OK, 1 },
	{ "{\"joke\":\"a\"}", ERR_OK, 1 },
	{ "[{\"setup\":\"a\",\"punchline\":\"b\"},{\"joke\":\"a\"}]", ERR_OK,
	  2 },
	{ "[{\"joke\":\"a\"},{\"joke\":\"a\"}]", ERR_OK, 1 },
	{ "[{\"joke\":1},{\"joke\":\"a\"},[],3,null]", ERR_OK, 1 },
	{ "{\"setup\":\"a\"}", ERR_NOT_FOUND, 0 },
	{ "{\"setup\":\"a\",\"punchline\":null}", ERR_NOT_FOUND, 0 },
	{ "{\"joke\":[\"a\"]}", ERR_NOT_FOUND, 0 },
	{ "{\"joke\":\"\\u001b\"}", ERR_NOT_FOUND, 0 },
	{ "{}", ERR_NOT_FOUND, 0 },
	{ "[]", ERR_NOT_FOUND, 0 },
	{ "", ERR_BAD_INPUT, 0 },
	{ "\"a\"", ERR_BAD_INPUT, 0 },
	{ "{\"joke\":\"a\"", ERR_BAD_INPUT, 0 },
	{ "{\"joke\":\"a\"} {}", ERR_BAD_INPUT, 0 },
	{ "{\"joke\":\"\xe9\"}", ERR_BAD_INPUT, 0 },
	{ "{\"joke\":\"\\u0000\"}", ERR_BAD_INPUT, 0 },
	{ "<html>", ERR_BAD_INPUT, 0 },
};

static void test_reads_both_shapes(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct reading_case *c = &cases[i];
		struct stock stock = { 0 };

		assert_int_equal(reading_add(c->json, strlen(c->json), &stock),
				 c->want);
		assert_int_equal(stock.count, c->count);
		stock_fini(&stock);
	}
}

static void test_what_is_known_is_not_new(void **state UNUSED)
{
	static const char one[] = "{\"joke\":\"a\"}";
	static const char both[] = "[{\"joke\":\"b\"},{\"joke\":\"a\"}]";
	struct stock stock = { 0 };

	assert_int_equal(reading_add(one, strlen(one), &stock), ERR_OK);
	assert_int_equal(reading_add(one, strlen(one), &stock), ERR_EXISTS);
	assert_int_equal(reading_add(both, strlen(both), &stock), ERR_OK);
	assert_int_equal(stock.count, 2);
	stock_fini(&stock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_both_shapes),
		cmocka_unit_test(test_what_is_known_is_not_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
