/* What stands beside the journal, spoiled in one place each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/approval.h"
#include "bank/heard.h"
#include "bank/mark.h"
#include "bank/schedule/schedule.h"
#include "bank/schedule/shelf.h"
#include "base/mem.h"
#include "past.h"
#include "store/record.h"

enum { STRANGER = 777777, ORDER = 1 };

static const struct audit_entry test_entry = { .action = "user.test" };

static struct standing make_order(struct past *p)
{
	const struct standings s = { p->world->house.store,
				     p->world->house.trail };
	struct standing standing = { .user = p->world->people[ANN],
				     .from = p->world->places[ANNS],
				     .to = p->world->places[BENS],
				     .amount = 100,
				     .recurrence = { .every = EVERY_DAY,
						     .month_day = 1 },
				     .due = 40000,
				     .look = 40000 };

	assert_int_equal(standing_add(&s, &standing, &test_entry), ERR_OK);
	assert_int_equal(standing.number, ORDER);
	return standing;
}

/* Behind the back of the index. */
static void put_order(struct past *p, const struct standing *standing)
{
	AUTO(buf_fini) struct buf value = { 0 };

	standing_encode(standing, &value);
	past_put(p, "bank_standing", ORDER, &value);
}

static void garble_order(struct past *p)
{
	AUTO(buf_fini) struct buf value = { 0 };

	(void)make_order(p);
	buf_add_text(&value, "\001x");
	past_put(p, "bank_standing", ORDER, &value);
}

static void drop_order(struct past *p)
{
	(void)make_order(p);
	past_delete(p, "bank_standing", ORDER);
}

static void order_moved(struct past *p)
{
	struct standing s = make_order(p);

	s.due = s.look = 40001;
	put_order(p, &s);
}

static void order_of_nobody(struct past *p)
{
	struct standing s = make_order(p);

	s.user = STRANGER;
	put_order(p, &s);
}

static void order_to_nowhere(struct past *p)
{
	struct standing s = make_order(p);

	s.to = STRANGER;
	put_order(p, &s);
}

static void order_paid_by_another(struct past *p)
{
	struct standing s = make_order(p);

	s.paid = 1;
	s.last = p->capture;
	put_order(p, &s);
}

static void order_paid_by_nothing(struct past *p)
{
	struct standing s = make_order(p);

	s.paid = 3;
	put_order(p, &s);
}

/* What was due is paid, but is due again. */
static void order_due_again(struct past *p)
{
	struct standing s = make_order(p);
	struct order order;

	schedule_order(&s, &order);
	house_want(&p->world->house, &order, ERR_OK);
	s.paid = 1;
	s.last = order.entry.seq;
	put_order(p, &s);
}

static void put_index(struct past *p, const void *key, size_t len,
		      const char *value)
{
	house_spoil(&p->world->house, "bank_standing_index", key, len, value,
		    value != NULL ? 1 : 0);
}

static void drop_index(struct past *p)
{
	uint8_t keys[SHELF_MARKS][SHELF_MARK];
	struct standing s = make_order(p);

	assert_int_equal(shelf_marks(&s, keys), 2);
	put_index(p, keys[1], SHELF_MARK, NULL);
}

static void invent_index(struct past *p)
{
	uint8_t keys[SHELF_MARKS][SHELF_MARK];
	struct standing s = make_order(p);

	s.look = 3;
	assert_int_equal(shelf_marks(&s, keys), 2);
	put_index(p, keys[1], SHELF_MARK, "\001");
}

static void garble_index(struct past *p)
{
	(void)make_order(p);
	put_index(p, "x", 1, "\001");
}

/* Marks. */

static void put_mark(struct past *p, const char *name, int64_t period,
		     uint64_t at)
{
	const struct mark mark = { period, at };

	p->world->house.is_spoiled = true;
	assert_int_equal(mark_put(p->world->house.store, name, &mark), ERR_OK);
}

static void garble_mark(struct past *p)
{
	house_spoil(&p->world->house, "bank_marks", "interest", 8, "x", 1);
}

static void mark_of_no_month(struct past *p)
{
	put_mark(p, "interest", 202613, 1);
}

static void mark_of_no_time(struct past *p)
{
	put_mark(p, "clock", -1, 0);
}

static void strange_mark(struct past *p)
{
	put_mark(p, "what\nis this", 1, 1);
}

static void low_of_nobody(struct past *p)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "low:%d:%llu", STRANGER,
		       (unsigned long long)p->world->places[ANNS]);
	put_mark(p, name, 0, 1);
}

static void low_of_nothing(struct past *p)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "low:%llu:%d",
		       (unsigned long long)p->world->people[ANN], STRANGER);
	put_mark(p, name, 0, 1);
}

/* How far users have heard. */

struct putting {
	struct past *past;
	user_id user;
	struct heard heard;
};

static enum err put_one(struct store_txn *txn, void *arg)
{
	const struct putting *h = arg;

	return heard_put(txn, h->past->world->house.store, h->user, &h->heard);
}

