#include "bank/account.h"

#include <string.h>

#include "bank/entry.h"
#include "store/record.h"

enum {
	ACCOUNT_VERSION = 1,
	MONTH_VERSION = 1,
	DAYS_OF_MONTH = 100, /* in a date, which is yyyymmdd */
};

money account_available(const struct account *account)
{
	return account->posted - account->held;
}

bool account_is_till(const struct account *account)
{
	return account->kind == ACCOUNT_HOUSE &&
	       strncmp(account->name, "cash:", strlen("cash:")) == 0;
}

bool account_is_of(const struct account *account, user_id user)
{
	if (user == 0)
		return false;
	if (account->kind == ACCOUNT_USER)
		return account->owner == user;
	for (unsigned i = 0; i < account->holder_count; i++)
		if (account->holders[i] == user)
			return true;
	return false;
}

uint32_t account_month(const struct account *account)
{
	return account->date / DAYS_OF_MONTH;
}

void account_encode(const struct account *a, struct buf *out)
{
	record_begin(out, ACCOUNT_VERSION);
	record_put_u64(out, a->id);
	record_put_u8(out, (uint8_t)a->kind);
	record_put_u64(out, a->owner);
	record_put_text(out, a->name);
	record_put_u8(out, (uint8_t)a->flags);
	record_put_i64(out, a->posted);
	record_put_i64(out, a->held);
	for (unsigned i = 0; i < TERMS; i++)
		record_put_i64(out, a->terms[i]);
	record_put_u8(out, (uint8_t)a->holder_count);
	for (unsigned i = 0; i < a->holder_count; i++)
		record_put_u64(out, a->holders[i]);
	record_put_u64(out, a->last);
	record_put_u64(out, a->entries);
	record_put_i64(out, a->opened_ms);
	record_put_u32(out, a->date);
	record_put_i64(out, a->day_out);
	record_put_i64(out, a->day_deposited);
	record_put_i64(out, a->month_in);
	record_put_i64(out, a->month_out);
	record_put_u64(out, a->month_entries);
	record_put_u64(out, a->till_user);
	record_put_u64(out, a->till_opened);
}

static bool get_holders(struct record_reader *r, struct account *a)
{
	a->holder_count = record_get_u8(r);
	if (a->holder_count > HOLDERS_MOST)
		return false;
	for (unsigned i = 0; i < a->holder_count; i++)
		a->holders[i] = record_get_u64(r);
	return true;
}

static bool get_standing(struct record_reader *r, struct account *a)
{
	a->flags = record_get_u8(r);
	a->posted = record_get_i64(r);
	a->held = record_get_i64(r);
	for (unsigned i = 0; i < TERMS; i++)
		a->terms[i] = record_get_i64(r);
	return a->posted >= -MONEY_MOST && a->posted <= MONEY_MOST &&
	       a->held >= 0 && a->held <= MONEY_MOST;
}

bool account_decode(const void *bytes, size_t len, struct account *account_r)
{
	struct account a = { 0 };
	struct record_reader r;
	unsigned kind;

	record_open(&r, bytes, len);
	a.id = record_get_u64(&r);
	kind = record_get_u8(&r);
	if (r.version != ACCOUNT_VERSION || a.id == 0 || kind < ACCOUNT_USER ||
	    kind > ACCOUNT_HOUSE)
		return false;
	a.kind = (enum account_kind)kind;
	a.owner = record_get_u64(&r);
	record_get_text(&r, a.name, sizeof(a.name));
	if (!get_standing(&r, &a) || !get_holders(&r, &a))
		return false;
	a.last = record_get_u64(&r);
	a.entries = record_get_u64(&r);
	a.opened_ms = record_get_i64(&r);
	a.date = record_get_u32(&r);
	a.day_out = record_get_i64(&r);
	a.day_deposited = record_get_i64(&r);
	a.month_in = record_get_i64(&r);
	a.month_out = record_get_i64(&r);
	a.month_entries = record_get_u64(&r);
	a.till_user = record_get_u64(&r);
	a.till_opened = record_get_u64(&r);
	if (!record_close(&r))
		return false;
	*account_r = a;
	return true;
}

void account_month_encode(const struct account_month *month, struct buf *out)
{
	record_begin(out, MONTH_VERSION);
	record_put_u32(out, month->month);
	record_put_i64(out, month->in);
	record_put_i64(out, month->out);
	record_put_u64(out, month->entries);
	record_put_i64(out, month->posted);
	record_put_u64(out, month->last);
}

bool account_month_decode(const void *bytes, size_t len,
			  struct account_month *month_r)
{
	struct account_month month = { 0 };
	struct record_reader r;

	record_open(&r, bytes, len);
	month.month = record_get_u32(&r);
	month.in = record_get_i64(&r);
	month.out = record_get_i64(&r);
	month.entries = record_get_u64(&r);
	month.posted = record_get_i64(&r);
	month.last = record_get_u64(&r);
	if (!record_close(&r) || r.version != MONTH_VERSION)
		return false;
	*month_r = month;
	return true;
}

