#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct parse_case {
	const char *text;
	int family; /* 0: refused */
	const char *host;
	const char *site;
	bool is_local;
} parse_cases[] = {
	{ "127.0.0.1:7170", AF_INET, "127.0.0.1", "127.0.0.1", true },
	{ "127.9.9.9:1", AF_INET, "127.9.9.9", "127.9.9.9", true },
	{ "192.0.2.7:65535", AF_INET, "192.0.2.7", "192.0.2.7", false },
	{ "0.0.0.0:80", AF_INET, "0.0.0.0", "0.0.0.0", false },
	{ "[::1]:7170", AF_INET6, "::1", "::/64", true },
	{ "[2001:db8:1:2:3:4:5:6]:7170", AF_INET6, "2001:db8:1:2:3:4:5:6",
	  "2001:db8:1:2::/64", false },
	{ "[::ffff:192.0.2.7]:1", AF_INET6, "192.0.2.7", "192.0.2.7", false },
	{ "[::ffff:127.0.0.1]:1", AF_INET6, "127.0.0.1", "127.0.0.1", false },
	{ "*:7170", AF_INET6, "::", "::/64", false },
	{ "unix:/run/x.sock", AF_UNIX, "local", "local", true },
	{ "unix:x.sock", AF_UNIX, "local", "local", true },
	{ "", 0, NULL, NULL, false },
	{ "7170", 0, NULL, NULL, false },
	{ ":7170", 0, NULL, NULL, false },
	{ "127.0.0.1", 0, NULL, NULL, false },
	{ "127.0.0.1:", 0, NULL, NULL, false },
	{ "127.0.0.1:65536", 0, NULL, NULL, false },
	{ "127.0.0.1:-1", 0, NULL, NULL, false },
	{ "127.0.0.1:80x", 0, NULL, NULL, false },
	{ "127.0.0.256:80", 0, NULL, NULL, false },
	{ "::1:7170", 0, NULL, NULL, false },
	{ "[::1]7170", 0, NULL, NULL, false },
	{ "[127.0.0.1]:80", 0, NULL, NULL, false },
	{ "[]:80", 0, NULL, NULL, false },
	{ "[::1:80", 0, NULL, NULL, false },
	{ "localhost:80", 0, NULL, NULL, false },
	{ "[2001:0db8:0001:0002:0003:0004:0005:0006:0007:0008:0009:000a:1]:1",
	  0, NULL, NULL, false },
	{ "unix:", 0, NULL, NULL, false },
};

static void addresses_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		AUTO(buf_fini) struct buf why = { 0 };
		char text[ADDRESS_TEXT];
		struct address a;

		print_message("# %s\n", c->text);
		if (c->family == 0) {
			assert_false(address_parse(c->text, "/f", &a, &why));
			assert_true(buf_len(&why) > 0);
			continue;
		}
		assert_true(address_parse(c->text, "/f", &a, &why));
		assert_int_equal(a.storage.ss_family, c->family);
		assert_int_equal(address_is_unix(&a), c->family == AF_UNIX);
		assert_int_equal(address_is_local(&a), c->is_local);
		address_print_host(&a, text);
		assert_string_equal(text, c->host);
		address_print_site(&a, text);
		assert_string_equal(text, c->site);
	}
}

static void ports_are_in_network_order(void **state)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;
	struct address a;

	(void)state;
	assert_true(address_parse("127.0.0.1:7170", "", &a, NULL));
	memcpy(&in, &a.storage, sizeof(in));
	assert_int_equal(ntohs(in.sin_port), 7170);
	assert_int_equal(a.len, sizeof(in));
	assert_true(address_parse("[::1]:7170", "", &a, NULL));
	memcpy(&in6, &a.storage, sizeof(in6));
	assert_int_equal(ntohs(in6.sin6_port), 7170);
	assert_int_equal(a.len, sizeof(in6));
}

static void unix_paths_start_at_the_folder(void **state)
{
	AUTO(buf_fini) struct buf why = { 0 };
	struct sockaddr_un un;
	struct address a;
	char text[200] = "unix:/";

	(void)state;
	assert_true(address_parse("unix:run/x", "/folder", &a, &why));
	memcpy(&un, &a.storage, sizeof(un));
	assert_string_equal(un.sun_path, "/folder/run/x");
	memset(text + 6, 'x', 106);
	assert_true(address_parse(text, "/folder", &a, &why));
	text[6 + 106] = 'x';
	assert_false(address_parse(text, "/folder", &a, &why));
	assert_string_equal(buf_text(&why),
			    "its path must have 1 to 107 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_or_refused),
		cmocka_unit_test(ports_are_in_network_order),
		cmocka_unit_test(unix_paths_start_at_the_folder),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
