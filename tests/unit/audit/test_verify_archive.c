/* Whatever is done to the sealed files, verify says so and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/verify.h"
#include "base/mem.h"
#include "house.h"

/* The files as they were, to be put back after each change. */
struct saved {
	struct house *h;
	char *paths[HOUSE_FILES];
	struct buf bytes[HOUSE_FILES];
};

static void save(struct house *h, struct saved *s)
{
	memset(s, 0, sizeof(*s));
	s->h = h;
	for (uint64_t i = 0; i < HOUSE_FILES; i++) {
		s->paths[i] = house_archive(h, i + 1);
		house_read(s->paths[i], &s->bytes[i]);
	}
}

static void put_back(struct saved *s)
{
	for (int i = 0; i < HOUSE_FILES; i++)
		house_write(s->paths[i], buf_at(&s->bytes[i]),
			    buf_len(&s->bytes[i]));
}

static void finish(struct saved *s)
{
	put_back(s);
	house_assert_whole(s->h);
	for (int i = 0; i < HOUSE_FILES; i++) {
		mem_free(s->paths[i]);
		buf_fini(&s->bytes[i]);
	}
}

static void every_changed_byte_of_the_archive_is_found(void **state)
{
	struct saved s;

	save(*state, &s);
	for (int i = 0; i < HOUSE_FILES; i++) {
		char name[32];

		snprintf(name, sizeof(name), "audit.sealed.%08d: ", i + 1);
		for (size_t at = 0; at < buf_len(&s.bytes[i]); at += 3) {
			buf_at(&s.bytes[i])[at] ^= 1;
			house_write(s.paths[i], buf_at(&s.bytes[i]),
				    buf_len(&s.bytes[i]));
			house_assert_found(s.h, name);
			buf_at(&s.bytes[i])[at] ^= 1;
		}
		put_back(&s);
	}
	finish(&s);
}

static void every_cut_of_the_archive_is_found(void **state)
{
	struct saved s;

	save(*state, &s);
	for (int i = 0; i < HOUSE_FILES; i++) {
		for (size_t len = 0; len < buf_len(&s.bytes[i]); len += 5) {
			house_write(s.paths[i], buf_at(&s.bytes[i]), len);
			house_assert_found(s.h, "audit.sealed.0000000");
		}
		put_back(&s);
	}
	finish(&s);
}

/* Where the frames of a file end: index 0 is its header. */
static void find_ends(const struct buf *file, size_t ends[HOUSE_EACH + 1])
{
	const uint8_t *at = (const uint8_t *)buf_at(file);

	ends[0] = ARCHIVE_HEADER;
	for (int i = 0; i < HOUSE_EACH; i++)
		ends[i + 1] = ends[i] + ARCHIVE_LENGTH +
			      (size_t)(at[ends[i] + 2] << 8 | at[ends[i] + 3]);
	assert_int_equal(ends[HOUSE_EACH], buf_len(file));
}

static void every_lost_frame_is_found(void **state)
{
	struct saved s;

	save(*state, &s);
	for (int i = 0; i < HOUSE_FILES; i++) {
		for (int n = 0; n < HOUSE_EACH; n++) {
			size_t ends[HOUSE_EACH + 1];
			struct buf less = { 0 };

			find_ends(&s.bytes[i], ends);
			buf_add(&less, buf_at(&s.bytes[i]), ends[n]);
			buf_add(&less, buf_at(&s.bytes[i]) + ends[n + 1],
				ends[HOUSE_EACH] - ends[n + 1]);
			house_write(s.paths[i], buf_at(&less), buf_len(&less));
			house_assert_found(s.h, "audit.sealed.0000000");
			buf_fini(&less);
		}
		put_back(&s);
	}
	finish(&s);
}

static void exchanged_frames_are_found(void **state)
{
	struct saved s;
	size_t ends[HOUSE_EACH + 1];
	struct buf other = { 0 };

	save(*state, &s);
	find_ends(&s.bytes[1], ends);
	buf_add(&other, buf_at(&s.bytes[1]), ends[1]);
	buf_add(&other, buf_at(&s.bytes[1]) + ends[2], ends[3] - ends[2]);
	buf_add(&other, buf_at(&s.bytes[1]) + ends[1], ends[2] - ends[1]);
	buf_add(&other, buf_at(&s.bytes[1]) + ends[3], ends[4] - ends[3]);
	house_write(s.paths[1], buf_at(&other), buf_len(&other));
	house_assert_found(s.h, "audit.sealed.00000002: record 6 (frame 2, ");
	buf_fini(&other);
	finish(&s);
}

static void lost_files_are_found(void **state)
{
	struct saved s;

	save(*state, &s);
	for (int i = 0; i < HOUSE_FILES; i++) {
		char words[64];

		unlink(s.paths[i]);
		snprintf(words, sizeof(words),
			 "audit.sealed.%08d: it is missing", i + 1);
		house_assert_found(s.h, words);
		put_back(&s);
	}
	for (int i = 0; i < HOUSE_FILES; i++)
		unlink(s.paths[i]);
	house_assert_found(s.h, "audit.sealed.00000001: it is missing");
	finish(&s);
}

