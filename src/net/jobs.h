/*
 * A fixed number of threads that run what may block, from a bounded queue.
 * The daemon has two such sets: jobs (the store, files) and hashers
 * (password hashing only).
 */
#ifndef RIALTO_NET_JOBS_H
#define RIALTO_NET_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct jobs;

/* Embedded in what is to be done; the queue's until run is called. */
struct job {
	void (*run)(struct job *job);
	struct job *next; /* the queue's */
};

/* Threads called name, at this nice value; at most queue jobs wait. */
struct jobs *jobs_new(const char *name, unsigned threads, size_t queue,
		      int nice);

/*
 * Runs what is queued and ends the threads; a submit from now on is ERR_BUSY.
 * For sets that submit to each other: stop both before either is freed.
 */
void jobs_stop(struct jobs *jobs);

/*
 * The same, but waits so long at most. False: a thread still runs, and all
 * that its job knows, and the set, must stay until the process ends.
 */
NODISCARD bool jobs_stop_within(struct jobs *jobs, int64_t most_ms);

/* The process ends without what still runs; nothing more is done with jobs. */
void jobs_abandon(struct jobs *jobs);

/* Stops, unless that was done, and frees. No submit may follow. */
void jobs_free(struct jobs **jobs);

/*
 * Queues job, to be run once in one of the threads. ERR_BUSY when the queue
 * is full. Any thread.
 */
NODISCARD enum err jobs_submit(struct jobs *jobs, struct job *job);

/*
 * The same, however many wait: for what others wait for that take no place in
 * the queue themselves. It is not run when the set ends already.
 */
void jobs_insist(struct jobs *jobs, struct job *job);

/* How many wait now. Any thread. */
size_t jobs_waiting(struct jobs *jobs);

#endif
