/* Commands about what happened in one's accounts: pages, and months. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bank/schedule/calendar.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "command/families.h"
#include "command/look.h"

enum {
	HISTORY = 10, /* entries of a page */
	HISTORY_MOST = 100,
	STATEMENT = 50,
};

/* Entries of an account, back from some moment. */
struct page {
	struct look look;
	uint64_t before; /* an entry; 0: all */
	size_t most;
	int month; /* of a statement; 0: no matter */

	struct account account;
	struct buf *lines; /* of one entry each, the newest first */
	size_t count;
	uint64_t oldest; /* that is shown */
	bool has_older;
};

static void drop(struct task *task)
{
	struct page *page = CONTAINER(task, struct page, look.task);

	for (size_t i = 0; i < page->count; i++)
		buf_fini(&page->lines[i]);
	mem_free(page->lines);
}

static struct page *new_page(struct call *call)
{
	return CONTAINER(look_new(call, sizeof(struct page)), struct page,
			 look);
}

static bool add_entry(const struct entry *entry, void *arg)
{
	struct page *page = arg;
	int month = (int)(entry->date / 100);

	/* A clock that was put back leaves later months among the earlier. */
	if (page->month != 0 && month != page->month)
		return month > page->month;
	page->has_older = page->count == page->most;
	if (page->has_older)
		return false;
	bank_text_entry(&page->look.text, &page->account, entry,
			&page->lines[page->count++]);
	page->oldest = entry->seq;
	return true;
}

/* The newest entry of the page. */
static enum err find_start(struct page *page, uint64_t newest, uint64_t *seq_r)
{
	struct task *task = &page->look.task;
	const struct posting *posting;
	struct entry entry;
	enum err e;

	*seq_r = newest;
	if (page->before == 0)
		return ERR_OK;
	e = book_entry(task->realm->store, page->before, &entry);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	posting = e == ERR_OK ? entry_posting(&entry, page->account.id) : NULL;
	if (posting == NULL)
		return refusal_give(&task->why, ERR_NOT_FOUND,
				    "#%llu is no entry of that account.",
				    (unsigned long long)page->before);
	*seq_r = posting->previous;
	return ERR_OK;
}

/* The oldest first. */
static enum err print_page(struct page *page, uint64_t newest)
{
	struct task *task = &page->look.task;
	uint64_t seq;
	enum err e = find_start(page, newest, &seq);

	page->lines = mem_zero(page->most * sizeof(*page->lines));
	if (e == ERR_OK)
		e = book_back(task->realm->store, &page->account, seq,
			      add_entry, page);
	for (size_t i = page->count; e == ERR_OK && i > 0; i--)
		buf_add(&task->text, buf_at(&page->lines[i - 1]),
			buf_len(&page->lines[i - 1]));
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

/* What was in it when a month began that has no entries. */
static enum err find_quiet(struct page *page, struct account_month *month_r)
{
	const struct account *account = &page->account;
	struct store *store = page->look.task.realm->store;
	int opened = calendar_month(account->opened_ms);
	enum err e = ERR_NOT_FOUND;

	if ((int)account_month(account) < page->month) {
		*month_r = (struct account_month){ .posted = account->posted };
		return ERR_OK;
	}
	for (int month = page->month; e == ERR_NOT_FOUND && month > opened;) {
		month = calendar_month_plus(month, -1);
		e = book_month(store, account, (uint32_t)month, month_r);
	}
	if (e == ERR_OK)
		*month_r = (struct account_month){ .posted = month_r->posted };
	return e;
}

static enum err find_month(struct page *page, struct account_month *month_r)
{
	struct task *task = &page->look.task;
	char opened[MONTH_TEXT];
	enum err e = book_month(task->realm->store, &page->account,
				(uint32_t)page->month, month_r);

	if (e == ERR_NOT_FOUND)
		e = find_quiet(page, month_r);
	if (e != ERR_NOT_FOUND)
		return e;
	calendar_print_month(calendar_month(page->account.opened_ms), opened);
	return refusal_give(&task->why, e, "The account was opened in %s.",
			    opened);
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
	enum err e = find_month(page, &month);

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
