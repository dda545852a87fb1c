#include "command/deal.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "command/main_account.h"
#include "command/petition.h"
#include "user/users.h"

struct deal *deal_new_in(struct call *call, enum order_kind kind, size_t size)
{
	struct deal *deal = mem_zero(size);
	struct actor actor;

	caller_actor(call->caller, &actor);
	deal->order.kind = kind;
	deal->ways = call->caller->ops->ways;
	deal->giver = deal;
	deal->order.by.user = actor.user;
	deal->order.by.session = actor.session;
	(void)snprintf(deal->order.by.name, sizeof(deal->order.by.name), "%s",
		       actor.name);
	(void)snprintf(deal->order.by.address, sizeof(deal->order.by.address),
		       "%s", actor.address);
	ledger_settings(call->realm->ledger, &deal->settings);
	deal_begin_code(call, deal);
	return deal;
}

struct deal *deal_new(struct call *call, enum order_kind kind)
{
	return deal_new_in(call, kind, sizeof(struct deal));
}

void deal_init_order(const struct deal *deal, enum order_kind kind,
		     struct order *order)
{
	*order = (struct order){ .kind = kind, .by = deal->order.by };
}

void deal_free(struct deal **deal)
{
	under_way_end(&(*deal)->asked);
	deal_end_code(*deal);
	mem_free(*deal);
	*deal = NULL;
}

/* It waits for them now. */
static void tell_administrators(struct deal *deal)
{
	petition_tell(deal->task.realm, deal->task.actor.origin,
		      buf_text(&deal->petition));
	buf_reset(&deal->petition);
}

/* Also when the caller has gone meanwhile. */
static void drop(struct task *task)
{
	struct deal *deal = CONTAINER(task, struct deal, task);

	deal_tell_others(deal);
	tell_administrators(deal);
	buf_fini(&deal->petition);
	under_way_end(&deal->asked);
	deal_end_code(deal);
}

static enum err finish(struct call *call, struct task *task)
{
	struct deal *deal = CONTAINER(task, struct deal, task);

	tell_administrators(deal);
	under_way_end(&deal->asked);
	if (task->result != ERR_OK)
		return deal_refuse_code(call, deal);
	deal_tell_others(deal);
	deal->finish(call, deal);
	return ERR_OK;
}

/* Of a group, what the first that was refused came to. */
static const struct order *decisive(const struct order *first)
{
	const struct order *order = first;

	while (order != NULL &&
	       (order->result == ERR_OK || order->result == ERR_AGAIN))
		order = order->together;
	return order != NULL ? order : first;
}

/* What needs a second person is kept until there is one. */
static void stage_petition(struct task *task)
{
	struct deal *deal = CONTAINER(task, struct deal, task);

	task_answer(task, petition_file(task->realm, &deal->order, &task->why,
					&deal->petition));
}

static bool is_petition(const struct order *order)
{
	return order->result == ERR_APPROVAL_NEEDED && order->approval == 0 &&
	       order->together == NULL;
}

static void give(struct deal *deal)
{
	if (!ledger_submit(deal->task.realm->ledger, &deal->order))
		task_answer(&deal->task, ERR_BUSY);
}

/*
 * With a code it is given again; it has changed nothing so far. But the code
 * is used up when another has done the same by it, or is about to.
 */
static void stage_code(struct task *task)
{
	struct deal *deal = CONTAINER(task, struct deal, task);
	enum err e = deal_recall(deal, ERR_CODE_REQUIRED);

	if (e == ERR_CODE_REQUIRED) {
		e = deal_try_code(deal);
		deal->order.is_proved = e == ERR_OK;
	}
	if (deal->order.is_proved)
		give(deal);
	else
		task_answer(task, e);
}

static bool wants_code(const struct order *order)
{
	return order->result == ERR_CODE_REQUIRED && !order->is_proved &&
	       order->together == NULL;
}

