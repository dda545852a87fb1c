#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { NS_PER_MS = 1000000 };

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	_Exit(1);
}

void report_figure(const char *name, double value, const char *unit)
{
	printf("%-28s %14.3f %s\n", name, value, unit);
	fflush(stdout);
}

void report_latency(const char *prefix, const struct histogram *h)
{
	static const struct {
		const char *name;
		double share;
	} rows[] = { { "p50", 0.5 }, { "p99", 0.99 }, { "max", 1 } };

	for (unsigned i = 0; i < COUNT(rows); i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%s", prefix, rows[i].name);
		report_figure(name,
			      (double)histogram_at(h, rows[i].share) /
				      NS_PER_MS,
			      "ms");
	}
}

void report_others(int64_t all_ns, int64_t server_ns, int64_t own_ns,
		   double seconds)
{
	report_figure("others-cpu",
		      (double)(all_ns - server_ns - own_ns) / seconds / 1e7,
		      "%");
}
