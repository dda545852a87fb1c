#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "crypto/base64url.h"

/* RFC 4648, section 10, without the padding; RFC 7515, appendix C. */
static const struct base64url_case {
	const char *bytes;
	const char *text;
} base64url_cases[] = {
	{ "", "" },
	{ "f", "Zg" },
	{ "fo", "Zm8" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg" },
	{ "fooba", "Zm9vYmE" },
	{ "foobar", "Zm9vYmFy" },
	{ "\x03\xec\xff\xe0\xc1", "A-z_4ME" },
};

static void is_as_in_the_rfcs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(base64url_cases); i++) {
		const struct base64url_case *c = &base64url_cases[i];
		size_t len = strlen(c->bytes);
		size_t text_len = strlen(c->text);
		char text[16];
		char bytes[16];

		assert_int_equal(BASE64URL_TEXT(len), text_len);
		assert_int_equal(BASE64URL_BYTES(text_len), len);
		base64url_write(c->bytes, len, text);
		assert_memory_equal(text, c->text, text_len);
		assert_true(base64url_read(c->text, text_len, bytes));
		assert_memory_equal(bytes, c->bytes, len);
	}
}

static void every_byte_comes_back(void **state)
{
	uint8_t bytes[256];
	uint8_t again[256];
	struct buf text = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	for (size_t from = 0; from < 3; from++) {
		size_t len = sizeof(bytes) - from;

		buf_reset(&text);
		base64url_add(&text, bytes + from, len);
		assert_true(base64url_read_exactly(buf_at(&text),
						   buf_len(&text), again, len));
		assert_memory_equal(again, bytes + from, len);
	}
	buf_fini(&text);
}

/* Of four characters, whichever is wrong; and only 64 bytes are right. */
static void nothing_else_is_a_digit(void **state)
{
	(void)state;
	for (size_t at = 0; at < 4; at++) {
		size_t right = 0;

		for (int c = 0; c < 256; c++) {
			char text[4] = { 'A', 'A', 'A', 'A' };
			uint8_t bytes[3];

			text[at] = (char)c;
			right += base64url_read(text, sizeof(text), bytes);
		}
		assert_int_equal(right, 64);
	}
}

static void refuses_what_nobody_writes(void **state)
{
	static const char *const wrong[] = {
		"A",     "Zg==", "Zg=",  "Zg\n",   " Zg",
		"Z g",   "Zh",   "Zm9",  "Zm8=",   "Zm9v ",
		"Zm9vA", "Zm+v", "Zm/v", "Zm9vYh", "Zm9v\r\n",
	};
	uint8_t bytes[16];

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (base64url_read(wrong[i], strlen(wrong[i]), bytes))
			fail_msg("\"%s\" was read", wrong[i]);
	assert_false(base64url_read_exactly("Zm9v", 4, bytes, 2));
	assert_false(base64url_read_exactly("Zm9v", 4, bytes, 4));
	assert_false(base64url_read_exactly("", 0, bytes, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_as_in_the_rfcs),
		cmocka_unit_test(every_byte_comes_back),
		cmocka_unit_test(nothing_else_is_a_digit),
		cmocka_unit_test(refuses_what_nobody_writes),
	};

	return cmocka_run_group_tests_name("base64url", tests, NULL, NULL);
}
