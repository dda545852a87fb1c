/*
 * Rialto's ledger within this process, as the daemon has it: orders are
 * submitted, one thread drains them, and each is answered when it is durable.
 * "alone" is the same with each order in a transaction of its own, which shows
 * what the batches gain.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "bank/book.h"
#include "base/mem.h"
#include "contender.h"
#include "contest.h"
#include "proc.h"
#include "report.h"
#include "vault.h"

enum { FIRST_USER = 1, PATIENCE_MS = 60000 };

/* One who asks, and the orders that it waits for. */
struct asker {
	struct order *orders;
	struct store_waiter waiter;
	atomic_uint_fast64_t left; /* orders that are not committed */
	unsigned number;
	struct asker *next; /* in a queue */
};

/* First in, first out. */
struct queue {
	struct mutex lock; /* rank: LOCK_MAILBOX */
	struct cond filled;
	struct asker *first GUARDED_BY(lock);
	struct asker **last GUARDED_BY(lock);
	bool is_over GUARDED_BY(lock);
};

static const struct contender_plan *plan;
static struct vault vault;
static account_id *accounts;
static struct asker askers[CLIENTS_MOST];
static struct queue answers;
static struct queue questions; /* of "alone" */
static struct thread loner;
static uint64_t entries_before;

static void queue_init(struct queue *q)
{
	mutex_init(&q->lock, LOCK_MAILBOX);
	cond_init(&q->filled);
	q->first = NULL;
	q->last = &q->first;
	q->is_over = false;
}

static void queue_put(struct queue *q, struct asker *asker)
{
	mutex_lock(&q->lock);
	asker->next = NULL;
	if (q->first == NULL)
		cond_wake_one(&q->filled);
	*q->last = asker;
	q->last = &asker->next;
	mutex_unlock(&q->lock);
}

/* All that wait, oldest first; NULL when it is over. */
static struct asker *queue_take(struct queue *q)
{
	struct asker *all;

	mutex_lock(&q->lock);
	while (q->first == NULL && !q->is_over)
		if (!cond_wait_ms(&q->filled, &q->lock, PATIENCE_MS))
			fail("nothing for %d s", PATIENCE_MS / 1000);
	all = q->first;
	q->first = NULL;
	q->last = &q->first;
	mutex_unlock(&q->lock);
	return all;
}

static void on_durable(struct store_waiter *waiter)
{
	queue_put(&answers, CONTAINER(waiter, struct asker, waiter));
}

static void wait_until_durable(struct asker *asker)
{
	asker->waiter.fn = on_durable;
	asker->waiter.ticket = store_ticket(vault.store);
	store_when_durable(vault.store, &asker->waiter);
}

static void on_done(struct order *order)
{
	struct asker *asker = order->arg;

	if (order->result != ERR_OK)
		fail("a transfer was refused: %s %s", err_code(order->result),
		     order->words);
	if (atomic_fetch_sub(&asker->left, 1) == 1)
		wait_until_durable(asker);
}

static void write_order(struct order *order, const struct transfer *t)
{
	memset(order, 0, sizeof(*order));
	order->kind = ORDER_PAY;
	order->by.user = FIRST_USER + t->from;
	snprintf(order->by.name, sizeof(order->by.name), "p%u", t->from);
	snprintf(order->by.address, sizeof(order->by.address), "127.0.0.1");
	memcpy(order->id.bytes, t->id, TRANSFER_ID);
	order->from = accounts[t->from];
	order->to = accounts[t->to];
	order->amount = t->amount;
	snprintf(order->memo, sizeof(order->memo), "%s", t->memo);
	snprintf(order->target, sizeof(order->target), "p%u", t->to);
}

static void write_orders(struct asker *asker, const struct transfer *t)
{
	atomic_store(&asker->left, (uint64_t)plan->batch);
	for (int64_t i = 0; i < plan->batch; i++) {
		write_order(&asker->orders[i], &t[i]);
		asker->orders[i].arg = asker;
		asker->orders[i].done = on_done;
	}
}

