/*
 * Whether somebody is at the keys: since when there was none. A key that is
 * held, or stuck, and so comes again and again by itself, is nobody, whatever
 * it does. One owner.
 */
#ifndef RIALTO_RIALTO_ATM_PRESENCE_H
#define RIALTO_RIALTO_ATM_PRESENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero to start with. Times are of a clock that only goes forward. */
struct presence {
	int64_t seen_ms;  /* when somebody was there, for the last time */
	int64_t typed_ms; /* the last key */
	unsigned char key;
	bool is_held;
};

/*
 * Something is asked now, after whatever time that took. True when there is
 * somebody for whom to wait anew: not for who holds a key, unless there is as
 * much time as one likes.
 */
bool presence_ask(struct presence *p, bool has_time, int64_t now_ms);

/* These bytes, one at least, were typed; true when it was somebody. */
bool presence_typed(struct presence *p, const char *keys, size_t len,
		    int64_t now_ms);

#endif
