#include "command/petition.h"

#include <inttypes.h>

#include "bank/book.h"
#include "bank/memo.h"
#include "base/clock.h"
#include "base/mem.h"
#include "chat/herald.h"
#include "command/entry_text.h"

/* Those that may need a second person; "": none of them. */
static const char *const words[ORDER_KINDS] = {
	[ORDER_TERMS] = "limits of",   [ORDER_DEPOSIT] = "deposit",
	[ORDER_WITHDRAW] = "withdraw", [ORDER_REVERSE] = "take back",
	[ORDER_ADJUST] = "move",
};

static void add_amount(const struct bank_text *t, money amount,
		       account_id debit, account_id credit, struct buf *out)
{
	char text[MONEY_TEXT];
	char from[BOOK_NAME];
	char to[BOOK_NAME];

	money_print_symbol(amount, &t->currency, text);
	bank_text_sides(t, debit, credit, from, to);
	buf_print(out, " %s from %s to %s", text, from, to);
}

static void add_entry(const struct bank_text *t, uint64_t seq, struct buf *out)
{
	struct entry entry;

	buf_print(out, " #%" PRIu64 ",", seq);
	if (book_entry(t->realm->store, seq, &entry) == ERR_OK &&
	    entry.leg_count > 0)
		add_amount(t, entry.legs[0].amount, entry.legs[0].debit,
			   entry.legs[0].credit, out);
}

static void add_terms(const struct bank_text *t, const struct order *order,
		      struct buf *out)
{
	char name[BOOK_NAME];

	bank_text_name(t, order->from, name);
	buf_print(out, " %s:", name);
	for (unsigned i = 0; i < order->change_count; i++) {
		const struct change *c = &order->changes[i];
		enum account_term term =
			(enum account_term)(c->tag - CHANGE_FLOOR);

		if (c->tag > CHANGE_NOTICE)
			continue;
		buf_print(out, " %s=", entry_text_terms[term]);
		entry_text_term(t, term, c->value, out);
	}
}

void petition_describe(const struct bank_text *t, const struct order *order,
		       struct buf *out)
{
	const char *word = words[order->kind];
	char remark[MEMO_SHOWN];

	buf_add_text(out, word != NULL ? word : "move");
	if (order->kind == ORDER_TERMS)
		add_terms(t, order, out);
	else if (order->kind == ORDER_REVERSE)
		add_entry(t, order->reference, out);
	else
		add_amount(t, order->amount, order->from, order->to, out);
	memo_remark(order->memo, remark);
	buf_add_text(out, remark);
}

static enum err keep(struct realm *realm, const struct order *order,
		     struct approval_filed *filed_r)
{
	struct audit_entry entry = { .user = order->by.user,
				     .session = order->by.session };

	AUDIT_SET(entry.action, "bank.ask");
	AUDIT_SET(entry.actor, order->by.name);
	AUDIT_SET(entry.address, order->by.address);
	AUDIT_SET(entry.target, order->target);
	return approval_file(realm->store, realm->trail, order, &entry,
			     filed_r);
}

static enum err refuse(struct refusal *why, const struct order *order,
		       const char *next)
{
	return refusal_give(why, ERR_APPROVAL_NEEDED, "%s %s", order->words,
			    next);
}

static void print_news(struct realm *realm, const struct order *order,
		       uint64_t number, struct buf *news)
{
	struct bank_text t;

	bank_text_init(&t, realm, 0);
	buf_print(news, "%s asks a second person: ", order->by.name);
	petition_describe(&t, order, news);
	buf_print(news, "\n/bank approve %" PRIu64 " or /bank reject %" PRIu64,
		  number, number);
}

enum err petition_file(struct realm *realm, const struct order *order,
		       struct refusal *why, struct buf *news)
{
	struct approval_filed filed;
	enum err e;

	if (order->by.user == 0)
		return refuse(why, order,
			      "Nobody knows who sits at the console: log in "
			      "and ask again.");
	e = keep(realm, order, &filed);
	if (e == ERR_EXISTS)
		return refusal_give(why, ERR_BUSY,
				    "Something was done under this id just "
				    "now. Ask again.");
	if (e == ERR_ID_CONFLICT)
		return refusal_give(why, e,
				    "You have used this id for something "
				    "else.");
	if (e == ERR_LIMIT)
		return refuse(why, order,
			      "Too many such things wait; see /bank pending.");
	if (e != ERR_OK)
		return e;
	if (filed.is_new)
		print_news(realm, order, filed.number, news);
	return refusal_give(why, ERR_APPROVAL_NEEDED,
			    "%s It waits as #%" PRIu64 " for another "
			    "administrator: /bank approve %" PRIu64 ".",
			    order->words, filed.number, filed.number);
}

void petition_tell(struct realm *realm, uint64_t origin, const char *news)
{
	if (news[0] != '\0')
		(void)herald_tell(realm->chat, ROLE_ADMIN, origin, news);
}

enum err petition_print_waiting(struct realm *realm, user_id user,
				struct buf *out)
{
	struct approval *list;
	size_t count;
	size_t waiting = 0;
	enum err e = approval_list(realm->store, &list, &count);

	for (size_t i = 0; i < count; i++)
		waiting += list[i].order.by.user != user;
	mem_free(list);
	if (waiting > 0)
		buf_print(out, "%zu %s for a second person: /bank pending\n",
			  waiting,
			  waiting == 1 ? "order waits" : "orders wait");
	return e;
}
