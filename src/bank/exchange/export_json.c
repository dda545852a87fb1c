#include <inttypes.h>
#include <string.h>

#include "bank/exchange/export.h"
#include "crypto/digest.h"
#include "crypto/uuid.h"

enum { CONTROLS = 0x20 };

/* RFC 8259. */
static void put_text(const char *text, struct buf *out)
{
	buf_add_char(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_print(out, "\\%c", *text);
		else if ((unsigned char)*text < CONTROLS)
			buf_print(out, "\\u%04x", (unsigned char)*text);
		else
			buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

static void put_key(const char *key, struct buf *out)
{
	buf_print(out, ",\"%s\":", key);
}

static void put_member(const char *key, const char *text, struct buf *out)
{
	if (text[0] == '\0')
		return;
	put_key(key, out);
	put_text(text, out);
}

static void put_number(const char *key, uint64_t number, struct buf *out)
{
	if (number != 0)
		buf_print(out, ",\"%s\":%" PRIu64, key, number);
}

/* A decimal string: numbers of JSON are floats to many. */
static void put_money(const struct bank_export *x, const char *key,
		      money amount, struct buf *out)
{
	char text[MONEY_TEXT];

	money_print(amount, &x->currency, text);
	put_key(key, out);
	put_text(text, out);
}

static void put_time(const char *key, int64_t time_ms, struct buf *out)
{
	char text[EXPORT_TIME];

	if (time_ms == 0)
		return;
	export_print_time(time_ms, text);
	put_key(key, out);
	put_text(text, out);
}

static void put_account(const struct bank_export *x, account_id id,
			struct buf *out)
{
	struct bank_export_name name;

	x->name(x->arg, id, &name);
	buf_print(out, "{\"number\":%" PRIu64 ",\"name\":", id);
	put_text(name.text, out);
	buf_add_char(out, '}');
}

static void put_side(const struct bank_export *x, const char *key,
		     account_id id, struct buf *out)
{
	if (id == 0)
		return;
	put_key(key, out);
	put_account(x, id, out);
}

static void put_legs(const struct bank_export *x, const struct entry *entry,
		     struct buf *out)
{
	put_key("legs", out);
	for (unsigned i = 0; i < entry->leg_count; i++) {
		const struct leg *leg = &entry->legs[i];

		buf_add_text(out, i == 0 ? "[{\"debit\":" : ",{\"debit\":");
		put_account(x, leg->debit, out);
		put_side(x, "credit", leg->credit, out);
		put_money(x, "amount", leg->amount, out);
		buf_add_char(out, '}');
	}
	buf_add_text(out, entry->leg_count == 0 ? "[]" : "]");
}

static void put_balances(const struct bank_export *x, const struct entry *entry,
			 struct buf *out)
{
	put_key("balances", out);
	for (unsigned i = 0; i < entry->posting_count; i++) {
		const struct posting *p = &entry->postings[i];

		buf_print(out, "%s{\"account\":%" PRIu64, i == 0 ? "[" : ",",
			  p->account);
		put_money(x, "posted", p->posted, out);
		put_money(x, "held", p->held, out);
		buf_add_char(out, '}');
	}
	buf_add_text(out, entry->posting_count == 0 ? "[]" : "]");
}

static void put_changes(const struct bank_export *x, const struct entry *entry,
			struct buf *out)
{
	char text[MONEY_TEXT];

	put_key("changes", out);
	for (unsigned i = 0; i < entry->change_count; i++) {
		const struct change *c = &entry->changes[i];

		export_print_change(x, c, text);
		buf_print(out, "%s{\"what\":\"%s\",\"value\":\"%s\"}",
			  i == 0 ? "[" : ",", export_change_word(c->tag), text);
	}
	buf_add_text(out, entry->change_count == 0 ? "[]" : "]");
}

static void put_head(const struct entry *entry, struct buf *out)
{
	char date[EXPORT_TIME];
	char id[UUID_TEXT] = "";

	export_print_date(entry->date, date);
	if (!uuid_is_none(&entry->id))
		uuid_print(&entry->id, id);
	buf_print(out, "{\"entry\":%" PRIu64, entry->seq);
	put_member("kind", entry_kind_word(entry->kind), out);
	put_time("time", entry->time_ms, out);
	put_member("date", date, out);
	put_member("by", entry->by, out);
	put_number("user", entry->actor, out);
	put_member("id", id, out);
	put_number("reference", entry->reference, out);
	put_number("request", entry->request, out);
}

static void begin(const struct bank_export *x, struct buf *out)
{
	(void)x;
	(void)out;
}

static void put_entry(const struct bank_export *x, const struct entry *entry,
		      struct buf *out)
{
	char hash[DIGEST_TEXT];

	digest_print(entry->hash, hash);
	put_head(entry, out);
	put_side(x, "subject", entry->subject, out);
	put_side(x, "other", entry->other, out);
	if (entry->amount != 0)
		put_money(x, "value", entry->amount, out);
	put_time("due", entry->due_ms, out);
	put_member("name", entry->name, out);
	put_member("memo", entry->memo, out);
	put_legs(x, entry, out);
	put_balances(x, entry, out);
	put_changes(x, entry, out);
	put_member("hash", hash, out);
	buf_add_text(out, "}\n");
}

const struct bank_export_format export_json = { "json", begin, put_entry };
