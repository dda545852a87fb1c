/*
 * Does a crowd at the door disturb the chat inside? Members talk at a fixed
 * rate, first in peace, then while visitors register and log in as fast as the
 * server lets them.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "crowd.h"
#include "report.h"
#include "visit.h"

/* The visitors share the processors with those who measure, and yield. */
enum { VISITORS_MOST = 256, VISITOR_NICE = 10, LOGINS_EACH = 3 };

struct newcomer {
	struct visitor visitor;
	struct thread thread;
	const char *prefix;
};

static atomic_bool is_over;
static _Atomic uint64_t registered;
static _Atomic uint64_t logged_in;
static _Atomic uint64_t refused;

static void visit(struct newcomer *n, const char *verb, unsigned person,
		  _Atomic uint64_t *counter)
{
	char lines[256];

	snprintf(lines, sizeof(lines),
		 "/mode machine\n/%s %s%d-%u-%u pass-of-%u\n", verb, n->prefix,
		 (int)getpid(), n->visitor.index, person, person);
	visit_begin(&n->visitor, NULL);
	if (!visit_ask(&n->visitor, lines, 2))
		counter = &refused;
	atomic_fetch_add(counter, 1);
	visit_end(&n->visitor);
}

static void run(void *arg)
{
	struct newcomer *n = arg;

	thread_nice(VISITOR_NICE);
	for (unsigned person = 0; !atomic_load(&is_over); person++) {
		visit(n, "register", person, &registered);
		for (int i = 0; i < LOGINS_EACH && !atomic_load(&is_over); i++)
			visit(n, "login", person, &logged_in);
	}
}

static void storm(struct crowd *crowd, const struct crowd_plan *plan,
		  int64_t visitors, int64_t seconds, struct crowd_result *r)
{
	static struct newcomer *newcomers[VISITORS_MOST];
	struct target target;

	target_open(&target, plan->address, (int)plan->port,
		    (unsigned)plan->sources, plan->priorities);
	for (unsigned i = 0; i < visitors; i++) {
		newcomers[i] = mem_zero(sizeof(*newcomers[i]));
		newcomers[i]->visitor.target = &target;
		newcomers[i]->visitor.index = i;
		newcomers[i]->prefix = plan->prefix;
		thread_start(&newcomers[i]->thread, "newcomer", run,
			     newcomers[i]);
	}
	crowd_chat(crowd, 1000, seconds * 1000, r);
	atomic_store(&is_over, true);
	for (unsigned i = 0; i < visitors; i++) {
		thread_join(&newcomers[i]->thread);
		mem_free(newcomers[i]);
	}
	target_close(&target);
}

int main(int argc, char **argv)
{
	static struct crowd_result quiet;
	static struct crowd_result stormy;
	struct crowd_plan plan;
	struct crowd *crowd;
	int64_t visitors = 16;
	int64_t seconds = 10;

	crowd_defaults(&plan);
	plan.in_flight = 64;
	plan.senders = 20;
	plan.rate = 100;
	plan.sources = 50;
	options_read(
		(const struct option_row[]){
			CROWD_OPTIONS(plan),
			CROWD_CHAT_OPTIONS(plan),
			{ "rate", NULL, &plan.rate, 1, 100000,
			  "messages a second, of all senders" },
			{ "visitors", NULL, &visitors, 1, VISITORS_MOST,
			  "who register and log in" },
			{ "seconds", NULL, &seconds, 1, 600, "measured" },
			{ 0 },
		},
		argc, argv);
	crowd = crowd_new(&plan);
	crowd_enter(crowd);
	crowd_chat(crowd, 1000, seconds * 500, &quiet);
	storm(crowd, &plan, visitors, seconds, &stormy);
	report_latency("quiet-", &quiet.latency);
	report_latency("storm-", &stormy.latency);
	report_figure("deliveries", (double)stormy.deliveries / stormy.seconds,
		      "/s");
	report_figure("registrations", (double)registered / stormy.seconds,
		      "/s");
	report_figure("logins", (double)logged_in / stormy.seconds, "/s");
	report_figure("refused", (double)refused / stormy.seconds, "/s");
	if (plan.pid != 0)
		report_others(stormy.all_cpu_ns, stormy.server_cpu_ns,
			      stormy.own_cpu_ns, stormy.seconds);
	crowd_free(&crowd);
	return 0;
}
