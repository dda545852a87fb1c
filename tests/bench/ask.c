/* How long a server takes to answer a line of one who has come before. */
#include <stdio.h>

#include "crowd.h"
#include "proc.h"
#include "report.h"
#include "visit.h"

int main(int argc, char **argv)
{
	static struct histogram latency;
	const char *enter = "/guest visitor";
	const char *line = "/who";
	static struct visitor visitor;
	struct crowd_plan plan;
	struct target target;
	int64_t times = 1;
	char lines[1024];

	crowd_defaults(&plan);
	options_read(
		(const struct option_row[]){
			TARGET_OPTIONS(plan),
			{ "enter", &enter, NULL, 0, 0, "how it comes in" },
			{ "line", &line, NULL, 0, 0, "that is answered" },
			{ "times", NULL, &times, 1, 1000000, "one by one" },
			{ 0 },
		},
		argc, argv);
	target_open(&target, plan.address, (int)plan.port,
		    (unsigned)plan.sources, plan.priorities);
	visitor.target = &target;
	visit_begin(&visitor, NULL);
	snprintf(lines, sizeof(lines), "/mode machine\n%s\n", enter);
	if (!visit_ask(&visitor, lines, 2))
		fail("refused: %s", enter);
	snprintf(lines, sizeof(lines), "%s\n", line);
	visitor.lines = 0;
	for (int64_t i = 0; i < times; i++) {
		int64_t began_ns = proc_now_ns();

		if (!visit_ask(&visitor, lines, 1))
			fail("refused: %s", line);
		histogram_record(&latency, proc_now_ns() - began_ns);
	}
	report_latency("answer-", &latency);
	report_figure("lines", (double)visitor.lines / (double)times, "lines");
	visit_end(&visitor);
	target_close(&target);
	return 0;
}
