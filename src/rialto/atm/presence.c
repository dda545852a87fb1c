#include "rialto/atm/presence.h"

#include <string.h>

/* Terminals repeat a key that is held twice a second, or more often. */
enum { REPEAT_MS = 600, ESCAPE = 27, ASCII_MOST = 127 };

/*
 * The key that all of them are, 0 when they are several. One that is many
 * bytes, as an arrow or a letter beyond ASCII, is told by its first.
 */
static unsigned char only_key(const char *keys, size_t len)
{
	unsigned char first = (unsigned char)keys[0];

	if (first == ESCAPE || first > ASCII_MOST)
		return first;
	return len == 1 || memcmp(keys, keys + 1, len - 1) == 0 ? first : 0;
}

static bool see(struct presence *p, bool is_seen, int64_t now_ms)
{
	if (is_seen)
		p->seen_ms = now_ms;
	return is_seen;
}

bool presence_ask(struct presence *p, bool has_time, int64_t now_ms)
{
	bool is_held = p->is_held && now_ms - p->typed_ms < REPEAT_MS;

	return see(p, has_time || !is_held, now_ms);
}

bool presence_typed(struct presence *p, const char *keys, size_t len,
		    int64_t now_ms)
{
	unsigned char key = only_key(keys, len);

	p->is_held =
		key != 0 && key == p->key && now_ms - p->typed_ms < REPEAT_MS;
	p->key = key;
	p->typed_ms = now_ms;
	return see(p, !p->is_held, now_ms);
}
