#include "crowd.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "proc.h"
#include "receiver.h"
#include "report.h"

enum {
	NS_PER_MS = 1000000,
	ENTER_PATIENCE_MS = 120000,
	DRAIN_PATIENCE_MS = 15000,
	FILES_BESIDE = 64,
};

void crowd_defaults(struct crowd_plan *plan)
{
	*plan = (struct crowd_plan){
		.protocol = "line",
		.address = "127.0.0.1",
		.room = "lobby",
		.prefix = "g",
		.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:"
			      "+AES-128-GCM",
		.port = 7170,
		.members = 200,
		.threads = 2,
		.concurrency = 256,
		.in_flight = 40,
		.text = 48,
	};
}

static void nap(int64_t ns)
{
	struct timespec t = { ns / 1000000000, ns % 1000000000 };

	nanosleep(&t, NULL);
}

/* How often a message must land: each thread that hears it, and the sender. */
static unsigned count_landings(const struct crowd *c)
{
	const struct crowd_plan *p = &c->plan;
	unsigned landings = c->dialect->confirms;

	/* Threads differ by one member at most; 2 each leave one to hear. */
	if (p->members < 2 * (int64_t)c->receiver_count)
		fail("a chat needs at least two members for each thread");
	return landings + c->receiver_count;
}

static void plan_chat(struct crowd *c)
{
	struct crowd_plan *p = &c->plan;

	if (p->senders == 0)
		p->senders = p->in_flight;
	if (p->senders > p->members)
		p->senders = p->members;
	if (p->rate == 0 && p->in_flight % p->senders != 0)
		fail("%" PRId64 " in flight cannot be shared by %" PRId64
		     " senders",
		     p->in_flight, p->senders);
	flight_init(
		&c->flight, (unsigned)p->senders,
		(unsigned)(p->rate ? p->in_flight : p->in_flight / p->senders));
}

struct crowd *crowd_new(const struct crowd_plan *plan)
{
	struct crowd *c = mem_zero(sizeof(*c));

	c->plan = *plan;
	c->dialect = dialect_find(plan->protocol);
	c->receiver_count = (unsigned)plan->threads;
	c->receivers = mem_array(c->receiver_count, sizeof(struct receiver *));
	proc_allow_files(plan->members + FILES_BESIDE);
	target_open(&c->target, plan->address, (int)plan->port,
		    (unsigned)plan->sources, plan->priorities);
	plan_chat(c);
	return c;
}

int64_t crowd_enter(struct crowd *c)
{
	int64_t begin_ns = proc_now_ns();
	int64_t end_ns = begin_ns;

	for (unsigned i = 0; i < c->receiver_count; i++)
		c->receivers[i] = receiver_new(c, i);
	while (atomic_load(&c->inside) < c->plan.members) {
		nap(NS_PER_MS);
		end_ns = proc_now_ns();
		if (end_ns - begin_ns > (int64_t)ENTER_PATIENCE_MS * NS_PER_MS)
			fail("only %u of %" PRId64 " are in after %d s",
			     atomic_load(&c->inside), c->plan.members,
			     ENTER_PATIENCE_MS / 1000);
	}
	return end_ns - begin_ns;
}

static void set_phase(struct crowd *c, enum crowd_phase phase)
{
	atomic_store(&c->phase, phase);
	for (unsigned i = 0; i < c->receiver_count; i++)
		receiver_wake(c->receivers[i]);
}

/* Adds or, with sign -1, subtracts what the counters show now. */
static void count(const struct crowd *c, int sign, struct crowd_result *result)
{
	uint64_t deliveries = 0;

	for (unsigned i = 0; i < c->receiver_count; i++)
		deliveries += receiver_deliveries(c->receivers[i]);
	result->deliveries += (uint64_t)sign * deliveries;
	result->server_cpu_ns += sign * proc_cpu_ns((pid_t)c->plan.pid);
	result->own_cpu_ns += sign * proc_own_cpu_ns();
	result->all_cpu_ns += sign * proc_all_cpu_ns();
	result->seconds += sign * (double)proc_now_ns() / 1e9;
}

/* Ends the run over a message that was not delivered to all in time. */
static NORETURN void complain(const struct crowd *c)
{
	for (unsigned i = 0; i < c->receiver_count; i++)
		receiver_complain(c->receivers[i]);
	fail("a message was not confirmed to its sender in time");
}

static void drain(struct crowd *c)
{
	int64_t begin_ns = proc_now_ns();

	set_phase(c, CROWD_DRAIN);
	while (!flight_is_over(&c->flight)) {
		nap(NS_PER_MS);
		if (proc_now_ns() - begin_ns >
		    (int64_t)DRAIN_PATIENCE_MS * NS_PER_MS)
			complain(c);
	}
	set_phase(c, CROWD_ENTER);
}

void crowd_chat(struct crowd *c, int64_t warm_ms, int64_t measure_ms,
		struct crowd_result *result_r)
{
	memset(result_r, 0, sizeof(*result_r));
	c->landings = count_landings(c);
	for (unsigned i = 0; i < c->receiver_count; i++)
		memset(receiver_latency(c->receivers[i]), 0,
		       sizeof(struct histogram));
	set_phase(c, CROWD_WARM);
	nap(warm_ms * NS_PER_MS);
	count(c, -1, result_r);
	set_phase(c, CROWD_MEASURE);
	nap(measure_ms * NS_PER_MS);
	count(c, 1, result_r);
	drain(c);
	for (unsigned i = 0; i < c->receiver_count; i++)
		histogram_add(&result_r->latency,
			      receiver_latency(c->receivers[i]));
}

void crowd_free(struct crowd **c)
{
	if (!*c)
		return;
	set_phase(*c, CROWD_STOP);
	for (unsigned i = 0; i < (*c)->receiver_count; i++)
		receiver_free(&(*c)->receivers[i]);
	flight_fini(&(*c)->flight);
	target_close(&(*c)->target);
	mem_free((*c)->receivers);
	mem_free(*c);
	*c = NULL;
}
