/*
 * Does something else disturb the chat? Members talk at a fixed rate, first in
 * peace, then while a command runs, until it has ended.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"
#include "report.h"

enum { SLICE_MS = 500, PATIENCE_S = 120 };

static pid_t begin(const char *command)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("no process can be made");
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	return pid;
}

/* False while it runs; that it fails ends the run. */
static bool has_ended(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WNOHANG) == 0)
		return false;
	if (status != 0)
		fail("the command failed");
	return true;
}

static void add(struct crowd_result *sum, const struct crowd_result *part)
{
	histogram_add(&sum->latency, &part->latency);
	sum->seconds += part->seconds;
	sum->deliveries += part->deliveries;
	sum->server_cpu_ns += part->server_cpu_ns;
	sum->own_cpu_ns += part->own_cpu_ns;
	sum->all_cpu_ns += part->all_cpu_ns;
}

static void disturb(struct crowd *crowd, const char *command,
		    struct crowd_result *sum)
{
	static struct crowd_result part;
	pid_t pid = begin(command);

	do {
		crowd_chat(crowd, 0, SLICE_MS, &part);
		add(sum, &part);
		if (sum->seconds > PATIENCE_S)
			fail("the command does not end");
	} while (!has_ended(pid));
}

int main(int argc, char **argv)
{
	static struct crowd_result quiet;
	static struct crowd_result busy;
	const char *command = "sleep 5";
	struct crowd_plan plan;
	struct crowd *crowd;
	int64_t seconds = 5;

	crowd_defaults(&plan);
	plan.in_flight = 64;
	plan.senders = 20;
	plan.rate = 100;
	options_read(
		(const struct option_row[]){
			CROWD_OPTIONS(plan),
			CROWD_CHAT_OPTIONS(plan),
			{ "rate", NULL, &plan.rate, 1, 100000,
			  "messages a second, of all senders" },
			{ "command", &command, NULL, 0, 0, "for the shell" },
			{ "seconds", NULL, &seconds, 1, 600, "in peace" },
			{ 0 },
		},
		argc, argv);
	crowd = crowd_new(&plan);
	crowd_enter(crowd);
	crowd_chat(crowd, 1000, seconds * 1000, &quiet);
	disturb(crowd, command, &busy);
	report_latency("quiet-", &quiet.latency);
	report_latency("busy-", &busy.latency);
	report_figure("busy-seconds", busy.seconds, "s");
	report_figure("busy-deliveries", (double)busy.deliveries / busy.seconds,
		      "/s");
	if (plan.pid != 0) {
		report_figure("busy-cpu",
			      (double)busy.server_cpu_ns / busy.seconds / 1e7,
			      "%");
		report_others(quiet.all_cpu_ns, quiet.server_cpu_ns,
			      quiet.own_cpu_ns, quiet.seconds);
	}
	crowd_free(&crowd);
	return 0;
}
