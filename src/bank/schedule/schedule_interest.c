/*
 * Interest: in the first minutes of a month, each account that has a rate gets
 * what its balances at the end of each day of the month before have earned. A
 * mark says which month is next, and which account.
 */
#include <stdio.h>
#include <string.h>

#include "bank/book.h"
#include "bank/mark.h"
#include "bank/meta.h"
#include "bank/schedule/calendar.h"
#include "bank/schedule/interest.h"
#include "bank/schedule/schedule_fields.h"
#include "base/mem.h"
#include "log/log.h"
#include "store/record.h"

enum {
	LOOKED_AT = 2000, /* accounts of one piece */
};

static const char mark_name[] = "interest";

/* The accounts that a piece is about. */
struct crowd {
	struct bank_rules rules;
	struct account list[SCHEDULE_PIECE];
	size_t count;
	size_t seen;
	account_id next; /* after those that were looked at; 0: no more */
};

static int rate_of(const struct bank_rules *rules,
		   const struct account *account)
{
	int64_t rate = meta_term(rules, account, TERM_RATE);

	return rate == MONEY_NONE || rate < 0 ? 0
	       : rate > INTEREST_RATE_MOST    ? INTEREST_RATE_MOST
					      : (int)rate;
}

static bool look_at(const struct account *account, void *arg)
{
	struct crowd *crowd = arg;

	if (crowd->count == COUNT(crowd->list) || crowd->seen == LOOKED_AT) {
		crowd->next = account->id;
		return false;
	}
	crowd->seen++;
	if (account->kind != ACCOUNT_HOUSE &&
	    (account->flags & ACCOUNT_CLOSED) == 0 &&
	    rate_of(&crowd->rules, account) > 0)
		crowd->list[crowd->count++] = *account;
	return true;
}

static enum err read_rules(struct store_txn *txn, void *arg)
{
	const struct schedule *s = ((void **)arg)[0];

	return meta_get_rules(txn, store_table(s->parts.store, "bank_meta"),
			      ((void **)arg)[1]);
}

/* The days of a month, from its end; what an entry left holds from its day. */
struct days {
	account_id account;
	int64_t first;
	int64_t last; /* that no later entry has answered for */
	struct interest interest;
};

static int64_t day_of(const struct entry *entry)
{
	int date = (int)entry->date;

	return calendar_date_to_day(
		&(struct date){ date / 10000, date / 100 % 100, date % 100 });
}

static bool add_days(const struct entry *entry, void *arg)
{
	const struct posting *posting;
	struct days *days = arg;
	int64_t day = day_of(entry);

	if (day > days->last)
		return true;
	if (day < days->first)
		day = days->first;
	posting = entry_posting(entry, days->account);
	interest_add(&days->interest, posting != NULL ? posting->posted : 0,
		     (int)(days->last - day + 1));
	days->last = day - 1;
	return days->last >= days->first;
}

static enum err earned(struct store *store, const struct account *account,
		       int month, int rate, money *sum_r)
{
	const struct date first = { month / 100, month % 100, 1 };
	struct days days = { .account = account->id,
			     .first = calendar_date_to_day(&first) };
	enum err e;

	days.last = days.first + calendar_month_days(month) - 1;
	e = book_statement(store, account, 0, add_days, &days);
	*sum_r = e == ERR_OK ? interest_sum(&days.interest, first.year, rate)
			     : 0;
	return e;
}

static void give(const struct schedule *s, const struct account *account,
		 int month, struct order *order)
{
	static const char purpose[] = "rialto interest";
	AUTO(buf_fini) struct buf seed = { 0 };
	char when[MONTH_TEXT];

	buf_add(&seed, purpose, sizeof(purpose));
	record_put_u64(&seed, account->id);
	record_put_u32(&seed, (uint32_t)month);
	uuid_derive(buf_at(&seed), buf_len(&seed), &order->id);
	order->kind = ORDER_INTEREST;
	order->by.authority = AUTHORITY_BANK;
	order->to = account->id;
	calendar_print_month(month, when);
	(void)snprintf(order->memo, sizeof(order->memo), "of %s", when);
	book_print_name(s->parts.users, account, order->target);
}

/* What cannot be given is told in the log, and left out. */
static enum err pay(struct schedule *s, const struct account *account,
		    int month, int rate)
{
	struct order order = { 0 };
	struct account income;
	enum err e =
		book_find(s->parts.store, ACCOUNT_HOUSE, 0, "income", &income);

	if (e == ERR_OK)
		e = earned(s->parts.store, account, month, rate, &order.amount);
	if (e != ERR_OK || order.amount <= 0)
		return e;
	give(s, account, month, &order);
	order.from = income.id;
	e = ledger_run(s->parts.ledger, &order);
	if (e == ERR_OK || schedule_is_trouble(e))
		return e;
	log_warning("bank", "no interest account=#%llu month=%d: %s",
		    (unsigned long long)account->id, month, err_code(e));
	return ERR_OK;
}

static enum err pay_piece(struct schedule *s, struct mark *mark)
{
	struct crowd *crowd = mem_zero(sizeof(*crowd));
	void *reading[] = { s, &crowd->rules };
	enum err e = store_view(s->parts.store, read_rules, reading);

	if (e == ERR_OK)
		e = book_accounts(s->parts.store, mark->at, look_at, crowd);
	for (size_t i = 0; e == ERR_OK && i < crowd->count; i++)
		e = pay(s, &crowd->list[i], (int)mark->period,
			rate_of(&crowd->rules, &crowd->list[i]));
	if (e == ERR_OK) {
		mark->at = crowd->next != 0 ? crowd->next : 1;
		if (crowd->next == 0)
			mark->period =
				calendar_month_plus((int)mark->period, 1);
		e = mark_put(s->parts.store, mark_name, mark);
	}
	mem_free(crowd);
	return e;
}

/* Without a mark: from the month in which the bank was opened. */
static enum err begin(struct store *store, struct mark *mark_r)
{
	struct entry first;
	enum err e = book_entry(store, 1, &first);

	if (e == ERR_OK)
		*mark_r = (struct mark){ first.date / 100, 1 };
	return e;
}

enum err schedule_interest(struct schedule *schedule, bool *more_r)
{
	struct store *store = schedule->parts.store;
	struct date today;
	struct mark mark;
	int month;
	enum err e = mark_get(store, mark_name, &mark);

	calendar_day_to_date(schedule->today, &today);
	month = today.year * 100 + today.month;
	if (e == ERR_NOT_FOUND)
		e = begin(store, &mark);
	if (e == ERR_OK && mark.period < month)
		e = pay_piece(schedule, &mark);
	*more_r = e == ERR_OK && mark.period < month;
	return e;
}
