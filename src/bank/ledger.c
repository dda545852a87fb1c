#include "bank/ledger.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "bank/judge/batch.h"
#include "bank/judge/judge.h"
#include "bank/ledger_fields.h"
#include "bank/tiding.h"
#include "base/mem.h"
#include "log/log.h"

enum { MAINS_MOST = 1 << 17 };

void ledger_find_tables(struct store *store, struct ledger_tables *tables_r)
{
	struct ledger_tables *t = tables_r;

	t->entries = store_table(store, "bank_entries");
	t->accounts = store_table(store, "bank_accounts");
	t->names = store_table(store, "bank_names");
	t->months = store_table(store, "bank_months");
	t->ids = store_table(store, "bank_ids");
	t->reversals = store_table(store, "bank_reversals");
	t->meta = store_table(store, "bank_meta");
	t->approvals = store_table(store, "bank_approvals");
	t->tidings = store_table(store, TIDING_TABLES);
	t->holds.holds = store_table(store, "bank_holds");
	t->holds.index = store_table(store, "bank_hold_index");
	t->requests.requests = store_table(store, "bank_requests");
	t->requests.index = store_table(store, "bank_request_index");
}

struct ledger *ledger_new(const struct ledger_parts *parts)
{
	struct ledger *ledger = mem_zero(sizeof(*ledger));

	ledger->parts = *parts;
	ledger_find_tables(parts->store, &ledger->tables);
	ledger->quota = quota_new((struct rate){ .count = -1 });
	ledger->departures = departures_new();
	ledger->batch = mem_zero(sizeof(*ledger->batch));
	batch_init(ledger->batch, ledger);
	ledger->mains = recall_new(MAINS_MOST, sizeof(account_id));
	mutex_init(&ledger->still, LOCK_LEDGER);
	mutex_init(&ledger->queue_lock, LOCK_ORDERS);
	cond_init(&ledger->done);
	ledger->last = &ledger->first;
	return ledger;
}

void ledger_free(struct ledger **ledger)
{
	struct ledger *l = *ledger;

	*ledger = NULL;
	if (l == NULL)
		return;
	assert(l->first == NULL);
	batch_fini(l->batch);
	mem_free(l->batch);
	recall_free(&l->mains);
	quota_free(&l->quota);
	departures_free(&l->departures);
	cond_fini(&l->done);
	mutex_fini(&l->queue_lock);
	mutex_fini(&l->still);
	mem_free(l);
}

struct departures *ledger_departures(struct ledger *ledger)
{
	return ledger->departures;
}

/* What goes into one transaction: so many orders, or one group; or NULL. */
static struct order *take_orders(struct ledger *ledger,
				 struct bank_settings *settings_r)
{
	struct order *first;
	struct order *last;
	unsigned count = 1;

	mutex_lock(&ledger->queue_lock);
	*settings_r = ledger->settings;
	first = ledger->first;
	if (first == NULL) {
		mutex_unlock(&ledger->queue_lock);
		return NULL;
	}
	last = first;
	while (first->together == NULL && last->next != NULL &&
	       last->next->together == NULL && count < LEDGER_BATCH) {
		last = last->next;
		count++;
	}
	ledger->first = last->next;
	last->next = NULL;
	if (ledger->first == NULL)
		ledger->last = &ledger->first;
	ledger->waiting -= count;
	mutex_unlock(&ledger->queue_lock);
	return first;
}

/* A chain of orders is judged one by one, a group all or none. */
struct run {
	struct batch *batch;
	struct order *first;
	struct order *(*next)(struct order *order);
	bool is_group;
	struct order *refused; /* of a group */
};

static struct order *next_waiting(struct order *order)
{
	return order->next;
}

static struct order *next_together(struct order *order)
{
	return order->together;
}

/* It was refused before it had its turn. */
static bool is_flood(const struct order *order)
{
	return order->result == ERR_FLOOD;
}

static enum err judge_all(struct store_txn *txn, void *arg)
{
	struct run *run = arg;
	enum err e = batch_begin(run->batch, txn);

