#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rialto/identities.h"

#define A "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define B "SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"

static const struct know_case {
	const char *name;
	const char *text;
	const char *host;
	const char *want; /* NULL: not known */
} know_cases[] = {
	{ "an empty file", "", "host", NULL },
	{ "another port", "host:7170 " A "\n", "host", "host:7170" },
	{ "any host", "x:1 " B "\nhost:7170 " A "\r\n", NULL, "host:7170" },
	{ "IPv6", "[::1]:7170 " A, "::1", "[::1]:7170" },
	{ "another host", "ahost:7170 " A "\n", "host", NULL },
	{ "the host before", "host:1:7170 " A "\n", "host", NULL },
	{ "another identity", "host:7170 " B "\n", "host", NULL },
	{ "no port", "host " A "\n", "host", NULL },
	{ "a comment", "# host:7170 " A "\n", "host", NULL },
	{ "more behind", "host:7170 " A " x\n", "host", NULL },
};

static void test_knows_an_identity(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(know_cases); i++) {
		const struct know_case *c = &know_cases[i];
		AUTO(buf_fini) struct buf whose = { 0 };

		if (identities_know(c->text, strlen(c->text), c->host, A,
				    &whose) != (c->want != NULL))
			fail_msg("%s", c->name);
		if (c->want != NULL)
			assert_string_equal(buf_text(&whose), c->want);
	}
}

static const struct parse_case {
	const char *text;
	const char *want; /* NULL: it is none */
} parse_cases[] = {
	{ A, A },
	{ A "=", A },
	{ "SHA256:++++////AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	  "SHA256:----____AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
	{ "", NULL },
	{ "SHA256:", NULL },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL },
	{ "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", NULL },
	{ "SHA256:AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA", NULL },
	{ A "A", NULL },
};

static void test_reads_what_people_paste(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		char identity[IDENTITY_TEXT] = "";

		if (identities_parse(c->text, identity) != (c->want != NULL))
			fail_msg("%s", c->text);
		assert_string_equal(identity, c->want != NULL ? c->want : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_knows_an_identity),
		cmocka_unit_test(test_reads_what_people_paste),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
