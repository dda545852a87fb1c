/* Standing orders: what becomes of them, and what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "bank/schedule/calendar.h"
#include "base/clock.h"
#include "base/mem.h"
#include "place.h"

static void test_refused(void **state)
{
	static const struct {
		const char *day;
		const char *told;
	} days[] = {
		{ "2026-11-30",
		  "1: Standing order #1: 1.00 R to ben due on 2026-11-30 was "
		  "not paid: There is not enough: 0.50 R can be spent. It is "
		  "tried again tomorrow.\n" },
		{ "2026-12-01", "" },
		{ "2026-12-02", "" },
		{ "2026-12-03",
		  "1: Standing order #1: 1.00 R to ben due on 2026-11-30 is "
		  "left out: There is not enough: 0.50 R can be spent. The "
		  "next is due on 2026-12-30.\n" },
		{ "2026-12-04", "" },
	};
	struct place *p = *state;

	assert_int_equal(house_pay(&p->house, p->ann, p->anns, p->bens, 99950),
			 ERR_OK);
	place_add(p, EVERY_MONTH, "2026-11-30");
	for (size_t i = 0; i < COUNT(days); i++) {
		buf_reset(&place_told);
		place_go_to(days[i].day);
		place_run(p);
		place_run(p);
		assert_string_equal(buf_text(&place_told), days[i].told);
	}
	assert_int_equal(place_got(p), 99950);
	assert_int_equal(place_only(p).due, place_day("2026-12-30"));
	assert_string_equal(place_only(p).news, "");
}

/* Money came while it was tried again. */
static void test_paid_late(void **state)
{
	struct place *p = *state;

	assert_int_equal(house_pay(&p->house, p->ann, p->anns, p->bens, 99950),
			 ERR_OK);
	place_add(p, EVERY_MONTH, "2026-11-30");
	place_go_to("2026-11-30");
	place_run(p);
	house_fund(&p->house, p->anns, 1000);
	place_run(p);
	assert_int_equal(place_got(p), 99950);
	buf_reset(&place_told);
	place_go_to("2026-12-01");
	place_run(p);
	assert_int_equal(place_got(p), 100050);
	assert_non_null(strstr(buf_text(&place_told),
			       "1: Standing order #1: 1.00 R to ben is paid. "
			       "New balance: 9.50 R. #"));
	assert_non_null(strstr(buf_text(&place_told),
			       "2: ann paid you 1.00 R (rent). New balance: "
			       "1000.50 R. #"));
	assert_int_equal(place_only(p).due, place_day("2026-12-30"));
}

/* The day after brings the next: nothing is tried again. */
static void test_daily_is_left_out(void **state)
{
	struct place *p = *state;

	assert_int_equal(house_pay(&p->house, p->ann, p->anns, p->bens, 99850),
			 ERR_OK);
	place_add(p, EVERY_DAY, "2026-11-24");
	place_go_to("2026-11-26");
	place_run(p);
	assert_int_equal(place_got(p), 99950);
	assert_int_equal(place_only(p).due, place_day("2026-11-27"));
	assert_int_equal(place_only(p).paid, 1);
}

/* News waits in the record until it was heard. */
static void test_news_waits(void **state)
{
	struct place *p = *state;
	struct standings where;
	struct standing s;

	assert_int_equal(house_pay(&p->house, p->ann, p->anns, p->bens, 99950),
			 ERR_OK);
	place_add(p, EVERY_MONTH, "2026-11-30");
	place_go_to("2026-11-30");
	place_is_deaf = true;
	place_run(p);
	place_restart(p);
	where = place_standings(p);
	s = place_only(p);
	assert_non_null(strstr(s.news, "was not paid"));
	assert_int_equal(standing_heard(&where, &s), ERR_OK);
	assert_string_equal(place_only(p).news, "");
}

static void test_receiver_is_closed(void **state)
{
	struct place *p = *state;
	const struct standings where = place_standings(p);
	struct order close =
		house_order_as(ORDER_CLOSE, p->ann, AUTHORITY_ADMIN);
	struct standing s;

	place_add(p, EVERY_DAY, "2026-11-30");
	close.from = p->bens;
	house_want(&p->house, &close, ERR_OK);
	place_go_to("2026-11-30");
	place_is_deaf = true;
	place_run(p);
	s = place_only(p);
	assert_true(s.is_ended);
	assert_string_equal(s.news,
			    "Standing order #1: 1.00 R to ben has ended: The "
			    "other account is closed.");
	place_go_to("2026-12-30");
	place_run(p);
	assert_int_equal(standing_heard(&where, &s), ERR_OK);
	assert_int_equal(place_count(p), 0);
}

static void test_users_are_gone(void **state)
{
	struct place *p = *state;

	place_add(p, EVERY_DAY, "2026-11-30");
	assert_int_equal(users_remove(p->house.users, p->ben, &place_entry),
			 ERR_OK);
	place_go_to("2026-11-30");
	place_run(p);
	assert_int_equal(place_count(p), 0);
	assert_non_null(strstr(buf_text(&place_told), "that user is gone"));
	place_add(p, EVERY_DAY, "2026-12-30");
	place_add(p, EVERY_DAY, "2026-12-31");
	assert_int_equal(users_remove(p->house.users, p->ann, &place_entry),
			 ERR_OK);
	place_go_to("2026-12-30");
	place_run(p);
	assert_int_equal(place_count(p), 0);
	assert_int_equal(place_got(p), 0);
}

