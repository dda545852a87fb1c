#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rialto/address.h"

static const struct address_case {
	const char *text;
	const char *user;
	const char *host;
	const char *port;
	const char *whole;
} address_cases[] = {
	{ "example.org", NULL, "example.org", "7170", "example.org:7170" },
	{ "Example.ORG:99", NULL, "example.org", "99", "example.org:99" },
	{ "Ann@example.org", "Ann", "example.org", "7170", "example.org:7170" },
	{ "ann@127.0.0.1:7171", "ann", "127.0.0.1", "7171", "127.0.0.1:7171" },
	{ "[::1]", NULL, "::1", "7170", "[::1]:7170" },
	{ "ann@[fe80::1%eth0]:65535", "ann", "fe80::1%eth0", "65535",
	  "[fe80::1%eth0]:65535" },
	{ "host:07170", NULL, "host", "7170", "host:7170" },
};

static const char *const wrong[] = {
	"",          "@host",
	"ann@",      "host:",
	"host:0",    "host:65536",
	"host:x",    "::1",
	"[::1",      "[]",
	"[::1]x",    "[::1]:",
	"ho st",     "ho\nst",
	"a n@host",  "a\n/quit@host",
	"\xff@host", "ann@h\xc3\xb6st",
};

static void test_takes_addresses_apart(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(address_cases); i++) {
		const struct address_case *c = &address_cases[i];
		struct address a;

		assert_null(address_parse(c->text, &a));
		if (c->user == NULL)
			assert_null(a.user);
		else
			assert_string_equal(a.user, c->user);
		assert_string_equal(a.host, c->host);
		assert_string_equal(a.port, c->port);
		assert_string_equal(a.text, c->whole);
		address_fini(&a);
	}
}

static void test_refuses_others(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct address a;

		if (address_parse(wrong[i], &a) == NULL)
			fail_msg("'%s' is taken", wrong[i]);
		assert_null(a.host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_addresses_apart),
		cmocka_unit_test(test_refuses_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
