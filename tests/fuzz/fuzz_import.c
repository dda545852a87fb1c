/*
 * Any file as a table of opening balances, its first byte says in how many
 * decimals: either it is refused, with lines that may be shown, or every row is
 * one that the ledger can be asked for.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "bank/exchange/import.h"
#include "base/mem.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_row(const struct import_row *row)
{
	assert(row->line > 1 && row->account[0] != '\0' && row->amount != 0);
	assert(row->amount >= -MONEY_MOST && row->amount <= MONEY_MOST);
	assert(text_flaw(row->account, strlen(row->account)) == NULL);
	assert(text_flaw(row->memo, strlen(row->memo)) == NULL);
}

/* A line for each, and however short the pages are, they end. */
static void check_report(struct import *import)
{
	AUTO(buf_fini) struct buf all = { 0 };
	unsigned from = 0;
	size_t lines = 0;
	char *line;
	char *at;

	assert(import_report(import, 0, SIZE_MAX, 0, &all) == 0);
	buf_add_char(&all, '\0');
	at = buf_at(&all);
	while ((line = strsep(&at, "\n")) != NULL) {
		assert(text_flaw(line, strlen(line)) == NULL);
		lines += line[0] != '\0';
	}
	assert(lines == import->bad);
	do {
		unsigned next = import_report(import, from, 1 << 15, 0, &all);

		assert(next == 0 || next > from);
		from = next;
	} while (from != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	AUTO(buf_fini) struct buf text = { 0 };
	struct currency currency = { .code = "RIA", .symbol = "R" };
	struct import import;
	enum err e;

	if (len == 0 || len > IMPORT_BYTES_MOST)
		return 0;
	currency.scale = bytes[0] % (CURRENCY_SCALE_MOST + 1);
	buf_add(&text, bytes + 1, len - 1);
	e = import_read(&import, &text, &currency);
	assert((e == ERR_OK) == (import.bad == 0));
	assert(import.count <= IMPORT_ROWS_MOST || import.bad > 0);
	for (size_t i = 0; i < import.count; i++) {
		check_row(&import.rows[i]);
		assert(i == 0 || import.rows[i].line > import.rows[i - 1].line);
	}
	check_report(&import);
	import_fini(&import);
	return 0;
}
