/*
 * What a session costs that does nothing: the server's resident memory before
 * and after many have logged in.
 */
#include <unistd.h>

#include "crowd.h"
#include "proc.h"
#include "report.h"

/* Waits until the server is at rest, at most 20 s; its memory then. */
static int64_t resting_kib(pid_t pid)
{
	int64_t before_ns = proc_cpu_ns(pid);

	for (int i = 0; i < 20; i++) {
		int64_t cpu_ns;

		sleep(1);
		cpu_ns = proc_cpu_ns(pid);
		if (cpu_ns - before_ns < 20000000)
			break;
		before_ns = cpu_ns;
	}
	return proc_resident_kib(pid);
}

int main(int argc, char **argv)
{
	struct crowd_plan plan;
	struct crowd *crowd;
	int64_t before_kib;
	int64_t after_kib;
	double seconds;

	crowd_defaults(&plan);
	plan.members = 10000;
	plan.sources = 50;
	options_read((const struct option_row[]){ CROWD_OPTIONS(plan), { 0 } },
		     argc, argv);
	if (plan.pid == 0)
		fail("--pid: whose memory?");
	crowd = crowd_new(&plan);
	before_kib = proc_resident_kib((pid_t)plan.pid);
	seconds = (double)crowd_enter(crowd) / 1e9;
	after_kib = resting_kib((pid_t)plan.pid);
	report_figure("per-session",
		      (double)(after_kib - before_kib) / (double)plan.members,
		      "KiB");
	report_figure("resident-before", (double)before_kib, "KiB");
	report_figure("resident-after", (double)after_kib, "KiB");
	report_figure("all-in-after", seconds, "s");
	crowd_free(&crowd);
	return 0;
}
