/* Commands about what happened in one's accounts: pages, and months. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bank/schedule/calendar.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "command/families.h"
#include "command/page.h"

enum {
	HISTORY = 10, /* entries of a page */
	HISTORY_MOST = 100,
	STATEMENT = 50,
};

/* A page as lines. */
struct lines {
	struct page page;
	struct buf *all; /* of one entry each, the newest first */
	size_t count;
};

static void drop(struct task *task)
{
	struct lines *lines = CONTAINER(task, struct lines, page.look.task);

	for (size_t i = 0; i < lines->count; i++)
		buf_fini(&lines->all[i]);
	mem_free(lines->all);
}

static bool add_entry(struct page *page, const struct entry *entry)
{
	struct lines *lines = CONTAINER(page, struct lines, page);

	bank_text_entry(&page->look.text, &page->account, entry,
			&lines->all[lines->count++]);
	return true;
}

static struct page *new_page(struct call *call)
{
	return page_new(call, sizeof(struct lines), add_entry);
}

/* The oldest first. */
static enum err print_page(struct page *page, uint64_t newest)
{
	struct lines *lines = CONTAINER(page, struct lines, page);
	enum err e;

	lines->all = mem_zero(page->most * sizeof(*lines->all));
	e = page_read(page, newest);
	for (size_t i = lines->count; e == ERR_OK && i > 0; i--)
		buf_add(&page->look.task.text, buf_at(&lines->all[i - 1]),
			buf_len(&lines->all[i - 1]));
	return e;
}

static void print_way_on(struct page *page, const char *verb, const char *words)
{
	const char *account = page->look.account;

	if (page->has_older)
		buf_print(&page->look.task.text,
			  "Older ones: /%s%s%s%s before %llu\n", verb,
			  account[0] != '\0' ? " " : "", account, words,
			  (unsigned long long)page->oldest);
}

static void stage_history(struct task *task)
{
	struct page *page = CONTAINER(task, struct page, look.task);
	enum err e = look_find(&page->look, &page->account);

	if (e == ERR_OK)
		e = print_page(page, page->account.last);
	if (e == ERR_OK && page->count == 0)
		buf_add_text(&task->text, "There is nothing before that.\n");
	if (e == ERR_OK)
		print_way_on(page, "history", "");
	task_answer(task, e);
}

/* Takes "before ID" from argument *at on; false when it is written wrongly. */
static bool take_before(const struct call *call, struct page *page, int *at)
{
	if (*at >= call->argc || strcasecmp(call->argv[*at], "before") != 0)
		return true;
	*at += 2;
	return *at <= call->argc &&
	       quantity_id(call->argv[*at - 1], &page->before);
}

static enum err refuse_usage(struct call *call, struct page *page)
{
	mem_free(page);
	return call_usage(call);
}

/* [ACCOUNT] [before #ID] [N] */
static enum err cmd_history(struct call *call)
{
	struct page *page = new_page(call);
	int64_t count = HISTORY;
	int at = 0;

	if (call->argc > 0 && !quantity_number(call->argv[0], &count) &&
	    strcasecmp(call->argv[0], "before") != 0) {
		enum err e =
			look_take_account(call, &page->look, call->argv[at++]);

		if (e != ERR_OK)
			return e;
	}
	if (!take_before(call, page, &at))
		return refuse_usage(call, page);
	if (at < call->argc && !quantity_number(call->argv[at++], &count))
		return refuse_usage(call, page);
	if (at < call->argc)
		return refuse_usage(call, page);
	if (count < 1 || count > HISTORY_MOST) {
		mem_free(page);
		return call_refuse(call, ERR_BAD_INPUT,
				   "Ask for 1 to %d entries.", HISTORY_MOST);
	}
	page->most = (size_t)count;
	return task_start(call, &page->look.task, TASK_JOBS, stage_history,
			  NULL, drop);
}

