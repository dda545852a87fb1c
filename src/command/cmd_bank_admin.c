/* Commands that look at the whole bank. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/schedule/trust.h"
#include "bank/trial.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/sanction/glob.h"
#include "command/account_text.h"
#include "command/bank_text.h"
#include "command/entry_text.h"
#include "command/families.h"
#include "command/task.h"

enum {
	PAGE = 200,         /* accounts of one answer */
	ROWS_MOST = 20000,  /* that are looked through for it */
	ROWS_AT_ONCE = 500, /* in one job */
	WORD = BOOK_NAME,
};

struct inspection {
	struct task task;
	struct bank_text text;
	struct bank_settings settings;
	char word[WORD]; /* a pattern, an account; "": none */
	account_id from;
	struct trial trial;
	size_t at; /* of its rows, the next to be looked at */
	size_t shown;
};

static void drop(struct task *task)
{
	trial_fini(&CONTAINER(task, struct inspection, task)->trial);
}

static struct inspection *inspection_new(struct call *call)
{
	struct inspection *in = mem_zero(sizeof(*in));

	ledger_settings(call->realm->ledger, &in->settings);
	in->text.realm = call->realm;
	in->text.currency = in->settings.currency;
	return in;
}

static void add_money(const struct inspection *in, const char *words,
		      money amount, struct buf *out)
{
	char text[MONEY_TEXT];

	money_print_symbol(amount, &in->text.currency, text);
	buf_print(out, "%s%s", words, text);
}

/* A part of the name, or a glob. */
static bool fits(const struct inspection *in, const char *name)
{
	if (strpbrk(in->word, "*?") != NULL)
		return glob_match(in->word, name);
	return in->word[0] == '\0' || strcasestr(name, in->word) != NULL;
}

static void show_row(struct inspection *in, const struct trial_row *row)
{
	struct account account = { .kind = row->kind, .owner = row->owner };
	struct buf *out = &in->task.text;
	char name[BOOK_NAME];

	memcpy(account.name, row->name, sizeof(account.name));
	book_print_name(in->task.realm->users, &account, name);
	if (!fits(in, name))
		return;
	in->shown++;
	buf_add_text(out, name);
	add_money(in, " ", row->posted, out);
	if (row->held != 0)
		add_money(in, ", held ", row->held, out);
	bank_text_flags(row->flags, out);
	buf_print(out, " #%" PRIu64 "\n", row->id);
}

static void print_totals(const struct inspection *in, struct buf *out)
{
	const struct trial *trial = &in->trial;
	money members = trial->posted[ACCOUNT_USER];
	money shared = trial->posted[ACCOUNT_SHARED];
	money house = trial->posted[ACCOUNT_HOUSE];

	buf_print(out, "%zu accounts, and %zu closed.", trial->open,
		  trial->closed);
	add_money(in, " Held: ", trial->held, out);
	add_money(in, ".\nMembers: ", members, out);
	add_money(in, "; shared: ", shared, out);
	add_money(in, "; house: ", house, out);
	add_money(in, "; together: ", members + shared + house, out);
	buf_add_text(out, ".\n");
	if (members + shared + house != 0)
		buf_add_text(out, "THE BOOKS DO NOT BALANCE: see /bank "
				  "verify.\n");
}

static void print_end(struct inspection *in, account_id next)
{
	struct buf *out = &in->task.text;

	print_totals(in, out);
	if (next != 0)
		buf_print(out, "More: /bank accounts%s%s #%" PRIu64 "\n",
			  in->word[0] != '\0' ? " " : "", in->word, next);
}

/* Names are looked up a few hundred at a time, so that others get a turn. */
static void stage_rows(struct task *task)
{
	struct inspection *in = CONTAINER(task, struct inspection, task);
	size_t end = in->at + ROWS_AT_ONCE;

	while (in->at < in->trial.count && in->at < end && in->shown < PAGE)
		show_row(in, &in->trial.rows[in->at++]);
	if (in->at < in->trial.count && in->shown < PAGE) {
		task_next(task, TASK_JOBS, stage_rows);
		return;
	}
	print_end(in, in->at < in->trial.count ? in->trial.rows[in->at].id
					       : in->trial.next);
	task_answer(task, ERR_OK);
}

static void stage_accounts(struct task *task)
{
	struct inspection *in = CONTAINER(task, struct inspection, task);
	enum err e =
		trial_take(task->realm->store, in->from, ROWS_MOST, &in->trial);

	if (e == ERR_OK)
		stage_rows(task);
	else
		task_answer(task, e);
}

/* [PATTERN] [#ID] */
static enum err cmd_accounts(struct call *call)
{
	struct inspection *in = inspection_new(call);
	int at = 0;
	bool fits_in = true;

	if (at < call->argc && call->argv[at][0] != '#') {
		fits_in = strlen(call->argv[at]) < sizeof(in->word);
		if (fits_in)
			memcpy(in->word, call->argv[at],
			       strlen(call->argv[at]) + 1);
		at++;
	}
	if (fits_in &&
	    (at == call->argc ||
	     (at + 1 == call->argc && quantity_id(call->argv[at], &in->from))))
		return task_start(call, &in->task, TASK_JOBS, stage_accounts,
				  NULL, drop);
	mem_free(in);
	return call_usage(call);
}

/* "#ID" is an entry; when it has opened an account, that is shown, too. */
static enum err show_entry(struct inspection *in, uint64_t seq)
{
	struct task *task = &in->task;
	struct account account;
	struct entry entry;
	enum err e = book_entry(task->realm->store, seq, &entry);

