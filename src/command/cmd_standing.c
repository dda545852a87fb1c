/* Commands about payments that are made again and again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/book.h"
#include "bank/schedule/calendar.h"
#include "bank/schedule/standing.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "command/deal_line.h"
#include "command/families.h"
#include "command/sign.h"
#include "command/standing_text.h"

enum { YEARS_AHEAD = 10, NO_DAY = -1, WHEN = 32 };

/* A deal, for its words, its accounts and its currency; it gives no order. */
struct plan {
	struct deal deal;
	struct standing standing;
};

static struct standings standings(const struct realm *realm)
{
	return (struct standings){ realm->store, realm->trail };
}

static struct plan *plan_of(struct task *task)
{
	return CONTAINER(CONTAINER(task, struct deal, task), struct plan, deal);
}

static struct deal *plan_new(struct call *call)
{
	return deal_new_in(call, ORDER_PAY, sizeof(struct plan));
}

static void describe(const struct deal *deal, const struct standing *standing,
		     struct buf *out)
{
	standing_text(deal->task.realm, &deal->settings.currency, standing,
		      out);
}

static void say_text(struct call *call, struct deal *deal)
{
	call_say_lines(call, &deal->task.text);
}

static enum err refuse_receiver(struct deal *deal, const struct account *to)
{
	struct refusal *why = &deal->task.why;

	if (account_is_of(to, deal->order.by.user))
		return refusal_give(why, ERR_SELF_PAYMENT,
				    "That account is yours.");
	if (to->kind == ACCOUNT_HOUSE)
		return refusal_give(why, ERR_NOT_ALLOWED,
				    "Standing orders are for members.");
	return ERR_OK;
}

static enum err add(struct plan *plan)
{
	struct deal *deal = &plan->deal;
	const struct standings where = standings(deal->task.realm);
	AUTO(buf_fini) struct buf words = { 0 };
	struct audit_entry entry;
	enum err e;

	describe(deal, &plan->standing, &words);
	sign_entry(&deal->task.actor, "bank.standing", &entry);
	AUDIT_SET(entry.target, deal->target);
	AUDIT_SET(entry.detail, buf_text(&words));
	e = standing_add(&where, &plan->standing, &entry);
	if (e == ERR_LIMIT)
		e = refusal_give(&deal->task.why, e,
				 "You have %d standing orders; more are not "
				 "kept.",
				 STANDING_MOST);
	return e;
}

/* Each of its payments goes by the clock, without a code. */
static enum err prove(struct deal *deal)
{
	return deal->order.amount > deal->settings.second_factor_above &&
			       deal->settings.second_factor_above != MONEY_NONE
		       ? deal_try_code(deal)
		       : ERR_OK;
}

static enum err fill(struct plan *plan)
{
	struct deal *deal = &plan->deal;
	struct standing *standing = &plan->standing;
	struct account from;
	struct account to;
	enum err e = deal_own(deal, "", &from);

	if (e == ERR_OK)
		e = deal_other(deal, deal->whom, true, &to);
	if (e == ERR_OK)
		e = refuse_receiver(deal, &to);
	if (e != ERR_OK)
		return e;
	deal->order.from = from.id;
	deal->order.to = to.id;
	standing->user = deal->order.by.user;
	standing->id = deal->order.id;
	standing->from = from.id;
	standing->to = to.id;
	standing->amount = deal->order.amount;
	memcpy(standing->memo, deal->order.memo, sizeof(standing->memo));
	memcpy(standing->wording, deal->order.wording,
	       sizeof(standing->wording));
	return ERR_OK;
}

static enum err arrange(struct plan *plan)
{
	struct deal *deal = &plan->deal;
	const struct refusal flaw = deal->task.why;
	enum err e;

	deal->task.why.text[0] = '\0';
	e = fill(plan);
	if (!deal_is_damage(e) && deal->flaw != ERR_OK) {
		deal->task.why = flaw;
		return deal->flaw;
	}
	if (e == ERR_OK)
		e = prove(deal);
	return e == ERR_OK ? add(plan) : e;
}

/* There is one of the id: it is the answer, or the id is used. */
static enum err recall(struct plan *plan, const struct standing *known)
{
	struct deal *deal = &plan->deal;
	bool is_same = memcmp(known->wording, deal->order.wording,
			      sizeof(known->wording)) == 0;
	enum err e = is_same ? ERR_OK : fill(plan);

	if (deal_is_damage(e))
		return e;
	if (is_same ||
	    (e == ERR_OK && standing_is_same(known, &plan->standing))) {
		plan->standing = *known;
		return ERR_OK;
	}
	return refusal_give(&deal->task.why, ERR_ID_CONFLICT,
			    "You have used this id for standing order #%" PRIu64
			    ".",
			    known->number);
}

