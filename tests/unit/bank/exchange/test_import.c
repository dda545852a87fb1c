/* Files of opening balances, and the comma-separated values they consist of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bank/exchange/csv.h"
#include "bank/exchange/import.h"
#include "base/mem.h"

static const struct currency currency = { "RIA", "R", 2 };

/* Fields by '|', rows by '/', what is no row as '!'. */
static const struct {
	const char *text;
	const char *rows;
	unsigned last; /* the line of the last row */
} csvs[] = {
	{ "", "", 1 },
	{ "a", "a/", 1 },
	{ "a,b\nc,d\n", "a|b/c|d/", 2 },
	{ "a,b\r\nc,d", "a|b/c|d/", 2 },
	{ "\n\r\n\na,\n", "a|/", 4 },
	{ ",", "|/", 1 },
	{ "\"a\",\"b,c\"\n", "a|b,c/", 1 },
	{ "\"a \"\"b\"\"\",\"\"\n", "a \"b\"|/", 1 },
	{ "\"two\nlines\",1\nx", "two\nlines|1/x/", 3 },
	{ "\"a\"b,1\nc", "!c/", 2 },
	{ "a\"b,1\nc", "!c/", 2 },
	{ "\"never closed,1\nc", "!", 1 },
	{ "\"\"\"", "!", 1 },
	{ "a\rb,1", "a\rb|1/", 1 },
	{ "1,2,3,4,5,6,7,8\n", "1|2|3|4|5|6|7|8/", 1 },
	{ "1,2,3,4,5,6,7,8,9\nc", "!c/", 2 },
};

static void print_row(const struct csv *csv, struct buf *out)
{
	for (unsigned i = 0; i < csv->count; i++)
		buf_print(out, "%s%s", i > 0 ? "|" : "", csv->fields[i]);
	buf_add_char(out, '/');
}

static void test_csv(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(csvs); i++) {
		AUTO(buf_fini) struct buf text = { 0 };
		AUTO(buf_fini) struct buf rows = { 0 };
		const char *words;
		unsigned last = 1;
		struct csv csv;
		enum err e;

		buf_add_text(&text, csvs[i].text);
		(void)buf_text(&text);
		csv_open(&csv, buf_at(&text), buf_len(&text));
		while ((e = csv_next(&csv, &words)) != ERR_NOT_FOUND) {
			last = csv.line;
			if (e == ERR_OK)
				print_row(&csv, &rows);
			else
				buf_add_char(&rows, '!');
		}
		assert_string_equal(buf_text(&rows), csvs[i].rows);
		assert_int_equal(last, csvs[i].last);
	}
}

static enum err read_text(const char *text, struct import *import)
{
	AUTO(buf_fini) struct buf buf = { 0 };

	buf_add_text(&buf, text);
	return import_read(import, &buf, &currency);
}

static void test_rows(void **state)
{
	struct import import;

	(void)state;
	assert_int_equal(read_text("\xef\xbb\xbf ACCOUNT , amount,Memo\n"
				   " ann , 12.5 , as it was \n"
				   "ben/savings,-0.01,\n"
				   "cleo,0.00,nothing\n"
				   "\"cash:till\",\"90071992547409.91\",x\n",
				   &import),
			 ERR_OK);
	assert_int_equal(import.count, 3);
	assert_int_equal(import.nothing, 1);
	assert_int_equal(import.rows[0].line, 2);
	assert_string_equal(import.rows[0].account, "ann");
	assert_int_equal(import.rows[0].amount, 1250);
	assert_string_equal(import.rows[0].memo, " as it was ");
	assert_int_equal(import.rows[1].amount, -1);
	assert_int_equal(import.rows[2].line, 5);
	assert_int_equal(import.rows[2].amount, MONEY_MOST);
	import_fini(&import);
}

