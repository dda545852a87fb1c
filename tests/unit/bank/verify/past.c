#include "past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/meta.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/record.h"

static uint64_t run(struct past *p, struct order *order)
{
	house_want(&p->world->house, order, ERR_OK);
	return order->entry.seq;
}

static struct order order_of(struct past *p, enum order_kind kind,
			     enum person by, enum place from, enum place to,
			     money amount)
{
	return world_order(p->world, kind, by, AUTHORITY_MEMBER, from, to,
			   amount);
}

static uint64_t pay(struct past *p, money amount, uint64_t id)
{
	struct order order = order_of(p, ORDER_PAY, ANN, ANNS, BENS, amount);

	order.id = house_id(id);
	return run(p, &order);
}

static uint64_t refer(struct past *p, enum order_kind kind, enum person by,
		      uint64_t reference, uint64_t id)
{
	struct order order = order_of(p, kind, by, NOWHERE, NOWHERE, 0);

	order.from = 0;
	order.reference = reference;
	if (id != 0)
		order.id = house_id(id);
	return run(p, &order);
}

static uint64_t hold(struct past *p, money amount, int64_t for_ms)
{
	return house_hold(&p->world->house, p->world->people[ANN],
			  p->world->places[ANNS], p->world->places[BENS],
			  amount, for_ms);
}

static uint64_t request(struct past *p, money amount, uint64_t id)
{
	struct order order =
		order_of(p, ORDER_REQUEST, BEN, ANNS, BENS, amount);

	order.due_ms = clock_wall_ms() + 30 * (int64_t)HOUSE_DAY_MS;
	order.id = house_id(id);
	run(p, &order);
	return order.number;
}

static void refuse(struct past *p)
{
	struct order order = order_of(p, ORDER_PAY, ANN, ANNS, BENS, 100000000);

	order.id = house_id(4);
	house_want(&p->world->house, &order, ERR_INSUFFICIENT_FUNDS);
}

static void live_first_month(struct past *p)
{
	p->paid = pay(p, 500, 1);
	p->undone = pay(p, 300, 2);
	p->reversal = refer(p, ORDER_REVERSE, ANN, p->undone, 3);
	refuse(p);
	p->captured = hold(p, 700, 60 * (int64_t)HOUSE_DAY_MS);
	hold(p, 100, HOUSE_HOUR_MS); /* it expires */
	refer(p, ORDER_RELEASE, BEN, hold(p, 200, HOUSE_DAY_MS), 0);
	p->payed = request(p, 250, 5);
}

static void live_second_month(struct past *p)
{
	struct order order;

	p->capture = refer(p, ORDER_CAPTURE, BEN, p->captured, 6);
	p->accepted = refer(p, ORDER_ACCEPT, ANN, p->payed, 7);
	refer(p, ORDER_DECLINE, ANN, request(p, 10, 8), 9);
	p->open = request(p, 11, 10);
	p->held = hold(p, 400, 90 * (int64_t)HOUSE_DAY_MS);
	order = order_of(p, ORDER_CLOSE, ANN, ANNS_SHOE, NOWHERE, 0);
	run(p, &order);
	p->last = pay(p, 1, 11);
}

int past_set_up(void **state)
{
	struct past *p = mem_zero(sizeof(*p));
	void *world;

	if (world_set_up(&world) != 0)
		return -1;
	p->world = world;
	live_first_month(p);
	clock_fake_advance(14 * (int64_t)HOUSE_DAY_MS);
	live_second_month(p);
	*state = p;
	return 0;
}

int past_tear_down(void **state)
{
	struct past *p = *state;

	house_fini(&p->world->house);
	mem_free(p->world);
	mem_free(p);
	return 0;
}

const char *past_verify(struct past *p, struct buf *report)
{
	struct bank_scope scope = { .store = p->world->house.store,
				    .users = p->world->house.users };
	struct bank_extent extent;
	enum err e = bank_verify(&scope, report, &extent);

	assert_int_equal(e, buf_len(report) > 0 ? ERR_CORRUPT : ERR_OK);
	return buf_text(report);
}

