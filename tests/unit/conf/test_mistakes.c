#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sample.h"

/* Every line of want follows "dir/t.yaml:". */
static const struct wrong_case {
	const char *text;
	const char *want;
} wrong_cases[] = {
	/* Ranges and units. */
	{ "bank:\n  currency:\n    scale: 9\n",
	  "3:12: bank.currency.scale is 9; it must be 0 to 8" },
	{ "bank: { currency: { scale: -1 } }",
	  "1:28: bank.currency.scale is -1; write a whole number" },
	{ "limits: { sessions: 0 }",
	  "1:21: limits.sessions is 0; it must be 1 to 1000, or auto" },
	{ "limits: { sessions: none }",
	  "1:21: limits.sessions is none; write a whole number, or auto" },
	{ "limits: { sessions: 99999999999999999999 }",
	  "1:21: limits.sessions is 99999999999999999999; write a whole "
	  "number, or auto" },
	{ "limits: { idle_timeout: 10 }",
	  "1:25: limits.idle_timeout is 10; write a duration such as 10s, 5m, "
	  "1h, 90d, or none" },
	{ "limits: { idle_timeout: 2h }",
	  "1:25: limits.idle_timeout is 2h; it must be 1s to 1h, or none" },
	{ "limits: { line: 4KB }",
	  "1:17: limits.line is 4KB; write a size such as 512, 64K, 8M" },
	{ "limits: { line: 1M }",
	  "1:17: limits.line is 1M; it must be 256 to 64K" },
	{ "limits: { flood: 10 }",
	  "1:18: limits.flood is 10; write a rate such as 60/1h, or none" },
	{ "limits: { flood: 101/1s }",
	  "1:18: limits.flood is 101/1s; it must be 0 to 100, or none" },
	{ "server: { open: yes }",
	  "1:17: server.open is yes; write true or false" },
	{ "server: { colour: pink }",
	  "1:19: server.colour is pink; it must be red, green or blue" },
	{ "server: { name: Serenissima }",
	  "1:17: server.name is Serenissima; it must be 1 to 8 bytes long" },
	{ "server: { name: \"\" }",
	  "1:17: server.name is empty; it must be 1 to 8 bytes long" },
	{ "server: { data: none }", NULL },
	/* Maps in a map that has values of its own. */
	{ "limits: { sessions: 5, night: { sessions: 1001 } }",
	  "1:43: limits.night.sessions is 1001; it must be 0 to 1000" },
	{ "limits: { night: { sesions: 5 } }",
	  "1:20: unknown setting limits.night.sesions; did you mean "
	  "limits.night.sessions?" },
	{ "limits: { nigth: {} }",
	  "1:11: unknown setting limits.nigth; did you mean limits.night?" },
	{ "limits: { night: { line: 4K } }",
	  "1:20: unknown setting limits.night.line; did you mean "
	  "limits.line?" },
	{ "limits: { night: 5 }",
	  "1:18: limits.night is 5; it must be a map such as "
	  "{ sessions: 10 }" },
	{ "limits: { night: {}, line: 4K, night: {} }",
	  "1:32: limits.night is given twice; keep this one or the one on "
	  "line 1" },
	/* Shapes. */
	{ "limits:\n  sessions:\n",
	  "2:12: limits.sessions is empty; write a whole number, or auto" },
	{ "limits: { sessions: { a: 1 } }",
	  "1:11: limits.sessions is a map; write a whole number, or auto" },
	{ "limits: { sessions: [ 1 ] }",
	  "1:11: limits.sessions is a list; write a whole number, or auto" },
	{ "limits: 5",
	  "1:9: limits is 5; it must be a map such as { sessions: 100 }" },
	{ "limits: [ 5 ]",
	  "1:1: limits is a list; it must be a map such as { sessions: 100 }" },
	{ "bank: 5", "1:7: bank is 5; it must be a map" },
	{ "hello", "1:1: the file is hello; it must be a map" },
	{ "[ a ]", "1:1: the file is a list; it must be a map" },
	{ "listeners: 5",
	  "1:12: listeners is 5; it must be a list of maps such as "
	  "[ { service: line } ]" },
	{ "listeners: { address: x }",
	  "1:1: listeners is a map; it must be a list of maps such as "
	  "[ { service: line } ]" },
	{ "listeners: [ x ]",
	  "1:14: listeners[0] is x; it must be a map such as "
	  "{ service: line }" },
	{ "listeners:\n  - { address: a }\n  - { service: atm }\n",
	  "3:5: listeners[1] has no address; add one" },
	{ "listeners:\n  - address: a\n    tls: maybe\n",
	  "3:10: listeners[0].tls is maybe; write true or false" },
	/* Names. */
	{ "limits: { sesions: 5 }",
	  "1:11: unknown setting limits.sesions; did you mean "
	  "limits.sessions?" },
	{ "limit: { sessions: 5 }",
	  "1:1: unknown setting limit; did you mean limits?" },
	{ "bank: { curency: {} }",
	  "1:9: unknown setting bank.curency; did you mean bank.currency?" },
	{ "sessions: 5",
	  "1:1: unknown setting sessions; did you mean limits.sessions?" },
	{ "nothing_like_it: 5",
	  "1:1: unknown setting nothing_like_it; remove it" },
	{ "listeners: [ { adress: a, address: a } ]",
	  "1:16: unknown setting listeners[0].adress; did you mean "
	  "listeners[0].address?" },
	{ "limits:\n  line: 4K\n  line: 5K\n",
	  "3:3: limits.line is given twice; keep this one or the one on "
	  "line 2" },
	{ "limits: {}\nlimits: {}\n",
	  "2:1: limits is given twice; keep this one or the one on line 1" },
	{ "listeners: [ { address: a, address: b } ]",
	  "1:28: listeners[0].address is given twice; keep this one or the "
	  "one on line 1" },
	{ "limits.sessions: 5",
	  "1:1: \"limits.sessions\" is no name; nest names, as a: { b: c }" },
	{ "bank.currency: { scale: 1 }",
	  "1:1: \"bank.currency\" is no name; nest names, as a: { b: c }" },
	{ "\"\": { limits: { sessions: 5 } }",
	  "1:1: \"\" is no name; nest names, as a: { b: c }" },
	/* Several at once, in the order of the lines. */
	{ "server: { open: 1 }\nlimits:\n  line: x\n  sesions: 5\n",
	  "1:17: server.open is 1; write true or false\n"
	  "3:9: limits.line is x; write a size such as 512, 64K, 8M\n"
	  "4:3: unknown setting limits.sesions; did you mean "
	  "limits.sessions?" },
	{ "limits: { line: x, sessions: 0 }\nserver: { open: 1 }\n",
	  "1:17: limits.line is x; write a size such as 512, 64K, 8M\n"
	  "1:30: limits.sessions is 0; it must be 1 to 1000, or auto\n"
	  "2:17: server.open is 1; write true or false" },
	/* What is no YAML, or more of it than settings need. */
	{ "limits: [ 1,\nserver: x\n",
	  "3:1: cannot be read: did not find expected ',' or ']', while "
	  "parsing a flow sequence that begins on line 1" },
	{ "limits:\n\tsessions: 5\n",
	  "2:1: cannot be read: there is a tab; indent with spaces" },
	{ "limits: { sessions: &a 5 }",
	  "1:21: anchors, aliases and tags are not supported; write the plain "
	  "value" },
	{ "limits: { sessions: !!int 5 }",
	  "1:21: anchors, aliases and tags are not supported; write the plain "
	  "value" },
	{ "limits: { sessions: *a }",
	  "1:21: anchors, aliases and tags are not supported; write the plain "
	  "value" },
	{ "limits: &a {}\nserver: *a\n",
	  "1:9: anchors, aliases and tags are not supported; write the plain "
	  "value" },
	{ "? { a: b }\n: c\n", "1:3: a name must stand before the colon" },
	{ "limits: {}\n---\nserver: {}\n",
	  "2:1: a second document begins here; write one" },
	{ "server: { name: \"a\\nb\" }",
	  "1:17: a setting may not hold control characters" },
	{ "server: { name: \"\\0\" }",
	  "1:17: a setting may not hold control characters" },
	{ "server: { name: \"\\u202e\" }",
	  "1:17: a setting may not hold characters that reorder or hide "
	  "text" },
	{ "a: {}\nserver: { name: \377 }",
	  "2:17: cannot be read: invalid leading UTF-8 octet; write UTF-8" },
	{ "x: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
	  "1:19: this is nested too deep" },
	{ "server: { name: "
	  "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffffff"
	  "\303\274gggg }",
	  "1:17: server.name is "
	  "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffffff?...; "
	  "it must be 1 to 8 bytes long" },
};

