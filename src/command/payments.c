#include "command/payments.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "command/caller.h"
#include "command/move.h"
#include "command/takings.h"

/* What somebody else reads, once it is durable. */
struct payments_news {
	user_id user;
	struct takings_cause cause;
	char *text;
};

struct payments *payments_new(struct call *call, size_t count)
{
	struct payments *p = mem_zero(sizeof(*p));
	struct deal *model = deal_new(call, ORDER_PAY);

	p->by = model->order.by;
	p->settings = model->settings;
	p->ways = model->ways;
	deal_free(&model);
	p->list = mem_zero(count * sizeof(*p->list));
	p->count = count;
	return p;
}

/* All of them are done, or refused. */
static void end(struct payments *p)
{
	for (size_t i = 0; i < p->count; i++)
		under_way_end(&p->list[i].asked);
}

static void free_parts(struct payments *p)
{
	end(p);
	for (size_t i = 0; i < p->news_count; i++)
		mem_free(p->news[i].text);
	proof_fini(&p->proof);
	for (size_t i = 0; i < PAYMENTS_WINDOWS; i++)
		mem_free(p->windows[i].deals);
	mem_free(p->news);
	mem_free(p->list);
}

void payments_free(struct payments **payments)
{
	free_parts(*payments);
	mem_free(*payments);
	*payments = NULL;
}

static void add_news(void *arg, user_id user, const struct takings_cause *cause,
		     const char *text)
{
	struct payments *p = arg;
	struct payments_news *news;

	p->news = mem_resize(p->news, (p->news_count + 1) * sizeof(*p->news));
	news = &p->news[p->news_count++];
	news->user = user;
	news->cause = *cause;
	news->text = mem_copy(text, strlen(text) + 1);
}

/* Once; also when the caller has gone meanwhile. */
static void tell_news(struct payments *p)
{
	struct realm *realm = p->task.realm;

	for (size_t i = 0; i < p->news_count; i++) {
		struct payments_news *news = &p->news[i];

		(void)takings_tell_of(realm->takings, news->user, &news->cause,
				      news->text);
		mem_free(news->text);
	}
	p->news_count = 0;
}

/* A deal that is no task of its own. */
static void begin_deal(struct payments *p, const struct payment *payment,
		       struct deal *deal)
{
	memset(deal, 0, sizeof(*deal));
	deal->task.realm = p->task.realm;
	deal->task.actor = p->task.actor;
	deal->giver = p;
	deal->settings = p->settings;
	deal->ways = p->ways;
	deal->move = &move_payment;
	deal->prepare = move_payment.prepare;
	deal->notice = move_payment.notice;
	deal->order.kind = move_payment.kind;
	deal->order.by = p->by;
	deal->order.id = payment->id;
	deal->order.amount = payment->amount;
	deal->order.is_proved = p->is_proved;
	memcpy(deal->order.memo, payment->memo, sizeof(deal->order.memo));
	memcpy(deal->whom, payment->to, sizeof(deal->whom));
	memcpy(deal->account, payment->account, sizeof(deal->account));
	if (payment->memo[0] != '\0' && p->may_speak != ERR_OK) {
		deal->flaw = p->may_speak;
		deal->task.why = p->mute;
	}
	deal_note_wording(deal);
}

static enum err refuse(const struct payment *payment, struct refusal *why)
{
	if (payment->words[0] == '\0')
		return payment->flaw;
	return refusal_give(why, payment->flaw, "%s", payment->words);
}

static struct payments_window *window_of(struct payments *p, size_t number)
{
	return &p->windows[number % PAYMENTS_WINDOWS];
}

/* One order less is under way, or now it is waited for. True: that was all. */
static bool is_last(struct payments_window *w)
{
	return atomic_fetch_sub(&w->left, 1) == 1;
}

static void stage(struct task *task);

/*
 * The window that is waited for is over. When no job is to be had, nothing
 * more is begun, but what is under way must be over before the answer.
 */
static void go_on(struct payments *p)
{
	do {
		p->ended++;
		if (task_yield(&p->task, stage))
			return;
		if (p->ended == p->begun) {
			task_answer(&p->task, ERR_BUSY);
			return;
		}
	} while (is_last(window_of(p, p->ended)));
}

