/* How far somebody has heard: in any order, bounded, and kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bank/heard.h"
#include "base/mem.h"
#include "house.h"
#include "store/record.h"

enum { BEN = 7 };

static void test_order(void **state)
{
	struct heard heard = { .upto = 10 };

	(void)state;
	heard_add(&heard, 15);
	heard_add(&heard, 12);
	heard_add(&heard, 13);
	heard_add(&heard, 13);
	heard_add(&heard, 9);
	assert_int_equal(heard.count, 3);
	assert_int_equal(heard.upto, 10);
	for (uint64_t seq = 1; seq <= 16; seq++)
		assert_int_equal(heard_has(&heard, seq),
				 seq <= 10 || seq == 12 || seq == 13 ||
					 seq == 15);
	heard_advance(&heard, 13);
	assert_int_equal(heard.count, 1);
	assert_true(heard_has(&heard, 11));
	assert_false(heard_has(&heard, 14));
	assert_true(heard_has(&heard, 15));
	heard_advance(&heard, 3);
	assert_int_equal(heard.upto, 13);
}

static void test_bound(void **state)
{
	struct heard heard = { 0 };

	(void)state;
	for (uint64_t i = 1; i <= HEARD_SINGLE; i++)
		heard_add(&heard, 2 * i);
	assert_int_equal(heard.upto, 0);
	/* Room is made below; what would stand there counts as heard. */
	heard_add(&heard, 1);
	assert_int_equal(heard.upto, 2);
	heard_add(&heard, 1000);
	heard_add(&heard, 1001);
	assert_int_equal(heard.upto, 4);
	assert_int_equal(heard.count, HEARD_SINGLE);
	assert_true(heard_has(&heard, 1001));
	assert_false(heard_has(&heard, 5));
}

struct put {
	struct store *store;
	struct heard heard;
};

static enum err put(struct store_txn *txn, void *arg)
{
	const struct put *p = arg;

	return heard_put(txn, p->store, BEN, &p->heard);
}

static void test_kept(void **state)
{
	struct house *h = *state;
	struct put p = { .store = h->store };
	struct heard heard;

	assert_int_equal(heard_get(h->store, BEN, &heard), ERR_OK);
	assert_int_equal(heard.upto, 0);
	assert_int_equal(heard.count, 0);
	for (uint64_t i = 0; i < HEARD_SINGLE; i++)
		heard_add(&p.heard, 100 + 3 * i);
	assert_int_equal(store_run(h->store, put, &p), ERR_OK);
	house_restart(h);
	assert_int_equal(heard_get(h->store, BEN, &heard), ERR_OK);
	assert_memory_equal(&heard, &p.heard, sizeof(heard));
	assert_int_equal(heard_drop(h->store, BEN), ERR_OK);
	assert_int_equal(heard_drop(h->store, BEN), ERR_OK);
	assert_int_equal(heard_get(h->store, BEN, &heard), ERR_OK);
	assert_int_equal(heard.count, 0);
}

/* Cut, too long, out of order, of another version: never read as anything. */
static void test_spoiled(void **state)
{
	static const uint8_t good[] = { 1, 0, 0, 0, 0, 0, 0, 0, 2,
					1, 0, 0, 0, 0, 0, 0, 0, 5 };
	struct house *h = *state;
	uint8_t key[RECORD_KEY];
	uint8_t bad[sizeof(good) + 1];
	struct heard heard;
	AUTO(buf_fini) struct buf report = { 0 };

	record_key(BEN, key);
	house_spoil(h, "bank_heard", key, sizeof(key), good, sizeof(good));
	assert_int_equal(heard_get(h->store, BEN, &heard), ERR_OK);
	assert_true(heard_has(&heard, 5) && !heard_has(&heard, 3));
	assert_int_equal(heard_verify(h->store, &report), ERR_OK);
	for (size_t i = 0; i <= sizeof(good); i++) {
		static const uint8_t changed[sizeof(good) + 1] = {
			[0] = 2, [9] = 3, [17] = 2
		};

		memset(bad, 0, sizeof(bad));
		memcpy(bad, good, sizeof(good));
		if (i < sizeof(good) && changed[i] != 0)
			bad[i] = changed[i];
		else if (i < sizeof(good))
			continue;
		house_spoil(h, "bank_heard", key, sizeof(key), bad,
			    sizeof(good) + (i == sizeof(good)));
		assert_int_equal(heard_get(h->store, BEN, &heard), ERR_CORRUPT);
	}
	for (size_t len = 0; len < sizeof(good); len++) {
		house_spoil(h, "bank_heard", key, sizeof(key), good, len);
		assert_int_equal(heard_get(h->store, BEN, &heard), ERR_CORRUPT);
	}
	assert_int_equal(heard_verify(h->store, &report), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), "bank_heard"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_bound),
		cmocka_unit_test_setup_teardown(test_kept, house_set_up,
						house_tear_down),
		cmocka_unit_test_setup_teardown(test_spoiled, house_set_up,
						house_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