static void print_sums(struct page *page, const struct account_month *month)
{
	const struct currency *currency = &page->look.text.currency;
	struct buf *out = &page->look.task.text;
	bool is_over = page->month < calendar_month(clock_wall_ms());
	char in[MONEY_TEXT];
	char taken[MONEY_TEXT];
	char balance[MONEY_TEXT];

	money_print_symbol(month->in, currency, in);
	money_print_symbol(month->out, currency, taken);
	money_print_symbol(month->posted, currency, balance);
	buf_print(out, "In: %s, out: %s. %s: %s.\n", in, taken,
		  is_over ? "Closing balance" : "Balance now", balance);
}

static enum err print_statement(struct page *page)
{
	const struct look *look = &page->look;
	struct buf *out = &page->look.task.text;
	struct account_month month;
	char name[BOOK_NAME];
	char amount[MONEY_TEXT];
	char when[MONTH_TEXT + 1] = " ";
	enum err e = page_find_month(page, &month);

	if (e != ERR_OK)
		return e;
	book_print_name(look->task.realm->users, &page->account, name);
	calendar_print_month(page->month, when + 1);
	money_print_symbol(month.posted - month.in + month.out,
			   &look->text.currency, amount);
	buf_print(out, "%s,%s. Opening balance: %s.\n", name, when, amount);
	e = print_page(page, month.last);
	if (e != ERR_OK)
		return e;
	print_sums(page, &month);
	print_way_on(page, "statement", when);
	return ERR_OK;
}

static void stage_statement(struct task *task)
{
	struct page *page = CONTAINER(task, struct page, look.task);
	enum err e = look_find(&page->look, &page->account);

	task_answer(task, e == ERR_OK ? print_statement(page) : e);
}

/* "nov", "November": the last one that has begun. */
static bool parse_name(const char *text, int now, int *month_r)
{
	static const char *const names[] = {
		"january",   "february", "march",    "april",
		"may",       "june",     "july",     "august",
		"september", "october",  "november", "december"
	};
	size_t len = strlen(text);

	for (int i = 0; len >= 3 && i < 12; i++) {
		if (len > strlen(names[i]) ||
		    strncasecmp(text, names[i], len) != 0)
			continue;
		*month_r = now / 100 * 100 + i + 1;
		if (*month_r > now)
			*month_r -= 100;
		return true;
	}
	return false;
}

static enum err take_month(struct call *call, struct page *page,
			   const char *text)
{
	int now = calendar_month(clock_wall_ms());
	bool is_month = calendar_parse_month(text, &page->month) ||
			parse_name(text, now, &page->month);

	if (is_month && page->month <= now)
		return ERR_OK;
	mem_free(page);
	if (is_month)
		return call_refuse(call, ERR_BAD_INPUT,
				   "That month is yet to come.");
	return call_refuse(call, ERR_BAD_INPUT,
			   "A month is written 2026-11, or november.");
}

static bool is_before(const struct call *call, int at)
{
	return at < call->argc && strcasecmp(call->argv[at], "before") == 0;
}

/* [ACCOUNT] MONTH [before ID] */
static enum err cmd_statement(struct call *call)
{
	struct page *page = new_page(call);
	bool has_account = call->argc > 1 && !is_before(call, 1);
	int at = has_account ? 2 : 1;
	enum err e = ERR_OK;

	if (!take_before(call, page, &at) || at < call->argc)
		return refuse_usage(call, page);
	if (has_account)
		e = look_take_account(call, &page->look, call->argv[0]);
	if (e == ERR_OK)
		e = take_month(call, page, call->argv[has_account ? 1 : 0]);
	if (e != ERR_OK)
		return e;
	page->most = STATEMENT;
	return task_start(call, &page->look.task, TASK_JOBS, stage_statement,
			  NULL, drop);
}

const struct command commands_statement[] = {
	{ "history", 0, 4, ROLE_USER, COMMAND_PERSON, cmd_history,
	  "[ACCOUNT] [before #ID] [N]", "what happened in your account" },
	{ "statement", 1, 4, ROLE_USER, COMMAND_PERSON, cmd_statement,
	  "[ACCOUNT] MONTH [before #ID]", "a month of your account" },
	{ 0 },
};
