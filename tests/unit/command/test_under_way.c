/* Ids under way. */
#include "command/under_way.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

enum { ANN = 1, BEN, MANY = 5000 };

/* Whoever gives orders. */
static const char first;
static const char second;
static const char third;

static struct uuid id_of(uint32_t number)
{
	struct uuid id = { .bytes = { 1 } };

	memcpy(&id.bytes[12], &number, sizeof(number));
	return id;
}

static int set_up(void **state)
{
	*state = under_way_new();
	return 0;
}

static int tear_down(void **state)
{
	struct under_way *under_way = *state;

	under_way_free(&under_way);
	assert_null(under_way);
	under_way_free(&under_way);
	return 0;
}

static void test_who_came_later_waits(void **state)
{
	struct under_way *u = *state;
	struct uuid id = id_of(1);
	struct under_way_id one = { .user = 0 };
	struct under_way_id other = { .user = 0 };

	assert_false(under_way_before(u, BEN, &id, &first));
	under_way_begin(u, &one, BEN, &id, &first);
	under_way_begin(u, &other, BEN, &id, &second);
	assert_false(under_way_before(u, BEN, &id, &first));
	assert_true(under_way_before(u, BEN, &id, &second));
	assert_true(under_way_before(u, BEN, &id, &third));
	under_way_end(&one);
	under_way_end(&one);
	assert_false(under_way_before(u, BEN, &id, &second));
	assert_true(under_way_before(u, BEN, &id, &first));
	under_way_end(&other);
	assert_false(under_way_before(u, BEN, &id, &third));
}

static void test_ids_are_each_users_own(void **state)
{
	struct under_way *u = *state;
	struct uuid id = id_of(1);
	struct uuid another = id_of(2);
	struct under_way_id one = { .user = 0 };

	under_way_begin(u, &one, BEN, &id, &first);
	assert_false(under_way_before(u, ANN, &id, &second));
	assert_false(under_way_before(u, BEN, &another, &second));
	under_way_end(&one);
}

/* A list may have an id twice. */
static void test_one_giver_has_many(void **state)
{
	struct under_way *u = *state;
	struct under_way_id *many = mem_array(MANY, sizeof(*many));
	struct uuid id = id_of(7);

	memset(many, 0, MANY * sizeof(*many));
	for (uint32_t i = 0; i < MANY; i++) {
		struct uuid each = id_of(i / 2);

		under_way_begin(u, &many[i], BEN, &each, &first);
	}
	assert_false(under_way_before(u, BEN, &id, &first));
	assert_true(under_way_before(u, BEN, &id, &second));
	for (uint32_t i = 0; i < MANY; i += 2)
		under_way_end(&many[i]);
	assert_true(under_way_before(u, BEN, &id, &second));
	for (uint32_t i = 1; i < MANY; i += 2)
		under_way_end(&many[i]);
	assert_false(under_way_before(u, BEN, &id, &second));
	mem_free(many);
}

/* Who puts many into one place is only told to wait. */
static void test_too_many_to_look_through(void **state)
{
	struct under_way *u = *state;
	struct under_way_id *many = mem_array(MANY, sizeof(*many));
	struct uuid id = id_of(7);

	memset(many, 0, MANY * sizeof(*many));
	for (uint32_t i = 0; i < MANY; i++)
		under_way_begin(u, &many[i], ANN, &id, &first);
	assert_true(under_way_before(u, BEN, &id, &second));
	for (uint32_t i = 0; i < MANY; i++)
		under_way_end(&many[i]);
	assert_false(under_way_before(u, BEN, &id, &second));
	mem_free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_who_came_later_waits,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ids_are_each_users_own,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_one_giver_has_many, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_too_many_to_look_through,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
