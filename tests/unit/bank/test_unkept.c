/* Orders whose id cannot be kept, as on a disk that takes no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

static enum err adding; /* what it comes to, unless it is ERR_OK */

enum err __real_store_add(struct store_txn *txn, struct store_table *table,
			  const void *key, size_t key_len, const void *value,
			  size_t value_len);
enum err __wrap_store_add(struct store_txn *txn, struct store_table *table,
			  const void *key, size_t key_len, const void *value,
			  size_t value_len);

enum err __wrap_store_add(struct store_txn *txn, struct store_table *table,
			  const void *key, size_t key_len, const void *value,
			  size_t value_len)
{
	return adding != ERR_OK ? adding
				: __real_store_add(txn, table, key, key_len,
						   value, value_len);
}

/* Nobody is told that it was done when its id could not be kept. */
static void test_group_without_id(void **state)
{
	struct world *w = *state;
	struct order group[] = {
		world_order(w, ORDER_PAY, ANN, AUTHORITY_MEMBER, ANNS, BENS,
			    10),
		world_order(w, ORDER_PAY, ANN, AUTHORITY_MEMBER, ANNS, BENS,
			    20),
	};

	group[0].together = &group[1];
	group[0].id = house_id(1);
	adding = ERR_NOT_ALLOWED;
	assert_int_equal(ledger_run(w->house.ledger, &group[0]), adding);
	assert_int_equal(group[1].result, ERR_AGAIN);
	adding = ERR_OK;
	assert_int_equal(ledger_run(w->house.ledger, &group[0]), ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 9970);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_group_without_id,
						world_set_up, world_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