/* Whatever has changed since: as deal_recall() for what is no order. */
static enum err arrange_once(struct plan *plan)
{
	struct deal *deal = &plan->deal;
	const struct realm *realm = deal->task.realm;
	const struct standings where = standings(realm);
	const struct order *order = &deal->order;
	struct standing known;
	bool is_under_way = under_way_before(realm->under_way, order->by.user,
					     &order->id, deal->giver);
	enum err e = standing_asked(&where, order->by.user, &order->id, &known);

	if (e == ERR_NOT_FOUND && !is_under_way)
		return arrange(plan);
	deal->task.why.text[0] = '\0';
	if (e == ERR_NOT_FOUND)
		return refusal_give(&deal->task.why, ERR_BUSY, "%s",
				    deal_words_under_way);
	return e == ERR_OK ? recall(plan, &known) : e;
}

static void stage_add(struct task *task)
{
	struct plan *plan = plan_of(task);
	char first[DATE_TEXT];
	enum err e = uuid_is_none(&plan->deal.order.id) ? arrange(plan)
							: arrange_once(plan);

	if (e == ERR_OK) {
		calendar_print_day(plan->standing.recurrence.first, first);
		buf_print(&task->text, "Standing order #%" PRIu64 ": ",
			  plan->standing.number);
		describe(&plan->deal, &plan->standing, &task->text);
		buf_print(&task->text, ", first on %s.\n", first);
	}
	task_answer(task, e);
}

/* True, and *text is behind it, when that begins with the word and a space. */
static bool take_word(const char **text, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*text, word, len) != 0 || (*text)[len] != ' ')
		return false;
	*text += len + 1;
	*text += strspn(*text, " ");
	return true;
}

/* "from 2026-12-31 memo"; *text_r is the memo, *day_r as it was or that one. */
static enum err take_from(struct call *call, const char **text_r,
			  int64_t *day_r)
{
	char date[DATE_TEXT];
	size_t len;

	if (!take_word(text_r, "from"))
		return ERR_OK;
	len = strcspn(*text_r, " ");
	(void)snprintf(date, sizeof(date), "%.*s",
		       (int)(len < sizeof(date) ? len : 0), *text_r);
	if (!calendar_parse_day(date, day_r))
		return call_refuse(call, ERR_BAD_INPUT,
				   "A date is written as 2026-12-31.");
	*text_r += len;
	*text_r += strspn(*text_r, " ");
	return ERR_OK;
}

static enum err take_every(struct call *call, const char *text,
			   enum every *every_r)
{
	for (int i = 0; i < EVERY_KINDS; i++) {
		if (strcasecmp(text, every_words[i]) != 0)
			continue;
		*every_r = (enum every)i;
		return ERR_OK;
	}
	return call_refuse(call, ERR_BAD_INPUT,
			   "How often is daily, weekly, monthly or yearly.");
}

/* With an id, the day may have passed since it was asked for. */
static enum err check_day(struct call *call, struct deal **deal, int64_t today,
			  int64_t day)
{
	struct deal *d = *deal;
	struct refusal why = { 0 };

	if (day >= today && day <= today + YEARS_AHEAD * INT64_C(366))
		return ERR_OK;
	(void)refusal_give(&why, ERR_BAD_INPUT,
			   "The first payment is today or later, within %d "
			   "years.",
			   YEARS_AHEAD);
	if (!uuid_is_none(&d->order.id)) {
		d->flaw = ERR_BAD_INPUT;
		d->task.why = why;
		return ERR_OK;
	}
	deal_free(deal);
	return call_refuse_why(call, ERR_BAD_INPUT, &why);
}

/* How often, and from when if that was said, are words of it, too. */
static void note_wording(struct deal *deal, enum every every, int64_t from)
{
	char when[WHEN];
	char date[DATE_TEXT] = "";

	if (uuid_is_none(&deal->order.id))
		return;
	if (from != NO_DAY)
		calendar_print_day(from, date);
	(void)snprintf(when, sizeof(when), "%s %s", every_words[every], date);
	order_note_wording(&deal->order, when, deal->whom, "");
}

/* EVERY [from DATE] [memo] */
static enum err take_plan(struct call *call, struct deal **deal)
{
	struct plan *plan = CONTAINER(*deal, struct plan, deal);
	const char *memo = call->argc > 3 ? call->argv[3] : "";
	int64_t today = calendar_day(clock_wall_ms());
	int64_t from = NO_DAY;
	int64_t day;
	struct date date;
	enum every every = EVERY_DAY;
	enum err e = take_every(call, call->argv[2], &every);

