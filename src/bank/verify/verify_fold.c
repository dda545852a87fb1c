/*
 * The accounts made anew from their entries. Where an entry says something
 * else than it comes to, that is told once, and what the entry says is
 * believed from then on: or all that follows would be told, too.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/verify/verify_fields.h"
#include "base/mem.h"

enum { ACCOUNTS_AT_ONCE = 131072 };

static struct verify_account *add_account(struct verify *v, account_id id)
{
	struct verify_account *va = mem_zero(sizeof(*va));

	va->numbered.number = id;
	va->account.id = id;
	numbers_add(&v->accounts, &va->numbered);
	return va;
}

/* The account that the entry opens; NULL: it is for another reading. */
static struct verify_account *open_account(struct verify *v, account_id id)
{
	size_t most = v->scope->accounts_most != 0 ? v->scope->accounts_most
						   : ACCOUNTS_AT_ONCE;

	if (id < v->low || v->is_full)
		return NULL;
	if (v->accounts.count >= most && id <= v->end) {
		v->is_full = true;
		v->high = id - 1;
		return NULL;
	}
	return add_account(v, id);
}

static bool is_ours(const struct verify *v, account_id id)
{
	return id >= v->low && (!v->is_full || id <= v->high);
}

static void believe(struct account *account, const struct entry *entry,
		    const struct posting *posting)
{
	account->posted = posting->posted;
	account->held = posting->held;
	account->last = entry->seq;
}

static struct verify_account *stranger(struct verify *v,
				       const struct entry *entry,
				       const struct posting *posting)
{
	struct verify_account *va = add_account(v, posting->account);

	verify_tell(v,
		    "entry #%" PRIu64 " moves something in account #%" PRIu64
		    ", which no entry has opened",
		    entry->seq, posting->account);
	return va;
}

static void check_before(struct verify *v, const struct entry *entry,
			 const struct posting *posting,
			 const struct account *before)
{
	char name[VERIFY_NAME];

	if ((before->flags & ACCOUNT_CLOSED) != 0) {
		verify_name(v, before, name);
		verify_tell(v, "entry #%" PRIu64 " touches %s, which is closed",
			    entry->seq, name);
	}
	if (posting->previous != before->last) {
		verify_name(v, before, name);
		verify_tell(v,
			    "entry #%" PRIu64 " says that #%" PRIu64
			    " touched %s before, but #%" PRIu64 " did",
			    entry->seq, posting->previous, name, before->last);
	}
}

static void check_after(struct verify *v, const struct entry *entry,
			const struct posting *posting,
			const struct account *after)
{
	const struct currency *c = &v->rules.currency;
	char said[2][MONEY_TEXT];
	char made[2][MONEY_TEXT];
	char name[VERIFY_NAME];

	if (posting->posted == after->posted && posting->held == after->held)
		return;
	verify_name(v, after, name);
	money_print_symbol(posting->posted, c, said[0]);
	money_print_symbol(posting->held, c, said[1]);
	money_print_symbol(after->posted, c, made[0]);
	money_print_symbol(after->held, c, made[1]);
	verify_tell(v,
		    "entry #%" PRIu64 " says that it leaves %s with %s (%s "
		    "held), but its entries come to %s (%s held)",
		    entry->seq, name, said[0], said[1], made[0], made[1]);
}

static void check_till(struct verify *v, const struct entry *entry,
		       const struct account *after)
{
	if (entry->kind == ENTRY_TILL && entry->subject == after->id &&
	    after->posted != -entry->amount)
		verify_tell(v,
			    "entry #%" PRIu64 " does not leave in the till "
			    "what was counted",
			    entry->seq);
}

static enum err apply(struct verify *v, struct verify_account *va,
		      const struct entry *entry, const struct posting *posting)
{
	struct account before = va->account;
	struct account_month ended;

	if (before.entries > 0)
		check_before(v, entry, posting, &before);
	if (!account_apply(&va->account, entry, &ended)) {
		verify_tell(v,
			    "entry #%" PRIu64 " cannot be: account #%" PRIu64
			    " has not so much, or not so much held",
			    entry->seq, before.id);
		va->account = before;
		believe(&va->account, entry, posting);
		return ERR_OK;
	}
	check_after(v, entry, posting, &va->account);
	check_till(v, entry, &va->account);
	believe(&va->account, entry, posting);
	return ended.month != 0 ? verify_month_ended(v, va, &ended) : ERR_OK;
}

static enum err take_posting(struct verify *v, const struct entry *entry,
			     const struct posting *posting)
{
	account_id id = posting->account;
	struct verify_account *va = numbers_find(&v->accounts, id);

	if (va == NULL && entry->kind == ENTRY_OPEN && id == entry->seq)
		va = open_account(v, id);
	if (va == NULL && is_ours(v, id))
		va = stranger(v, entry, posting);
	return va != NULL ? apply(v, va, entry, posting) : ERR_OK;
}

enum err verify_fold(struct verify *v, const struct entry *entry)
{
	enum err e = ERR_OK;

	for (unsigned i = 0; e == ERR_OK && i < entry->posting_count; i++)
		e = take_posting(v, entry, &entry->postings[i]);
	return e;
}
