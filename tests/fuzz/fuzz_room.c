/*
 * Any bytes as the stored record of a room: whatever is read must be sound,
 * and must be written as it was.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "chat/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	AUTO(buf_fini) struct buf again = { 0 };
	struct room_facts *facts = mem_alloc(sizeof(*facts));

	/* Behind each text's NUL there must be no reason to look. */
	memset(facts, 'x', sizeof(*facts));
	if (room_facts_decode(bytes, len, facts)) {
		assert(name_is_valid(facts->name));
		assert(strlen(facts->topic) <= TOPIC_MOST);
		assert(strlen(facts->topic_by) <= NAME_MOST);
		room_facts_encode(facts, &again);
		/* An older version is written as the newest. */
		assert(buf_len(&again) >= len);
		assert(memcmp(buf_at(&again) + 1, bytes + 1, len - 1) == 0);
	}
	mem_free(facts);
	return 0;
}