/* In the ledger's thread. */
static void obeyed(struct order *order)
{
	struct payments_window *w = order->arg;

	if (is_last(w))
		go_on(w->payments);
}

/* False: it has its result, and is not for the ledger any more. */
static bool prepare(struct payments *p, const struct payment *payment,
		    struct payments_window *w, struct deal *deal)
{
	struct order *order = &deal->order;
	bool is_ready;
	enum err e;

	begin_deal(p, payment, deal);
	if (payment->flaw != ERR_OK)
		e = refuse(payment, &deal->task.why);
	else
		e = deal_prepare(deal);
	is_ready = e == ERR_OK;
	if (!is_ready && payment->flaw == ERR_OK)
		e = deal_recall(deal, e);
	(void)snprintf(order->target, sizeof(order->target), "%s",
		       deal->target);
	order->result = e;
	order->done = obeyed;
	order->arg = w;
	return is_ready;
}

/*
 * Together, so that they share the ledger's transactions; which another job
 * begins while more is to be prepared here.
 */
static void give(struct payments *p, struct payments_window *w,
		 struct order *const *orders, size_t count)
{
	struct ledger *ledger = p->task.realm->ledger;
	bool is_taken;

	atomic_fetch_add(&w->left, (unsigned)count);
	is_taken = p->given < p->count
			   ? ledger_post_each(ledger, orders, count)
			   : ledger_submit_each(ledger, orders, count);
	if (is_taken)
		return;
	for (size_t i = 0; i < count; i++)
		orders[i]->result = ERR_BUSY;
	atomic_fetch_sub(&w->left, (unsigned)count);
}

static void begin_window(struct payments *p)
{
	struct payments_window *w = window_of(p, p->begun++);
	size_t rest = p->count - p->given;
	struct order *orders[PAYMENTS_WINDOW];
	size_t count = 0;

	w->payments = p;
	w->count = rest < PAYMENTS_WINDOW ? rest : PAYMENTS_WINDOW;
	atomic_store(&w->left, 1);
	for (size_t i = 0; i < w->count; i++)
		if (prepare(p, &p->list[p->given++], w, &w->deals[i]))
			orders[count++] = &w->deals[i].order;
	give(p, w, orders, count);
}

/* Where names lead elsewhere by now; without a job it may be asked again. */
static void recall(struct deal *deal, bool is_job)
{
	struct order *order = &deal->order;

	/* The ledger has words for it; else it was looked up before. */
	if (order->result != ERR_ID_CONFLICT || order->words[0] == '\0')
		return;
	if (is_job)
		(void)refusal_give(&deal->task.why, order->result, "%s",
				   order->words);
	order->words[0] = '\0';
	order->result = is_job ? deal_recall(deal, order->result) : ERR_BUSY;
}

static enum err settle(struct payments *p, struct deal *deal, bool is_job)
{
	const struct order *order = &deal->order;

	recall(deal, is_job);
	if (order->words[0] != '\0')
		(void)refusal_give(&deal->task.why, order->result, "%s",
				   order->words);
	deal->task.result = order->result;
	deal_tell_each(deal, add_news, p);
	return order->result;
}

/* The windows that are over: what they came to, in order. */
static void collect(struct payments *p, bool is_job)
{
	while (p->collected < p->ended) {
		struct payments_window *w = window_of(p, p->collected++);

		for (size_t i = 0; i < w->count; i++) {
			enum err e = settle(p, &w->deals[i], is_job);

			p->each(p, p->done++, &w->deals[i], e);
		}
	}
}

static money sum(const struct payments *p)
{
	money total = 0;

	for (size_t i = 0; i < p->count; i++)
		if (p->list[i].flaw == ERR_OK &&
		    !money_add(total, p->list[i].amount, &total))
			return MONEY_MOST;
	return total;
}

static bool is_under_way(const struct payments *p,
			 const struct payment *payment)
{
	return under_way_before(p->task.realm->under_way, p->by.user,
				&payment->id, p);
}

