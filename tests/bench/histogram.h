/*
 * How often which duration was seen: buckets that are linear within a power
 * of two, so that a value read back is wrong by less than 1.6 %. One thread
 * records; histogram_add() joins several.
 */
#ifndef RIALTO_BENCH_HISTOGRAM_H
#define RIALTO_BENCH_HISTOGRAM_H

#include <stdint.h>

enum {
	HISTOGRAM_STEPS_LOG2 = 6,
	HISTOGRAM_STEPS = 1 << HISTOGRAM_STEPS_LOG2,
	HISTOGRAM_OCTAVES = 36, /* up to 73 minutes in nanoseconds */
	HISTOGRAM_BUCKETS = HISTOGRAM_STEPS * HISTOGRAM_OCTAVES,
};

/* Zeroed memory is an empty histogram. */
struct histogram {
	uint64_t counts[HISTOGRAM_BUCKETS];
	uint64_t count;
	int64_t most_ns;
};

static inline unsigned histogram_bucket(int64_t ns)
{
	uint64_t value = ns < 0 ? 0 : (uint64_t)ns;
	unsigned octave;
	unsigned bucket;

	if (value < HISTOGRAM_STEPS)
		return (unsigned)value;
	octave = 63 - (unsigned)__builtin_clzll(value) - HISTOGRAM_STEPS_LOG2;
	bucket = (octave + 1) * HISTOGRAM_STEPS +
		 (unsigned)((value >> octave) - HISTOGRAM_STEPS);
	return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static inline void histogram_record(struct histogram *h, int64_t ns)
{
	h->counts[histogram_bucket(ns)]++;
	h->count++;
	if (ns > h->most_ns)
		h->most_ns = ns;
}

void histogram_add(struct histogram *to, const struct histogram *from);

/* The value that this share (0 to 1) of all values does not exceed. */
int64_t histogram_at(const struct histogram *h, double share);

#endif
