#include "histogram.h"

void histogram_add(struct histogram *to, const struct histogram *from)
{
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		to->counts[i] += from->counts[i];
	to->count += from->count;
	if (from->most_ns > to->most_ns)
		to->most_ns = from->most_ns;
}

/* The largest value that falls into this bucket. */
static int64_t bucket_top(unsigned bucket)
{
	unsigned octave;
	uint64_t step;

	if (bucket < HISTOGRAM_STEPS)
		return (int64_t)bucket;
	octave = bucket / HISTOGRAM_STEPS - 1;
	step = bucket % HISTOGRAM_STEPS + HISTOGRAM_STEPS;
	return (int64_t)(((step + 1) << octave) - 1);
}

int64_t histogram_at(const struct histogram *h, double share)
{
	uint64_t want = (uint64_t)(share * (double)h->count + 0.5);
	uint64_t seen = 0;

	if (want == 0)
		want = 1;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->counts[i];
		if (seen >= want) {
			int64_t top = bucket_top(i);

			return top < h->most_ns ? top : h->most_ns;
		}
	}
	return h->most_ns;
}
