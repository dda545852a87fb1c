/* Writing entries: what they make of accounts, and what accounts allow. */
#include "model.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

enum { FREEZE = 1, FLOOR = 2, CEILING = 4, CAPS = 8 };

static unsigned bounds(enum entry_kind kind)
{
	switch (kind) {
	case ENTRY_WITHDRAW:
	case ENTRY_PAY:
	case ENTRY_HOLD:
		return FREEZE | FLOOR | CEILING | CAPS;
	case ENTRY_DEPOSIT:
	case ENTRY_TRANSFER:
	case ENTRY_ADJUST:
		return FREEZE | FLOOR | CEILING;
	case ENTRY_CAPTURE:
		return FREEZE | CEILING;
	case ENTRY_REVERSE:
		return FREEZE | FLOOR;
	case ENTRY_TILL:
		return FLOOR;
	default:
		return 0;
	}
}

static int64_t term(const struct model *m, const struct model_account *a,
		    enum account_term term)
{
	if (a->terms[term] != TERM_DEFAULT)
		return a->terms[term];
	return a->kind == ACCOUNT_HOUSE ? MONEY_NONE : m->terms[term];
}

/* What an entry is about to make of an account. */
struct future {
	struct model_account *account;
	money posted;
	money held;
	money day_out;
	money day_deposited;
};

static enum err check_caps(const struct model *m, const struct order *order,
			   const struct future *f)
{
	const struct model_account *a = f->account;
	money out = model_available(a) - (f->posted - f->held);
	int64_t at_once = term(m, a, TERM_PER_TRANSFER);
	int64_t in_day = term(m, a, TERM_PER_DAY);

	if (order->by.authority != AUTHORITY_MEMBER ||
	    a->kind == ACCOUNT_HOUSE || out <= 0)
		return ERR_OK;
	if (at_once != MONEY_NONE && out > at_once)
		return ERR_LIMIT;
	return in_day != MONEY_NONE && f->day_out > in_day ? ERR_LIMIT : ERR_OK;
}

static enum err check(const struct model *m, const struct order *order,
		      enum entry_kind kind, const struct future *f)
{
	const struct model_account *a = f->account;
	int64_t floor = term(m, a, TERM_FLOOR);
	int64_t ceiling = term(m, a, TERM_CEILING);
	unsigned which = bounds(kind);

	if (f->posted > MONEY_MOST || f->posted < -MONEY_MOST ||
	    f->held > MONEY_MOST)
		return ERR_LIMIT;
	if ((a->flags & ACCOUNT_CLOSED) != 0)
		return ERR_ACCOUNT_CLOSED;
	if ((which & FREEZE) != 0 && (a->flags & ACCOUNT_FROZEN_IN) != 0 &&
	    f->posted > a->posted)
		return ERR_FROZEN;
	if ((which & FREEZE) != 0 && (a->flags & ACCOUNT_FROZEN_OUT) != 0 &&
	    (f->posted < a->posted || f->held > a->held))
		return ERR_FROZEN;
	if ((which & FLOOR) != 0 && floor != MONEY_NONE &&
	    f->posted - f->held < model_available(a) &&
	    f->posted - f->held < floor)
		return ERR_INSUFFICIENT_FUNDS;
	if ((which & CEILING) != 0 && ceiling != MONEY_NONE &&
	    f->posted > a->posted && f->posted > ceiling)
		return ERR_ABOVE_CEILING;
	return (which & CAPS) != 0 ? check_caps(m, order, f) : ERR_OK;
}

static money net_of(const struct model_draft *draft, account_id id)
{
	money net = 0;

	for (unsigned i = 0; i < draft->leg_count; i++) {
		if (draft->legs[i].debit == id)
			net -= draft->legs[i].amount;
		if (draft->legs[i].credit == id)
			net += draft->legs[i].amount;
	}
	return net;
}

