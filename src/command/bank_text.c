#include "command/bank_text.h"

#include <stdio.h>
#include <string.h>

#include "bank/book.h"
#include "bank/memo.h"
#include "base/clock.h"
#include "chat/ignore/ignore_people.h"

static void print(const struct bank_text *t, money amount,
		  char text_r[MONEY_TEXT])
{
	money_print_symbol(amount, &t->currency, text_r);
}

void bank_text_init(struct bank_text *t, struct realm *realm, user_id reader)
{
	struct bank_settings settings;

	ledger_settings(realm->ledger, &settings);
	*t = (struct bank_text){ .realm = realm,
				 .currency = settings.currency,
				 .floor = settings.floor,
				 .reader = reader };
}

void bank_text_name(const struct bank_text *t, account_id id,
		    char name_r[BOOK_NAME])
{
	struct account account;

	if (book_account(t->realm->store, id, &account) == ERR_OK)
		book_print_name(t->realm->users, &account, name_r);
	else
		(void)snprintf(name_r, BOOK_NAME, "#%llu",
			       (unsigned long long)id);
}

/* No name but that of a till begins so. */
static bool is_till(const char *name)
{
	return strncmp(name, "cash:", strlen("cash:")) == 0;
}

void bank_text_sides(const struct bank_text *t, account_id debit,
		     account_id credit, char from_r[BOOK_NAME],
		     char to_r[BOOK_NAME])
{
	bank_text_name(t, debit, from_r);
	bank_text_name(t, credit, to_r);
	if (!is_till(from_r) || !is_till(to_r))
		return;
	bank_text_name(t, credit, from_r);
	bank_text_name(t, debit, to_r);
}

bool bank_text_left(const struct bank_text *t, const struct account *account,
		    money *left_r)
{
	int64_t own = account->terms[TERM_FLOOR];
	int64_t floor = own == TERM_DEFAULT ? t->floor : own;
	money left;

	if (floor == MONEY_NONE ||
	    !money_subtract(account_available(account), floor, &left))
		return false;
	*left_r = left < 0 ? 0 : left;
	return true;
}

void bank_text_spendable(const struct bank_text *t,
			 const struct account *account, struct buf *out)
{
	money left;
	char text[MONEY_TEXT];

	if (!bank_text_left(t, account, &left))
		return;
	print(t, left, text);
	buf_print(out, "; %s can be spent", text);
}

void bank_text_balance(const struct bank_text *t, const struct account *account,
		       struct buf *out)
{
	char posted[MONEY_TEXT];
	char held[MONEY_TEXT];

	print(t, account->posted, posted);
	buf_print(out, "Current balance: %s.", posted);
	if (account->held != 0) {
		print(t, account->held, held);
		buf_print(out, " Of that %s is held", held);
		bank_text_spendable(t, account, out);
		buf_add_char(out, '.');
	}
	if ((account->flags & (ACCOUNT_FROZEN_IN | ACCOUNT_FROZEN_OUT)) != 0)
		buf_add_text(out, " The account is frozen.");
	buf_add_char(out, '\n');
}

void bank_text_flags(unsigned flags, struct buf *out)
{
	static const struct {
		unsigned flag;
		const char *words;
	} flag_words[] = {
		{ ACCOUNT_FROZEN_IN, ", nothing may come in" },
		{ ACCOUNT_FROZEN_OUT, ", nothing may go out" },
		{ ACCOUNT_CLOSED, ", closed" },
	};

	for (size_t i = 0; i < COUNT(flag_words); i++)
		if ((flags & flag_words[i].flag) != 0)
			buf_add_text(out, flag_words[i].words);
}

void bank_text_account(const struct bank_text *t, const struct account *account,
		       struct buf *out)
{
	char name[BOOK_NAME];
	char amount[MONEY_TEXT];

	book_print_name(t->realm->users, account, name);
	print(t, account->posted, amount);
	buf_print(out, "%s %s", name, amount);
	if (account->held != 0) {
		print(t, account->held, amount);
		buf_print(out, ", held %s", amount);
	}
	bank_text_flags(account->flags, out);
	buf_add_char(out, '\n');
}

/* Words for what one leg is to the account, before the other's name. */
struct way {
	const char *out;
	const char *in;
};

static const struct way ways[ENTRY_KINDS] = {
	[ENTRY_DEPOSIT] = { "deposit by", "deposit at" },
	[ENTRY_WITHDRAW] = { "withdrawal at", "withdrawal of" },
	[ENTRY_PAY] = { "to", "from" },
	[ENTRY_TRANSFER] = { "to", "from" },
	[ENTRY_CAPTURE] = { "held, to", "held, from" },
	[ENTRY_REVERSE] = { "taken back, to", "taken back, from" },
	[ENTRY_INTEREST] = { "interest to", "interest from" },
	[ENTRY_OPENING] = { "opening balance, to", "opening balance, from" },
	[ENTRY_ADJUST] = { "adjusted, to", "adjusted, from" },
	[ENTRY_TILL] = { "till, to", "till, from" },
};

static const struct way fee_way = { "fee, to", "fee of" };

