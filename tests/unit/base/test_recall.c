#include "base/recall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"

static struct recall *recall;

static int set_up(void **state)
{
	(void)state;
	recall = recall_new(16, sizeof(uint64_t));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	recall_free(&recall);
	return 0;
}

static void keep(const char *key, size_t len, uint64_t value)
{
	recall_keep(recall, recall_begin(recall), key, len, &value);
}

static void assert_found(const char *key, size_t len, uint64_t want)
{
	uint64_t value = 0;

	assert_true(recall_find(recall, key, len, &value));
	assert_int_equal(value, want);
}

static bool is_there(const char *key, size_t len)
{
	uint64_t value;

	return recall_find(recall, key, len, &value);
}

static void what_was_kept_is_found(void **state)
{
	(void)state;
	assert_false(is_there("ann", 3));
	keep("ann", 3, 7);
	assert_found("ann", 3, 7);
	assert_false(is_there("an", 2));
	assert_false(is_there("anna", 4));
	keep("ann", 3, 8);
	assert_found("ann", 3, 8);
}

static void nothing_is_found_after_a_change(void **state)
{
	(void)state;
	keep("ann", 3, 7);
	recall_forget(recall);
	assert_false(is_there("ann", 3));
	keep("ann", 3, 9);
	assert_found("ann", 3, 9);
}

/* What was read before a change may be what is so no more. */
static void who_was_reading_keeps_nothing(void **state)
{
	uint64_t begun = recall_begin(recall);
	uint64_t old = 7;

	(void)state;
	recall_forget(recall);
	recall_keep(recall, begun, "ann", 3, &old);
	assert_false(is_there("ann", 3));
}

/* More than fit: some are gone, none is wrong. */
static void it_is_bounded(void **state)
{
	unsigned found = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		recall_keep(recall, recall_begin(recall), &i, sizeof(i), &i);
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t value;

		if (!recall_find(recall, &i, sizeof(i), &value))
			continue;
		assert_int_equal(value, i);
		found++;
	}
	assert_in_range(found, 1, 16);
	assert_true(is_there((const char *)&(uint64_t){ 999 }, 8));
}

/* Keys that share a part of their hash do not drive each other out at once. */
static void most_of_what_fits_is_there(void **state)
{
	struct recall *large = recall_new(1 << 12, sizeof(uint64_t));
	unsigned found = 0;
	uint64_t value;

	(void)state;
	for (uint64_t i = 0; i < 1 << 11; i++)
		recall_keep(large, recall_begin(large), &i, sizeof(i), &i);
	for (uint64_t i = 0; i < 1 << 11; i++)
		found += recall_find(large, &i, sizeof(i), &value);
	recall_free(&large);
	assert_in_range(found, (1 << 11) * 90 / 100, 1 << 11);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_was_kept_is_found),
		CASE(nothing_is_found_after_a_change),
		CASE(who_was_reading_keeps_nothing),
		CASE(it_is_bounded),
		CASE(most_of_what_fits_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
