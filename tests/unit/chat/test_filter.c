#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "den.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static void filters_catch_members_only(void **state)
{
	struct den den;

	den_open(&den, *state);
	den_must_pass(&den, BEN, SANCTION_REFUSE, "literal:spam", NULL);
	den_must_pass(&den, BEN, SANCTION_HOLD, "literal:eggs", NULL);
	assert_int_equal(den_say(&den, CLEO, "SPAM"), ERR_FILTERED);
	assert_int_equal(den_say(&den, ZOE, "more spam"), ERR_FILTERED);
	assert_int_equal(den_say(&den, BEN, "no spam here"), ERR_OK);
	assert_int_equal(den_say(&den, ANN, "no spam here"), ERR_OK);
	hall_hush(*state);
	assert_int_equal(den_say(&den, CLEO, "eggs"), ERR_HELD);
	assert_string_equal(hall_hears(*state, 0),
			    "held den user3 user1: eggs;");
	assert_int_equal(den_say(&den, CLEO, "ham"), ERR_OK);
	assert_int_equal(den_pardon(&den, BEN, SANCTION_REFUSE, "#1"), ERR_OK);
	assert_int_equal(den_say(&den, CLEO, "spam"), ERR_OK);
	den_close(&den);
}

static void a_filter_ends(void **state)
{
	struct den den;

	den_open(&den, *state);
	den_must_pass(&den, BEN, SANCTION_REFUSE, "literal:spam", "1m a wave");
	assert_int_equal(den_say(&den, CLEO, "spam"), ERR_FILTERED);
	clock_fake_advance(60 * 1000);
	assert_int_equal(den_say(&den, CLEO, "spam"), ERR_OK);
	den_close(&den);
}

static void a_filter_mutes(void **state)
{
	struct hall *h = *state;
	struct den den;

	den_open(&den, h);
	den_must_pass(&den, BEN, SANCTION_MUTE, "literal:spam", NULL);
	assert_int_equal(den_say(&den, CLEO, "spam"), ERR_FILTERED);
	assert_int_equal(den_say(&den, CLEO, "ham"), ERR_QUIETED);
	assert_int_equal(den_entries(&den), 1);
	chat_tick(h->chat);
	assert_int_equal(den_entries(&den), 2);
	assert_int_equal(den_say(&den, CLEO, "ham"), ERR_QUIETED);
	assert_non_null(strstr(hall_hears(h, 1), "filter #1"));
	assert_int_equal(den_pardon(&den, BEN, SANCTION_QUIET, "user3"),
			 ERR_OK);
	assert_int_equal(den_say(&den, CLEO, "ham"), ERR_OK);
	den_close(&den);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(filters_catch_members_only),
		IN_HALL(a_filter_ends),
		IN_HALL(a_filter_mutes),
	};

	clock_fake(1795200000000);
	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
