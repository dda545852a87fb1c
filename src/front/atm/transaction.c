#include "front/atm/transaction.h"

#include "crypto/base64url.h"
#include "crypto/jws.h"
#include "front/atm/answer.h"

/* As the entry left it: nothing where it has left it alone. */
static void print_balance(const struct transaction *t, struct buf *out)
{
	const struct posting *posting = entry_posting(t->entry, t->own);

	if (posting == NULL)
		return;
	answer_open(out, "balance", '{');
	answer_text(out, "account", t->name);
	answer_money(out, "posted", posting->posted, t->currency);
	answer_money(out, "held", posting->held, t->currency);
	if (t->left != MONEY_NONE)
		answer_money(out, "available", t->left, t->currency);
	else
		answer_null(out, "available");
	answer_close(out, '}');
}

void transaction_print(const struct transaction *t, struct buf *out)
{
	const struct entry *entry = t->entry;

	answer_number(out, "entry", (int64_t)entry->seq);
	answer_time(out, "time", entry->time_ms);
	if (entry->kind == ENTRY_HOLD)
		answer_time(out, "expires_ms", entry->due_ms);
	print_balance(t, out);
}

const struct leg *transaction_leg(const struct entry *entry)
{
	bool is_last = entry->kind == ENTRY_REVERSE;

	return &entry->legs[is_last ? entry->leg_count - 1 : 0];
}

money transaction_fee(const struct entry *entry)
{
	money fee = 0;

	for (unsigned i = 0; i < entry->leg_count; i++)
		if (&entry->legs[i] != transaction_leg(entry))
			fee += entry->legs[i].amount;
	return entry->kind == ENTRY_REVERSE ? -fee : fee;
}

static const char *name_of(const struct transaction *t, account_id id)
{
	return id == t->own ? t->name : t->other;
}

static void print_sides(const struct transaction *t, struct buf *out)
{
	const struct entry *entry = t->entry;
	bool has_leg = entry->leg_count > 0;
	account_id from =
		has_leg ? transaction_leg(entry)->debit : entry->subject;
	account_id to = has_leg ? transaction_leg(entry)->credit : entry->other;

	answer_text(out, "account", t->name);
	answer_text(out, "from", name_of(t, from));
	answer_text(out, "to", name_of(t, to));
}

static void print_amounts(const struct transaction *t, struct buf *out)
{
	const struct entry *entry = t->entry;
	const struct posting *posting = entry_posting(entry, t->own);

	answer_money(out, "amount",
		     entry->leg_count > 0 ? transaction_leg(entry)->amount
					  : entry->amount,
		     t->currency);
	answer_money(out, "fee", transaction_fee(entry), t->currency);
	if (posting != NULL)
		answer_money(out, "balance", posting->posted, t->currency);
}

static void print_payload(const struct transaction *t, const char *server,
			  struct buf *out)
{
	const struct entry *entry = t->entry;
	char hash[BASE64URL_TEXT(DIGEST_BYTES) + 1] = "";
	char id[UUID_TEXT];

	base64url_write(entry->hash, sizeof(entry->hash), hash);
	answer_open(out, NULL, '{');
	answer_number(out, "v", 1);
	answer_text(out, "server", server);
	answer_text(out, "currency", t->currency->code);
	answer_number(out, "entry", (int64_t)entry->seq);
	answer_text(out, "hash", hash);
	answer_time(out, "time", entry->time_ms);
	answer_text(out, "kind", entry_kind_word(entry->kind));
	if (!uuid_is_none(&entry->id)) {
		uuid_print(&entry->id, id);
		answer_text(out, "id", id);
	}
	if (entry->reference != 0)
		answer_number(out, "reference", (int64_t)entry->reference);
	print_sides(t, out);
	print_amounts(t, out);
	answer_text(out, "memo", entry->memo);
	answer_close(out, '}');
}

void transaction_sign(const struct transaction *t,
		      const struct identity_key *key, const char *server,
		      struct buf *out)
{
	AUTO(buf_wipe) struct buf payload = { 0 };

	print_payload(t, server, &payload);
	jws_sign(key, "rialto-receipt", buf_at(&payload), buf_len(&payload),
		 out);
}
