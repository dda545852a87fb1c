/* Orders about requests: somebody asks somebody for money. */
#include <string.h>

#include "bank/judge/judge.h"

#define REQUEST_LONGEST_MS (INT64_C(366) * 24 * 3600 * 1000)

/* Both sides. */
static enum err tell_of_end(struct batch *batch, const struct request *request)
{
	static const struct order bank = { .by.authority = AUTHORITY_BANK };
	struct tiding tiding = { .name = { TIDING_EXPIRED, request->number } };
	enum err e = judge_tell(batch, &bank, &tiding, request->by);

	return e == ERR_OK ? judge_tell_people(batch, &bank, &tiding,
					       request->payer)
			   : e;
}

enum err judge_overdue_requests(struct batch *batch, account_id account,
				bool is_payer, size_t *count_r)
{
	enum { AT_ONCE = 128 };
	const struct request_tables *tables = &batch->tables->requests;
	uint64_t numbers[AT_ONCE];
	struct request request;
	enum err e = request_list(batch->txn, tables, account, is_payer,
				  batch->now_ms, numbers, AT_ONCE, count_r);

	for (size_t i = 0; e == ERR_OK && i < *count_r; i++) {
		e = request_get(batch->txn, tables, numbers[i], &request);
		if (e != ERR_OK)
			return e == ERR_NO_SUCH_REQUEST ? ERR_CORRUPT : e;
		request.state = REQUEST_EXPIRED;
		e = request_put(batch->txn, tables, &request);
		if (e == ERR_OK)
			e = tell_of_end(batch, &request);
	}
	return e;
}

/* How many are open, once those that are overdue have ended. */
static enum err count_open(struct batch *batch, account_id account,
			   bool is_payer, size_t *count_r)
{
	uint64_t numbers[REQUESTS_MOST];
	enum err e = judge_overdue_requests(batch, account, is_payer, count_r);

	if (e != ERR_OK)
		return e;
	return request_list(batch->txn, &batch->tables->requests, account,
			    is_payer, INT64_MAX, numbers, REQUESTS_MOST,
			    count_r);
}

/* Nobody shall fill up what waits for another, and so keep all others out. */
static enum err check_share(struct batch *batch, struct order *order)
{
	const struct request_tables *tables = &batch->tables->requests;
	uint64_t numbers[REQUESTS_MOST];
	struct request request;
	size_t count;
	size_t own = 0;
	enum err e = request_list(batch->txn, tables, order->from, true,
				  INT64_MAX, numbers, REQUESTS_MOST, &count);

	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		e = request_get(batch->txn, tables, numbers[i], &request);
		own += e == ERR_OK && request.by == order->by.user;
	}
	if (e == ERR_NO_SUCH_REQUEST)
		return ERR_CORRUPT;
	if (e == ERR_OK && own >= REQUESTS_OF_ONE)
		e = order_refuse(order, ERR_LIMIT,
				 "%zu of your requests wait there; cancel "
				 "some.",
				 own);
	return e;
}

static enum err check_room(struct batch *batch, struct order *order)
{
	size_t made;
	size_t waiting;
	enum err e = count_open(batch, order->to, false, &made);

	if (e == ERR_OK)
		e = count_open(batch, order->from, true, &waiting);
	if (e != ERR_OK)
		return e;
	if (made == REQUESTS_MOST)
		return order_refuse(order, ERR_LIMIT,
				    "%d of your requests are open; cancel "
				    "some.",
				    REQUESTS_MOST);
	if (waiting == REQUESTS_MOST)
		return order_refuse(order, ERR_LIMIT,
				    "Too many requests wait for the other "
				    "account.");
	return waiting < REQUESTS_OF_ONE ? ERR_OK : check_share(batch, order);
}

static enum err check_request(struct batch *batch, struct order *order)
{
	const struct account *payer;
	const struct account *asker;
	enum err e = judge_own_account(batch, order, order->to, &asker);

	if (e == ERR_OK)
		e = judge_account(batch, order, order->from, &payer);
	if (e != ERR_OK)
		return e;
	if (order->from == order->to || account_is_of(payer, order->by.user))
		return order_refuse(order, ERR_SELF_PAYMENT,
				    "That account is yours.");
	if (payer->kind == ACCOUNT_HOUSE)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "The house is not asked for money here.");
	if (((payer->flags | asker->flags) & ACCOUNT_CLOSED) != 0)
		return order_refuse(order, ERR_ACCOUNT_CLOSED,
				    "The account is closed.");
	if (order->amount <= 0 || order->amount > MONEY_MOST)
		return order_refuse(order, ERR_BAD_AMOUNT,
				    "That is more than any account can hold.");
	if (order->due_ms <= batch->now_ms ||
	    order->due_ms > batch->now_ms + REQUEST_LONGEST_MS)
		return order_refuse(order, ERR_BAD_INPUT,
				    "A request ends within a year.");
	return check_room(batch, order);
}

