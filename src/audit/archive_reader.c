#include "audit/archive_reader.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

enum { NUMBER_DIGITS = 8, NUMBERS_AT_ONCE = 64 };

struct archive_reader {
	FILE *file;
	struct archive_header header;
	struct archive_chain chain;
	struct buf frame;
	struct buf record;
};

char *archive_path(const char *base, uint64_t number)
{
	return mem_print("%s.%0*" PRIu64, base, NUMBER_DIGITS, number);
}

/* The number in a name that archive_path() could have made, or 0. */
static uint64_t number_of(const char *base, const char *name)
{
	AUTO(mem_free_text) char *again = NULL;
	size_t len = strlen(base);
	uint64_t number;

	if (strncmp(name, base, len) != 0 || name[len] != '.')
		return 0;
	number = strtoull(name + len + 1, NULL, 10);
	again = archive_path(base, number);
	return strcmp(again, name) == 0 ? number : 0;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void list_all(DIR *dir, const char *name, uint64_t **numbers_r,
		     size_t *count_r)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL) {
		uint64_t number = number_of(name, entry->d_name);

		if (number == 0)
			continue;
		if (*count_r % NUMBERS_AT_ONCE == 0)
			*numbers_r = mem_resize(*numbers_r,
						(*count_r + NUMBERS_AT_ONCE) *
							sizeof(**numbers_r));
		(*numbers_r)[(*count_r)++] = number;
	}
}

enum err archive_list(const char *base, uint64_t **numbers_r, size_t *count_r)
{
	AUTO(mem_free_text) char *folder = file_folder(base);
	const char *slash = strrchr(base, '/');
	DIR *dir = opendir(folder);

	*numbers_r = NULL;
	*count_r = 0;
	if (dir == NULL)
		return errno == ENOENT ? ERR_OK : file_err(errno);
	list_all(dir, slash == NULL ? base : slash + 1, numbers_r, count_r);
	closedir(dir);
	if (*count_r > 0)
		qsort(*numbers_r, *count_r, sizeof(**numbers_r), compare);
	return ERR_OK;
}

/* Fills buf up to len bytes; fewer where the file ends. */
static enum err fill(struct archive_reader *reader, struct buf *buf, size_t len)
{
	size_t wanted = len - buf_len(buf);
	size_t got = fread(buf_reserve(buf, wanted), 1, wanted, reader->file);

	buf_added(buf, got);
	return ferror(reader->file) ? ERR_IO : ERR_OK;
}

static enum err read_header(struct archive_reader *reader,
			    const struct secret *key, uint64_t number)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	enum err e = fill(reader, &bytes, ARCHIVE_HEADER);

	if (e == ERR_OK)
		e = archive_open(&reader->chain, key, buf_at(&bytes),
				 buf_len(&bytes), &reader->header);
	if (e == ERR_OK && reader->header.number != number)
		e = ERR_CORRUPT;
	return e;
}

enum err archive_reader_open(const char *base, uint64_t number,
			     const struct secret *key,
			     struct archive_reader **reader_r)
{
	AUTO(mem_free_text) char *path = archive_path(base, number);
	struct archive_reader *reader = mem_zero(sizeof(*reader));
	enum err e;

	*reader_r = reader;
	reader->file = fopen(path, "rbe");
	e = reader->file == NULL ? file_err(errno)
				 : read_header(reader, key, number);
	if (e != ERR_OK)
		archive_reader_close(reader_r);
	return e;
}

void archive_reader_close(struct archive_reader **reader)
{
	struct archive_reader *r = *reader;

	if (r == NULL)
		return;
	*reader = NULL;
	if (r->file != NULL)
		fclose(r->file);
	archive_chain_fini(&r->chain);
	buf_fini(&r->frame);
	buf_fini(&r->record);
	mem_free(r);
}

const struct archive_header *archive_reader_header(
	const struct archive_reader *reader)
{
	return &reader->header;
}

const struct archive_place *archive_reader_place(
	const struct archive_reader *reader)
{
	return &reader->chain.place;
}

enum err archive_reader_seek(struct archive_reader *reader,
			     const struct archive_place *place)
{
	if (fseeko(reader->file, (off_t)place->offset, SEEK_SET) != 0)
		return ERR_IO;
	reader->chain.place = *place;
	return ERR_OK;
}

static enum err read_frame(struct archive_reader *reader)
{
	const uint8_t *at;
	uint64_t len;
	enum err e;

	buf_reset(&reader->frame);
	e = fill(reader, &reader->frame, ARCHIVE_LENGTH);
	if (e != ERR_OK || buf_len(&reader->frame) < ARCHIVE_LENGTH)
		return e;
	at = (const uint8_t *)buf_at(&reader->frame);
	len = (uint64_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
	if (len > ARCHIVE_FRAME_MOST)
		return ERR_CORRUPT;
	return fill(reader, &reader->frame, ARCHIVE_LENGTH + len);
}

enum err archive_reader_next(struct archive_reader *reader,
			     struct archive_row *row_r)
{
	enum err e = read_frame(reader);

	if (e == ERR_OK)
		e = archive_next(&reader->chain, buf_at(&reader->frame),
				 buf_len(&reader->frame), &reader->record);
	if (e != ERR_OK)
		return e;
	row_r->bytes = buf_at(&reader->record);
	row_r->len = buf_len(&reader->record);
	return audit_record_decode(row_r->bytes, row_r->len, &row_r->record)
		       ? ERR_OK
		       : ERR_CORRUPT;
}