static money hold_change(const struct model_draft *draft, account_id id)
{
	if (draft->subject != id)
		return 0;
	switch (draft->kind) {
	case ENTRY_HOLD:
		return draft->amount;
	case ENTRY_CAPTURE:
	case ENTRY_RELEASE:
	case ENTRY_EXPIRE:
		return -draft->amount;
	default:
		return 0;
	}
}

static void foresee(const struct model *m, const struct model_draft *draft,
		    struct model_account *a, struct future *f)
{
	money net = net_of(draft, a->id);
	bool is_today = a->date == m->date;

	*f = (struct future){ a, a->posted + net,
			      a->held + hold_change(draft, a->id),
			      is_today ? a->day_out : 0,
			      is_today ? a->day_deposited : 0 };
	if (draft->kind == ENTRY_HOLD)
		f->day_out += draft->amount;
	if ((draft->kind == ENTRY_PAY || draft->kind == ENTRY_WITHDRAW) &&
	    net < 0)
		f->day_out -= net;
	if (draft->kind == ENTRY_DEPOSIT && draft->legs[0].credit == a->id)
		f->day_deposited += draft->legs[0].amount;
}

static struct model_month *month_of(struct model_account *a, uint32_t month)
{
	for (size_t i = a->month_count; i > 0; i--)
		if (a->months[i - 1].month == month)
			return &a->months[i - 1];
	a->months = mem_resize(a->months,
			       (a->month_count + 1) * sizeof(*a->months));
	a->months[a->month_count] = (struct model_month){ .month = month };
	return &a->months[a->month_count++];
}

static money bounded(money sum)
{
	return sum > MONEY_MOST ? MONEY_MOST : sum;
}

static void write_line(struct model *m, struct model_account *a, money net)
{
	struct model_month *month = month_of(a, m->date / 100);
	size_t n = a->line_count;

	if (n == 0 || (n & (n - 1)) == 0)
		a->lines = mem_resize(a->lines,
				      (n == 0 ? 1 : 2 * n) * sizeof(*a->lines));
	a->lines[a->line_count++] =
		(struct model_line){ m->entry_count, a->posted, a->held };
	month->entries++;
	month->posted = a->posted;
	month->last = m->entry_count;
	if (net > 0)
		month->in = bounded(month->in + net);
	else
		month->out = bounded(month->out - net);
}

static void shape(struct model *m, struct model_account *a,
		  const struct change *change)
{
	switch (change->tag) {
	case CHANGE_KIND:
		a->kind = (enum account_kind)change->value;
		break;
	case CHANGE_OWNER:
		a->owner = (user_id)change->value;
		break;
	case CHANGE_HOLDER_IN:
		a->holders[a->holder_count++] = (user_id)change->value;
		break;
	case CHANGE_HOLDER_OUT:
		for (unsigned i = 0, n = 0; i < a->holder_count; i++)
			if (a->holders[i] != (user_id)change->value)
				a->holders[n++] = a->holders[i];
		a->holders[--a->holder_count] = 0;
		break;
	case CHANGE_FLAGS:
		a->flags = (unsigned)change->value;
		break;
	case CHANGE_TILL:
		a->till_user = (user_id)change->value;
		a->till_opened = change->value != 0 ? m->entry_count : 0;
		break;
	default:
		a->terms[change->tag - CHANGE_FLOOR] = change->value;
	}
}

static void settle(struct model *m, const struct model_draft *draft,
		   const struct future *f)
{
	struct model_account *a = f->account;

	a->posted = f->posted;
	a->held = f->held;
	a->date = m->date;
	a->day_out = bounded(f->day_out);
	a->day_deposited = bounded(f->day_deposited);
	if (draft->subject == a->id)
		for (unsigned i = 0; i < draft->change_count; i++)
			shape(m, a, &draft->changes[i]);
	write_line(m, a, net_of(draft, a->id));
}

void model_side(struct model_draft *draft, account_id account)
{
	for (unsigned i = 0; i < draft->side_count; i++)
		if (draft->sides[i] == account)
			return;
	assert(draft->side_count < MODEL_SIDES);
	draft->sides[draft->side_count++] = account;
}