/* Names may lead elsewhere by now. */
static void stage_recall(struct task *task)
{
	struct deal *deal = CONTAINER(task, struct deal, task);

	task_answer(task, deal_recall(deal, ERR_ID_CONFLICT));
}

/* When the last of a group is done, all are. */
static void answer(struct order *order)
{
	struct deal *deal = order->arg;
	const struct order *told;

	if (order->together != NULL)
		return;
	told = decisive(&deal->order);
	if (deal->order.together != NULL)
		(void)snprintf(deal->about, sizeof(deal->about),
			       "%.64s: ", told->target);
	if (told->words[0] != '\0')
		(void)refusal_give(&deal->task.why, told->result, "%s%s",
				   deal->about, told->words);
	if (told == &deal->order && is_petition(told))
		task_next(&deal->task, TASK_JOBS, stage_petition);
	else if (told == &deal->order && wants_code(told))
		task_next(&deal->task, TASK_JOBS, stage_code);
	else if (told == &deal->order && told->result == ERR_ID_CONFLICT)
		task_next(&deal->task, TASK_JOBS, stage_recall);
	else
		task_answer(&deal->task, told->result);
}

/* It is answered by the ledger from now on. */
static void name_orders(struct deal *deal)
{
	if (deal->order.target[0] == '\0')
		(void)snprintf(deal->order.target, sizeof(deal->order.target),
			       "%s", deal->target);
	for (struct order *o = &deal->order; o != NULL; o = o->together) {
		o->done = answer;
		o->arg = deal;
	}
}

enum err deal_prepare(struct deal *deal)
{
	struct refusal flaw = deal->task.why;
	enum err e;

	deal->task.why.text[0] = '\0';
	e = deal->prepare(deal);
	if (deal->flaw == ERR_OK || deal_is_damage(e))
		return e;
	deal->task.why = flaw;
	return deal->flaw;
}

static void stage(struct task *task)
{
	struct deal *deal = CONTAINER(task, struct deal, task);
	enum err e = deal_prepare(deal);

	name_orders(deal);
	if (e != ERR_OK)
		task_answer(task, deal_recall(deal, e));
	else
		give(deal);
}

/* What needs no job is given at once. */
static bool post(struct deal *deal)
{
	if (deal->flaw != ERR_OK || deal->remember == NULL ||
	    !deal->remember(deal))
		return false;
	name_orders(deal);
	if (!ledger_post(deal->task.realm->ledger, &deal->order))
		task_answer(&deal->task, ERR_BUSY);
	return true;
}

enum err deal_start(struct call *call, struct deal *deal,
		    deal_prepare_fn *prepare, deal_finish_fn *finish_deal)
{
	deal->prepare = prepare;
	deal->finish = finish_deal;
	deal_note_wording(deal);
	task_begin(call, &deal->task, finish, drop);
	if (post(deal) || task_yield(&deal->task, stage))
		return (enum err)CALL_PENDING;
	task_abandon(&deal->task);
	return call_fail(call, ERR_BUSY);
}

enum err deal_begin(struct call *call, struct deal *deal, task_fn *fn,
		    deal_finish_fn *finish_deal)
{
	deal->finish = finish_deal;
	deal_note_wording(deal);
	return task_start(call, &deal->task, TASK_JOBS, fn, finish, drop);
}

enum err deal_obey(struct deal *deal)
{
	enum err e;

	(void)snprintf(deal->order.target, sizeof(deal->order.target), "%s",
		       deal->target);
	e = ledger_run(deal->task.realm->ledger, &deal->order);
	(void)snprintf(deal->task.why.text, sizeof(deal->task.why.text), "%s",
		       deal->order.words);
	return e;
}

static enum err refuse_account(struct deal *deal, const char *text)
{
	return refusal_give(&deal->task.why, ERR_NO_SUCH_ACCOUNT,
			    "There is no account \"%s\"; %s.", text,
			    deal->ways[WAY_ACCOUNTS]);
}

