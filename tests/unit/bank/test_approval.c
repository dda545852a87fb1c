/* Orders that wait for a second person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/approval.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/record.h"
#include "world.h"

/* Asks; the number that it waits as, or 0. */
static uint64_t ask(struct world *w, const struct order *order)
{
	struct audit_entry entry = { .user = order->by.user };
	struct approval_filed filed;
	enum err e;

	AUDIT_SET(entry.action, "bank.ask");
	e = approval_file(w->house.store, w->house.trail, order, &entry,
			  &filed);
	assert_true(e == ERR_OK || e == ERR_LIMIT);
	return e == ERR_OK ? filed.number : 0;
}

static size_t count(struct world *w)
{
	struct approval *list;
	size_t count;

	assert_int_equal(approval_list(w->house.store, &list, &count), ERR_OK);
	mem_free(list);
	return count;
}

static struct order adjustment(struct world *w, enum person by)
{
	w->house.settings.approval_above = 500;
	house_reload(&w->house);
	return world_order(w, ORDER_ADJUST, by, AUTHORITY_ADMIN, FEES, INCOME,
			   501);
}

static void test_record(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct approval approval = { .number = 7, .made_ms = 1, .due_ms = 2 };
	struct approval back;

	approval.order = adjustment(*state, ADA);
	approval.order.id = house_id(9);
	order_add_change(&approval.order, CHANGE_FLOOR, -5);
	snprintf(approval.order.memo, MEMO, "why");
	memset(approval.order.wording, 5, ORDER_WORDING);
	approval_encode(&approval, &bytes);
	assert_true(approval_decode(buf_at(&bytes), buf_len(&bytes), &back));
	assert_memory_equal(&back, &approval, sizeof(back));
	for (size_t len = 0; len < buf_len(&bytes); len++)
		assert_false(approval_decode(buf_at(&bytes), len, &back));
	buf_at(&bytes)[0] = 1;
	assert_true(approval_decode(buf_at(&bytes),
				    buf_len(&bytes) - ORDER_WORDING, &back));
	memset(approval.order.wording, 0, ORDER_WORDING);
	assert_memory_equal(&back, &approval, sizeof(back));
	buf_at(&bytes)[0] = 2;
	buf_at(&bytes)[1 + 3 * 8] = ORDER_KINDS;
	assert_false(approval_decode(buf_at(&bytes), buf_len(&bytes), &back));
}

static void test_done_once(void **state)
{
	struct world *w = *state;
	struct order order = adjustment(w, ADA);

	world_want(w, "alone", &order, ERR_APPROVAL_NEEDED);
	order.approval = ask(w, &order);
	order.approved_by = w->people[ANN];
	world_want(w, "with another", &order, ERR_OK);
	world_want(w, "once more", &order, ERR_NOT_FOUND);
	assert_int_equal(count(w), 0);
}

/* What fails leaves it waiting, also when it has an id. */
static void test_fails(void **state)
{
	struct world *w = *state;
	struct order order = adjustment(w, ADA);
	struct audit_entry entry = { .user = w->people[ADA] };

	order.id = house_id(1);
	order.approval = ask(w, &order);
	order.approved_by = w->people[ADA];
	world_want(w, "by oneself", &order, ERR_APPROVAL_NEEDED);
	assert_int_equal(count(w), 1);
	AUDIT_SET(entry.action, "bank.reject");
	assert_int_equal(approval_drop(w->house.store, w->house.trail,
				       order.approval, &entry),
			 ERR_OK);
	order.approved_by = w->people[ANN];
	world_want(w, "refused meanwhile", &order, ERR_NOT_FOUND);
	order.approval = ask(w, &order);
	world_want(w, "asked again", &order, ERR_OK);
	assert_false(order.is_repeated);
}

static void test_bounds(void **state)
{
	struct world *w = *state;
	struct order order = adjustment(w, ADA);
	struct approval approval;
	uint64_t first = ask(w, &order);

	for (int i = 1; i < APPROVALS_PER_USER; i++)
		assert_true(ask(w, &order) > first);
	assert_int_equal(ask(w, &order), 0);
	for (int i = 0; count(w) < APPROVALS_MOST; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "more%d", i);
		order.by.user = house_user(&w->house, name);
		assert_true(ask(w, &order) > first);
	}
	order.by.user = house_user(&w->house, "last");
	assert_int_equal(ask(w, &order), 0);
	assert_int_equal(approval_forget(w->house.store, w->people[ADA]),
			 ERR_OK);
	assert_int_equal(count(w), APPROVALS_MOST - APPROVALS_PER_USER);
	clock_fake_advance(INT64_C(7) * HOUSE_DAY_MS);
	assert_int_equal(count(w), 0);
	first = ask(w, &order);
	assert_int_equal(approval_get(w->house.store, first, &approval),
			 ERR_OK);
	clock_fake_advance(INT64_C(7) * HOUSE_DAY_MS);
	assert_int_equal(approval_get(w->house.store, first, &approval),
			 ERR_NOT_FOUND);
}

static void test_verify(void **state)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct world *w = *state;
	struct order order = adjustment(w, ADA);
	uint64_t number = ask(w, &order);
	uint8_t key[RECORD_KEY];

	assert_int_equal(approval_verify(w->house.store, &report), ERR_OK);
	record_key(number + 1, key);
	house_spoil(&w->house, "bank_approvals", key, sizeof(key), "x", 1);
	assert_int_equal(approval_verify(w->house.store, &report), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), "#2 cannot be read"));
	house_spoil(&w->house, "bank_approvals", key, sizeof(key), NULL, 0);
}

