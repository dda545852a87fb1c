/*
 * Any bytes as a record of the audit trail, as a line of audit.log, as a
 * sealed file; and, since no bytes of a fuzzer pass a seal, as changes of a
 * file that is whole: whatever is done to it, what is read is a beginning of
 * what was sealed, and all of it only when nothing was changed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "audit/archive.h"
#include "audit/key.h"
#include "audit/line.h"
#include "base/mem.h"

enum { RECORDS = 5, FILE_MOST = 65536 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void try_record(const uint8_t *bytes, size_t len)
{
	static const uint8_t before[DIGEST_BYTES];
	AUTO(buf_fini) struct buf again = { 0 };
	AUTO(buf_fini) struct buf line = { 0 };
	struct audit_record record;

	(void)!audit_record_follows(bytes, len, before);
	if (!audit_record_decode(bytes, len, &record))
		return;
	audit_record_encode(&record, before, &again);
	assert(buf_len(&again) == len);
	assert(memcmp(buf_at(&again), bytes, len - DIGEST_BYTES) == 0);
	assert(audit_record_follows(buf_at(&again), len, before));
	audit_print_line(&record, &line);
	assert(memchr(buf_at(&line), '\n', buf_len(&line)) ==
	       buf_at(&line) + buf_len(&line) - 1);
	assert(memchr(buf_at(&line), '\0', buf_len(&line)) == NULL);
	assert(record.sequence > UINT64_MAX / 10 ||
	       audit_line_sequence(buf_at(&line), buf_len(&line) - 1) ==
		       record.sequence);
}

static void try_line(const uint8_t *bytes, size_t len)
{
	(void)!audit_line_sequence((const char *)bytes, len);
}

/* Reads to the end, or to what is wrong; how many records there are. */
static size_t read_all(const struct secret *key, const uint8_t *bytes,
		       size_t len, const struct buf *wanted, enum err *end_r)
{
	AUTO(buf_fini) struct buf record = { 0 };
	struct archive_header header;
	struct archive_chain chain;
	size_t count = 0;

	*end_r = archive_open(&chain, key, bytes, len, &header);
	while (*end_r == ERR_OK) {
		size_t at = chain.place.offset;

		assert(at <= len);
		*end_r = archive_next(&chain, bytes + at, len - at, &record);
		if (*end_r != ERR_OK)
			break;
		assert(wanted != NULL && count < RECORDS);
		assert(buf_len(&record) == buf_len(&wanted[count]));
		assert(memcmp(buf_at(&record), buf_at(&wanted[count]),
			      buf_len(&record)) == 0);
		count++;
	}
	archive_chain_fini(&chain);
	return count;
}

static void try_file(const uint8_t *bytes, size_t len)
{
	AUTO(secret_free)
	struct secret *key = secret_new("a key that is 32 bytes in length", 32);
	enum err end;

	assert(read_all(key, bytes, len, NULL, &end) == 0);
}

static void seal_records(const struct secret *key, struct buf *records,
			 struct buf *file)
{
	struct archive_header header = { .number = 1, .first = 1 };
	struct archive_chain chain;

	archive_begin(&chain, key, &header, file);
	for (int i = 0; i < RECORDS; i++) {
		buf_print(&records[i], "record %0*d", 5 * i, i);
		archive_add(&chain, buf_at(&records[i]), buf_len(&records[i]),
			    file);
	}
	archive_chain_fini(&chain);
}

/* Four bytes: what to do, where, and with what. */
static void edit(struct buf *file, const uint8_t *how)
{
	AUTO(buf_fini) struct buf was = { 0 };
	size_t len = buf_len(file);
	size_t at;
	size_t count;

	if (len == 0)
		return;
	at = (size_t)(how[1] << 8 | how[2]) % len;
	count = how[3] < len - at ? how[3] : len - at;
	buf_add(&was, buf_at(file), len);
	switch (how[0] % 4) {
	case 0: /* changed */
		buf_at(file)[at] ^= (char)how[3];
		break;
	case 1: /* cut off */
		buf_cut(file, at);
		break;
	case 2: /* taken out */
		buf_cut(file, at);
		buf_add(file, buf_at(&was) + at + count, len - at - count);
		break;
	default: /* there twice */
		buf_cut(file, at + count);
		buf_add(file, buf_at(&was) + at, len - at);
	}
}

static void try_changes(const uint8_t *bytes, size_t len)
{
	AUTO(secret_free)
	struct secret *key = secret_new("a key that is 32 bytes in length", 32);
	AUTO(buf_fini) struct buf whole = { 0 };
	AUTO(buf_fini) struct buf file = { 0 };
	struct buf records[RECORDS] = { 0 };
	enum err end;
	bool is_same;

	seal_records(key, records, &whole);
	buf_add(&file, buf_at(&whole), buf_len(&whole));
	for (; len >= 4 && buf_len(&file) < FILE_MOST; bytes += 4, len -= 4)
		edit(&file, bytes);
	is_same = buf_len(&file) == buf_len(&whole) &&
		  memcmp(buf_at(&file), buf_at(&whole), buf_len(&file)) == 0;
	assert((read_all(key, (const uint8_t *)buf_at(&file), buf_len(&file),
			 records, &end) == RECORDS &&
		end == ERR_NOT_FOUND) == is_same);
	for (int i = 0; i < RECORDS; i++)
		buf_fini(&records[i]);
}

typedef void try_fn(const uint8_t *bytes, size_t len);
static try_fn *const tries[] = { try_record, try_line, try_file, try_changes };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t *copy;

	if (len == 0)
		return 0;
	/* Memory of its own, so that one byte too far is seen. */
	copy = mem_copy(bytes + 1, len - 1);
	tries[bytes[0] % COUNT(tries)](copy, len - 1);
	mem_free(copy);
	return 0;
}
