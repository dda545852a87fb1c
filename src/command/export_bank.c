/* What the bank holds of a user. */
#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/pending.h"
#include "bank/tiding.h"
#include "base/clock.h"
#include "base/mem.h"
#include "command/bank_text.h"
#include "command/entry_text.h"
#include "command/export.h"

enum { ENTRIES_MOST = 200 }; /* of one account, the newest */

/* One account after the other is described into a list. */
struct outline {
	const struct export *x;
	struct bank_text text;
	const struct account *account;
	json_t *list;
	size_t count;
};

typedef enum err outline_fn(struct outline *o);

static enum err walk_accounts(const struct export *x, outline_fn *describe,
			      json_t **value_r)
{
	struct outline o = { .x = x };
	struct account *accounts;
	size_t count;
	enum err e = book_accounts_of(x->realm->store, x->user.id, &accounts,
				      &count);

	bank_text_init(&o.text, x->realm, 0);
	o.list = json_array();
	*value_r = o.list;
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		o.account = &accounts[i];
		e = describe(&o);
	}
	mem_free(accounts);
	return e;
}

static json_t *amount_of(const struct outline *o, money amount)
{
	char text[MONEY_TEXT];

	money_print(amount, &o->text.currency, text);
	return json_string(text);
}

static json_t *name_of(const struct outline *o, account_id id)
{
	char name[BOOK_NAME];

	bank_text_name(&o->text, id, name);
	return json_string(name);
}

static json_t *holders_of(const struct outline *o)
{
	json_t *list = json_array();
	struct user user;

	for (unsigned i = 0; i < o->account->holder_count; i++)
		if (users_get(o->x->realm->users, o->account->holders[i],
			      &user) == ERR_OK)
			json_array_append_new(list, json_string(user.name));
	return list;
}

static json_t *limits_of(const struct outline *o)
{
	json_t *limits = json_object();

	for (int i = 0; i < TERMS; i++) {
		AUTO(buf_fini) struct buf text = { 0 };

		entry_text_term(&o->text, (enum account_term)i,
				o->account->terms[i], &text);
		json_object_set_new(limits, entry_text_terms[i],
				    json_string(buf_text(&text)));
	}
	return limits;
}

static enum err add_account(struct outline *o)
{
	const struct account *a = o->account;

	json_array_append_new(
		o->list,
		json_pack("{s:I, s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:o}", "id",
			  (json_int_t)a->id, "name", name_of(o, a->id),
			  "opened", export_time(a->opened_ms), "balance",
			  amount_of(o, a->posted), "held",
			  amount_of(o, a->held), "is_frozen_in",
			  (a->flags & ACCOUNT_FROZEN_IN) != 0, "is_frozen_out",
			  (a->flags & ACCOUNT_FROZEN_OUT) != 0, "holders",
			  holders_of(o), "limits", limits_of(o)));
	return ERR_OK;
}

static enum err make_accounts(const struct export *x, json_t **value_r)
{
	return walk_accounts(x, add_account, value_r);
}

static json_t *others_of(const struct outline *o, const struct entry *entry)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < entry->posting_count; i++)
		if (entry->postings[i].account != o->account->id)
			json_array_append_new(
				list, name_of(o, entry->postings[i].account));
	return list;
}

static bool add_entry(const struct entry *entry, void *arg)
{
	struct outline *o = arg;
	const struct posting *posting = entry_posting(entry, o->account->id);

	if (o->count++ == ENTRIES_MOST)
		return false;
	json_array_append_new(
		o->list,
		json_pack("{s:I, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "id",
			  (json_int_t)entry->seq, "account",
			  name_of(o, o->account->id), "time",
			  export_time(entry->time_ms), "kind",
			  entry_kind_word(entry->kind), "amount",
			  amount_of(o, entry_net(entry, o->account->id)),
			  "balance", amount_of(o, posting->posted), "with",
			  others_of(o, entry), "by", export_text(entry->by),
			  "memo", export_text(entry->memo)));
	return true;
}

