#include "bank/schedule/low.h"

#include <stdio.h>

#include "bank/book.h"
#include "bank/mark.h"

enum {
	LOOKED_AT = 500, /* entries of one account */
	MARK_NAME = 64,
};

bool low_is(const struct account *account)
{
	int64_t level = account->terms[TERM_NOTICE];

	return level != TERM_DEFAULT && level != MONEY_NONE &&
	       account_available(account) < level;
}

static void name_mark(const struct account *account, user_id user,
		      char name_r[MARK_NAME])
{
	(void)snprintf(name_r, MARK_NAME, "low:%llu:%llu",
		       (unsigned long long)user,
		       (unsigned long long)account->id);
}

/* From the newest entry back, to the one after which it was low. */
struct search {
	const struct account *account;
	uint64_t told;
	uint64_t low; /* after it and all newer ones, it was */
	unsigned left;
	bool is_found;
};

static bool look_at(const struct entry *entry, void *arg)
{
	struct search *s = arg;
	const struct posting *posting = entry_posting(entry, s->account->id);

	if (posting == NULL || s->left-- == 0)
		return false;
	s->is_found = posting->posted - posting->held >=
		      s->account->terms[TERM_NOTICE];
	if (s->is_found || entry->seq <= s->told)
		return false;
	s->low = entry->seq;
	return true;
}

enum err low_find(struct store *store, const struct account *account,
		  user_id user, uint64_t *seq_r)
{
	struct search s = { .account = account, .left = LOOKED_AT };
	struct mark mark = { 0 };
	char name[MARK_NAME];
	enum err e;

	*seq_r = 0;
	if (!low_is(account))
		return ERR_OK;
	name_mark(account, user, name);
	e = mark_get(store, name, &mark);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	s.told = mark.at;
	e = book_statement(store, account, 0, look_at, &s);
	if (e == ERR_OK && s.is_found)
		*seq_r = s.low;
	return e;
}

enum err low_note(struct store *store, const struct account *account,
		  user_id user, uint64_t seq)
{
	const struct mark mark = { .at = seq };
	char name[MARK_NAME];

	name_mark(account, user, name);
	return mark_put(store, name, &mark);
}

enum err low_forget(struct store *store, user_id user)
{
	char prefix[MARK_NAME];

	(void)snprintf(prefix, sizeof(prefix),
		       "low:%llu:", (unsigned long long)user);
	return mark_drop(store, prefix);
}

void low_print(struct users *users, const struct currency *currency,
	       const struct account *account, struct buf *out)
{
	char name[BOOK_NAME];
	char has[MONEY_TEXT];
	char level[MONEY_TEXT];

	book_print_name(users, account, name);
	money_print_symbol(account_available(account), currency, has);
	money_print_symbol(account->terms[TERM_NOTICE], currency, level);
	buf_print(out, "Low balance: %s can be spent of %s, less than %s.", has,
		  name, level);
}