/* Without what was done before, and only gets the same answer. */
static enum err sum_new(struct payments *p, money *total_r)
{
	struct book_answer known;
	enum err e = ERR_OK;

	for (size_t i = 0; i < p->count; i++) {
		struct payment *payment = &p->list[i];
		bool waits;

		if (payment->flaw != ERR_OK)
			continue;
		waits = is_under_way(p, payment);
		e = book_asked(p->task.realm->store, p->by.user, &payment->id,
			       &known);
		if (e == ERR_NOT_FOUND && waits)
			return refusal_give(&p->task.why, ERR_BUSY, "%s",
					    deal_words_under_way);
		if (e == ERR_NOT_FOUND &&
		    !money_add(*total_r, payment->amount, total_r))
			*total_r = MONEY_MOST;
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
	}
	return ERR_OK;
}

/* Does so much need a code? The first deal stands for all. */
static enum err prove(struct payments *p)
{
	money limit = p->settings.second_factor_above;
	struct deal *deal = &p->windows[0].deals[0];
	money total = 0;
	enum err e;

	if (limit == MONEY_NONE || sum(p) <= limit)
		return ERR_OK;
	e = sum_new(p, &total);
	if (e != ERR_OK || total <= limit)
		return e;
	begin_deal(p, &p->list[0], deal);
	deal->proof = p->proof;
	e = deal_prove(deal, total);
	p->is_proved = e == ERR_OK;
	p->is_proof_refused = deal->is_proof_refused;
	p->proof = deal->proof;
	p->task.why = deal->task.why;
	proof_fini(&deal->proof);
	return e;
}

static bool begin(struct payments *p)
{
	enum err e;

	if (p->windows[0].deals != NULL)
		return true;
	for (size_t i = 0; i < PAYMENTS_WINDOWS; i++)
		p->windows[i].deals =
			mem_zero(PAYMENTS_WINDOW * sizeof(struct deal));
	e = prove(p);
	p->is_refused = e != ERR_OK;
	if (e != ERR_OK)
		task_answer(&p->task, e);
	return e == ERR_OK;
}

static void stage(struct task *task)
{
	struct payments *p = CONTAINER(task, struct payments, task);

	if (!begin(p))
		return;
	for (;;) {
		collect(p, true);
		while (p->given < p->count &&
		       p->begun - p->collected < PAYMENTS_WINDOWS)
			begin_window(p);
		if (p->collected == p->begun)
			break;
		if (!is_last(window_of(p, p->ended)))
			return; /* its last order goes on */
		p->ended++;
	}
	task_answer(task, ERR_OK);
}

static void drop(struct task *task)
{
	struct payments *p = CONTAINER(task, struct payments, task);

	atomic_fetch_sub(&task->realm->payments, 1);
	collect(p, false);
	tell_news(p);
	free_parts(p);
}

static enum err finish(struct call *call, struct task *task)
{
	struct payments *p = CONTAINER(task, struct payments, task);

	collect(p, false); /* when no job could do it any more */
	tell_news(p);
	end(p);
	if (p->is_proof_refused)
		return proof_refuse(call, &p->proof, p->by.name, task->result);
	if (p->is_refused)
		return call_refuse_why(call, task->result, &task->why);
	return p->finish(call, p);
}

/* Before it is looked at what they may be refused for. */
static void begin_asking(struct call *call, struct payments *p)
{
	for (size_t i = 0; i < p->count; i++)
		under_way_begin(call->realm->under_way, &p->list[i].asked,
				p->by.user, &p->list[i].id, p);
	p->may_speak = caller_may_speak(call->caller, &p->mute);
}

enum err payments_start(struct call *call, struct payments *payments,
			payments_each_fn *each, payments_finish_fn *finish_all)
{
	payments->each = each;
	payments->finish = finish_all;
	if (atomic_fetch_add(&call->realm->payments, 1) >= PAYMENTS_TASKS) {
		atomic_fetch_sub(&call->realm->payments, 1);
		payments_free(&payments);
		return call_fail(call, ERR_BUSY);
	}
	begin_asking(call, payments);
	return task_start(call, &payments->task, TASK_JOBS, stage, finish,
			  drop);
}
