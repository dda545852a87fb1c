/* The queue, transactions, groups, ids, quotas; and what the settings set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/record.h"
#include "world.h"

#define MEMBER AUTHORITY_MEMBER

static unsigned done_count;

static void count_done(struct order *order)
{
	(void)order;
	done_count++;
}

static struct order pay(struct world *w, money amount)
{
	struct order order =
		world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, BENS, amount);

	order.done = count_done;
	return order;
}

static void link_group(struct order *orders, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++)
		orders[i].together = &orders[i + 1];
}

/* Many are carried out in one transaction; who is refused disturbs nobody. */
static void test_batch(void **state)
{
	enum { MANY = 20 };
	struct world *w = *state;
	struct ledger_figures before;
	struct ledger_figures after;
	struct order orders[MANY];

	ledger_figures(w->house.ledger, &before);
	w->house.wakes = 0;
	done_count = 0;
	for (int i = 0; i < MANY; i++) {
		orders[i] = pay(w, i % 2 == 0 ? 10 : -1);
		assert_true(ledger_submit(w->house.ledger, &orders[i]));
	}
	assert_int_equal(w->house.wakes, 1);
	ledger_drain(w->house.ledger);
	ledger_figures(w->house.ledger, &after);
	assert_int_equal(done_count, MANY);
	assert_int_equal(after.batches - before.batches, 1);
	assert_int_equal(after.entries - before.entries, MANY / 2);
	assert_int_equal(after.refused - before.refused, MANY / 2);
	assert_int_equal(after.waiting, 0);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(orders[i].result,
				 i % 2 == 0 ? ERR_OK : ERR_BAD_AMOUNT);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 9900);
	assert_true(ledger_submit(w->house.ledger, &orders[0]));
	assert_int_equal(w->house.wakes, 2);
	ledger_drain(w->house.ledger);
}

/* Given at once, they wait together before anybody is woken. */
static void test_each(void **state)
{
	struct world *w = *state;
	struct ledger_figures figures;
	struct order good = pay(w, 10);
	struct order bad = pay(w, -1);
	struct order *each[] = { &good, &bad };

	w->house.wakes = 0;
	assert_true(ledger_submit_each(w->house.ledger, each, 2));
	assert_int_equal(w->house.wakes, 1);
	ledger_figures(w->house.ledger, &figures);
	assert_int_equal(figures.waiting, 2);
	ledger_drain(w->house.ledger);
	assert_int_equal(good.result, ERR_OK);
	assert_int_equal(bad.result, ERR_BAD_AMOUNT);
}

/* Who was woken to drain may come late: all jobs may be waiting for orders. */
static void test_run_beside_a_late_drain(void **state)
{
	struct world *w = *state;
	struct order first = pay(w, 10);
	struct order second = pay(w, 10);
	struct order third = pay(w, 10);

	w->house.wakes = 0;
	done_count = 0;
	assert_true(ledger_submit(w->house.ledger, &first));
	assert_int_equal(ledger_run(w->house.ledger, &second), ERR_OK);
	assert_int_equal(done_count, 1);
	assert_true(second.entry.seq == first.entry.seq + 1);
	/* It is still on its way. */
	assert_true(ledger_submit(w->house.ledger, &third));
	assert_int_equal(w->house.wakes, 1);
	ledger_drain(w->house.ledger);
	assert_int_equal(done_count, 2);
	assert_true(ledger_submit(w->house.ledger, &first));
	assert_int_equal(w->house.wakes, 2);
	ledger_drain(w->house.ledger);
}

/* Others need the thread, too. */
static void test_drain_some(void **state)
{
	enum { MANY = LEDGER_TURN * LEDGER_BATCH + 1 };
	struct world *w = *state;
	struct order *orders = mem_zero(MANY * sizeof(*orders));

	w->house.wakes = 0;
	done_count = 0;
	for (int i = 0; i < MANY; i++) {
		orders[i] = pay(w, 0);
		assert_true(ledger_submit(w->house.ledger, &orders[i]));
	}
	assert_false(ledger_drain_some(w->house.ledger));
	assert_int_equal(done_count, MANY - 1);
	/* Who left the rest comes back for it. */
	assert_true(ledger_submit(w->house.ledger, &orders[0]));
	assert_int_equal(w->house.wakes, 1);
	assert_true(ledger_drain_some(w->house.ledger));
	assert_int_equal(done_count, MANY + 1);
	mem_free(orders);
}