enum err deal_own(struct deal *deal, const char *text,
		  struct account *account_r)
{
	const struct realm *realm = deal->task.realm;
	user_id user = deal->order.by.user;
	enum err e;

	if (text[0] == '\0')
		e = book_find(realm->store, ACCOUNT_USER, user, "", account_r);
	else
		e = book_resolve(realm->store, realm->users, user, text,
				 account_r);
	if (e == ERR_NO_SUCH_USER || e == ERR_NO_SUCH_ACCOUNT)
		return refuse_account(deal, text);
	/* What others have is not to be found out by trying names. */
	if (e == ERR_OK && deal->order.by.authority == AUTHORITY_MEMBER &&
	    !account_is_of(account_r, user))
		return refuse_account(deal, text);
	return e;
}

enum err deal_name_own(struct deal *deal, account_id id)
{
	const struct realm *realm = deal->task.realm;
	struct account account;
	enum err e = book_account(realm->store, id, &account);

	if (e == ERR_OK)
		book_print_name(realm->users, &account, deal->own);
	return e;
}

enum err deal_own_number(struct deal *deal, const char *text, account_id *id_r)
{
	struct account account;
	enum err e;

	if (text[0] != '\0') {
		e = deal_own(deal, text, &account);
		*id_r = e == ERR_OK ? account.id : 0;
		return e;
	}
	e = ledger_main(deal->task.realm->ledger, deal->order.by.user, id_r);
	return e == ERR_NO_SUCH_ACCOUNT ? refuse_account(deal, text) : e;
}

void deal_set_payer(struct deal *deal, const struct account *account)
{
	bool is_main =
		account->kind == ACCOUNT_USER && account->name[0] == '\0';

	if (!is_main)
		book_print_name(deal->task.realm->users, account, deal->payer);
	if (deal->notice != NULL)
		deal_tell(deal, account);
	for (unsigned i = 0; i < deal->told_count; i++)
		deal->told[i].pays = true;
}

enum err deal_payer(struct deal *deal, account_id *id_r)
{
	struct account account;
	enum err e;

	if (deal->account[0] == '\0')
		return deal_own_number(deal, "", id_r);
	e = deal_own(deal, deal->account, &account);
	*id_r = e == ERR_OK ? account.id : 0;
	if (e == ERR_OK)
		deal_set_payer(deal, &account);
	return e;
}

static enum err refuse_user(struct deal *deal, const char *name)
{
	return refusal_give(&deal->task.why, ERR_NO_SUCH_USER,
			    "There is no user %s.", name);
}

/* Who was made by an administrator has perhaps never been here. */
static enum err open_main(struct deal *deal, const struct identity *who,
			  account_id *id_r)
{
	struct realm *realm = deal->task.realm;
	enum err e = main_account_ensure(realm, &deal->task.actor, who->id,
					 who->name);

	return e == ERR_OK ? ledger_main(realm->ledger, who->id, id_r) : e;
}

static void take_person(struct deal *deal, const struct identity *who,
			account_id id, struct account *account_r)
{
	memset(account_r, 0, sizeof(*account_r));
	account_r->kind = ACCOUNT_USER;
	account_r->owner = who->id;
	account_r->id = id;
	(void)snprintf(deal->target, sizeof(deal->target), "%s", who->name);
	if (deal->notice != NULL)
		deal_tell_user(deal, account_r, who->id);
}

/* Reads no more than it must: nothing is done as often as this. */
static enum err find_person(struct deal *deal, const char *name,
			    struct account *account_r)
{
	const struct realm *realm = deal->task.realm;
	struct identity who;
	enum err e = users_identify(realm->users, name, &who);

	account_id id;

