/* Commands by which administrators look after accounts. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/account_name.h"
#include "base/mem.h"
#include "command/bank_act.h"
#include "command/bank_text.h"
#include "command/deal_line.h"
#include "command/entry_text.h"
#include "command/families.h"

static enum err prepare_account(struct deal *deal)
{
	struct account account;
	enum err e = bank_act_find(deal, deal->account, &account);

	deal->order.from = account.id;
	return e;
}

/* "floor=-50.00", "rate=2.5" and so on. */
static const struct currency tenths = { .scale = 1 };

static bool read_term(const struct deal *deal, enum account_term term,
		      const char *text, int64_t *value_r)
{
	const struct currency *currency =
		term == TERM_RATE ? &tenths : &deal->settings.currency;

	if (strcmp(text, "default") == 0)
		*value_r = TERM_DEFAULT;
	else if (strcmp(text, "none") == 0)
		*value_r = MONEY_NONE;
	else if (!money_parse_signed(text, currency, value_r))
		return false;
	return true;
}

static bool take_term(struct deal *deal, const char *word)
{
	for (int i = TERM_FLOOR; i <= TERM_RATE; i++) {
		size_t len = strlen(entry_text_terms[i]);
		int64_t value;

		if (strncmp(word, entry_text_terms[i], len) != 0 ||
		    word[len] != '=')
			continue;
		if (!read_term(deal, (enum account_term)i, word + len + 1,
			       &value))
			return false;
		order_add_change(&deal->order,
				 (enum change_tag)(CHANGE_FLOOR + i), value);
		return true;
	}
	return false;
}

static void print_terms(const struct deal *deal, struct buf *out)
{
	const struct bank_text t = { .realm = deal->task.realm,
				     .currency = deal->settings.currency };

	for (unsigned i = 0; i < deal->order.change_count; i++) {
		const struct change *c = &deal->order.changes[i];
		enum account_term term =
			(enum account_term)(c->tag - CHANGE_FLOOR);

		buf_print(out, "%s%s=", i == 0 ? "" : ", ",
			  entry_text_terms[term]);
		entry_text_term(&t, term, c->value, out);
	}
	bank_act_print_number(deal, out);
}

static void notice_limits(const struct deal *deal, const char *memo,
			  struct buf *text)
{
	(void)memo;
	buf_print(text, "%s changed the limits of %s: ", deal->order.by.name,
		  deal->target);
	print_terms(deal, text);
}

static void finish_limits(struct call *call, struct deal *deal)
{
	AUTO(buf_fini) struct buf text = { 0 };

	print_terms(deal, &text);
	call_say(call, "%s has %s", deal->target, buf_text(&text));
}

/* ACCOUNT TERM=VALUE… */
static enum err cmd_limits(struct call *call)
{
	struct deal *deal = bank_act_new(call, ORDER_TERMS);
	enum err e = deal_id(call, &deal);

	if (e == ERR_OK)
		e = deal_word(call, &deal, deal->account, call->argv[0]);
	if (e != ERR_OK)
		return e;
	if (call->argc < 2)
		return deal_usage(call, &deal);
	for (int i = 1; i < call->argc; i++)
		if (!take_term(deal, call->argv[i])) {
			deal_free(&deal);
			return call_refuse(call, ERR_BAD_INPUT,
					   "%.40s is no limit; write "
					   "floor=-50.00, ceiling=none, "
					   "rate=2.5 or per_day=default.",
					   call->argv[i]);
		}
	deal->notice = notice_limits;
	return deal_start(call, deal, prepare_account, finish_limits);
}

static const char *frozen_words(int64_t flags)
{
	switch (flags & (ACCOUNT_FROZEN_IN | ACCOUNT_FROZEN_OUT)) {
	case ACCOUNT_FROZEN_IN:
		return "nothing may come in";
	case ACCOUNT_FROZEN_OUT:
		return "nothing may go out";
	case 0:
		return "money may come in and go out again";
	default:
		return "nothing may come in or go out";
	}
}

/* What is frozen already stays so. */
static enum err prepare_freeze(struct deal *deal)
{
	struct order *order = &deal->order;
	struct account account;
	enum err e = bank_act_find(deal, deal->account, &account);

	order->from = account.id;
	if (e == ERR_OK && order->changes[0].value != 0)
		order->changes[0].value |= account.flags & (ACCOUNT_FROZEN_IN |
							    ACCOUNT_FROZEN_OUT);
	return e;
}

static void notice_freeze(const struct deal *deal, const char *memo,
			  struct buf *text)
{
	int64_t flags = deal->order.changes[0].value;

	buf_print(text, "%s %s your account %s: %s", deal->order.by.name,
		  flags != 0 ? "froze" : "thawed", deal->target,
		  frozen_words(flags));
	bank_act_print_reason(memo, text);
	bank_act_print_number(deal, text);
}

static void finish_freeze(struct call *call, struct deal *deal)
{
	call_say(call, "%s: %s. #%" PRIu64, deal->target,
		 frozen_words(deal->order.changes[0].value),
		 deal->order.entry.seq);
}

static const struct deal_form freeze_form = { 2, { DEAL_ACCOUNT, DEAL_OWN } };