static void test_bounds(void **state)
{
	struct place *p = *state;
	const struct standings where = place_standings(p);
	struct standing s = place_standing(p, EVERY_DAY, "2026-12-30");
	uint64_t first = place_add(p, EVERY_DAY, "2026-11-30");
	bool is_there;

	for (int i = 1; i < STANDING_MOST; i++)
		place_add(p, EVERY_DAY, "2026-12-30");
	assert_int_equal(standing_add(&where, &s, &place_entry), ERR_LIMIT);
	assert_int_equal(
		standing_cancel(&where, p->ben, first, &place_entry, &s),
		ERR_NOT_FOUND);
	assert_int_equal(
		standing_claim(&where, place_day("2026-11-29"), &s, &is_there),
		ERR_OK);
	assert_false(is_there);
	assert_int_equal(
		standing_claim(&where, place_day("2026-11-30"), &s, &is_there),
		ERR_OK);
	assert_true(is_there);
	assert_int_equal(
		standing_cancel(&where, p->ann, first, &place_entry, &s),
		ERR_BUSY);
	assert_int_equal(standing_settle(&where, &s, NULL), ERR_OK);
	assert_int_equal(
		standing_cancel(&where, p->ann, first, &place_entry, &s),
		ERR_OK);
	assert_int_equal(
		standing_cancel(&where, p->ann, first, &place_entry, &s),
		ERR_NOT_FOUND);
	assert_int_equal(standing_forget(&where, p->ann), ERR_OK);
	assert_int_equal(place_count(p), 0);
	assert_int_equal(standing_settle(&where, &s, NULL), ERR_OK);
	assert_int_equal(place_count(p), 0);
}

static void test_added_again(void **state)
{
	struct place *p = *state;
	const struct standings where = place_standings(p);
	struct standing first = place_standing(p, EVERY_DAY, "2026-12-30");
	struct standing again;

	first.id = house_id(1);
	again = first;
	assert_int_equal(standing_add(&where, &first, &place_entry), ERR_OK);
	assert_int_equal(standing_add(&where, &again, &place_entry), ERR_OK);
	assert_int_equal(again.number, first.number);
	assert_int_equal(place_count(p), 1);
	again.amount++;
	assert_int_equal(standing_add(&where, &again, &place_entry),
			 ERR_ID_CONFLICT);
	again.id = house_id(2);
	assert_int_equal(standing_add(&where, &again, &place_entry), ERR_OK);
	assert_int_equal(place_count(p), 2);
}

/* By its user, and as long as it is there. */
static void test_found_by_its_id(void **state)
{
	struct place *p = *state;
	const struct standings where = place_standings(p);
	struct standing s = place_standing(p, EVERY_MONTH, "2026-12-31");
	struct uuid id = house_id(1);
	struct uuid other = house_id(2);
	struct standing found;

	s.id = id;
	memset(s.wording, 5, sizeof(s.wording));
	assert_int_equal(standing_add(&where, &s, &place_entry), ERR_OK);
	assert_int_equal(standing_asked(&where, s.user, &id, &found), ERR_OK);
	assert_int_equal(found.number, s.number);
	assert_memory_equal(found.wording, s.wording, sizeof(s.wording));
	assert_true(standing_is_same(&found, &s));
	found.amount++;
	assert_false(standing_is_same(&found, &s));
	assert_int_equal(standing_asked(&where, s.user, &other, &found),
			 ERR_NOT_FOUND);
	assert_int_equal(standing_asked(&where, s.user + 1, &id, &found),
			 ERR_NOT_FOUND);
	assert_int_equal(
		standing_cancel(&where, s.user, s.number, &place_entry, &found),
		ERR_OK);
	assert_int_equal(standing_asked(&where, s.user, &id, &found),
			 ERR_NOT_FOUND);
}

static void test_damaged_records(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	const struct place *p = *state;
	struct standing s = place_standing(p, EVERY_MONTH, "2026-12-31");
	struct standing back;

	s.number = 7;
	memset(s.wording, 5, sizeof(s.wording));
	standing_encode(&s, &bytes);
	assert_true(standing_decode(buf_at(&bytes), buf_len(&bytes), &back));
	assert_int_equal(back.number, 7);
	assert_string_equal(back.memo, "rent");
	assert_int_equal(back.wording[ORDER_WORDING - 1], 5);
	for (size_t len = 0; len < buf_len(&bytes); len++)
		assert_false(standing_decode(buf_at(&bytes), len, &back));
	/* As it was before there was a wording. */
	buf_at(&bytes)[0] = 1;
	assert_false(standing_decode(buf_at(&bytes), buf_len(&bytes), &back));
	assert_true(standing_decode(buf_at(&bytes),
				    buf_len(&bytes) - ORDER_WORDING, &back));
	assert_int_equal(back.number, 7);
	assert_int_equal(back.wording[ORDER_WORDING - 1], 0);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_refused),
		CASE(test_paid_late),
		CASE(test_daily_is_left_out),
		CASE(test_news_waits),
		CASE(test_receiver_is_closed),
		CASE(test_users_are_gone),
		CASE(test_bounds),
		CASE(test_added_again),
		CASE(test_found_by_its_id),
		CASE(test_damaged_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
