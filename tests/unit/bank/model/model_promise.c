/* Holds and requests. */
#include "model.h"

#include <string.h>

#include "base/mem.h"

enum { REQUESTS = 100, OF_ONE = 20, AT_ONCE = 128 };

#define YEAR_MS (INT64_C(366) * 24 * 3600 * 1000)

static bool is_due_wrong(const struct model *m, const struct order *order)
{
	return order->due_ms <= m->now_ms ||
	       order->due_ms > m->now_ms + YEAR_MS;
}

static enum err check_hold(struct model *m, const struct order *order,
			   const struct model_account *from,
			   const struct model_account *to)
{
	if (order->amount <= 0 || order->amount > MONEY_MOST)
		return ERR_BAD_AMOUNT;
	if ((to->flags & ACCOUNT_CLOSED) != 0)
		return ERR_ACCOUNT_CLOSED;
	if (from == to ||
	    (to->kind == ACCOUNT_USER && to->owner == order->by.user))
		return ERR_SELF_PAYMENT;
	if (from->kind == ACCOUNT_HOUSE || to->kind == ACCOUNT_HOUSE)
		return ERR_NOT_ALLOWED;
	if (is_due_wrong(m, order))
		return ERR_BAD_INPUT;
	return from->hold_count == MODEL_HOLDS ? ERR_LIMIT : ERR_OK;
}

enum err model_hold(struct model *m, const struct order *order)
{
	struct model_account *from;
	struct model_account *to;
	struct model_draft draft = { .kind = ENTRY_HOLD,
				     .subject = order->from,
				     .amount = order->amount };
	enum err e = model_own(m, order, order->from, &from);

	if (e != ERR_OK)
		return e;
	to = model_touch(m, order->to);
	if (to == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	e = check_hold(m, order, from, to);
	if (e != ERR_OK)
		return e;
	model_side(&draft, order->from);
	e = model_post(m, order, &draft);
	if (e != ERR_OK)
		return e;
	m->holds = model_grow(m->holds, m->hold_count, sizeof(*m->holds));
	m->open_holds = model_grow(m->open_holds, m->open_hold_count,
				   sizeof(*m->open_holds));
	m->open_holds[m->open_hold_count++] = m->hold_count;
	from->holds[from->hold_count++] = m->hold_count;
	m->holds[m->hold_count++] =
		(struct model_hold){ m->entry_count, order->from,   order->to,
				     order->amount,  order->due_ms, true };
	m->entries[m->entry_count - 1].hold = m->hold_count;
	return ERR_OK;
}

static enum err end_hold(struct model *m, const struct order *order,
			 enum entry_kind kind)
{
	uint64_t seq = order->reference;
	size_t place =
		seq > 0 && seq <= m->entry_count ? m->entries[seq - 1].hold : 0;
	struct model_account *a;
	struct model_hold hold;
	struct model_draft draft = { .kind = kind };
	money amount;
	enum err e;

	if (place == 0)
		return ERR_NO_SUCH_HOLD;
	hold = m->holds[place - 1];
	e = model_own(m, order, hold.to, &a);
	a = model_touch(m, hold.from);
	if (e != ERR_OK)
		return model_is_of(a, order->by.user) ? e : ERR_NO_SUCH_HOLD;
	if (!m->holds[place - 1].is_open)
		return ERR_HOLD_CLOSED;
	amount = order->amount != 0 ? order->amount : hold.amount;
	draft.subject = hold.from;
	draft.amount = hold.amount;
	model_side(&draft, hold.from);
	if (kind == ENTRY_CAPTURE) {
		if (amount > hold.amount ||
		    !model_leg(&draft, hold.from, hold.to, amount))
			return ERR_BAD_AMOUNT;
	}
	e = model_post(m, order, &draft);
	if (e == ERR_OK)
		model_end_hold(m, place - 1);
	return e;
}

enum err model_capture(struct model *m, const struct order *order)
{
	return end_hold(m, order, ENTRY_CAPTURE);
}

enum err model_release(struct model *m, const struct order *order)
{
	return end_hold(m, order, ENTRY_RELEASE);
}

/* The overdue ones in the order of their ends: for an account, or (0) all. */
static size_t list_overdue(const struct model *m, account_id for_account,
			   size_t places[AT_ONCE])
{
	size_t count = 0;

	for (size_t i = 0; i < m->open_hold_count; i++) {
		const struct model_hold *hold = &m->holds[m->open_holds[i]];
		size_t at = count;

		if (hold->due_ms > m->now_ms ||
		    (for_account != 0 && hold->to != for_account))
			continue;
		while (at > 0 &&
		       (m->holds[places[at - 1]].due_ms > hold->due_ms ||
			(m->holds[places[at - 1]].due_ms == hold->due_ms &&
			 m->holds[places[at - 1]].seq > hold->seq))) {
			if (at < AT_ONCE)
				places[at] = places[at - 1];
			at--;
		}
		if (at < AT_ONCE)
			places[at] = m->open_holds[i];
		count += count < AT_ONCE;
	}
	return count;
}

static size_t end_overdue(struct model *m, account_id for_account)
{
	size_t places[AT_ONCE];
	size_t count = list_overdue(m, for_account, places);

	for (size_t i = 0; i < count; i++)
		(void)model_touch(m, m->holds[places[i]].from);
	return count;
}

void model_end_incoming(struct model *m, account_id account)
{
	while (end_overdue(m, account) == AT_ONCE)
		continue;
}

static void end_request(struct model *m, size_t i)
{
	m->requests[m->open_requests[i]].is_open = false;
	m->open_requests[i] = m->open_requests[--m->open_request_count];
}

static bool is_overdue(const struct model *m, const struct model_request *r,
		       account_id account, bool is_payer)
{
	return r->due_ms <= m->now_ms &&
	       (account == 0 || account == (is_payer ? r->payer : r->asker));
}

/* The place of the overdue one that ended first; the count: there is none. */
static size_t first_request(const struct model *m, account_id account,
			    bool is_payer)
{
	size_t first = m->open_request_count;

	for (size_t i = 0; i < m->open_request_count; i++) {
		size_t n = m->open_requests[i];
		const struct model_request *r = &m->requests[n];
		const struct model_request *f;

		if (!is_overdue(m, r, account, is_payer))
			continue;
		if (first == m->open_request_count) {
			first = i;
			continue;
		}
		f = &m->requests[m->open_requests[first]];
		if (r->due_ms < f->due_ms || (r->due_ms == f->due_ms && r < f))
			first = i;
	}
	return first;
}

/* How many ended. */
static size_t end_requests(struct model *m, account_id account, bool is_payer)
{
	size_t count = 0;

	while (count < AT_ONCE) {
		size_t first = first_request(m, account, is_payer);

		if (first == m->open_request_count)
			break;
		end_request(m, first);
		count++;
	}
	return count;
}

static size_t count_requests(const struct model *m, account_id account,
			     bool is_payer)
{
	size_t count = 0;

	for (size_t i = 0; i < m->open_request_count; i++) {
		const struct model_request *r =
			&m->requests[m->open_requests[i]];

		count += account == (is_payer ? r->payer : r->asker);
	}
	return count;
}

/* How many wait for the account that the user has made. */
static size_t count_own(const struct model *m, account_id account, user_id user)
{
	size_t count = 0;

	for (size_t i = 0; i < m->open_request_count; i++) {
		const struct model_request *r =
			&m->requests[m->open_requests[i]];

		count += r->payer == account && r->by == user;
	}
	return count;
}

enum err model_sweep(struct model *m, const struct order *order UNUSED)
{
	m->answer.number = end_overdue(m, 0);
	m->answer.number += end_requests(m, 0, false);
	return ERR_OK;
}

static enum err check_request(struct model *m, const struct order *order)
{
	struct model_account *asker;
	struct model_account *payer;
	enum err e = model_own(m, order, order->to, &asker);

