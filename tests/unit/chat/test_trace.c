#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chat/trace.h"
#include "den.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static void of_a_stranger_there_is_none(void **state)
{
	struct trace trace;
	struct den den;

	den_open(&den, *state);
	trace_find(den.room, CLEO, &trace);
	assert_int_equal(trace.count, 0);
	assert_false(trace.has_right);
	assert_int_equal(trace.rank, RANK_MEMBER);
	trace_fini(&trace);
	trace_find(den.room, ANN, &trace);
	assert_int_equal(trace.rank, RANK_OWNER);
	assert_int_equal(trace.facts.owner, ANN);
	trace_fini(&trace);
	trace_fini(&trace);
	den_close(&den);
}

/* Not what is for others, for many, or for words. */
static void only_what_is_about_the_user_is_found(void **state)
{
	struct trace trace;
	struct den den;

	den_open(&den, *state);
	den_must_pass(&den, ANN, SANCTION_QUIET, "user3", "2h loud");
	den_must_pass(&den, ANN, SANCTION_BAN, "user4", "for good");
	den_must_pass(&den, ANN, SANCTION_BAN, "user3*!*@*.far.cloak",
		      "a mask");
	den_must_pass(&den, ANN, SANCTION_REFUSE, "literal:user3", NULL);
	trace_find(den.room, CLEO, &trace);
	assert_int_equal(trace.count, 1);
	assert_int_equal(trace.sanctions[0].kind, SANCTION_QUIET);
	assert_string_equal(trace.sanctions[0].reason, "loud");
	trace_fini(&trace);
	den_close(&den);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_HALL(of_a_stranger_there_is_none),
		IN_HALL(only_what_is_about_the_user_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