/*
 * Sums of what went in and out may exceed what a balance may; they stay at
 * their bound.
 */
static void count(money *sum, money amount)
{
	if (!money_add(*sum, amount, sum))
		*sum = MONEY_MOST;
}

void account_month_join(struct account_month *month,
			const struct account_month *earlier)
{
	count(&month->in, earlier->in);
	count(&month->out, earlier->out);
	month->entries += earlier->entries;
}

/* A new day, and perhaps a new month, begins for the account. */
static void begin_day(struct account *a, uint32_t date,
		      struct account_month *ended_r)
{
	if (date == a->date)
		return;
	a->day_out = 0;
	a->day_deposited = 0;
	if (a->date != 0 && date / DAYS_OF_MONTH != account_month(a)) {
		*ended_r = (struct account_month){
			account_month(a), a->month_in, a->month_out,
			a->month_entries, a->posted,   a->last,
		};
		a->month_in = 0;
		a->month_out = 0;
		a->month_entries = 0;
	}
	a->date = date;
}

static bool add(money *sum, money amount)
{
	return money_add(*sum, amount, sum);
}

/* What leaves on the member's own word counts towards the day. */
static bool counts_for_day(enum entry_kind kind)
{
	return kind == ENTRY_PAY || kind == ENTRY_WITHDRAW ||
	       kind == ENTRY_HOLD;
}

static bool move(struct account *a, const struct entry *entry)
{
	money net = entry_net(entry, a->id);

	/* All of it, whatever fee goes off. */
	if (entry->kind == ENTRY_DEPOSIT && entry->leg_count > 0 &&
	    entry->legs[0].credit == a->id)
		count(&a->day_deposited, entry->legs[0].amount);
	if (net == 0)
		return true;
	if (!add(&a->posted, net))
		return false;
	count(net > 0 ? &a->month_in : &a->month_out, net > 0 ? net : -net);
	if (net < 0 && counts_for_day(entry->kind))
		count(&a->day_out, -net);
	return true;
}

static bool hold(struct account *a, const struct entry *entry)
{
	if (entry->subject != a->id)
		return true;
	switch (entry->kind) {
	case ENTRY_HOLD:
		count(&a->day_out, entry->amount);
		return entry->amount > 0 && add(&a->held, entry->amount);
	case ENTRY_CAPTURE:
	case ENTRY_RELEASE:
	case ENTRY_EXPIRE:
		if (entry->amount <= 0 || entry->amount > a->held)
			return false;
		a->held -= entry->amount;
		return true;
	default:
		return true;
	}
}

static bool take_holder(struct account *a, user_id user)
{
	for (unsigned i = 0; i < a->holder_count; i++) {
		if (a->holders[i] != user)
			continue;
		a->holder_count--;
		memmove(&a->holders[i], &a->holders[i + 1],
			(a->holder_count - i) * sizeof(a->holders[0]));
		a->holders[a->holder_count] = 0;
		return true;
	}
	return false;
}

static bool change(struct account *a, const struct entry *entry,
		   const struct change *change)
{
	switch (change->tag) {
	case CHANGE_KIND:
		a->kind = (enum account_kind)change->value;
		return true;
	case CHANGE_OWNER:
		a->owner = (user_id)change->value;
		return true;
	case CHANGE_HOLDER_IN:
		if (a->holder_count == HOLDERS_MOST)
			return false;
		a->holders[a->holder_count++] = (user_id)change->value;
		return true;
	case CHANGE_HOLDER_OUT:
		return take_holder(a, (user_id)change->value);
	case CHANGE_FLAGS:
		a->flags = (unsigned)change->value;
		return true;
	case CHANGE_TILL:
		a->till_user = (user_id)change->value;
		a->till_opened = change->value != 0 ? entry->seq : 0;
		return true;
	default:
		if (change->tag > (int)TERMS)
			return false;
		a->terms[change->tag - CHANGE_FLOOR] = change->value;
		return true;
	}
}

static void open(struct account *a, const struct entry *entry)
{
	memset(a, 0, sizeof(*a));
	a->id = entry->seq;
	a->opened_ms = entry->time_ms;
	memcpy(a->name, entry->name, sizeof(a->name));
	a->name[sizeof(a->name) - 1] = '\0';
	for (unsigned i = 0; i < TERMS; i++)
		a->terms[i] = TERM_DEFAULT;
}

bool account_apply(struct account *account, const struct entry *entry,
		   struct account_month *ended_r)
{
	memset(ended_r, 0, sizeof(*ended_r));
	if (entry->kind == ENTRY_OPEN)
		open(account, entry);
	begin_day(account, entry->date, ended_r);
	if (!move(account, entry) || !hold(account, entry))
		return false;
	if (entry->subject == account->id)
		for (unsigned i = 0; i < entry->change_count; i++)
			if (!change(account, entry, &entry->changes[i]))
				return false;
	account->last = entry->seq;
	account->entries++;
	account->month_entries++;
	return true;
}