static void test_full_queue(void **state)
{
	struct world *w = *state;
	struct order *orders =
		mem_zero((LEDGER_QUEUE_MOST + 1) * sizeof(*orders));

	done_count = 0;
	for (int i = 0; i <= LEDGER_QUEUE_MOST; i++) {
		orders[i] = pay(w, 0);
		assert_int_equal(ledger_submit(w->house.ledger, &orders[i]),
				 i < LEDGER_QUEUE_MOST);
	}
	ledger_drain(w->house.ledger);
	assert_int_equal(done_count, LEDGER_QUEUE_MOST);
	assert_true(ledger_submit(w->house.ledger, &orders[LEDGER_QUEUE_MOST]));
	ledger_drain(w->house.ledger);
	assert_int_equal(done_count, LEDGER_QUEUE_MOST + 1);
	mem_free(orders);
}

/* All or nothing; the one that was refused says why. */
static void test_group(void **state)
{
	struct world *w = *state;
	struct order group[] = { pay(w, 10), pay(w, 20), pay(w, 99999),
				 pay(w, 30) };
	struct order alone = pay(w, 1);

	link_group(group, COUNT(group));
	done_count = 0;
	assert_true(ledger_submit(w->house.ledger, &group[0]));
	assert_true(ledger_submit(w->house.ledger, &alone));
	ledger_drain(w->house.ledger);
	assert_int_equal(done_count, COUNT(group) + 1);
	assert_int_equal(group[0].result, ERR_AGAIN);
	assert_int_equal(group[0].entry.seq, 0);
	assert_int_equal(group[1].result, ERR_AGAIN);
	assert_int_equal(group[2].result, ERR_INSUFFICIENT_FUNDS);
	assert_string_not_equal(group[2].words, "");
	assert_int_equal(group[3].result, ERR_AGAIN);
	assert_int_equal(alone.result, ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 9999);
	group[2].amount = 40;
	assert_int_equal(ledger_run(w->house.ledger, &group[0]), ERR_OK);
	for (size_t i = 0; i < COUNT(group); i++) {
		assert_int_equal(group[i].result, ERR_OK);
		assert_true(group[i].entry.seq > 0);
	}
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 9899);
}

/* A refusal within a group is not remembered: none of it was answered. */
static void test_group_ids(void **state)
{
	struct world *w = *state;
	struct order group[] = { pay(w, 10), pay(w, 10000) };

	link_group(group, COUNT(group));
	group[0].id = house_id(1);
	group[1].id = house_id(2);
	assert_int_equal(ledger_run(w->house.ledger, &group[0]), ERR_AGAIN);
	house_fund(&w->house, w->places[ANNS], 10);
	assert_int_equal(ledger_run(w->house.ledger, &group[0]), ERR_OK);
	assert_false(group[0].is_repeated);
	assert_int_equal(ledger_run(w->house.ledger, &group[0]), ERR_OK);
	assert_true(group[0].is_repeated);
	assert_true(group[1].is_repeated);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 0);
}

/* A large group is one transaction as well. */
static void test_large_group(void **state)
{
	enum { MANY = 2000 };
	struct world *w = *state;
	struct order *group = mem_zero(MANY * sizeof(*group));

	for (int i = 0; i < MANY; i++)
		group[i] = pay(w, 1);
	link_group(group, MANY);
	assert_int_equal(ledger_run(w->house.ledger, group), ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 8000);
	mem_free(group);
}

static void test_repeat(void **state)
{
	struct world *w = *state;
	struct order order = pay(w, 10);
	struct order other;
	uint64_t seq;

	order.id = house_id(7);
	world_want(w, "first", &order, ERR_OK);
	seq = order.entry.seq;
	assert_false(order.is_repeated);
	house_restart(&w->house);
	world_want(w, "the same, after a restart", &order, ERR_OK);
	assert_true(order.is_repeated);
	assert_int_equal(order.entry.seq, seq);
	assert_int_equal(order.entry.legs[0].amount, 10);
	other = order;
	other.amount = 11;
	world_want(w, "another amount", &other, ERR_ID_CONFLICT);
	other = order;
	snprintf(other.memo, sizeof(other.memo), "tea");
	world_want(w, "another memo", &other, ERR_ID_CONFLICT);
	other = world_order(w, ORDER_PAY, BEN, MEMBER, BENS, ANNS, 10);
	other.id = house_id(7);
	world_want(w, "of somebody else", &other, ERR_OK);
	assert_false(other.is_repeated);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 10000);
}

/* What was refused stays refused under that id, whatever has changed. */
static void test_repeat_refused(void **state)
{
	struct world *w = *state;
	struct order order = pay(w, 10001);
	char words[ORDER_WORDS];

	order.id = house_id(8);
	world_want(w, "too much", &order, ERR_INSUFFICIENT_FUNDS);
	snprintf(words, sizeof(words), "%s", order.words);
	house_fund(&w->house, w->places[ANNS], 1);
	house_restart(&w->house);
	world_want(w, "again", &order, ERR_INSUFFICIENT_FUNDS);
	assert_true(order.is_repeated);
	assert_string_equal(order.words, words);
	order.id = house_id(9);
	world_want(w, "under another id", &order, ERR_OK);
}

