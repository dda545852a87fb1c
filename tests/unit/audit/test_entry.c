#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/entry.h"

static const uint8_t before[DIGEST_BYTES] = { 1, 2, 3 };

static struct audit_record sample(void)
{
	struct audit_record record = { .sequence = 7, .time_ms = 1234 };

	AUDIT_SET(record.entry.action, "room.ban");
	AUDIT_SET(record.entry.actor, "ann");
	record.entry.user = 3;
	record.entry.session = 9;
	AUDIT_SET(record.entry.address, "192.0.2.1");
	AUDIT_SET(record.entry.room, "den");
	AUDIT_SET(record.entry.target, "*!guest@*.example");
	AUDIT_SET(record.entry.outcome, "ok");
	AUDIT_SET(record.entry.detail, "2h spamming");
	return record;
}

static void is_read_as_it_was_written(void **state)
{
	struct audit_record record = sample();
	struct audit_record again;
	struct buf bytes = { 0 };

	(void)state;
	audit_record_encode(&record, before, &bytes);
	assert_true(
		audit_record_decode(buf_at(&bytes), buf_len(&bytes), &again));
	assert_memory_equal(&again.entry, &record.entry, sizeof(again.entry));
	assert_int_equal(again.sequence, 7);
	assert_int_equal(again.time_ms, 1234);
	assert_true(
		audit_record_follows(buf_at(&bytes), buf_len(&bytes), before));
	buf_fini(&bytes);
}

/* Whichever byte is changed, the chain does not hold. */
static void a_change_is_found(void **state)
{
	static const uint8_t other[DIGEST_BYTES] = { 9 };
	struct audit_record record = sample();
	struct buf bytes = { 0 };
	size_t len;

	(void)state;
	audit_record_encode(&record, before, &bytes);
	len = buf_len(&bytes);
	for (size_t i = 0; i < len; i++) {
		buf_at(&bytes)[i] ^= 1;
		assert_false(audit_record_follows(buf_at(&bytes), len, before));
		buf_at(&bytes)[i] ^= 1;
	}
	for (size_t i = 0; i < len; i++)
		assert_false(audit_record_follows(buf_at(&bytes), i, before));
	assert_false(audit_record_follows(buf_at(&bytes), len, other));
	buf_fini(&bytes);
}

static void what_is_cut_is_refused(void **state)
{
	struct audit_record record = sample();
	struct buf bytes = { 0 };

	(void)state;
	audit_record_encode(&record, before, &bytes);
	for (size_t i = 0; i < buf_len(&bytes); i++)
		assert_false(audit_record_decode(buf_at(&bytes), i, &record));
	buf_fini(&bytes);
}

static void long_texts_end_at_a_character(void **state)
{
	char field[6];

	(void)state;
	AUDIT_SET(field, "abcdefgh");
	assert_string_equal(field, "abcde");
	AUDIT_SET(field, "abcd\xc3\xa4");
	assert_string_equal(field, "abcd");
	AUDIT_SET(field, "abc\xc3\xa4z");
	assert_string_equal(field, "abc\xc3\xa4");
	AUDIT_SET(field, NULL);
	assert_string_equal(field, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_read_as_it_was_written),
		cmocka_unit_test(a_change_is_found),
		cmocka_unit_test(what_is_cut_is_refused),
		cmocka_unit_test(long_texts_end_at_a_character),
	};

	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
