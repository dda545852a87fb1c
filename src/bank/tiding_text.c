/* Tidings in words, by what they are about as it is now. */
#include <inttypes.h>
#include <stdio.h>

#include "bank/book.h"
#include "bank/memo.h"
#include "bank/pending.h"
#include "bank/tiding.h"
#include "base/mem.h"

struct page {
	struct store *store;
	struct users *users;
	const struct currency *currency;
	const struct tiding *tiding;
	struct buf *out;
};

/* As the one who acted is called now. */
static const char *actor(const struct page *p, struct user *user)
{
	bool is_there = p->tiding->actor != 0 &&
			users_get(p->users, p->tiding->actor, user) == ERR_OK;

	return is_there ? user->name : p->tiding->by;
}

static enum err print_name(const struct page *p, account_id id,
			   char name_r[BOOK_NAME])
{
	struct account account;
	enum err e = book_account(p->store, id, &account);

	if (e == ERR_OK)
		book_print_name(p->users, &account, name_r);
	return e;
}

/* " for 5.00 R (lunch)" */
static void print_sum(const struct page *p, money amount, const char *memo)
{
	char remark[MEMO_SHOWN];
	char text[MONEY_TEXT];

	money_print_symbol(amount, p->currency, text);
	memo_remark(memo, remark);
	buf_print(p->out, " for %s%s", text, remark);
}

/* Who has asked reads the own words again; the others do not. */
static enum err print_request(const struct page *p)
{
	const struct tiding *t = p->tiding;
	char other[BOOK_NAME];
	struct request request;
	struct user user;
	bool is_own;
	enum err e = pending_request(p->store, t->name.number, &request);

	if (e != ERR_OK)
		return e;
	is_own = request.by == t->user;
	e = print_name(p, is_own ? request.payer : request.asker, other);
	if (e != ERR_OK)
		return e;
	if (t->name.kind == TIDING_DECLINED)
		buf_print(p->out, "%s declined your request", actor(p, &user));
	else if (t->name.kind == TIDING_CANCELLED)
		buf_print(p->out, "%s has cancelled request", actor(p, &user));
	else if (is_own)
		buf_print(p->out, "%s has not paid your request", other);
	else
		buf_add_text(p->out, "Nobody has paid request");
	buf_print(p->out, " #%" PRIu64, t->name.number);
	print_sum(p, request.amount, is_own ? request.memo : "");
	if (t->name.kind == TIDING_EXPIRED)
		buf_print(p->out,
			  is_own ? "; it is over" : " of %s; it is over",
			  other);
	buf_add_char(p->out, '.');
	return ERR_OK;
}

static enum err print_hold(const struct page *p)
{
	const struct tiding *t = p->tiding;
	char amount[MONEY_TEXT];
	char other[BOOK_NAME];
	struct account payer;
	struct hold hold;
	bool is_payer;
	enum err e = pending_hold(p->store, t->name.number, &hold);

	if (e == ERR_OK)
		e = book_account(p->store, hold.from, &payer);
	if (e != ERR_OK)
		return e;
	is_payer = account_is_of(&payer, t->user);
	e = print_name(p, is_payer ? hold.to : hold.from, other);
	if (e != ERR_OK)
		return e;
	money_print_symbol(hold.amount, p->currency, amount);
	if (is_payer)
		buf_print(p->out,
			  "Hold #%" PRIu64 " for %s is over: %s can be spent "
			  "again. #%" PRIu64,
			  hold.seq, other, amount, hold.closed_by);
	else
		buf_print(p->out,
			  "Hold #%" PRIu64 " of %s for you is over: %s went "
			  "back. #%" PRIu64,
			  hold.seq, other, amount, hold.closed_by);
	return ERR_OK;
}

static enum err print_account(const struct page *p)
{
	const struct tiding *t = p->tiding;
	bool is_closed = t->name.kind == TIDING_CLOSED;
	char name[BOOK_NAME];
	struct user user;
	enum err e = print_name(p, t->account, name);

	if (e != ERR_OK)
		return e;
	buf_print(p->out, "%s has %s %s. #%" PRIu64, actor(p, &user),
		  is_closed ? "closed" : "removed you from", name,
		  t->name.number);
	return ERR_OK;
}

enum err tiding_print(struct store *store, struct users *users,
		      const struct currency *currency,
		      const struct tiding *tiding, struct buf *out)
{
	static enum err (*const print[TIDING_KINDS])(const struct page *p) = {
		[TIDING_DECLINED] = print_request,
		[TIDING_CANCELLED] = print_request,
		[TIDING_EXPIRED] = print_request,
		[TIDING_HOLD_EXPIRED] = print_hold,
		[TIDING_HOLDER_OUT] = print_account,
		[TIDING_CLOSED] = print_account,
	};
	const struct page page = { store, users, currency, tiding, out };
	enum err e = print[tiding->name.kind](&page);

	switch (e) {
	case ERR_NO_SUCH_REQUEST:
	case ERR_NO_SUCH_HOLD:
	case ERR_NO_SUCH_ACCOUNT:
		return ERR_OK;
	default:
		return e;
	}
}

enum err tiding_tell(struct store *store, struct users *users,
		     const struct currency *currency, user_id user,
		     tiding_tell_fn *tell, void *arg)
{
	struct tiding *list = mem_array(TIDINGS_MOST, sizeof(*list));
	size_t count;
	enum err e = tiding_list(store, user, list, &count);

	if (count > 0)
		store_flush(store); /* nobody is told what may not be so */
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		AUTO(buf_fini) struct buf text = { 0 };

		if (list[i].is_told)
			continue;
		e = tiding_print(store, users, currency, &list[i], &text);
		if (e == ERR_OK && buf_len(&text) > 0)
			tell(arg, &list[i], buf_text(&text));
	}
	mem_free(list);
	return e;
}
