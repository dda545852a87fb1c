#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "place.h"
#include "store/record.h"

static int set_up(void **state)
{
	struct place *p = mem_zero(sizeof(*p));

	place_init(p);
	place_open(p);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	place_fini(*state);
	mem_free(*state);
	return 0;
}

static void keeps_records(void **state)
{
	struct place *p = *state;
	AUTO(buf_fini) struct buf value;

	buf_init(&value);
	assert_false(place_get(p, p->one, "a", &value));
	assert_int_equal(place_put(p, p->one, "a", "first"), ERR_OK);
	assert_int_equal(place_put(p, p->one, "a", "second"), ERR_OK);
	assert_true(place_get(p, p->one, "a", &value));
	assert_string_equal(buf_text(&value), "second");
	assert_false(place_get(p, p->two, "a", &value));
	assert_int_equal(buf_len(&value), 0);
	place_close(p);
	place_open(p);
	assert_true(place_get(p, p->one, "a", &value));
	assert_string_equal(buf_text(&value), "second");
}

static enum err add_twice(struct store_txn *txn, void *arg)
{
	struct place *p = arg;
	enum err e = store_add(txn, p->one, "k", 1, "v", 1);

	if (e != ERR_OK)
		return e;
	assert_int_equal(store_add(txn, p->one, "k", 1, "w", 1), ERR_EXISTS);
	assert_int_equal(store_delete(txn, p->one, "none", 4), ERR_NOT_FOUND);
	return ERR_OK;
}

static enum err delete_it(struct store_txn *txn, void *arg)
{
	struct place *p = arg;

	return store_delete(txn, p->one, "k", 1);
}

static void adds_once_and_deletes(void **state)
{
	struct place *p = *state;
	AUTO(buf_fini) struct buf value;

	buf_init(&value);
	assert_int_equal(store_run(p->store, add_twice, p), ERR_OK);
	assert_true(place_get(p, p->one, "k", &value));
	assert_string_equal(buf_text(&value), "v");
	assert_int_equal(store_run(p->store, add_twice, p), ERR_EXISTS);
	assert_int_equal(store_run(p->store, delete_it, p), ERR_OK);
	assert_false(place_get(p, p->one, "k", &value));
	assert_int_equal(store_run(p->store, delete_it, p), ERR_NOT_FOUND);
}

static enum err put_and_refuse(struct store_txn *txn, void *arg)
{
	struct place *p = arg;
	uint64_t number;
	enum err e = store_put(txn, p->one, "a", 1, "changed", 7);

	if (e == ERR_OK)
		e = store_put(txn, p->two, "b", 1, "new", 3);
	if (e == ERR_OK)
		e = store_next(txn, "things", &number);
	return e == ERR_OK ? ERR_NOT_ALLOWED : e;
}

static enum err take_number(struct store_txn *txn, void *arg)
{
	return store_next(txn, "things", arg);
}

static void abort_leaves_nothing(void **state)
{
	struct place *p = *state;
	AUTO(buf_fini) struct buf value;
	uint64_t number = 0;

	buf_init(&value);
	assert_int_equal(place_put(p, p->one, "a", "kept"), ERR_OK);
	assert_int_equal(store_run(p->store, put_and_refuse, p),
			 ERR_NOT_ALLOWED);
	assert_true(place_get(p, p->one, "a", &value));
	assert_string_equal(buf_text(&value), "kept");
	assert_false(place_get(p, p->two, "b", &value));
	assert_int_equal(store_run(p->store, take_number, &number), ERR_OK);
	assert_int_equal(number, 1);
}

static void counts_sequences(void **state)
{
	struct place *p = *state;
	uint64_t number = 0;

	for (uint64_t want = 1; want <= 300; want++) {
		assert_int_equal(store_run(p->store, take_number, &number),
				 ERR_OK);
		assert_int_equal(number, want);
	}
	place_close(p);
	place_open(p);
	assert_int_equal(store_run(p->store, take_number, &number), ERR_OK);
	assert_int_equal(number, 301);
}

static enum err put_numbers(struct store_txn *txn, void *arg)
{
	struct place *p = arg;
	uint8_t key[RECORD_KEY_PAIR];
	enum err e = ERR_OK;

	/* Backwards, and more than fit into a few pages. */
	for (uint64_t first = 3; first > 0 && e == ERR_OK; first--)
		for (uint64_t i = 1000; i > 0 && e == ERR_OK; i--) {
			record_key_pair(first, i, key);
			e = store_add(txn, p->one, key, sizeof(key), &i,
				      sizeof(i));
		}
	return e;
}

