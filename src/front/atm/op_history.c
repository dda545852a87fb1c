/* Ops about what happened in one's accounts. */
#include "bank/book.h"
#include "bank/schedule/calendar.h"
#include "base/clock.h"
#include "base/mem.h"
#include "command/page.h"
#include "front/atm/answer.h"
#include "front/atm/op.h"
#include "front/atm/op_finish.h"
#include "front/atm/transaction.h"

enum { LIMIT = 20 };

static bool is_side(const struct leg *leg, account_id account)
{
	return leg->debit == account || leg->credit == account;
}

/* What the account has paid to the house besides, or got back from it. */
static money fee_of_entry(const struct entry *entry, account_id account)
{
	bool comes_back = entry->kind == ENTRY_REVERSE;
	money fee = 0;

	for (unsigned i = 0; i < entry->leg_count; i++) {
		const struct leg *leg = &entry->legs[i];

		if (leg != transaction_leg(entry) &&
		    (comes_back ? leg->credit : leg->debit) == account)
			fee += leg->amount;
	}
	return comes_back ? -fee : fee;
}

/* Who stands on the other side of the money. */
static account_id other_side(const struct entry *entry, account_id account)
{
	const struct leg *leg = transaction_leg(entry);

	for (unsigned i = 0; !is_side(leg, account) && i < entry->leg_count;
	     i++)
		leg = &entry->legs[i];
	return leg->debit == account ? leg->credit : leg->debit;
}

/* The account's side of an entry; nothing of one that has moved nothing. */
static bool add_posting(struct page *page, const struct entry *entry)
{
	const struct bank_text *t = &page->look.text;
	struct buf *out = &page->look.task.text;
	account_id id = page->account.id;
	const struct posting *posting = entry_posting(entry, id);
	char other[BOOK_NAME];
	money fee;

	if (entry->leg_count == 0 || posting == NULL)
		return false;
	fee = fee_of_entry(entry, id);
	bank_text_name(t, other_side(entry, id), other);
	answer_open(out, NULL, '{');
	answer_number(out, "entry", (int64_t)entry->seq);
	answer_time(out, "time", entry->time_ms);
	answer_text(out, "kind", entry_kind_word(entry->kind));
	answer_money(out, "amount", entry_net(entry, id), &t->currency);
	if (fee != 0)
		answer_money(out, "fee", fee, &t->currency);
	answer_money(out, "balance", posting->posted, &t->currency);
	answer_text(out, "other", other);
	answer_text(out, "memo",
		    bank_text_hides_memo(t, entry) ? "" : entry->memo);
	answer_close(out, '}');
	return true;
}

static enum err print_postings(struct page *page, uint64_t newest)
{
	struct buf *out = &page->look.task.text;
	enum err e;

	answer_open(out, "postings", '[');
	e = page_read(page, newest);
	answer_close(out, ']');
	if (page->has_older)
		answer_number(out, "next", (int64_t)page->oldest);
	else
		answer_null(out, "next");
	return e;
}

static void stage_history(struct task *task)
{
	struct page *page = CONTAINER(task, struct page, look.task);
	enum err e = look_find(&page->look, &page->account);

	task_answer(task,
		    e == ERR_OK ? print_postings(page, page->account.last) : e);
}

static enum err print_statement(struct page *page)
{
	const struct currency *currency = &page->look.text.currency;
	struct buf *out = &page->look.task.text;
	struct account_month sums;
	char name[BOOK_NAME];
	char month[MONTH_TEXT];
	enum err e = page_find_month(page, &sums);

	if (e != ERR_OK)
		return e;
	book_print_name(page->look.task.realm->users, &page->account, name);
	calendar_print_month(page->month, month);
	answer_text(out, "account", name);
	answer_text(out, "month", month);
	answer_money(out, "opening", sums.posted - sums.in + sums.out,
		     currency);
	answer_money(out, "closing", sums.posted, currency);
	return print_postings(page, sums.last);
}

static void stage_statement(struct task *task)
{
	struct page *page = CONTAINER(task, struct page, look.task);
	enum err e = look_find(&page->look, &page->account);

	task_answer(task, e == ERR_OK ? print_statement(page) : e);
}

static struct page *new_page(struct call *call, const struct request *r)
{
	struct page *page = page_new(call, sizeof(*page), add_posting);

	page->before = (uint64_t)r->before;
	page->most = r->limit != 0 ? (size_t)r->limit : LIMIT;
	return page;
}

static enum err start(struct call *call, const struct request *r,
		      struct page *page, task_fn *stage)
{
	enum err e = look_take_account(call, &page->look, r->account);

	return e == ERR_OK ? task_start(call, &page->look.task, TASK_JOBS,
					stage, op_finish_members, NULL)
			   : e;
}

static enum err run_history(struct call *call, struct atm_session *as)
{
	const struct request *r = as->request;

	return start(call, r, new_page(call, r), stage_history);
}

static enum err run_statement(struct call *call, struct atm_session *as)
{
	const struct request *r = as->request;
	int month;
	struct page *page;

	if (!calendar_parse_month(r->month, &month))
		return call_refuse(call, ERR_BAD_REQUEST,
				   "\"month\" must be written 2026-11.");
	if (month > calendar_month(clock_wall_ms()))
		return call_refuse(call, ERR_BAD_REQUEST,
				   "That month is yet to come.");
	page = new_page(call, r);
	page->month = month;
	return start(call, r, page, stage_statement);
}

const struct op ops_history[] = {
	{ "history", "account? before? limit?", false, run_history },
	{ "statement", "account? month before? limit?", false, run_statement },
	{ 0 },
};