/* What stands behind the first leg is the house's share. */
static bool is_fee(const struct entry *entry, unsigned i)
{
	return i > 0 && entry->kind != ENTRY_REVERSE;
}

bool bank_text_hides_memo(const struct bank_text *t, const struct entry *entry)
{
	return t->reader != 0 && entry->actor != 0 &&
	       entry->actor != t->reader &&
	       ignore_has(t->realm->chat, t->reader, entry->actor,
			  IGNORE_MEMOS);
}

/* Which entry it is about, and what was said: " (#16): no need". */
static void print_memo(const struct bank_text *t, const struct entry *entry,
		       struct buf *out)
{
	char words[MEMO_SHOWN];

	memo_words(bank_text_hides_memo(t, entry) ? "" : entry->memo, words);
	if (entry->reference != 0)
		buf_print(out, " (#%llu)%s",
			  (unsigned long long)entry->reference,
			  words[0] != '\0' ? ":" : "");
	buf_add_text(out, words);
}

static void print_end(const struct bank_text *t, const struct entry *entry,
		      money balance, struct buf *out)
{
	char after[MONEY_TEXT];

	print(t, balance, after);
	buf_print(out, ". Balance %s. #%llu\n", after,
		  (unsigned long long)entry->seq);
}

static void print_leg(const struct bank_text *t, const struct account *account,
		      const struct entry *entry, unsigned i, money balance,
		      struct buf *out)
{
	const struct leg *leg = &entry->legs[i];
	bool is_out = leg->debit == account->id;
	const struct way *way =
		is_fee(entry, i) ? &fee_way : &ways[entry->kind];
	char name[BOOK_NAME];
	char amount[MONEY_TEXT];
	char when[CLOCK_TEXT];

	bank_text_name(t, is_out ? leg->credit : leg->debit, name);
	print(t, is_out ? -leg->amount : leg->amount, amount);
	clock_print(entry->time_ms, when);
	buf_print(out, "%s %s%s %s %s", when, is_out ? "" : "+", amount,
		  is_out ? way->out : way->in, name);
	if (!is_fee(entry, i))
		print_memo(t, entry, out);
	print_end(t, entry, balance, out);
}

/* Of entries without legs; the others go by their kind's word. */
static const char *const acts[ENTRY_KINDS] = {
	[ENTRY_OPEN] = "account opened",
	[ENTRY_TERMS] = "limits changed",
	[ENTRY_CLOSE] = "account closed",
	[ENTRY_HOLDERS] = "holder added",
};

static const char *act_words(const struct entry *entry)
{
	const struct change *flags = entry_change(entry, CHANGE_FLAGS);

	if (entry->kind == ENTRY_FREEZE)
		return flags != NULL && flags->value != 0 ? "account frozen"
							  : "account thawed";
	if (entry_change(entry, CHANGE_HOLDER_OUT) != NULL)
		return "holder removed";
	return acts[entry->kind] != NULL ? acts[entry->kind]
					 : entry_kind_word(entry->kind);
}

/* " cleo" */
static void print_holder(const struct bank_text *t, const struct entry *entry,
			 struct buf *out)
{
	const struct change *in = entry_change(entry, CHANGE_HOLDER_IN);
	const struct change *c =
		in != NULL ? in : entry_change(entry, CHANGE_HOLDER_OUT);
	struct user user;

	if (c == NULL)
		return;
	if (users_get(t->realm->users, (user_id)c->value, &user) == ERR_OK)
		buf_print(out, " %s", user.name);
	else
		buf_print(out, " user:%llu", (unsigned long long)c->value);
}

/* What has no legs. */
static void print_act(const struct bank_text *t, const struct entry *entry,
		      money balance, struct buf *out)
{
	char name[BOOK_NAME] = "";
	char amount[MONEY_TEXT] = "";
	char when[CLOCK_TEXT];

	clock_print(entry->time_ms, when);
	if (entry->amount != 0)
		print(t, entry->amount, amount);
	if (entry->other != 0)
		bank_text_name(t, entry->other, name);
	buf_print(out, "%s %s%s%s%s%s", when, act_words(entry),
		  amount[0] != '\0' ? " " : "", amount,
		  name[0] != '\0' ? " for " : "", name);
	if (entry->kind == ENTRY_HOLDERS)
		print_holder(t, entry, out);
	print_memo(t, entry, out);
	print_end(t, entry, balance, out);
}

void bank_text_entry(const struct bank_text *t, const struct account *account,
		     const struct entry *entry, struct buf *out)
{
	const struct posting *posting = entry_posting(entry, account->id);
	money net = entry_net(entry, account->id);
	money balance = (posting != NULL ? posting->posted : 0) - net;
	bool has_leg = false;

	for (unsigned i = 0; i < entry->leg_count; i++) {
		const struct leg *leg = &entry->legs[i];

		if (leg->debit != account->id && leg->credit != account->id)
			continue;
		has_leg = true;
		balance +=
			leg->debit == account->id ? -leg->amount : leg->amount;
		print_leg(t, account, entry, i, balance, out);
	}
	if (!has_leg)
		print_act(t, entry, balance, out);
}
