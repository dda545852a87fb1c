/*
 * The files of the archive: BASE.00000001 and so on, each read from its start
 * to its end. Also while the exporter writes to the last of them: what it has
 * written by half is an unfinished frame. One owner; waits for the disk.
 */
#ifndef RIALTO_AUDIT_ARCHIVE_READER_H
#define RIALTO_AUDIT_ARCHIVE_READER_H

#include "audit/archive.h"
#include "audit/entry.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

NODISCARD char *archive_path(const char *base, uint64_t number);

/*
 * The numbers of the files that are there, ascending; give them to mem_free().
 * ERR_NOT_ALLOWED or ERR_IO when the folder cannot be read; no folder is no
 * files.
 */
NODISCARD enum err archive_list(const char *base, uint64_t **numbers_r,
				size_t *count_r);

struct archive_reader;

/*
 * Opens a file and reads its header. ERR_AGAIN: it ends within the header;
 * ERR_CORRUPT, ERR_NEWER, ERR_NOT_FOUND, ERR_NOT_ALLOWED, ERR_IO. Borrows key.
 */
NODISCARD enum err archive_reader_open(const char *base, uint64_t number,
				       const struct secret *key,
				       struct archive_reader **reader_r);
void archive_reader_close(struct archive_reader **reader);

const struct archive_header *archive_reader_header(
	const struct archive_reader *reader);

/* Behind the last frame that was read. */
const struct archive_place *archive_reader_place(
	const struct archive_reader *reader);

/* Goes to a place of this file, which must be one; else the next is bad. */
NODISCARD enum err archive_reader_seek(struct archive_reader *reader,
				       const struct archive_place *place);

/* One record as it was sealed; borrowed until the next. */
struct archive_row {
	struct audit_record record;
	const void *bytes;
	size_t len;
};

/*
 * The next record. ERR_NOT_FOUND: behind the last; ERR_AGAIN: the file ends
 * within a frame; ERR_CORRUPT: the frame was changed, or holds no record.
 */
NODISCARD enum err archive_reader_next(struct archive_reader *reader,
				       struct archive_row *row_r);

#endif
