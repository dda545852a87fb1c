/* Commands about one's own accounts: to open, close and share them. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "chat/ignore/ignore_people.h"
#include "chat/tell.h"
#include "command/account_text.h"
#include "command/deal_line.h"
#include "command/families.h"
#include "command/look.h"
#include "user/users.h"

static const char shared[] = "shared:";

/* A deal about an account; of those whom it is shared with, or one of them. */
struct holding {
	struct deal deal;
	struct account account; /* as it was, or (opened) will be */
	char names[HOLDERS_MOST][NAME_MOST + 1];
	unsigned name_count;
};

/* It begins with its deal. */
static const struct holding *holding_of(const struct deal *deal)
{
	return (const void *)deal;
}

static struct holding *new_holding(struct call *call, enum order_kind kind)
{
	struct deal *deal = deal_new_in(call, kind, sizeof(struct holding));

	return CONTAINER(deal, struct holding, deal);
}

static enum err find_user(struct deal *deal, const char *name,
			  struct user *user_r)
{
	enum err e = users_find(deal->task.realm->users, name, user_r);

	return e != ERR_NO_SUCH_USER
		       ? e
		       : refusal_give(&deal->task.why, e,
				      "There is no user %s.", name);
}

/* Whoever ignores the actor is not drawn into anything. */
static enum err find_person(struct deal *deal, const char *name,
			    struct user *user_r)
{
	user_id actor = deal->order.by.user;
	enum err e = find_user(deal, name, user_r);

	if (e == ERR_OK && user_r->id != actor &&
	    ignore_has(deal->task.realm->chat, user_r->id, actor,
		       IGNORE_PRIVATE))
		return tell_refuse_ignored(&deal->task.why);
	return e;
}

static void own_account(struct holding *h)
{
	struct order *order = &h->deal.order;

	order_add_change(order, CHANGE_KIND, ACCOUNT_USER);
	order_add_change(order, CHANGE_OWNER, (int64_t)order->by.user);
	(void)snprintf(h->deal.target, sizeof(h->deal.target), "%s/%.32s",
		       order->by.name, order->name);
}

static void add_holder(struct holding *h, user_id user)
{
	order_add_change(&h->deal.order, CHANGE_HOLDER_IN, (int64_t)user);
	h->account.holders[h->account.holder_count++] = user;
}

static enum err share_account(struct holding *h)
{
	struct deal *deal = &h->deal;
	enum err e = ERR_OK;

	order_add_change(&deal->order, CHANGE_KIND, ACCOUNT_SHARED);
	add_holder(h, deal->order.by.user);
	for (unsigned i = 0; e == ERR_OK && i < h->name_count; i++) {
		struct user user;

		e = find_person(deal, h->names[i], &user);
		if (e == ERR_OK)
			add_holder(h, user.id);
	}
	(void)snprintf(deal->target, sizeof(deal->target), "%s%s", shared,
		       deal->order.name);
	deal_tell(deal, &h->account);
	return e;
}

static enum err prepare_open(struct deal *deal)
{
	struct holding *h = CONTAINER(deal, struct holding, deal);

	if (h->account.kind == ACCOUNT_SHARED)
		return share_account(h);
	own_account(h);
	return ERR_OK;
}

static void finish_act(struct call *call, struct deal *deal, const char *done)
{
	call_say(call, "%s %s. #%llu", done, deal->target,
		 (unsigned long long)deal->order.entry.seq);
}

static void finish_open(struct call *call, struct deal *deal)
{
	finish_act(call, deal, "Opened");
}

static void notice_open(const struct deal *deal, const char *memo,
			struct buf *text)
{
	(void)memo;
	buf_print(text,
		  "%s has opened %s, which is yours too: /account show %s. "
		  "#%llu",
		  deal->order.by.name, deal->target, deal->target,
		  (unsigned long long)deal->order.entry.seq);
}

/* Nobody twice, and not the caller, who is one of them anyhow. */
static bool has_name(const struct holding *h, const char *name)
{
	for (unsigned i = 0; i < h->name_count; i++)
		if (name_compare(h->names[i], name) == 0)
			return true;
	return name_compare(h->deal.order.by.name, name) == 0;
}

static enum err take_names(struct call *call, struct holding *h, char *names)
{
	char *at = names;
	char *name;

	while ((name = strsep(&at, " ")) != NULL) {
		if (name[0] == '\0' || has_name(h, name))
			continue;
		if (!name_is_valid(name))
			return call_refuse(call, ERR_NO_SUCH_USER,
					   "\"%s\" is nobody's name.", name);
		if (h->name_count == HOLDERS_MOST - 1)
			return call_refuse(call, ERR_LIMIT,
					   "An account has at most %d "
					   "holders.",
					   HOLDERS_MOST);
		(void)snprintf(h->names[h->name_count++], NAME_MOST + 1, "%s",
			       name);
	}
	return ERR_OK;
}

