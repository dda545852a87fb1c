#include "command/income.h"

#include <stdio.h>

#include "bank/book.h"
#include "bank/memo.h"
#include "bank/pending.h"
#include "base/clock.h"
#include "base/mem.h"
#include "command/takings.h"
#include "user/users.h"

enum {
	SHOWN = 5,              /* entries of one account that are told */
	LOOKED_AT = 500,        /* of one account */
	LOOKED_AT_IN_ALL = 2000 /* so many accounts make no login slow */
};

struct income {
	struct bank_text text;
	struct heard heard;
	uint64_t upto;
	unsigned left; /* entries that may be looked at */
	struct buf *out;

	/* Of one account. */
	const struct account *account;
	unsigned looked_at;
	bool is_cut;
	unsigned count;
	struct entry shown[SHOWN]; /* the newest first */
	money in;
	money taken;
};

void income_print_payment(const struct currency *currency,
			  const struct entry *entry, account_id account,
			  const char *into, const char *from, const char *by,
			  const char *memo, struct buf *out)
{
	const struct posting *posting = entry_posting(entry, account);
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	money_print_symbol(entry_net(entry, account), currency, amount);
	money_print_symbol(posting != NULL ? posting->posted : 0, currency,
			   balance);
	if (into[0] == '\0')
		buf_print(out, "%s paid you %s", by, amount);
	else
		buf_print(out, "%s paid %s to %s", by, amount, into);
	if (from[0] != '\0')
		buf_print(out, " from %s", from);
	memo_remark(memo, remark);
	buf_print(out, "%s. New balance: %s. #%llu", remark, balance,
		  (unsigned long long)entry->seq);
}

/* Those who read it have several accounts: so it is named. */
void income_print_paid(const struct currency *currency,
		       const struct entry *entry, const char *from,
		       const char *to, const char *by, const char *memo,
		       struct buf *out)
{
	const struct leg *leg = &entry->legs[0];
	const struct posting *posting = entry_posting(entry, leg->debit);
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	money_print_symbol(leg->amount, currency, amount);
	money_print_symbol(posting != NULL ? posting->posted : 0, currency,
			   balance);
	memo_remark(memo, remark);
	buf_print(out, "%s paid %s %s from %s%s", by, to, amount, from, remark);
	if (entry->request != 0)
		buf_print(out, ", request #%llu",
			  (unsigned long long)entry->request);
	buf_print(out, ". #%llu\nNew balance of %s: %s",
		  (unsigned long long)entry->seq, from, balance);
}

/* Sums of what people own do not overflow; what was forged may. */
static void add(money *sum, money amount)
{
	if (!money_add(*sum, amount, sum))
		*sum = MONEY_MOST;
}

/* What was set aside from the account can be spent again. */
static bool is_given_back(const struct income *income,
			  const struct entry *entry)
{
	return entry->kind == ENTRY_RELEASE &&
	       entry->subject == income->account->id;
}

/* Or cannot any more, by another one who has it. */
static bool is_set_aside(const struct income *income, const struct entry *entry)
{
	return entry->kind == ENTRY_HOLD &&
	       entry->subject == income->account->id;
}

/* Without money: what may be done with it, and by whom. */
static bool is_news(const struct income *income, const struct entry *entry)
{
	static const bool kinds[ENTRY_KINDS] = { [ENTRY_TERMS] = true,
						 [ENTRY_FREEZE] = true,
						 [ENTRY_HOLDERS] = true };

	return kinds[entry->kind] || is_given_back(income, entry) ||
	       is_set_aside(income, entry) ||
	       (entry->kind == ENTRY_OPEN &&
		income->account->kind == ACCOUNT_SHARED);
}

static void count_in(struct income *income, const struct entry *entry)
{
	money net = entry_net(entry, income->account->id);

	if (entry->seq > income->upto ||
	    (net == 0 && !is_news(income, entry)) ||
	    entry->actor == income->text.reader ||
	    heard_has(&income->heard, entry->seq))
		return;
	if (income->count < SHOWN)
		income->shown[income->count] = *entry;
	income->count++;
	if (net > 0)
		add(&income->in, net);
	else
		add(&income->taken, -net);
}

static bool look_at(const struct entry *entry, void *arg)
{
	struct income *income = arg;

	if (entry->seq <= income->heard.upto)
		return false;
	if (income->looked_at == LOOKED_AT || income->left == 0) {
		income->is_cut = true;
		return false;
	}
	income->looked_at++;
	income->left--;
	count_in(income, entry);
	return true;
}

