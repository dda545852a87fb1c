#include "front/atm/terminals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "front/atm/settings.h"

#define CORNER "SHA256:+/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnc"
#define YARD "0101010101010101010101010101010101010101010101010101010101010101"

static char corner[] = CORNER;
static char yard[] = YARD;
static char cash_corner[] = "cash:corner";
static char cash_yard[] = "cash:yard";

static void change(struct terminals *terminals,
		   struct terminal_settings *settings, size_t count)
{
	const struct conf_list list = { settings, count };

	terminals_change(terminals, &list);
}

static void terminals_are_found(void **state)
{
	struct terminals *terminals = terminals_new();
	struct terminal_settings settings[] = { { corner, cash_corner },
						{ yard, cash_yard } };
	uint8_t digest[DIGEST_BYTES];
	char account[HOUSE_NAME] = "as before";

	(void)state;
	memset(digest, 1, sizeof(digest));
	assert_false(terminals_find(terminals, digest, account));
	change(terminals, settings, 2);
	assert_true(terminals_find(terminals, digest, account));
	assert_string_equal(account, "cash:yard");
	digest[0] = 0xfb;
	assert_false(terminals_find(terminals, digest, account));
	assert_string_equal(account, "cash:yard");
	change(terminals, settings, 1);
	memset(digest, 1, sizeof(digest));
	assert_false(terminals_find(terminals, digest, account));
	change(terminals, NULL, 0);
	assert_false(terminals_find(terminals, digest, account));
	terminals_free(&terminals);
	assert_null(terminals);
	terminals_free(&terminals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terminals_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