static enum err take_account(struct call *call, struct holding *h,
			     const char *text)
{
	size_t len = strlen(shared);
	bool is_shared = strncmp(text, shared, len) == 0;
	const char *name = is_shared ? text + len : text;

	h->account.kind = is_shared ? ACCOUNT_SHARED : ACCOUNT_USER;
	if (!name_is_valid(name))
		return call_refuse(call, ERR_BAD_NAME,
				   "Write a label such as savings, or "
				   "shared:NAME: letters, digits, - and _.");
	if (!is_shared && name_compare(name, h->deal.order.by.name) == 0)
		return call_refuse(call, ERR_EXISTS,
				   "Your own name is your main account.");
	(void)snprintf(h->deal.order.name, sizeof(h->deal.order.name), "%s",
		       name);
	return ERR_OK;
}

/* LABEL | shared:NAME USER… [id=UUID] */
static enum err cmd_open(struct call *call)
{
	static const struct deal_form form = { 1, { DEAL_OWN, DEAL_OWN } };
	struct holding *h = new_holding(call, ORDER_OPEN);
	struct deal *deal = &h->deal;
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	e = take_account(call, h, call->argv[0]);
	if (e == ERR_OK && call->argc > 1)
		e = h->account.kind == ACCOUNT_SHARED
			    ? take_names(call, h, call->argv[1])
			    : call_usage(call);
	if (e != ERR_OK) {
		deal_free(&deal);
		return e;
	}
	deal->notice = notice_open;
	return deal_start(call, deal, prepare_open, finish_open);
}

/* The account that the line names, whose other holders are told. */
static enum err prepare_own(struct deal *deal)
{
	struct holding *h = CONTAINER(deal, struct holding, deal);
	enum err e = deal_own(deal, deal->account, &h->account);

	if (e != ERR_OK)
		return e;
	deal->order.from = h->account.id;
	book_print_name(deal->task.realm->users, &h->account, deal->target);
	deal_tell(deal, &h->account);
	return ERR_OK;
}

static void finish_close(struct call *call, struct deal *deal)
{
	finish_act(call, deal, "Closed");
}

static void notice_close(const struct deal *deal, const char *memo,
			 struct buf *text)
{
	(void)memo;
	buf_print(text, "%s has closed %s. #%llu", deal->order.by.name,
		  deal->target, (unsigned long long)deal->order.entry.seq);
}

/* ACCOUNT [id=UUID] */
static enum err cmd_close(struct call *call)
{
	static const struct deal_form form = { 1, { DEAL_ACCOUNT } };
	struct holding *h = new_holding(call, ORDER_CLOSE);
	struct deal *deal = &h->deal;
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	deal->notice = notice_close;
	return deal_start(call, deal, prepare_own, finish_close);
}

/* Who is taken off is asked nothing. */
static enum err find_holder(struct deal *deal, bool is_out, struct user *user_r)
{
	return is_out ? find_user(deal, deal->whom, user_r)
		      : find_person(deal, deal->whom, user_r);
}

static enum err prepare_share(struct deal *deal)
{
	struct holding *h = CONTAINER(deal, struct holding, deal);
	bool is_out = deal->second[0] == '-';
	struct account person = { .kind = ACCOUNT_USER };
	struct user user;
	enum err e = prepare_own(deal);

	if (e != ERR_OK)
		return e;
	e = find_holder(deal, is_out, &user);
	if (e != ERR_OK)
		return e;
	order_add_change(&deal->order,
			 is_out ? CHANGE_HOLDER_OUT : CHANGE_HOLDER_IN,
			 (int64_t)user.id);
	(void)snprintf(h->names[0], sizeof(h->names[0]), "%s", user.name);
	person.owner = user.id;
	deal_tell(deal, &person);
	return ERR_OK;
}

/* "added ben to shared:flat" */
static void print_share(const struct deal *deal, struct buf *out)
{
	bool is_out = deal->order.changes[0].tag == CHANGE_HOLDER_OUT;

	buf_print(out, "%s %s %s %s. #%llu", is_out ? "removed" : "added",
		  holding_of(deal)->names[0], is_out ? "from" : "to",
		  deal->target, (unsigned long long)deal->order.entry.seq);
}

static void finish_share(struct call *call, struct deal *deal)
{
	AUTO(buf_fini) struct buf text = { 0 };

	print_share(deal, &text);
	call_say(call, "You have %s", buf_text(&text));
}

