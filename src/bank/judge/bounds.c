#include "bank/judge/bounds.h"

enum bound {
	BOUND_FREEZE = 1,
	BOUND_FLOOR = 2,
	BOUND_CEILING = 4,
	BOUND_CAPS = 8, /* per transfer and per day: a member's own acts */
	BOUND_ALL = 15,
};

/* What does not stand here changes no balance. */
static const unsigned bounds_of[ENTRY_KINDS] = {
	[ENTRY_DEPOSIT] = BOUND_FREEZE | BOUND_FLOOR | BOUND_CEILING,
	[ENTRY_WITHDRAW] = BOUND_ALL,
	[ENTRY_PAY] = BOUND_ALL,
	[ENTRY_TRANSFER] = BOUND_FREEZE | BOUND_FLOOR | BOUND_CEILING,
	[ENTRY_HOLD] = BOUND_ALL,
	[ENTRY_CAPTURE] = BOUND_FREEZE | BOUND_CEILING,
	/* What comes back may come above a ceiling. */
	[ENTRY_REVERSE] = BOUND_FREEZE | BOUND_FLOOR,
	[ENTRY_TILL] = BOUND_FLOOR,
	[ENTRY_ADJUST] = BOUND_FREEZE | BOUND_FLOOR | BOUND_CEILING,
};

/* The account in question, and what the entry is about to make of it. */
struct question {
	const struct bank_rules *rules;
	struct order *order;
	const struct entry *entry;
	const struct account *before;
	const struct account *after;
};

/* May the one who acts read what is in the account? */
static bool may_know(const struct question *q)
{
	return q->order->by.authority != AUTHORITY_MEMBER ||
	       account_is_of(q->before, q->order->by.user);
}

static int64_t term(const struct question *q, enum account_term term)
{
	return meta_term(q->rules, q->before, term);
}

static enum err check_open(const struct question *q)
{
	if ((q->before->flags & ACCOUNT_CLOSED) == 0)
		return ERR_OK;
	return order_refuse(q->order, ERR_ACCOUNT_CLOSED,
			    may_know(q) ? "The account is closed."
					: "The other account is closed.");
}

/* Of others it is told that it is so, and no more. */
static enum err refuse_frozen(const struct question *q, const char *direction)
{
	if (!may_know(q))
		return order_refuse(q->order, ERR_FROZEN,
				    "The other account is frozen.");
	return order_refuse(q->order, ERR_FROZEN,
			    "The account is frozen: nothing may %s. Ask an "
			    "administrator.",
			    direction);
}

static enum err check_freeze(const struct question *q)
{
	bool is_in = q->after->posted > q->before->posted;
	bool is_out = q->after->posted < q->before->posted ||
		      q->after->held > q->before->held;

	if (is_in && (q->before->flags & ACCOUNT_FROZEN_IN) != 0)
		return refuse_frozen(q, "come in");
	if (is_out && (q->before->flags & ACCOUNT_FROZEN_OUT) != 0)
		return refuse_frozen(q, "go out");
	return ERR_OK;
}

static enum err check_floor(const struct question *q)
{
	money available = account_available(q->before);
	int64_t floor = term(q, TERM_FLOOR);
	char have[MONEY_TEXT];
	char least[MONEY_TEXT];

	if (account_available(q->after) >= available || floor == MONEY_NONE ||
	    account_available(q->after) >= floor)
		return ERR_OK;
	if (!may_know(q))
		return order_refuse(q->order, ERR_INSUFFICIENT_FUNDS,
				    "There is not enough in the other "
				    "account.");
	money_print_symbol(available, &q->rules->currency, have);
	money_print_symbol(floor, &q->rules->currency, least);
	if (floor == 0)
		return order_refuse(q->order, ERR_INSUFFICIENT_FUNDS,
				    "There is not enough: %s can be spent.",
				    have);
	return order_refuse(q->order, ERR_INSUFFICIENT_FUNDS,
			    "There is not enough: the account has %s, and "
			    "may not fall below %s.",
			    have, least);
}

static enum err check_ceiling(const struct question *q)
{
	int64_t ceiling = term(q, TERM_CEILING);
	char most[MONEY_TEXT];

	if (q->after->posted <= q->before->posted || ceiling == MONEY_NONE ||
	    q->after->posted <= ceiling)
		return ERR_OK;
	if (!may_know(q))
		return order_refuse(q->order, ERR_ABOVE_CEILING,
				    "The other account may not hold so much.");
	money_print_symbol(ceiling, &q->rules->currency, most);
	return order_refuse(q->order, ERR_ABOVE_CEILING,
			    "The account may not hold more than %s.", most);
}

static enum err check_caps(const struct question *q)
{
	money out = account_available(q->before) - account_available(q->after);
	int64_t at_once = term(q, TERM_PER_TRANSFER);
	int64_t in_day = term(q, TERM_PER_DAY);
	char most[MONEY_TEXT];

	if (out <= 0 || q->order->by.authority != AUTHORITY_MEMBER ||
	    q->before->kind == ACCOUNT_HOUSE)
		return ERR_OK;
	if (at_once != MONEY_NONE && out > at_once) {
		money_print_symbol(at_once, &q->rules->currency, most);
		return order_refuse(q->order, ERR_LIMIT,
				    "At most %s may leave the account at "
				    "once.",
				    most);
	}
	if (in_day != MONEY_NONE && q->after->day_out > in_day) {
		money_print_symbol(in_day, &q->rules->currency, most);
		return order_refuse(q->order, ERR_LIMIT,
				    "At most %s may leave the account in a "
				    "day.",
				    most);
	}
	return ERR_OK;
}

enum err bounds_check(const struct bank_rules *rules, struct order *order,
		      const struct entry *entry, const struct account *before,
		      const struct account *after)
{
	static const struct {
		unsigned bound;
		enum err (*check)(const struct question *q);
	} checks[] = {
		{ BOUND_FREEZE, check_freeze },
		{ BOUND_FLOOR, check_floor },
		{ BOUND_CEILING, check_ceiling },
		{ BOUND_CAPS, check_caps },
	};
	const struct question q = { rules, order, entry, before, after };
	enum err e = check_open(&q);

	for (size_t i = 0; e == ERR_OK && i < sizeof(checks) / sizeof(*checks);
	     i++)
		if ((bounds_of[entry->kind] & checks[i].bound) != 0)
			e = checks[i].check(&q);
	return e;
}
