/* Who is here is told at once of an account that is low, and of tidings. */
#include "bank/book.h"
#include "bank/schedule/low.h"
#include "bank/schedule/schedule_fields.h"

static enum err tell(const struct schedule *s, const struct account *account,
		     user_id user)
{
	const struct schedule_parts *parts = &s->parts;
	AUTO(buf_fini) struct buf text = { 0 };
	uint64_t seq;
	enum err e = low_find(parts->store, account, user, &seq);

	if (e != ERR_OK || seq == 0)
		return e;
	low_print(parts->users, &s->currency, account, &text);
	if (!parts->tell(parts->arg,
			 &(struct schedule_notice){ .to = user,
						    .text = buf_text(&text),
						    .plain = buf_text(&text) }))
		return ERR_OK; /* the next login tells it */
	return low_note(parts->store, account, user, seq);
}

static enum err tell_all(const struct schedule *s, account_id id)
{
	struct account account;
	enum err e = book_account(s->parts.store, id, &account);

	if (e == ERR_OK && account.owner != 0)
		e = tell(s, &account, account.owner);
	for (unsigned i = 0; e == ERR_OK && i < account.holder_count; i++)
		e = tell(s, &account, account.holders[i]);
	return e;
}

static void tell_tiding(void *arg, const struct tiding *tiding,
			const char *text)
{
	const struct schedule *s = arg;
	const struct schedule_notice notice = { .to = tiding->user,
						.text = text,
						.plain = text,
						.tiding = tiding->name };

	(void)s->parts.tell(s->parts.arg, &notice);
}

static enum err tell_fall(struct schedule *s, const struct fall *fall)
{
	if (fall->account != 0)
		return tell_all(s, fall->account);
	return tiding_tell(s->parts.store, s->parts.users, &s->currency,
			   fall->user, tell_tiding, s);
}

enum err schedule_low(struct schedule *schedule, bool *more_r)
{
	struct fall falls[SCHEDULE_PIECE];
	size_t count =
		ledger_falls(schedule->parts.ledger, falls, SCHEDULE_PIECE);
	enum err e = ERR_OK;

	if (count > 0)
		store_flush(schedule->parts.store);
	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = tell_fall(schedule, &falls[i]);
	*more_r = count == SCHEDULE_PIECE;
	return e;
}
