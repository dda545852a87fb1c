/*
 * The clients of a contest, each in a closed loop: it asks for a transfer,
 * waits for the answer and asks for the next one. They are the states of one
 * thread, so that no contender pays for threads that only ask.
 */
#ifndef RIALTO_BENCH_CONTEST_H
#define RIALTO_BENCH_CONTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "contender.h"
#include "histogram.h"

struct contest_plan {
	unsigned clients;
	bool is_hot; /* account 0 is one side of every transfer, in and out */
	int64_t warm_ms;
	int64_t measure_ms;
};

struct contest_result {
	struct histogram latency; /* of every answer */
	int64_t latency_sum_ns;
	int64_t stall_ns;   /* the longest that nobody was answered */
	uint64_t transfers; /* while it was measured */
	double seconds;
	int64_t cpu_ns;     /* the contender's */
	int64_t own_cpu_ns; /* of this process */
	int64_t all_cpu_ns; /* of the machine */
};

/* Borrows both. One thread has a contest. */
struct contest *contest_new(const struct contender *contender,
			    const struct contender_plan *plan);
void contest_free(struct contest **c);

/* May be called again; every answer has come when it returns. */
void contest_run(struct contest *c, const struct contest_plan *plan,
		 struct contest_result *result_r);

/* Called by the contender, within wait(). */
void contest_answered(struct contest *c, unsigned client);

/* All transfers that were answered so far. */
uint64_t contest_transfers(const struct contest *c);

#endif
