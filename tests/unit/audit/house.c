#include "house.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/archive_reader.h"
#include "audit/line.h"
#include "base/file.h"
#include "base/mem.h"

enum { MOST = 64 << 20 };

static const char *const tables[] = { TRAIL_TABLES, "things", NULL };

void house_open(struct house *h)
{
	struct store_options options = { .dir = h->data, .tables = tables };
	AUTO(buf_fini) struct buf why = { 0 };

	if (store_open(&options, &h->store, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
	h->trail = trail_new(h->store);
}

void house_close(struct house *h)
{
	exporter_free(&h->exporter);
	trail_free(&h->trail);
	store_close(&h->store);
}

int house_set_up(void **state)
{
	struct house *h = mem_zero(sizeof(*h));

	snprintf(h->dir, sizeof(h->dir), "/tmp/rialto-audit-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	h->data = file_join(h->dir, "data");
	h->settings.file = file_join(h->dir, "audit.log");
	h->settings.archive = file_join(h->dir, "audit.sealed");
	h->settings.backlog = TRAIL_BACKLOG;
	h->settings.key = file_join(h->dir, "keys/audit.key");
	house_open(h);
	*state = h;
	return 0;
}

static int remove_one(const char *path, const struct stat *st UNUSED,
		      int flag UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

int house_tear_down(void **state)
{
	struct house *h = *state;

	house_close(h);
	nftw(h->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(h->data);
	mem_free(h->settings.file);
	mem_free(h->settings.archive);
	mem_free(h->settings.key);
	mem_free(h);
	return 0;
}

static void fill_entry(struct audit_entry *entry, const char *action)
{
	memset(entry, 0, sizeof(*entry));
	AUDIT_SET(entry->action, action);
	AUDIT_SET(entry->actor, "ann");
	entry->user = 3;
	AUDIT_SET(entry->detail, "a \"quoted\" word");
}

enum err house_note(struct house *h, const char *action)
{
	struct audit_entry entry;

	fill_entry(&entry, action);
	return trail_note(h->trail, &entry);
}

struct many {
	struct trail *trail;
	unsigned count;
};

static enum err note_many(struct store_txn *txn, void *arg)
{
	const struct many *many = arg;
	struct audit_entry entry;
	enum err e = ERR_OK;

	fill_entry(&entry, "many");
	for (unsigned i = 0; i < many->count && e == ERR_OK; i++)
		e = trail_write(txn, many->trail, &entry);
	return e;
}

enum err house_note_many(struct house *h, unsigned count)
{
	struct many many = { h->trail, count };

	return store_run(h->store, note_many, &many);
}

void house_export(struct house *h)
{
	AUTO(buf_fini) struct buf why = { 0 };

	if (exporter_new(h->trail, &h->settings, &h->exporter, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
}

void house_finish(struct house *h)
{
	if (h->exporter == NULL)
		house_export(h);
	exporter_finish(h->exporter);
}

void house_restart(struct house *h)
{
	house_close(h);
	house_open(h);
	house_export(h);
}

char *house_archive(const struct house *h, uint64_t number)
{
	return archive_path(h->settings.archive, number);
}

void house_read(const char *path, struct buf *bytes)
{
	buf_reset(bytes);
	assert_int_equal(file_read(path, MOST, bytes), ERR_OK);
}

void house_write(const char *path, const void *bytes, size_t len)
{
	assert_int_equal(file_write(path, 0600, bytes, len), ERR_OK);
}

unsigned house_count_lines(const struct house *h, const char *text)
{
	AUTO(buf_fini) struct buf log = { 0 };
	unsigned count = 0;
	char *at;
	char *line;

	house_read(h->settings.file, &log);
	buf_add_char(&log, '\0');
	at = buf_at(&log);
	while ((line = strsep(&at, "\n")) != NULL)
		count += strstr(line, text) != NULL;
	return count;
}

static void assert_logged(const struct house *h, uint64_t count)
{
	AUTO(buf_fini) struct buf log = { 0 };
	uint64_t next = 1;
	char *at;
	char *line;

	house_read(h->settings.file, &log);
	assert_true(buf_len(&log) > 0);
	assert_int_equal(buf_at(&log)[buf_len(&log) - 1], '\n');
	buf_add_char(&log, '\0');
	at = buf_at(&log);
	while ((line = strsep(&at, "\n")) != NULL) {
		if (line[0] != '\0')
			assert_int_equal(
				audit_line_sequence(line, strlen(line)),
				next++);
	}
	assert_int_equal(next, count + 1);
}

static void assert_archived(struct house *h, uint64_t count)
{
	AUTO(secret_free) struct secret *key = NULL;
	AUTO(buf_fini) struct buf bytes = { 0 };
	uint64_t *numbers;
	size_t files;
	uint64_t next = 1;

	house_read(h->settings.key, &bytes);
	key = secret_new(buf_at(&bytes), buf_len(&bytes));
	assert_int_equal(archive_list(h->settings.archive, &numbers, &files),
			 ERR_OK);
	for (size_t i = 0; i < files; i++) {
		struct archive_reader *reader;
		struct archive_row row;
		enum err e;

		assert_int_equal(numbers[i], i + 1);
		assert_int_equal(archive_reader_open(h->settings.archive, i + 1,
						     key, &reader),
				 ERR_OK);
		assert_int_equal(archive_reader_header(reader)->first, next);
		while ((e = archive_reader_next(reader, &row)) == ERR_OK)
			assert_int_equal(row.record.sequence, next++);
		assert_int_equal(e, ERR_NOT_FOUND);
		archive_reader_close(&reader);
	}
	mem_free(numbers);
	assert_int_equal(next, count + 1);
}

void house_assert_exported(struct house *h, uint64_t count)
{
	assert_logged(h, count);
	assert_archived(h, count);
}

int house_set_up_full(void **state)
{
	struct house *h;

	house_set_up(state);
	h = *state;
	for (int i = 0; i < HOUSE_FILES; i++) {
		for (int n = 0; n < HOUSE_EACH; n++)
			assert_int_equal(house_note(h, "some"), ERR_OK);
		house_finish(h);
		house_restart(h);
	}
	return 0;
}

enum err house_verify(struct house *h, struct buf *report,
		      struct audit_extent *extent)
{
	struct audit_scope scope = { &h->settings, exporter_key(h->exporter),
				     NULL };

	return audit_verify(h->trail, &scope, report, extent);
}

void house_assert_whole(struct house *h)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct audit_extent extent;

	if (house_verify(h, &report, &extent) != ERR_OK)
		fail_msg("%s", buf_text(&report));
	assert_int_equal(buf_len(&report), 0);
}

void house_assert_found(struct house *h, const char *words)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct audit_extent extent;

	assert_int_equal(house_verify(h, &report, &extent), ERR_CORRUPT);
	if (strstr(buf_text(&report), words) == NULL)
		fail_msg("not \"%s\" but %s", words, buf_text(&report));
}
