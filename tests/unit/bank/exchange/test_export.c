/* The journal as text: what each format makes of an entry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/exchange/export.h"
#include "base/mem.h"

static void name_of(void *arg, account_id id, struct bank_export_name *name_r)
{
	static const struct bank_export_name names[] = {
		[7] = { ACCOUNT_USER, "ann" },
		[9] = { ACCOUNT_USER, "ben/savings" },
		[3] = { ACCOUNT_HOUSE, "fees" },
		[4] = { ACCOUNT_SHARED, "shared:flat" },
		[5] = { ACCOUNT_USER, "user:17" },
	};

	(void)arg;
	*name_r = names[id];
}

static struct bank_export make_export(void)
{
	struct bank_export x = { .currency = { "RIA", "R", 2 },
				 .head.seq = 12,
				 .name = name_of };

	return x;
}

/* 2026-11-20 20:14:05.123 UTC */
static struct entry make_entry(enum entry_kind kind, const char *memo)
{
	struct entry entry = { .seq = 12,
			       .time_ms = INT64_C(1795205645123),
			       .date = 20261120,
			       .kind = kind,
			       .by = "ann" };

	snprintf(entry.memo, sizeof(entry.memo), "%s", memo);
	return entry;
}

static void leave(struct entry *entry, account_id id, money posted)
{
	for (unsigned i = 0; i < entry->posting_count; i++)
		if (entry->postings[i].account == id)
			entry->postings[i].posted = posted;
}

static struct entry make_payment(const char *memo)
{
	struct entry entry = make_entry(ENTRY_PAY, memo);

	assert_true(entry_add_leg(&entry, 7, 9, 3025));
	assert_true(entry_add_leg(&entry, 7, 3, 10));
	leave(&entry, 7, 6965);
	leave(&entry, 9, 3025);
	leave(&entry, 3, 10);
	return entry;
}

static void assert_text(const struct bank_export_format *format,
			const struct entry *entry, const char *want)
{
	AUTO(buf_fini) struct buf out = { 0 };
	struct bank_export x = make_export();

	format->entry(&x, entry, &out);
	assert_string_equal(buf_text(&out), want);
}

#define CSV_HEAD "2026-11-20T20:14:05.123Z,2026-11-20,"

static void test_csv(void **state)
{
	struct entry entry = make_payment("lunch");

	(void)state;
	assert_text(&export_csv, &entry,
		    "12,1," CSV_HEAD "pay,ann,ann,7,ben/savings,9,30.25,69.65,"
		    "30.25,lunch,,,,,,,,,,,\r\n"
		    "12,2," CSV_HEAD "pay,ann,ann,7,fees,3,0.10,69.65,0.10,"
		    "lunch,,,,,,,,,,,\r\n");
	entry = make_entry(ENTRY_HOLD, "");
	entry.subject = 7;
	entry.other = 4;
	entry.amount = 500;
	entry.due_ms = entry.time_ms;
	entry_add_change(&entry, CHANGE_FLOOR, -500);
	entry_add_change(&entry, CHANGE_CEILING, MONEY_NONE);
	entry_add_change(&entry, CHANGE_OWNER, 17);
	assert_text(&export_csv, &entry,
		    "12,0," CSV_HEAD "hold,ann,,,,,,,,,,,,ann,7,shared:flat,4,"
		    "5.00,2026-11-20T20:14:05.123Z,,floor=-5.00 ceiling=none "
		    "owner=17\r\n");
}

/* No cell is a formula, none is two, and all can be read back. */
static void test_csv_texts(void **state)
{
	static const struct {
		const char *memo;
		const char *cell;
	} cases[] = {
		{ "plain; text", ",plain; text," },
		{ "a, b", ",\"a, b\"," },
		{ "say \"hi\"", ",\"say \"\"hi\"\"\"," },
		{ "=1+1", ",\"'=1+1\"," },
		{ "+1", ",\"'+1\"," },
		{ "-1", ",\"'-1\"," },
		{ "@x", ",\"'@x\"," },
		{ "'tis", ",\"''tis\"," },
		{ "=\"a\"", ",\"'=\"\"a\"\"\"," },
		{ "1=1", ",1=1," },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO(buf_fini) struct buf out = { 0 };
		struct bank_export x = make_export();
		struct entry entry = make_payment(cases[i].memo);

		export_csv.entry(&x, &entry, &out);
		if (strstr(buf_text(&out), cases[i].cell) == NULL)
			fail_msg("%s: %s", cases[i].memo, buf_text(&out));
	}
}

