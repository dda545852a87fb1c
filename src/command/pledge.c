#include "command/pledge.h"

#include <string.h>

#include "bank/ledger.h"
#include "base/clock.h"
#include "base/mem.h"

struct pledge {
	char *line;
	struct proof proof; /* for the line that is about to be run */

	/* What was asked about first. */
	bool is_asked;
	enum order_kind kind;
	account_id from;
	account_id to;
	money amount;
	uint64_t reference;

	int64_t due_ms; /* monotonic */
};

void pledge_free(struct pledge **pledge)
{
	if (*pledge == NULL)
		return;
	mem_free((*pledge)->line);
	proof_fini(&(*pledge)->proof);
	mem_free(*pledge);
	*pledge = NULL;
}

/* None of these verbs has quoted words. */
static char *write_line(const struct call *call)
{
	struct buf line = { 0 };
	char *text;

	buf_print(&line, "/%s", call->command->verb);
	for (int i = 0; i < call->argc; i++)
		buf_print(&line, " %s", call->argv[i]);
	text = mem_text(buf_text(&line));
	buf_fini(&line);
	return text;
}

struct pledge *pledge_take(struct call *call, struct proof *proof)
{
	struct caller *caller = call->caller;
	struct pledge *pledge = caller->pledge;

	if (pledge != NULL && pledge->proof.is_given) {
		caller->pledge = NULL;
		*proof = pledge->proof;
		proof_fini(&pledge->proof);
		return pledge;
	}
	if (call->command == NULL || !caller_has_rooms(caller))
		return NULL;
	pledge = mem_zero(sizeof(*pledge));
	pledge->line = write_line(call);
	return pledge;
}

bool pledge_fits(struct pledge *pledge, const struct order *order)
{
	if (pledge->is_asked)
		return pledge->kind == order->kind &&
		       pledge->from == order->from && pledge->to == order->to &&
		       pledge->amount == order->amount &&
		       pledge->reference == order->reference;
	pledge->is_asked = true;
	pledge->kind = order->kind;
	pledge->from = order->from;
	pledge->to = order->to;
	pledge->amount = order->amount;
	pledge->reference = order->reference;
	pledge->due_ms = clock_mono_ms() + (int64_t)PLEDGE_MINUTES * 60 * 1000;
	return true;
}

void pledge_keep(struct caller *caller, struct pledge **pledge)
{
	if (*pledge == NULL || !(*pledge)->is_asked)
		return;
	pledge_free(&caller->pledge);
	caller->pledge = *pledge;
	*pledge = NULL;
}

enum err pledge_redeem(struct call *call, const char *code)
{
	struct caller *caller = call->caller;
	AUTO(mem_free_text) char *line = NULL;
	enum err e;

	if (caller->pledge != NULL && clock_mono_ms() > caller->pledge->due_ms)
		pledge_free(&caller->pledge);
	if (caller->pledge == NULL)
		return call_refuse(call, ERR_NOT_FOUND,
				   "Nothing waits for a code now.");
	line = mem_text(caller->pledge->line);
	proof_read(&caller->pledge->proof, code);
	e = call_in(call, caller->room, line);
	/* When the line did not come to a deal any more. */
	if (caller->pledge != NULL)
		proof_fini(&caller->pledge->proof);
	return e;
}
