#include "bank/schedule/trust.h"

#include <inttypes.h>
#include <stdio.h>

#include "bank/book.h"
#include "bank/mark.h"
#include "base/clock.h"

static const char mark_name[] = "clock";

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

static int64_t distance(const struct trust *trust)
{
	int64_t ahead_ms = trust->now_ms - trust->seen_ms;

	return ahead_ms < 0 ? -ahead_ms : ahead_ms;
}

enum err trust_look(struct store *store, struct trust *trust_r)
{
	struct book_head head = { 0 };
	struct mark mark = { 0 };
	enum err e = mark_get(store, mark_name, &mark);

	if (e == ERR_NOT_FOUND) {
		e = book_head(store, &head);
		mark.period = head.time_ms;
	}
	if (e == ERR_OK && mark.period < 0)
		e = ERR_CORRUPT;
	if (e != ERR_OK)
		return e;
	trust_r->seen_ms = mark.period;
	trust_r->now_ms = clock_wall_ms();
	trust_r->is_doubted =
		trust_r->seen_ms != 0 && distance(trust_r) > TRUST_MS;
	return ERR_OK;
}

enum err trust_keep(struct store *store, const struct trust *trust)
{
	const struct mark mark = { .period = trust->now_ms };
	struct mark stored;
	enum err e;

	if (trust->is_doubted)
		return ERR_OK;
	if (distance(trust) >= HOUR_MS)
		return mark_put(store, mark_name, &mark);
	e = mark_get(store, mark_name, &stored);
	return e == ERR_NOT_FOUND ? mark_put(store, mark_name, &mark) : e;
}

struct acceptance {
	struct store *store;
	struct trail *trail;
	const struct audit_entry *entry;
	struct mark mark;
};

static enum err accept_clock(struct store_txn *txn, void *arg)
{
	const struct acceptance *a = arg;
	enum err e = mark_write(txn, a->store, mark_name, &a->mark);

	return e == ERR_OK ? trail_write(txn, a->trail, a->entry) : e;
}

enum err trust_accept(struct store *store, struct trail *trail,
		      struct audit_entry *entry, struct trust *trust_r)
{
	struct acceptance a = { store, trail, entry, { 0 } };
	char seen[CLOCK_TEXT];
	char now[CLOCK_TEXT];
	enum err e = trust_look(store, trust_r);

	if (e != ERR_OK)
		return e;
	if (!trust_r->is_doubted)
		return ERR_EXISTS;
	clock_print(trust_r->seen_ms, seen);
	clock_print(trust_r->now_ms, now);
	(void)snprintf(entry->detail, sizeof(entry->detail), "%s, after %s",
		       now, seen);
	a.mark.period = trust_r->now_ms;
	return store_run(store, accept_clock, &a);
}

void trust_print(const struct trust *trust, struct buf *out)
{
	char seen[CLOCK_TEXT];
	char now[CLOCK_TEXT];

	clock_print(trust->seen_ms, seen);
	clock_print(trust->now_ms, now);
	if (trust->is_doubted)
		buf_print(out,
			  "The clock says %s, %" PRId64 " days %s the newest "
			  "time that is known, %s",
			  now, distance(trust) / DAY_MS,
			  trust->now_ms > trust->seen_ms ? "ahead of"
							 : "behind",
			  seen);
	else
		buf_print(out, "The clock says %s, and is believed", now);
}
