/*
 * Many people at the door at once: connect, TLS, login and join one room, until
 * all are in.
 */
#include "crowd.h"
#include "proc.h"
#include "report.h"

int main(int argc, char **argv)
{
	struct crowd_plan plan;
	struct crowd *crowd;
	int64_t cpu_ns;
	double seconds;

	crowd_defaults(&plan);
	plan.members = 1000;
	plan.concurrency = 1000;
	options_read((const struct option_row[]){ CROWD_OPTIONS(plan), { 0 } },
		     argc, argv);
	crowd = crowd_new(&plan);
	cpu_ns = proc_cpu_ns((pid_t)plan.pid);
	seconds = (double)crowd_enter(crowd) / 1e9;
	cpu_ns = proc_cpu_ns((pid_t)plan.pid) - cpu_ns;
	report_figure("all-in-after", seconds, "s");
	report_figure("sessions", (double)plan.members / seconds, "/s");
	if (plan.pid != 0)
		report_figure("server-cpu-per-session",
			      (double)cpu_ns / (double)plan.members / 1e3,
			      "us");
	crowd_free(&crowd);
	return 0;
}
