#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/attr.h"
#include "joke/reach.h"

static const struct reach_case {
	const char *address;
	bool want;
} cases[] = {
	{ "1.1.1.1", true },
	{ "9.255.255.255", true },
	{ "100.63.255.255", true },
	{ "100.128.0.0", true },
	{ "126.255.255.255", true },
	{ "128.0.0.0", true },
	{ "172.15.255.255", true },
	{ "172.32.0.0", true },
	{ "192.167.255.255", true },
	{ "192.169.0.0", true },
	{ "198.20.0.0", true },
	{ "223.255.255.255", true },
	{ "0.0.0.0", false },
	{ "0.1.2.3", false },
	{ "10.0.0.1", false },
	{ "100.64.0.0", false },
	{ "100.127.255.255", false },
	{ "127.0.0.1", false },
	{ "127.255.255.255", false },
	{ "169.254.169.254", false },
	{ "172.16.0.0", false },
	{ "172.31.255.255", false },
	{ "192.0.0.8", false },
	{ "192.0.2.1", false },
	{ "192.88.99.1", false },
	{ "192.168.255.255", false },
	{ "198.18.0.0", false },
	{ "198.19.255.255", false },
	{ "198.51.100.1", false },
	{ "203.0.113.1", false },
	{ "224.0.0.1", false },
	{ "240.0.0.1", false },
	{ "255.255.255.255", false },
	{ "2606:4700::1111", true },
	{ "2001:4860:4860::8888", true },
	{ "2a00::1", true },
	{ "::", false },
	{ "::1", false },
	{ "::7f00:1", false },
	{ "::ffff:127.0.0.1", false },
	{ "::ffff:192.168.0.1", false },
	{ "::ffff:1.1.1.1", true },
	{ "64:ff9b::127.0.0.1", false },
	{ "64:ff9b::10.0.0.1", false },
	{ "64:ff9b::1.1.1.1", true },
	{ "64:ff9b:1::1.1.1.1", false },
	{ "2002:7f00:1::", false },
	{ "2002:0a00:1::1", false },
	{ "2002:0101:0101::1", true },
	{ "2001::1", false },
	{ "2001:db8::1", false },
	{ "3fff::1", false },
	{ "100::1", false },
	{ "fc00::1", false },
	{ "fd12:3456::1", false },
	{ "fe80::1", false },
	{ "fec0::1", false },
	{ "ff02::1", false },
	{ "4000::1", false },
};

static bool is_public(const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return reach_is_public((const struct sockaddr *)&in);
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return reach_is_public((const struct sockaddr *)&in6);
}

static void test_knows_what_is_public(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (is_public(cases[i].address) != cases[i].want)
			fail_msg("%s", cases[i].address);
	}
}

static void test_other_families_are_not(void **state UNUSED)
{
	struct sockaddr_storage other = { .ss_family = AF_UNIX };

	assert_false(reach_is_public((const struct sockaddr *)&other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_knows_what_is_public),
		cmocka_unit_test(test_other_families_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
