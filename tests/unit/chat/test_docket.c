#include "chat/sanction/docket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "den.h"

enum { HOUR_MS = 60 * 60 * 1000, DAY_MS = 24 * HOUR_MS };

static void what_is_over_is_dropped_a_day_later(void **state)
{
	struct den den;

	hall_setup(state);
	den_open(&den, *state);
	chat_tick(den.hall->chat);
	den_must_pass(&den, BEN, SANCTION_QUIET, "user3", "1h");
	den_must_pass(&den, BEN, SANCTION_QUIET, "user4", NULL);
	clock_fake_advance(HOUR_MS);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_OK);
	chat_tick(den.hall->chat);
	clock_fake_advance(DAY_MS - 1);
	chat_tick(den.hall->chat);
	assert_int_equal(den_entries(&den), 2);
	clock_fake_advance(1);
	chat_tick(den.hall->chat);
	assert_int_equal(den_entries(&den), 1);
	assert_int_equal(den_say(&den, DAN, "hello"), ERR_QUIETED);
	den_close(&den);
	hall_teardown(state);
}

/* The clock says that the quiet was over days ago; then it is put right. */
static void a_jump_of_the_clock_drops_nothing(void **state)
{
	struct chat *chat;
	struct den den;

	hall_setup(state);
	den_open(&den, *state);
	chat = den.hall->chat;
	chat_tick(chat);
	clock_fake_advance(2 * DAY_MS);
	chat_tick(chat);
	den_must_pass(&den, BEN, SANCTION_QUIET, "user3", "1h");
	clock_fake(clock_wall_ms() + 3 * (int64_t)DAY_MS);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_OK);
	chat_tick(chat);
	assert_int_equal(den_entries(&den), 1);
	clock_fake(clock_wall_ms() - 3 * (int64_t)DAY_MS);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_QUIETED);
	chat_tick(chat);
	assert_int_equal(den_entries(&den), 1);
	den_close(&den);
	hall_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_over_is_dropped_a_day_later),
		cmocka_unit_test(a_jump_of_the_clock_drops_nothing),
	};

	clock_fake(INT64_C(1795000000000));
	return cmocka_run_group_tests_name("docket", tests, NULL, NULL);
}