static void put_heard(struct past *p, user_id user, uint64_t upto)
{
	struct putting h = { p, user, { .upto = upto } };

	p->world->house.is_spoiled = true;
	assert_int_equal(store_run(p->world->house.store, put_one, &h), ERR_OK);
}

static void heard_by_nobody(struct past *p)
{
	put_heard(p, STRANGER, 1);
}

static void heard_too_much(struct past *p)
{
	put_heard(p, p->world->people[ANN], STRANGER);
}

static void garble_heard(struct past *p)
{
	AUTO(buf_fini) struct buf value = { 0 };

	buf_add_text(&value, "x");
	past_put(p, "bank_heard", p->world->people[ANN], &value);
}

/* What waits for a second person. */

static void ask(struct past *p, enum order_kind kind, user_id user,
		account_id to)
{
	struct audit_entry entry = { .action = "bank.ask" };
	struct order order = house_order_as(kind, user, AUTHORITY_ADMIN);
	struct approval_filed filed;

	p->world->house.is_spoiled = true;
	order.from = p->world->places[ANNS];
	order.to = to;
	order.amount = 100;
	order.reference = kind == ORDER_REVERSE ? STRANGER : 0;
	assert_int_equal(approval_file(p->world->house.store,
				       p->world->house.trail, &order, &entry,
				       &filed),
			 ERR_OK);
}

static void asked_by_nobody(struct past *p)
{
	ask(p, ORDER_ADJUST, STRANGER, p->world->places[BENS]);
}

static void asked_of_nothing(struct past *p)
{
	ask(p, ORDER_ADJUST, p->world->people[ANN], STRANGER);
}

static void asked_to_take_back_nothing(struct past *p)
{
	ask(p, ORDER_REVERSE, p->world->people[ANN], p->world->places[BENS]);
}

static void garble_approval(struct past *p)
{
	AUTO(buf_fini) struct buf value = { 0 };

	buf_add_text(&value, "x");
	past_put(p, "bank_approvals", 7, &value);
}

static const struct past_case cases[] = {
	{ garble_order, { "standing order #1 cannot be read" } },
	{ drop_order, { "the index has standing order #1 where it is not" } },
	{ order_moved,
	  { "standing order #1 is not where the index should have it",
	    "the index has standing order #1 where it is not" } },
	{ order_of_nobody,
	  { "standing order #1 is of user #777777, who is not there" } },
	{ order_to_nowhere,
	  { "standing order #1 names account #777777, which is not there" } },
	{ order_paid_by_another, { "standing order #1 has paid by #" } },
	{ order_paid_by_nothing,
	  { "standing order #1 has paid 3 times, but last by #0" } },
	{ order_due_again,
	  { "standing order #1 is due on 2079-07-08, but #",
	    " has paid that" } },
	{ drop_index,
	  { "standing order #1 is not where the index should have it" } },
	{ invent_index, { "the index has standing order #1 where it is" } },
	{ garble_index, { "bank_standing_index: a record cannot be read" } },
	{ garble_mark, { "bank_marks: interest cannot be read" } },
	{ mark_of_no_month, { "bank_marks: interest is no such time" } },
	{ mark_of_no_time, { "bank_marks: clock is no such time" } },
	{ strange_mark, { "there is nothing called \"what?is this\"" } },
	{ low_of_nobody,
	  { "bank_marks: there is something of user #777777, who is not" } },
	{ low_of_nothing, { "names account #777777, which is not there" } },
	{ heard_by_nobody,
	  { "bank_heard: there is something of user #777777, who is not" } },
	{ heard_too_much,
	  { "is about entry #777777, but the journal ends at #" } },
	{ garble_heard, { "bank_heard: a record cannot be read" } },
	{ asked_by_nobody,
	  { "bank_approvals: there is something of user #777777, who is" } },
	{ asked_of_nothing,
	  { "waits for approval as #1 names account #777777, which is not" } },
	{ asked_to_take_back_nothing,
	  { "what waits for approval as #1 is about entry #777777, but" } },
	{ garble_approval, { "bank_approvals: #7 cannot be read" } },
};

static void test_beside(void **state UNUSED)
{
	past_play(cases, COUNT(cases));
}

/* All of it as it should be, also of somebody whose removal is under way. */
static void test_whole(void **state UNUSED)
{
	AUTO(buf_fini) struct buf report = { 0 };
	void *past_state;
	struct past *p;

	assert_int_equal(past_set_up(&past_state), 0);
	p = past_state;
	(void)make_order(p);
	put_mark(p, "interest", 202612, 1);
	put_mark(p, "clock", HOUSE_BEGIN_MS, 0);
	put_heard(p, p->world->people[ANN], p->last);
	ask(p, ORDER_ADJUST, p->world->people[ANN], p->world->places[BENS]);
	assert_string_equal(past_verify(p, &report), "");
	put_heard(p, STRANGER, 1);
	put_mark(p, "leaving:00000000000000777777", 0, 1);
	assert_string_equal(past_verify(p, &report), "");
	assert_int_equal(past_tear_down(&past_state), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beside),
		cmocka_unit_test(test_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
