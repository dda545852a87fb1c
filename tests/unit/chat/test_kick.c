#include "chat/sanction/kick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "den.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static void a_kick_is_for_once(void **state)
{
	struct hall *h = *state;
	struct den den;
	struct actor ben;
	struct actor cleo;

	den_open(&den, h);
	ben = den_actor(&den, BEN, 0);
	cleo = den_actor(&den, CLEO, 0);
	assert_int_equal(kick_give(h->chat, &cleo, den.room, "user4", "", NULL),
			 ERR_NOT_ALLOWED);
	assert_int_equal(kick_give(h->chat, &ben, den.room, "user1", "", NULL),
			 ERR_RANK);
	assert_int_equal(kick_give(h->chat, &ben, den.room, "user2", "", NULL),
			 ERR_BAD_INPUT);
	assert_int_equal(kick_give(h->chat, &ben, den.room, "user5", "", NULL),
			 ERR_NO_SUCH_USER);
	assert_string_equal(hall_hears(h, 0), "");
	assert_int_equal(
		kick_give(h->chat, &ben, den.room, "user3", "rude", NULL),
		ERR_OK);
	assert_string_equal(hall_hears(h, 0), "kicked den user2 user3: rude;");
	assert_false(den_has(&den, CLEO));
	/* The next login does not bring the person back by itself. */
	hall_go(h, &den.people[CLEO], 1);
	den_come(&den, CLEO);
	assert_false(den_has(&den, CLEO));
	assert_int_equal(den_join(&den, CLEO), ERR_OK);
	den_close(&den);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(a_kick_is_for_once),
	};

	return cmocka_run_group_tests_name("kick", tests, NULL, NULL);
}