	run->refused = NULL;
	for (struct order *o = run->first; e == ERR_OK && o != NULL;
	     o = run->next(o)) {
		e = is_flood(o) ? ERR_FLOOD : judge(run->batch, o);
		if (!batch_is_refusal(e))
			continue;
		if (run->is_group)
			run->refused = o;
		else
			e = ERR_OK;
	}
	return e == ERR_OK ? batch_end(run->batch) : e;
}

static void fail_all(struct run *run, enum err e)
{
	for (struct order *o = run->first; o != NULL; o = run->next(o)) {
		if (o == run->refused || is_flood(o))
			continue;
		o->result = run->refused != NULL ? ERR_AGAIN : e;
		o->words[0] = '\0';
		o->is_repeated = false;
		o->entry.seq = 0;
		o->number = 0;
	}
}

static void keep_falls(struct ledger *ledger, const struct batch *batch)
{
	mutex_lock(&ledger->queue_lock);
	for (size_t i = 0;
	     i < batch->fall_count && ledger->fall_count < FALLS_MOST; i++)
		ledger->falls[ledger->fall_count++] = batch->falls[i];
	mutex_unlock(&ledger->queue_lock);
}

size_t ledger_falls(struct ledger *ledger, struct fall *falls_r, size_t most)
{
	size_t count;

	mutex_lock(&ledger->queue_lock);
	count = ledger->fall_count < most ? ledger->fall_count : most;
	memcpy(falls_r, ledger->falls, count * sizeof(*falls_r));
	ledger->fall_count -= count;
	memmove(ledger->falls, ledger->falls + count,
		ledger->fall_count * sizeof(*falls_r));
	mutex_unlock(&ledger->queue_lock);
	return count;
}

static enum err run_once(struct ledger *ledger, struct run *run)
{
	struct batch *batch = ledger->batch;
	enum err e = store_run(ledger->parts.store, judge_all, run);

	atomic_fetch_add(&ledger->batches, 1);
	if (e != ERR_OK) {
		fail_all(run, e);
		return e;
	}
	batch_committed(batch);
	if (batch->has_named)
		recall_forget(ledger->mains);
	atomic_fetch_add(&ledger->entries, batch->entries);
	if (batch->fall_count > 0)
		keep_falls(ledger, batch);
	return ERR_OK;
}

/* What is wrong with one account or order shall hit that one alone. */
static void run_each(struct ledger *ledger, struct order *first)
{
	while (first != NULL) {
		struct order *next = first->next;
		struct run run = { .batch = ledger->batch,
				   .first = first,
				   .next = next_waiting };

		first->next = NULL;
		(void)run_once(ledger, &run);
		first->next = next;
		first = next;
	}
}

static bool is_damage(enum err e)
{
	return e == ERR_CORRUPT || e == ERR_IO;
}

static void run_orders(struct ledger *ledger, struct order *first)
{
	bool is_group = first->together != NULL;
	struct run run = { .batch = ledger->batch,
			   .first = first,
			   .next = is_group ? next_together : next_waiting,
			   .is_group = is_group };
	enum err e = run_once(ledger, &run);

	if (!is_group && first->next != NULL && is_damage(e))
		run_each(ledger, first);
}

static void answer(struct ledger *ledger, struct order *first)
{
	bool is_group = first->together != NULL;

	while (first != NULL) {
		struct order *next = is_group ? first->together : first->next;

		atomic_fetch_add(&ledger->orders, 1);
		if (first->result != ERR_OK)
			atomic_fetch_add(&ledger->refused, 1);
		first->done(first); /* it may be gone now */
		first = next;
	}
}

/* An order, or a group, that somebody waits for. */
struct waiting {
	struct ledger *ledger;
	unsigned left; /* of a group; with the queue's lock */
};

static bool is_done(struct ledger *ledger, const struct waiting *waiting)
{
	bool is;

	mutex_lock(&ledger->queue_lock);
	is = waiting->left == 0;
	mutex_unlock(&ledger->queue_lock);
	return is;
}

/* Once: it stays as it is, and may be met often. */
static bool is_new_damage(struct ledger *ledger)
{
	bool is_new = ledger->batch->has_bad_news && !ledger->has_warned;

	ledger->has_warned |= is_new;
	return is_new;
}

