/* Orders that take an entry back: by an entry the other way round. */
#include <string.h>

#include "bank/judge/judge.h"
#include "bank/reversal.h"
#include "base/mem.h"
#include "store/record.h"

/* Who may take back which kinds. */
static const struct reversible {
	bool by_payer;
	bool by_receiver;
	bool by_teller;
	bool by_admin;
} reversible[ENTRY_KINDS] = {
	[ENTRY_DEPOSIT] = { .by_payer = true,
			    .by_teller = true,
			    .by_admin = true },
	[ENTRY_WITHDRAW] = { .by_payer = true,
			     .by_teller = true,
			     .by_admin = true },
	[ENTRY_PAY] = { .by_payer = true,
			.by_receiver = true,
			.by_admin = true },
	[ENTRY_TRANSFER] = { .by_payer = true, .by_admin = true },
	[ENTRY_CAPTURE] = { .by_receiver = true, .by_admin = true },
	[ENTRY_INTEREST] = { .by_admin = true },
	[ENTRY_OPENING] = { .by_admin = true },
	[ENTRY_ADJUST] = { .by_admin = true },
};

/* Members learn nothing of what is not theirs, not even that it is there. */
static enum err refuse_entry(struct order *order)
{
	bool is_member = order->by.authority == AUTHORITY_MEMBER;

	return order_refuse(order, ERR_NOT_FOUND, "There is no entry #%llu%s.",
			    (unsigned long long)order->reference,
			    is_member ? " of yours" : "");
}

/* Has the one who acts done it, or seen it in an account? */
static enum err check_concern(struct batch *batch, struct order *order,
			      const struct entry *entry)
{
	user_id user = order->by.user;
	enum err e = ERR_OK;

	if (order->by.authority != AUTHORITY_MEMBER ||
	    (user != 0 && entry->actor == user))
		return ERR_OK;
	for (unsigned i = 0; e == ERR_OK && i < 2 * entry->leg_count; i++) {
		const struct leg *leg = &entry->legs[i / 2];
		const struct account *account;

		e = judge_account(batch, order,
				  i % 2 == 0 ? leg->debit : leg->credit,
				  &account);
		if (e == ERR_OK && account_is_of(account, user))
			return ERR_OK;
	}
	return e == ERR_OK ? refuse_entry(order) : e;
}

static enum err read_entry(struct batch *batch, struct order *order,
			   struct entry *entry_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(order->reference, key);
	e = store_get(batch->txn, batch->tables->entries, key, sizeof(key),
		      &value);
	if (e == ERR_NOT_FOUND)
		return refuse_entry(order);
	if (e == ERR_OK &&
	    !entry_decode(buf_at(&value), buf_len(&value), entry_r))
		e = ERR_CORRUPT;
	return e == ERR_OK ? check_concern(batch, order, entry_r) : e;
}

static enum err refuse_kind(struct order *order, const struct entry *entry)
{
	return order_refuse(order, ERR_NOT_ALLOWED,
			    "#%llu (%s) cannot be taken back by you.",
			    (unsigned long long)entry->seq,
			    entry_kind_word(entry->kind));
}

/* Has it been taken back? */
static enum err check_once(struct batch *batch, struct order *order)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	uint64_t by;
	enum err e;

	record_key(order->reference, key);
	e = store_get(batch->txn, batch->tables->reversals, key, sizeof(key),
		      &value);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if (!reversal_decode(buf_at(&value), buf_len(&value), &by))
		return ERR_CORRUPT;
	return order_refuse(
		order, ERR_EXISTS, "#%llu was taken back already, by #%llu.",
		(unsigned long long)order->reference, (unsigned long long)by);
}

static enum err mark(struct batch *batch, const struct order *order)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	reversal_encode(order->entry.seq, &value);
	record_key(order->reference, key);
	return store_add(batch->txn, batch->tables->reversals, key, sizeof(key),
			 buf_at(&value), buf_len(&value));
}

static enum err post(struct batch *batch, struct order *order,
		     const struct entry *original, unsigned legs)
{
	struct entry entry = { .kind = ENTRY_REVERSE,
			       .reference = original->seq };
	enum err e;

	memcpy(entry.memo, order->memo, sizeof(entry.memo));
	while (legs > 0) {
		const struct leg *leg = &original->legs[--legs];

		if (!entry_add_leg(&entry, leg->credit, leg->debit,
				   leg->amount))
			return ERR_CORRUPT;
	}
	e = order->by.authority == AUTHORITY_MEMBER
		    ? batch_post(batch, order, &entry)
		    : judge_post(batch, order, &entry,
				 original->legs[0].amount);
	return e == ERR_OK ? mark(batch, order) : e;
}

