/* Standing orders: what is due is paid, and people are told. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bank/book.h"
#include "bank/memo.h"
#include "bank/schedule/calendar.h"
#include "bank/schedule/schedule_fields.h"
#include "base/mem.h"
#include "store/record.h"

/* A payment, and what there is to say of it. */
struct payment {
	struct schedule *schedule;
	struct standing standing;
	struct user user;
	struct account to;
	struct order order;
	char name[BOOK_NAME]; /* of the receiver */
	char amount[MONEY_TEXT];
	char line[STANDING_NEWS]; /* for the payer; "" : nothing */
};

void schedule_order(const struct standing *standing, struct order *order_r)
{
	static const char purpose[] = "rialto standing order";
	AUTO(buf_fini) struct buf seed = { 0 };

	buf_add(&seed, purpose, sizeof(purpose));
	record_put_u64(&seed, standing->number);
	record_put_i64(&seed, standing->due);
	record_put_u32(&seed, standing->tries);
	*order_r = (struct order){ .kind = ORDER_PAY,
				   .by = { .authority = AUTHORITY_MEMBER,
					   .user = standing->user },
				   .from = standing->from,
				   .to = standing->to,
				   .amount = standing->amount,
				   .is_scheduled = true };
	uuid_derive(buf_at(&seed), buf_len(&seed), &order_r->id);
	memcpy(order_r->memo, standing->memo, sizeof(order_r->memo));
	(void)snprintf(order_r->reason, sizeof(order_r->reason),
		       "standing order #%llu",
		       (unsigned long long)standing->number);
}

PRINTF(2, 3)
static void say(struct payment *p, const char *format, ...)
{
	size_t at;
	va_list args;

	(void)snprintf(
		p->line, sizeof(p->line), "Standing order #%llu: %s to %s ",
		(unsigned long long)p->standing.number, p->amount, p->name);
	at = strlen(p->line);
	va_start(args, format);
	(void)vsnprintf(p->line + at, sizeof(p->line) - at, format, args);
	va_end(args);
}

static void go_on(struct standing *standing)
{
	standing->due = recurrence_next(&standing->recurrence, standing->due);
	standing->look = standing->due;
	standing->tries = 0;
}

static void end(struct payment *p, const char *why)
{
	p->standing.is_ended = true;
	say(p, "has ended: %s", why);
	memcpy(p->standing.news, p->line, sizeof(p->line));
}

/* Refused for today; or for good, when the next one is due by tomorrow. */
static void put_off(struct payment *p)
{
	struct standing *s = &p->standing;
	int64_t tomorrow = p->schedule->today + 1;
	const char *why = p->order.words[0] != '\0'
				  ? p->order.words
				  : err_words(p->order.result);
	char date[DATE_TEXT];
	char next[DATE_TEXT];

	s->tries++;
	calendar_print_day(s->due, date);
	if (s->tries < SCHEDULE_TRIES &&
	    tomorrow < recurrence_next(&s->recurrence, s->due)) {
		s->look = tomorrow;
		if (s->tries > 1)
			return;
		say(p, "due on %s was not paid: %s It is tried again tomorrow.",
		    date, why);
	} else {
		go_on(s);
		calendar_print_day(s->due, next);
		say(p, "due on %s is left out: %s The next is due on %s.", date,
		    why, next);
	}
	memcpy(s->news, p->line, sizeof(p->line));
}

static void note_paid(struct payment *p)
{
	const struct posting *left =
		entry_posting(&p->order.entry, p->order.from);
	char balance[MONEY_TEXT];

	p->standing.paid++;
	p->standing.last = p->order.entry.seq;
	go_on(&p->standing);
	money_print_symbol(left != NULL ? left->posted : 0,
			   &p->schedule->currency, balance);
	say(p, "is paid. New balance: %s. #%llu", balance,
	    (unsigned long long)p->order.entry.seq);
}

/* With the answer of the ledger. */
static void conclude(struct payment *p)
{
	switch (p->order.result) {
	case ERR_OK:
		note_paid(p);
		break;
	case ERR_ACCOUNT_CLOSED:
	case ERR_NO_SUCH_ACCOUNT:
	case ERR_NOT_ALLOWED:
	case ERR_SELF_PAYMENT:
		end(p, p->order.words);
		break;
	default:
		put_off(p);
		break;
	}
}

/* ERR_OK: it can be paid, or (is_ended) it cannot any more. */
static enum err prepare(struct payment *p)
{
	const struct schedule_parts *parts = &p->schedule->parts;
	struct user owner;
	enum err e = book_account(parts->store, p->standing.to, &p->to);

