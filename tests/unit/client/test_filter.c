#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "client/filter.h"

#define R "\xef\xbf\xbd"

static const struct filter_case {
	const char *name;
	const char *bytes;
	const char *want;
} filter_cases[] = {
	{ "plain text", "hello, ann", "hello, ann" },
	{ "nothing", "", "" },
	{ "wide text", "gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0 \xf0\x9f\x8d\x95",
	  "gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0 \xf0\x9f\x8d\x95" },
	{ "an escape sequence", "\x1b[31mred\x1b]0;title\x07",
	  R "[31mred" R "]0;title" R },
	{ "a carriage return", "one\rtwo", "one" R "two" },
	{ "a line feed", "one\ntwo", "one" R "two" },
	{ "a tab", "one\ttwo", "one two" },
	{ "DEL and backspace", "a\x7f\x08", "a" R R },
	{ "C1 as UTF-8",
	  "\xc2\x9b"
	  "31m",
	  R "31m" },
	{ "C1 as a byte",
	  "\x9b"
	  "31m",
	  R "31m" },
	{ "a byte that is not UTF-8",
	  "a\xff"
	  "b",
	  "a" R "b" },
	{ "a sequence that is cut", "a\xe4\xbd", "a" R R },
	{ "overlong", "\xc0\xaf", R R },
	{ "a surrogate", "\xed\xa0\x80", R R R },
	{ "above Unicode", "\xf4\x90\x80\x80", R R R R },
	{ "text turned around",
	  "\xe2\x80\xae"
	  "evil",
	  R "evil" },
	{ "a line separator",
	  "\xe2\x80\xa8"
	  "x",
	  R "x" },
	{ "a byte order mark",
	  "\xef\xbb\xbf"
	  "x",
	  R "x" },
};

static void test_filters(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(filter_cases); i++) {
		const struct filter_case *c = &filter_cases[i];
		AUTO(buf_fini) struct buf out = { 0 };

		filter_text(c->bytes, strlen(c->bytes), &out);
		if (strcmp(buf_text(&out), c->want) != 0)
			fail_msg("%s: '%s'", c->name, buf_text(&out));
	}
}

static void test_every_byte_is_safe(void **state UNUSED)
{
	char bytes[3] = { 'a', 0, 'b' };

	for (int i = 0; i < 256; i++) {
		AUTO(buf_fini) struct buf out = { 0 };

		bytes[1] = (char)i;
		filter_text(bytes, sizeof(bytes), &out);
		assert_null(text_flaw(buf_at(&out), buf_len(&out)));
		assert_int_equal(buf_at(&out)[0], 'a');
		assert_int_equal(buf_at(&out)[buf_len(&out) - 1], 'b');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_every_byte_is_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