	if (e != ERR_OK)
		return e;
	payer = model_touch(m, order->from);
	if (payer == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	if (payer == asker || model_is_of(payer, order->by.user))
		return ERR_SELF_PAYMENT;
	if (payer->kind == ACCOUNT_HOUSE)
		return ERR_NOT_ALLOWED;
	if (((payer->flags | asker->flags) & ACCOUNT_CLOSED) != 0)
		return ERR_ACCOUNT_CLOSED;
	if (order->amount <= 0 || order->amount > MONEY_MOST)
		return ERR_BAD_AMOUNT;
	if (is_due_wrong(m, order))
		return ERR_BAD_INPUT;
	(void)end_requests(m, asker->id, false);
	(void)end_requests(m, payer->id, true);
	return count_requests(m, asker->id, false) >= REQUESTS ||
			       count_requests(m, payer->id, true) >= REQUESTS ||
			       count_own(m, payer->id, order->by.user) >= OF_ONE
		       ? ERR_LIMIT
		       : ERR_OK;
}

enum err model_request(struct model *m, const struct order *order)
{
	enum err e = check_request(m, order);

	if (e != ERR_OK)
		return e;
	m->requests =
		model_grow(m->requests, m->request_count, sizeof(*m->requests));
	m->open_requests = model_grow(m->open_requests, m->open_request_count,
				      sizeof(*m->open_requests));
	m->open_requests[m->open_request_count++] = m->request_count;
	m->requests[m->request_count++] =
		(struct model_request){ order->from,    order->to,
					order->by.user, order->amount,
					order->due_ms,  true };
	m->answer.number = m->request_count;
	return ERR_OK;
}

/* *place_r: among the open ones. */
static enum err find_request(struct model *m, const struct order *order,
			     bool is_payer, size_t *place_r)
{
	const struct model_request *r;
	struct model_account *a;
	enum err e;

	if (order->reference == 0 || order->reference > m->request_count)
		return ERR_NO_SUCH_REQUEST;
	r = &m->requests[order->reference - 1];
	e = model_own(m, order, is_payer ? r->payer : r->asker, &a);
	if (e != ERR_OK)
		return ERR_NO_SUCH_REQUEST;
	if (!r->is_open || r->due_ms <= m->now_ms)
		return ERR_REQUEST_CLOSED;
	for (*place_r = 0; m->open_requests[*place_r] != order->reference - 1;)
		++*place_r;
	return ERR_OK;
}

enum err model_accept(struct model *m, const struct order *order)
{
	struct model_request r;
	size_t place;
	enum err e = find_request(m, order, true, &place);

	if (e != ERR_OK)
		return e;
	r = m->requests[order->reference - 1];
	e = model_payment(m, order, order->from != 0 ? order->from : r.payer,
			  r.asker, r.amount);
	if (e != ERR_OK)
		return e;
	end_request(m, place);
	m->answer.number = order->reference;
	return ERR_OK;
}

static enum err withdraw(struct model *m, const struct order *order,
			 bool is_payer)
{
	size_t place;
	enum err e = find_request(m, order, is_payer, &place);

	if (e != ERR_OK)
		return e;
	end_request(m, place);
	m->answer.number = order->reference;
	return ERR_OK;
}

enum err model_decline(struct model *m, const struct order *order)
{
	return withdraw(m, order, true);
}

enum err model_cancel(struct model *m, const struct order *order)
{
	return withdraw(m, order, false);
}
