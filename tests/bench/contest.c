#include "contest.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "proc.h"
#include "report.h"

enum { NS_PER_MS = 1000000, AMOUNT_MOST = 500 };

enum phase { PHASE_WARM, PHASE_MEASURE, PHASE_END };

struct client {
	int64_t asked_ns;
	struct transfer *transfers;
};

struct contest {
	const struct contender *contender;
	const struct contender_plan *plan;
	uint64_t random;
	uint64_t turn; /* of the hot account */
	uint64_t transfers;

	/* Of the run under way. */
	const struct contest_plan *run;
	struct contest_result *result;
	enum phase phase;
	int64_t answered_ns; /* when somebody was, last */
	unsigned waiting;    /* clients */
	struct client clients[CLIENTS_MOST];
};

struct contest *contest_new(const struct contender *contender,
			    const struct contender_plan *plan)
{
	struct contest *c = mem_zero(sizeof(*c));

	c->contender = contender;
	c->plan = plan;
	c->random = (uint64_t)proc_now_ns() * 2 + 1;
	for (int64_t i = 0; i < plan->clients; i++)
		c->clients[i].transfers =
			mem_array((size_t)plan->batch, sizeof(struct transfer));
	return c;
}

void contest_free(struct contest **contest)
{
	struct contest *c = *contest;

	if (!c)
		return;
	for (int64_t i = 0; i < c->plan->clients; i++)
		mem_free(c->clients[i].transfers);
	mem_free(c);
	*contest = NULL;
}

uint64_t contest_transfers(const struct contest *c)
{
	return c->transfers;
}

static uint64_t next_random(struct contest *c)
{
	c->random ^= c->random << 13;
	c->random ^= c->random >> 7;
	c->random ^= c->random << 17;
	return c->random;
}

/* Milliseconds in front, as in RFC 9562, so that the ids ascend by time. */
static void make_id(struct contest *c, uint8_t id_r[TRANSFER_ID])
{
	struct timespec wall;
	uint64_t ms;
	uint64_t words[2] = { next_random(c), next_random(c) };

	clock_gettime(CLOCK_REALTIME, &wall);
	ms = (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / NS_PER_MS;
	memcpy(id_r, words, TRANSFER_ID);
	for (unsigned i = 0; i < 6; i++)
		id_r[i] = (uint8_t)(ms >> (8 * (5 - i)));
	id_r[6] = (id_r[6] & 0x0f) | 0x70;
	id_r[8] = (id_r[8] & 0x3f) | 0x80;
}

static void make_transfer(struct contest *c, struct transfer *t)
{
	uint32_t accounts = (uint32_t)c->plan->accounts;
	uint32_t one = 0;
	uint32_t other;

	if (!c->run->is_hot)
		one = (uint32_t)(next_random(c) % accounts);
	other = (uint32_t)(1 + one + next_random(c) % (accounts - 1));
	other %= accounts;
	make_id(c, t->id);
	t->amount = (int64_t)(1 + next_random(c) % AMOUNT_MOST);
	t->from = ++c->turn % 2 ? one : other;
	t->to = t->from == one ? other : one;
	snprintf(t->memo, sizeof(t->memo), "pizza %08x",
		 (unsigned)next_random(c));
}

static void ask(struct contest *c, unsigned number)
{
	struct client *client = &c->clients[number];

	for (int64_t i = 0; i < c->plan->batch; i++)
		make_transfer(c, &client->transfers[i]);
	c->waiting++;
	client->asked_ns = proc_now_ns();
	c->contender->ask(number, client->transfers);
}

void contest_answered(struct contest *c, unsigned number)
{
	int64_t now_ns = proc_now_ns();
	int64_t took_ns = now_ns - c->clients[number].asked_ns;
	int64_t stall_ns = now_ns - c->answered_ns;

	c->answered_ns = now_ns;
	c->waiting--;
	c->transfers += (uint64_t)c->plan->batch;
	if (c->phase == PHASE_MEASURE) {
		histogram_record(&c->result->latency, took_ns);
		c->result->latency_sum_ns += took_ns;
		if (stall_ns > c->result->stall_ns)
			c->result->stall_ns = stall_ns;
		c->result->transfers += (uint64_t)c->plan->batch;
	}
	if (c->phase != PHASE_END)
		ask(c, number);
}

/* Adds or, with sign -1, subtracts what the clocks show now. */
static void count(struct contest *c, int sign)
{
	struct contest_result *r = c->result;

	r->cpu_ns += sign * c->contender->cpu_ns();
	r->own_cpu_ns += sign * proc_own_cpu_ns();
	r->all_cpu_ns += sign * proc_all_cpu_ns();
	r->seconds += sign * (double)proc_now_ns() / 1e9;
}

static void go_on(struct contest *c, enum phase phase, int64_t ms)
{
	int64_t until_ns = proc_now_ns() + ms * NS_PER_MS;

	c->phase = phase;
	while (proc_now_ns() < until_ns)
		c->contender->wait(c);
}

void contest_run(struct contest *c, const struct contest_plan *plan,
		 struct contest_result *result_r)
{
	memset(result_r, 0, sizeof(*result_r));
	c->run = plan;
	c->result = result_r;
	c->phase = PHASE_WARM;
	c->answered_ns = proc_now_ns();
	for (unsigned i = 0; i < plan->clients; i++)
		ask(c, i);
	go_on(c, PHASE_WARM, plan->warm_ms);
	count(c, -1);
	go_on(c, PHASE_MEASURE, plan->measure_ms);
	count(c, 1);
	c->phase = PHASE_END;
	while (c->waiting > 0)
		c->contender->wait(c);
}
