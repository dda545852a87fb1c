#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "joke/origin.h"

static const struct origin_case {
	const char *url;
	const char *flaw;
	const char *host;
	const char *port;
} cases[] = {
	{ "http://example.org/x", NULL, "example.org", "80" },
	{ "HTTPS://example.org", NULL, "example.org", "443" },
	{ "http://127.1:7170/?a#b", NULL, "127.0.0.1", "7170" },
	{ "http://[::1]:7170", NULL, "[::1]", "7170" },
	{ "file:///etc/passwd", "is neither http nor https", NULL, NULL },
	{ "ftp://example.org/", "is neither http nor https", NULL, NULL },
	{ "javascript://example.org/", "is neither http nor https", NULL,
	  NULL },
	{ "http://a@example.org/", "holds a name or password", NULL, NULL },
	{ "http://:b@example.org/", "holds a name or password", NULL, NULL },
	{ "example.org", "is none", NULL, NULL },
	{ "http:", "is none", NULL, NULL },
	{ "http://exa mple.org/", "is none", NULL, NULL },
	{ "http://example.org:99999/", "is none", NULL, NULL },
	{ "", "is none", NULL, NULL },
};

static void test_finds_the_server(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct origin_case *c = &cases[i];
		struct origin o;
		const char *flaw = origin_parse(c->url, &o);

		if (c->flaw != NULL) {
			assert_non_null(flaw);
			assert_string_equal(flaw, c->flaw);
		} else {
			assert_null(flaw);
			assert_string_equal(o.host, c->host);
			assert_string_equal(o.port, c->port);
		}
		origin_fini(&o);
	}
}

static bool is_same(const char *one, const char *other)
{
	struct origin a, b;
	bool same;

	assert_null(origin_parse(one, &a));
	assert_null(origin_parse(other, &b));
	same = origin_is_same(&a, &b);
	origin_fini(&a);
	origin_fini(&b);
	return same;
}

static void test_compares_host_and_port(void **state UNUSED)
{
	assert_true(is_same("http://Example.org/a", "http://example.org:80/b"));
	assert_true(is_same("http://127.0.0.1/", "http://2130706433/"));
	assert_false(is_same("http://example.org/", "https://example.org/"));
	assert_false(is_same("http://example.org/", "http://example.org:81/"));
	assert_false(is_same("http://localhost/", "http://127.0.0.1/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_the_server),
		cmocka_unit_test(test_compares_host_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
