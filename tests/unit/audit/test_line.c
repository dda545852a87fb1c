#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/line.h"
#include "base/attr.h"

/* 2026-11-20 20:14:05.123 UTC */
#define MOMENT INT64_C(1795205645123)
#define BEGIN                                                                  \
	"2026-11-20T20:14:05.123Z seq=7 action=room.ban actor=ann "            \
	"user=3 session=- address=- room=- target="

static const struct line_case {
	const char *name;
	const char *target;
	const char *detail;
	const char *want;
} line_cases[] = {
	{ "nothing", "", "", BEGIN "- outcome=ok detail=-\n" },
	{ "a dash is no nothing", "-", "",
	  BEGIN "\"-\" outcome=ok detail=-\n" },
	{ "a mask", "*!guest@*.example", "2h spam",
	  BEGIN "*!guest@*.example outcome=ok detail=\"2h spam\"\n" },
	{ "no second field", "x", "outcome=ok",
	  BEGIN "x outcome=ok detail=\"outcome=ok\"\n" },
	{ "quotes", "x", "a \"b\" \\",
	  BEGIN "x outcome=ok detail=\"a \\\"b\\\" \\\\\"\n" },
	{ "no second line", "x", "a\nb\r\x1b[2J\x7f\xc2\x85 \xe2\x80\xae",
	  BEGIN "x outcome=ok detail=\"a?b??[2J??? ???\"\n" },
	{ "no broken character", "x", "\xc3", BEGIN "x outcome=ok detail=?\n" },
	{ "an umlaut", "x", "\xc3\xa4",
	  BEGIN "x outcome=ok detail=\xc3\xa4\n" },
};

static void is_one_line(void **state)
{
	struct audit_record record = { .sequence = 7, .time_ms = MOMENT };

	(void)state;
	AUDIT_SET(record.entry.action, "room.ban");
	AUDIT_SET(record.entry.actor, "ann");
	AUDIT_SET(record.entry.outcome, "ok");
	record.entry.user = 3;
	for (size_t i = 0; i < COUNT(line_cases); i++) {
		const struct line_case *c = &line_cases[i];
		struct buf line = { 0 };

		AUDIT_SET(record.entry.target, c->target);
		AUDIT_SET(record.entry.detail, c->detail);
		audit_print_line(&record, &line);
		assert_string_equal(buf_text(&line), c->want);
		assert_int_equal(
			audit_line_sequence(buf_at(&line), buf_len(&line)), 7);
		buf_fini(&line);
	}
}

static void the_longest_fields_fit(void **state)
{
	struct audit_record record = { .sequence = UINT64_MAX,
				       .time_ms = INT64_MAX };
	struct buf line = { 0 };

	(void)state;
	memset(record.entry.detail, '"', AUDIT_DETAIL - 1);
	memset(record.entry.target, '=', AUDIT_TARGET - 1);
	audit_print_line(&record, &line);
	assert_ptr_equal(memchr(buf_at(&line), '\n', buf_len(&line)),
			 buf_at(&line) + buf_len(&line) - 1);
	buf_fini(&line);
}

static const char *const no_lines[] = {
	"",
	"Z seq=",
	"Z seq=7",
	"2026-11-20T20:14:05.123Z seq= action=x",
	"2026-11-20T20:14:05.123Z seq=- action=x",
	"2026-11-20T20:14:05.123Z seq=99999999999999999999999 action=x",
	"2026-11-20T20:14:05.123Z action=x seq=7 ",
	"something else",
};

static void what_is_no_line_has_no_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(no_lines); i++)
		assert_int_equal(
			audit_line_sequence(no_lines[i], strlen(no_lines[i])),
			0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_one_line),
		cmocka_unit_test(the_longest_fields_fit),
		cmocka_unit_test(what_is_no_line_has_no_number),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
