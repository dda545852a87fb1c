#include "base/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <unistr.h>

#include "base/attr.h"

static const struct fold_case {
	const char *text;
	const char *want;
} fold_cases[] = {
	{ "", "" },
	{ "Plain TEXT, 1st", "plain text, 1st" },
	{ "ÄRGER", "arger" },
	{ "e\xcc\x81", "e" },
	{ "STRAßE STRASSE", "strasse strasse" },
	{ "ΣΑΣ σας", "σασ σασ" },
	{ "ПРИВЕТ", "привет" },
	{ "ＷＩＤＥ １", "wide 1" },
	{ "ﬁx Ⓢⓟⓐⓜ 𝓢𝓹𝓪𝓶", "fix spam spam" },
	{ "s\xe2\x80\x8bp\xc2\xad\xef\xbb\xbf"
	  "am",
	  "spam" },
	{ "a\xc2\xa0"
	  "b",
	  "a b" },
	{ "世界 👩", "世界 👩" },
	{ "\xe2\xa0\x80\xe3\x85\xa4", " " },
};

static void text_is_folded(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fold_cases); i++) {
		const struct fold_case *c = &fold_cases[i];
		char folded[512];
		size_t len = fold_text(c->text, strlen(c->text), folded);

		print_message("# %s\n", c->text);
		folded[len] = '\0';
		assert_string_equal(folded, c->want);
	}
}

/* None grows by more than is promised, and what is folded stays so. */
static void every_character_is_bounded(void **state)
{
	enum { SURROGATES = 0xd800, BEHIND = 0xe000, ALL = 0x110000 };

	(void)state;
	for (ucs4_t c = 0; c < ALL; c++) {
		uint8_t text[6];
		char once[128];
		char twice[FOLD_GROWTH * sizeof(once)];
		size_t text_len;
		size_t len;

		if (c >= SURROGATES && c < BEHIND)
			continue;
		text_len = (size_t)u8_uctomb(text, c, sizeof(text));
		len = fold_text((char *)text, text_len, once);
		assert_true(len <= FOLD_GROWTH * text_len);
		assert_int_equal(fold_text(once, len, twice), len);
		assert_memory_equal(once, twice, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_folded),
		cmocka_unit_test(every_character_is_bounded),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
