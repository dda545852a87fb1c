/* How much: judged as it is typed, as far as that can be known here. */
#include "base/mem.h"
#include "rialto/atm/acts.h"
#include "rialto/atm/answer.h"
#include "rialto/atm/request.h"

/* What can be spent by now; false when there is no answer. */
static bool fetch_available(struct machine *m, enum at *next_r)
{
	AUTO(buf_wipe) struct buf request = { 0 };
	AUTO(answer_fini) struct answer answer = { 0 };
	char id[UUID_TEXT];

	request_begin(&request, "balance", id);
	request_add(&request, "account", m->payer);
	request_end(&request);
	if (!machine_ask(m, &request, id, &answer, next_r))
		return false;
	machine_set(&m->available,
		    answer_text(json_object_get(answer.object, "balance"),
				"available"));
	return true;
}

/* Says what an amount may be, and goes there. */
static enum at invite(struct machine *m, enum at where)
{
	char behind[CURRENCY_CODE + 1];
	enum at next;

	(void)currency_behind(&m->currency, behind);
	if (m->transaction->spends && !fetch_available(m, &next))
		return next;
	if (m->available != NULL && m->available[0] != '\0')
		machine_say(m, "You can spend %s%s.", m->available, behind);
	if (where == AT_OTHER_AMOUNT)
		machine_say(m, "Please write it as %s%s.",
			    currency_example(&m->currency), behind);
	return where;
}

enum at act_to_amount(struct machine *m)
{
	return invite(m, AT_AMOUNT);
}

enum at act_other_amount(struct machine *m)
{
	return invite(m, AT_OTHER_AMOUNT);
}

static enum at judge(struct machine *m, enum at again)
{
	AUTO(mem_free_text)
	char *doubt = currency_doubt(&m->currency, m->amount,
				     m->available != NULL ? m->available : "");

	if (doubt != NULL) {
		machine_say(m, "%s", doubt);
		return invite(m, again);
	}
	return m->transaction->has_receiver ? AT_MEMO : act_ask(m);
}

enum at act_has_amount(struct machine *m)
{
	return judge(m, AT_AMOUNT);
}

enum at act_amount(struct machine *m, const char *typed)
{
	machine_set(&m->amount, typed);
	return judge(m, AT_OTHER_AMOUNT);
}