static enum err start_freeze(struct call *call, struct deal *deal,
			     const char *reason, int64_t flags)
{
	enum err e = deal_reason(call, &deal, reason);

	if (e != ERR_OK)
		return e;
	order_add_change(&deal->order, CHANGE_FLAGS, flags);
	deal->notice = notice_freeze;
	return deal_start(call, deal, prepare_freeze, finish_freeze);
}

/* Cuts "in " or "out " off the reason. */
static int64_t take_direction(const char **reason)
{
	static const struct {
		const char *word;
		int64_t flags;
	} ways[] = { { "in ", ACCOUNT_FROZEN_IN },
		     { "out ", ACCOUNT_FROZEN_OUT } };

	for (size_t i = 0; i < COUNT(ways); i++) {
		size_t len = strlen(ways[i].word);

		if (strncmp(*reason, ways[i].word, len) == 0) {
			*reason += len + strspn(*reason + len, " ");
			return ways[i].flags;
		}
	}
	return ACCOUNT_FROZEN_IN | ACCOUNT_FROZEN_OUT;
}

/* ACCOUNT [in|out] REASON */
static enum err cmd_freeze(struct call *call)
{
	struct deal *deal = bank_act_new(call, ORDER_FREEZE);
	enum err e = deal_read(call, &deal, &freeze_form);
	const char *reason;
	int64_t flags;

	if (e != ERR_OK)
		return e;
	reason = call->argv[1];
	flags = take_direction(&reason);
	return start_freeze(call, deal, reason, flags);
}

static enum err cmd_thaw(struct call *call)
{
	struct deal *deal = bank_act_new(call, ORDER_FREEZE);
	enum err e = deal_read(call, &deal, &freeze_form);

	return e == ERR_OK ? start_freeze(call, deal, call->argv[1], 0) : e;
}

static enum err prepare_open(struct deal *deal)
{
	(void)snprintf(deal->target, sizeof(deal->target), "%s",
		       deal->order.name);
	return ERR_OK;
}

static void finish_open(struct call *call, struct deal *deal)
{
	call_say(call, "%s is open. #%" PRIu64, deal->target,
		 deal->order.entry.seq);
}

/* Names without a colon are those of people. */
static enum err cmd_open(struct call *call)
{
	static const struct deal_form form = { 1, { DEAL_OWN } };
	struct deal *deal = bank_act_new(call, ORDER_OPEN);
	enum err e = deal_read(call, &deal, &form);
	const char *name = call->argv[0];

	if (e != ERR_OK)
		return e;
	if (strchr(name, ':') == NULL || strlen(name) >= ACCOUNT_NAME) {
		deal_free(&deal);
		return call_refuse(call, ERR_BAD_NAME,
				   "The house's accounts are called "
				   "cash:NAME (with cash in it) or "
				   "house:NAME; at most %d bytes.",
				   ACCOUNT_NAME - 1);
	}
	(void)snprintf(deal->order.name, sizeof(deal->order.name), "%s", name);
	order_add_change(&deal->order, CHANGE_KIND, ACCOUNT_HOUSE);
	return deal_start(call, deal, prepare_open, finish_open);
}

/* A main account would be there again at the next login. */
static enum err prepare_close(struct deal *deal)
{
	struct account account;
	enum err e = bank_act_find(deal, deal->account, &account);

	deal->order.from = account.id;
	if (e == ERR_OK && account.kind == ACCOUNT_USER &&
	    account.name[0] == '\0')
		e = refusal_give(&deal->task.why, ERR_NOT_ALLOWED,
				 "A main account goes with its user: /bank "
				 "freeze keeps money in it, /users remove "
				 "ends both.");
	return e;
}

static void notice_close(const struct deal *deal, const char *memo,
			 struct buf *text)
{
	buf_print(text, "%s closed your account %s", deal->order.by.name,
		  deal->target);
	bank_act_print_reason(memo, text);
	bank_act_print_number(deal, text);
}

static void finish_close(struct call *call, struct deal *deal)
{
	call_say(call, "%s is closed. #%" PRIu64, deal->target,
		 deal->order.entry.seq);
}

/* ACCOUNT REASON */
static enum err cmd_close(struct call *call)
{
	static const struct deal_form form = { 2,
					       { DEAL_ACCOUNT, DEAL_REASON } };
	struct deal *deal = bank_act_new(call, ORDER_CLOSE);
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	deal->notice = notice_close;
	return deal_start(call, deal, prepare_close, finish_close);
}

const struct command commands_bank_act[] = {
	{ "bank limits", 2, ARGS_MOST, ROLE_ADMIN, 0, cmd_limits,
	  "ACCOUNT LIMIT=AMOUNT|none|default...", "what an account may do" },
	{ "bank freeze", 2, 2, ROLE_ADMIN, COMMAND_REST, cmd_freeze,
	  "ACCOUNT [in|out] REASON", "let no money in, or out" },
	{ "bank thaw", 2, 2, ROLE_ADMIN, COMMAND_REST, cmd_thaw,
	  "ACCOUNT REASON", "let money in and out again" },
	{ "bank open", 1, 2, ROLE_ADMIN, 0, cmd_open, "cash:NAME|house:NAME",
	  "open an account of the house" },
	{ "bank close", 2, 2, ROLE_ADMIN, COMMAND_REST, cmd_close,
	  "ACCOUNT REASON", "close an empty account" },
	{ 0 },
};
