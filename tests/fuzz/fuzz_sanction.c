/* Any bytes as a stored sanction: what is read is written back the same. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "chat/sanction/sanction.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	AUTO(buf_fini) struct buf again = { 0 };
	struct sanction s;

	if (!sanction_decode(bytes, len, &s))
		return 0;
	assert(s.id != 0 && s.kind > 0 && s.kind < SANCTION_KINDS);
	assert(strlen(s.reason) <= REASON_MOST);
	assert(s.mask.text[0] != '\0');
	sanction_encode(&s, &again);
	assert(buf_len(&again) == len);
	assert(memcmp(buf_at(&again), bytes, len) == 0);
	return 0;
}
