/* Holds and requests that nobody touches end soon after their time. */
#include "bank/hold.h"
#include "bank/request.h"
#include "bank/schedule/schedule_fields.h"
#include "base/clock.h"

struct look {
	struct store *store;
	bool is_due;
};

static enum err look(struct store_txn *txn, void *arg)
{
	struct look *look = arg;
	const struct hold_tables holds = {
		store_table(look->store, "bank_holds"),
		store_table(look->store, "bank_hold_index")
	};
	const struct request_tables requests = {
		store_table(look->store, "bank_requests"),
		store_table(look->store, "bank_request_index")
	};
	int64_t now_ms = clock_wall_ms();
	uint64_t number;
	size_t count;
	enum err e =
		hold_list(txn, &holds, 0, false, now_ms, &number, 1, &count);

	if (e == ERR_OK && count == 0)
		e = request_list(txn, &requests, 0, false, now_ms, &number, 1,
				 &count);
	look->is_due = e == ERR_OK && count > 0;
	return e;
}

enum err schedule_sweep(struct schedule *schedule, bool *more_r)
{
	struct look due = { schedule->parts.store, false };
	struct order order = { .kind = ORDER_SWEEP,
			       .by.authority = AUTHORITY_BANK };
	enum err e;

	if (clock_mono_ms() < schedule->sweep_ms)
		return ERR_OK;
	e = store_view(due.store, look, &due);
	if (e == ERR_OK && due.is_due)
		e = ledger_run(schedule->parts.ledger, &order);
	*more_r = e == ERR_OK && order.number > 0;
	if (!*more_r)
		schedule->sweep_ms = clock_mono_ms() + SCHEDULE_SWEEP_MS;
	return e;
}
