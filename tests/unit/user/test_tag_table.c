#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "user/tag_table.h"

static int *touch(struct tag_table *table, const char *first,
		  const char *second)
{
	int *value = tag_table_touch(table, first, second);

	assert_non_null(value);
	return value;
}

static void finds_what_was_touched(void **state)
{
	struct tag_table *table = tag_table_new(64, sizeof(int));

	(void)state;
	assert_null(tag_table_find(table, "ann", "a"));
	assert_int_equal(*touch(table, "ann", "a"), 0);
	*touch(table, "ann", "a") = 7;
	assert_int_equal(*(int *)tag_table_find(table, "ann", "a"), 7);
	assert_int_equal(*touch(table, "ann", "a"), 7);
	tag_table_drop(table, "ann", "a");
	assert_null(tag_table_find(table, "ann", "a"));
	assert_int_equal(*touch(table, "ann", "a"), 0);
	tag_table_drop(table, "nobody", "");
	tag_table_free(&table);
	assert_null(table);
	tag_table_free(&table);
}

static void keeps_pairs_apart(void **state)
{
	struct tag_table *table = tag_table_new(64, sizeof(int));

	(void)state;
	*touch(table, "ab", "c") = 1;
	*touch(table, "a", "bc") = 2;
	*touch(table, "abc", "") = 3;
	*touch(table, "", "abc") = 4;
	assert_int_equal(*touch(table, "ab", "c"), 1);
	assert_int_equal(*touch(table, "a", "bc"), 2);
	assert_int_equal(*touch(table, "abc", ""), 3);
	assert_int_equal(*touch(table, "", "abc"), 4);
	tag_table_free(&table);
}

/* With one bucket it is known who shares it. */
static void the_oldest_makes_room(void **state)
{
	struct tag_table *table = tag_table_new(1, sizeof(int));

	(void)state;
	*touch(table, "a", "") = 1;
	*touch(table, "b", "") = 2;
	*touch(table, "c", "") = 3;
	*touch(table, "d", "") = 4;
	touch(table, "a", "");
	assert_int_equal(*touch(table, "e", ""), 0);
	assert_null(tag_table_find(table, "b", ""));
	assert_int_equal(*(int *)tag_table_find(table, "a", ""), 1);
	assert_int_equal(*(int *)tag_table_find(table, "c", ""), 3);
	assert_int_equal(*(int *)tag_table_find(table, "d", ""), 4);
	tag_table_free(&table);
}

static void what_was_dropped_makes_room_first(void **state)
{
	struct tag_table *table = tag_table_new(1, sizeof(int));

	(void)state;
	*touch(table, "a", "") = 1;
	*touch(table, "b", "") = 2;
	*touch(table, "c", "") = 3;
	*touch(table, "d", "") = 4;
	tag_table_drop(table, "d", "");
	touch(table, "e", "");
	assert_int_equal(*(int *)tag_table_find(table, "a", ""), 1);
	tag_table_free(&table);
}

/* How many of the same texts survive differs with the key of each table. */
static void buckets_cannot_be_foreseen(void **state)
{
	enum { TEXTS = 256 };
	char survivors[2][TEXTS + 1] = { { 0 } };

	(void)state;
	for (int t = 0; t < 2; t++) {
		struct tag_table *table = tag_table_new(32, sizeof(int));
		char text[16];

		for (int i = 0; i < TEXTS; i++) {
			snprintf(text, sizeof(text), "%d", i);
			touch(table, text, "");
		}
		for (int i = 0; i < TEXTS; i++) {
			snprintf(text, sizeof(text), "%d", i);
			survivors[t][i] =
				tag_table_find(table, text, "") ? '1' : '0';
		}
		tag_table_free(&table);
	}
	assert_string_not_equal(survivors[0], survivors[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_touched),
		cmocka_unit_test(keeps_pairs_apart),
		cmocka_unit_test(the_oldest_makes_room),
		cmocka_unit_test(what_was_dropped_makes_room_first),
		cmocka_unit_test(buckets_cannot_be_foreseen),
	};

	return cmocka_run_group_tests_name("tag_table", tests, NULL, NULL);
}