/* As the one who acted is called now. */
static void print_actor(const struct income *income, const struct entry *entry,
			char by_r[NAME_MOST + 1])
{
	struct user user;

	if (entry->actor != 0 &&
	    users_get(income->text.realm->users, entry->actor, &user) == ERR_OK)
		(void)snprintf(by_r, NAME_MOST + 1, "%s", user.name);
	else
		(void)snprintf(by_r, NAME_MOST + 1, "%s", entry->by);
}

static void print_name(const struct income *income, char name_r[BOOK_NAME])
{
	const struct account *account = income->account;

	name_r[0] = '\0';
	if (account->kind != ACCOUNT_USER || account->name[0] != '\0')
		book_print_name(income->text.realm->users, account, name_r);
}

static void print_one(const struct income *income, const struct entry *entry)
{
	const struct account *account = income->account;
	char by[NAME_MOST + 1];
	char into[BOOK_NAME];

	buf_add_text(income->out, "While you were away: ");
	if (entry->kind != ENTRY_PAY || entry_net(entry, account->id) <= 0) {
		bank_text_entry(&income->text, account, entry, income->out);
		return;
	}
	print_actor(income, entry, by);
	print_name(income, into);
	income_print_payment(
		&income->text.currency, entry, account->id, into, "", by,
		bank_text_hides_memo(&income->text, entry) ? "" : entry->memo,
		income->out);
	buf_add_char(income->out, '\n');
}

static void print_sum(const struct income *income)
{
	char name[BOOK_NAME];
	char in[MONEY_TEXT];
	char taken[MONEY_TEXT];
	char balance[MONEY_TEXT];

	print_name(income, name);
	money_print_symbol(income->in, &income->text.currency, in);
	money_print_symbol(income->taken, &income->text.currency, taken);
	money_print_symbol(income->account->posted, &income->text.currency,
			   balance);
	buf_print(income->out, "While you were away, %s%u entries%s%s: %s in",
		  income->is_cut ? "at least " : "", income->count,
		  name[0] != '\0' ? " of " : "", name, in);
	if (income->taken > 0)
		buf_print(income->out, ", %s out", taken);
	buf_print(income->out, ". New balance: %s. /history%s%s shows them.\n",
		  balance, name[0] != '\0' ? " " : "", name);
}

static enum err read_account(struct income *income,
			     const struct account *account)
{
	enum err e;

	income->account = account;
	income->looked_at = 0;
	income->is_cut = false;
	income->count = 0;
	income->in = 0;
	income->taken = 0;
	e = book_statement(income->text.realm->store, account, 0, look_at,
			   income);
	if (e != ERR_OK)
		return e;
	if (income->count > SHOWN)
		print_sum(income);
	else
		for (unsigned i = income->count; i > 0; i--)
			print_one(income, &income->shown[i - 1]);
	return ERR_OK;
}

/* "2 requests wait for you: /requests", and holds likewise. */
static void print_waiting(const struct pending_counts *counts, struct buf *out)
{
	if (counts->requests > 0)
		buf_print(out, "%zu %s for you: /requests\n", counts->requests,
			  counts->requests == 1 ? "request waits"
						: "requests wait");
	if (counts->holds > 0)
		buf_print(out, "%zu %s open for you: /holds\n", counts->holds,
			  counts->holds == 1 ? "hold is" : "holds are");
}

static enum err read_all(struct income *income)
{
	struct pending_counts counts = { 0 };
	int64_t now_ms = clock_wall_ms();
	struct store *store = income->text.realm->store;
	struct account *list;
	struct book_head head;
	size_t count;
	enum err e = book_head(store, &head);

	if (e != ERR_OK)
		return e;
	/* What comes behind it is told by whoever does it. */
	income->upto = head.seq;
	e = book_accounts_of(store, income->text.reader, &list, &count);
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		e = read_account(income, &list[i]);
		if (e == ERR_OK)
			e = pending_count(store, list[i].id, now_ms, &counts);
	}
	mem_free(list);
	if (e == ERR_OK)
		print_waiting(&counts, income->out);
	return e;
}

enum err income_read(struct realm *realm, user_id user, struct buf *lines,
		     uint64_t *upto_r)
{
	struct income *income;
	struct heard heard;
	enum err e;

	*upto_r = 0;
	if (!takings_come(realm->takings, user, &heard, &e))
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	income = mem_zero(sizeof(*income));
	bank_text_init(&income->text, realm, user);
	income->heard = heard;
	income->left = LOOKED_AT_IN_ALL;
	income->out = lines;
	e = read_all(income);
	if (e == ERR_OK)
		*upto_r = income->upto;
	mem_free(income);
	return e;
}
