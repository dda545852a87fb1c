#include "bank/pending.h"

/* What is read, and where it goes. */
struct reading {
	struct hold_tables holds;
	struct request_tables requests;
	uint64_t number;
	account_id account;
	bool is_payer;
	int64_t now_ms;
	struct hold *hold;
	struct request *request;
	size_t count;
};

static void begin(struct store *store, struct reading *r)
{
	r->holds.holds = store_table(store, "bank_holds");
	r->holds.index = store_table(store, "bank_hold_index");
	r->requests.requests = store_table(store, "bank_requests");
	r->requests.index = store_table(store, "bank_request_index");
}

static enum err read_hold(struct store_txn *txn, void *arg)
{
	const struct reading *r = arg;

	return hold_get(txn, &r->holds, r->number, r->hold);
}

enum err pending_hold(struct store *store, uint64_t seq, struct hold *hold_r)
{
	struct reading r = { .number = seq, .hold = hold_r };

	begin(store, &r);
	return store_view(store, read_hold, &r);
}

static enum err read_holds(struct store_txn *txn, void *arg)
{
	struct reading *r = arg;
	uint64_t seqs[PENDING_MOST];
	size_t count;
	enum err e = hold_list(txn, &r->holds, r->account, r->is_payer,
			       INT64_MAX, seqs, PENDING_MOST, &count);

	r->count = 0;
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		struct hold *hold = &r->hold[r->count];

		e = hold_get(txn, &r->holds, seqs[i], hold);
		if (e == ERR_OK && hold->due_ms > r->now_ms)
			r->count++;
	}
	return e == ERR_NO_SUCH_HOLD ? ERR_CORRUPT : e;
}

enum err pending_holds(struct store *store, account_id account, bool is_payer,
		       int64_t now_ms, struct hold list_r[PENDING_MOST],
		       size_t *count_r)
{
	struct reading r = { .account = account,
			     .is_payer = is_payer,
			     .now_ms = now_ms,
			     .hold = list_r };
	enum err e;

	begin(store, &r);
	e = store_view(store, read_holds, &r);
	*count_r = e == ERR_OK ? r.count : 0;
	return e;
}

static enum err read_request(struct store_txn *txn, void *arg)
{
	const struct reading *r = arg;

	return request_get(txn, &r->requests, r->number, r->request);
}

enum err pending_request(struct store *store, uint64_t number,
			 struct request *request_r)
{
	struct reading r = { .number = number, .request = request_r };

	begin(store, &r);
	return store_view(store, read_request, &r);
}

static enum err read_requests(struct store_txn *txn, void *arg)
{
	struct reading *r = arg;
	uint64_t numbers[PENDING_MOST];
	size_t count;
	enum err e = request_list(txn, &r->requests, r->account, r->is_payer,
				  INT64_MAX, numbers, PENDING_MOST, &count);

	r->count = 0;
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		struct request *request = &r->request[r->count];

		e = request_get(txn, &r->requests, numbers[i], request);
		if (e == ERR_OK && request->due_ms > r->now_ms)
			r->count++;
	}
	return e == ERR_NO_SUCH_REQUEST ? ERR_CORRUPT : e;
}

enum err pending_requests(struct store *store, account_id account,
			  bool is_payer, int64_t now_ms,
			  struct request list_r[PENDING_MOST], size_t *count_r)
{
	struct reading r = { .account = account,
			     .is_payer = is_payer,
			     .now_ms = now_ms,
			     .request = list_r };
	enum err e;

	begin(store, &r);
	e = store_view(store, read_requests, &r);
	*count_r = e == ERR_OK ? r.count : 0;
	return e;
}

struct counting {
	struct reading reading;
	struct pending_counts *counts;
};

/* Of those that are listed, so many have ended. */
static enum err count_all(struct store_txn *txn, void *arg)
{
	const struct counting *c = arg;
	const struct reading *r = &c->reading;
	uint64_t numbers[PENDING_MOST];
	size_t holds;
	size_t requests;
	size_t over;
	enum err e = hold_list(txn, &r->holds, r->account, false, INT64_MAX,
			       numbers, PENDING_MOST, &holds);

	if (e == ERR_OK)
		e = hold_list(txn, &r->holds, r->account, false, r->now_ms,
			      numbers, PENDING_MOST, &over);
	if (e != ERR_OK)
		return e;
	holds -= over;
	e = request_list(txn, &r->requests, r->account, true, INT64_MAX,
			 numbers, PENDING_MOST, &requests);
	if (e == ERR_OK)
		e = request_list(txn, &r->requests, r->account, true, r->now_ms,
				 numbers, PENDING_MOST, &over);
	if (e != ERR_OK)
		return e;
	c->counts->holds += holds;
	c->counts->requests += requests - over;
	return ERR_OK;
}

enum err pending_count(struct store *store, account_id account, int64_t now_ms,
		       struct pending_counts *counts)
{
	struct counting c = { .reading = { .account = account,
					   .now_ms = now_ms },
			      .counts = counts };

	begin(store, &c.reading);
	return store_view(store, count_all, &c);
}