	if (e == ERR_NO_SUCH_USER)
		return refuse_user(deal, name);
	if (e == ERR_OK)
		e = ledger_main(realm->ledger, who.id, &id);
	if (e == ERR_NO_SUCH_ACCOUNT)
		e = open_main(deal, &who, &id);
	if (e == ERR_OK)
		take_person(deal, &who, id, account_r);
	return e;
}

static bool is_person(const char *text)
{
	return strpbrk(text, "/:#") == NULL;
}

bool deal_remember(struct deal *deal, account_id *own_r, const char *text,
		   account_id *other_r)
{
	const struct realm *realm = deal->task.realm;
	struct account account;
	struct identity who;
	account_id id;

	if (!is_person(text) ||
	    !ledger_remember_main(realm->ledger, deal->order.by.user, own_r) ||
	    !users_remember(realm->users, text, &who) ||
	    !ledger_remember_main(realm->ledger, who.id, &id))
		return false;
	take_person(deal, &who, id, &account);
	*other_r = id;
	return true;
}

/* Members do not find out what there is by trying numbers, or tills. */
static enum err check_member(struct deal *deal, const char *text)
{
	if (deal->order.by.authority != AUTHORITY_MEMBER)
		return ERR_OK;
	if (text[0] == '#')
		return refuse_account(deal, text);
	if (strncmp(text, "cash:", strlen("cash:")) == 0)
		return refusal_give(&deal->task.why, ERR_NOT_ALLOWED,
				    "Cash moves by deposits and withdrawals.");
	return ERR_OK;
}

/* Nor the labels that others have given to theirs. */
static bool is_private(const struct deal *deal, const struct account *account)
{
	return deal->order.by.authority == AUTHORITY_MEMBER &&
	       account->kind == ACCOUNT_USER && account->name[0] != '\0' &&
	       account->owner != deal->order.by.user;
}

enum err deal_other(struct deal *deal, const char *text, bool is_main,
		    struct account *account_r)
{
	const struct realm *realm = deal->task.realm;
	enum err e;

	if (is_main && is_person(text))
		return find_person(deal, text, account_r);
	e = check_member(deal, text);
	if (e != ERR_OK)
		return e;
	e = book_resolve(realm->store, realm->users, 0, text, account_r);
	if (e == ERR_NO_SUCH_USER && deal->task.why.text[0] == '\0')
		e = ERR_NO_SUCH_ACCOUNT;
	if (e == ERR_NO_SUCH_ACCOUNT && deal->task.why.text[0] == '\0')
		e = refuse_account(deal, text);
	if (e == ERR_OK && is_private(deal, account_r))
		e = refuse_account(deal, text);
	if (e != ERR_OK)
		return e;
	book_print_name(realm->users, account_r, deal->target);
	if (deal->notice != NULL)
		deal_tell(deal, account_r);
	return ERR_OK;
}

void deal_print(const struct deal *deal, money amount, char text_r[MONEY_TEXT])
{
	money_print_symbol(amount, &deal->settings.currency, text_r);
}

/* The house's share stands behind the first leg. */
void deal_print_fee(const struct deal *deal, char text_r[DEAL_FEE])
{
	const struct entry *entry = &deal->order.entry;
	money fee = 0;
	char amount[MONEY_TEXT];

	for (unsigned i = 1; i < entry->leg_count; i++)
		fee += entry->legs[i].amount;
	text_r[0] = '\0';
	if (fee == 0)
		return;
	deal_print(deal, fee, amount);
	(void)snprintf(text_r, DEAL_FEE, " Fee: %s.", amount);
}

void deal_print_of(const char *name, char text_r[DEAL_OF])
{
	(void)snprintf(text_r, DEAL_OF, "%s%s", name[0] != '\0' ? " of " : "",
		       name);
}

void deal_print_balance(const struct deal *deal, account_id account,
			char text_r[MONEY_TEXT])
{
	const struct posting *posting =
		entry_posting(&deal->order.entry, account);

	deal_print(deal, posting != NULL ? posting->posted : 0, text_r);
}
