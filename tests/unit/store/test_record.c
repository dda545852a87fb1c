#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/record.h"

static void write_one(struct buf *b)
{
	record_begin(b, 3);
	record_put_u8(b, 0xfe);
	record_put_u32(b, 0x01020304);
	record_put_u64(b, UINT64_MAX);
	record_put_i64(b, INT64_MIN);
	record_put_text(b, "gr\xc3\xbc\xc3\x9f");
	record_put_text(b, "");
}

static void reads_what_was_written(void **state)
{
	AUTO(buf_fini) struct buf b;
	struct record_reader r;
	char text[8];

	(void)state;
	buf_init(&b);
	write_one(&b);
	record_open(&r, buf_at(&b), buf_len(&b));
	assert_int_equal(r.version, 3);
	assert_int_equal(record_get_u8(&r), 0xfe);
	assert_int_equal(record_get_u32(&r), 0x01020304);
	assert_true(record_get_u64(&r) == UINT64_MAX);
	assert_true(record_get_i64(&r) == INT64_MIN);
	assert_false(record_close(&r)); /* the texts are left */
	record_get_text(&r, text, sizeof(text));
	assert_string_equal(text, "gr\xc3\xbc\xc3\x9f");
	record_get_text(&r, text, sizeof(text));
	assert_string_equal(text, "");
	assert_true(record_close(&r));
}

static void bytes_are_in_order(void **state)
{
	static const uint8_t want[] = { 1, 0, 0, 1, 2, 0, 2, 'h', 'i' };
	AUTO(buf_fini) struct buf b;

	(void)state;
	buf_init(&b);
	record_begin(&b, 1);
	record_put_u32(&b, 258);
	record_put_text(&b, "hi");
	assert_int_equal(buf_len(&b), sizeof(want));
	assert_memory_equal(buf_at(&b), want, sizeof(want));
}

/* Every shorter piece of a record is bad, and reading it harms nobody. */
static void refuses_every_truncation(void **state)
{
	AUTO(buf_fini) struct buf b;

	(void)state;
	buf_init(&b);
	write_one(&b);
	for (size_t len = 0; len < buf_len(&b); len++) {
		uint8_t *copy = test_malloc(len + 1);
		struct record_reader r;
		char text[8];

		memcpy(copy, buf_at(&b), len);
		record_open(&r, copy, len);
		(void)record_get_u8(&r);
		(void)record_get_u32(&r);
		(void)record_get_u64(&r);
		(void)record_get_i64(&r);
		record_get_text(&r, text, sizeof(text));
		record_get_text(&r, text, sizeof(text));
		assert_string_equal(text, "");
		assert_false(record_close(&r));
		test_free(copy);
	}
}

static const struct text_case {
	const char *name;
	const char *bytes;
	size_t len;
	bool want;
	const char *text;
} text_cases[] = {
	{ "fits exactly", "\1\0\3abc", 6, true, "abc" },
	{ "one byte too long", "\1\0\4abcd", 7, false, "" },
	{ "longer than what is left", "\1\0\3ab", 5, false, "" },
	{ "longer than anything",
	  "\1\xff\xff"
	  "ab",
	  5, false, "" },
	{ "half a length", "\1\0", 2, false, "" },
	{ "a NUL inside", "\1\0\3a\0b", 6, false, "" },
	{ "something left over", "\1\0\3abcd", 7, false, "abc" },
	{ "nothing at all", "", 0, false, "" },
};

static void judges_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(text_cases); i++) {
		const struct text_case *c = &text_cases[i];
		char text[4] = "xyz";
		struct record_reader r;

		record_open(&r, c->bytes, c->len);
		record_get_text(&r, text, sizeof(text));
		if (record_close(&r) != c->want || strcmp(text, c->text) != 0)
			fail_msg("%s: \"%s\"", c->name, text);
	}
}

static void after_a_bad_field_all_is_empty(void **state)
{
	/* The text claims more than there is; a number would still fit. */
	static const uint8_t bytes[] = { 1, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8 };
	char text[32];
	struct record_reader r;

	(void)state;
	record_open(&r, bytes, sizeof(bytes));
	record_get_text(&r, text, sizeof(text));
	assert_true(r.is_bad);
	assert_int_equal(record_get_u64(&r), 0);
	assert_int_equal(record_get_u8(&r), 0);
	assert_false(record_close(&r));
}

static const uint64_t ordered[] = {
	0,
	1,
	127,
	128,
	255,
	256,
	65535,
	65536,
	1ULL << 32,
	INT64_MAX,
	UINT64_MAX - 1,
	UINT64_MAX,
};

static void keys_sort_as_numbers(void **state)
{
	uint8_t low[RECORD_KEY_PAIR];
	uint8_t high[RECORD_KEY_PAIR];

	(void)state;
	for (size_t i = 0; i + 1 < COUNT(ordered); i++) {
		record_key(ordered[i], low);
		record_key(ordered[i + 1], high);
		assert_true(memcmp(low, high, RECORD_KEY) < 0);
		assert_true(record_key_number(low) == ordered[i]);
		/* The first number counts most. */
		record_key_pair(ordered[i], UINT64_MAX, low);
		record_key_pair(ordered[i + 1], 0, high);
		assert_true(memcmp(low, high, RECORD_KEY_PAIR) < 0);
		record_key_pair(7, ordered[i], low);
		record_key_pair(7, ordered[i + 1], high);
		assert_true(memcmp(low, high, RECORD_KEY_PAIR) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_was_written),
		cmocka_unit_test(bytes_are_in_order),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(judges_texts),
		cmocka_unit_test(after_a_bad_field_all_is_empty),
		cmocka_unit_test(keys_sort_as_numbers),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
