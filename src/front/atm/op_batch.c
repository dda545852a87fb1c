/* The op of many payments with one answer. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "command/payments.h"
#include "front/atm/answer.h"
#include "front/atm/op.h"
#include "front/atm/transaction.h"

_Static_assert((int)PAYMENTS_MOST <= (int)UUID_SERIES, "each has an id");

/*
 * As it was written, since it is compared with that. Where none was, it is one
 * of the batch's series.
 */
static void take_id(const struct request *r, const char *text,
		    const struct uuid *series, size_t index,
		    struct payment *payment)
{
	if (text != NULL) {
		payment->id = r->id;
		(void)snprintf(payment->label, sizeof(payment->label), "%s",
			       text);
		return;
	}
	payment->id = *series;
	uuid_set_index(&payment->id, (unsigned)index);
	uuid_print(&payment->id, payment->label);
}

static void take_memo(const struct request *r, struct payment *payment)
{
	if (strlen(r->memo) < sizeof(payment->memo)) {
		memcpy(payment->memo, r->memo, strlen(r->memo) + 1);
		return;
	}
	payment->flaw = ERR_BAD_INPUT;
	(void)snprintf(payment->words, sizeof(payment->words),
		       "A memo is at most %d bytes long.", MEMO - 1);
}

static void take_rest(const struct request *r, const struct currency *currency,
		      struct payment *payment)
{
	_Static_assert(sizeof(r->to) <= sizeof(payment->to), "a name fits");
	memcpy(payment->to, r->to, sizeof(r->to));
	memcpy(payment->account, r->account, sizeof(r->account));
	take_memo(r, payment);
	if (money_parse(r->amount, currency, &payment->amount))
		return;
	payment->flaw = ERR_BAD_AMOUNT;
	money_explain(r->amount, currency, payment->words);
}

/* False, and flaw says what is wrong with it. */
static bool take_one(struct payments *p, json_t *object,
		     const struct uuid *series, size_t i, struct buf *flaw)
{
	const char *id = json_string_value(json_object_get(object, "id"));
	struct payment *payment = &p->list[i];
	struct request r;
	bool is_read;

	request_init(&r);
	is_read =
		request_read(&r, object, "id? to amount account? memo?", flaw);
	if (is_read) {
		take_id(&r, id, series, i, payment);
		take_rest(&r, &p->settings.currency, payment);
	}
	request_fini(&r);
	return is_read;
}

/* Of the results: beyond it they say no more than they must. */
enum { WORDY_MOST = 192 * 1024 };

static void begin_result(struct payments *p, size_t i, bool is_ok)
{
	struct buf *out = &p->task.text;

	answer_open(out, NULL, '{');
	answer_text(out, "re", p->list[i].label);
	answer_bool(out, "ok", is_ok);
}

static void print_refusal(struct payments *p, size_t i, enum err e,
			  const char *words)
{
	bool is_wordy = words[0] != '\0' && buf_len(&p->task.text) < WORDY_MOST;

	begin_result(p, i, false);
	answer_error(&p->task.text, e, is_wordy ? words : call_fail_words(e));
	answer_close(&p->task.text, '}');
}

static void print_result(struct payments *p, size_t i, const struct deal *deal,
			 enum err e)
{
	const struct transaction t = {
		.entry = &deal->order.entry,
		.currency = &p->settings.currency,
		.own = deal->order.from,
		.left = order_left(&deal->order, deal->order.from),
		.name = deal->payer[0] != '\0' ? deal->payer : p->by.name,
		.other = deal->target,
	};

	if (e != ERR_OK) {
		print_refusal(p, i, e, deal->task.why.text);
		return;
	}
	begin_result(p, i, true);
	transaction_print(&t, &p->task.text);
	answer_close(&p->task.text, '}');
}

/* What could not be begun any more may be asked again under its id. */
static enum err finish(struct call *call, struct payments *p)
{
	struct atm_session *as = atm_session_of(call->caller);

	for (size_t i = p->done; i < p->count; i++)
		print_refusal(p, i, p->task.result, "");
	answer_open(&as->answer, "results", '[');
	buf_add(&as->answer, buf_at(&p->task.text), buf_len(&p->task.text));
	answer_close(&as->answer, ']');
	return ERR_OK;
}

static enum err run_batch(struct call *call, struct atm_session *as)
{
	const struct request *r = as->request;
	size_t count = json_array_size(r->transfers);
	struct payments *p = payments_new(call, count);
	struct uuid series;

	uuid_derive_series(&r->id, &series);
	for (size_t i = 0; i < count; i++) {
		AUTO(buf_fini) struct buf flaw = { 0 };

		if (take_one(p, json_array_get(r->transfers, i), &series, i,
			     &flaw))
			continue;
		payments_free(&p);
		return call_refuse(call, ERR_BAD_REQUEST, "transfers[%zu]: %s",
				   i, buf_text(&flaw));
	}
	proof_read(&p->proof, r->code != NULL ? r->code->bytes : "");
	return payments_start(call, p, print_result, finish);
}

const struct op ops_batch[] = {
	{ "batch", "transfers code?", false, run_batch },
	{ 0 },
};
