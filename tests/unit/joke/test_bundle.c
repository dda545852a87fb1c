#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "joke/bundle.h"

static void test_may_all_be_told(void **state UNUSED)
{
	assert_true(bundle_count >= 50);
	for (size_t i = 0; i < bundle_count; i++) {
		const struct joke *known = &bundle_jokes[i];
		struct joke *joke = joke_new(known->setup, known->punchline);

		assert_non_null(joke);
		assert_true(joke_is_same(joke, known));
		joke_free(&joke);
	}
}

static void test_none_is_there_twice(void **state UNUSED)
{
	for (size_t i = 0; i < bundle_count; i++) {
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(bundle_jokes[i].setup,
						bundle_jokes[j].setup);
	}
}

static void test_each_round_tells_all(void **state UNUSED)
{
	struct bundle *bundle = bundle_new();
	unsigned *told = mem_array(bundle_count, sizeof(*told));
	const struct joke *last = NULL;

	for (unsigned round = 1; round < 50; round++) {
		for (size_t i = 0; i < bundle_count; i++) {
			const struct joke *joke = bundle_next(bundle);

			assert_ptr_not_equal(joke, last);
			told[joke - bundle_jokes]++;
			last = joke;
		}
		for (size_t i = 0; i < bundle_count; i++)
			assert_int_equal(told[i], round);
	}
	mem_free(told);
	bundle_free(&bundle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_may_all_be_told),
		cmocka_unit_test(test_none_is_there_twice),
		cmocka_unit_test(test_each_round_tells_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
