/* Linked with -Wl,--wrap=write: a disk that takes only so many bytes. */
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "house.h"

static atomic_long space = -1; /* bytes that are left; -1: no bound */

ssize_t __real_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);

ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
	long left = atomic_load(&space);

	if (left < 0 || fd <= STDERR_FILENO)
		return __real_write(fd, bytes, len);
	if (left == 0) {
		errno = ENOSPC;
		return -1;
	}
	if ((long)len > left)
		len = (size_t)left;
	atomic_store(&space, left - (long)len);
	return __real_write(fd, bytes, len);
}

static void note(struct house *h, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(house_note(h, "some"), ERR_OK);
}

static void copies_everything_in_order(void **state)
{
	struct house *h = *state;

	note(h, 3); /* before there ever was an exporter */
	house_finish(h);
	house_assert_exported(h, 3);
	note(h, 2);
	house_finish(h);
	house_assert_exported(h, 5);
	assert_int_equal(house_note_many(h, 2500), ERR_OK);
	house_finish(h);
	house_assert_exported(h, 2505);
}

static void begins_a_file_at_each_start(void **state)
{
	struct house *h = *state;

	for (uint64_t i = 1; i <= 3; i++) {
		AUTO(mem_free_text) char *path = house_archive(h, i);

		note(h, 1);
		house_finish(h);
		assert_int_equal(access(path, F_OK), 0);
		house_restart(h);
	}
	/* But none when there is nothing to put into it. */
	house_restart(h);
	house_finish(h);
	house_assert_exported(h, 3);
}

static void cut_file(const char *path, size_t bytes)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size - (off_t)bytes), 0);
}

static void append(const char *path, const char *bytes, size_t len)
{
	struct buf file = { 0 };

	house_read(path, &file);
	buf_add(&file, bytes, len);
	house_write(path, buf_at(&file), buf_len(&file));
	buf_fini(&file);
}

/* The cursor as it was before the last export: killed before it was stored. */
struct moment {
	struct trail_cursor cursor;
};

static struct moment mark(struct house *h)
{
	struct moment m;

	assert_int_equal(trail_exported(h->trail, &m.cursor), ERR_OK);
	return m;
}

static void go_back(struct house *h, const struct moment *m)
{
	assert_int_equal(trail_advance(h->trail, &m->cursor), ERR_OK);
}

/* Which files had been written, and how far, when the daemon was killed. */
static const struct kill_case {
	const char *name;
	size_t log_cut; /* bytes that were not written */
	size_t archive_cut;
	const char *rubbish;
} kill_cases[] = {
	{ "after both files", 0, 0, "" },
	{ "within a line", 10, 0, "" },
	{ "before the lines", 600, 0, "" },
	{ "within a frame", 0, 10, "" },
	{ "both by half", 10, 10, "" },
	{ "a frame's length only", 600, 0, "\0\0\0" },
	{ "a frame of zeros", 600, 0, "\0\0\0\0\0\0\0\0\0\0\0\0" },
};

static void try_kill(struct house *h, const struct kill_case *c, size_t rubbish)
{
	AUTO(mem_free_text) char *path = NULL;
	uint64_t number;
	struct trail_head head;
	struct moment m;

	note(h, 5);
	house_finish(h);
	m = mark(h);
	number = m.cursor.place.file;
	path = house_archive(h, number);
	note(h, 5);
	house_finish(h);
	go_back(h, &m);
	house_close(h);
	cut_file(h->settings.file, c->log_cut);
	cut_file(path, c->archive_cut);
	if (rubbish > 0)
		append(path, c->rubbish, rubbish);
	house_open(h);
	house_export(h);
	note(h, 1);
	house_finish(h);
	assert_int_equal(trail_head(h->trail, &head), ERR_OK);
	house_assert_exported(h, head.sequence);
}

static void a_kill_neither_loses_nor_doubles(void **state)
{
	struct house *h = *state;

	for (size_t i = 0; i < COUNT(kill_cases); i++) {
		print_message("# %s\n", kill_cases[i].name);
		try_kill(h, &kill_cases[i], i == 5 ? 3 : i == 6 ? 12 : 0);
	}
}