static void test_csv_header(void **state)
{
	AUTO(buf_fini) struct buf out = { 0 };
	AUTO(buf_fini) struct buf row = { 0 };
	struct bank_export x = make_export();
	struct entry entry = make_entry(ENTRY_OPEN, "");
	unsigned header = 0;
	unsigned columns = 0;

	(void)state;
	export_csv.begin(&x, &out);
	export_csv.entry(&x, &entry, &row);
	for (const char *at = buf_text(&out); *at != '\0'; at++)
		header += *at == ',';
	for (const char *at = buf_text(&row); *at != '\0'; at++)
		columns += *at == ',';
	assert_int_equal(header, columns);
}

static void test_json(void **state)
{
	struct entry entry = make_payment("a \"b\" \\ c");

	(void)state;
	entry.request = 3;
	assert_text(&export_json, &entry,
		    "{\"entry\":12,\"kind\":\"pay\",\"time\":"
		    "\"2026-11-20T20:14:05.123Z\",\"date\":\"2026-11-20\","
		    "\"by\":\"ann\",\"request\":3,"
		    "\"memo\":\"a \\\"b\\\" \\\\ c\",\"legs\":["
		    "{\"debit\":{\"number\":7,\"name\":\"ann\"},"
		    "\"credit\":{\"number\":9,\"name\":\"ben/savings\"},"
		    "\"amount\":\"30.25\"},"
		    "{\"debit\":{\"number\":7,\"name\":\"ann\"},"
		    "\"credit\":{\"number\":3,\"name\":\"fees\"},"
		    "\"amount\":\"0.10\"}],\"balances\":["
		    "{\"account\":7,\"posted\":\"69.65\",\"held\":\"0.00\"},"
		    "{\"account\":9,\"posted\":\"30.25\",\"held\":\"0.00\"},"
		    "{\"account\":3,\"posted\":\"0.10\",\"held\":\"0.00\"}],"
		    "\"changes\":[],\"hash\":\"00000000000000000000000000000000"
		    "00000000000000000000000000000000\"}\n");
}

static void assert_ledger(const struct entry *entry, const char *want)
{
	AUTO(buf_fini) struct buf out = { 0 };
	AUTO(buf_fini) struct buf tight = { 0 };
	struct bank_export x = make_export();

	export_ledger.entry(&x, entry, &out);
	/* Columns are for the eye: two spaces are as many as there are. */
	for (const char *at = buf_text(&out); *at != '\0'; at++)
		if (strncmp(at, "   ", 3) != 0)
			buf_add_char(&tight, *at);
	assert_string_equal(buf_text(&tight), want);
}

static void test_ledger(void **state)
{
	struct entry entry = make_payment("  pizza;  two  ");

	(void)state;
	/* What one has paid in all, whatever the legs. */
	assert_ledger(&entry, "2026-11-20 * (#12) pay by ann: pizza, two \n"
			      "  user:ann  -30.35 \"RIA\"\n"
			      "  user:ben/savings  30.25 \"RIA\"\n"
			      "  house:fees  0.10 \"RIA\"\n\n");
	entry = make_entry(ENTRY_REVERSE, "");
	entry.reference = 8;
	assert_true(entry_add_leg(&entry, 5, 4, 1));
	assert_ledger(&entry, "2026-11-20 * (#12) reverse of #8 by ann\n"
			      "  user:17  -0.01 \"RIA\"\n"
			      "  shared:flat  0.01 \"RIA\"\n\n");
	entry = make_entry(ENTRY_HOLD, "drill");
	entry.subject = 7;
	assert_true(entry_touch(&entry, 7));
	assert_ledger(&entry, "; 2026-11-20 (#12) hold by ann: drill\n\n");
}

static void test_ledger_begins(void **state)
{
	static const struct {
		const char *code;
		int scale;
		const char *want;
	} cases[] = {
		{ "RIA", 2, "commodity \"RIA\"\n    format 1000.00 \"RIA\"\n" },
		{ "s", 1, "commodity \"S\"\n    format 1000.0 \"S\"\n" },
		{ "or", 0, "commodity \"or\"\n\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO(buf_fini) struct buf out = { 0 };
		struct bank_export x = make_export();

		snprintf(x.currency.code, sizeof(x.currency.code), "%s",
			 cases[i].code);
		x.currency.scale = cases[i].scale;
		export_ledger.begin(&x, &out);
		assert_non_null(strstr(buf_text(&out), cases[i].want));
		assert_non_null(strstr(buf_text(&out), "up to #12, hash 00"));
	}
}

static void test_find(void **state)
{
	(void)state;
	assert_ptr_equal(export_find("csv"), &export_csv);
	assert_ptr_equal(export_find("json"), &export_json);
	assert_ptr_equal(export_find("ledger"), &export_ledger);
	assert_null(export_find("xml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_texts),
		cmocka_unit_test(test_csv_header),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_ledger),
		cmocka_unit_test(test_ledger_begins),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