void past_want(struct past *p, const char *words)
{
	AUTO(buf_fini) struct buf report = { 0 };
	const char *text = past_verify(p, &report);

	if (strstr(text, words) == NULL)
		fail_msg("not \"%s\" but:\n%s", words, text);
}

void past_play(const struct past_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct past_case *c = &cases[i];
		void *past;

		print_message("# %s\n", c->words[0]);
		assert_int_equal(past_set_up(&past), 0);
		c->spoil(past);
		for (size_t n = 0; n < COUNT(c->words) && c->words[n]; n++)
			past_want(past, c->words[n]);
		(void)past_tear_down(&past);
	}
}

struct reading {
	struct store_table *table;
	uint8_t key[RECORD_KEY];
	struct buf *value;
};

static enum err read_one(struct store_txn *txn, void *arg)
{
	const struct reading *r = arg;

	return store_get(txn, r->table, r->key, sizeof(r->key), r->value);
}

void past_get(struct past *p, const char *table, uint64_t key,
	      struct buf *value)
{
	struct store *store = p->world->house.store;
	struct reading r = { .table = store_table(store, table),
			     .value = value };

	record_key(key, r.key);
	assert_int_equal(store_view(store, read_one, &r), ERR_OK);
}

void past_put(struct past *p, const char *table, uint64_t key,
	      const struct buf *value)
{
	uint8_t bytes[RECORD_KEY];

	record_key(key, bytes);
	house_spoil(&p->world->house, table, bytes, sizeof(bytes),
		    buf_at(value), buf_len(value));
}

void past_delete(struct past *p, const char *table, uint64_t key)
{
	uint8_t bytes[RECORD_KEY];

	record_key(key, bytes);
	house_spoil(&p->world->house, table, bytes, sizeof(bytes), NULL, 0);
}

void past_spoil(struct past *p, const char *table, const void *key,
		size_t key_len, const struct buf *value)
{
	house_spoil(&p->world->house, table, key, key_len,
		    value != NULL ? buf_at(value) : NULL,
		    value != NULL ? buf_len(value) : 0);
}

struct entry past_entry(struct past *p, uint64_t seq)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct entry entry;

	past_get(p, "bank_entries", seq, &value);
	assert_true(entry_decode(buf_at(&value), buf_len(&value), &entry));
	return entry;
}

void past_put_entry(struct past *p, struct entry *entry, bool is_hashed)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t before[DIGEST_BYTES] = { 0 };
	uint8_t hash[DIGEST_BYTES];

	if (entry->seq > 1)
		memcpy(before, past_entry(p, entry->seq - 1).hash,
		       sizeof(before));
	memcpy(hash, entry->hash, sizeof(hash));
	entry_encode(entry, before, &value);
	if (!is_hashed)
		memcpy(buf_at(&value) + buf_len(&value) - sizeof(hash), hash,
		       sizeof(hash));
	past_put(p, "bank_entries", entry->seq, &value);
}

struct ending {
	struct store *store;
	const uint8_t *hash;
};

static enum err put_hash(struct store_txn *txn, void *arg)
{
	const struct ending *ending = arg;
	struct store_table *meta = store_table(ending->store, "bank_meta");
	struct bank_head head;
	enum err e = meta_get_head(txn, meta, &head);

	memcpy(head.hash, ending->hash, sizeof(head.hash));
	return e == ERR_OK ? meta_put_head(txn, meta, &head) : e;
}

void past_chain(struct past *p, uint64_t from)
{
	struct store *store = p->world->house.store;
	struct entry entry;
	struct ending ending = { store, entry.hash };

	for (uint64_t seq = from; seq <= p->last; seq++) {
		entry = past_entry(p, seq);
		past_put_entry(p, &entry, true);
	}
	p->world->house.is_spoiled = true;
	assert_int_equal(store_run(store, put_hash, &ending), ERR_OK);
}

struct account past_account(struct past *p, enum place place)
{
	return house_look(&p->world->house, p->world->places[place]);
}

void past_put_account(struct past *p, const struct account *account)
{
	AUTO(buf_fini) struct buf value = { 0 };

	account_encode(account, &value);
	past_put(p, "bank_accounts", account->id, &value);
}
