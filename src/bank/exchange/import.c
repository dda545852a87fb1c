#include "bank/exchange/import.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bank/exchange/csv.h"
#include "bank/memo.h"
#include "base/mem.h"
#include "base/text.h"

enum {
	WITHOUT_MEMO = 2,
	WITH_MEMO = 3,
	SHOWN = 40,
	/* A row more than there may be, which is told. */
	ROWS = IMPORT_ROWS_MOST + 1,
	/* Of each row, as it is read and by import_find(); and that. */
	FINDINGS_MOST = 3 * ROWS + 1,
};

static const char header_words[] =
	"the first line must be account,amount or account,amount,memo";

struct import_finding {
	unsigned line;
	size_t at; /* of its words */
};

void import_find(struct import *import, unsigned line, const char *format, ...)
{
	va_list args;

	assert(import->bad < FINDINGS_MOST);
	import->findings[import->bad++] = (struct import_finding){
		.line = line,
		.at = buf_len(&import->words),
	};
	va_start(args, format);
	buf_vprint(&import->words, format, args);
	va_end(args);
	buf_add_char(&import->words, '\0');
}

static int compare(const void *a, const void *b)
{
	const struct import_finding *x = a;
	const struct import_finding *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

unsigned import_report(struct import *import, unsigned from, size_t most,
		       size_t beside, struct buf *out)
{
	const char *words = buf_at(&import->words);
	size_t bytes = 0;

	if (import->bad > 0)
		qsort(import->findings, import->bad, sizeof(*import->findings),
		      compare);
	for (size_t i = 0; i < import->bad; i++) {
		const struct import_finding *one = &import->findings[i];
		AUTO(buf_fini) struct buf line = { 0 };

		if (one->line < from)
			continue;
		buf_print(&line, "line %u: %s\n", one->line, words + one->at);
		bytes += buf_len(&line) + beside;
		if (bytes > most && one->line > from)
			return one->line;
		buf_add(out, buf_at(&line), buf_len(&line));
	}
	return 0;
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
	else
		import->rows[import->count++] = row;
}

static bool is_too_long(struct import *import, const struct csv *csv)
{
	if (import->count + import->bad <= IMPORT_ROWS_MOST)
		return false;
	import_find(import, csv->line,
		    "only %d lines that are not nothing are taken at once; "
		    "what is behind was not looked at: make more files of it",
		    IMPORT_ROWS_MOST);
	return true;
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
		if (is_too_long(import, csv))
			return;
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
	import->rows = mem_array(ROWS, sizeof(*import->rows));
	import->findings = mem_array(FINDINGS_MOST, sizeof(*import->findings));
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
	mem_free(import->findings);
	buf_fini(&import->words);
	import->rows = NULL;
	import->findings = NULL;
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
