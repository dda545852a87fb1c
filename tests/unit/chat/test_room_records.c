#include "chat/room_records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "hall.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

/* The number in a byte, and nothing else. */
static bool read_one(const void *value, size_t len, void *list,
		     uint64_t *number_r)
{
	const char *byte = value;

	if (len != 1)
		return false;
	if (list != NULL)
		buf_add_char(list, byte[0]);
	*number_r = (uint64_t)(byte[0] - '0');
	return true;
}

struct planting {
	struct hall *hall;
	const char *room;
	uint64_t number;
	const char *value;
};

static enum err plant_one(struct store_txn *txn, void *arg)
{
	const struct planting *p = arg;
	uint8_t key[ROOM_RECORD_KEY];
	size_t len = room_record_key(p->room, p->number, key);

	return store_put(txn, store_table(p->hall->store, RIGHTS_TABLES), key,
			 len, p->value, strlen(p->value));
}

static void plant(struct hall *h, const char *room, uint64_t number,
		  const char *value)
{
	struct planting p = { h, room, number, value };

	assert_int_equal(store_run(h->store, plant_one, &p), ERR_OK);
}

static void each_room_has_its_own(void **state)
{
	struct hall *h = *state;
	AUTO(buf_fini) struct buf list = { 0 };

	plant(h, "Den", 2, "2");
	plant(h, "den2", 3, "3");
	plant(h, "den", 1, "1");
	plant(h, "de", 4, "4");
	assert_int_equal(room_records_load(h->store, RIGHTS_TABLES, "dEN",
					   read_one, &list),
			 ERR_OK);
	assert_string_equal(buf_text(&list), "12");
	assert_int_equal(room_records_verify(h->store, RIGHTS_TABLES, read_one,
					     &h->text),
			 ERR_OK);
}

static void what_is_broken_is_found(void **state)
{
	struct hall *h = *state;
	AUTO(buf_fini) struct buf list = { 0 };
	AUTO(buf_fini) struct buf report = { 0 };

	plant(h, "den", 1, "1");
	plant(h, "den", 2, "3");
	plant(h, "pub", 5, "55");
	plant(h, "bar", 0, "0");
	plant(h, "inn", 6, "6");
	assert_int_equal(
		room_records_verify(h->store, RIGHTS_TABLES, read_one, &report),
		ERR_CORRUPT);
	assert_string_equal(buf_text(&report),
			    "rights: a record cannot be read\n"
			    "rights: a record cannot be read\n"
			    "rights: a record cannot be read\n");
	assert_int_equal(room_records_load(h->store, RIGHTS_TABLES, "den",
					   read_one, &list),
			 ERR_CORRUPT);
	assert_int_equal(room_records_load(h->store, RIGHTS_TABLES, "inn",
					   read_one, &list),
			 ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(each_room_has_its_own),
		IN_HALL(what_is_broken_is_found),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("room_records", tests, NULL, NULL);
}
