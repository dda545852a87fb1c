#include "client/receipt.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "client/filter.h"
#include "crypto/jws.h"

static const char typ[] = "rialto-receipt";

/* In this order, as people read a receipt. */
static const struct row {
	const char *member;
	const char *label;
	enum { TEXT, ENTRY, TIME, AMOUNT } form;
	bool may_lack;
} rows[] = {
	{ "server", "Server", TEXT, false },
	{ "entry", "Entry", ENTRY, false },
	{ "time", "Time", TIME, false },
	{ "kind", "Kind", TEXT, false },
	{ "reference", "About", ENTRY, true },
	{ "from", "From", TEXT, true },
	{ "to", "To", TEXT, true },
	{ "amount", "Amount", AMOUNT, false },
	{ "fee", "Fee", AMOUNT, true },
	{ "memo", "Memo", TEXT, true },
	{ "account", "Account", TEXT, false },
	{ "balance", "Balance", AMOUNT, true },
	{ "id", "Id", TEXT, true },
	{ "hash", "Hash", TEXT, false },
};

static bool has_form(const struct row *row, const json_t *member)
{
	if (member == NULL || json_is_null(member))
		return row->may_lack;
	return row->form == TEXT || row->form == AMOUNT
		       ? json_is_string(member)
		       : json_is_integer(member);
}

static bool is_receipt(const json_t *payload)
{
	if (json_integer_value(json_object_get(payload, "v")) != 1 ||
	    !json_is_string(json_object_get(payload, "currency")))
		return false;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!has_form(&rows[i],
			      json_object_get(payload, rows[i].member)))
			return false;
	}
	return true;
}

static void add_text(struct buf *words, const json_t *text)
{
	filter_text(json_string_value(text), json_string_length(text), words);
}

static void add_row(struct buf *words, const struct row *row,
		    const json_t *payload)
{
	const json_t *member = json_object_get(payload, row->member);
	json_int_t number = json_integer_value(member);
	char time[CLOCK_TEXT];

	if (member == NULL || json_is_null(member) ||
	    (json_is_string(member) && json_string_length(member) == 0))
		return;
	buf_print(words, "%s:%*s", row->label, 9 - (int)strlen(row->label), "");
	switch (row->form) {
	case ENTRY:
		buf_print(words, "#%lld", (long long)number);
		break;
	case TIME:
		clock_print(number, time);
		buf_add_text(words, time);
		break;
	default:
		add_text(words, member);
	}
	if (row->form == AMOUNT) {
		buf_add_char(words, ' ');
		add_text(words, json_object_get(payload, "currency"));
	}
	buf_add_char(words, '\n');
}

static enum err read_payload(const struct buf *text, struct buf *words,
			     const char **why)
{
	json_t *payload = json_loadb(buf_at(text), buf_len(text),
				     JSON_REJECT_DUPLICATES, NULL);
	bool is_one = is_receipt(payload);

	for (size_t i = 0; is_one && i < COUNT(rows); i++)
		add_row(words, &rows[i], payload);
	json_decref(payload);
	if (!is_one)
		*why = "it was signed, but does not say what receipts say";
	return is_one ? ERR_OK : ERR_BAD_INPUT;
}

enum err receipt_open(const char *text, size_t len, struct buf *words,
		      char identity_r[IDENTITY_TEXT], const char **why)
{
	static const char space[] = " \t\r\n";
	AUTO(buf_fini) struct buf payload = { 0 };
	uint8_t public[IDENTITY_PUBLIC];
	enum err e = ERR_BAD_INPUT;

	identity_r[0] = '\0';
	while (len > 0 && memchr(space, text[len - 1], 4) != NULL)
		len--;
	while (len > 0 && memchr(space, text[0], 4) != NULL) {
		text++;
		len--;
	}
	if (len > 0 && len <= RECEIPT_MOST)
		e = jws_open(text, len, typ, &payload, public);
	if (e != ERR_OK) {
		*why = e == ERR_MAC_FAILED
			       ? "it was changed: the signature does not hold"
			       : "it is no receipt, or was changed";
		return e;
	}
	memcpy(identity_r, "SHA256:", 7);
	identity_print_kid(public, identity_r + 7);
	return read_payload(&payload, words, why);
}
