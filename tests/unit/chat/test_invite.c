#include "chat/sanction/invite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "den.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static void an_invitation_is_for_once(void **state)
{
	struct hall *h = *state;
	struct den den;
	struct actor ben;
	struct actor eve;

	den_open(&den, h);
	den_come(&den, EVE);
	ben = den_actor(&den, BEN, 0);
	eve = den_actor(&den, EVE, 0);
	mutex_lock(&den.room->lock);
	modes_put(&den.room->facts.modes, MODE_INVITE_ONLY, 1, RANK_OWNER);
	mutex_unlock(&den.room->lock);
	assert_int_equal(den_join(&den, EVE), ERR_INVITE_ONLY);
	assert_int_equal(invite_give(h->chat, &eve, den.room, "user5", NULL),
			 ERR_NOT_ALLOWED);
	assert_int_equal(invite_give(h->chat, &ben, den.room, "user4", NULL),
			 ERR_EXISTS);
	assert_int_equal(invite_give(h->chat, &ben, den.room, "no", NULL),
			 ERR_NO_SUCH_USER);
	hall_hush(h);
	assert_int_equal(invite_give(h->chat, &ben, den.room, "user5", NULL),
			 ERR_OK);
	assert_string_equal(hall_hears(h, 1),
			    "notice user5: user2 invites you to den: "
			    "/join den;");
	assert_int_equal(den_join(&den, EVE), ERR_OK);
	assert_int_equal(chat_leave(h->chat, den.people[EVE], den.room),
			 ERR_OK);
	assert_int_equal(den_join(&den, EVE), ERR_INVITE_ONLY);
	den_must_pass(&den, BEN, SANCTION_ADMIT, "user5", NULL);
	assert_int_equal(den_join(&den, EVE), ERR_OK);
	assert_int_equal(chat_leave(h->chat, den.people[EVE], den.room),
			 ERR_OK);
	assert_int_equal(den_join(&den, EVE), ERR_OK);
	den_close(&den);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(an_invitation_is_for_once),
	};

	return cmocka_run_group_tests_name("invite", tests, NULL, NULL);
}
