#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "user/quota.h"

static bool take(struct quota *quota)
{
	int64_t wait_s;

	return quota_take(quota, "10.0.0.1", &wait_s);
}

static const struct rate_case {
	const char *name;
	struct rate rate;
	int64_t wait_s; /* after the last of count */
} rate_cases[] = {
	{ "one a second", { 1, 1 }, 1 },
	{ "the default of registrations", { 60, 3600 }, 60 },
	{ "the default of floods", { 10, 10 }, 1 },
	{ "uneven", { 7, 10 }, 2 },
	{ "one a year", { 1, 365 * 86400 }, 365 * 86400 },
	{ "many a second", { 1000, 1 }, 1 },
	{ "a million an hour", { 100000, 3600 }, 1 },
	{ "a period beyond any clock", { 1, INT64_MAX }, 315360000 },
};

static void count_at_once_then_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rate_cases); i++) {
		const struct rate_case *c = &rate_cases[i];
		struct quota *quota = quota_new(c->rate);
		int64_t wait_s = 0;

		print_message("# %s\n", c->name);
		for (int64_t n = 0; n < c->rate.count; n++)
			assert_true(take(quota));
		assert_false(quota_take(quota, "10.0.0.1", &wait_s));
		assert_int_equal(wait_s, c->wait_s);
		quota_free(&quota);
		assert_null(quota);
	}
}

static void tokens_come_back_one_by_one(void **state)
{
	struct quota *quota = quota_new((struct rate){ 10, 10 });

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_true(take(quota));
	clock_fake_advance(999);
	assert_false(take(quota));
	clock_fake_advance(1);
	assert_true(take(quota));
	assert_false(take(quota));
	clock_fake_advance(3000);
	for (int i = 0; i < 3; i++)
		assert_true(take(quota));
	assert_false(take(quota));
	quota_free(&quota);
}

static void a_bucket_never_overflows(void **state)
{
	struct quota *quota = quota_new((struct rate){ 3, 3 });

	(void)state;
	clock_fake_advance(1000000);
	for (int i = 0; i < 3; i++)
		assert_true(take(quota));
	assert_false(take(quota));
	clock_fake_advance(1000000);
	for (int i = 0; i < 3; i++)
		assert_true(take(quota));
	assert_false(take(quota));
	quota_free(&quota);
}

static void a_refusal_costs_nothing(void **state)
{
	struct quota *quota = quota_new((struct rate){ 1, 10 });

	(void)state;
	assert_true(take(quota));
	for (int i = 0; i < 9; i++) {
		clock_fake_advance(1000);
		assert_false(take(quota));
	}
	clock_fake_advance(1000);
	assert_true(take(quota));
	quota_free(&quota);
}

static void keys_have_their_own(void **state)
{
	struct quota *quota = quota_new((struct rate){ 1, 10 });
	int64_t wait_s;

	(void)state;
	assert_true(quota_take(quota, "a", &wait_s));
	assert_true(quota_take(quota, "b", &wait_s));
	assert_true(quota_take(quota, "", &wait_s));
	assert_false(quota_take(quota, "a", &wait_s));
	quota_free(&quota);
}

static void none_is_no_limit(void **state)
{
	struct quota *quota = quota_new((struct rate){ CONF_NONE, 0 });

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_true(take(quota));
	quota_set_rate(quota, (struct rate){ 1, 60 });
	assert_true(take(quota));
	assert_false(take(quota));
	quota_set_rate(quota, (struct rate){ CONF_NONE, 0 });
	assert_true(take(quota));
	quota_free(&quota);
}

static void a_new_rate_counts_at_once(void **state)
{
	struct quota *quota = quota_new((struct rate){ 2, 20 });
	int64_t wait_s;

	(void)state;
	assert_true(take(quota));
	assert_true(take(quota));
	assert_false(take(quota));
	quota_set_rate(quota, (struct rate){ 3, 30 });
	assert_true(take(quota));
	assert_false(take(quota));
	quota_set_rate(quota, (struct rate){ 1, 10 });
	assert_false(quota_take(quota, "10.0.0.1", &wait_s));
	assert_int_equal(wait_s, 30);
	quota_free(&quota);
}

static void the_table_is_bounded(void **state)
{
	struct quota *quota = quota_new((struct rate){ 1, 3600 });
	int64_t wait_s;
	char key[32];
	int kept = 0;

	(void)state;
	for (int round = 0; round < 2; round++) {
		kept = 0;
		for (int i = 0; i < 100000; i++) {
			snprintf(key, sizeof(key), "10.%d", i);
			kept += !quota_take(quota, key, &wait_s);
		}
	}
	assert_true(kept < 50000);
	quota_free(&quota);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(count_at_once_then_none),
		cmocka_unit_test(tokens_come_back_one_by_one),
		cmocka_unit_test(a_bucket_never_overflows),
		cmocka_unit_test(a_refusal_costs_nothing),
		cmocka_unit_test(keys_have_their_own),
		cmocka_unit_test(none_is_no_limit),
		cmocka_unit_test(a_new_rate_counts_at_once),
		cmocka_unit_test(the_table_is_bounded),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("quota", tests, NULL, NULL);
}
