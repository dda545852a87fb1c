/* Whatever is done to audit.log, verify says so and names the line. */
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

/* The log's lines, without their ends. */
struct lines {
	struct house *h;
	struct buf bytes;
	char *at[HOUSE_RECORDS];
};

static void read_lines(struct house *h, struct lines *l)
{
	char *rest;

	memset(l, 0, sizeof(*l));
	l->h = h;
	house_read(h->settings.file, &l->bytes);
	rest = buf_at(&l->bytes);
	for (int i = 0; i < HOUSE_RECORDS; i++)
		l->at[i] = strsep(&rest, "\n");
	assert_ptr_equal(rest, buf_at(&l->bytes) + buf_len(&l->bytes));
}

/* Writes these lines, by their numbers from 1 on; 0 ends them. */
static void write_lines(const struct lines *l, const unsigned *order)
{
	AUTO(buf_fini) struct buf out = { 0 };

	for (; *order != 0; order++)
		buf_print(&out, "%s\n", l->at[*order - 1]);
	house_write(l->h->settings.file, buf_at(&out), buf_len(&out));
}

static const struct change {
	const char *name;
	unsigned order[2 * HOUSE_RECORDS];
	const char *words;
} changes[] = {
	{ "all", { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, NULL },
	{ "rotated", { 6, 7, 8, 9, 10, 11, 12 }, NULL },
	{ "rotated just now", { 0 }, NULL },
	{ "one is lost",
	  { 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12 },
	  "audit.log:4: record 4 is missing before this line\n" },
	{ "three are lost",
	  { 1, 2, 3, 7, 8, 9, 10, 11, 12 },
	  "audit.log:4: record 4 is missing before this line\n" },
	{ "the last is lost",
	  { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 },
	  "audit.log:11: record 12 is missing after this line\n" },
	{ "only the first is left",
	  { 1 },
	  "audit.log:1: record 2 is missing after this line\n" },
	{ "two are exchanged",
	  { 1, 2, 3, 4, 6, 5, 7, 8, 9, 10, 11, 12 },
	  "audit.log:6: record 5 does not belong here\n" },
	{ "one is there twice",
	  { 1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 },
	  "audit.log:4: record 3 does not belong here\n" },
	{ "an old one at the end",
	  { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 5 },
	  "audit.log:13: record 5 does not belong here\n" },
	{ "the last one twice",
	  { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12 },
	  "audit.log:13: record 12 does not belong here\n" },
};

static void lost_and_exchanged_lines_are_found(void **state)
{
	struct lines l;

	read_lines(*state, &l);
	for (size_t i = 0; i < COUNT(changes); i++) {
		print_message("# %s\n", changes[i].name);
		write_lines(&l, changes[i].order);
		if (changes[i].words == NULL)
			house_assert_whole(l.h);
		else
			house_assert_found(l.h, changes[i].words);
	}
	buf_fini(&l.bytes);
}

static void every_changed_byte_is_found(void **state)
{
	struct house *h = *state;
	AUTO(buf_fini) struct buf bytes = { 0 };
	unsigned line = 1;

	house_read(h->settings.file, &bytes);
	for (size_t i = 0; i < buf_len(&bytes); i++) {
		char was = buf_at(&bytes)[i];
		char words[32];

		line += i > 0 && buf_at(&bytes)[i - 1] == '\n';
		if (i % 5 != 0 && was != '\n')
			continue;
		buf_at(&bytes)[i] ^= 1;
		house_write(h->settings.file, buf_at(&bytes), buf_len(&bytes));
		snprintf(words, sizeof(words), "audit.log:%u: ", line);
		/* Without its end, the last line is no line yet. */
		if (i + 1 == buf_len(&bytes))
			snprintf(words, sizeof(words),
				 "audit.log:%u: ", line - 1);
		house_assert_found(h, words);
		buf_at(&bytes)[i] = was;
	}
	house_write(h->settings.file, buf_at(&bytes), buf_len(&bytes));
	house_assert_whole(h);
}

static void add_text(struct house *h, const char *text, size_t len)
{
	AUTO(buf_fini) struct buf bytes = { 0 };

	house_read(h->settings.file, &bytes);
	buf_add(&bytes, text, len);
	house_write(h->settings.file, buf_at(&bytes), buf_len(&bytes));
}

static void an_invented_line_is_found(void **state)
{
	static const char forged[] =
		"2026-11-20T20:14:05.123Z seq=13 action=user.role actor=ann "
		"user=1 session=9 address=- room=- target=ben outcome=ok "
		"detail=+moderator\n";

	add_text(*state, forged, strlen(forged));
	house_assert_found(*state, "audit.log:13: record 13 is not what was "
				   "exported\n");
}

static void a_line_that_never_ends_is_found(void **state)
{
	static char rubbish[100000];

	memset(rubbish, 'x', sizeof(rubbish));
	rubbish[sizeof(rubbish) - 1] = '\n';
	add_text(*state, rubbish, sizeof(rubbish));
	house_assert_found(*state, "audit.log:13: it is no line of ours\n");
}

/* A kill leaves such a thing; the next start cuts it off. */
static void half_a_line_at_the_end_is_none(void **state)
{
	struct house *h = *state;

	add_text(h, "2026-11-20T20:14:05.1", 21);
	house_assert_whole(h);
	house_restart(h);
	assert_int_equal(house_note(h, "some"), ERR_OK);
	house_finish(h);
	house_assert_whole(h);
	house_assert_exported(h, HOUSE_RECORDS + 1);
}

/* One finding: the lines of a damaged file cannot be compared. */
static void a_damaged_archive_does_not_blame_the_log(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *path = house_archive(h, 2);
	AUTO(buf_fini) struct buf bytes = { 0 };
	AUTO(buf_fini) struct buf report = { 0 };
	struct audit_extent extent;

	house_read(path, &bytes);
	buf_at(&bytes)[ARCHIVE_HEADER + 30] ^= 1;
	house_write(path, buf_at(&bytes), buf_len(&bytes));
	assert_int_equal(house_verify(h, &report, &extent), ERR_CORRUPT);
	assert_null(strstr(buf_text(&report), "audit.log"));
	assert_int_equal(extent.lines, HOUSE_RECORDS);
}

static void a_log_that_is_no_file_is_left_alone(void **state)
{
	struct house *h = *state;

	assert_int_equal(unlink(h->settings.file), 0);
	house_assert_whole(h);
	assert_int_equal(mkfifo(h->settings.file, 0600), 0);
	house_assert_whole(h);
}

static void a_log_that_cannot_be_read_is_found(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *below = mem_print("%s/below", h->dir);
	char *right = h->settings.file;

	assert_int_equal(symlink(below, below), 0); /* a loop */
	h->settings.file = below;
	house_assert_found(h, "below: it cannot be read: ");
	h->settings.file = right;
}

#define IN_HOUSE(test)                                                         \
	cmocka_unit_test_setup_teardown(test, house_set_up_full,               \
					house_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(lost_and_exchanged_lines_are_found),
		IN_HOUSE(every_changed_byte_is_found),
		IN_HOUSE(an_invented_line_is_found),
		IN_HOUSE(a_line_that_never_ends_is_found),
		IN_HOUSE(half_a_line_at_the_end_is_none),
		IN_HOUSE(a_damaged_archive_does_not_blame_the_log),
		IN_HOUSE(a_log_that_cannot_be_read_is_found),
		IN_HOUSE(a_log_that_is_no_file_is_left_alone),
	};

	return cmocka_run_group_tests_name("verify_log", tests, NULL, NULL);
}
