#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/mention.h"

static const struct word_case {
	const char *text;
	const char *words; /* that may be names, by " " */
} word_cases[] = {
	{ "", "" },
	{ "ann", "ann" },
	{ "@Ann: hello, Ben!", "Ann hello Ben" },
	{ "(ann) [ann] <ann> \"ann\" 'ann' ann's",
	  "ann ann ann ann ann ann s" },
	{ "ann-marie ann_2 3ann ann3", "ann-marie ann_2 ann3" },
	{ "_ann_ --ann-- ann- -", "ann_ ann ann-- ann ann- ann" },
	{ "ann...ben;cleo/dan", "ann ben cleo dan" },
	{ "j\xc3\xb6"
	  "ann ann\xc3\xa9 \xc3\xa9 ann",
	  "ann" },
	{ "\xc2\xab"
	  "ann\xc2\xbb \xe2\x80\x9c"
	  "ben\xe2\x80\x9d cleo\xe2\x80\xa6",
	  "ann ben cleo" },
	{ "ann\xf0\x9f\x91\x8b ben\xe3\x81\x95\xe3\x82\x93", "ann ben" },
	{ "ann\xe2\x80", "ann" },
	{ "ann\xc3", "" },
	{ "\x80 ann", "ann" },
	{ "abcdefghijabcdefghijabcdefghijab",
	  "abcdefghijabcdefghijabcdefghijab" },
	{ "abcdefghijabcdefghijabcdefghijabc ann", "ann" },
	{ "ann------------------------------------- ben", "ann ben" },
};

static void words_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(word_cases); i++) {
		const struct word_case *c = &word_cases[i];
		AUTO(buf_fini) struct buf words = { 0 };
		struct mention_cursor cursor;
		struct mention m;

		mention_begin(&cursor, c->text, strlen(c->text));
		while (mention_next(&cursor, &m)) {
			buf_print(&words, "%s%.*s",
				  buf_len(&words) > 0 ? " " : "", (int)m.len,
				  m.name);
			assert_int_equal(m.hash, mention_hash(m.name, m.len));
		}
		assert_string_equal(buf_text(&words), c->words);
	}
}

static const struct has_case {
	const char *text;
	const char *name;
	bool has;
} has_cases[] = {
	{ "hello ANN", "ann", true },   { "hello ann", "Ann", true },
	{ "hello _ann_", "ann", true }, { "hello _ann_", "ann_", true },
	{ "hello ann_", "ann", true },  { "hello joanna", "ann", false },
	{ "hello anne", "ann", false }, { "hello ann-marie", "ann", false },
	{ "hello", "ann", false },
};

static void a_name_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(has_cases); i++) {
		const struct has_case *c = &has_cases[i];

		assert_int_equal(mention_has(c->text, strlen(c->text), c->name),
				 c->has);
	}
}

static void case_does_not_matter(void **state)
{
	(void)state;
	assert_int_equal(mention_hash("Ann-Marie_2", 11),
			 mention_hash("aNN-mARIE_2", 11));
	assert_int_not_equal(mention_hash("ann", 3), mention_hash("anm", 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found),
		cmocka_unit_test(a_name_is_found),
		cmocka_unit_test(case_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
