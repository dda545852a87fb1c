/*
 * Any bytes as a record, read with any fields in any order: the first bytes
 * say which, the rest are the record. Nothing is read past its end, what is
 * bad stays bad, and what was read whole is written as it was.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "store/record.h"

enum { TEXT = 16, FIELDS_MOST = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void get_u8(struct record_reader *r, struct buf *again)
{
	record_put_u8(again, record_get_u8(r));
}

static void get_u32(struct record_reader *r, struct buf *again)
{
	record_put_u32(again, record_get_u32(r));
}

static void get_u64(struct record_reader *r, struct buf *again)
{
	record_put_u64(again, record_get_u64(r));
}

static void get_i64(struct record_reader *r, struct buf *again)
{
	record_put_i64(again, record_get_i64(r));
}

static void get_text(struct record_reader *r, struct buf *again)
{
	char text[TEXT];

	memset(text, 'x', sizeof(text));
	record_get_text(r, text, sizeof(text));
	assert(memchr(text, '\0', sizeof(text)) != NULL);
	assert(!r->is_bad || text[0] == '\0');
	record_put_text(again, text);
}

typedef void get_fn(struct record_reader *r, struct buf *again);
static get_fn *const getters[] = { get_u8, get_u32, get_u64, get_i64,
				   get_text };

static void read_record(const uint8_t *fields, size_t field_count,
			const uint8_t *record, size_t len)
{
	AUTO(buf_fini) struct buf again = { 0 };
	struct record_reader r;

	record_open(&r, record, len);
	record_begin(&again, r.version);
	for (size_t i = 0; i < field_count; i++) {
		bool was_bad = r.is_bad;
		size_t left = r.left;

		getters[fields[i] % COUNT(getters)](&r, &again);
		assert(r.left <= left && (!was_bad || r.is_bad));
	}
	if (!record_close(&r))
		return;
	assert(buf_len(&again) == len);
	assert(memcmp(buf_at(&again), record, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	size_t field_count = len > 0 ? bytes[0] % FIELDS_MOST : 0;
	uint8_t *record;

	if (len < 1 + field_count)
		return 0;
	/* Memory of its own, so that one byte too far is seen. */
	len -= 1 + field_count;
	record = mem_alloc(len > 0 ? len : 1);
	memcpy(record, bytes + 1 + field_count, len);
	read_record(bytes + 1, field_count, record, len);
	mem_free(record);
	return 0;
}
