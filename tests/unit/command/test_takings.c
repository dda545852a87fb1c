/* Who is told of money, when, and how often. */
#include "command/takings.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../chat/hall.h"
#include "base/mem.h"

enum { BEN = 2 };

static const char *const tables[] = { HEARD_TABLES, TIDING_TABLES, NULL };

struct stand {
	struct hall *hall;
	char dir[64];
	struct store *store;
	struct takings *takings;
};

static struct stand stand;

static void open_stand(void)
{
	struct store_options options = { .dir = stand.dir, .tables = tables };
	AUTO(buf_fini) struct buf why = { 0 };

	if (store_open(&options, &stand.store, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
	stand.takings = takings_new(stand.store);
}

static void close_stand(void)
{
	takings_free(&stand.takings);
	store_close(&stand.store);
}

static int set_up(void **state)
{
	int rc = hall_setup(state);

	stand.hall = *state;
	snprintf(stand.dir, sizeof(stand.dir), "/tmp/rialto-takings-XXXXXX");
	if (mkdtemp(stand.dir) == NULL)
		abort();
	open_stand();
	return rc;
}

static int remove_one(const char *path, const struct stat *st UNUSED,
		      int flag UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

static int tear_down(void **state)
{
	close_stand();
	nftw(stand.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return hall_teardown(state);
}

/* As far as ben has heard, by what is told to a login that comes now. */
static struct heard come(bool wants_news)
{
	struct heard heard = { 0 };
	enum err e = ERR_OK;

	assert_int_equal(takings_come(stand.takings, BEN, &heard, &e),
			 wants_news);
	assert_int_equal(e, ERR_OK);
	return heard;
}

static bool tell(uint64_t seq)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)seq);
	return takings_tell(stand.takings, BEN, seq, text);
}

static void hears(const char *want)
{
	AUTO(buf_fini) struct buf got = { 0 };
	const char *all = hall_hears(stand.hall, 0);

	/* Of "notice ben: 12;" and the like the numbers. */
	for (const char *at = all; (at = strstr(at, "notice")) != NULL; at++) {
		size_t len = strcspn(at, ";");

		while (len > 0 && at[len - 1] != ' ')
			len--;
		buf_print(&got, "%.*s ", (int)strcspn(at + len, ";"), at + len);
	}
	assert_string_equal(buf_len(&got) > 0 ? buf_text(&got) : "", want);
}

static void test_at_once_or_later(void **state)
{
	struct person *ben;

	(void)state;
	assert_false(tell(5)); /* nobody is here */
	assert_false(takings_is_wanted(stand.takings, BEN));
	assert_int_equal(come(true).upto, 0);
	assert_true(takings_is_wanted(stand.takings, BEN));
	ben = hall_come(stand.hall, BEN, "ben", 0, 1);
	hall_hush(stand.hall);
	takings_enter(stand.takings, BEN, ben, 7);
	assert_false(tell(6)); /* it was read */
	assert_true(takings_is_wanted(stand.takings, BEN));
	assert_true(tell(9));
	assert_false(tell(9));
	assert_true(tell(8));
	hears("9 8 ");
	takings_leave(stand.takings, BEN, true);
	hall_go(stand.hall, &ben, 0);
	assert_false(tell(10));
	assert_false(takings_is_wanted(stand.takings, BEN));
	/* It has not been written yet, and is known all the same. */
	assert_int_equal(come(true).count, 2);
	takings_leave(stand.takings, BEN, false);
	assert_true(takings_are_due(stand.takings));
	takings_keep(stand.takings);
	assert_false(takings_are_due(stand.takings));
	close_stand();
	open_stand();
	assert_int_equal(come(true).upto, 7);
	takings_leave(stand.takings, BEN, false);
}

/* What comes while a login has read, but is not in. */
static void test_in_between(void **state)
{
	struct person *ben;

	(void)state;
	come(true);
	assert_false(tell(11));
	assert_false(tell(12));
	assert_false(tell(10)); /* has been read */
	ben = hall_come(stand.hall, BEN, "ben", 0, 1);
	hall_hush(stand.hall);
	takings_enter(stand.takings, BEN, ben, 10);
	hears("11 12 ");
	assert_false(tell(12));
	takings_leave(stand.takings, BEN, true);
	hall_go(stand.hall, &ben, 0);
	/* One that comes to nothing has told nobody. */
	come(true);
	assert_false(tell(13));
	takings_leave(stand.takings, BEN, false);
	{
		const struct heard heard = come(true);

		assert_true(heard_has(&heard, 12));
		assert_false(heard_has(&heard, 13));
	}
	takings_leave(stand.takings, BEN, false);
}

static void test_too_much_in_between(void **state)
{
	struct person *ben;

	(void)state;
	come(true);
	for (uint64_t seq = 1; seq <= 20; seq++)
		assert_false(tell(seq));
	ben = hall_come(stand.hall, BEN, "ben", 0, 1);
	hall_hush(stand.hall);
	takings_enter(stand.takings, BEN, ben, 0);
	/* And the words that there was more. */
	hears("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 it. ");
	takings_leave(stand.takings, BEN, true);
	hall_go(stand.hall, &ben, 0);
	{
		const struct heard heard = come(true);

		assert_true(heard_has(&heard, 16));
		assert_false(heard_has(&heard, 17));
	}
	takings_leave(stand.takings, BEN, false);
}

static void test_several_sessions(void **state)
{
	struct person *first;
	struct person *second;

	(void)state;
	come(true);
	first = hall_come(stand.hall, BEN, "ben", 0, 1);
	takings_enter(stand.takings, BEN, first, 3);
	come(false); /* who is in has heard */
	assert_true(tell(4));
	second = hall_come(stand.hall, BEN, "ben", 0, 2);
	takings_enter(stand.takings, BEN, second, 0);
	takings_leave(stand.takings, BEN, true);
	hall_go(stand.hall, &first, 0);
	hall_hush(stand.hall);
	assert_true(tell(5));
	hears("5 ");
	takings_leave(stand.takings, BEN, true);
	hall_go(stand.hall, &second, 0);
	assert_int_equal(come(true).count, 2);
	takings_leave(stand.takings, BEN, false);
}

static bool tell_of(uint64_t number)
{
	const struct takings_cause cause = { .tiding = { TIDING_DECLINED,
							 number } };

	return takings_tell_of(stand.takings, BEN, &cause, "no");
}

/* What is no entry is told once, too; also between being told and written. */
static void test_tidings(void **state)
{
	struct person *ben;

	(void)state;
	assert_false(tell_of(1)); /* nobody is here: it waits */
	come(true);
	assert_false(tell_of(1)); /* in between */
	ben = hall_come(stand.hall, BEN, "ben", 0, 1);
	takings_enter(stand.takings, BEN, ben, 0);
	assert_false(tell_of(1));
	assert_true(tell_of(2));
	takings_leave(stand.takings, BEN, true);
	hall_go(stand.hall, &ben, 0);
	come(true);
	ben = hall_come(stand.hall, BEN, "ben", 0, 1);
	takings_enter(stand.takings, BEN, ben, 0);
	assert_false(tell_of(2));
	assert_true(takings_are_due(stand.takings));
	takings_keep(stand.takings);
	assert_false(tell_of(2)); /* who is here has heard */
	assert_false(takings_are_due(stand.takings));
	takings_leave(stand.takings, BEN, true);
	hall_go(stand.hall, &ben, 0);
}

/* Removed while here: nothing is written any more. */
static void test_removed(void **state)
{
	struct person *ben;

	(void)state;
	come(true);
	ben = hall_come(stand.hall, BEN, "ben", 0, 1);
	takings_enter(stand.takings, BEN, ben, 3);
	takings_keep(stand.takings);
	assert_int_equal(takings_forget(stand.takings, BEN), ERR_OK);
	assert_true(tell(4));
	assert_false(takings_are_due(stand.takings));
	takings_keep(stand.takings);
	takings_leave(stand.takings, BEN, true);
	hall_go(stand.hall, &ben, 0);
	assert_int_equal(come(true).upto, 0);
	takings_leave(stand.takings, BEN, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_at_once_or_later, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_in_between, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_too_much_in_between,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_several_sessions, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_tidings, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_removed, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
