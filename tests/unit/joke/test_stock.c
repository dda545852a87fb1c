#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "joke/stock.h"

static bool add(struct stock *s, size_t number)
{
	AUTO(mem_free_text) char *text = mem_print("number %zu", number);

	return stock_add(s, joke_new(text, NULL));
}

static void check_next(struct stock *s, const char *want)
{
	struct joke *joke = stock_take(s);

	assert_non_null(joke);
	assert_string_equal(joke->setup, want);
	joke_free(&joke);
}

static void test_gives_the_first_first(void **state UNUSED)
{
	struct stock s = { 0 };

	assert_null(stock_take(&s));
	assert_true(add(&s, 1));
	assert_true(add(&s, 2));
	check_next(&s, "number 1");
	assert_true(add(&s, 1));
	check_next(&s, "number 2");
	check_next(&s, "number 1");
	assert_null(stock_take(&s));
}

static void test_has_nothing_twice(void **state UNUSED)
{
	struct stock s = { 0 };

	assert_true(stock_add(&s, joke_new("a", NULL)));
	assert_true(stock_add(&s, joke_new("a", "b")));
	assert_false(stock_add(&s, joke_new("a", "b")));
	assert_false(stock_add(&s, joke_new(" a ", NULL)));
	assert_int_equal(s.count, 2);
	stock_fini(&s);
}

static void test_is_bounded(void **state UNUSED)
{
	struct stock s = { 0 };

	for (size_t i = 0; i < STOCK_MOST; i++)
		assert_true(add(&s, i));
	assert_false(add(&s, STOCK_MOST));
	check_next(&s, "number 0");
	assert_true(add(&s, STOCK_MOST));
	stock_fini(&s);
	assert_null(stock_take(&s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gives_the_first_first),
		cmocka_unit_test(test_has_nothing_twice),
		cmocka_unit_test(test_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
