/*
 * Any text as a moment: one that is understood is within what a date can say,
 * and a day ends after it has begun.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const int64_t now_ms = INT64_C(1795205670000);
	const int64_t most_ms = INT64_C(1) << 48; /* in the year 10889 */
	char *text = mem_alloc(len + 1);
	int64_t begin = INT64_MIN;
	int64_t end = INT64_MIN;
	bool is_read;

	memcpy(text, bytes, len);
	text[len] = '\0';
	is_read = when_parse(text, now_ms, &begin);
	assert(is_read == when_parse_end(text, now_ms, &end));
	if (is_read) {
		assert(begin > -most_ms && begin < most_ms);
		assert(end >= begin &&
		       end - begin <= INT64_C(50) * 3600 * 1000);
	} else {
		assert(begin == INT64_MIN && end == INT64_MIN);
	}
	mem_free(text);
	return 0;
}