static enum err add_entries(struct outline *o)
{
	o->count = 0;
	return book_statement(o->x->realm->store, o->account, 0, add_entry, o);
}

static enum err make_entries(const struct export *x, json_t **value_r)
{
	return walk_accounts(x, add_entries, value_r);
}

static enum err add_holds(struct outline *o)
{
	struct hold *holds = mem_array(PENDING_MOST, sizeof(*holds));
	enum err e = ERR_OK;

	for (int is_payer = 0; e == ERR_OK && is_payer <= 1; is_payer++) {
		size_t count = 0;

		e = pending_holds(o->x->realm->store, o->account->id,
				  is_payer != 0, clock_wall_ms(), holds,
				  &count);
		for (size_t i = 0; e == ERR_OK && i < count; i++)
			json_array_append_new(
				o->list,
				json_pack("{s:I, s:o, s:o, s:o, s:o}", "id",
					  (json_int_t)holds[i].seq, "from",
					  name_of(o, holds[i].from), "to",
					  name_of(o, holds[i].to), "amount",
					  amount_of(o, holds[i].amount), "ends",
					  export_time(holds[i].due_ms)));
	}
	mem_free(holds);
	return e;
}

static enum err make_holds(const struct export *x, json_t **value_r)
{
	return walk_accounts(x, add_holds, value_r);
}

static json_t *request_of(const struct outline *o, const struct request *r)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
			 (json_int_t)r->number, "from", name_of(o, r->payer),
			 "to", name_of(o, r->asker), "amount",
			 amount_of(o, r->amount), "made",
			 export_time(r->made_ms), "ends",
			 export_time(r->due_ms), "memo", export_text(r->memo));
}

static enum err add_requests(struct outline *o)
{
	struct request *requests = mem_array(PENDING_MOST, sizeof(*requests));
	enum err e = ERR_OK;

	for (int is_payer = 0; e == ERR_OK && is_payer <= 1; is_payer++) {
		size_t count = 0;

		e = pending_requests(o->x->realm->store, o->account->id,
				     is_payer != 0, clock_wall_ms(), requests,
				     &count);
		for (size_t i = 0; e == ERR_OK && i < count; i++)
			json_array_append_new(o->list,
					      request_of(o, &requests[i]));
	}
	mem_free(requests);
	return e;
}

static enum err make_requests(const struct export *x, json_t **value_r)
{
	return walk_accounts(x, add_requests, value_r);
}

/* What has become of things, and was or will be told. */
static enum err make_tidings(const struct export *x, json_t **value_r)
{
	static const char *const kinds[TIDING_KINDS] = {
		[TIDING_DECLINED] = "request declined",
		[TIDING_CANCELLED] = "request cancelled",
		[TIDING_EXPIRED] = "request expired",
		[TIDING_HOLD_EXPIRED] = "hold expired",
		[TIDING_HOLDER_OUT] = "no holder any more",
		[TIDING_CLOSED] = "account closed",
	};
	struct tiding *list = mem_array(TIDINGS_MOST, sizeof(*list));
	size_t count;
	enum err e = tiding_list(x->realm->store, x->user.id, list, &count);

	*value_r = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			*value_r,
			json_pack("{s:s, s:I, s:o, s:o, s:b}", "kind",
				  kinds[list[i].name.kind], "id",
				  (json_int_t)list[i].name.number, "time",
				  export_time(list[i].made_ms), "by",
				  export_text(list[i].by), "is_told",
				  list[i].is_told));
	mem_free(list);
	return e;
}

const struct export_part export_of_bank[] = {
	{ "accounts", false, make_accounts },
	{ "entries", false, make_entries },
	{ "holds", false, make_holds },
	{ "requests", false, make_requests },
	{ "tidings", false, make_tidings },
	{ 0 },
};
