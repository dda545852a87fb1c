/* Ops that move money, each by its move. */
#include "front/atm/op_money.h"

#include "base/clock.h"
#include "command/deal_line.h"
#include "command/move_hold.h"
#include "front/atm/answer.h"
#include "front/atm/op.h"

#define DAY_MS (INT64_C(86400) * 1000)

void op_money_sign(struct realm *realm, const struct transaction *t,
		   struct buf *out)
{
	AUTO(buf_wipe) struct buf jws = { 0 };
	struct realm_settings settings;

	realm_settings(realm, &settings);
	transaction_sign(t, realm->identity, settings.name, &jws);
	answer_text(out, "receipt", buf_text(&jws));
}

/* Besides, what the actor's account is called, unless it is the main one. */
static enum err prepare(struct deal *deal)
{
	enum err e = deal->move->prepare(deal);
	account_id own = e == ERR_OK ? move_account(deal) : 0;

	if (own == 0 ||
	    (deal->account[0] == '\0' && deal->order.reference == 0))
		return e;
	return deal_name_own(deal, own);
}

static void finish(struct call *call, struct deal *deal)
{
	struct atm_session *as = atm_session_of(call->caller);
	account_id own = move_account(deal);
	const struct transaction t = {
		.entry = &deal->order.entry,
		.currency = &deal->settings.currency,
		.own = own,
		.left = order_left(&deal->order, own),
		.name = deal->own[0] != '\0' ? deal->own : deal->order.by.name,
		.other = deal->target,
	};

	transaction_print(&t, &as->answer);
	if (as->request->receipt)
		op_money_sign(call->realm, &t, &as->answer);
}

/* What has ended meanwhile may be asked again: the ledger tells which it is. */
static enum err take_due(struct call *call, struct deal **deal, int64_t due_ms)
{
	int64_t now_ms = clock_wall_ms();

	if (due_ms == 0)
		due_ms = now_ms + HOLD_LIFE_DAYS * DAY_MS;
	(*deal)->order.due_ms = due_ms;
	if (due_ms - now_ms <= HOLD_LONGEST_DAYS * DAY_MS)
		return ERR_OK;
	deal_free(deal);
	return call_refuse(call, ERR_BAD_INPUT,
			   "A hold ends after now, and within %d days.",
			   HOLD_LONGEST_DAYS);
}

static enum err take_words(struct call *call, struct deal **deal,
			   const struct request *r)
{
	enum err e = deal_word(call, deal, (*deal)->account,
			       r->from[0] != '\0' ? r->from : r->account);

	if (e == ERR_OK)
		e = deal_word(call, deal, (*deal)->whom, r->to);
	if (e == ERR_OK)
		e = deal_word(call, deal, (*deal)->second, r->to);
	if (e == ERR_OK && r->amount[0] != '\0')
		e = deal_amount(call, deal, r->amount);
	if (e == ERR_OK && r->memo[0] != '\0')
		e = deal_memo(call, deal, r->memo);
	return e;
}

/* What an op does not take is empty in its request. */
static enum err start(struct call *call, struct atm_session *as,
		      const struct move *move)
{
	const struct request *r = as->request;
	struct deal *deal = move_new(call, move);
	enum err e;

	deal_take_id(call, deal, &r->id);
	deal->order.reference = (uint64_t)(r->hold != 0 ? r->hold : r->entry);
	e = take_words(call, &deal, r);
	if (e == ERR_OK && move->kind == ORDER_HOLD)
		e = take_due(call, &deal, r->expires_ms);
	if (e != ERR_OK)
		return e;
	atm_place(as, deal);
	deal_give_code(deal, r->code != NULL ? r->code->bytes : "");
	return deal_start(call, deal, prepare, finish);
}

static enum err run_deposit(struct call *call, struct atm_session *as)
{
	return start(call, as, &move_deposit);
}

static enum err run_withdraw(struct call *call, struct atm_session *as)
{
	return start(call, as, &move_withdrawal);
}

static enum err run_pay(struct call *call, struct atm_session *as)
{
	return start(call, as, &move_payment);
}

static enum err run_transfer(struct call *call, struct atm_session *as)
{
	return start(call, as, &move_transfer);
}

static enum err run_hold(struct call *call, struct atm_session *as)
{
	return start(call, as, &move_hold);
}

static enum err run_capture(struct call *call, struct atm_session *as)
{
	return start(call, as, &move_capture);
}

static enum err run_release(struct call *call, struct atm_session *as)
{
	return start(call, as, &move_release);
}

static enum err run_reverse(struct call *call, struct atm_session *as)
{
	return start(call, as, &move_reversal);
}

const struct op ops_money[] = {
	{ "deposit", "amount account? memo? receipt?", false, run_deposit },
	{ "withdraw", "amount account? memo? code? receipt?", false,
	  run_withdraw },
	{ "pay", "to amount account? memo? code? receipt?", false, run_pay },
	{ "transfer", "from to amount memo? code? receipt?", false,
	  run_transfer },
	{ "hold", "to amount account? memo? expires_ms? code? receipt?", false,
	  run_hold },
	{ "capture", "hold amount? receipt?", false, run_capture },
	{ "release", "hold receipt?", false, run_release },
	{ "reverse", "entry receipt?", false, run_reverse },
	{ 0 },
};