static void a_header_by_half_is_taken_away(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *path = house_archive(h, 2);

	note(h, 1);
	house_finish(h);
	house_close(h);
	house_write(path, "RIALTOAU", 8);
	house_open(h);
	house_export(h);
	note(h, 1);
	house_finish(h);
	house_assert_exported(h, 2);
}

static void waits_for_space_and_goes_on(void **state)
{
	struct house *h = *state;

	house_export(h);
	note(h, 2);
	for (long left = 0; left < 900; left += 7) {
		atomic_store(&space, left);
		exporter_tick(h->exporter);
	}
	atomic_store(&space, -1);
	note(h, 1);
	house_finish(h);
	house_assert_exported(h, 3);
}

static void acts_are_refused_when_it_lags(void **state)
{
	struct house *h = *state;
	struct trail_head head;
	uint64_t waiting;

	house_export(h);
	atomic_store(&space, 0);
	assert_int_equal(house_note_many(h, TRAIL_BACKLOG), ERR_OK);
	exporter_tick(h->exporter);
	assert_int_equal(house_note(h, "one more"), ERR_AUDIT_DOWN);
	assert_int_equal(house_note_many(h, 3), ERR_AUDIT_DOWN);
	assert_int_equal(trail_head(h->trail, &head), ERR_OK);
	assert_int_equal(head.sequence, TRAIL_BACKLOG);
	assert_int_equal(trail_waiting(h->trail, &waiting), ERR_OK);
	assert_int_equal(waiting, TRAIL_BACKLOG);
	atomic_store(&space, -1);
	house_finish(h);
	assert_int_equal(trail_waiting(h->trail, &waiting), ERR_OK);
	assert_int_equal(waiting, 0);
	assert_int_equal(house_note(h, "one more"), ERR_OK);
	house_finish(h);
	house_assert_exported(h, TRAIL_BACKLOG + 1);
}

/* Who writes much, and asks for the disk only at the end, waits for us. */
static void exports_what_nobody_waits_for(void **state)
{
	struct house *h = *state;
	uint64_t waiting;

	house_export(h);
	assert_int_equal(house_note_many(h, TRAIL_BACKLOG / 2), ERR_OK);
	exporter_tick(h->exporter);
	assert_int_equal(trail_waiting(h->trail, &waiting), ERR_OK);
	assert_int_equal(waiting, 0);
	house_assert_exported(h, TRAIL_BACKLOG / 2);
}

static void goes_on_in_a_new_log_file(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *old = mem_print("%s.1", h->settings.file);

	house_export(h);
	note(h, 2);
	house_finish(h);
	assert_int_equal(rename(h->settings.file, old), 0);
	note(h, 1);
	house_finish(h); /* still into the old one */
	exporter_reopen(h->exporter);
	house_finish(h);
	note(h, 1);
	house_finish(h);
	assert_int_equal(house_count_lines(h, " action=some "), 1);
	assert_int_equal(house_count_lines(h, " seq=4 "), 1);
	/* And the next start finds its place in the fresh file. */
	house_restart(h);
	note(h, 1);
	house_finish(h);
	assert_int_equal(house_count_lines(h, " action=some "), 2);
}

/* What was in them is gone, but nothing of what comes. */
static void goes_on_when_its_files_are_removed(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *first = house_archive(h, 1);

	house_export(h);
	note(h, 2);
	house_finish(h);
	house_assert_whole(h);
	assert_int_equal(unlink(h->settings.file), 0);
	assert_int_equal(unlink(first), 0);
	note(h, 1);
	house_finish(h);
	assert_int_equal(house_count_lines(h, " seq=3 "), 1);
	house_assert_found(h, "audit.sealed.00000001: it is missing\n");
	house_restart(h);
	note(h, 1);
	house_finish(h);
	assert_int_equal(house_count_lines(h, " action=some "), 2);
	house_assert_found(h, "audit.sealed.00000001: it is missing\n");
}

