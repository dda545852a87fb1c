#include "rialtod/scheduler.h"

#include <stdatomic.h>

#include "bank/schedule/schedule.h"
#include "base/mem.h"
#include "chat/ignore/ignore_people.h"
#include "command/takings.h"
#include "net/jobs.h"
#include "rialtod/witness.h"

enum { PERIOD_MS = 1000 };

struct scheduler {
	struct job job;
	atomic_bool is_under_way; /* the job is queued, or runs */
	struct realm *realm;      /* borrowed */
	struct schedule *schedule;
	struct witness witness; /* the job's */
};

static bool tell(void *arg, const struct schedule_notice *notice)
{
	const struct realm *realm = ((const struct scheduler *)arg)->realm;
	bool hides =
		notice->from != 0 &&
		ignore_has(realm->chat, notice->to, notice->from, IGNORE_MEMOS);

	return takings_tell_of(
		realm->takings, notice->to,
		&(struct takings_cause){ notice->seq, notice->tiding },
		hides ? notice->plain : notice->text);
}

static void submit(struct scheduler *s)
{
	if (jobs_submit(s->realm->jobs, &s->job) != ERR_OK)
		atomic_store(&s->is_under_way, false); /* the next time */
}

/* In pieces: others have their turn between them. */
static void run(struct job *job)
{
	struct scheduler *s = CONTAINER(job, struct scheduler, job);

	witness_run(&s->witness);
	if (schedule_run(s->schedule))
		submit(s);
	else
		atomic_store(&s->is_under_way, false);
}

static void look(void *arg)
{
	struct scheduler *s = arg;

	if (!atomic_exchange(&s->is_under_way, true))
		submit(s);
}

struct scheduler *scheduler_new(struct realm *realm, struct keeper *keeper)
{
	struct scheduler *s = mem_zero(sizeof(*s));
	const struct schedule_parts parts = { .store = realm->store,
					      .trail = realm->trail,
					      .users = realm->users,
					      .ledger = realm->ledger,
					      .tell = tell,
					      .arg = s };

	s->job.run = run;
	s->realm = realm;
	s->schedule = schedule_new(&parts);
	witness_init(&s->witness, realm);
	atomic_init(&s->is_under_way, false);
	keeper_add(keeper, PERIOD_MS, look, s);
	return s;
}

void scheduler_free(struct scheduler **scheduler)
{
	if (*scheduler == NULL)
		return;
	schedule_free(&(*scheduler)->schedule);
	mem_free(*scheduler);
	*scheduler = NULL;
}
