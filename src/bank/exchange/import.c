#include "bank/exchange/import.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bank/exchange/csv.h"
#include "bank/memo.h"
#include "base/mem.h"
#include "base/text.h"

enum { WITHOUT_MEMO = 2, WITH_MEMO = 3, SHOWN = 40 };

static const char header_words[] =
	"the first line must be account,amount or account,amount,memo";

void import_find(struct import *import, unsigned line, const char *format, ...)
{
	va_list args;

	if (import->bad++ >= IMPORT_TOLD_MOST)
		return;
	buf_print(&import->report, "line %u: ", line);
	va_start(args, format);
	buf_vprint(&import->report, format, args);
	va_end(args);
	buf_add_char(&import->report, '\n');
}

void import_end(struct import *import)
{
	if (import->bad > IMPORT_TOLD_MOST)
		buf_print(&import->report, "… and %zu more lines.\n",
			  import->bad - IMPORT_TOLD_MOST);
}

/* Without spaces around it. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		text[--len] = '\0';
	return text;
}

/* How many columns there are; 0: it is no header. */
static unsigned read_header(struct csv *csv)
{
	static const char *const names[WITH_MEMO] = { "account", "amount",
						      "memo" };

	if (csv->count != WITHOUT_MEMO && csv->count != WITH_MEMO)
		return 0;
	for (unsigned i = 0; i < csv->count; i++)
		if (strcasecmp(trim(csv->fields[i]), names[i]) != 0)
			return 0;
	return csv->count;
}

static bool is_clean(struct import *import, const struct csv *csv)
{
	for (unsigned i = 0; i < csv->count; i++) {
		const char *text = csv->fields[i];
		const char *flaw = text_flaw(text, strlen(text));

		if (flaw == NULL)
			continue;
		import_find(import, csv->line, "it may not hold %s", flaw);
		return false;
	}
	return true;
}

static bool read_account(struct import *import, const struct csv *csv,
			 struct import_row *row)
{
	const char *account = trim(csv->fields[0]);

	if (account[0] == '\0') {
		import_find(import, csv->line, "it names no account");
		return false;
	}
	if (strlen(account) >= sizeof(row->account)) {
		import_find(import, csv->line,
			    "no account has a name as long as that");
		return false;
	}
	memcpy(row->account, account, strlen(account) + 1);
	return true;
}

static bool read_amount(struct import *import, const struct csv *csv,
			const struct currency *currency, struct import_row *row)
{
	const char *amount = trim(csv->fields[1]);
	char words[MONEY_WORDS];

	if (money_parse_signed(amount, currency, &row->amount))
		return true;
	money_explain(amount, currency, words);
	import_find(import, csv->line, "%s", words);
	return false;
}

static bool read_memo(struct import *import, const struct csv *csv,
		      struct import_row *row)
{
	const char *memo = csv->count == WITH_MEMO ? csv->fields[2] : "";

	if (memo[0] != '\0' && !csv->is_quoted[2] &&
	    memo_is_amount(csv->fields[1], memo)) {
		import_find(import, csv->line,
			    "its memo may be the rest of its amount; 12,50 is "
			    "written 12.50, and a memo of digits in quotation "
			    "marks");
		return false;
	}
	if (strlen(memo) >= sizeof(row->memo)) {
		import_find(import, csv->line,
			    "a memo is at most %d bytes long", MEMO - 1);
		return false;
	}
	memcpy(row->memo, memo, strlen(memo) + 1);
	return true;
}

static void read_row(struct import *import, const struct csv *csv,
		     unsigned columns, const struct currency *currency)
{
	struct import_row row = { .line = csv->line };

	if (csv->count != columns) {
		import_find(import, csv->line,
			    "it has %u columns, the first line has %u; "
			    "12,50 is written 12.50",
			    csv->count, columns);
		return;
	}
	if (!is_clean(import, csv) || !read_account(import, csv, &row) ||
	    !read_amount(import, csv, currency, &row) ||
	    !read_memo(import, csv, &row))
		return;
	if (row.amount == 0)
		import->nothing++;
	else if (import->count == IMPORT_ROWS_MOST)
		import_find(import, csv->line,
			    "only %d balances are taken at once; make more "
			    "files of it",
			    IMPORT_ROWS_MOST);
	else
		import->rows[import->count++] = row;
}

static void read_rows(struct import *import, struct csv *csv,
		      const struct currency *currency)
{
	const char *words;
	unsigned columns = 0;
	enum err e;

	while ((e = csv_next(csv, &words)) != ERR_NOT_FOUND) {
		bool is_first = columns == 0;

		if (is_first)
			columns = e == ERR_OK ? read_header(csv) : 0;
		if (columns == 0) {
			import_find(import, csv->line, "%s", header_words);
			return;
		}
		if (e != ERR_OK)
			import_find(import, csv->line, "%s", words);
		else if (!is_first)
			read_row(import, csv, columns, currency);
	}
	if (columns == 0)
		import_find(import, 1, "%s", header_words);
}

enum err import_read(struct import *import, struct buf *text,
		     const struct currency *currency)
{
	static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8 */
	struct csv csv;
	size_t len = buf_len(text);
	char *at;

	memset(import, 0, sizeof(*import));
	import->rows = mem_array(IMPORT_ROWS_MOST, sizeof(*import->rows));
	digest_make(buf_at(text), len, NULL, 0, import->digest);
	(void)buf_text(text); /* so that there is a byte behind it */
	at = buf_at(text);
	if (len >= strlen(mark) && memcmp(at, mark, strlen(mark)) == 0) {
		at += strlen(mark);
		len -= strlen(mark);
	}
	if (memchr(at, '\0', len) != NULL) {
		import_find(import, 1, "this is no text");
		return ERR_BAD_INPUT;
	}
	csv_open(&csv, at, len);
	read_rows(import, &csv, currency);
	return import->bad == 0 ? ERR_OK : ERR_BAD_INPUT;
}

void import_fini(struct import *import)
{
	mem_free(import->rows);
	buf_fini(&import->report);
	import->rows = NULL;
}

void import_id(const struct import *import, const struct import_row *row,
	       struct uuid *id_r)
{
	uint8_t digest[DIGEST_BYTES];
	char text[SHOWN];

	(void)snprintf(text, sizeof(text), " import line %u", row->line);
	digest_make(import->digest, sizeof(import->digest), text, strlen(text),
		    digest);
	memcpy(id_r->bytes, digest, UUID_BYTES);
	/* Version 8 of RFC 9562: what is in it is our own business. */
	id_r->bytes[6] = (uint8_t)((id_r->bytes[6] & 0x0f) | 0x80);
	id_r->bytes[8] = (uint8_t)((id_r->bytes[8] & 0x3f) | 0x80);
}
