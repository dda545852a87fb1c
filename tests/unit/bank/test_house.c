/* That the fixture itself stands: a bank opens, pays, and is there again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "house.h"

static void test_opens(void **state)
{
	struct house *h = *state;
	user_id ann = house_user(h, "ann");
	user_id ben = house_user(h, "ben");
	account_id a = house_account(h, ann, "");
	account_id b = house_account(h, ben, "");

	house_fund(h, a, 1000);
	assert_int_equal(house_pay(h, ann, a, b, 300), ERR_OK);
	house_restart(h);
	assert_int_equal(house_posted(h, a), 700);
	assert_int_equal(house_posted(h, b), 300);
	house_assert_balanced(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_opens, house_set_up,
						house_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
