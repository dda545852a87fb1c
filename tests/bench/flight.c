#include "flight.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report.h"

static void *cache_lines(size_t count)
{
	void *lines = aligned_alloc(CACHE_LINE, count * CACHE_LINE);

	if (!lines)
		fail("out of memory");
	return memset(lines, 0, count * CACHE_LINE);
}

_Static_assert(sizeof(struct flight_slot) == CACHE_LINE, "one line each");
_Static_assert(sizeof(struct flight_sender) == CACHE_LINE, "one line each");

void flight_init(struct flight *f, unsigned senders, unsigned window)
{
	f->sender_count = senders;
	f->window = window;
	f->senders = cache_lines(senders);
	f->slots = cache_lines((size_t)senders * window);
	for (unsigned i = 0; i < senders; i++)
		f->senders[i].credits = window;
}

void flight_fini(struct flight *f)
{
	free(f->senders);
	free(f->slots);
}

unsigned flight_take_credits(struct flight *f, unsigned sender)
{
	_Atomic unsigned *credits = &f->senders[sender].credits;

	if (atomic_load_explicit(credits, memory_order_relaxed) == 0)
		return 0;
	return atomic_exchange(credits, 0);
}

bool flight_take_credit(struct flight *f, unsigned sender)
{
	_Atomic unsigned *credits = &f->senders[sender].credits;

	if (atomic_load(credits) == 0)
		return false;
	atomic_fetch_sub(credits, 1);
	return true;
}

uint32_t flight_launch(struct flight *f, unsigned sender, unsigned landings,
		       int64_t now_ns)
{
	uint32_t seq = f->senders[sender].next++;
	struct flight_slot *slot = &f->slots[flight_slot(f, sender, seq)];

	atomic_store(&slot->sent_ns, now_ns);
	atomic_store(&slot->left, landings);
	return seq;
}

bool flight_land(struct flight *f, unsigned sender, uint32_t seq)
{
	struct flight_slot *slot = &f->slots[flight_slot(f, sender, seq)];

	if (atomic_fetch_sub(&slot->left, 1) != 1)
		return false;
	atomic_fetch_add(&f->senders[sender].credits, 1);
	return true;
}

bool flight_is_over(struct flight *f)
{
	for (unsigned i = 0; i < f->sender_count; i++) {
		if (atomic_load(&f->senders[i].credits) != f->window)
			return false;
	}
	return true;
}

void arrivals_init(struct arrivals *a, const struct flight *f,
		   unsigned receivers)
{
	a->flight = f;
	a->due = mem_array((size_t)receivers * f->sender_count + 1,
			   sizeof(*a->due));
	a->seen = mem_array((size_t)f->sender_count * f->window + 1,
			    sizeof(*a->seen));
}

void arrivals_fini(struct arrivals *a)
{
	mem_free(a->due);
	mem_free(a->seen);
}