/* Twice in one transaction. */
static void test_repeat_beside(void **state)
{
	struct world *w = *state;
	struct order first = pay(w, 10);
	struct order second;

	first.id = house_id(10);
	second = first;
	assert_true(ledger_submit(w->house.ledger, &first));
	assert_true(ledger_submit(w->house.ledger, &second));
	ledger_drain(w->house.ledger);
	assert_int_equal(first.result, ERR_OK);
	assert_int_equal(second.result, ERR_OK);
	assert_true(second.is_repeated);
	assert_int_equal(second.entry.seq, first.entry.seq);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 9990);
}

/* Until when is counted from the moment of asking: it is no other question. */
static void test_repeat_due(void **state)
{
	struct world *w = *state;
	struct order order = pay(w, 10);

	order.kind = ORDER_HOLD;
	order.id = house_id(11);
	order.due_ms = clock_wall_ms() + 5000;
	world_want(w, "hold", &order, ERR_OK);
	clock_fake_advance(100);
	order.due_ms = clock_wall_ms() + 5000;
	world_want(w, "again", &order, ERR_OK);
	assert_true(order.is_repeated);
	assert_int_equal(house_held(&w->house, w->places[ANNS]), 10);
}

/* What ends first, in the same order, does not count for the answer. */
static void test_repeat_behind_an_end(void **state)
{
	struct world *w = *state;
	struct order order = pay(w, 10);
	uint64_t seq;

	(void)house_hold(&w->house, w->people[ANN], w->places[ANNS],
			 w->places[BENS], 10, 1000);
	clock_fake_advance(2000);
	order.id = house_id(8);
	world_want(w, "pay", &order, ERR_OK);
	seq = order.entry.seq;
	assert_int_equal(house_held(&w->house, w->places[ANNS]), 0);
	world_want(w, "again", &order, ERR_OK);
	assert_true(order.is_repeated);
	assert_int_equal(order.entry.seq, seq);
	assert_int_equal(order.entry.kind, ENTRY_PAY);
}

/* Members have a rate; their office and the bank have none. */
static void test_quota(void **state)
{
	struct world *w = *state;
	struct order order = pay(w, 1);
	struct order beside;

	w->house.settings.rate = (struct rate){ .count = 3, .period_s = 60 };
	house_reload(&w->house);
	for (int i = 0; i < 3; i++)
		world_want(w, "within it", &order, ERR_OK);
	world_want(w, "too many", &order, ERR_FLOOD);
	beside = world_order(w, ORDER_PAY, BEN, MEMBER, BENS, ANNS, 1);
	world_want(w, "another's", &beside, ERR_OK);
	beside = world_order(w, ORDER_OPENING, ADA, AUTHORITY_ADMIN, OPENING,
			     ANNS, 1);
	world_want(w, "an administrator's", &beside, ERR_OK);
	clock_fake_advance(20 * 1000);
	world_want(w, "a while later", &order, ERR_OK);
}

/* Damage hits the order that meets it; who was refused stays refused. */
static void test_damage(void **state)
{
	AUTO(buf_fini) struct buf whole = { 0 };
	struct world *w = *state;
	struct order orders[] = { pay(w, 1), pay(w, 2), pay(w, 4), pay(w, 8) };
	struct account full = house_look(&w->house, w->places[FULL]);
	uint8_t key[RECORD_KEY];

	w->house.settings.rate = (struct rate){ .count = 2, .period_s = 60 };
	house_reload(&w->house);
	account_encode(&full, &whole);
	record_key(full.id, key);
	house_spoil(&w->house, "bank_accounts", key, sizeof(key), "x", 1);
	/* It is read once. */
	house_restart(&w->house);
	orders[0].to = w->places[FULL];
	orders[3].by.user = w->people[BEN];
	orders[3].from = w->places[BENS];
	orders[3].to = w->places[ANNS];
	for (size_t i = 0; i < COUNT(orders); i++)
		assert_true(ledger_submit(w->house.ledger, &orders[i]));
	ledger_drain(w->house.ledger);
	assert_int_equal(orders[0].result, ERR_CORRUPT);
	assert_int_equal(orders[1].result, ERR_OK);
	assert_int_equal(orders[2].result, ERR_FLOOD);
	assert_int_equal(orders[3].result, ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 10006);
	house_spoil(&w->house, "bank_accounts", key, sizeof(key),
		    buf_at(&whole), buf_len(&whole));
}

