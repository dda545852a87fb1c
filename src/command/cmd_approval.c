/* Commands of the second person. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/chat.h"
#include "chat/tell.h"
#include "command/bank_act.h"
#include "command/families.h"
#include "command/petition.h"
#include "command/sign.h"
#include "command/task.h"

/* A look at what waits, or a refusal. */
struct review {
	struct task task;
	struct bank_text text;
	uint64_t number;
	user_id asker;
	char asker_name[NAME_MOST + 1];
	bool is_told;
};

static struct review *review_new(struct call *call)
{
	struct review *review = mem_zero(sizeof(*review));

	bank_text_init(&review->text, call->realm, 0);
	return review;
}

static void print_pending(const struct review *review,
			  const struct approval *approval, struct buf *out)
{
	char made[CLOCK_TEXT];
	char due[CLOCK_TEXT];

	clock_print(approval->made_ms, made);
	clock_print(approval->due_ms, due);
	buf_print(out, "#%" PRIu64 " %s %s, until %s:\n  ", approval->number,
		  made, approval->order.by.name, due);
	petition_describe(&review->text, &approval->order, out);
	buf_add_char(out, '\n');
}

static void stage_pending(struct task *task)
{
	struct review *review = CONTAINER(task, struct review, task);
	struct approval *list;
	size_t count;
	enum err e = approval_list(task->realm->store, &list, &count);

	for (size_t i = 0; i < count; i++)
		print_pending(review, &list[i], &task->text);
	if (e == ERR_OK && count == 0)
		buf_add_text(&task->text, "Nothing waits for a second "
					  "person.\n");
	mem_free(list);
	task_answer(task, e);
}

static enum err cmd_pending(struct call *call)
{
	struct review *review = review_new(call);

	return task_start(call, &review->task, TASK_JOBS, stage_pending, NULL,
			  NULL);
}

static enum err refuse_gone(struct refusal *why, uint64_t number)
{
	return refusal_give(why, ERR_NOT_FOUND,
			    "Nothing waits for approval as #%" PRIu64 "; see "
			    "/bank pending.",
			    number);
}

/* Whoever has asked must still be in the office. */
static enum err check_asker(struct deal *deal, const struct order *order)
{
	role_set wanted = order->by.authority == AUTHORITY_TELLER
				  ? ROLE_TELLER | ROLE_ADMIN
				  : ROLE_ADMIN;
	struct user user;
	enum err e = users_get(deal->task.realm->users, order->by.user, &user);

	if (e == ERR_NO_SUCH_USER ||
	    (e == ERR_OK &&
	     ((user.roles & wanted) == 0 || user.state != USER_ACTIVE)))
		return refusal_give(&deal->task.why, ERR_NOT_ALLOWED,
				    "%s may not do that any more; /bank "
				    "reject ends it.",
				    order->by.name);
	return e;
}

/*
 * Two names are two people only when neither has been given a password by the
 * other, or by somebody at the console who may be the other.
 */
static enum err check_one(struct deal *deal, user_id id, user_id other,
			  int64_t then_ms)
{
	struct user user;
	enum err e = users_get(deal->task.realm->users, id, &user);

	if (e != ERR_OK || !user_may_be(&user, other, then_ms))
		return e;
	return refusal_give(
		&deal->task.why, ERR_NOT_ALLOWED,
		id == deal->order.by.user
			? "The password of %s was given by %s, who may know "
			  "it still: change it by /passwd first."
			: "%s asked for it by a password that was given by "
			  "%s: whoever has asked must change it by /passwd, "
			  "and ask again.",
		user.name,
		user.password_by == USER_CONSOLE ? "somebody at the console"
		: id == deal->order.by.user      ? "the one who asks"
						 : "you");
}

static enum err check_two(struct deal *deal, const struct approval *approval)
{
	user_id asker = approval->order.by.user;
	user_id approver = deal->order.by.user;
	enum err e = check_one(deal, approver, asker, clock_wall_ms());

	return e == ERR_OK ? check_one(deal, asker, approver, approval->made_ms)
			   : e;
}

static enum err check_approver(struct deal *deal,
			       const struct approval *approval)
{
	const struct order *order = &approval->order;
	enum err e;

	if (order->by.user != deal->order.by.user) {
		e = check_asker(deal, order);
		return e == ERR_OK ? check_two(deal, approval) : e;
	}
	return refusal_give(&deal->task.why, ERR_NOT_ALLOWED,
			    "You have asked for it yourself: another "
			    "administrator must approve.");
}

static enum err tell_side(struct deal *deal, account_id id)
{
	struct account account;
	enum err e =
		id == 0 ? ERR_NO_SUCH_ACCOUNT
			: book_account(deal->task.realm->store, id, &account);

	if (e == ERR_OK)
		deal_tell(deal, &account);
	return e == ERR_NO_SUCH_ACCOUNT ? ERR_OK : e;
}

/* All whom it concerns: those behind both accounts, and who has asked. */
static enum err tell_sides(struct deal *deal, const struct order *order)
{
	static const struct account none;
	account_id from = order->from;
	account_id to = order->to;
	struct entry entry;
	enum err e = ERR_OK;

