#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "client/line.h"

static const struct parse_case {
	const char *text;
	enum line_kind kind;
	const char *room;
	const char *name;
	const char *code;
	const char *words;
} parse_cases[] = {
	{ "[lobby] ann: hello", LINE_MESSAGE, "lobby", "ann", "", "hello" },
	{ "[den] 20:14 ann: hello", LINE_MESSAGE, "den", "ann", "", "hello" },
	{ "[den] 2026-11-19 20:14 ann: hi", LINE_MESSAGE, "den", "ann", "",
	  "hi" },
	{ "[lobby] ann: -- bob joined", LINE_MESSAGE, "lobby", "ann", "",
	  "-- bob joined" },
	{ "[lobby] * ann waves", LINE_ACTION, "lobby", "ann", "", "waves" },
	{ "[lobby] 20:14 * ann waves", LINE_ACTION, "lobby", "ann", "",
	  "waves" },
	{ "[lobby] -- bob joined", LINE_EVENT, "lobby", "bob", "", "joined" },
	{ "[lobby] -- 12 people joined", LINE_EVENT, "lobby", "", "",
	  "12 people joined" },
	{ "ann -> you: psst", LINE_PRIVATE, "", "ann", "", "psst" },
	{ "-- Welcome, ann.", LINE_ANSWER, "", "", "", "Welcome, ann." },
	{ "-- ", LINE_ANSWER, "", "", "", "" },
	{ "~~ ann paid you", LINE_NOTICE, "", "", "", "ann paid you" },
	{ "!! bad-login You have 2 attempts left.", LINE_REFUSAL, "", "",
	  "bad-login", "You have 2 attempts left." },
	{ "!! busy", LINE_REFUSAL, "", "", "busy", "" },
	{ "== ok", LINE_END, "", "", "ok", "" },
	{ "== error not-found", LINE_END, "", "", "not-found", "" },
	{ "== error", LINE_END, "", "", "", "" },
	{ "==", LINE_OTHER, "", "", "", "==" },
	{ " == ok", LINE_OTHER, "", "", "", " == ok" },
	{ "", LINE_OTHER, "", "", "", "" },
	{ "Welcome to Rialto", LINE_OTHER, "", "", "", "Welcome to Rialto" },
	{ "[lobby", LINE_OTHER, "", "", "", "[lobby" },
	{ "[lobby]", LINE_OTHER, "", "", "", "[lobby]" },
	{ "[9] ann: hi", LINE_OTHER, "", "", "", "[9] ann: hi" },
	{ "[lobby] no colon", LINE_OTHER, "", "", "", "[lobby] no colon" },
	{ "ann -> ", LINE_OTHER, "", "", "", "ann -> " },
};

static bool span_equals(struct span s, const char *want)
{
	return s.len == strlen(want) && (s.len == 0 || span_is(s, want));
}

static void test_takes_lines_apart(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		struct line line;

		line_parse(c->text, &line);
		assert_int_equal(line.is_replayed,
				 strstr(c->text, "] 20") != NULL);
		if (line.kind != c->kind || !span_equals(line.room, c->room) ||
		    !span_equals(line.name, c->name) ||
		    !span_equals(line.code, c->code) ||
		    strcmp(line.words, c->words) != 0)
			fail_msg("'%s': kind %d, words '%s'", c->text,
				 line.kind, line.words);
	}
}

static void test_cuts_lines(void **state UNUSED)
{
	AUTO(buf_fini) struct buf in = { 0 }, text = { 0 };

	assert_false(line_take(&in, &text));
	buf_add_text(&in, "one\r\n\ntw");
	assert_true(line_take(&in, &text));
	assert_string_equal(buf_text(&text), "one");
	assert_true(line_take(&in, &text));
	assert_string_equal(buf_text(&text), "");
	assert_false(line_take(&in, &text));
	buf_add_text(&in, "o\x1b\n");
	assert_true(line_take(&in, &text));
	assert_string_equal(buf_text(&text), "two\xef\xbf\xbd");
	assert_int_equal(buf_len(&in), 0);
}

static void test_cuts_a_line_without_end(void **state UNUSED)
{
	AUTO(buf_fini) struct buf in = { 0 }, text = { 0 };

	memset(buf_reserve(&in, LINE_MOST + 3), 'x', LINE_MOST + 3);
	buf_added(&in, LINE_MOST - 1);
	assert_false(line_take(&in, &text));
	buf_added(&in, 4);
	assert_true(line_take(&in, &text));
	assert_int_equal(buf_len(&text), LINE_MOST);
	assert_false(line_take(&in, &text));
	assert_int_equal(buf_len(&in), 3);
}

static const struct name_case {
	const char *text;
	size_t want;
} name_cases[] = {
	{ "ann", 3 },
	{ "ann-2_x: hi", 7 },
	{ "2ann", 0 },
	{ "-ann", 0 },
	{ "", 0 },
	{ "\xc3\xa4nn", 0 },
	{ "abcdefghijklmnopqrstuvwxyzabcdef", 32 },
	{ "abcdefghijklmnopqrstuvwxyzabcdefg", 0 },
};

static void test_finds_names(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(name_cases); i++)
		assert_int_equal(line_name(name_cases[i].text).len,
				 name_cases[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_lines_apart),
		cmocka_unit_test(test_cuts_lines),
		cmocka_unit_test(test_cuts_a_line_without_end),
		cmocka_unit_test(test_finds_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
