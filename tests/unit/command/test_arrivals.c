#include "command/arrivals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void who_is_turned_away_hears_why(void **state)
{
	struct arrivals *a = arrivals_new();
	struct arrival ann;
	struct arrival again;
	struct arrival ben;

	(void)state;
	arrival_init(&ann);
	arrival_init(&again);
	arrival_init(&ben);
	arrivals_begin(a, &ann, 1);
	arrivals_begin(a, &ben, 2);
	arrivals_begin(a, &again, 1);
	assert_int_equal(arrivals_end(a, &again), ERR_OK);
	arrivals_refuse(a, 1, ERR_DISABLED);
	assert_int_equal(arrivals_end(a, &ann), ERR_DISABLED);
	assert_int_equal(arrivals_end(a, &ben), ERR_OK);
	/* Once more does no harm, and the next login is a new one. */
	assert_int_equal(arrivals_end(a, &ben), ERR_OK);
	arrivals_begin(a, &ann, 1);
	assert_int_equal(arrivals_end(a, &ann), ERR_OK);
	arrivals_refuse(a, 1, ERR_DISABLED);
	arrivals_free(&a);
	assert_null(a);
	arrivals_free(&a);
}

static void one_that_never_began(void **state)
{
	struct arrivals *a = arrivals_new();
	struct arrival arrival;

	(void)state;
	arrival_init(&arrival);
	assert_int_equal(arrivals_end(a, &arrival), ERR_OK);
	arrivals_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_turned_away_hears_why),
		cmocka_unit_test(one_that_never_began),
	};

	return cmocka_run_group_tests_name("arrivals", tests, NULL, NULL);
}
