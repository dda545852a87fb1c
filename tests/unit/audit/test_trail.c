#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/thread.h"
#include "house.h"

enum { THREADS = 4, EACH = 50 };

struct reading {
	uint64_t next;
	char last[AUDIT_ACTION];
};

static bool read_one(const struct audit_record *record, void *arg)
{
	struct reading *reading = arg;

	assert_int_equal(record->sequence, reading->next);
	reading->next++;
	AUDIT_SET(reading->last, record->entry.action);
	return true;
}

static void assert_holds(struct house *h, uint64_t count, const char *last)
{
	struct reading reading = { .next = 1 };
	struct trail_head head;

	assert_int_equal(trail_walk(h->trail, 1, read_one, &reading), ERR_OK);
	assert_int_equal(reading.next, count + 1);
	assert_string_equal(reading.last, last);
	assert_int_equal(trail_head(h->trail, &head), ERR_OK);
	assert_int_equal(head.sequence, count);
}

static void counts_from_one_across_restarts(void **state)
{
	struct house *h = *state;

	assert_holds(h, 0, "");
	assert_int_equal(house_note(h, "first"), ERR_OK);
	assert_int_equal(house_note(h, "second"), ERR_OK);
	house_close(h);
	house_open(h);
	assert_int_equal(house_note(h, "third"), ERR_OK);
	assert_holds(h, 3, "third");
}

struct act {
	struct house *h;
	enum err outcome;
};

static enum err act(struct store_txn *txn, void *arg)
{
	const struct act *a = arg;
	struct audit_entry entry = { 0 };
	enum err e = store_put(txn, store_table(a->h->store, "things"), "x", 1,
			       "1", 1);

	AUDIT_SET(entry.action, "act");
	if (e == ERR_OK)
		e = trail_write(txn, a->h->trail, &entry);
	return e != ERR_OK ? e : a->outcome;
}

static bool count_one(const struct store_record *record UNUSED, void *arg)
{
	++*(unsigned *)arg;
	return true;
}

struct counting {
	struct house *h;
	unsigned count;
};

static enum err count_things(struct store_txn *txn, void *arg)
{
	struct counting *c = arg;

	c->count = 0;
	return store_walk(txn, store_table(c->h->store, "things"), "", 0,
			  count_one, &c->count);
}

/* Neither without the other. */
static void stands_or_falls_with_its_act(void **state)
{
	struct house *h = *state;
	struct act a = { h, ERR_NOT_ALLOWED };
	struct counting c = { h, 0 };

	assert_int_equal(store_run(h->store, act, &a), ERR_NOT_ALLOWED);
	assert_holds(h, 0, "");
	assert_int_equal(store_view(h->store, count_things, &c), ERR_OK);
	assert_int_equal(c.count, 0);
	a.outcome = ERR_OK;
	assert_int_equal(store_run(h->store, act, &a), ERR_OK);
	assert_holds(h, 1, "act");
	assert_int_equal(store_view(h->store, count_things, &c), ERR_OK);
	assert_int_equal(c.count, 1);
}

static void write_many(void *arg)
{
	for (int i = 0; i < EACH; i++) {
		if (house_note(arg, "many") != ERR_OK)
			abort();
	}
}

static void has_one_order_for_many(void **state)
{
	struct house *h = *state;
	struct thread threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		thread_start(&threads[i], "writer", write_many, h);
	for (int i = 0; i < THREADS; i++)
		thread_join(&threads[i]);
	assert_holds(h, (uint64_t)THREADS * EACH, "many");
}

/* What was exported long ago leaves, and the chain goes on from there. */
static void keeps_the_newest(void **state)
{
	struct house *h = *state;
	struct trail_cursor cursor = { 0 };
	struct trail_head begin;
	struct buf bytes = { 0 };

	for (int i = 0; i < TRAIL_KEEP / 1000 + 6; i++)
		assert_int_equal(house_note_many(h, 1000), ERR_OK);
	cursor.last.sequence = TRAIL_KEEP;
	assert_int_equal(trail_advance(h->trail, &cursor), ERR_OK);
	assert_int_equal(trail_begin(h->trail, &begin), ERR_OK);
	assert_int_equal(begin.sequence, 0);
	cursor.last.sequence = TRAIL_KEEP + 5000;
	assert_int_equal(trail_advance(h->trail, &cursor), ERR_OK);
	assert_int_equal(trail_advance(h->trail, &cursor), ERR_OK);
	assert_int_equal(trail_begin(h->trail, &begin), ERR_OK);
	assert_int_equal(begin.sequence, 5000);
	assert_int_equal(trail_read(h->trail, 5000, &bytes), ERR_NOT_FOUND);
	assert_int_equal(trail_read(h->trail, 5001, &bytes), ERR_OK);
	assert_true(audit_record_follows(buf_at(&bytes), buf_len(&bytes),
					 begin.hash));
	buf_fini(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts_from_one_across_restarts,
						house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(stands_or_falls_with_its_act,
						house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(has_one_order_for_many,
						house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(keeps_the_newest, house_set_up,
						house_tear_down),
	};

	return cmocka_run_group_tests_name("trail", tests, NULL, NULL);
}