static void test_same_id(void **state)
{
	struct world *w = *state;
	struct order order = adjustment(w, ADA);
	uint64_t first;

	order.id = house_id(1);
	first = ask(w, &order);
	assert_int_equal(ask(w, &order), first);
	order.by.user = w->people[ANN];
	assert_int_not_equal(ask(w, &order), first);
	assert_int_equal(count(w), 2);
}

/* Nothing else is asked under an id, as long as that waits. */
static void test_other(void **state)
{
	struct world *w = *state;
	struct order order = adjustment(w, ADA);
	struct order other;
	struct audit_entry entry = { .user = w->people[ADA] };
	struct approval_filed filed;

	order.id = house_id(1);
	order.approval = 0;
	assert_int_equal(ask(w, &order), 1);
	assert_int_equal(ask(w, &order), 1);
	other = order;
	other.amount++;
	AUDIT_SET(entry.action, "bank.ask");
	assert_int_equal(approval_file(w->house.store, w->house.trail, &other,
				       &entry, &filed),
			 ERR_ID_CONFLICT);
	world_want(w, "more", &other, ERR_ID_CONFLICT);
	other.amount = 1;
	world_want(w, "so little that nobody is asked", &other,
		   ERR_ID_CONFLICT);
	world_want(w, "the same", &order, ERR_APPROVAL_NEEDED);
	assert_int_equal(count(w), 1);
}

/* Nor in another office: then it could not be done any more. */
static void test_as_a_member(void **state)
{
	struct world *w = *state;
	struct order order = adjustment(w, ADA);
	struct order other = world_order(w, ORDER_DEPOSIT, ADA,
					 AUTHORITY_MEMBER, TILL, BENS, 1);

	order.id = house_id(1);
	other.id = order.id;
	order.approval = ask(w, &order);
	world_want(w, "as a member", &other, ERR_ID_CONFLICT);
	order.approved_by = w->people[ANN];
	world_want(w, "approved", &order, ERR_OK);
	assert_false(order.is_repeated);
	order.approval = 0;
	order.approved_by = 0;
	world_want(w, "asked again", &order, ERR_OK);
	assert_true(order.is_repeated);
	world_want(w, "as a member, still", &other, ERR_ID_CONFLICT);
	assert_int_equal(count(w), 0);
}

static void set_ceiling(struct world *w, enum place place, money ceiling)
{
	struct order order = world_order(w, ORDER_TERMS, ADA, AUTHORITY_ADMIN,
					 place, NOWHERE, 0);

	order_add_change(&order, CHANGE_CEILING, ceiling);
	world_want(w, "a ceiling", &order, ERR_OK);
}

/* A refusal is for today, by whomever it is asked, as long as it waits. */
static void test_refused_for_now(void **state)
{
	struct world *w = *state;
	struct order order = world_order(w, ORDER_DEPOSIT, ADA, AUTHORITY_ADMIN,
					 TILL, BENS, 600);
	struct order approved;

	w->house.settings.approval_above = 500;
	house_reload(&w->house);
	order.id = house_id(1);
	world_want(w, "alone", &order, ERR_APPROVAL_NEEDED);
	approved = order;
	approved.approval = ask(w, &order);
	approved.approved_by = w->people[ANN];
	set_ceiling(w, BENS, 10001);
	world_want(w, "asked again", &order, ERR_ABOVE_CEILING);
	world_want(w, "approved", &approved, ERR_ABOVE_CEILING);
	set_ceiling(w, BENS, TERM_DEFAULT);
	world_want(w, "asked once more", &order, ERR_APPROVAL_NEEDED);
	world_want(w, "approved in the end", &approved, ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[BENS]), 10600);
}

/* What needs nobody any more is done, and waits no longer. */
static void test_needs_nobody(void **state)
{
	struct world *w = *state;
	struct order order = adjustment(w, ADA);

	order.id = house_id(1);
	assert_int_equal(ask(w, &order), 1);
	w->house.settings.approval_above = MONEY_NONE;
	house_reload(&w->house);
	world_want(w, "now", &order, ERR_OK);
	assert_int_equal(count(w), 0);
}

/* Its answer is there already: that is told, not asked for. */
static void test_answered_meanwhile(void **state)
{
	struct world *w = *state;
	struct order order = adjustment(w, ADA);
	struct audit_entry entry = { .user = w->people[ADA] };
	struct order other = order;
	struct approval_filed filed;

	order.id = house_id(1);
	other.id = order.id;
	other.amount = 1;
	world_want(w, "another", &other, ERR_OK);
	AUDIT_SET(entry.action, "bank.ask");
	assert_int_equal(approval_file(w->house.store, w->house.trail, &order,
				       &entry, &filed),
			 ERR_EXISTS);
	assert_int_equal(count(w), 0);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_record),       CASE(test_done_once),
		CASE(test_fails),        CASE(test_bounds),
		CASE(test_same_id),      CASE(test_other),
		CASE(test_as_a_member),  CASE(test_refused_for_now),
		CASE(test_needs_nobody), CASE(test_answered_meanwhile),
		CASE(test_verify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