struct walk {
	struct place *p;
	uint64_t prefix; /* 0: none */
	uint64_t last;
	size_t count;
	size_t most;
};

static bool check_order(const struct store_record *record, void *arg)
{
	struct walk *w = arg;
	uint64_t first = record_key_number(record->key);
	uint64_t second =
		record_key_number((const uint8_t *)record->key + RECORD_KEY);
	uint64_t value;

	assert_int_equal(record->key_len, RECORD_KEY_PAIR);
	assert_int_equal(record->value_len, sizeof(value));
	memcpy(&value, record->value, sizeof(value));
	assert_int_equal(value, second);
	assert_true(first * 10000 + second > w->last);
	w->last = first * 10000 + second;
	if (w->prefix != 0)
		assert_int_equal(first, w->prefix);
	return ++w->count < w->most;
}

static enum err walk(struct store_txn *txn, void *arg)
{
	struct walk *w = arg;
	uint8_t key[RECORD_KEY];

	w->count = 0;
	w->last = 0;
	record_key(w->prefix, key);
	return store_walk(txn, w->p->one, key, w->prefix != 0 ? sizeof(key) : 0,
			  check_order, w);
}

static const struct walk_case {
	uint64_t prefix;
	size_t most;
	size_t want;
} walk_cases[] = {
	{ 0, 10000, 3000 }, { 1, 10000, 1000 }, { 2, 10000, 1000 },
	{ 3, 10000, 1000 }, { 4, 10000, 0 },    { 2, 10, 10 },
};

static void walks_in_order(void **state)
{
	struct place *p = *state;

	assert_int_equal(store_run(p->store, put_numbers, p), ERR_OK);
	for (size_t i = 0; i < COUNT(walk_cases); i++) {
		const struct walk_case *c = &walk_cases[i];
		struct walk w = { .p = p,
				  .prefix = c->prefix,
				  .most = c->most };

		assert_int_equal(store_view(p->store, walk, &w), ERR_OK);
		assert_int_equal(w.count, c->want);
		assert_int_equal(store_run(p->store, walk, &w), ERR_OK);
		assert_int_equal(w.count, c->want);
	}
}

static enum err walk_from(struct store_txn *txn, void *arg)
{
	struct walk *w = arg;
	uint8_t key[RECORD_KEY];

	w->count = 0;
	w->last = 0;
	record_key(w->prefix, key);
	w->prefix = 0; /* whatever comes behind it, too */
	return store_walk_from(txn, w->p->one, key, sizeof(key), check_order,
			       w);
}

static enum err scan(struct store_txn *txn, void *arg)
{
	struct walk *w = arg;
	uint8_t key[RECORD_KEY];

	w->count = 0;
	w->last = 0;
	record_key(w->prefix, key);
	w->prefix = 0;
	return store_scan(txn, w->p->one, key, sizeof(key), check_order, w);
}

static const struct walk_case walk_from_cases[] = {
	{ 0, 10000, 3000 }, { 1, 10000, 3000 }, { 2, 10000, 2000 },
	{ 3, 10000, 1000 }, { 4, 10000, 0 },    { 2, 1, 1 },
};

static void walks_from_a_key_on(void **state)
{
	struct place *p = *state;

	assert_int_equal(store_run(p->store, put_numbers, p), ERR_OK);
	for (size_t i = 0; i < COUNT(walk_from_cases); i++) {
		const struct walk_case *c = &walk_from_cases[i];
		struct walk w = { .p = p,
				  .prefix = c->prefix,
				  .most = c->most };

		assert_int_equal(store_view(p->store, walk_from, &w), ERR_OK);
		assert_int_equal(w.count, c->want);
		w.prefix = c->prefix;
		assert_int_equal(store_view(p->store, scan, &w), ERR_OK);
		assert_int_equal(w.count, c->want);
	}
}

static bool check_descent(const struct store_record *record, void *arg)
{
	struct walk *w = arg;
	const uint8_t *key = record->key;
	uint64_t second = record_key_number(key + RECORD_KEY);

	assert_int_equal(record_key_number(key), w->prefix);
	assert_int_equal(second, w->last - 1);
	w->last = second;
	return ++w->count < w->most;
}

static enum err walk_back(struct store_txn *txn, void *arg)
{
	struct walk *w = arg;
	uint64_t last = w->last;
	uint8_t key[RECORD_KEY_PAIR];
	enum err e;

