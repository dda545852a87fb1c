/*
 * A thread of a crowd: it holds every n-th member, lets them in, reads what
 * they are sent, and speaks for those of them who are senders.
 */
#ifndef RIALTO_BENCH_RECEIVER_H
#define RIALTO_BENCH_RECEIVER_H

#include "crowd.h"
#include "flight.h"

enum crowd_phase {
	CROWD_ENTER,   /* coming in, or waiting */
	CROWD_WARM,    /* chatting */
	CROWD_MEASURE, /* chatting, and it counts */
	CROWD_DRAIN,   /* nothing new is said */
	CROWD_STOP,
};

struct receiver;

/* What the threads of a crowd share. */
struct crowd {
	struct crowd_plan plan;
	const struct dialect *dialect;
	struct target target;
	struct flight flight;
	unsigned landings; /* of a message until it has arrived */
	_Atomic enum crowd_phase phase;
	_Atomic unsigned inside; /* members who are in */
	unsigned receiver_count;
	struct receiver **receivers;
};

/* Starts thread number index; it opens its connections at once. */
struct receiver *receiver_new(struct crowd *c, unsigned index);

/* Makes it look at the crowd's phase. Any thread. */
void receiver_wake(struct receiver *r);

/* How many deliveries were seen so far. Any thread. */
uint64_t receiver_deliveries(const struct receiver *r);

/* What was measured; only while nothing is said. */
struct histogram *receiver_latency(struct receiver *r);

/* Ends the run if a member of r lacks a message; only while nothing is said. */
void receiver_complain(const struct receiver *r);

/* Waits for the thread, which CROWD_STOP ends. */
void receiver_free(struct receiver **r);

#endif
