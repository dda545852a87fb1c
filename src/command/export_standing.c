/* What is held of a user's standing orders. */
#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/schedule/calendar.h"
#include "bank/schedule/standing.h"
#include "base/mem.h"
#include "command/export.h"

static json_t *describe(const struct export *x, const struct standing *s,
			const struct currency *currency)
{
	char amount[MONEY_TEXT];
	char next[DATE_TEXT];
	char to[BOOK_NAME] = "";
	struct account account;

	if (book_account(x->realm->store, s->to, &account) == ERR_OK)
		book_print_name(x->realm->users, &account, to);
	money_print(s->amount, currency, amount);
	calendar_print_day(s->due, next);
	return json_pack("{s:I, s:o, s:o, s:s, s:s, s:s, s:o, s:I, s:o}", "id",
			 (json_int_t)s->number, "made", export_time(s->made_ms),
			 "to", export_text(to), "amount", amount, "every",
			 every_words[s->recurrence.every], "next", next, "memo",
			 export_text(s->memo), "paid", (json_int_t)s->paid,
			 "news", export_text(s->news));
}

static enum err make_standing(const struct export *x, json_t **value_r)
{
	const struct standings where = { x->realm->store, x->realm->trail };
	struct bank_settings settings;
	struct standing *list;
	size_t count;
	enum err e = standing_list(&where, x->user.id, &list, &count);

	ledger_settings(x->realm->ledger, &settings);
	*value_r = json_array();
	for (size_t i = 0; e == ERR_OK && i < count; i++)
		json_array_append_new(
			*value_r, describe(x, &list[i], &settings.currency));
	mem_free(list);
	return e;
}

const struct export_part export_of_standing[] = {
	{ "standing_orders", false, make_standing },
	{ 0 },
};
