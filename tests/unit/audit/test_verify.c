/* Whatever is done to the store behind its back, verify says so and where. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/verify.h"
#include "base/file.h"
#include "base/mem.h"
#include "house.h"
#include "store/record.h"

static void says_how_much_there_is(void **state)
{
	struct house *h = *state;
	struct buf report = { 0 };
	struct audit_extent extent;

	assert_int_equal(house_verify(h, &report, &extent), ERR_OK);
	assert_int_equal(extent.stored, HOUSE_RECORDS);
	assert_int_equal(extent.archived, HOUSE_RECORDS);
	assert_int_equal(extent.files, HOUSE_FILES);
	assert_int_equal(extent.lines, HOUSE_RECORDS);
	assert_int_equal(extent.head.sequence, HOUSE_RECORDS);
	buf_fini(&report);
}

static void is_whole_while_nothing_is_exported_yet(void **state)
{
	struct house *h = *state;

	assert_int_equal(house_note_many(h, 2500), ERR_OK);
	house_assert_whole(h);
	house_finish(h);
	house_assert_whole(h);
}

/* What is done to one row of a table behind the trail's back. */
struct spoil {
	struct store_table *table;
	const void *key;
	size_t key_len;
	const struct buf *value; /* NULL: it is deleted */
};

static enum err spoil_row(struct store_txn *txn, void *arg)
{
	const struct spoil *s = arg;

	if (s->value == NULL)
		return store_delete(txn, s->table, s->key, s->key_len);
	return store_put(txn, s->table, s->key, s->key_len, buf_at(s->value),
			 buf_len(s->value));
}

static void spoil(struct house *h, uint64_t number, const struct buf *value)
{
	uint8_t key[RECORD_KEY];
	struct spoil s = { store_table(h->store, "audit"), key, sizeof(key),
			   value };

	record_key(number, key);
	assert_int_equal(store_run(h->store, spoil_row, &s), ERR_OK);
}

static void every_change_in_the_store_is_found(void **state)
{
	struct house *h = *state;

	for (uint64_t n = 1; n <= HOUSE_RECORDS; n++) {
		struct buf bytes = { 0 };
		char words[64];

		assert_int_equal(trail_read(h->trail, n, &bytes), ERR_OK);
		for (size_t i = 0; i < buf_len(&bytes); i += 7) {
			buf_at(&bytes)[i] ^= 2;
			spoil(h, n, &bytes);
			snprintf(words, sizeof(words), "record %u ",
				 (unsigned)n);
			house_assert_found(h, words);
			buf_at(&bytes)[i] ^= 2;
		}
		spoil(h, n, &bytes);
		buf_fini(&bytes);
	}
	house_assert_whole(h);
}

static void every_lost_record_is_found(void **state)
{
	struct house *h = *state;

	for (uint64_t n = 1; n <= HOUSE_RECORDS; n++) {
		struct buf bytes = { 0 };
		char words[64];

		assert_int_equal(trail_read(h->trail, n, &bytes), ERR_OK);
		spoil(h, n, NULL);
		if (n < HOUSE_RECORDS)
			snprintf(words, sizeof(words),
				 "record %u is missing in the store",
				 (unsigned)n);
		else
			snprintf(words, sizeof(words),
				 "records end at %u, but there were %u",
				 (unsigned)n - 1, (unsigned)n);
		house_assert_found(h, words);
		spoil(h, n, &bytes);
		buf_fini(&bytes);
	}
	house_assert_whole(h);
}

static void exchanged_records_are_found(void **state)
{
	struct house *h = *state;
	struct buf one = { 0 };
	struct buf two = { 0 };

	assert_int_equal(trail_read(h->trail, 5, &one), ERR_OK);
	assert_int_equal(trail_read(h->trail, 6, &two), ERR_OK);
	spoil(h, 5, &two);
	spoil(h, 6, &one);
	house_assert_found(h, "record 5 ");
	buf_fini(&one);
	buf_fini(&two);
}