static void notice_share(const struct deal *deal, const char *memo,
			 struct buf *text)
{
	(void)memo;
	buf_print(text, "%s has ", deal->order.by.name);
	print_share(deal, text);
}

/* ACCOUNT USER [id=UUID] */
static enum err start_share(struct call *call, const char *way)
{
	static const struct deal_form form = { 2, { DEAL_ACCOUNT, DEAL_WHOM } };
	struct holding *h = new_holding(call, ORDER_HOLDERS);
	struct deal *deal = &h->deal;
	enum err e = deal_read(call, &deal, &form);

	if (e == ERR_OK)
		e = deal_word(call, &deal, deal->second, way);
	if (e != ERR_OK)
		return e;
	deal->notice = notice_share;
	return deal_start(call, deal, prepare_share, finish_share);
}

static enum err cmd_add(struct call *call)
{
	return start_share(call, "+");
}

static enum err cmd_remove(struct call *call)
{
	return start_share(call, "-");
}

static void finish_low(struct call *call, struct deal *deal)
{
	const struct entry *entry = &deal->order.entry;
	const struct posting *posting = entry_posting(entry, entry->subject);
	money left = posting != NULL ? posting->posted - posting->held : 0;
	int64_t level = deal->order.changes[0].value;
	char amount[MONEY_TEXT];
	char now[MONEY_TEXT];

	if (level == MONEY_NONE) {
		finish_act(call, deal,
			   "Nothing is said when little is left "
			   "in");
		return;
	}
	deal_print(deal, level, amount);
	deal_print(deal, left, now);
	call_say(call,
		 "You are told when less than %s can be spent of %s%s%s. #%llu",
		 amount, deal->target,
		 posting != NULL && left < level ? "; there is less already: "
						 : "",
		 posting != NULL && left < level ? now : "",
		 (unsigned long long)entry->seq);
}

static enum err take_level(struct call *call, struct deal *deal,
			   const char *text)
{
	const struct currency *currency = &deal->settings.currency;
	char words[MONEY_WORDS];
	int64_t level = MONEY_NONE;

	if (strcmp(text, "none") != 0 &&
	    !money_parse_signed(text, currency, &level)) {
		money_explain(text, currency, words);
		return call_refuse(call, ERR_BAD_AMOUNT, "%s", words);
	}
	order_add_change(&deal->order, CHANGE_NOTICE, level);
	return ERR_OK;
}

/* ACCOUNT AMOUNT|none [id=UUID] */
static enum err cmd_low(struct call *call)
{
	static const struct deal_form form = { 2, { DEAL_ACCOUNT, DEAL_OWN } };
	struct holding *h = new_holding(call, ORDER_TERMS);
	struct deal *deal = &h->deal;
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	e = take_level(call, deal, call->argv[1]);
	if (e != ERR_OK) {
		deal_free(&deal);
		return e;
	}
	return deal_start(call, deal, prepare_own, finish_low);
}

static void stage_show(struct task *task)
{
	struct look *look = CONTAINER(task, struct look, task);
	struct account account;
	enum err e = look_find(look, &account);

	if (e == ERR_OK)
		account_text_all(&look->text, &account, &task->text);
	task_answer(task, e);
}

/* ACCOUNT */
static enum err cmd_show(struct call *call)
{
	struct look *look = look_new(call, sizeof(*look));
	enum err e = look_take_account(call, look, call->argv[0]);

	return e == ERR_OK ? task_start(call, &look->task, TASK_JOBS,
					stage_show, NULL, NULL)
			   : e;
}

const struct command commands_account[] = {
	{ "account open", 1, 2, ROLE_USER, COMMAND_PERSON | COMMAND_REST,
	  cmd_open, "LABEL|shared:NAME [USER...]",
	  "open another account, or share one" },
	{ "account close", 1, 2, ROLE_USER, COMMAND_PERSON, cmd_close,
	  "ACCOUNT", "close an empty account" },
	{ "account add", 2, 3, ROLE_USER, COMMAND_PERSON, cmd_add,
	  "ACCOUNT USER", "share a shared account with somebody else" },
	{ "account remove", 2, 3, ROLE_USER, COMMAND_PERSON, cmd_remove,
	  "ACCOUNT USER", "share it with somebody no longer" },
	{ "account low", 2, 3, ROLE_USER, COMMAND_PERSON, cmd_low,
	  "ACCOUNT AMOUNT|none", "say when you are told that little is left" },
	{ "account show", 1, 1, ROLE_USER, COMMAND_PERSON, cmd_show, "ACCOUNT",
	  "limits, holders, and all else of an account" },
	{ 0 },
};
