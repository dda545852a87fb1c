#include "command/account_text.h"

#include <inttypes.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "base/clock.h"
#include "command/entry_text.h"
#include "user/users.h"

static void add_money(const struct bank_text *t, const char *words,
		      money amount, struct buf *out)
{
	char text[MONEY_TEXT];

	money_print_symbol(amount, &t->currency, text);
	buf_print(out, "%s%s", words, text);
}

static int64_t usual(const struct bank_settings *s, enum account_term term)
{
	switch (term) {
	case TERM_FLOOR:
		return s->floor;
	case TERM_CEILING:
		return s->ceiling;
	case TERM_PER_TRANSFER:
		return s->per_transfer;
	case TERM_PER_DAY:
		return s->per_day;
	default:
		return MONEY_NONE;
	}
}

static void print_terms(const struct bank_text *t,
			const struct account *account, struct buf *out)
{
	struct bank_settings settings;

	ledger_settings(t->realm->ledger, &settings);
	buf_add_text(out, "limits:");
	for (int i = 0; i < TERMS; i++) {
		enum account_term term = (enum account_term)i;
		int64_t value = account->terms[i];
		bool is_usual = value == TERM_DEFAULT;

		if (i > 0 && i % 2 == 0)
			buf_add_text(out, "\nlimits:");
		buf_print(out, " %s=", entry_text_terms[i]);
		entry_text_term(t, term,
				is_usual ? usual(&settings, term) : value, out);
		buf_add_text(out, is_usual ? " (default)" : "");
	}
	buf_add_char(out, '\n');
}

static void print_people(const struct bank_text *t,
			 const struct account *account, struct buf *out)
{
	struct users *users = t->realm->users;
	struct user user;

	for (unsigned i = 0; i < account->holder_count; i++)
		if (users_get(users, account->holders[i], &user) == ERR_OK)
			buf_print(out, "%s%s", i == 0 ? "holders: " : ", ",
				  user.name);
	if (account->holder_count > 0)
		buf_add_char(out, '\n');
	if (account->till_user != 0 &&
	    users_get(users, account->till_user, &user) == ERR_OK)
		buf_print(out, "till: opened by %s, #%" PRIu64 "\n", user.name,
			  account->till_opened);
}

void account_text_all(const struct bank_text *t, const struct account *account,
		      struct buf *out)
{
	char name[BOOK_NAME];
	char when[CLOCK_TEXT];

	book_print_name(t->realm->users, account, name);
	clock_print(account->opened_ms, when);
	buf_print(out, "account: %s #%" PRIu64, name, account->id);
	bank_text_flags(account->flags, out);
	add_money(t, "\nbalance: ", account->posted, out);
	add_money(t, "; held: ", account->held, out);
	bank_text_spendable(t, account, out);
	buf_print(out, "\nopened: %s; entries: %" PRIu64, when,
		  account->entries);
	buf_print(out, ", the newest #%" PRIu64 "\n", account->last);
	print_people(t, account, out);
	print_terms(t, account, out);
}