	w->count = 0;
	record_key_pair(w->prefix, last == 0 ? UINT64_MAX : last, key);
	if (last == 0)
		w->last = 1001;
	e = store_walk_back(txn, w->p->one, key, sizeof(key), RECORD_KEY,
			    check_descent, w);
	w->last = last;
	return e;
}

static const struct {
	uint64_t prefix;
	uint64_t below; /* 0: from the end */
	size_t most;
	size_t want;
} walk_back_cases[] = { { 1, 0, 10000, 1000 },  { 2, 0, 10000, 1000 },
			{ 3, 0, 10000, 1000 },  { 4, 0, 10000, 0 },
			{ 2, 501, 10000, 500 }, { 2, 501, 20, 20 },
			{ 2, 1, 10000, 0 },     { 1, 1, 10000, 0 },
			{ 3, 1000, 10000, 999 } };

static void walks_back(void **state)
{
	struct place *p = *state;

	assert_int_equal(store_run(p->store, put_numbers, p), ERR_OK);
	for (size_t i = 0; i < COUNT(walk_back_cases); i++) {
		struct walk w = { .p = p,
				  .prefix = walk_back_cases[i].prefix,
				  .last = walk_back_cases[i].below,
				  .most = walk_back_cases[i].most };

		assert_int_equal(store_view(p->store, walk_back, &w), ERR_OK);
		assert_int_equal(w.count, walk_back_cases[i].want);
		assert_int_equal(store_run(p->store, walk_back, &w), ERR_OK);
		assert_int_equal(w.count, walk_back_cases[i].want);
	}
}

struct blob {
	struct place *p;
	char *bytes;
	size_t len;
	struct buf value;
};

static enum err put_blob(struct store_txn *txn, void *arg)
{
	const struct blob *b = arg;

	return store_put(txn, b->p->one, "blob", 4, b->bytes, b->len);
}

static enum err get_blob(struct store_txn *txn, void *arg)
{
	struct blob *b = arg;

	return store_get(txn, b->p->one, "blob", 4, &b->value);
}

static const size_t blob_sizes[] = {
	0, 1, 255, 256, 257, 4096, 65536, 1 << 20
};

static void keeps_values_of_any_size(void **state)
{
	struct blob b = { .p = *state };

	b.bytes = mem_zero(STORE_VALUE_MOST);
	memset(b.bytes, 'x', STORE_VALUE_MOST);
	buf_init(&b.value);
	for (size_t i = 0; i < COUNT(blob_sizes); i++) {
		b.len = blob_sizes[i];
		assert_int_equal(store_run(b.p->store, put_blob, &b), ERR_OK);
		assert_int_equal(store_view(b.p->store, get_blob, &b), ERR_OK);
		assert_int_equal(buf_len(&b.value), b.len);
		assert_memory_equal(buf_at(&b.value), b.bytes, b.len);
	}
	buf_fini(&b.value);
	mem_free(b.bytes);
}

static enum err put_many(struct store_txn *txn, void *arg)
{
	struct place *p = arg;
	char value[512] = "";
	uint8_t key[RECORD_KEY];
	enum err e = ERR_OK;

	for (uint64_t i = 0; i < 60000 && e == ERR_OK; i++) {
		/* Far from each other, so that each has a page of its own. */
		record_key(i * 0x9e3779b97f4a7c15U, key);
		e = store_put(txn, p->one, key, sizeof(key), value,
			      sizeof(value));
	}
	return e;
}

static void runs_large_transactions(void **state)
{
	struct place *p = *state;

	assert_int_equal(store_run(p->store, put_many, p), ERR_OK);
	assert_int_equal(place_count(p, p->one, ""), 60000);
}

static void tells_its_state(void **state)
{
	struct place *p = *state;
	struct store_status before;
	struct store_status after;

	store_status(p->store, &before);
	assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
	store_flush(p->store);
	store_keep(p->store);
	store_status(p->store, &after);
	assert_int_equal(after.commits, before.commits + 1);
	assert_true(after.flushes > before.flushes);
	assert_true(after.data_bytes > 0 && after.log_bytes > 0);
	assert_true(after.free_bytes > 0 && after.reserve_bytes > 0);
	assert_false(after.is_full);
	assert_int_equal(after.last_backup_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(keeps_records, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(adds_once_and_deletes, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(abort_leaves_nothing, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(counts_sequences, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(walks_in_order, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(walks_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(walks_from_a_key_on, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(keeps_values_of_any_size,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(runs_large_transactions, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(tells_its_state, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