static void exchanged_files_are_found(void **state)
{
	struct saved s;

	save(*state, &s);
	house_write(s.paths[0], buf_at(&s.bytes[1]), buf_len(&s.bytes[1]));
	house_write(s.paths[1], buf_at(&s.bytes[0]), buf_len(&s.bytes[0]));
	house_assert_found(s.h, "audit.sealed.00000001: its header");
	finish(&s);
}

/* Every file is sound by itself, but another daemon's. */
static void files_of_another_archive_are_found(void **state)
{
	struct saved s;
	struct house *h = *state;
	AUTO(mem_free_text) char *key = mem_text(h->settings.key);
	AUTO(buf_fini) struct buf key_bytes = { 0 };
	struct house *other;
	void *other_state;
	AUTO(mem_free_text) char *path = NULL;
	struct buf bytes = { 0 };

	save(h, &s);
	house_set_up(&other_state);
	other = other_state;
	house_read(key, &key_bytes);
	house_export(other);
	house_write(other->settings.key, buf_at(&key_bytes),
		    buf_len(&key_bytes));
	exporter_free(&other->exporter);
	for (int i = 0; i < HOUSE_EACH; i++)
		assert_int_equal(house_note(other, "other"), ERR_OK);
	house_finish(other);
	path = house_archive(other, 1);
	house_read(path, &bytes);
	house_write(s.paths[0], buf_at(&bytes), buf_len(&bytes));
	house_assert_found(
		h, "audit.sealed.00000002: it does not begin where file "
		   "1 ends");
	buf_fini(&bytes);
	house_tear_down(&other_state);
	finish(&s);
}

static void a_wrong_key_is_said(void **state)
{
	struct house *h = *state;
	struct secret *other =
		secret_new("another key of thirty-two bytes.", 32);
	struct audit_scope scope = { &h->settings, other, NULL };
	struct buf report = { 0 };
	struct audit_extent extent;

	assert_int_equal(audit_verify(h->trail, &scope, &report, &extent),
			 ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), "sealed with another key"));
	secret_free(&other);
	buf_fini(&report);
}

/* Old records are in the archive alone; the joint is checked. */
static void what_left_the_store_is_checked_in_the_archive(void **state)
{
	struct house *h = *state;
	struct trail_head begin;
	struct saved s;
	struct audit_extent extent;
	struct buf report = { 0 };

	for (int i = 0; i < TRAIL_KEEP / 5000 + 1; i++) {
		assert_int_equal(house_note_many(h, 5000), ERR_OK);
		house_finish(h);
	}
	assert_int_equal(trail_begin(h->trail, &begin), ERR_OK);
	assert_true(begin.sequence > 0);
	assert_int_equal(house_verify(h, &report, &extent), ERR_OK);
	assert_int_equal(extent.stored, TRAIL_KEEP);
	save(h, &s);
	buf_at(&s.bytes[1])[ARCHIVE_HEADER + 30] ^= 1;
	house_write(s.paths[1], buf_at(&s.bytes[1]), buf_len(&s.bytes[1]));
	house_assert_found(
		h, "audit.sealed.00000002: record 5 (frame 1, byte 140) "
		   "was changed");
	buf_at(&s.bytes[1])[ARCHIVE_HEADER + 30] ^= 1;
	finish(&s);
	buf_fini(&report);
}

/* A file whose name is a folder's, and a folder that is none. */
static void what_cannot_be_read_is_found(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *path = house_archive(h, 2);
	AUTO(mem_free_text) char *base = mem_print("%s/base", path);
	char *right = h->settings.archive;

	h->settings.archive = base;
	house_assert_found(h, "the folder of ");
	h->settings.archive = right;
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	house_assert_found(h, "audit.sealed.00000002: ");
	assert_int_equal(rmdir(path), 0);
}

#define IN_HOUSE(test)                                                         \
	cmocka_unit_test_setup_teardown(test, house_set_up_full,               \
					house_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(every_changed_byte_of_the_archive_is_found),
		IN_HOUSE(every_cut_of_the_archive_is_found),
		IN_HOUSE(every_lost_frame_is_found),
		IN_HOUSE(exchanged_frames_are_found),
		IN_HOUSE(lost_files_are_found),
		IN_HOUSE(exchanged_files_are_found),
		IN_HOUSE(files_of_another_archive_are_found),
		IN_HOUSE(a_wrong_key_is_said),
		IN_HOUSE(what_cannot_be_read_is_found),
		IN_HOUSE(what_left_the_store_is_checked_in_the_archive),
	};

	return cmocka_run_group_tests_name("verify_archive", tests, NULL, NULL);
}