static void wrong_settings_are_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong_cases); i++) {
		const struct wrong_case *c = &wrong_cases[i];
		struct settings s;
		AUTO(mem_free_text) char *got = sample_parse(c->text, NULL, &s);
		AUTO(mem_free_text) char *want = NULL;

		if (c->want == NULL) {
			assert_null(got);
			conf_free(sample_schema, &s);
		} else {
			want = sample_complaints(c->want);
			assert_non_null(got);
			assert_string_equal(got, want);
		}
		assert_zero(&s);
	}
}

static void complaints_are_bounded(void **state)
{
	struct buf text;
	struct settings s;
	AUTO(mem_free_text) char *got = NULL;
	size_t lines = 0;

	(void)state;
	buf_init(&text);
	for (int i = 0; i < 250; i++)
		buf_print(&text, "x%d: 1\n", i);
	got = sample_parse(buf_text(&text), NULL, &s);
	assert_non_null(got);
	for (const char *at = got; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, 101);
	assert_non_null(strstr(got, "dir/t.yaml: 150 more mistakes\n"));
	buf_fini(&text);
}

static void values_are_bounded(void **state)
{
	struct buf text;
	struct settings s;
	AUTO(mem_free_text) char *got = NULL;

	(void)state;
	buf_init(&text);
	buf_add_text(&text, "listeners: [");
	for (int i = 0; i < 20000; i++)
		buf_add_text(&text, "a,");
	buf_add_text(&text, "]");
	got = sample_parse(buf_text(&text), NULL, &s);
	assert_non_null(got);
	assert_non_null(strstr(got, "there are too many values"));
	buf_fini(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_settings_are_explained),
		cmocka_unit_test(complaints_are_bounded),
		cmocka_unit_test(values_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