static void inside_open(const struct contender_plan *the_plan)
{
	struct ledger_figures figures;

	plan = the_plan;
	queue_init(&answers);
	queue_init(&questions);
	accounts = mem_array((size_t)plan->accounts, sizeof(*accounts));
	for (unsigned i = 0; i < plan->clients; i++) {
		askers[i].number = i;
		askers[i].orders =
			mem_array((size_t)plan->batch, sizeof(struct order));
	}
	vault_open(&vault, plan->dir);
	vault_fill(&vault, FIRST_USER, plan->accounts, plan->funds, accounts);
	vault_keep(&vault);
	ledger_figures(vault.ledger, &figures);
	entries_before = figures.entries;
}

static void inside_ask(unsigned client, const struct transfer *t)
{
	struct asker *asker = &askers[client];

	write_orders(asker, t);
	for (int64_t i = 0; i < plan->batch; i++)
		if (!ledger_submit(vault.ledger, &asker->orders[i]))
			fail("too many orders wait");
}

static void inside_wait(struct contest *contest)
{
	struct asker *asker = queue_take(&answers);

	while (asker) {
		struct asker *next = asker->next;

		contest_answered(contest, asker->number);
		asker = next;
	}
}

static int64_t inside_cpu_ns(void)
{
	return proc_own_cpu_ns() - proc_thread_cpu_ns();
}

static bool add_balance(const struct account *account, void *arg)
{
	money *sum = arg;

	if (account->kind == ACCOUNT_USER)
		*sum += account->posted;
	return true;
}

static void inside_check(uint64_t transfers)
{
	struct ledger_figures figures;
	money sum = 0;

	ledger_figures(vault.ledger, &figures);
	if (figures.entries - entries_before != transfers)
		fail("the journal has not what was answered");
	if (book_accounts(vault.store, 0, add_balance, &sum) != ERR_OK ||
	    sum != plan->funds * plan->accounts)
		fail("the accounts have not what they had in all");
}

static void inside_close(void)
{
	vault_close(&vault);
	for (unsigned i = 0; i < plan->clients; i++)
		mem_free(askers[i].orders);
	mem_free(accounts);
}

/* Submits one, and drains it, before it takes the next. */
static void work_alone(void *arg UNUSED)
{
	struct asker *asker;

	while ((asker = queue_take(&questions)) != NULL) {
		while (asker) {
			struct asker *next = asker->next;

			if (ledger_run(vault.ledger, asker->orders) != ERR_OK)
				fail("a transfer was refused");
			wait_until_durable(asker);
			asker = next;
		}
	}
}

static void alone_open(const struct contender_plan *the_plan)
{
	inside_open(the_plan);
	thread_start(&loner, "loner", work_alone, NULL);
}

static void alone_ask(unsigned client, const struct transfer *t)
{
	write_orders(&askers[client], t);
	queue_put(&questions, &askers[client]);
}

static void alone_close(void)
{
	mutex_lock(&questions.lock);
	questions.is_over = true;
	cond_wake_one(&questions.filled);
	mutex_unlock(&questions.lock);
	thread_join(&loner);
	inside_close();
}

static const struct contender inside = {
	.name = "inside",
	.is_inside = true,
	.open = inside_open,
	.ask = inside_ask,
	.wait = inside_wait,
	.cpu_ns = inside_cpu_ns,
	.check = inside_check,
	.close = inside_close,
};

static const struct contender alone = {
	.name = "alone",
	.is_inside = true,
	.open = alone_open,
	.ask = alone_ask,
	.wait = inside_wait,
	.cpu_ns = inside_cpu_ns,
	.check = inside_check,
	.close = alone_close,
};

const struct contender *const contender_inside = &inside;
const struct contender *const contender_alone = &alone;
