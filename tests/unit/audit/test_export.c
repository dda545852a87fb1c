/* The archive read as lines: the same as audit.log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/export.h"
#include "base/file.h"
#include "base/mem.h"
#include "house.h"

/* An export of everything; its bytes. */
static enum err export(struct house *h, struct buf *bytes, struct buf *report,
		       uint64_t *count) {
	AUTO(mem_free_text) char *path = file_join(h->dir, "exported");
	enum err e = audit_export_file(&h->settings, exporter_key(h->exporter),
				       path, report, count);
	struct stat st;

	buf_reset(bytes);
	if (stat(path, &st) != 0) return e;
	assert_int_equal(st.st_mode & 0777, 0600);
	house_read(path, bytes);
	assert_int_equal(unlink(path), 0);
	return e;
}

static void holds_what_the_log_holds(void **state)
{
	struct house *h = *state;
	AUTO(buf_fini) struct buf log = { 0 };
	AUTO(buf_fini) struct buf bytes = { 0 };
	AUTO(buf_fini) struct buf report = { 0 };
	uint64_t count;

	house_read(h->settings.file, &log);
	assert_int_equal(export(h, &bytes, &report, &count), ERR_OK);
	assert_int_equal(count, HOUSE_RECORDS);
	assert_int_equal(buf_len(&bytes), buf_len(&log));
	assert_memory_equal(buf_at(&bytes), buf_at(&log), buf_len(&log));
	assert_int_equal(buf_len(&report), 0);
}

static void a_damaged_file_costs_its_rest_only(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *path = house_archive(h, 2);
	AUTO(buf_fini) struct buf file = { 0 };
	AUTO(buf_fini) struct buf bytes = { 0 };
	AUTO(buf_fini) struct buf report = { 0 };
	uint64_t count;

	house_read(path, &file);
	buf_at(&file)[buf_len(&file) - 1] ^= 1;
	house_write(path, buf_at(&file), buf_len(&file));
	assert_int_equal(export(h, &bytes, &report, &count), ERR_CORRUPT);
	assert_int_equal(count, HOUSE_RECORDS - 1);
	assert_non_null(strstr(buf_text(&report),
			       "audit.sealed.00000002: it is damaged from"));
	buf_reset(&report);
	house_write(path, buf_at(&file), 10);
	assert_int_equal(export(h, &bytes, &report, &count), ERR_CORRUPT);
	assert_int_equal(count, HOUSE_RECORDS - HOUSE_EACH);
}

/* The exporter may be writing it just now. */
static void half_a_frame_at_the_end_is_no_damage(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *path = house_archive(h, HOUSE_FILES);
	AUTO(buf_fini) struct buf file = { 0 };
	AUTO(buf_fini) struct buf bytes = { 0 };
	AUTO(buf_fini) struct buf report = { 0 };
	uint64_t count;

	house_read(path, &file);
	house_write(path, buf_at(&file), buf_len(&file) - 1);
	assert_int_equal(export(h, &bytes, &report, &count), ERR_OK);
	assert_int_equal(count, HOUSE_RECORDS - 1);
	house_write(path, buf_at(&file), 1);
	assert_int_equal(export(h, &bytes, &report, &count), ERR_OK);
	assert_int_equal(count, HOUSE_RECORDS - HOUSE_EACH);
}

static void nothing_is_overwritten(void **state)
{
	struct house *h = *state;
	AUTO(buf_fini) struct buf report = { 0 };
	AUTO(buf_fini) struct buf log = { 0 };
	uint64_t count;

	assert_int_equal(audit_export_file(&h->settings,
					   exporter_key(h->exporter),
					   h->settings.file, &report, &count),
			 ERR_EXISTS);
	assert_non_null(strstr(buf_text(&report), h->settings.file));
	house_read(h->settings.file, &log);
	assert_true(buf_len(&log) > 0);
}

static void no_file_is_left_when_nothing_can_be_read(void **state)
{
	struct house *h = *state;
	AUTO(secret_free)
	struct secret *other =
		secret_new("another key of thirty-two bytes.", 32);
	AUTO(mem_free_text) char *path = file_join(h->dir, "exported");
	AUTO(buf_fini) struct buf report = { 0 };
	uint64_t count;

	assert_int_equal(
		audit_export_file(&h->settings, other, path, &report, &count),
		ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), "the key does not open it"));
	assert_int_equal(access(path, F_OK), -1);
}

static void a_full_disk_is_said(void **state)
{
	struct house *h = *state;
	AUTO(buf_fini) struct buf report = { 0 };
	FILE *full = fopen("/dev/full", "wb");
	uint64_t count;

	assert_non_null(full);
	assert_int_equal(audit_export(&h->settings, exporter_key(h->exporter),
				      full, &report, &count),
			 ERR_STORAGE_FULL);
	fclose(full);
}

#define IN_HOUSE(test)                                                         \
	cmocka_unit_test_setup_teardown(test, house_set_up_full,               \
					house_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(holds_what_the_log_holds),
		IN_HOUSE(a_damaged_file_costs_its_rest_only),
		IN_HOUSE(half_a_frame_at_the_end_is_no_damage),
		IN_HOUSE(nothing_is_overwritten),
		IN_HOUSE(no_file_is_left_when_nothing_can_be_read),
		IN_HOUSE(a_full_disk_is_said),
	};

	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
