/* Deals that need a code of the second factor: see judge_post_proved(). */
#include <string.h>

#include "base/mem.h"
#include "command/deal.h"
#include "command/pledge.h"
#include "command/proof.h"
#include "user/factor/factors.h"

void deal_give_code(struct deal *deal, const char *code)
{
	proof_read(&deal->proof, code);
}

void deal_begin_code(struct call *call, struct deal *deal)
{
	if (deal->settings.second_factor_above != MONEY_NONE)
		deal->pledge = pledge_take(call, &deal->proof);
}

void deal_end_code(struct deal *deal)
{
	proof_fini(&deal->proof);
	pledge_free(&deal->pledge);
}

static enum err refuse_none(struct deal *deal)
{
	char above[MONEY_TEXT];

	deal_print(deal, deal->settings.second_factor_above, above);
	return refusal_give(&deal->task.why, ERR_CODE_REQUIRED,
			    "Above %s a second factor is needed, and you have "
			    "none. %s",
			    above, deal->ways[WAY_FACTOR]);
}

static enum err ask(struct deal *deal)
{
	char above[MONEY_TEXT];

	deal_print(deal, deal->settings.second_factor_above, above);
	return refusal_give(&deal->task.why, ERR_CODE_REQUIRED,
			    "Above %s a code of your second factor is "
			    "needed%s.",
			    above,
			    deal->pledge == NULL
				    ? ""
				    : ": /code CODE within two minutes does "
				      "it");
}

/* A factor that is there, and a code that is right. */
static enum err check(struct deal *deal)
{
	const struct order_actor *by = &deal->order.by;
	struct factor_facts facts;
	enum err e = factors_look(deal->task.realm->factors, by->user, &facts);

	deal->task.why.text[0] = '\0';
	if (e != ERR_OK)
		return e;
	if (!facts.is_on)
		return refuse_none(deal);
	if (!deal->proof.is_given)
		return ask(deal);
	e = proof_try(&deal->proof, &deal->task, by->user, by->name,
		      FACTOR_PROVE);
	deal->is_proof_refused = e != ERR_OK;
	return e;
}

enum err deal_prove(struct deal *deal, money amount)
{
	money limit = deal->settings.second_factor_above;

	return limit == MONEY_NONE || amount <= limit ? ERR_OK : check(deal);
}

enum err deal_try_code(struct deal *deal)
{
	if (deal->pledge != NULL && !pledge_fits(deal->pledge, &deal->order))
		return refusal_give(&deal->task.why, ERR_ID_CONFLICT,
				    "That line means something else by now. "
				    "Write it again.");
	return check(deal);
}

enum err deal_refuse_code(struct call *call, struct deal *deal)
{
	enum err e = deal->task.result;

	if (e == ERR_CODE_REQUIRED || deal->is_proof_refused)
		pledge_keep(call->caller, &deal->pledge);
	if (!deal->is_proof_refused)
		return call_refuse_why(call, e, &deal->task.why);
	return proof_refuse(call, &deal->proof, deal->order.by.name, e);
}
