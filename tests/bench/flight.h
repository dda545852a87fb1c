/*
 * Which messages are on their way. A message is in flight from the moment its
 * sender is about to write it until the last receiver has it and, where the
 * server confirms, the sender has the confirmation. Each sender has a window of
 * messages that may be in flight at once; as many credits as it may still send.
 *
 * Senders launch their own messages; any thread may land them.
 */
#ifndef RIALTO_BENCH_FLIGHT_H
#define RIALTO_BENCH_FLIGHT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { CACHE_LINE = 64 };

struct flight_slot {
	_Alignas(CACHE_LINE) _Atomic unsigned left; /* landings to come */
	_Atomic int64_t sent_ns;
};

struct flight_sender {
	_Alignas(CACHE_LINE) _Atomic unsigned credits;
	uint32_t next; /* the sender's thread only */
};

struct flight {
	unsigned sender_count;
	unsigned window;
	struct flight_sender *senders;
	struct flight_slot *slots;
};

void flight_init(struct flight *f, unsigned senders, unsigned window);
void flight_fini(struct flight *f);

static inline unsigned flight_slot(const struct flight *f, unsigned sender,
				   uint32_t seq)
{
	return sender * f->window + seq % f->window;
}

/* Takes all credits of a sender, or at most one. */
unsigned flight_take_credits(struct flight *f, unsigned sender);
bool flight_take_credit(struct flight *f, unsigned sender);

/* The next message of a sender, against a credit taken; its number. */
uint32_t flight_launch(struct flight *f, unsigned sender, unsigned landings,
		       int64_t now_ns);

/* One landing; true when it was the last, which returns the credit. */
bool flight_land(struct flight *f, unsigned sender, uint32_t seq);

/* Nothing is in flight. */
bool flight_is_over(struct flight *f);

/*
 * Checks that one receiver gets every message of every sender once and in
 * order, and counts how many receivers of a thread have each message.
 */
struct arrivals {
	const struct flight *flight; /* borrowed */
	uint32_t *due;               /* by receiver and sender */
	uint32_t *seen;              /* by slot */
};

void arrivals_init(struct arrivals *a, const struct flight *f,
		   unsigned receivers);
void arrivals_fini(struct arrivals *a);

/* False when this is not the message that is due. */
static inline bool arrivals_note(struct arrivals *a, unsigned receiver,
				 unsigned sender, uint32_t seq)
{
	uint32_t *due = &a->due[receiver * a->flight->sender_count + sender];

	if (seq != *due)
		return false;
	++*due;
	return true;
}

/* True when the message has now been seen by this many receivers. */
static inline bool arrivals_complete(struct arrivals *a, unsigned slot,
				     unsigned receivers)
{
	if (++a->seen[slot] < receivers)
		return false;
	a->seen[slot] = 0;
	return true;
}

#endif
