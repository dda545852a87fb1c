#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"

#define NOT_UTF8 "bytes that are not UTF-8"
#define CONTROL "control characters"
#define DISGUISE "characters that reorder or hide text"

static const struct flaw_case {
	const char *text;
	size_t len;
	const char *want;  /* NULL: it may pass */
	const char *clean; /* as text_clean() leaves it; NULL: the same */
} flaw_cases[] = {
#define T(text) text, sizeof(text) - 1
	{ T(""), NULL, NULL },
	{ T("plain"), NULL, NULL },
	{ T("gr\303\274n"), NULL, NULL },
	{ T("\342\202\254 \360\237\221\215"), NULL, NULL },
	{ T("\303\274\t"), CONTROL, "\303\274?" },
	{ T("a\0b"), CONTROL, "a?b" },
	{ T("\r\n"), CONTROL, "??" },
	{ T("\033[31m"), CONTROL, "?[31m" },
	{ T("\037"), CONTROL, "?" },
	{ T(" ~"), NULL, NULL },
	{ T("\177"), CONTROL, "?" },
	/* C1: U+0080 and U+009F, but not U+00A0. */
	{ T("\302\200"), CONTROL, "??" },
	{ T("\302\237"), CONTROL, "??" },
	{ T("\302\240"), NULL, NULL },
	/* Ends of the ranges that RFC 3629 allows. */
	{ T("\337\277"), NULL, NULL },
	{ T("\340\240\200"), NULL, NULL },
	{ T("\355\237\277"), NULL, NULL },
	{ T("\356\200\200"), NULL, NULL },
	{ T("\357\277\275"), NULL, NULL },
	{ T("\360\220\200\200"), NULL, NULL },
	{ T("\364\217\277\275"), NULL, NULL },
	/* Longer than need be. */
	{ T("\300\200"), NOT_UTF8, "??" },
	{ T("\301\277"), NOT_UTF8, "??" },
	{ T("\340\237\277"), NOT_UTF8, "???" },
	{ T("\360\217\277\277"), NOT_UTF8, "????" },
	/* Surrogates, and beyond U+10FFFF. */
	{ T("\355\240\200"), NOT_UTF8, "???" },
	{ T("\355\277\277"), NOT_UTF8, "???" },
	{ T("\364\220\200\200"), NOT_UTF8, "????" },
	{ T("\365\200\200\200"), NOT_UTF8, "????" },
	/* Cut, and out of place. */
	{ T("\303"), NOT_UTF8, "?" },
	{ T("\303("), NOT_UTF8, "?(" },
	{ T("\342\202"), NOT_UTF8, "??" },
	{ T("\360\237\221"), NOT_UTF8, "???" },
	{ T("\342\202x"), NOT_UTF8, "??x" },
	{ T("\200"), NOT_UTF8, "?" },
	{ T("x\277y"), NOT_UTF8, "x?y" },
	{ T("\376\377"), NOT_UTF8, "??" },
	/* U+2028, 2029, 202A, 202E, 2066, 2069, FEFF and their neighbours. */
	{ T("\342\200\247"), NULL, NULL },
	{ T("\342\200\250"), DISGUISE, "???" },
	{ T("\342\200\251"), DISGUISE, "???" },
	{ T("\342\200\252"), DISGUISE, "???" },
	{ T("ab\342\200\256cd"), DISGUISE, "ab???cd" },
	{ T("\342\200\257"), NULL, NULL },
	{ T("\342\201\245"), NULL, NULL },
	{ T("\342\201\246"), DISGUISE, "???" },
	{ T("\342\201\251"), DISGUISE, "???" },
	{ T("\342\201\252"), NULL, NULL },
	{ T("\357\273\277x"), DISGUISE, "???x" },
	/* The first flaw is the one that is named; all are cleaned. */
	{ T("\377\001"), NOT_UTF8, "??" },
	{ T("\001\377\342\200\256"), CONTROL, "?????" },
#undef T
};

static void flaws_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(flaw_cases); i++) {
		const struct flaw_case *c = &flaw_cases[i];
		const char *got = text_flaw(c->text, c->len);

		if (c->want == NULL)
			assert_null(got);
		else
			assert_string_equal(got, c->want);
	}
}

static void flaws_are_cleaned(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(flaw_cases); i++) {
		const struct flaw_case *c = &flaw_cases[i];
		const char *want = c->clean != NULL ? c->clean : c->text;
		char text[32];

		memcpy(text, c->text, c->len);
		text_clean(text, c->len);
		assert_memory_equal(text, want, c->len);
		assert_null(text_flaw(text, c->len));
	}
}

static const struct name_case {
	const char *name;
	int is_valid;
} name_cases[] = {
	{ "a", 1 },
	{ "Zoe", 1 },
	{ "a-b_c9", 1 },
	{ "abcdefghijabcdefghijabcdefghij12", 1 },
	{ "abcdefghijabcdefghijabcdefghij123", 0 },
	{ "abcdefghijabcdefghijabcdefghij12!", 0 },
	{ "", 0 },
	{ "9a", 0 },
	{ "-a", 0 },
	{ "_a", 0 },
	{ "a b", 0 },
	{ "a.b", 0 },
	{ "a/b", 0 },
	{ "a:b", 0 },
	{ "a\n", 0 },
	{ "@a", 0 },
	{ "[a", 0 },
	{ "`a", 0 },
	{ "{a", 0 },
	{ "\303\274ber", 0 },
	{ "caf\303\251", 0 },
};

static void names_follow_the_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(name_cases); i++)
		assert_int_equal(name_is_valid(name_cases[i].name),
				 name_cases[i].is_valid);
}

static const struct compare_case {
	const char *a;
	const char *b;
	int sign;
} compare_cases[] = {
	{ "", "", 0 },       { "ann", "ANN", 0 },     { "ann", "anna", -1 },
	{ "Ben", "ann", 1 }, { "a_b", "A-B", 1 },     { "Z", "a", 1 },
	{ "a[", "A{", -1 },  { "a", "\303\274", -1 },
};

static void names_compare_without_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(compare_cases); i++) {
		const struct compare_case *c = &compare_cases[i];
		int ab = name_compare(c->a, c->b);
		int ba = name_compare(c->b, c->a);

		assert_int_equal((ab > 0) - (ab < 0), c->sign);
		assert_int_equal((ba > 0) - (ba < 0), -c->sign);
	}
}

static void keys_are_lower_case(void **state)
{
	char key[NAME_MOST + 1];

	(void)state;
	name_key("Ann-B_9", key);
	assert_string_equal(key, "ann-b_9");
	name_key("", key);
	assert_string_equal(key, "");
	name_key("ABCDEFGHIJABCDEFGHIJABCDEFGHIJ1234", key);
	assert_string_equal(key, "");
	name_key("ABCDEFGHIJABCDEFGHIJABCDEFGHIJ12", key);
	assert_string_equal(key, "abcdefghijabcdefghijabcdefghij12");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flaws_are_named),
		cmocka_unit_test(flaws_are_cleaned),
		cmocka_unit_test(names_follow_the_rule),
		cmocka_unit_test(names_compare_without_case),
		cmocka_unit_test(keys_are_lower_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
