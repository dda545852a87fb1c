#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void memory_of_no_size_is_memory(void **state)
{
	void *blocks[4];

	(void)state;
	blocks[0] = mem_zero(0);
	blocks[1] = mem_alloc(0);
	blocks[2] = mem_array(0, 8);
	blocks[3] = mem_resize(NULL, 0);
	for (int i = 0; i < 4; i++) {
		assert_non_null(blocks[i]);
		mem_free(blocks[i]);
	}
	mem_free(NULL);
}

static void zeroed_memory_is_zero(void **state)
{
	static const char zero[64];
	char *one = mem_zero(64);
	char *many = mem_array(8, 8);

	(void)state;
	assert_memory_equal(one, zero, 64);
	assert_memory_equal(many, zero, 64);
	mem_free(one);
	mem_free(many);
}

static void texts_are_copied(void **state)
{
	char from[] = "abc";
	char *text = mem_text(from);
	char *bytes = mem_copy(from, 2);
	char *printed = mem_print("%s-%d", from, 7);

	(void)state;
	from[0] = 'x';
	assert_string_equal(text, "abc");
	assert_memory_equal(bytes, "ab", 2);
	assert_string_equal(printed, "abc-7");
	assert_null(mem_text(NULL));
	mem_free_text(&text);
	assert_null(text);
	mem_free_text(&text);
	mem_free(bytes);
	mem_free(printed);
}

static void wiping_overwrites(void **state)
{
	char secret[8] = "1234567";

	(void)state;
	mem_wipe(secret, 4);
	assert_memory_equal(secret,
			    "\0\0\0\0"
			    "567",
			    8);
	mem_wipe(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_of_no_size_is_memory),
		cmocka_unit_test(zeroed_memory_is_zero),
		cmocka_unit_test(texts_are_copied),
		cmocka_unit_test(wiping_overwrites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
