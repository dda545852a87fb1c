#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "place.h"

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

/* A run of records that goes, up to the most-th, or to the end. */
struct drop {
	struct place *p;
	const char *from;
	size_t most;
	size_t count;
	bool is_wiped;
	char last[16];
};

static bool goes(const struct store_record *record, void *arg)
{
	struct drop *d = arg;
	char key[16];

	snprintf(key, sizeof(key), "%.*s", (int)record->key_len,
		 (const char *)record->key);
	assert_true(strcmp(key, d->last) > 0);
	memcpy(d->last, key, sizeof(key));
	return d->count < d->most && ++d->count > 0;
}

static enum err drop(struct store_txn *txn, void *arg)
{
	struct drop *d = arg;

	d->count = 0;
	d->last[0] = '\0';
	return store_drop(txn, d->p->one, d->from, strlen(d->from), d->is_wiped,
			  goes, d);
}

static enum err drop_and_abort(struct store_txn *txn, void *arg)
{
	enum err e = drop(txn, arg);

	return e == ERR_OK ? ERR_NOT_ALLOWED : e;
}

static enum err put_many(struct store_txn *txn, void *arg)
{
	struct place *p = arg;
	enum err e = ERR_OK;

	for (int i = 0; e == ERR_OK && i < 3000; i++) {
		char key[16];

		snprintf(key, sizeof(key), "%c%03d", 'a' + i / 1000, i % 1000);
		e = store_put(txn, p->one, key, strlen(key), "something", 9);
	}
	return e;
}

/* In this order. */
static const struct {
	const char *from;
	size_t most;
	size_t left;
} drop_cases[] = { { "c", 0, 3000 },     { "c", 900, 2100 },
		   { "b500", 1, 2099 },  { "b", 10000, 1000 },
		   { "b", 10000, 1000 }, { "a", 10000, 0 } };

static void drops_up_to_what_stays(void **state)
{
	struct place *p = *state;
	size_t before = 3000;

	assert_int_equal(store_run(p->store, put_many, p), ERR_OK);
	for (size_t i = 0; i < COUNT(drop_cases); i++) {
		struct drop d = { .p = p,
				  .from = drop_cases[i].from,
				  .most = drop_cases[i].most,
				  .is_wiped = i % 2 != 0 };

		assert_int_equal(store_run(p->store, drop_and_abort, &d),
				 ERR_NOT_ALLOWED);
		assert_int_equal(place_count(p, p->one, ""), before);
		assert_int_equal(store_run(p->store, drop, &d), ERR_OK);
		assert_int_equal(d.count, before - drop_cases[i].left);
		before = drop_cases[i].left;
		assert_int_equal(place_count(p, p->one, ""), before);
	}
}

static const char secret[] = "a secret of ann";

static bool is_secret(const struct store_record *record, void *arg)
{
	(void)arg;
	return record->value_len == strlen(secret) &&
	       memcmp(record->value, secret, strlen(secret)) == 0;
}

static enum err wipe_secrets(struct store_txn *txn, void *arg)
{
	struct place *p = arg;

	return store_drop(txn, p->one, "a", 1, true, is_secret, NULL);
}

static bool is_in_file(const struct place *p, const char *text)
{
	AUTO(mem_free_text) char *path = file_join(p->dir, "one.db");
	AUTO(buf_fini) struct buf bytes = { 0 };

	assert_int_equal(file_read(path, 1 << 20, &bytes), ERR_OK);
	return memmem(buf_at(&bytes), buf_len(&bytes), text, strlen(text)) !=
	       NULL;
}

static void wipes_what_it_drops(void **state)
{
	struct place *p = *state;

	for (int i = 0; i < 100; i++) {
		char key[16];

		snprintf(key, sizeof(key), "b%03d", 99 - i);
		assert_int_equal(place_put(p, p->one, key,
					   i < 50 ? "what stays" : secret),
				 ERR_OK);
	}
	place_close(p);
	assert_true(is_in_file(p, secret));
	place_open(p);
	assert_int_equal(store_run(p->store, wipe_secrets, p), ERR_OK);
	assert_int_equal(place_count(p, p->one, "b"), 50);
	place_close(p);
	assert_false(is_in_file(p, secret));
	assert_true(is_in_file(p, "what stays"));
	place_open(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(drops_up_to_what_stays, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(wipes_what_it_drops, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("drop", tests, NULL, NULL);
}