/* One transaction; returns its orders, to be answered. NULL: none waits. */
static struct order *carry_out(struct ledger *ledger)
{
	struct order *first;
	bool warns = false;

	trail_pace(ledger->parts.trail);
	mutex_lock(&ledger->still);
	first = take_orders(ledger, &ledger->batch->settings);
	if (first != NULL) {
		run_orders(ledger, first);
		warns = is_new_damage(ledger);
	}
	mutex_unlock(&ledger->still);
	if (warns)
		log_warning("bank", "news for somebody is damaged, and passed "
				    "over: \"bank verify\" says which");
	return first;
}

/* False while something waits; else the next order wakes somebody. */
static bool rest(struct ledger *ledger)
{
	bool is_empty;

	mutex_lock(&ledger->queue_lock);
	is_empty = ledger->first == NULL;
	if (is_empty)
		ledger->is_drained = false;
	mutex_unlock(&ledger->queue_lock);
	return is_empty;
}

/*
 * One transaction; true when nothing waits any more. Then, for a single order,
 * nobody has to be woken for the flush.
 */
static bool drain_once(struct ledger *ledger)
{
	struct store *store = ledger->parts.store;
	struct order *first = carry_out(ledger);
	bool takes_over =
		first != NULL && first->next == NULL && store_take_over(store);
	bool is_over;

	if (first != NULL)
		answer(ledger, first);
	is_over = rest(ledger);
	if (takes_over)
		store_hand_back(store, is_over);
	return is_over;
}

bool ledger_drain_some(struct ledger *ledger)
{
	bool is_over = false;

	for (unsigned i = 0; i < LEDGER_TURN && !is_over; i++)
		is_over = drain_once(ledger);
	return is_over;
}

void ledger_drain(struct ledger *ledger)
{
	while (!ledger_drain_some(ledger))
		;
}

static void wake_waiting(struct order *order)
{
	struct waiting *waiting = order->arg;
	struct ledger *ledger = waiting->ledger;

	mutex_lock(&ledger->queue_lock);
	if (--waiting->left == 0)
		cond_wake_all(&ledger->done);
	mutex_unlock(&ledger->queue_lock);
}

/*
 * Who waits drains as well, whoever was woken for it: that one may stand in
 * the queue of the jobs behind those who wait here. But not longer than until
 * its own is done, however much others bring meanwhile.
 */
enum err ledger_run(struct ledger *ledger, struct order *order)
{
	struct waiting waiting = { ledger, 0 };
	struct order *member = order;
	struct order *first;
	bool is_woken;

	do {
		member->done = wake_waiting;
		member->arg = &waiting;
		waiting.left++;
		member = member->together;
	} while (member != NULL);
	if (!ledger_put(ledger, &order, 1, &is_woken))
		return order_refuse(order, ERR_BUSY,
				    "The bank is busy. Try again later.");
	while (!is_done(ledger, &waiting) &&
	       (first = carry_out(ledger)) != NULL)
		answer(ledger, first);
	if (is_woken && !rest(ledger))
		ledger->parts.call(ledger->parts.arg);
	mutex_lock(&ledger->queue_lock);
	while (waiting.left > 0)
		cond_wait(&ledger->done, &ledger->queue_lock);
	mutex_unlock(&ledger->queue_lock);
	return order->result;
}

enum err ledger_still(struct ledger *ledger, store_fn *fn, void *arg)
{
	enum err e;

	mutex_lock(&ledger->still);
	e = store_view(ledger->parts.store, fn, arg);
	mutex_unlock(&ledger->still);
	return e;
}

void ledger_figures(struct ledger *ledger, struct ledger_figures *figures_r)
{
	figures_r->orders = atomic_load(&ledger->orders);
	figures_r->batches = atomic_load(&ledger->batches);
	figures_r->entries = atomic_load(&ledger->entries);
	figures_r->refused = atomic_load(&ledger->refused);
	mutex_lock(&ledger->queue_lock);
	figures_r->waiting = ledger->waiting;
	mutex_unlock(&ledger->queue_lock);
}
