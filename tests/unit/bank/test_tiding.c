/* Tidings: kept until they are told and a while longer, so many of a user. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/tiding.h"
#include "base/mem.h"
#include "house.h"

enum { BEN = 7, CLEO = 8 };

struct step {
	struct store *store;
	const struct tiding *put;
	const struct tiding_name *heard;
};

static enum err do_step(struct store_txn *txn, void *arg)
{
	const struct step *s = arg;
	struct store_table *table = store_table(s->store, TIDING_TABLES);
	bool is_damaged;

	return s->put != NULL ? tiding_put(txn, table, s->put, &is_damaged)
			      : tiding_heard(txn, table, BEN, s->heard);
}

static void put(struct house *h, user_id user, uint64_t number, int64_t made_ms)
{
	const struct tiding t = { .user = user,
				  .name = { TIDING_CANCELLED, number },
				  .made_ms = made_ms,
				  .by = "ann" };
	struct step step = { h->store, &t, NULL };

	assert_int_equal(store_run(h->store, do_step, &step), ERR_OK);
}

static void hear(struct house *h, uint64_t number)
{
	const struct tiding_name name = { TIDING_CANCELLED, number };
	struct step step = { h->store, NULL, &name };

	assert_int_equal(store_run(h->store, do_step, &step), ERR_OK);
}

static size_t list(struct house *h, struct tiding list_r[TIDINGS_MOST])
{
	size_t count;

	assert_int_equal(tiding_list(h->store, BEN, list_r, &count), ERR_OK);
	return count;
}

/* They are no users: nothing of theirs may be left. */
static void forget_all(struct house *h)
{
	assert_int_equal(tiding_forget(h->store, BEN), ERR_OK);
	assert_int_equal(tiding_forget(h->store, CLEO), ERR_OK);
}

static void test_told(void **state)
{
	struct tiding found[TIDINGS_MOST];
	struct house *h = *state;

	put(h, BEN, 2, 1000);
	put(h, BEN, 1, 2000);
	put(h, CLEO, 3, 1000);
	assert_int_equal(list(h, found), 2);
	assert_int_equal(found[0].name.number, 2); /* the oldest first */
	assert_string_equal(found[1].by, "ann");
	hear(h, 2);
	hear(h, 99); /* there is none */
	assert_int_equal(list(h, found), 2);
	assert_true(found[0].is_told);
	assert_false(found[1].is_told);
	/* It is known for a minute. */
	put(h, BEN, 4, 1000 + TIDING_RECENT_MS);
	assert_int_equal(list(h, found), 3);
	put(h, BEN, 5, 1001 + TIDING_RECENT_MS);
	assert_int_equal(list(h, found), 3);
	assert_int_equal(found[0].name.number, 1);
	forget_all(h);
}

static void test_bound(void **state)
{
	struct tiding found[TIDINGS_MOST];
	struct house *h = *state;

	for (unsigned i = 1; i <= TIDINGS_MOST + 3; i++)
		put(h, BEN, i, 1000 + i);
	assert_int_equal(list(h, found), TIDINGS_MOST);
	assert_int_equal(found[0].name.number, 4);
	assert_int_equal(tiding_forget(h->store, BEN), ERR_OK);
	assert_int_equal(list(h, found), 0);
}

/* One who does much is forgotten before others are. */
static void test_flood(void **state)
{
	struct tiding t = { .user = BEN,
			    .name = { TIDING_DECLINED, 1 },
			    .made_ms = 1000,
			    .by = "ann",
			    .actor = 1 };
	struct tiding found[TIDINGS_MOST];
	struct house *h = *state;
	struct step step = { h->store, &t, NULL };

	assert_int_equal(store_run(h->store, do_step, &step), ERR_OK);
	t.actor = 2;
	t.name.kind = TIDING_CANCELLED;
	assert_int_equal(store_run(h->store, do_step, &step), ERR_OK);
	t.name.kind = TIDING_HOLDER_OUT;
	for (t.name.number = 2; t.name.number < 3 * TIDINGS_MOST;
	     t.name.number++) {
		t.made_ms++;
		assert_int_equal(store_run(h->store, do_step, &step), ERR_OK);
	}
	assert_int_equal(list(h, found), TIDINGS_MOST);
	assert_int_equal(found[0].name.number, 1);
	assert_int_equal(found[0].actor, 1);
	/* What /accept must know: see TIDING_RECENT_MS. */
	assert_int_equal(found[1].name.number, 1);
	assert_int_equal(found[1].name.kind, TIDING_CANCELLED);
	t.made_ms += TIDING_RECENT_MS;
	assert_int_equal(store_run(h->store, do_step, &step), ERR_OK);
	assert_int_equal(list(h, found), TIDINGS_MOST);
	assert_int_not_equal(found[1].name.number, 1);
	forget_all(h);
}

/* Others are not forgotten with it. */
static void test_forget(void **state)
{
	struct tiding found[TIDINGS_MOST];
	struct house *h = *state;
	size_t count;

	put(h, BEN, 1, 1);
	put(h, CLEO, 1, 1);
	assert_int_equal(tiding_forget(h->store, BEN), ERR_OK);
	assert_int_equal(list(h, found), 0);
	assert_int_equal(tiding_list(h->store, CLEO, found, &count), ERR_OK);
	assert_int_equal(count, 1);
	forget_all(h);
}

static void test_record(void **state)
{
	AUTO(buf_fini) struct buf value = { 0 };
	const struct tiding tiding = { .user = BEN,
				       .name = { TIDING_CLOSED, 258 },
				       .made_ms = 5,
				       .is_told = true,
				       .actor = 3,
				       .by = "ann",
				       .account = 9 };
	uint8_t key[] = { 0, 0, 0, 0, 0, 0, 0, BEN, TIDING_CLOSED,
			  0, 0, 0, 0, 0, 0, 1, 2 };
	struct store_record record = { .key = key, .key_len = sizeof(key) };
	struct tiding back;

	(void)state;
	tiding_encode(&tiding, &value);
	record.value = buf_at(&value);
	record.value_len = buf_len(&value);
	assert_true(tiding_decode(&record, &back));
	assert_int_equal(back.user, BEN);
	assert_int_equal(back.name.number, 258);
	assert_int_equal(back.made_ms, 5);
	assert_true(back.is_told);
	assert_int_equal(back.actor, 3);
	assert_int_equal(back.account, 9);
	key[8] = TIDING_KINDS;
	assert_false(tiding_decode(&record, &back));
	key[8] = TIDING_NONE;
	assert_false(tiding_decode(&record, &back));
	key[8] = TIDING_CLOSED;
	record.key_len--;
	assert_false(tiding_decode(&record, &back));
	record.key_len++;
	while (record.value_len-- > 0)
		assert_false(tiding_decode(&record, &back));
}

static void test_verify(void **state)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct house *h = *state;
	static const uint8_t bad[] = { 1, 2, 3 };

	put(h, BEN, 1, 1);
	assert_int_equal(tiding_verify(h->store, &report), ERR_OK);
	house_spoil(h, TIDING_TABLES, bad, sizeof(bad), bad, sizeof(bad));
	assert_int_equal(tiding_verify(h->store, &report), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), TIDING_TABLES));
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, house_set_up, house_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_told),   CASE(test_bound),  CASE(test_flood),
		CASE(test_forget), CASE(test_record), CASE(test_verify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
