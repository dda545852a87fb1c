#include "rialtod/bank.h"

#include <stdatomic.h>

#include "base/mem.h"

enum { HEARD_MS = 5000 };

struct bank {
	struct ledger *ledger;
	struct jobs *jobs; /* immutable once serving */
	struct job job;
	struct takings *takings;
	struct job keeping;
	atomic_bool is_keeping; /* the job is on its way */
};

/*
 * Orders wait for this one job, and nobody calls again: so it is never refused
 * for the many that wait. At the end bank_end() does what is left.
 */
static void call(void *arg)
{
	struct bank *bank = arg;

	jobs_insist(bank->jobs, &bank->job);
}

/* More may come for ever: other jobs have their turn, too. */
static void drain(struct job *job)
{
	struct bank *bank = CONTAINER(job, struct bank, job);

	if (!ledger_drain_some(bank->ledger))
		call(bank);
}

/*
 * Whoever submits drains, unless others wait for a thread: then what they
 * bring can share a transaction.
 */
static void wake(void *arg)
{
	struct bank *bank = arg;

	if (jobs_waiting(bank->jobs) > 0 || !ledger_drain_some(bank->ledger))
		call(bank);
}

static void keep_heard(struct job *job)
{
	struct bank *bank = CONTAINER(job, struct bank, keeping);

	takings_keep(bank->takings);
	atomic_store(&bank->is_keeping, false);
}

static void look_at_heard(void *arg)
{
	struct bank *bank = arg;

	if (!takings_are_due(bank->takings) ||
	    atomic_exchange(&bank->is_keeping, true))
		return;
	if (jobs_submit(bank->jobs, &bank->keeping) != ERR_OK)
		atomic_store(&bank->is_keeping, false);
}

struct bank *bank_open(struct store *store, struct trail *trail,
		       const struct bank_settings *settings, struct buf *why,
		       enum err *e_r)
{
	struct bank *bank = mem_zero(sizeof(*bank));

	bank->job.run = drain;
	bank->keeping.run = keep_heard;
	atomic_init(&bank->is_keeping, false);
	bank->takings = takings_new(store);
	bank->ledger = ledger_new(&(struct ledger_parts){ .store = store,
							  .trail = trail,
							  .wake = wake,
							  .call = call,
							  .arg = bank });
	*e_r = ledger_set(bank->ledger, settings, why);
	if (*e_r != ERR_OK)
		bank_close(&bank);
	return bank;
}

struct ledger *bank_ledger(struct bank *bank)
{
	return bank->ledger;
}

struct takings *bank_takings(struct bank *bank)
{
	return bank->takings;
}

void bank_begin(struct bank *bank, struct keeper *keeper, struct jobs *jobs)
{
	bank->jobs = jobs;
	keeper_add(keeper, HEARD_MS, look_at_heard, bank);
}

void bank_end(struct bank *bank)
{
	ledger_drain(bank->ledger);
	takings_keep(bank->takings);
}

void bank_close(struct bank **bank)
{
	struct bank *b = *bank;

	*bank = NULL;
	if (b == NULL)
		return;
	takings_free(&b->takings);
	ledger_free(&b->ledger);
	mem_free(b);
}