	if (e != ERR_OK)
		return e == ERR_NO_SUCH_ACCOUNT ? ERR_CORRUPT : e;
	money_print_symbol(p->standing.amount, &p->schedule->currency,
			   p->amount);
	book_print_name(parts->users, &p->to, p->name);
	if (p->to.kind == ACCOUNT_USER)
		e = users_get(parts->users, p->to.owner, &owner);
	if (e == ERR_NO_SUCH_USER) {
		end(p, "that user is gone.");
		return ERR_OK;
	}
	schedule_order(&p->standing, &p->order);
	(void)snprintf(p->order.by.name, sizeof(p->order.by.name), "%s",
		       p->user.name);
	(void)snprintf(p->order.target, sizeof(p->order.target), "%s", p->name);
	return e;
}

static enum err settle(struct payment *p)
{
	struct audit_entry entry = { .user = p->user.id };

	if (!p->standing.is_ended)
		return standing_settle(&p->schedule->standings, &p->standing,
				       NULL);
	AUDIT_SET(entry.action, "bank.standing.end");
	AUDIT_SET(entry.target, p->user.name);
	(void)snprintf(entry.detail, sizeof(entry.detail), "#%llu",
		       (unsigned long long)p->standing.number);
	return standing_settle(&p->schedule->standings, &p->standing, &entry);
}

/* *is_there_r is false when nothing is due. */
static enum err pay(struct payment *p, bool *is_there_r)
{
	struct schedule *s = p->schedule;
	enum err e = standing_claim(&s->standings, s->today, &p->standing,
				    is_there_r);

	if (e != ERR_OK || !*is_there_r)
		return e;
	p->standing.news[0] = '\0';
	e = users_get(s->parts.users, p->standing.user, &p->user);
	if (e == ERR_NO_SUCH_USER)
		return standing_forget(&s->standings, p->standing.user);
	if (e == ERR_OK)
		e = prepare(p);
	if (e != ERR_OK)
		return e;
	if (!p->standing.is_ended) {
		e = ledger_run(s->parts.ledger, &p->order);
		if (schedule_is_trouble(e))
			return e;
		conclude(p);
	}
	return settle(p);
}

static void tell_one(const struct payment *p, user_id to)
{
	const struct schedule_parts *parts = &p->schedule->parts;
	const struct posting *got = entry_posting(&p->order.entry, p->to.id);
	char remark[MEMO_SHOWN];
	AUTO(buf_fini) struct buf text = { 0 };
	AUTO(buf_fini) struct buf plain = { 0 };
	AUTO(buf_fini) struct buf rest = { 0 };
	char balance[MONEY_TEXT];

	money_print_symbol(got != NULL ? got->posted : 0,
			   &p->schedule->currency, balance);
	buf_print(&rest, ". New balance: %s. #%llu", balance,
		  (unsigned long long)p->order.entry.seq);
	buf_print(&plain, "%s paid you %s", p->user.name, p->amount);
	memo_remark(p->standing.memo, remark);
	buf_print(&text, "%s%s%s", buf_text(&plain), remark, buf_text(&rest));
	buf_add_text(&plain, buf_text(&rest));
	(void)parts->tell(parts->arg, &(struct schedule_notice){
					      .to = to,
					      .from = p->user.id,
					      .text = buf_text(&text),
					      .plain = buf_text(&plain),
					      .seq = p->order.entry.seq });
}

/* All of it is durable. */
static void tell(const struct payment *p)
{
	const struct schedule_parts *parts = &p->schedule->parts;
	const struct schedule_notice notice = { .to = p->user.id,
						.text = p->line,
						.plain = p->line };

	if (p->order.entry.seq != 0 && p->order.result == ERR_OK) {
		if (p->to.owner != 0)
			tell_one(p, p->to.owner);
		for (unsigned i = 0; i < p->to.holder_count; i++)
			tell_one(p, p->to.holders[i]);
	}
	if (p->line[0] != '\0' && parts->tell(parts->arg, &notice) &&
	    p->standing.news[0] != '\0')
		/* Else it is told again with the next login. */
		(void)!standing_heard(&p->schedule->standings, &p->standing);
}

enum err schedule_pay(struct schedule *schedule, bool *more_r)
{
	struct payment *all = mem_zero(SCHEDULE_PIECE * sizeof(*all));
	enum err e = ERR_OK;
	bool is_there = true;
	size_t count = 0;

	while (e == ERR_OK && is_there && count < SCHEDULE_PIECE) {
		all[count].schedule = schedule;
		e = pay(&all[count], &is_there);
		if (e == ERR_OK && is_there)
			count++;
	}
	if (count > 0)
		store_flush(schedule->parts.store);
	for (size_t i = 0; i < count; i++)
		tell(&all[i]);
	mem_free(all);
	*more_r = e == ERR_OK && is_there;
	return e;
}
