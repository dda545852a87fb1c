/* The command that divides what the caller has paid for several people. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "command/asking.h"
#include "command/deal_line.h"
#include "command/families.h"
#include "crypto/uuid.h"

enum { PEOPLE_MOST = 20 };

/* Orders of one group; the first is the deal's own. */
struct split {
	struct deal deal;
	money total;
	char names[PEOPLE_MOST][BOOK_NAME]; /* of those who are asked */
	unsigned count;
	struct order more[PEOPLE_MOST - 1];
};

static struct order *order_of(struct split *s, unsigned i)
{
	return i == 0 ? &s->deal.order : &s->more[i - 1];
}

/* The caller's share is the first: spare cents are the caller's first. */
static money share_of(const struct split *s, unsigned i)
{
	return money_part(s->total, s->count + 1, i);
}

/* The ids of a group follow from the one that was given. */
static void derive_id(const struct order *first, unsigned i, struct uuid *id_r)
{
	uint8_t bytes[UUID_BYTES + 1];

	if (uuid_is_none(&first->id))
		return;
	memcpy(bytes, first->id.bytes, UUID_BYTES);
	bytes[UUID_BYTES] = (uint8_t)i;
	uuid_derive(bytes, sizeof(bytes), id_r);
}

static void link_orders(struct split *s)
{
	char total[MONEY_TEXT];

	deal_print(&s->deal, s->total, total);
	for (unsigned i = 0; i < s->count; i++) {
		struct order *order = order_of(s, i);

		if (i > 0) {
			deal_init_order(&s->deal, ORDER_REQUEST, order);
			derive_id(&s->deal.order, i, &order->id);
			order_of(s, i - 1)->together = order;
		}
		order->amount = share_of(s, i + 1);
		(void)snprintf(order->memo, sizeof(order->memo), "1/%u of %s",
			       s->count + 1, total);
	}
}

static enum err prepare_split(struct deal *deal)
{
	struct split *s = CONTAINER(deal, struct split, deal);
	enum err e = ERR_OK;

	link_orders(s);
	for (unsigned i = 0; e == ERR_OK && i < s->count; i++) {
		e = asking_prepare(deal, s->names[i], order_of(s, i));
		(void)snprintf(s->names[i], sizeof(s->names[i]), "%s",
			       deal->target);
	}
	deal->notice = asking_notice;
	return e;
}

static void finish_split(struct call *call, struct deal *deal)
{
	struct split *s = CONTAINER(deal, struct split, deal);
	char amount[MONEY_TEXT];
	char share[MONEY_TEXT];

	deal_print(deal, s->total, amount);
	deal_print(deal, share_of(s, 0), share);
	call_say(call, "Split %s by %u: your share is %s.", amount,
		 s->count + 1, share);
	for (unsigned i = 0; i < s->count; i++) {
		const struct order *order = order_of(s, i);

		deal_print(deal, order->amount, amount);
		call_say(call, "Asked %s for %s. It waits for %d days. #%llu",
			 s->names[i], amount, ASKING_DAYS,
			 (unsigned long long)order->number);
	}
}

static bool has_name(const struct split *s, const char *name)
{
	for (unsigned i = 0; i < s->count; i++)
		if (name_compare(s->names[i], name) == 0)
			return true;
	return false;
}

/* Who is named twice pays once, and the caller is among them anyhow. */
static enum err take_names(struct call *call, struct split *s, char *names)
{
	char *at = names;
	char *name;

	while ((name = strsep(&at, " ")) != NULL) {
		if (name[0] == '\0' || has_name(s, name) ||
		    name_compare(name, s->deal.order.by.name) == 0)
			continue;
		if (!name_is_valid(name))
			return call_refuse(call, ERR_NO_SUCH_USER,
					   "\"%s\" is nobody's name.", name);
		if (s->count == PEOPLE_MOST)
			return call_refuse(call, ERR_LIMIT,
					   "At most %d people are asked at "
					   "once.",
					   PEOPLE_MOST);
		(void)snprintf(s->names[s->count++], BOOK_NAME, "%s", name);
	}
	if (s->count == 0)
		return call_refuse(call, ERR_SELF_PAYMENT,
				   "Name somebody else.");
	if (share_of(s, s->count) == 0)
		return call_refuse(call, ERR_BAD_AMOUNT,
				   "That is too little for %u people.",
				   s->count + 1);
	return ERR_OK;
}

/* AMOUNT USER… [id=UUID] */
static enum err cmd_split(struct call *call)
{
	static const struct deal_form form = { 2, { DEAL_AMOUNT, DEAL_OWN } };
	struct deal *deal =
		deal_new_in(call, ORDER_REQUEST, sizeof(struct split));
	struct split *s = CONTAINER(deal, struct split, deal);
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	s->total = deal->order.amount;
	e = take_names(call, s, call->argv[1]);
	if (e != ERR_OK) {
		deal_free(&deal);
		return e;
	}
	return deal_start(call, deal, prepare_split, finish_split);
}

const struct command commands_split[] = {
	{ "split", 2, 2, ROLE_USER, COMMAND_PERSON | COMMAND_REST, cmd_split,
	  "AMOUNT USER...", "divide what you have paid with others" },
	{ 0 },
};
