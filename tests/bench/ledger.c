/*
 * How many durable transfers a ledger makes: one contender, measured in one
 * run after another, each called as "clients:uniform" or "clients:hot".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "contender.h"
#include "contest.h"
#include "options.h"
#include "report.h"

enum { RUNS_MOST = 16 };

struct run {
	char *name;
	struct contest_plan plan;
};

static const struct contender *find(const char *name)
{
	const struct contender *const all[] = {
		contender_inside, contender_alone, contender_wire,
		contender_atm,    contender_terse, contender_postgres,
		contender_sqlite,
	};

	for (unsigned i = 0; i < COUNT(all); i++)
		if (all[i] && strcmp(all[i]->name, name) == 0)
			return all[i];
	fail("this build has no contender %s", name);
}

/* "64:hot" */
static void read_run(struct run *run)
{
	AUTO(mem_free_text) char *text = mem_text(run->name);
	char *colon = strchr(text, ':');
	int64_t clients = 0;

	if (colon)
		*colon++ = '\0';
	if (!colon || !quantity_number(text, &clients) || clients < 1 ||
	    clients > CLIENTS_MOST ||
	    (strcmp(colon, "hot") != 0 && strcmp(colon, "uniform") != 0))
		fail("a run is \"64:uniform\" or \"64:hot\", not \"%s\"",
		     run->name);
	run->plan.clients = (unsigned)clients;
	run->plan.is_hot = strcmp(colon, "hot") == 0;
}

static unsigned read_runs(const char *list, struct run *runs,
			  int64_t *clients_most)
{
	AUTO(mem_free_text) char *text = mem_text(list);
	char *rest = text;
	char *word;
	unsigned count = 0;

	while ((word = strsep(&rest, ",")) != NULL) {
		if (count == RUNS_MOST)
			fail("more than %d runs", RUNS_MOST);
		runs[count].name = mem_text(word);
		read_run(&runs[count]);
		if (runs[count].plan.clients > *clients_most)
			*clients_most = runs[count].plan.clients;
		count++;
	}
	return count;
}

static void say(const char *prefix, const char *what, double value,
		const char *unit)
{
	char name[96];

	snprintf(name, sizeof(name), "%s%s", prefix, what);
	report_figure(name, value, unit);
}

static void report(const struct run *run, const char *when,
		   const struct contender *contender,
		   const struct contest_result *r)
{
	double count = (double)r->transfers;
	int64_t load_ns =
		r->own_cpu_ns - (contender->is_inside ? r->cpu_ns : 0);
	int64_t others_ns = r->all_cpu_ns - load_ns - r->cpu_ns;
	char prefix[64];

	if (r->transfers == 0)
		fail("%s: not one transfer", run->name);
	snprintf(prefix, sizeof(prefix), "%s%s-", when, run->name);
	say(prefix, "rate", count / r->seconds, "/s");
	say(prefix, "average",
	    (double)r->latency_sum_ns / (double)r->latency.count / 1e6, "ms");
	report_latency(prefix, &r->latency);
	say(prefix, "stall", (double)r->stall_ns / 1e6, "ms");
	say(prefix, "cpu", (double)r->cpu_ns / count / 1e3, "us");
	say(prefix, "load-cpu", (double)load_ns / count / 1e3, "us");
	report_figure("others-cpu", (double)others_ns / r->seconds / 1e7, "%");
}

/* Goes on until so many entries were made; the rate, and the worst stall. */
static void grow(struct contest *contest, int64_t entries,
		 const struct contest_plan *plan)
{
	static struct contest_result result;
	int64_t stall_ns = 0;
	double seconds = 0;
	uint64_t before = contest_transfers(contest);

	while (contest_transfers(contest) < (uint64_t)entries) {
		contest_run(contest, plan, &result);
		seconds += result.seconds;
		if (result.stall_ns > stall_ns)
			stall_ns = result.stall_ns;
	}
	if (seconds > 0)
		report_figure("growth-rate",
			      (double)(contest_transfers(contest) - before) /
				      seconds,
			      "/s");
	report_figure("growth-stall", (double)stall_ns / 1e6, "ms");
}

/* All runs; with entries, once more when there are so many. */
static void measure(const struct contender *contender,
		    const struct contender_plan *plan, const struct run *runs,
		    unsigned count, int64_t entries)
{
	static const struct contest_plan growing = { .clients = 64,
						     .measure_ms = 10000 };
	static struct contest_result result;
	struct contest *contest;

	contender->open(plan);
	contest = contest_new(contender, plan);
	for (unsigned i = 0; i < count; i++) {
		contest_run(contest, &runs[i].plan, &result);
		report(&runs[i], "", contender, &result);
	}
	if (entries > 0)
		grow(contest, entries, &growing);
	for (unsigned i = 0; entries > 0 && i < count; i++) {
		contest_run(contest, &runs[i].plan, &result);
		report(&runs[i], "grown-", contender, &result);
	}
	contender->check(contest_transfers(contest));
	contest_free(&contest);
	contender->close();
}

int main(int argc, char **argv)
{
	struct contender_plan plan = { .dir = "ledger-bench",
				       .address = "127.0.0.1",
				       .port = 5432,
				       .accounts = 100000,
				       .batch = 1,
				       .funds = 10000000 };
	struct run runs[RUNS_MOST] = { 0 };
	const char *contender = "sqlite";
	const char *list = "64:uniform";
	int64_t entries = 0;
	int64_t seconds = 5;
	int64_t warm_s = 2;
	unsigned count;

	options_read(
		(const struct option_row[]){
			{ "contender", &contender, NULL, 0, 0,
			  "inside, alone, wire, atm, terse, "
			  "postgres or sqlite" },
			{ "dir", &plan.dir, NULL, 0, 0,
			  "of the data, or of the server's socket" },
			{ "port", NULL, &plan.port, 1, 65535, "the server's" },
			{ "pid", NULL, &plan.pid, 0, INT32_MAX,
			  "the server's" },
			{ "accounts", NULL, &plan.accounts, 2, 10000000, "" },
			{ "batch", NULL, &plan.batch, 1, 10000,
			  "transfers that are asked for at once" },
			{ "runs", &list, NULL, 0, 0, "one after another" },
			{ "entries", NULL, &entries, 0, 1000000000,
			  "to make after the runs, which are repeated then" },
			{ "warm", NULL, &warm_s, 0, 600, "s, unmeasured" },
			{ "seconds", NULL, &seconds, 1, 3600, "measured" },
			{ 0 },
		},
		argc, argv);
	count = read_runs(list, runs, &plan.clients);
	for (unsigned i = 0; i < count; i++) {
		runs[i].plan.warm_ms = warm_s * 1000;
		runs[i].plan.measure_ms = seconds * 1000;
	}
	measure(find(contender), &plan, runs, count, entries);
	for (unsigned i = 0; i < count; i++)
		mem_free(runs[i].name);
	return 0;
}