enum err judge_request(struct batch *batch, struct order *order)
{
	struct request request = { .payer = order->from,
				   .asker = order->to,
				   .by = order->by.user,
				   .amount = order->amount,
				   .made_ms = batch->now_ms,
				   .due_ms = order->due_ms,
				   .state = REQUEST_OPEN };
	enum err e = check_request(batch, order);

	if (e != ERR_OK)
		return e;
	memcpy(request.memo, order->memo, sizeof(request.memo));
	request.number = batch->head.request + 1;
	e = request_put(batch->txn, &batch->tables->requests, &request);
	if (e == ERR_OK)
		e = batch_note(batch, order, "bank.request", request.number);
	if (e != ERR_OK)
		return e;
	batch->head.request = request.number;
	order->number = request.number;
	return ERR_OK;
}

static const char *const ended_as[] = {
	[REQUEST_OPEN] = "expired", /* when it is looked at too late */
	[REQUEST_PAID] = "paid",           [REQUEST_DECLINED] = "declined",
	[REQUEST_CANCELLED] = "cancelled", [REQUEST_EXPIRED] = "expired",
};

static enum err find_open(struct batch *batch, struct order *order,
			  struct request *request_r)
{
	enum err e = request_get(batch->txn, &batch->tables->requests,
				 order->reference, request_r);

	if (e == ERR_NO_SUCH_REQUEST)
		return order_refuse(order, e,
				    "There is no request #%llu of yours.",
				    (unsigned long long)order->reference);
	if (e != ERR_OK)
		return e;
	if (request_r->state != REQUEST_OPEN ||
	    request_r->due_ms <= batch->now_ms)
		return order_refuse(order, ERR_REQUEST_CLOSED,
				    "Request #%llu is closed: it was %s.",
				    (unsigned long long)request_r->number,
				    ended_as[request_r->state]);
	return ERR_OK;
}

/* Others learn nothing of it, not even that there is one. */
static enum err check_side(struct batch *batch, struct order *order,
			   account_id side)
{
	const struct account *account;
	enum err e = judge_own_account(batch, order, side, &account);

	return e != ERR_NOT_ALLOWED
		       ? e
		       : order_refuse(order, ERR_NO_SUCH_REQUEST,
				      "There is no request #%llu of yours.",
				      (unsigned long long)order->reference);
}

static enum err look(struct batch *batch, struct order *order, bool is_payer,
		     struct request *request_r)
{
	enum err e = request_get(batch->txn, &batch->tables->requests,
				 order->reference, request_r);

	if (e == ERR_OK)
		e = check_side(batch, order,
			       is_payer ? request_r->payer : request_r->asker);
	if (e != ERR_OK && e != ERR_NO_SUCH_REQUEST)
		return e;
	if (order->words[0] != '\0')
		return e;
	return find_open(batch, order, request_r);
}

static enum err close(struct batch *batch, struct order *order,
		      struct request *request, enum request_state state)
{
	request->state = state;
	order->number = request->number;
	return request_put(batch->txn, &batch->tables->requests, request);
}

enum err judge_accept(struct batch *batch, struct order *order)
{
	struct request request;
	bool is_plain = order->memo[0] == '\0';
	enum err e = look(batch, order, true, &request);

	if (e != ERR_OK)
		return e;
	if (is_plain)
		memcpy(order->memo, request.memo, sizeof(order->memo));
	e = judge_payment(batch, order,
			  order->from != 0 ? order->from : request.payer,
			  request.asker, request.amount, request.number);
	/* The question stays what it was: it may be given again, with a code.
	 */
	if (e != ERR_OK && is_plain)
		order->memo[0] = '\0';
	if (e != ERR_OK)
		return e;
	request.entry = order->entry.seq;
	return close(batch, order, &request, REQUEST_PAID);
}

enum err judge_decline(struct batch *batch, struct order *order)
{
	struct tiding tiding = { .name = { .kind = TIDING_DECLINED } };
	struct request request = { 0 };
	enum err e = look(batch, order, true, &request);

	if (e == ERR_OK)
		e = batch_note(batch, order, "bank.decline", request.number);
	if (e == ERR_OK)
		e = close(batch, order, &request, REQUEST_DECLINED);
	tiding.name.number = request.number;
	return e == ERR_OK ? judge_tell(batch, order, &tiding, request.by) : e;
}

enum err judge_cancel(struct batch *batch, struct order *order)
{
	struct tiding tiding = { .name = { .kind = TIDING_CANCELLED } };
	struct request request = { 0 };
	enum err e = look(batch, order, false, &request);

	if (e == ERR_OK)
		e = batch_note(batch, order, "bank.cancel", request.number);
	if (e == ERR_OK)
		e = close(batch, order, &request, REQUEST_CANCELLED);
	tiding.name.number = request.number;
	return e == ERR_OK
		       ? judge_tell_people(batch, order, &tiding, request.payer)
		       : e;
}
