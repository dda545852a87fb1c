/*
 * The plain text that ledger(1) and hledger(1) both read. Neither has a way to
 * quote a payee: what is behind a ; is a comment there, and two spaces end it,
 * so these are written as a comma and as one space.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/exchange/export.h"
#include "crypto/digest.h"

enum { WIDTH = 50 };

/*
 * The code of the currency in quotes, since "or" and the like are words of
 * ledger's. A single small letter is written large: s, m and h are units of
 * time there.
 */
static void put_commodity(const struct currency *currency, struct buf *out)
{
	const char *code = currency->code;

	if (code[0] >= 'a' && code[0] <= 'z' && code[1] == '\0')
		buf_print(out, "\"%c\"", code[0] - 'a' + 'A');
	else
		buf_print(out, "\"%s\"", code);
}

/* How many digits there are; both want it only where there is a point. */
static void put_format(const struct currency *currency, struct buf *out)
{
	char text[MONEY_TEXT];

	buf_add_text(out, "commodity ");
	put_commodity(currency, out);
	if (currency->scale > 0) {
		money_print(0, currency, text);
		buf_print(out, "\n    format 100%s ", text);
		put_commodity(currency, out);
	}
	buf_add_text(out, "\n\n");
}

static void begin(const struct bank_export *x, struct buf *out)
{
	char hash[DIGEST_TEXT];

	digest_print(x->head.hash, hash);
	buf_print(out,
		  "; The journal of the bank up to #%" PRIu64 ", hash %s.\n"
		  "; What is in a member's account is above zero, what is in "
		  "a till below.\n\n",
		  x->head.seq, hash);
	put_format(&x->currency, out);
}

static void put_account(const struct bank_export *x, account_id id,
			char name_r[WIDTH + BOOK_NAME])
{
	static const char *const prefixes[] = {
		[ACCOUNT_USER] = "user:",
		[ACCOUNT_SHARED] = "", /* "shared:" is in the name */
		[ACCOUNT_HOUSE] = "house:",
	};
	struct bank_export_name name;
	const char *text = name.text;

	x->name(x->arg, id, &name);
	/* Somebody who was removed is "user:17" already. */
	if (name.kind == ACCOUNT_USER && strncmp(text, "user:", 5) == 0)
		text += strlen("user:");
	(void)snprintf(name_r, WIDTH + BOOK_NAME, "%s%s", prefixes[name.kind],
		       text);
}

static void put_payee(const char *text, struct buf *out)
{
	bool is_space = true;

	for (; *text != '\0'; text++) {
		if (*text == ' ' && is_space)
			continue;
		is_space = *text == ' ';
		buf_add_char(out, *text == ';' ? ',' : *text);
	}
}

static void put_line(const struct entry *entry, struct buf *out)
{
	buf_print(out, "(#%" PRIu64 ") %s", entry->seq,
		  entry_kind_word(entry->kind));
	if (entry->reference != 0)
		buf_print(out, " of #%" PRIu64, entry->reference);
	if (entry->by[0] != '\0')
		buf_print(out, " by %s", entry->by);
	if (entry->memo[0] != '\0') {
		buf_add_text(out, ": ");
		put_payee(entry->memo, out);
	}
	buf_add_char(out, '\n');
}

static void put_posting(const struct bank_export *x, account_id id,
			money amount, struct buf *out)
{
	char name[WIDTH + BOOK_NAME];
	char text[MONEY_TEXT];

	put_account(x, id, name);
	money_print(amount, &x->currency, text);
	buf_print(out, "    %-*s  %15s ", WIDTH, name, text);
	put_commodity(&x->currency, out);
	buf_add_char(out, '\n');
}

static bool moves_money(const struct entry *entry)
{
	for (unsigned i = 0; i < entry->posting_count; i++)
		if (entry_net(entry, entry->postings[i].account) != 0)
			return true;
	return false;
}

static void put_entry(const struct bank_export *x, const struct entry *entry,
		      struct buf *out)
{
	char date[EXPORT_TIME];

	export_print_date(entry->date, date);
	if (!moves_money(entry)) {
		buf_print(out, "; %s ", date);
		put_line(entry, out);
		buf_add_char(out, '\n');
		return;
	}
	buf_print(out, "%s * ", date);
	put_line(entry, out);
	for (unsigned i = 0; i < entry->posting_count; i++) {
		account_id id = entry->postings[i].account;
		money net = entry_net(entry, id);

		if (net != 0)
			put_posting(x, id, net, out);
	}
	buf_add_char(out, '\n');
}

const struct bank_export_format export_ledger = { "ledger", begin, put_entry };
