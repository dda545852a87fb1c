#include "rialtod/bank.h"

#include <stdatomic.h>

#include "base/mem.h"

enum { LOOK_MS = 100, HEARD_MS = 5000 };

struct bank {
	struct ledger *ledger;
	struct jobs *jobs; /* immutable once serving */
	struct job job;
	atomic_bool is_put_off; /* the queue of jobs was full */
	struct takings *takings;
	struct job keeping;
	atomic_bool is_keeping; /* the job is on its way */
};

static void drain(struct job *job)
{
	struct bank *bank = CONTAINER(job, struct bank, job);

	ledger_drain(bank->ledger);
}

static void call(void *arg)
{
	struct bank *bank = arg;

	if (jobs_submit(bank->jobs, &bank->job) != ERR_OK)
		atomic_store(&bank->is_put_off, true);
}

/*
 * Whoever submits drains, unless others wait for a thread: then what they
 * bring can share a transaction.
 */
static void wake(void *arg)
{
	struct bank *bank = arg;

	if (jobs_waiting(bank->jobs) == 0)
		ledger_drain(bank->ledger);
	else
		call(bank);
}

/* The keeper's: nobody else comes to wake it. */
static void look(void *arg)
{
	struct bank *bank = arg;

	if (atomic_exchange(&bank->is_put_off, false))
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
	atomic_init(&bank->is_put_off, false);
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
	keeper_add(keeper, LOOK_MS, look, bank);
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
