/* What is stored of orders, spoiled in one place each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "bank/judge/repeat.h"
#include "bank/reversal.h"
#include "base/mem.h"
#include "past.h"
#include "store/record.h"

/* Holds. */

static void put_hold(struct past *p, uint64_t seq, money amount)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct hold hold = { .seq = seq,
			     .from = p->world->places[ANNS],
			     .to = p->world->places[BENS],
			     .amount = amount,
			     .due_ms = INT64_MAX,
			     .state = ENTRY_HOLD };

	hold_encode(&hold, &value);
	past_put(p, "bank_holds", seq, &value);
}

static void invent_hold(struct past *p)
{
	put_hold(p, p->paid, 100);
}

static void edit_hold(struct past *p)
{
	put_hold(p, p->held, 100);
}

static void reopen_hold(struct past *p)
{
	put_hold(p, p->captured, 700);
}

static void drop_hold(struct past *p)
{
	past_delete(p, "bank_holds", p->held);
}

static void drop_closed_hold(struct past *p)
{
	past_delete(p, "bank_holds", p->captured);
}

static void read_hold(struct past *p, uint64_t seq, struct hold *hold_r)
{
	AUTO(buf_fini) struct buf value = { 0 };

	past_get(p, "bank_holds", seq, &value);
	assert_true(hold_decode(buf_at(&value), buf_len(&value), hold_r));
}

static void drop_hold_mark(struct past *p)
{
	uint8_t marks[DUE_MARKS][DUE_MARK];
	struct hold hold;
	struct due due;

	read_hold(p, p->held, &hold);
	due = hold_due(&hold);
	due_marks(&due, marks);
	past_spoil(p, "bank_hold_index", marks[1], DUE_MARK, NULL);
}

static void invent_hold_mark(struct past *p)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t marks[DUE_MARKS][DUE_MARK];
	struct hold hold;
	struct due due;

	read_hold(p, p->captured, &hold);
	due = hold_due(&hold);
	due_marks(&due, marks);
	buf_add_char(&value, 1);
	past_spoil(p, "bank_hold_index", marks[0], DUE_MARK, &value);
}

/* What was taken back. */

static void put_reversal(struct past *p, uint64_t seq, uint64_t by)
{
	AUTO(buf_fini) struct buf value = { 0 };

	reversal_encode(by, &value);
	past_put(p, "bank_reversals", seq, &value);
}

static void drop_reversal(struct past *p)
{
	past_delete(p, "bank_reversals", p->undone);
}

static void edit_reversal(struct past *p)
{
	put_reversal(p, p->undone, p->paid);
}

static void invent_reversal(struct past *p)
{
	put_reversal(p, p->paid, p->reversal);
}

static void reverse_more(struct past *p)
{
	struct entry entry = past_entry(p, p->reversal);

	entry.legs[0].amount++;
	past_put_entry(p, &entry, true);
	past_chain(p, p->reversal + 1);
}

/* Ids. */

static void put_id(struct past *p, uint64_t id, const struct repeat *repeat)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct uuid uuid = house_id(id);
	uint8_t key[REPEAT_KEY];

	repeat_key(&uuid, p->world->people[ANN], key);
	if (repeat != NULL)
		repeat_encode(repeat, &value);
	past_spoil(p, "bank_ids", key, sizeof(key),
		   repeat != NULL ? &value : NULL);
}

static void drop_id(struct past *p)
{
	put_id(p, 1, NULL);
}

static void invent_id(struct past *p)
{
	put_id(p, 99, &(struct repeat){ .seq = p->paid });
}

static void invent_id_ahead(struct past *p)
{
	put_id(p, 99, &(struct repeat){ .seq = p->last + 9 });
}

static void edit_id(struct past *p)
{
	put_id(p, 1, &(struct repeat){ .seq = p->undone });
}

static void refuse_id(struct past *p)
{
	put_id(p, 1, &(struct repeat){ .seq = p->paid, .result = ERR_FROZEN });
}

static void request_id(struct past *p)
{
	put_id(p, 99, &(struct repeat){ .number = 44 });
}

/* Requests. */

static void read_request(struct past *p, uint64_t number,
			 struct request *request_r)
{
	AUTO(buf_fini) struct buf value = { 0 };

	past_get(p, "bank_requests", number, &value);
	assert_true(request_decode(buf_at(&value), buf_len(&value), request_r));
}

static void put_request(struct past *p, const struct request *request)
{
	AUTO(buf_fini) struct buf value = { 0 };

	request_encode(request, &value);
	past_put(p, "bank_requests", request->number, &value);
}

static void reopen_request(struct past *p)
{
	struct request request;

	read_request(p, p->payed, &request);
	request.state = REQUEST_OPEN;
	request.entry = 0;
	put_request(p, &request);
}

static void pay_request(struct past *p)
{
	struct request request;

	read_request(p, p->open, &request);
	request.state = REQUEST_PAID;
	request.entry = p->paid;
	put_request(p, &request);
}

static void drop_request(struct past *p)
{
	past_delete(p, "bank_requests", p->payed);
}

static void drop_last_request(struct past *p)
{
	past_delete(p, "bank_requests", p->open);
}

static void drop_request_mark(struct past *p)
{
	uint8_t marks[DUE_MARKS][DUE_MARK];
	struct request request;
	struct due due;

	read_request(p, p->open, &request);
	due = request_due(&request);
	due_marks(&due, marks);
	past_spoil(p, "bank_request_index", marks[2], DUE_MARK, NULL);
}

static const struct past_case cases[] = {
	{ invent_hold, { "has no entry that made it" } },
	{ edit_hold, { "is not what its entries make of it" } },
	{ reopen_hold, { "is not what its entries make of it" } },
	{ drop_hold, { " is missing" } },
	{ drop_closed_hold, { " is missing" } },
	{ drop_hold_mark, { "is open, but the index of holds does not have" } },
	{ invent_hold_mark, { "the index of holds has #" } },
	{ drop_reversal, { ", but no record says so" } },
	{ edit_reversal,
	  { ", but its record says something else", ", which did not" } },
	{ invent_reversal, { ", which did not" } },
	{ reverse_more, { " does not take back what #" } },
	{ drop_id,
	  { " carries the id 01000000-0000-0000-0000-000000000001 of user ",
	    ", which is not remembered" } },
	{ invent_id,
	  { "bank: id 01000000-0000-0000-0000-000000000063 of user ",
	    ", which does not carry it" } },
	{ invent_id_ahead,
	  { "bank: id 01000000-0000-0000-0000-000000000063 of user ",
	    ", which does not carry it" } },
	{ edit_id,
	  { "bank: id 01000000-0000-0000-0000-000000000001 of user ",
	    ", which is remembered for #" } },
	{ refuse_id,
	  { "bank: id 01000000-0000-0000-0000-000000000001 of user " } },
	{ request_id, { "an id is remembered for request #44, which" } },
	{ reopen_request,
	  { "pays request #1, which is not as paid by it",
	    "request #1 is open, but the index of requests" } },
	{ pay_request,
	  { "request #3 was paid by #", "the index of requests has #3" } },
	{ drop_request,
	  { "pays request #1, which is not as paid by it",
	    "requests are missing before #2, behind #0" } },
	{ drop_last_request, { "the last request is #2, but by the head #3" } },
	{ drop_request_mark, { "request #3 is open, but the index" } },
};

static void test_orders(void **state UNUSED)
{
	past_play(cases, COUNT(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
