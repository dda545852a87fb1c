#include "command/arrivals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Counts the entries, or refuses them. */
struct door {
	int entries;
	enum err code;
};

static enum err enter(void *arg)
{
	struct door *door = arg;

	door->entries++;
	return door->code;
}

static void who_is_turned_away_does_not_enter(void **state)
{
	struct arrivals *a = arrivals_new();
	struct door door = { 0, ERR_OK };
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
	assert_int_equal(arrivals_enter(a, &again, enter, &door), ERR_OK);
	arrivals_refuse(a, 1, ERR_DISABLED);
	assert_int_equal(arrivals_enter(a, &ann, enter, &door), ERR_DISABLED);
	assert_int_equal(door.entries, 1);
	door.code = ERR_NAME_TAKEN;
	assert_int_equal(arrivals_enter(a, &ben, enter, &door), ERR_NAME_TAKEN);
	assert_int_equal(door.entries, 2);
	/* The end does no harm, and the next login is a new one. */
	arrivals_end(a, &ben);
	arrivals_begin(a, &ann, 1);
	door.code = ERR_OK;
	assert_int_equal(arrivals_enter(a, &ann, enter, &door), ERR_OK);
	arrivals_refuse(a, 1, ERR_DISABLED);
	arrivals_free(&a);
	assert_null(a);
	arrivals_free(&a);
}

/* A bar turns away those before it, and those who come while it lasts. */
static void nobody_passes_a_bar(void **state)
{
	struct arrivals *a = arrivals_new();
	struct door door = { 0, ERR_OK };
	struct arrival bar;
	struct arrival before;
	struct arrival during;
	struct arrival ben;

	(void)state;
	arrival_init(&bar);
	arrival_init(&before);
	arrival_init(&during);
	arrival_init(&ben);
	arrivals_begin(a, &before, 1);
	arrivals_bar(a, &bar, 1, ERR_SESSION_ENDED);
	arrivals_begin(a, &during, 1);
	arrivals_begin(a, &ben, 2);
	assert_int_equal(arrivals_enter(a, &before, enter, &door),
			 ERR_SESSION_ENDED);
	assert_int_equal(arrivals_enter(a, &ben, enter, &door), ERR_OK);
	arrivals_end(a, &bar);
	assert_int_equal(arrivals_enter(a, &during, enter, &door),
			 ERR_SESSION_ENDED);
	arrivals_begin(a, &during, 1);
	assert_int_equal(arrivals_enter(a, &during, enter, &door), ERR_OK);
	arrivals_free(&a);
}

static void a_name_is_claimed_once(void **state)
{
	struct arrivals *a = arrivals_new();
	struct door door = { 0, ERR_OK };
	struct arrival ann;
	struct arrival again;
	struct arrival ben;

	(void)state;
	arrival_init(&ann);
	arrival_init(&again);
	arrival_init(&ben);
	assert_int_equal(arrivals_claim(a, &ann, "ann"), ERR_OK);
	assert_int_equal(arrivals_claim(a, &again, "ANN"), ERR_NAME_TAKEN);
	assert_int_equal(arrivals_claim(a, &ben, "ben"), ERR_OK);
	/* Who registers logs in at once, and keeps the claim until then. */
	arrivals_begin(a, &ann, 1);
	assert_int_equal(arrivals_claim(a, &again, "ann"), ERR_NAME_TAKEN);
	assert_int_equal(arrivals_enter(a, &ann, enter, &door), ERR_OK);
	assert_int_equal(arrivals_claim(a, &again, "ann"), ERR_OK);
	arrivals_end(a, &again);
	arrivals_end(a, &again);
	arrivals_end(a, &ben);
	assert_int_equal(arrivals_claim(a, &ann, "ben"), ERR_OK);
	arrivals_end(a, &ann);
	arrivals_free(&a);
}

static void one_that_never_began(void **state)
{
	struct arrivals *a = arrivals_new();
	struct door door = { 0, ERR_OK };
	struct arrival arrival;

	(void)state;
	arrival_init(&arrival);
	assert_int_equal(arrivals_enter(a, &arrival, enter, &door), ERR_OK);
	arrivals_end(a, &arrival);
	arrivals_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_turned_away_does_not_enter),
		cmocka_unit_test(nobody_passes_a_bar),
		cmocka_unit_test(a_name_is_claimed_once),
		cmocka_unit_test(one_that_never_began),
	};

	return cmocka_run_group_tests_name("arrivals", tests, NULL, NULL);
}
