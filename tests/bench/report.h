/*
 * What a benchmark says: one figure a line, "name value unit", on standard
 * output; or why it failed, on standard error.
 */
#ifndef RIALTO_BENCH_REPORT_H
#define RIALTO_BENCH_REPORT_H

#include <stdint.h>

#include "base/attr.h"
#include "histogram.h"

/* Says why and exits 1. Any thread. */
NORETURN void fail(const char *format, ...) PRINTF(1, 2);

void report_figure(const char *name, double value, const char *unit);

/* Its p50, p99 and most, in milliseconds. */
void report_latency(const char *prefix, const struct histogram *h);

/*
 * Processor time of others than server and benchmark, as a share of one
 * processor: how quiet the machine was.
 */
void report_others(int64_t all_ns, int64_t server_ns, int64_t own_ns,
		   double seconds);

#endif
