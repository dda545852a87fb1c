#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void fresh_buf_is_empty(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_int_equal(buf_len(&b), 0);
	assert_null(buf_at(&b));
	buf_take(&b, 0);
	buf_add(&b, "", 0);
	assert_null(buf_at(&b));
	assert_string_equal(buf_text(&b), "");
	buf_fini(&b);
	assert_null(buf_at(&b));
}

static void what_is_added_is_taken_in_order(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_add(&b, "one ", 4);
	buf_add_text(&b, "two ");
	buf_add_char(&b, '3');
	buf_print(&b, " %s %d", "four", 5);
	assert_string_equal(buf_text(&b), "one two 3 four 5");
	buf_take(&b, 4);
	assert_string_equal(buf_text(&b), "two 3 four 5");
	assert_int_equal(buf_len(&b), 12);
	buf_cut(&b, 3);
	assert_string_equal(buf_text(&b), "two");
	buf_take(&b, 3);
	assert_int_equal(buf_len(&b), 0);
	buf_add_text(&b, "again");
	buf_reset(&b);
	assert_string_equal(buf_text(&b), "");
	buf_fini(&b);
}

static void text_ends_behind_what_is_there(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	/* Fill the memory to the brim: the NUL must find room of its own. */
	memset(buf_reserve(&b, 128), 'x', 128);
	buf_added(&b, 128);
	assert_int_equal(strlen(buf_text(&b)), 128);
	assert_int_equal(buf_len(&b), 128);
	buf_fini(&b);
}

static void printing_grows_as_needed(void **state)
{
	char word[1000];
	struct buf b;

	(void)state;
	buf_init(&b);
	memset(word, 'y', sizeof(word));
	for (int len = 0; len < (int)sizeof(word); len++) {
		buf_reset(&b);
		buf_print(&b, "<%.*s>", len, word);
		assert_int_equal(buf_len(&b), len + 2);
		assert_int_equal(buf_text(&b)[len + 1], '>');
	}
	buf_fini(&b);
}

/* A queue that is filled and taken from in odd steps keeps every byte. */
static void bytes_survive_any_pattern(void **state)
{
	struct buf b;
	uint8_t put = 0;
	uint8_t got = 0;

	(void)state;
	buf_init(&b);
	for (size_t i = 0; i < 3000; i++) {
		size_t add = i * 7919 % 301;
		size_t take;

		for (char *at = buf_reserve(&b, add); add > 0; add--) {
			*at++ = (char)put++;
			buf_added(&b, 1);
		}
		take = i * 104729 % (buf_len(&b) + 1);
		for (size_t j = 0; j < take; j++)
			assert_int_equal((uint8_t)buf_at(&b)[j], got++);
		buf_take(&b, take);
	}
	buf_fini(&b);
}

/* Taking as fast as adding must not make the memory grow without end. */
static void memory_stays_bounded(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_add_text(&b, "a little that is never taken");
	for (int i = 0; i < 100000; i++) {
		memset(buf_reserve(&b, 100), 'z', 100);
		buf_added(&b, 100);
		buf_take(&b, 100);
	}
	assert_true(b.room <= 1024);
	buf_fini(&b);
}

static void wiped_buf_is_usable(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_wipe(&b);
	buf_add_text(&b, "secret");
	buf_wipe(&b);
	assert_int_equal(buf_len(&b), 0);
	buf_add_text(&b, "new");
	assert_string_equal(buf_text(&b), "new");
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_buf_is_empty),
		cmocka_unit_test(what_is_added_is_taken_in_order),
		cmocka_unit_test(text_ends_behind_what_is_there),
		cmocka_unit_test(printing_grows_as_needed),
		cmocka_unit_test(bytes_survive_any_pattern),
		cmocka_unit_test(memory_stays_bounded),
		cmocka_unit_test(wiped_buf_is_usable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
