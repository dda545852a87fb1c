#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/archive.h"
#include "audit/key.h"

enum { RECORDS = 3 };

static struct secret *key;

static int set_up(void **state)
{
	static const char bytes[AUDIT_KEY] = "a key of thirty-two bytes, or so";

	(void)state;
	key = secret_new(bytes, sizeof(bytes));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	secret_free(&key);
	return 0;
}

/* A file of three records; ends[n] is behind the nth, ends[0] the header. */
static void make(struct buf *file, size_t ends[RECORDS + 1])
{
	struct archive_header header = { .number = 4, .first = 20 };
	struct archive_chain chain;

	memset(header.before, 1, DIGEST_BYTES);
	memset(header.previous, 2, DIGEST_BYTES);
	archive_begin(&chain, key, &header, file);
	ends[0] = buf_len(file);
	for (int i = 0; i < RECORDS; i++) {
		char text[16];

		snprintf(text, sizeof(text), "record %d", i);
		archive_add(&chain, text, strlen(text), file);
		ends[i + 1] = buf_len(file);
	}
	assert_int_equal(chain.place.frames, RECORDS);
	assert_int_equal(chain.place.offset, buf_len(file));
	archive_chain_fini(&chain);
}

/* How many records can be read; what ends them goes to *e_r. */
static int read_all(const struct buf *file, enum err *e_r)
{
	struct archive_header header;
	struct archive_chain chain;
	struct buf record = { 0 };
	int count = 0;

	*e_r = archive_open(&chain, key, buf_at(file), buf_len(file), &header);
	while (*e_r == ERR_OK) {
		*e_r = archive_next(&chain, buf_at(file) + chain.place.offset,
				    buf_len(file) - chain.place.offset,
				    &record);
		count += *e_r == ERR_OK;
	}
	archive_chain_fini(&chain);
	buf_fini(&record);
	return count;
}

static void is_read_as_it_was_sealed(void **state)
{
	struct archive_header header;
	struct archive_chain chain;
	size_t ends[RECORDS + 1];
	struct buf record = { 0 };
	struct buf file = { 0 };

	(void)state;
	make(&file, ends);
	assert_int_equal(ends[0], ARCHIVE_HEADER);
	assert_int_equal(archive_open(&chain, key, buf_at(&file),
				      buf_len(&file), &header),
			 ERR_OK);
	assert_int_equal(header.number, 4);
	assert_int_equal(header.first, 20);
	assert_int_equal(header.before[31], 1);
	assert_int_equal(header.previous[0], 2);
	assert_int_equal(archive_next(&chain, buf_at(&file) + ends[0],
				      buf_len(&file) - ends[0], &record),
			 ERR_OK);
	assert_string_equal(buf_text(&record), "record 0");
	assert_int_equal(chain.place.offset, ends[1]);
	archive_chain_fini(&chain);
	buf_fini(&record);
	buf_fini(&file);
}

static void shows_nothing_without_the_key(void **state)
{
	struct archive_header header;
	struct archive_chain chain;
	size_t ends[RECORDS + 1];
	struct buf file = { 0 };
	struct secret *other =
		secret_new("another key of thirty-two bytes.", 32);

	(void)state;
	make(&file, ends);
	assert_null(memmem(buf_at(&file), buf_len(&file), "record", 6));
	assert_int_equal(archive_open(&chain, other, buf_at(&file),
				      buf_len(&file), &header),
			 ERR_CORRUPT);
	secret_free(&other);
	buf_fini(&file);
}

static void no_file_looks_like_another(void **state)
{
	size_t ends[RECORDS + 1];
	struct buf one = { 0 };
	struct buf two = { 0 };

	(void)state;
	make(&one, ends);
	make(&two, ends);
	/* The same records, but other salts. */
	assert_memory_not_equal(buf_at(&one) + ends[0], buf_at(&two) + ends[0],
				ends[1] - ends[0]);
	buf_fini(&one);
	buf_fini(&two);
}

static void every_change_is_found(void **state)
{
	size_t ends[RECORDS + 1];
	struct buf file = { 0 };
	enum err e;

	(void)state;
	make(&file, ends);
	for (size_t i = 0; i < buf_len(&file); i++) {
		int before = 0;

		while (before < RECORDS && ends[before + 1] <= i)
			before++;
		buf_at(&file)[i] ^= 0x40;
		assert_int_equal(read_all(&file, &e), before);
		assert_true(e != ERR_OK && e != ERR_NOT_FOUND);
		buf_at(&file)[i] ^= 0x40;
	}
	assert_int_equal(read_all(&file, &e), RECORDS);
	assert_int_equal(e, ERR_NOT_FOUND);
	buf_fini(&file);
}

static void every_cut_is_found(void **state)
{
	size_t ends[RECORDS + 1];
	struct buf file = { 0 };
	enum err e;

	(void)state;
	make(&file, ends);
	for (size_t len = buf_len(&file); len-- > 0;) {
		int before = 0;

		while (before < RECORDS && ends[before + 1] <= len)
			before++;
		buf_cut(&file, len);
		assert_int_equal(read_all(&file, &e), before);
		/* Between two frames only the cursor knows better. */
		assert_int_equal(e, len >= ends[0] && len == ends[before]
					    ? ERR_NOT_FOUND
					    : ERR_AGAIN);
	}
	buf_fini(&file);
}

/* Frames of one length: taken out, doubled, or in another order. */
static void every_shift_is_found(void **state)
{
	size_t ends[RECORDS + 1];
	struct buf file = { 0 };
	struct buf other = { 0 };
	size_t frame;
	enum err e;

	(void)state;
	make(&file, ends);
	frame = ends[1] - ends[0];
	buf_add(&other, buf_at(&file), ends[0]);
	buf_add(&other, buf_at(&file) + ends[1], 2 * frame);
	assert_int_equal(read_all(&other, &e), 0);
	assert_int_equal(e, ERR_CORRUPT);
	buf_cut(&other, ends[0]);
	buf_add(&other, buf_at(&file) + ends[1], frame);
	buf_add(&other, buf_at(&file) + ends[0], frame);
	assert_int_equal(read_all(&other, &e), 0);
	assert_int_equal(e, ERR_CORRUPT);
	buf_cut(&other, ends[0]);
	buf_add(&other, buf_at(&file) + ends[0], frame);
	buf_add(&other, buf_at(&file) + ends[0], frame);
	assert_int_equal(read_all(&other, &e), 1);
	assert_int_equal(e, ERR_CORRUPT);
	buf_fini(&file);
	buf_fini(&other);
}

static void a_newer_version_is_named(void **state)
{
	size_t ends[RECORDS + 1];
	struct buf file = { 0 };
	enum err e;

	(void)state;
	make(&file, ends);
	buf_at(&file)[11] = 2;
	assert_int_equal(read_all(&file, &e), 0);
	assert_int_equal(e, ERR_NEWER);
	buf_fini(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_read_as_it_was_sealed),
		cmocka_unit_test(shows_nothing_without_the_key),
		cmocka_unit_test(no_file_looks_like_another),
		cmocka_unit_test(every_change_is_found),
		cmocka_unit_test(every_cut_is_found),
		cmocka_unit_test(every_shift_is_found),
		cmocka_unit_test(a_newer_version_is_named),
	};

	return cmocka_run_group_tests_name("archive", tests, set_up, tear_down);
}