	if (e == ERR_OK)
		e = take_from(call, &memo, &from);
	if (e != ERR_OK) {
		deal_free(deal);
		return e;
	}
	day = from != NO_DAY ? from : today;
	calendar_day_to_date(day, &date);
	recurrence_init(&plan->standing.recurrence, every, date.day, day);
	plan->standing.due = plan->standing.recurrence.first;
	plan->standing.look = plan->standing.due;
	plan->standing.made_ms = clock_wall_ms();
	if (memo[0] != '\0')
		e = deal_memo(call, deal, memo);
	if (e == ERR_OK)
		e = check_day(call, deal, today, day);
	if (e == ERR_OK)
		note_wording(*deal, every, from);
	return e;
}

/* Each is written into the audit trail, also when it is cancelled at once. */
static enum err check_rate(struct call *call, struct deal **deal)
{
	int64_t wait_s;

	if (ledger_may_ask(call->realm->ledger, call->caller->user, &wait_s))
		return ERR_OK;
	deal_free(deal);
	return call_refuse(call, ERR_FLOOD, LEDGER_FLOOD_WORDS, wait_s);
}

static enum err start_add(struct call *call)
{
	static const struct deal_form form = {
		3, { DEAL_WHOM, DEAL_AMOUNT, DEAL_OWN, DEAL_OWN }
	};
	struct deal *deal = plan_new(call);
	enum err e = deal_read(call, &deal, &form);

	if (e == ERR_OK)
		e = take_plan(call, &deal);
	if (e == ERR_OK)
		e = check_rate(call, &deal);
	return e == ERR_OK ? deal_begin(call, deal, stage_add, say_text) : e;
}

static void stage_list(struct task *task)
{
	struct deal *deal = &plan_of(task)->deal;
	const struct standings where = standings(task->realm);
	struct standing *list;
	size_t count;
	enum err e = standing_list(&where, task->actor.user, &list, &count);

	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		char next[DATE_TEXT];

		if (list[i].is_ended) {
			buf_print(&task->text, "%s\n", list[i].news);
			continue;
		}
		calendar_print_day(list[i].due, next);
		buf_print(&task->text, "#%" PRIu64 " ", list[i].number);
		describe(deal, &list[i], &task->text);
		buf_print(&task->text,
			  ", next on %s; paid %" PRIu64 " time%s%s", next,
			  list[i].paid, list[i].paid == 1 ? "" : "s",
			  list[i].tries > 0 ? ", tried again" : "");
		buf_add_text(&task->text, ".\n");
	}
	if (e == ERR_OK && count == 0)
		buf_add_text(&task->text, "You have no standing orders.\n");
	mem_free(list);
	task_answer(task, e);
}

/* USER AMOUNT EVERY [from DATE] [memo] [id=UUID]; or nothing. */
static enum err cmd_standing(struct call *call)
{
	if (call->argc == 0)
		return deal_begin(call, plan_new(call), stage_list, say_text);
	return start_add(call);
}

static void stage_cancel(struct task *task)
{
	struct plan *plan = plan_of(task);
	const struct standings where = standings(task->realm);
	struct standing was;
	struct audit_entry entry;
	enum err e;

	sign_entry(&task->actor, "bank.standing.cancel", &entry);
	AUDIT_SET(entry.target, task->actor.name);
	(void)snprintf(entry.detail, sizeof(entry.detail), "#%" PRIu64,
		       plan->standing.number);
	e = standing_cancel(&where, task->actor.user, plan->standing.number,
			    &entry, &was);
	if (e == ERR_NOT_FOUND)
		e = refusal_give(&task->why, e,
				 "You have no standing order #%" PRIu64
				 "; /standing shows yours.",
				 plan->standing.number);
	else if (e == ERR_BUSY)
		e = refusal_give(&task->why, e,
				 "It is being paid just now. Try again.");
	if (e == ERR_OK) {
		buf_print(&task->text, "Standing order #%" PRIu64 " of ",
			  was.number);
		describe(&plan->deal, &was, &task->text);
		buf_add_text(&task->text, " is cancelled.\n");
	}
	task_answer(task, e);
}

static enum err cmd_cancel(struct call *call)
{
	const char *text = call->argv[0] + (call->argv[0][0] == '#');
	struct deal *deal;
	int64_t number;

	if (!quantity_number(text, &number) || number < 1)
		return call_usage(call);
	deal = plan_new(call);
	CONTAINER(deal, struct plan, deal)->standing.number = (uint64_t)number;
	return deal_begin(call, deal, stage_cancel, say_text);
}

const struct command commands_standing[] = {
	{ "standing", 0, 4, ROLE_USER, COMMAND_PERSON | COMMAND_REST,
	  cmd_standing, "[USER AMOUNT EVERY [from DATE] [MEMO]]",
	  "pay again and again; list" },
	{ "standing cancel", 1, 1, ROLE_USER, COMMAND_PERSON, cmd_cancel,
	  "NUMBER", "pay that no more" },
	{ 0 },
};
