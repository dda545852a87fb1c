#include "command/asking.h"

#include <stdio.h>

#include "bank/memo.h"
#include "base/clock.h"
#include "chat/ignore/ignore_people.h"
#include "chat/tell.h"

#define LIFE_MS (ASKING_DAYS * INT64_C(86400) * 1000)

static bool is_ignored(const struct deal *deal, const struct account *payer)
{
	return payer->owner != 0 &&
	       ignore_has(deal->task.realm->chat, payer->owner,
			  deal->order.by.user, IGNORE_PRIVATE);
}

enum err asking_prepare(struct deal *deal, const char *whom,
			struct order *order)
{
	struct account payer;
	struct account own;
	enum err e = deal_own(deal, "", &own);

	if (e == ERR_OK)
		e = deal_other(deal, whom, true, &payer);
	if (e != ERR_OK)
		return e;
	if (is_ignored(deal, &payer))
		return tell_refuse_ignored(&deal->task.why);
	order->from = payer.id;
	order->to = own.id;
	order->due_ms = clock_wall_ms() + LIFE_MS;
	(void)snprintf(order->target, sizeof(order->target), "%s",
		       deal->target);
	deal_tell_order(deal, &payer, order);
	return ERR_OK;
}

void asking_notice(const struct deal *deal, const char *memo, struct buf *text)
{
	const struct order *order = deal->told_order;
	unsigned long long number = order->number;
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];

	deal_print(deal, order->amount, amount);
	memo_remark(memo, remark);
	buf_print(text,
		  "%s asks you for %s%s. #%llu\n"
		  "/accept %llu pays it, /decline %llu refuses",
		  order->by.name, amount, remark, number, number, number);
}