/* A trail that is sound by itself, and shorter: the cursor tells. */
static void a_shorter_store_is_found(void **state)
{
	struct house *h = *state;
	struct trail_cursor cursor;
	struct buf head = { 0 };
	struct buf bytes = { 0 };
	struct audit_record before;
	struct spoil s = { store_table(h->store, "audit_state"), "head", 4,
			   &head };

	assert_int_equal(trail_read(h->trail, HOUSE_RECORDS - 1, &bytes),
			 ERR_OK);
	assert_true(
		audit_record_decode(buf_at(&bytes), buf_len(&bytes), &before));
	record_begin(&head, 1);
	record_put_u64(&head, HOUSE_RECORDS - 1);
	buf_add(&head, before.hash, sizeof(before.hash));
	spoil(h, HOUSE_RECORDS, NULL);
	assert_int_equal(store_run(h->store, spoil_row, &s), ERR_OK);
	house_assert_found(h,
			   "the trail ends at record 11, but 12 were exported");
	/* And with another record in the place of the one that is gone. */
	assert_int_equal(house_note(h, "other"), ERR_OK);
	house_assert_found(h, "record 12 in the store is not the one that was "
			      "exported");
	assert_int_equal(trail_exported(h->trail, &cursor), ERR_OK);
	assert_int_equal(cursor.last.sequence, HOUSE_RECORDS);
	buf_fini(&head);
	buf_fini(&bytes);
}

static char *copy_from;
static char *copy_to;

static int copy_one(const char *path, const struct stat *st UNUSED, int flag,
		    struct FTW *at UNUSED)
{
	AUTO(mem_free_text)
	char *target = mem_print("%s%s", copy_to, path + strlen(copy_from));
	struct buf bytes = { 0 };

	if (flag == FTW_D)
		return mkdir(target, 0700);
	house_read(path, &bytes);
	house_write(target, buf_at(&bytes), buf_len(&bytes));
	buf_fini(&bytes);
	return 0;
}

/* Back to a copy of the data, with this as the first act after it. */
static void go_back(struct house *h, const char *action)
{
	AUTO(mem_free_text) char *backup = file_join(h->dir, "backup");
	AUTO(mem_free_text) char *later = file_join(h->dir, "later");

	house_close(h);
	copy_from = h->data;
	copy_to = backup;
	assert_int_equal(nftw(copy_from, copy_one, 16, FTW_PHYS), 0);
	house_open(h);
	house_export(h);
	for (int i = 0; i < 5; i++)
		assert_int_equal(house_note(h, "later"), ERR_OK);
	house_finish(h);
	house_assert_whole(h);
	house_close(h);
	assert_int_equal(rename(h->data, later), 0);
	assert_int_equal(rename(backup, h->data), 0);
	house_open(h);
	assert_int_equal(house_note(h, action), ERR_OK);
	house_export(h);
	house_finish(h);
	assert_int_equal(house_note(h, "after"), ERR_OK);
	house_finish(h);
}

static void a_restored_backup_is_known(void **state)
{
	go_back(*state, AUDIT_RESTORE);
	house_assert_whole(*state);
}

static void going_back_otherwise_is_found(void **state)
{
	go_back(*state, "other");
	house_assert_found(*state,
			   "audit.sealed.00000005: it goes back to record 13 "
			   "though no backup was restored");
}

/* A head that the log told: it is in the trail, or the trail was cut. */
static void a_head_of_old_is_looked_for(void **state)
{
	struct house *h = *state;
	struct trail_head known;
	struct audit_scope scope = { &h->settings, exporter_key(h->exporter),
				     &known };
	AUTO(buf_fini) struct buf report = { 0 };
	struct audit_extent extent;

	assert_int_equal(trail_head(h->trail, &known), ERR_OK);
	assert_int_equal(house_note(h, "later"), ERR_OK);
	assert_int_equal(audit_verify(h->trail, &scope, &report, &extent),
			 ERR_OK);
	known.hash[0] ^= 1;
	assert_int_equal(audit_verify(h->trail, &scope, &report, &extent),
			 ERR_CORRUPT);
	assert_non_null(
		strstr(buf_text(&report), "record 12 with that hash is "));
}

#define IN_HOUSE(test)                                                         \
	cmocka_unit_test_setup_teardown(test, house_set_up_full,               \
					house_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(says_how_much_there_is),
		IN_HOUSE(is_whole_while_nothing_is_exported_yet),
		IN_HOUSE(every_change_in_the_store_is_found),
		IN_HOUSE(every_lost_record_is_found),
		IN_HOUSE(exchanged_records_are_found),
		IN_HOUSE(a_shorter_store_is_found),
		IN_HOUSE(a_restored_backup_is_known),
		IN_HOUSE(a_head_of_old_is_looked_for),
		IN_HOUSE(going_back_otherwise_is_found),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
