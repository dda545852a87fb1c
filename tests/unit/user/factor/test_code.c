#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "user/factor/code.h"

static const struct read_case {
	const char *name;
	const char *text;
	const char *want; /* NULL: it is none */
} read_cases[] = {
	{ "six digits", "123456", "123456" },
	{ "as apps show them", "123 456", "123456" },
	{ "with a hyphen, and spaces around", " 123-456 ", "123456" },
	{ "nothing", "", NULL },
	{ "spaces", "   ", NULL },
	{ "five digits", "12345", NULL },
	{ "seven digits", "1234567", NULL },
	{ "six, and one is a letter", "12345a", NULL },
	{ "digits of another script", "\331\241\331\242\331\243", NULL },
	{ "a recovery code", "ABCD-EFGH-IJKL-MN27", "ABCDEFGHIJKLMN27" },
	{ "of small letters", "abcdefghijklmn27", "ABCDEFGHIJKLMN27" },
	{ "as somebody reads it", "0bcd 1fgh 8jkl mn27", "OBCDIFGHBJKLMN27" },
	{ "with a digit that is none", "9BCD-EFGH-IJKL-MN27", NULL },
	{ "with another character", "ABCD-EFGH-IJKL-MN2+", NULL },
	{ "too short", "ABCD-EFGH-IJKL-MN2", NULL },
	{ "too long", "ABCD-EFGH-IJKL-MN277", NULL },
	{ "a space more", "ABCD-EFGH-IJKL-MN27 ", "ABCDEFGHIJKLMN27" },
};

static void both_kinds_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(read_cases); i++) {
		const struct read_case *c = &read_cases[i];
		struct code code = { .text = "before" };

		print_message("# %s\n", c->name);
		assert_int_equal(code_read(c->text, &code), c->want != NULL);
		assert_string_equal(code.text,
				    c->want != NULL ? c->want : "before");
		if (c->want != NULL)
			assert_int_equal(code.is_recovery,
					 strlen(c->want) == CODE_LETTERS);
	}
}

static void sheets_are_read_again(void **state)
{
	struct code_sheet sheet;
	struct code_sheet other;
	struct code code;

	(void)state;
	code_make_sheet(&sheet);
	code_make_sheet(&other);
	for (size_t i = 0; i < CODE_SHEET; i++) {
		assert_true(code_read(sheet.codes[i], &code));
		assert_true(code.is_recovery);
		for (size_t j = 0; j < CODE_SHEET; j++) {
			assert_string_not_equal(sheet.codes[i], other.codes[j]);
			if (i != j)
				assert_string_not_equal(sheet.codes[i],
							sheet.codes[j]);
		}
	}
}

static void hashes_are_the_users_own(void **state)
{
	struct code code = { .is_recovery = true, .text = "ABCDEFGHIJKLMN27" };
	uint8_t one[DIGEST_BYTES];
	uint8_t two[DIGEST_BYTES];

	(void)state;
	code_hash(1, &code, one);
	code_hash(2, &code, two);
	assert_memory_not_equal(one, two, sizeof(one));
	code_hash(1, &code, two);
	assert_memory_equal(one, two, sizeof(one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_kinds_are_read),
		cmocka_unit_test(sheets_are_read_again),
		cmocka_unit_test(hashes_are_the_users_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
