/*
 * What it costs to tell everyone in a room: many members, a number of messages
 * in flight in all, the deliveries counted and timed.
 */
#include "crowd.h"
#include "report.h"

static void report(const struct crowd_plan *plan,
		   const struct crowd_result *result)
{
	double deliveries = (double)result->deliveries;

	if (result->deliveries == 0)
		fail("nothing was delivered");
	report_figure("deliveries", deliveries / result->seconds, "/s");
	report_latency("latency-", &result->latency);
	if (plan->pid != 0) {
		report_figure("server-cpu-per-delivery",
			      (double)result->server_cpu_ns / deliveries / 1e3,
			      "us");
		report_figure("server-cpu",
			      (double)result->server_cpu_ns / result->seconds /
				      1e7,
			      "%");
	}
	report_figure("own-cpu-per-delivery",
		      (double)result->own_cpu_ns / deliveries / 1e3, "us");
	report_figure("own-cpu",
		      (double)result->own_cpu_ns / result->seconds / 1e7, "%");
	if (plan->pid != 0)
		report_others(result->all_cpu_ns, result->server_cpu_ns,
			      result->own_cpu_ns, result->seconds);
}

int main(int argc, char **argv)
{
	static struct crowd_result result;
	struct crowd_plan plan;
	struct crowd *crowd;
	int64_t warm_s = 2;
	int64_t seconds = 10;

	crowd_defaults(&plan);
	options_read(
		(const struct option_row[]){
			CROWD_OPTIONS(plan),
			CROWD_CHAT_OPTIONS(plan),
			{ "warm-up", NULL, &warm_s, 0, 600, "seconds before" },
			{ "seconds", NULL, &seconds, 1, 600, "measured" },
			{ 0 },
		},
		argc, argv);
	crowd = crowd_new(&plan);
	crowd_enter(crowd);
	crowd_chat(crowd, warm_s * 1000, seconds * 1000, &result);
	report(&plan, &result);
	crowd_free(&crowd);
	return 0;
}
