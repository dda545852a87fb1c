#include "rialto/backoff.h"

#include "crypto/random.h"

enum { FIRST_MS = 1000, MOST_MS = 30000 };

int64_t backoff_next_ms(struct backoff *b)
{
	int64_t wait_ms = MOST_MS;

	if ((FIRST_MS << b->tries) < MOST_MS)
		wait_ms = FIRST_MS << b->tries++;
	return wait_ms - wait_ms / 4 +
	       (int64_t)random_below((uint64_t)wait_ms / 2 + 1);
}