	if (e == ERR_NOT_FOUND)
		return refusal_give(&task->why, e,
				    "There is no entry #%" PRIu64 ".", seq);
	if (e != ERR_OK)
		return e;
	entry_text_all(&in->text, &entry, &task->text);
	if (entry.kind != ENTRY_OPEN)
		return ERR_OK;
	e = book_account(task->realm->store, seq, &account);
	if (e == ERR_OK)
		account_text_all(&in->text, &account, &task->text);
	return e;
}

static enum err show_account(struct inspection *in)
{
	struct task *task = &in->task;
	struct account account;
	enum err e = book_resolve(task->realm->store, task->realm->users, 0,
				  in->word, &account);

	if (e == ERR_NO_SUCH_USER || e == ERR_NO_SUCH_ACCOUNT)
		return refusal_give(&task->why, ERR_NO_SUCH_ACCOUNT,
				    "There is no account %s; /bank accounts "
				    "lists them.",
				    in->word);
	if (e == ERR_OK)
		account_text_all(&in->text, &account, &task->text);
	return e;
}

static void stage_show(struct task *task)
{
	struct inspection *in = CONTAINER(task, struct inspection, task);
	uint64_t seq;

	if (in->word[0] == '#' && quantity_id(in->word, &seq))
		task_answer(task, show_entry(in, seq));
	else
		task_answer(task, show_account(in));
}

static enum err cmd_show(struct call *call)
{
	const char *word = call->argv[0];
	struct inspection *in;

	if (strlen(word) >= WORD)
		return call_refuse(call, ERR_NO_SUCH_ACCOUNT,
				   "No account has a name as long as that.");
	in = inspection_new(call);
	memcpy(in->word, word, strlen(word) + 1);
	return task_start(call, &in->task, TASK_JOBS, stage_show, NULL, drop);
}

static enum err print_head(struct inspection *in, struct buf *out)
{
	char hash[DIGEST_TEXT];
	char when[CLOCK_TEXT];
	struct book_head head;
	enum err e = book_head(in->task.realm->store, &head);

	if (e != ERR_OK)
		return e;
	digest_print(head.hash, hash);
	clock_print(head.time_ms, when);
	buf_print(out,
		  "The newest entry is that of %s; for /bank verify:\n"
		  "#%" PRIu64 " %s\n",
		  when, head.seq, hash);
	return ERR_OK;
}

static void stage_head(struct task *task)
{
	struct inspection *in = CONTAINER(task, struct inspection, task);

	task_answer(task, print_head(in, &task->text));
}

static enum err cmd_head(struct call *call)
{
	struct inspection *in = inspection_new(call);

	return task_start(call, &in->task, TASK_JOBS, stage_head, NULL, drop);
}

static void print_figures(const struct inspection *in, struct buf *out)
{
	static const char *const policies[] = {
		[CASH_SELF] = "self",
		[CASH_TELLER] = "teller",
		[CASH_TERMINAL] = "terminal",
	};
	struct ledger_figures f;

	ledger_figures(in->task.realm->ledger, &f);
	buf_print(out, "currency: %s (%s), %d digits behind the point\n",
		  in->settings.currency.code, in->settings.currency.symbol,
		  in->settings.currency.scale);
	buf_print(out, "cash: %s, at %s\n", policies[in->settings.cash_policy],
		  in->settings.cash_account);
	if (in->settings.approval_above != MONEY_NONE)
		add_money(in, "approval: above ", in->settings.approval_above,
			  out);
	else
		buf_add_text(out, "approval: never asked for");
	buf_add_char(out, '\n');
	if (in->settings.second_factor_above != MONEY_NONE)
		add_money(in, "second factor: above ",
			  in->settings.second_factor_above, out);
	else
		buf_add_text(out, "second factor: never asked for");
	buf_print(out,
		  "\nsince the start: %" PRIu64 " orders, %" PRIu64
		  " refused, %" PRIu64 " entries, %" PRIu64
		  " transactions; waiting: %" PRIu64 "\n",
		  f.orders, f.refused, f.entries, f.batches, f.waiting);
}

static enum err print_clock(const struct inspection *in, struct buf *out)
{
	struct trust trust;
	enum err e = trust_look(in->task.realm->store, &trust);

	if (e != ERR_OK)
		return e;
	trust_print(&trust, out);
	buf_add_text(out, trust.is_doubted
				  ? ": what is due waits, see /bank clock\n"
				  : "\n");
	return ERR_OK;
}

static void stage_status(struct task *task)
{
	struct inspection *in = CONTAINER(task, struct inspection, task);
	enum err e = trial_take(task->realm->store, 0, 0, &in->trial);

	print_figures(in, &task->text);
	if (e == ERR_OK)
		e = print_clock(in, &task->text);
	if (e == ERR_OK) {
		print_totals(in, &task->text);
		e = print_head(in, &task->text);
	}
	task_answer(task, e);
}

static enum err cmd_status(struct call *call)
{
	struct inspection *in = inspection_new(call);

	return task_start(call, &in->task, TASK_JOBS, stage_status, NULL, drop);
}

const struct command commands_bank_admin[] = {
	{ "bank accounts", 0, 2, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_accounts,
	  "[PATTERN] [#ID]", "all accounts, with what is in them" },
	{ "bank show", 1, 1, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_show,
	  "ACCOUNT|#ID", "all about an account, or an entry" },
	{ "bank head", 0, 0, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_head, "",
	  "where the bank's journal ends, for a witness" },
	{ "bank status", 0, 0, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_status, "",
	  "totals of the bank, and how much it has done" },
	{ 0 },
};
