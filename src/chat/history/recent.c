#include "chat/history/recent.h"

#include <string.h>

#include "base/mem.h"

void recent_init(struct recent *r, size_t most)
{
	memset(r, 0, sizeof(*r));
	r->most = most;
	r->ring = mem_array(most, sizeof(struct message *));
}

static void forget_oldest(struct recent *r)
{
	struct message **oldest = &r->ring[r->first];

	r->bytes -= strlen((*oldest)->text);
	r->first = (r->first + 1) % r->most;
	r->count--;
	message_unref(oldest);
}

void recent_clear(struct recent *r)
{
	while (r->count > 0)
		forget_oldest(r);
}

void recent_fini(struct recent *r)
{
	recent_clear(r);
	mem_free(r->ring);
	r->ring = NULL;
}

void recent_add(struct recent *r, struct message *m)
{
	if (r->most == 0)
		return;
	if (r->count == r->most)
		forget_oldest(r);
	r->ring[(r->first + r->count) % r->most] = message_ref(m);
	r->count++;
	r->bytes += strlen(m->text);
	while (r->bytes > RECENT_BYTES_MOST)
		forget_oldest(r);
}

/* As far as the last that is too old: the clock may have been ahead before. */
static size_t count_before(const struct recent *r, int64_t time_ms)
{
	size_t count = r->count;

	while (count > 0 && recent_at(r, count - 1)->time_ms >= time_ms)
		count--;
	return count;
}

void recent_trim(struct recent *r, size_t most, int64_t before_ms)
{
	size_t gone = before_ms == INT64_MIN ? 0 : count_before(r, before_ms);

	if (most > 0 && r->count > most && r->count - most > gone)
		gone = r->count - most;
	while (gone-- > 0)
		forget_oldest(r);
}

struct message *recent_at(const struct recent *r, size_t i)
{
	return r->ring[(r->first + i) % r->most];
}

void recent_drop(struct recent *r,
		 bool (*is_gone)(const struct message *m, void *arg), void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct message *m = recent_at(r, i);

		if (is_gone(m, arg)) {
			r->bytes -= strlen(m->text);
			message_unref(&m);
		} else {
			r->ring[(r->first + kept++) % r->most] = m;
		}
	}
	r->count = kept;
}
