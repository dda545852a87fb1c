#include "rialtod/recorder.h"

#include "chat/history/history.h"

enum { PERIOD_MS = 250 };

static void record(struct job *job)
{
	struct recorder *r = CONTAINER(job, struct recorder, job);

	history_keep(r->chat);
	atomic_store(&r->is_under_way, false);
}

static void look(void *arg)
{
	struct recorder *r = arg;

	if (!history_is_due(r->chat) || atomic_exchange(&r->is_under_way, true))
		return;
	if (jobs_submit(r->jobs, &r->job) != ERR_OK)
		atomic_store(&r->is_under_way, false); /* the next time */
}

void recorder_begin(struct recorder *r, struct keeper *keeper,
		    struct jobs *jobs, struct chat *chat)
{
	r->job.run = record;
	atomic_init(&r->is_under_way, false);
	r->jobs = jobs;
	r->chat = chat;
	keeper_add(keeper, PERIOD_MS, look, r);
}
