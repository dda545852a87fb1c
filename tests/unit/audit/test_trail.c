#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/trail.h"
#include "base/mem.h"
#include "base/thread.h"

enum { THREADS = 4, EACH = 50 };

static const char *const tables[] = { TRAIL_TABLES, "things", NULL };

struct house {
	char dir[32];
	struct store *store;
	struct trail *trail;
};

static void open_house(struct house *h)
{
	struct store_options options = { .dir = h->dir, .tables = tables };
	AUTO(buf_fini) struct buf why = { 0 };

	if (store_open(&options, &h->store, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
	h->trail = trail_new(h->store);
}

static void close_house(struct house *h)
{
	trail_free(&h->trail);
	store_close(&h->store);
}

static int set_up(void **state)
{
	struct house *h = mem_zero(sizeof(*h));

	snprintf(h->dir, sizeof(h->dir), "/tmp/rialto-audit-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	open_house(h);
	*state = h;
	return 0;
}

static int remove_one(const char *path, const struct stat *st UNUSED,
		      int flag UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

static int tear_down(void **state)
{
	struct house *h = *state;

	close_house(h);
	nftw(h->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(h);
	return 0;
}

static enum err note(struct house *h, const char *action)
{
	struct audit_entry entry = { 0 };

	AUDIT_SET(entry.action, action);
	return trail_note(h->trail, &entry);
}

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
	assert_int_equal(note(h, "first"), ERR_OK);
	assert_int_equal(note(h, "second"), ERR_OK);
	close_house(h);
	open_house(h);
	assert_int_equal(note(h, "third"), ERR_OK);
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
		if (note(arg, "many") != ERR_OK)
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts_from_one_across_restarts,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(stands_or_falls_with_its_act,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(has_one_order_for_many, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("trail", tests, NULL, NULL);
}
