/* Commands by which tellers look things up. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "base/mem.h"
#include "command/families.h"
#include "command/task.h"
#include "command/till_text.h"

enum { FOUND_MOST = 50 };

struct look {
	struct task task;
	struct bank_text text;
	char word[BOOK_NAME]; /* "": none */
	money counted;
	unsigned found;
	enum err e;
};

static struct look *look_new(struct call *call)
{
	struct look *look = mem_zero(sizeof(*look));

	bank_text_init(&look->text, call->realm, 0);
	return look;
}

/* Starts with the first word, or without. */
static enum err start(struct call *call, struct look *look, task_fn *stage)
{
	const char *word = call->argc > 0 ? call->argv[0] : "";

	if (strlen(word) >= sizeof(look->word)) {
		mem_free(look);
		return call_refuse(call, ERR_NO_SUCH_ACCOUNT,
				   "No name is as long as that.");
	}
	memcpy(look->word, word, strlen(word) + 1);
	return task_start(call, &look->task, TASK_JOBS, stage, NULL, NULL);
}

static void stage_tills(struct task *task)
{
	const struct look *look = CONTAINER(task, struct look, task);
	struct account *list;
	size_t count;
	enum err e = book_tills(task->realm->store, look->word, &list, &count);

	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = till_print(&look->text, &list[i], &task->text);
	if (e == ERR_OK && count == BOOK_TILLS)
		buf_print(&task->text, "More: /teller tills %s\n",
			  list[count - 1].name);
	mem_free(list);
	task_answer(task, e);
}

static enum err cmd_tills(struct call *call)
{
	return start(call, look_new(call), stage_tills);
}

static void stage_sheet(struct task *task)
{
	const struct look *look = CONTAINER(task, struct look, task);
	struct account till;
	enum err e =
		look->word[0] != '\0'
			? till_find(task->realm, look->word, &till, &task->why)
			: till_own(task->realm, task->actor.user, &till,
				   &task->why);

	if (e == ERR_OK)
		e = till_print_sheet(&look->text, &till, 0, &task->text);
	task_answer(task, e);
}

static enum err cmd_sheet(struct call *call)
{
	return start(call, look_new(call), stage_sheet);
}

static void stage_count(struct task *task)
{
	const struct look *look = CONTAINER(task, struct look, task);
	struct account till;
	char expected[MONEY_TEXT];
	char words[TILL_WORDS];
	enum err e = till_own(task->realm, task->actor.user, &till, &task->why);

	if (e == ERR_OK) {
		till_compare(&look->text.currency, look->counted + till.posted,
			     words);
		money_print_symbol(-till.posted, &look->text.currency,
				   expected);
		buf_print(&task->text,
			  "You have counted %s the books say of %s: %s.\n",
			  words, till.name, expected);
	}
	task_answer(task, e);
}

static enum err cmd_count(struct call *call)
{
	struct look *look = look_new(call);
	char words[MONEY_WORDS];

	if (money_parse_signed(call->argv[0], &look->text.currency,
			       &look->counted) &&
	    look->counted >= 0)
		return task_start(call, &look->task, TASK_JOBS, stage_count,
				  NULL, NULL);
	money_explain(call->argv[0], &look->text.currency, words);
	mem_free(look);
	return call_refuse(call, ERR_BAD_AMOUNT, "%s", words);
}

/* What they have is not told: a teller need not know it. */
static bool add_user(const struct user *user, void *arg)
{
	struct look *look = arg;
	struct buf *out = &look->task.text;
	struct account account;
	enum err e;

	if (strcasestr(user->name, look->word) == NULL)
		return true;
	if (look->found++ == FOUND_MOST) {
		buf_add_text(out, "… and more: write more of the name.\n");
		return false;
	}
	e = book_find(look->task.realm->store, ACCOUNT_USER, user->id, "",
		      &account);
	if (e == ERR_OK)
		buf_print(out, "%s #%" PRIu64, user->name, account.id);
	else if (e == ERR_NO_SUCH_ACCOUNT)
		buf_print(out, "%s, without an account", user->name);
	else
		look->e = e;
	if (user->state != USER_ACTIVE)
		buf_print(out, " (%s)", user_state_word(user->state));
	buf_add_char(out, '\n');
	return look->e == ERR_OK;
}

static void stage_find(struct task *task)
{
	struct look *look = CONTAINER(task, struct look, task);
	enum err e = users_walk(task->realm->users, add_user, look);

	if (e == ERR_OK)
		e = look->e;
	if (e == ERR_OK && look->found == 0)
		buf_add_text(&task->text, "There are no such users.\n");
	task_answer(task, e);
}

static enum err cmd_find(struct call *call)
{
	return start(call, look_new(call), stage_find);
}

const struct command commands_teller_look[] = {
	{ "teller tills", 0, 1, ROLE_TELLER | ROLE_ADMIN | ROLE_AUDITOR, 0,
	  cmd_tills, "[TILL]",
	  "all tills (behind TILL), and who has them open" },
	{ "teller sheet", 0, 1, ROLE_TELLER | ROLE_ADMIN | ROLE_AUDITOR, 0,
	  cmd_sheet, "[TILL]", "what happened at a till since it was opened" },
	{ "teller count", 1, 1, ROLE_TELLER, COMMAND_PERSON, cmd_count,
	  "AMOUNT", "compare what is in your till with the books" },
	{ "teller find", 1, 1, ROLE_TELLER, 0, cmd_find, "TEXT",
	  "users whose names have this part" },
	{ 0 },
};
