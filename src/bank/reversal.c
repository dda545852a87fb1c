#include "bank/reversal.h"

#include "store/record.h"

enum { REVERSAL_VERSION = 1 };

void reversal_encode(uint64_t by, struct buf *out)
{
	record_begin(out, REVERSAL_VERSION);
	record_put_u64(out, by);
}

bool reversal_decode(const void *bytes, size_t len, uint64_t *by_r)
{
	struct record_reader r;

	record_open(&r, bytes, len);
	*by_r = record_get_u64(&r);
	return record_close(&r) && r.version == REVERSAL_VERSION;
}