/* Whoever stands in front of it, refused before it was their turn. */
static void test_damage_behind_a_flood(void **state)
{
	AUTO(buf_fini) struct buf whole = { 0 };
	struct world *w = *state;
	struct account full = house_look(&w->house, w->places[FULL]);
	struct order orders[] = { pay(w, 1), pay(w, 2), pay(w, 4) };
	struct order before = pay(w, 8);
	uint8_t key[RECORD_KEY];

	w->house.settings.rate = (struct rate){ .count = 1, .period_s = 60 };
	house_reload(&w->house);
	account_encode(&full, &whole);
	record_key(full.id, key);
	house_spoil(&w->house, "bank_accounts", key, sizeof(key), "x", 1);
	house_restart(&w->house);
	house_want(&w->house, &before, ERR_OK);
	orders[1] = world_order(w, ORDER_OPENING, ADA, AUTHORITY_ADMIN, OPENING,
				FULL, 2);
	orders[2] = world_order(w, ORDER_PAY, BEN, MEMBER, BENS, ANNS, 4);
	for (size_t i = 0; i < COUNT(orders); i++) {
		orders[i].done = count_done;
		assert_true(ledger_submit(w->house.ledger, &orders[i]));
	}
	ledger_drain(w->house.ledger);
	assert_int_equal(orders[0].result, ERR_FLOOD);
	assert_int_equal(orders[1].result, ERR_CORRUPT);
	assert_int_equal(orders[2].result, ERR_OK);
	house_spoil(&w->house, "bank_accounts", key, sizeof(key),
		    buf_at(&whole), buf_len(&whole));
}

static void test_settings(void **state)
{
	AUTO(buf_fini) struct buf why = { 0 };
	struct world *w = *state;
	struct house *h = &w->house;
	struct bank_settings settings = h->settings;
	struct book_head before;
	struct book_head after;

	assert_int_equal(book_head(h->store, &before), ERR_OK);
	house_restart(h);
	assert_int_equal(book_head(h->store, &after), ERR_OK);
	assert_int_equal(before.seq, after.seq);
	settings.currency.scale = 3;
	settings.undo_window_s = 7;
	assert_int_equal(ledger_set(h->ledger, &settings, &why),
			 ERR_NOT_ALLOWED);
	assert_string_equal(buf_text(&why),
			    "bank.currency is RIA (R, scale 3), but the bank "
			    "has money in RIA (R, scale 2)");
	ledger_settings(h->ledger, &settings);
	assert_int_equal(settings.currency.scale, 2);
	assert_int_equal(settings.undo_window_s, h->settings.undo_window_s);
	h->settings.floor = -10;
	snprintf(h->settings.cash_account, sizeof(h->settings.cash_account),
		 "cash:box");
	house_reload(h);
	assert_int_equal(house_pay(h, w->people[ANN], w->places[ANNS],
				   w->places[BENS], 10010),
			 ERR_OK);
	assert_int_equal(house_pay(h, w->people[ANN], w->places[ANNS],
				   w->places[BENS], 1),
			 ERR_INSUFFICIENT_FUNDS);
}

/* Who closes the main account and opens another is paid into that one. */
static void test_main(void **state)
{
	struct world *w = *state;
	struct ledger *ledger = w->house.ledger;
	user_id dora = house_user(&w->house, "dora");
	account_id first;
	account_id second;
	account_id found;
	struct order order;

	assert_int_equal(ledger_main(ledger, dora, &found),
			 ERR_NO_SUCH_ACCOUNT);
	first = house_account(&w->house, dora, "");
	assert_int_equal(ledger_main(ledger, dora, &found), ERR_OK);
	assert_int_equal(found, first);
	order = house_order(ORDER_CLOSE, 0);
	order.from = first;
	house_want(&w->house, &order, ERR_OK);
	assert_int_equal(ledger_main(ledger, dora, &found),
			 ERR_NO_SUCH_ACCOUNT);
	second = house_account(&w->house, dora, "");
	assert_int_equal(ledger_main(ledger, dora, &found), ERR_OK);
	assert_int_equal(found, second);
	assert_int_equal(ledger_main(ledger, dora, &found), ERR_OK);
	assert_int_not_equal(found, first);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_batch),          CASE(test_run_beside_a_late_drain),
		CASE(test_drain_some),     CASE(test_full_queue),
		CASE(test_group),          CASE(test_group_ids),
		CASE(test_large_group),    CASE(test_repeat),
		CASE(test_repeat_refused), CASE(test_repeat_beside),
		CASE(test_repeat_due),     CASE(test_quota),
		CASE(test_damage),         CASE(test_damage_behind_a_flood),
		CASE(test_main),           CASE(test_repeat_behind_an_end),
		CASE(test_settings),       CASE(test_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