bool model_leg(struct model_draft *draft, account_id debit, account_id credit,
	       money amount)
{
	if (amount <= 0 || amount > MONEY_MOST)
		return false;
	assert(draft->leg_count < MODEL_LEGS);
	draft->legs[draft->leg_count++] = (struct leg){ debit, credit, amount };
	model_side(draft, debit);
	model_side(draft, credit);
	return true;
}

/* What is expected to be told of the entry. */
static void tell(struct model *m, const struct model_draft *draft)
{
	m->answer.seq = m->entry_count;
	m->answer.side_count = draft->side_count;
	for (unsigned i = 0; i < draft->side_count; i++) {
		struct model_account *a = model_account(m, draft->sides[i]);

		m->answer.sides[i] = a->id;
		m->answer.lines[i] = a->lines[a->line_count - 1];
	}
}

/* order NULL: of the bank itself, and nobody is told. */
enum err model_post(struct model *m, const struct order *order,
		    struct model_draft *draft)
{
	struct future futures[MODEL_SIDES];
	struct model_entry *entry;

	for (unsigned i = 0; order != NULL && i < draft->side_count; i++)
		(void)model_touch(m, draft->sides[i]);
	for (unsigned i = 0; i < draft->side_count; i++) {
		enum err e;

		foresee(m, draft, model_account(m, draft->sides[i]),
			&futures[i]);
		e = check(m, order, draft->kind, &futures[i]);
		if (e != ERR_OK)
			return e;
	}
	if (order != NULL && model_needs_approval(m, order, draft->approve))
		return ERR_APPROVAL_NEEDED;
	entry = model_add_entry(m, draft->kind,
				order != NULL ? order->by.user : 0);
	memcpy(entry->legs, draft->legs, sizeof(entry->legs));
	entry->leg_count = draft->leg_count;
	if (draft->kind == ENTRY_OPEN) {
		struct model_account *a = model_add_account(m);

		draft->subject = a->id;
		draft->sides[draft->side_count++] = a->id;
		futures[0] = (struct future){ .account = a };
	}
	for (unsigned i = 0; i < draft->side_count; i++)
		settle(m, draft, &futures[i]);
	if (order != NULL)
		tell(m, draft);
	return ERR_OK;
}

void model_end_hold(struct model *m, size_t place)
{
	struct model_hold *hold = &m->holds[place];
	struct model_account *a = model_account(m, hold->from);

	hold->is_open = false;
	for (size_t i = 0; i < a->hold_count; i++)
		if (a->holds[i] == place)
			a->holds[i] = a->holds[--a->hold_count];
	for (size_t i = 0; i < m->open_hold_count; i++)
		if (m->open_holds[i] == place)
			m->open_holds[i] = m->open_holds[--m->open_hold_count];
}

static bool is_before(const struct model_hold *a, const struct model_hold *b)
{
	return a->due_ms < b->due_ms ||
	       (a->due_ms == b->due_ms && a->seq < b->seq);
}

/* The overdue hold that ended first; NULL. */
static const struct model_hold *first_overdue(const struct model *m,
					      const struct model_account *a)
{
	const struct model_hold *first = NULL;

	for (size_t i = 0; i < a->hold_count; i++) {
		const struct model_hold *hold = &m->holds[a->holds[i]];

		if (hold->due_ms <= m->now_ms &&
		    (first == NULL || is_before(hold, first)))
			first = hold;
	}
	return first;
}

struct model_account *model_touch(struct model *m, account_id id)
{
	struct model_account *a = model_account(m, id);
	const struct model_hold *hold;

	while (a != NULL && (hold = first_overdue(m, a)) != NULL) {
		struct model_draft draft = { .kind = ENTRY_EXPIRE,
					     .subject = id,
					     .amount = hold->amount };

		model_end_hold(m, (size_t)(hold - m->holds));
		model_side(&draft, id);
		if (model_post(m, NULL, &draft) != ERR_OK)
			assert(false);
	}
	return a;
}
