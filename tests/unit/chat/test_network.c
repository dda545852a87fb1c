#include "chat/network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const struct text_case {
	const char *text;
	const char *want; /* NULL: refused */
	bool is_wide;
} text_cases[] = {
	{ "192.0.2.7", "192.0.2.7", false },
	{ "192.0.2.7/32", "192.0.2.7", false },
	{ "192.0.2.7/24", "192.0.2.0/24", false },
	{ "192.0.2.7/20", "192.0.0.0/20", false },
	{ "192.0.2.7/16", "192.0.0.0/16", false },
	{ "192.0.2.7/15", "192.0.0.0/15", true },
	{ "0.0.0.0/0", "0.0.0.0/0", true },
	{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", false },
	{ "2001:db8::1/128", "2001:db8::1/128", false },
	{ "2001:DB8:ffff::/33", "2001:db8:8000::/33", false },
	{ "2001:db8::/32", "2001:db8::/32", false },
	{ "2001:db8::/31", "2001:db8::/31", true },
	{ "::/0", "::/0", true },
	{ "::/64", "::/64", true }, /* all of IPv4 */
	{ "::1", "::/64", true },
	{ "::ffff:192.0.2.7", "192.0.2.7", false },
	{ "::ffff:192.0.2.7/120", "192.0.2.0/24", false },
	{ "::ffff:0:0/96", "0.0.0.0/0", true },
	{ "", NULL, false },
	{ "local", NULL, false },
	{ "ann", NULL, false },
	{ "192.0.2", NULL, false },
	{ "192.0.2.256", NULL, false },
	{ "192.0.2.7/33", NULL, false },
	{ "192.0.2.7/", NULL, false },
	{ "192.0.2.7/-1", NULL, false },
	{ "192.0.2.7/8/8", NULL, false },
	{ "192.0.2.7 ", NULL, false },
	{ "2001:db8::/129", NULL, false },
	{ "2001:db8::g", NULL, false },
	{ "*", NULL, false },
	{ "1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:1:2:3",
	  NULL, false },
};

static void networks_are_read_and_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(text_cases); i++) {
		const struct text_case *c = &text_cases[i];
		struct network network;
		struct network again;
		char text[NETWORK_TEXT];

		print_message("# %s\n", c->text);
		assert_int_equal(network_parse(c->text, &network),
				 c->want != NULL);
		if (c->want == NULL)
			continue;
		network_print(&network, text);
		assert_string_equal(text, c->want);
		assert_int_equal(network_is_wide(&network), c->is_wide);
		assert_true(network_parse(text, &again));
		assert_memory_equal(&again, &network, sizeof(network));
	}
}

static const struct has_case {
	const char *outer;
	const char *address;
	bool want;
} has_cases[] = {
	{ "192.0.2.7", "192.0.2.7", true },
	{ "192.0.2.7", "192.0.2.8", false },
	{ "192.0.2.0/24", "192.0.2.255", true },
	{ "192.0.2.0/24", "192.0.3.0", false },
	{ "192.0.2.0/25", "192.0.2.128", false },
	{ "192.0.2.0/24", "::ffff:192.0.2.9", true },
	{ "2001:db8::/32", "192.0.2.9", false },
	{ "2001:db8::7", "2001:db8::1234:5678", true },
	{ "2001:db8::7", "2001:db8:0:1::7", false },
	{ "2001:db8::7/128", "2001:db8::7", true },
	{ "2001:db8::7/128", "2001:db8::6", false },
};

static void networks_have_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(has_cases); i++) {
		const struct has_case *c = &has_cases[i];
		struct network outer;
		struct network inner;

		print_message("# %s in %s\n", c->address, c->outer);
		assert_true(network_parse(c->outer, &outer));
		assert_true(network_parse_address(c->address, &inner));
		assert_int_equal(network_has(&outer, &inner), c->want);
	}
}

static void networks_are_widened_and_never_narrowed(void **state)
{
	struct network network;
	char text[NETWORK_TEXT];

	(void)state;
	assert_true(network_parse_address("192.0.2.7", &network));
	network_widen(&network, 24, 48);
	network_print(&network, text);
	assert_string_equal(text, "192.0.2.0/24");
	network_widen(&network, 32, 48);
	network_print(&network, text);
	assert_string_equal(text, "192.0.2.0/24");
	assert_true(network_parse_address("2001:db8:1:2::7", &network));
	network_widen(&network, 24, 48);
	network_print(&network, text);
	assert_string_equal(text, "2001:db8:1::/48");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_are_read_and_written),
		cmocka_unit_test(networks_have_addresses),
		cmocka_unit_test(networks_are_widened_and_never_narrowed),
	};

	return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