static enum err check_window(const struct batch *batch, struct order *order,
			     const struct entry *original)
{
	int64_t window_ms = batch->settings.undo_window_s * 1000;
	int64_t age_ms = batch->now_ms - original->time_ms;

	if (age_ms >= 0 && age_ms <= window_ms)
		return ERR_OK;
	return order_refuse(order, ERR_WINDOW_CLOSED,
			    "It is too late to undo #%llu. The receiver can "
			    "refund it.",
			    (unsigned long long)original->seq);
}

/* The account that cash went into, or came from. */
static account_id customer(const struct entry *original)
{
	const struct leg *leg = &original->legs[0];

	return original->kind == ENTRY_DEPOSIT ? leg->credit : leg->debit;
}

static account_id till_of(const struct entry *original)
{
	const struct leg *leg = &original->legs[0];

	return original->kind == ENTRY_DEPOSIT ? leg->debit : leg->credit;
}

/*
 * Cash that a teller has handled is the teller's to take back; and the notes
 * that a terminal gave out are elsewhere now, unless it says that they are not.
 */
static enum err check_own_cash(struct batch *batch, struct order *order,
			       const struct entry *original)
{
	const struct account *account;
	const struct account *till;
	enum err e;

	if (original->kind != ENTRY_DEPOSIT && original->kind != ENTRY_WITHDRAW)
		return ERR_OK;
	e = judge_account(batch, order, customer(original), &account);
	if (e == ERR_OK && !account_is_of(account, order->by.user))
		e = order_refuse(order, ERR_NOT_ALLOWED,
				 "That was cash for somebody else: correct "
				 "it as a teller.");
	if (e == ERR_OK)
		e = judge_account(batch, order, till_of(original), &till);
	return e == ERR_OK ? judge_self(batch, order, till) : e;
}

static enum err check_member(struct batch *batch, struct order *order,
			     const struct entry *original)
{
	enum err e;

	if (original->actor != order->by.user || order->by.user == 0)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "#%llu was not done by you.",
				    (unsigned long long)original->seq);
	if (!reversible[original->kind].by_payer)
		return refuse_kind(order, original);
	e = check_own_cash(batch, order, original);
	return e == ERR_OK ? check_window(batch, order, original) : e;
}

/* At a till that the teller has open, since before the mistake. */
static enum err check_teller(struct batch *batch, struct order *order,
			     const struct entry *original)
{
	const struct account *account;
	const struct account *till;
	enum err e;

	if (!reversible[original->kind].by_teller)
		return refuse_kind(order, original);
	if (original->actor != order->by.user || order->by.user == 0)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "Somebody else has done #%llu.",
				    (unsigned long long)original->seq);
	e = judge_account(batch, order, customer(original), &account);
	if (e == ERR_OK)
		e = judge_customer(order, account);
	if (e == ERR_OK)
		e = judge_account(batch, order, till_of(original), &till);
	if (e != ERR_OK)
		return e;
	if (till->till_user != order->by.user ||
	    till->till_opened > original->seq)
		return order_refuse(order, ERR_WINDOW_CLOSED,
				    "That was before you opened the till; an "
				    "administrator can take it back.");
	return ERR_OK;
}

static enum err check_right(struct batch *batch, struct order *order,
			    const struct entry *original)
{
	switch (order->by.authority) {
	case AUTHORITY_MEMBER:
		return check_member(batch, order, original);
	case AUTHORITY_TELLER:
		return check_teller(batch, order, original);
	case AUTHORITY_ADMIN:
	case AUTHORITY_BANK:
		return reversible[original->kind].by_admin
			       ? ERR_OK
			       : refuse_kind(order, original);
	}
	return ERR_CORRUPT;
}

enum err judge_reverse(struct batch *batch, struct order *order)
{
	struct entry original = { 0 };
	enum err e = read_entry(batch, order, &original);

	if (e == ERR_OK && original.leg_count == 0)
		e = refuse_kind(order, &original);
	if (e == ERR_OK)
		e = check_right(batch, order, &original);
	if (e == ERR_OK)
		e = check_once(batch, order);
	return e == ERR_OK ? post(batch, order, &original, original.leg_count)
			   : e;
}

static enum err refuse_not_paid(struct order *order)
{
	return order_refuse(order, ERR_NOT_ALLOWED,
			    "#%llu was not paid to you.",
			    (unsigned long long)order->reference);
}

enum err judge_refund(struct batch *batch, struct order *order)
{
	const struct account *receiver;
	struct entry original = { 0 };
	enum err e = read_entry(batch, order, &original);

	if (e == ERR_OK && original.leg_count == 0)
		e = refuse_not_paid(order);
	if (e == ERR_OK)
		e = judge_account(batch, order, original.legs[0].credit,
				  &receiver);
	if (e == ERR_OK && !account_is_of(receiver, order->by.user))
		e = refuse_not_paid(order);
	if (e == ERR_OK && !reversible[original.kind].by_receiver)
		e = refuse_kind(order, &original);
	if (e == ERR_OK)
		e = check_once(batch, order);
	/* What the house took for it stays with the house. */
	return e == ERR_OK ? post(batch, order, &original, 1) : e;
}
