/* How orders get into the queue of those that wait. */
#include <inttypes.h>
#include <stdio.h>

#include "bank/ledger.h"
#include "bank/ledger_fields.h"

bool ledger_may_ask(struct ledger *ledger, user_id user, int64_t *wait_s_r)
{
	char key[24];

	(void)snprintf(key, sizeof(key), "%" PRIu64, user);
	return quota_take(ledger->quota, key, wait_s_r);
}

/* Who gives too many orders is refused before they cost anything. */
static void check_quota(struct ledger *ledger, struct order *order)
{
	int64_t wait_s;

	if (order->by.authority != AUTHORITY_MEMBER || order->by.user == 0 ||
	    order->is_scheduled)
		return;
	if (!ledger_may_ask(ledger, order->by.user, &wait_s))
		(void)order_refuse(order, ERR_FLOOD, LEDGER_FLOOD_WORDS,
				   wait_s);
}

/* What can be done before the order has its turn, in its giver's thread. */
static void prepare(struct ledger *ledger, struct order *order)
{
	order->result = ERR_OK;
	order->words[0] = '\0';
	order->is_repeated = false;
	order->number = 0;
	order->entry.seq = 0;
	if (!uuid_is_none(&order->id))
		order_digest(order, order->question);
	check_quota(ledger, order);
}

static void prepare_all(struct ledger *ledger, struct order *first)
{
	struct order *order = first;

	do {
		prepare(ledger, order);
		order = order->together;
	} while (order != NULL);
}

static void queue_locked(struct ledger *ledger, struct order *order)
	REQUIRES(ledger->queue_lock)
{
	order->next = NULL;
	*ledger->last = order;
	ledger->last = &order->next;
	ledger->waiting++;
	ledger->is_drained = true;
}

bool ledger_put(struct ledger *ledger, struct order *const *orders,
		size_t count, bool *wake_r)
{
	bool fits;

	for (size_t i = 0; i < count; i++)
		prepare_all(ledger, orders[i]);
	mutex_lock(&ledger->queue_lock);
	fits = ledger->waiting < LEDGER_QUEUE_MOST;
	*wake_r = fits && count > 0 && !ledger->is_drained;
	for (size_t i = 0; fits && i < count; i++)
		queue_locked(ledger, orders[i]);
	mutex_unlock(&ledger->queue_lock);
	return fits;
}

bool ledger_submit_each(struct ledger *ledger, struct order *const *orders,
			size_t count)
{
	bool wakes;

	if (!ledger_put(ledger, orders, count, &wakes))
		return false;
	if (wakes)
		ledger->parts.wake(ledger->parts.arg);
	return true;
}

bool ledger_submit(struct ledger *ledger, struct order *order)
{
	return ledger_submit_each(ledger, &order, 1);
}

bool ledger_post_each(struct ledger *ledger, struct order *const *orders,
		      size_t count)
{
	bool wakes;

	if (!ledger_put(ledger, orders, count, &wakes))
		return false;
	if (wakes)
		ledger->parts.call(ledger->parts.arg);
	return true;
}

bool ledger_post(struct ledger *ledger, struct order *order)
{
	return ledger_post_each(ledger, &order, 1);
}