static void the_old_log_stays_when_there_is_no_new_one(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *old = mem_print("%s.1", h->settings.file);

	house_export(h);
	note(h, 1);
	house_finish(h);
	assert_int_equal(rename(h->settings.file, old), 0);
	assert_int_equal(mkdir(h->settings.file, 0700), 0);
	exporter_reopen(h->exporter);
	house_finish(h);
	note(h, 1);
	house_finish(h);
	assert_int_equal(rmdir(h->settings.file), 0);
	assert_int_equal(rename(old, h->settings.file), 0);
	house_assert_exported(h, 2);
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

static void copy_tree(char *from, char *to)
{
	copy_from = from;
	copy_to = to;
	assert_int_equal(nftw(from, copy_one, 16, FTW_PHYS), 0);
}

/* The data goes back to a backup; what came after it happened nonetheless. */
static void a_restored_backup_begins_another_trail(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *backup = file_join(h->dir, "backup");
	AUTO(mem_free_text) char *later = file_join(h->dir, "later");

	note(h, 3);
	house_finish(h);
	house_close(h);
	copy_tree(h->data, backup);
	house_open(h);
	house_export(h);
	note(h, 4);
	house_finish(h);
	house_close(h);
	assert_int_equal(rename(h->data, later), 0);
	assert_int_equal(rename(backup, h->data), 0);
	house_open(h);
	assert_int_equal(house_note(h, "store.restore"), ERR_OK);
	house_export(h);
	house_finish(h);
	assert_int_equal(house_count_lines(h, " seq=4 "), 2);
	assert_int_equal(house_count_lines(h, " seq=3 "), 1);
	assert_int_equal(house_count_lines(h, "action=store.restore "), 1);
	house_restart(h);
	note(h, 1);
	house_finish(h);
	assert_int_equal(house_count_lines(h, "action=store.restore "), 1);
}

static void assert_refused(struct house *h, enum err want, const char *words)
{
	struct exporter *exporter;
	struct buf why = { 0 };

	assert_int_equal(exporter_new(h->trail, &h->settings, &exporter, &why),
			 want);
	assert_null(exporter);
	assert_non_null(strstr(buf_text(&why), words));
	buf_fini(&why);
}

static void no_start_without_the_right_key(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *away = mem_print("%s.away", h->settings.key);
	char other[32] = "another key of thirty-two bytes";

	note(h, 1);
	house_finish(h);
	house_close(h);
	house_open(h);
	assert_int_equal(rename(h->settings.key, away), 0);
	assert_refused(h, ERR_NOT_FOUND, "was sealed with it; put it back");
	house_write(h->settings.key, other, sizeof(other));
	assert_refused(h, ERR_CORRUPT, "put back the key");
	assert_int_equal(rename(away, h->settings.key), 0);
	assert_int_equal(chmod(h->settings.key, 0644), 0);
	assert_refused(h, ERR_NOT_ALLOWED, "make it 0600");
	assert_int_equal(chmod(h->settings.key, 0600), 0);
	note(h, 1);
	house_finish(h);
	house_assert_exported(h, 2);
}

static void no_start_without_a_log(void **state)
{
	struct house *h = *state;

	assert_int_equal(mkdir(h->settings.file, 0700), 0);
	assert_refused(h, ERR_IO, h->settings.file);
}

static void no_start_without_a_place_for_the_archive(void **state)
{
	struct house *h = *state;
	AUTO(mem_free_text) char *nowhere = file_join(h->dir, "no/where");
	char *right = h->settings.archive;

	h->settings.archive = nowhere;
	assert_refused(h, ERR_NOT_FOUND, "let audit.archive name");
	h->settings.archive = right;
}

#define IN_HOUSE(test)                                                         \
	cmocka_unit_test_setup_teardown(test, house_set_up, house_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(copies_everything_in_order),
		IN_HOUSE(begins_a_file_at_each_start),
		IN_HOUSE(a_kill_neither_loses_nor_doubles),
		IN_HOUSE(a_header_by_half_is_taken_away),
		IN_HOUSE(waits_for_space_and_goes_on),
		IN_HOUSE(acts_are_refused_when_it_lags),
		IN_HOUSE(exports_what_nobody_waits_for),
		IN_HOUSE(goes_on_in_a_new_log_file),
		IN_HOUSE(goes_on_when_its_files_are_removed),
		IN_HOUSE(the_old_log_stays_when_there_is_no_new_one),
		IN_HOUSE(a_restored_backup_begins_another_trail),
		IN_HOUSE(no_start_without_the_right_key),
		IN_HOUSE(no_start_without_a_log),
		IN_HOUSE(no_start_without_a_place_for_the_archive),
	};

	return cmocka_run_group_tests_name("exporter", tests, NULL, NULL);
}