	if (order->kind == ORDER_REVERSE) {
		e = book_entry(deal->task.realm->store, order->reference,
			       &entry);
		if (e == ERR_OK && entry.leg_count > 0) {
			from = entry.legs[0].debit;
			to = entry.legs[0].credit;
		}
		e = e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	if (e == ERR_OK)
		e = tell_side(deal, from);
	if (e == ERR_OK)
		e = tell_side(deal, to);
	deal_tell_user(deal, &none, order->by.user);
	return e;
}

/* The order is that of who has asked, with the caller's approval. */
static void take_order(struct deal *deal, const struct approval *approval)
{
	const struct bank_text t = { .realm = deal->task.realm,
				     .currency = deal->settings.currency };
	user_id approver = deal->order.by.user;
	char by[ENTRY_BY];

	(void)snprintf(by, sizeof(by), "%s", deal->order.by.name);
	deal->order = approval->order;
	deal->order.approval = approval->number;
	deal->order.approved_by = approver;
	(void)snprintf(deal->order.reason, sizeof(deal->order.reason),
		       "approved by %s%s%.100s", by,
		       approval->order.reason[0] != '\0' ? ": " : "",
		       approval->order.reason);
	(void)snprintf(deal->target, sizeof(deal->target), "%s",
		       approval->order.target);
	(void)snprintf(deal->whom, sizeof(deal->whom), "%s", by);
	petition_describe(&t, &approval->order, &deal->task.text);
}

static enum err prepare_approve(struct deal *deal)
{
	struct approval approval;
	enum err e = approval_get(deal->task.realm->store, deal->order.approval,
				  &approval);

	if (e == ERR_NOT_FOUND)
		return refuse_gone(&deal->task.why, deal->order.approval);
	if (e == ERR_OK)
		e = check_approver(deal, &approval);
	if (e == ERR_OK)
		e = tell_sides(deal, &approval.order);
	if (e == ERR_OK)
		take_order(deal, &approval);
	return e;
}

static void notice_approve(const struct deal *deal, const char *memo,
			   struct buf *text)
{
	const struct posting *posting =
		entry_posting(&deal->order.entry, deal->told_account);
	const struct buf *what = &deal->task.text;
	char balance[MONEY_TEXT];

	(void)memo;
	buf_print(text, "%s approved what %s asked for: ", deal->whom,
		  deal->order.by.name);
	buf_add(text, buf_at(what), buf_len(what));
	if (posting != NULL) {
		deal_print(deal, posting->posted, balance);
		buf_print(text, ". New balance: %s", balance);
	}
	bank_act_print_number(deal, text);
}

static void finish_approve(struct call *call, struct deal *deal)
{
	call_say(call, "Approved: %s. #%" PRIu64, buf_text(&deal->task.text),
		 deal->order.entry.seq);
}

static enum err cmd_approve(struct call *call)
{
	struct deal *deal;
	uint64_t number;

	if (!quantity_id(call->argv[0], &number))
		return call_usage(call);
	if (call->caller->user == 0)
		return call_refuse(call, ERR_NOT_ALLOWED,
				   "Nobody knows who sits at the console: a "
				   "second person must be logged in.");
	deal = bank_act_new(call, ORDER_ADJUST);
	deal->order.approval = number;
	deal->notice = notice_approve;
	return deal_start(call, deal, prepare_approve, finish_approve);
}

static enum err reject(struct review *review)
{
	struct task *task = &review->task;
	struct realm *realm = task->realm;
	struct audit_entry entry;
	struct approval approval;
	struct user user;
	enum err e = approval_get(realm->store, review->number, &approval);

	if (e != ERR_OK)
		return e;
	sign_entry(&task->actor, "bank.reject", &entry);
	AUDIT_SET(entry.target, approval.order.by.name);
	(void)snprintf(entry.detail, sizeof(entry.detail), "#%" PRIu64,
		       review->number);
	e = approval_drop(realm->store, realm->trail, review->number, &entry);
	if (e != ERR_OK)
		return e;
	petition_describe(&review->text, &approval.order, &task->text);
	review->asker = approval.order.by.user;
	if (users_get(realm->users, review->asker, &user) == ERR_OK)
		(void)snprintf(review->asker_name, sizeof(review->asker_name),
			       "%s", user.name);
	return ERR_OK;
}

static void stage_reject(struct task *task)
{
	struct review *review = CONTAINER(task, struct review, task);
	enum err e = reject(review);

	if (e == ERR_NOT_FOUND)
		e = refuse_gone(&task->why, review->number);
	task_answer(task, e);
}

/* Who has asked, unless it is who refuses. */
static void tell_asker(struct review *review)
{
	AUTO(buf_fini) struct buf text = { 0 };
	struct task *task = &review->task;
	struct person *person = NULL;

	if (review->is_told || task->result != ERR_OK || review->asker == 0)
		return;
	review->is_told = true;
	if (review->asker != task->actor.user)
		person = chat_person(task->realm->chat, review->asker_name);
	if (person != NULL && person_user(person) == review->asker) {
		buf_print(&text, "%s refused: ", task->actor.name);
		buf_add(&text, buf_at(&task->text), buf_len(&task->text));
		tell_notice(person, 0, buf_text(&text));
	}
	person_unref(&person);
}

static void drop_reject(struct task *task)
{
	tell_asker(CONTAINER(task, struct review, task));
}

static enum err finish_reject(struct call *call, struct task *task)
{
	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	tell_asker(CONTAINER(task, struct review, task));
	call_say(call, "Refused: %s", buf_text(&task->text));
	return ERR_OK;
}

static enum err cmd_reject(struct call *call)
{
	struct review *review;
	uint64_t number;

	if (!quantity_id(call->argv[0], &number))
		return call_usage(call);
	review = review_new(call);
	review->number = number;
	return task_start(call, &review->task, TASK_JOBS, stage_reject,
			  finish_reject, drop_reject);
}

const struct command commands_approval[] = {
	{ "bank pending", 0, 0, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_pending, "",
	  "what waits for a second person" },
	{ "bank approve", 1, 1, ROLE_ADMIN, 0, cmd_approve, "#N",
	  "let it be done, as the second person" },
	{ "bank reject", 1, 1, ROLE_ADMIN, 0, cmd_reject, "#N",
	  "let it not be done" },
	{ 0 },
};
