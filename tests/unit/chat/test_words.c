#include "chat/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "den.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static enum err set_topic(struct den *den, int who, const char *topic)
{
	struct actor by = den_actor(den, who, 0);

	return chat_set_topic(den->hall->chat, &by, den->room, topic, NULL);
}

static enum err may_be(struct den *den, int who, const char *name)
{
	return words_check_name(den->people[who], name, NULL);
}

static void who_is_silent_shows_nothing(void **state)
{
	struct den den;

	den_open(&den, *state);
	assert_int_equal(set_topic(&den, CLEO, "tea"), ERR_OK);
	assert_int_equal(may_be(&den, ZOE, "zara"), ERR_OK);
	den_must_pass(&den, BEN, SANCTION_QUIET, "user3", NULL);
	den_must_pass(&den, BEN, SANCTION_QUIET, "zoe", NULL);
	assert_int_equal(set_topic(&den, CLEO, "coffee"), ERR_QUIETED);
	assert_int_equal(set_topic(&den, CLEO, ""), ERR_QUIETED);
	assert_int_equal(may_be(&den, ZOE, "zara"), ERR_QUIETED);
	assert_int_equal(den_pardon(&den, BEN, SANCTION_QUIET, "user3"),
			 ERR_OK);
	assert_int_equal(set_topic(&den, CLEO, "coffee"), ERR_OK);
	den_close(&den);
}

static void what_is_filtered_is_not_shown(void **state)
{
	struct hall *h = *state;
	struct den den;

	den_open(&den, h);
	den_must_pass(&den, BEN, SANCTION_REFUSE, "literal:spam", NULL);
	den_must_pass(&den, BEN, SANCTION_HOLD, "literal:eggs", NULL);
	hall_hush(h);
	assert_int_equal(set_topic(&den, CLEO, "all about spam"), ERR_FILTERED);
	assert_int_equal(may_be(&den, ZOE, "Spam"), ERR_FILTERED);
	assert_string_equal(hall_hears(h, 0), "");
	assert_int_equal(set_topic(&den, CLEO, "eggs"), ERR_HELD);
	assert_string_equal(hall_hears(h, 0), "held den user3 user1: eggs;");
	assert_int_equal(set_topic(&den, CLEO, "ham"), ERR_OK);
	assert_int_equal(set_topic(&den, BEN, "spam and eggs"), ERR_OK);
	den_close(&den);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(who_is_silent_shows_nothing),
		IN_HALL(what_is_filtered_is_not_shown),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