static const struct {
	const char *text;
	const char *report;
} refused[] = {
	{ "", "line 1: the first line must be account,amount or "
	      "account,amount,memo\n" },
	{ "\n\nann,5", "line 3: the first line must be account,amount or "
		       "account,amount,memo\n" },
	{ "account,amount\nann\n,5\n",
	  "line 2: it has 1 columns, the first line has 2; 12,50 is "
	  "written 12.50\nline 3: it names no account\n" },
	{ "account,amount\n\"ann,5\n",
	  "line 2: a quotation mark is not closed\n" },
	{ "account,amount,memo\nann,5,\x1b\n",
	  "line 2: it may not hold control characters\n" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		AUTO(buf_fini) struct buf report = { 0 };
		struct import import;

		assert_int_equal(read_text(refused[i].text, &import),
				 ERR_BAD_INPUT);
		assert_int_equal(import_report(&import, 0, 1000, 0, &report),
				 0);
		assert_string_equal(buf_text(&report), refused[i].report);
		import_fini(&import);
	}
}

static size_t count_lines(struct buf *text)
{
	size_t lines = 0;

	for (const char *at = buf_text(text); *at != '\0'; at++)
		lines += *at == '\n';
	return lines;
}

/* All that is wrong of as many rows as there may be, and where it ends. */
static void test_bounds(void **state)
{
	AUTO(buf_fini) struct buf text = { 0 };
	AUTO(buf_fini) struct buf report = { 0 };
	struct import import;

	(void)state;
	buf_add_text(&text, "account,amount\n");
	for (int i = 0; i < IMPORT_ROWS_MOST + 7; i++)
		buf_add_text(&text, i % 2 == 0 ? "ann,1\n" : "ann,x\n");
	assert_int_equal(import_read(&import, &text, &currency), ERR_BAD_INPUT);
	assert_int_equal(import.bad, IMPORT_ROWS_MOST / 2 + 1);
	assert_int_equal(import_report(&import, 0, SIZE_MAX, 0, &report), 0);
	assert_int_equal(count_lines(&report), import.bad);
	assert_non_null(strstr(buf_text(&report), "line 5002: only 5000 "));
	import_fini(&import);
}

/* In their order, whatever the order was in which they were found. */
static void test_pages(void **state)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct import import;
	size_t page = strlen("line 2: two\nline 3: three\n") + 2;

	(void)state;
	assert_int_equal(read_text("account,amount\n", &import), ERR_OK);
	import_find(&import, 9, "nine");
	import_find(&import, 3, "three");
	import_find(&import, 2, "two");
	import_find(&import, 3, "and more");
	assert_int_equal(import_report(&import, 0, page, 1, &report), 3);
	assert_string_equal(buf_text(&report), "line 2: two\nline 3: three\n");
	buf_reset(&report);
	/* What is wrong with one line stands together. */
	assert_int_equal(import_report(&import, 3, 1, 1, &report), 9);
	assert_string_equal(buf_text(&report),
			    "line 3: three\nline 3: and more\n");
	buf_reset(&report);
	assert_int_equal(import_report(&import, 9, 1, 1, &report), 0);
	assert_string_equal(buf_text(&report), "line 9: nine\n");
	buf_reset(&report);
	assert_int_equal(import_report(&import, 10, page, 1, &report), 0);
	assert_int_equal(buf_len(&report), 0);
	import_fini(&import);
}

static void test_ids(void **state)
{
	struct import import;
	struct import other;
	struct uuid a;
	struct uuid b;

	(void)state;
	assert_int_equal(read_text("account,amount\nann,1\nben,1\n", &import),
			 ERR_OK);
	assert_int_equal(read_text("account,amount\nann,1\nben,1\n\n", &other),
			 ERR_OK);
	import_id(&import, &import.rows[0], &a);
	import_id(&import, &import.rows[0], &b);
	assert_true(uuid_equal(&a, &b));
	import_id(&import, &import.rows[1], &b);
	assert_false(uuid_equal(&a, &b));
	import_id(&other, &other.rows[0], &b);
	assert_false(uuid_equal(&a, &b));
	import_fini(&import);
	import_fini(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv),     cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_pages),   cmocka_unit_test(test_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
