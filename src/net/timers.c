#include "net/timers.h"

#include "base/attr.h"

void timers_init(struct timers *t, int64_t now_ms)
{
	for (size_t i = 0; i < COUNT(t->slots); i++)
		list_init(&t->slots[i]);
	t->tick = now_ms / TIMERS_TICK_MS;
	t->count = 0;
}

void timer_init(struct timer *timer)
{
	list_init(&timer->link);
}

bool timer_is_set(const struct timer *timer)
{
	return !list_is_empty(&timer->link);
}

void timers_set(struct timers *t, struct timer *timer, int64_t due_ms)
{
	/* Rounded up, and never into the slot that is being looked at. */
	int64_t tick = due_ms / TIMERS_TICK_MS + 1;

	if (tick <= t->tick)
		tick = t->tick + 1;
	timers_clear(t, timer);
	timer->due_ms = due_ms;
	list_append(&t->slots[tick % TIMERS_SLOTS], &timer->link);
	t->count++;
}

void timers_clear(struct timers *t, struct timer *timer)
{
	if (!timer_is_set(timer))
		return;
	list_remove(&timer->link);
	t->count--;
}

static void run_slot(struct timers *t, struct list *slot, int64_t now_ms,
		     void (*fn)(struct timer *timer, void *arg), void *arg)
{
	struct list all;

	/* fn may clear any timer, so take them off a list of our own. */
	list_init(&all);
	list_splice(&all, slot);
	while (!list_is_empty(&all)) {
		struct timer *timer = LIST_ITEM(all.next, struct timer, link);

		list_remove(&timer->link);
		if (timer->due_ms > now_ms) {
			list_append(slot, &timer->link);
			continue;
		}
		t->count--;
		fn(timer, arg);
	}
}

void timers_run(struct timers *t, int64_t now_ms,
		void (*fn)(struct timer *timer, void *arg), void *arg)
{
	int64_t now_tick = now_ms / TIMERS_TICK_MS;

	if (now_tick - t->tick > TIMERS_SLOTS)
		t->tick = now_tick - TIMERS_SLOTS;
	while (t->tick < now_tick) {
		t->tick++;
		run_slot(t, &t->slots[t->tick % TIMERS_SLOTS], now_ms, fn, arg);
	}
}

int timers_wait_ms(const struct timers *t, int64_t now_ms)
{
	if (t->count == 0)
		return -1;
	return (int)((t->tick + 1) * TIMERS_TICK_MS - now_ms > 0
			     ? (t->tick + 1) * TIMERS_TICK_MS - now_ms
			     : 0);
}
