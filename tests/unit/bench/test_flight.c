#include "bench/flight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"

enum { SENDERS = 2, WINDOW = 3 };

static struct flight flight;

static int begin(void **state)
{
	(void)state;
	flight_init(&flight, SENDERS, WINDOW);
	return 0;
}

static int end(void **state)
{
	(void)state;
	flight_fini(&flight);
	return 0;
}

static void a_window_bounds_what_flies(void **state)
{
	(void)state;
	assert_true(flight_is_over(&flight));
	assert_int_equal(flight_take_credits(&flight, 1), WINDOW);
	assert_int_equal(flight_take_credits(&flight, 1), 0);
	assert_false(flight_take_credit(&flight, 1));
	assert_true(flight_take_credit(&flight, 0));
	assert_false(flight_is_over(&flight));
}

static void the_last_landing_returns_the_credit(void **state)
{
	uint32_t seq;

	(void)state;
	assert_true(flight_take_credit(&flight, 0));
	seq = flight_launch(&flight, 0, 3, 1);
	assert_int_equal(seq, 0);
	assert_false(flight_land(&flight, 0, seq));
	assert_false(flight_land(&flight, 0, seq));
	assert_false(flight_is_over(&flight));
	assert_true(flight_land(&flight, 0, seq));
	assert_true(flight_is_over(&flight));
	assert_int_equal(flight_launch(&flight, 0, 1, 1), 1);
	assert_int_equal(flight_launch(&flight, 1, 1, 1), 0);
}

static void messages_in_flight_have_slots_of_their_own(void **state)
{
	(void)state;
	for (unsigned a = 0; a < SENDERS * WINDOW; a++) {
		for (unsigned b = 0; b < a; b++)
			assert_int_not_equal(
				flight_slot(&flight, a / WINDOW, a % WINDOW),
				flight_slot(&flight, b / WINDOW, b % WINDOW));
	}
}

/* What two receivers see of two senders, in this order. */
static const struct arrival_case {
	unsigned receiver;
	unsigned sender;
	uint32_t seq;
	bool want;
} arrival_cases[] = {
	{ 0, 0, 0, true },  { 0, 1, 0, true },
	{ 0, 0, 1, true },  { 0, 0, 1, false }, /* twice */
	{ 0, 0, 3, false },                     /* one is missing */
	{ 0, 0, 2, true },  { 0, 0, 0, false }, /* an old one */
	{ 1, 0, 1, false },                     /* not from the start */
	{ 1, 0, 0, true },  { 1, 1, 0, true },
};

static void every_message_is_due_once(void **state)
{
	struct arrivals arrivals;

	(void)state;
	arrivals_init(&arrivals, &flight, 2);
	for (unsigned i = 0; i < COUNT(arrival_cases); i++) {
		const struct arrival_case *c = &arrival_cases[i];

		assert_int_equal(arrivals_note(&arrivals, c->receiver,
					       c->sender, c->seq),
				 c->want);
	}
	arrivals_fini(&arrivals);
}

static void a_message_is_complete_with_the_last_receiver(void **state)
{
	struct arrivals arrivals;

	(void)state;
	arrivals_init(&arrivals, &flight, 2);
	for (int round = 0; round < 2; round++) {
		assert_false(arrivals_complete(&arrivals, 4, 3));
		assert_true(arrivals_complete(&arrivals, 5, 1));
		assert_false(arrivals_complete(&arrivals, 4, 3));
		assert_true(arrivals_complete(&arrivals, 4, 3));
	}
	arrivals_fini(&arrivals);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(a_window_bounds_what_flies),
		ROW(the_last_landing_returns_the_credit),
		ROW(messages_in_flight_have_slots_of_their_own),
		ROW(every_message_is_due_once),
		ROW(a_message_is_complete_with_the_last_receiver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
