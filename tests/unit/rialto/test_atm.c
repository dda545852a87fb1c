#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "rialto/atm/answer.h"
#include "rialto/atm/lines.h"
#include "rialto/atm/receipts.h"
#include "rialto/atm/request.h"
#include "rialto/atm/words.h"

static void test_writes_requests(void **state UNUSED)
{
	AUTO(buf_wipe) struct buf request = { 0 };
	AUTO(mem_free_text) char *want = NULL;
	char id[UUID_TEXT];
	struct uuid uuid;

	request_begin(&request, "pay", id);
	request_add(&request, "to", "a\"b\\c\n\xc3\xbc");
	request_add(&request, "memo", "");
	request_add(&request, "code", NULL);
	request_end(&request);
	assert_true(uuid_parse(id, &uuid));
	want = mem_print("{\"op\":\"pay\",\"id\":\"%s\",\"to\":"
			 "\"a\\\"b\\\\c\\u000a\xc3\xbc\"}",
			 id);
	assert_string_equal(buf_text(&request), want);
}

/* A password of the longest kind moves nothing, so no copy stays. */
static void test_requests_do_not_move(void **state UNUSED)
{
	AUTO(buf_wipe) struct buf request = { 0 };
	char text[REQUEST_TEXT + 1];
	char id[UUID_TEXT];
	const char *at;

	memset(text, 1, sizeof(text) - 1);
	text[REQUEST_TEXT] = '\0';
	request_begin(&request, "login", id);
	at = buf_at(&request);
	for (int i = 0; i < 4; i++)
		request_add(&request, "password", text);
	request_end(&request);
	assert_ptr_equal(at, buf_at(&request));
}

static const struct answer_case {
	const char *text;
	bool is_one;
	const char *code;
	const char *words;
} answer_cases[] = {
	{ "{\"ok\":true}", true, "", NULL },
	{ "{\"ok\":false,\"error\":{\"code\":\"busy\",\"text\":\"No.\"}}", true,
	  "busy", "No." },
	{ "{\"ok\":false,\"error\":{\"code\":\"busy\",\"text\":\"\\u001b[\"}}",
	  true, "busy", "\xef\xbf\xbd[" },
	{ "{\"ok\":false,\"error\":{\"code\":\"busy\"}}", true, "busy",
	  "busy" },
	{ "{\"ok\":false}", true, "", "" },
	{ "{\"ok\":1}", false, NULL, NULL },
	{ "{}", false, NULL, NULL },
	{ "[]", false, NULL, NULL },
	{ "{\"ok\":true,\"ok\":true}", false, NULL, NULL },
	{ "", false, NULL, NULL },
};

static void test_reads_answers(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(answer_cases); i++) {
		const struct answer_case *c = &answer_cases[i];
		struct answer answer = { 0 };

		if (answer_read(c->text, strlen(c->text), &answer) != c->is_one)
			fail_msg("%s", c->text);
		if (c->is_one)
			assert_string_equal(answer.code, c->code);
		if (c->words != NULL)
			assert_string_equal(answer.text, c->words);
		answer_fini(&answer);
	}
}

static json_t *read_json(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(json);
	return json;
}

static void test_says_balances(void **state UNUSED)
{
	AUTO(buf_fini) struct buf out = { 0 };
	json_t *plain = read_json("{\"account\":\"ann\",\"posted\":\"5.00\","
				  "\"held\":\"0.00\",\"available\":null}");
	json_t *held = read_json("{\"account\":\"ann\",\"posted\":\"5.00\","
				 "\"held\":\"1.50\",\"available\":\"3.50\"}");

	words_balance(plain, &out);
	words_balance(held, &out);
	assert_string_equal(buf_text(&out), "Account:   ann\n"
					    "Balance:   5.00\n"
					    "Account:   ann\n"
					    "Balance:   5.00\n"
					    "Set aside: 1.50\n"
					    "Available: 3.50\n");
	json_decref(plain);
	json_decref(held);
}

static void test_says_what_happened(void **state UNUSED)
{
	AUTO(buf_fini) struct buf out = { 0 };
	json_t *posting =
		read_json("{\"entry\":9007199254740991,\"time\":1763841240000,"
			  "\"amount\":\"-30.25\",\"balance\":\"69.75\","
			  "\"other\":\"ben\",\"memo\":\"lunch\"}");
	json_t *bare = read_json("{\"entry\":7,\"time\":1763841240000,"
				 "\"amount\":\"100.00\",\"balance\":"
				 "\"100.00\",\"other\":\"cash:till\","
				 "\"memo\":\"\"}");

	setenv("TZ", "UTC", 1);
	words_posting(posting, &out);
	buf_add_char(&out, '\n');
	words_posting(bare, &out);
	assert_string_equal(
		buf_text(&out),
		"2025-11-22 19:54     -30.25      69.75 ben (lunch) "
		"#9007199254740991\n"
		"2025-11-22 19:54     100.00     100.00 cash:till #7");
	json_decref(posting);
	json_decref(bare);
}

static void test_wraps(void **state UNUSED)
{
	AUTO(buf_fini) struct buf out = { 0 };
	char text[200];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 10 == 9 ? ' ' : 'x';
	text[sizeof(text) - 1] = '\0';
	for (size_t width = 11; width <= 220; width++) {
		buf_reset(&out);
		words_wrap(text, width, &out);
		for (const char *line = buf_text(&out); *line != '\0';) {
			size_t len = strcspn(line, "\n");
			size_t indent = strspn(line, " ");

			assert_int_equal(indent,
					 line == buf_text(&out) ? 0 : 2);
			assert_true(len <= width);
			assert_int_equal((len - indent) % 10, 9);
			line += len + 1;
		}
	}
}

static const struct wrap_case {
	const char *text;
	const char *want; /* in ten columns */
} wrap_cases[] = {
	{ "", "" },
	{ "\n\n", "\n\n" },
	{ "a b", "a b\n" },
	{ "Balance:   69.75", "Balance:\n  69.75\n" },
	{ "one word-too-long-for-it", "one\n  word-too\n  -long-fo\n  r-it\n" },
	{ "word-too-long-for-it", "word-too-long-for-it\n" },
	/* Two columns each. */
	{ "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0 \xe5\xa5\xbd \xe5\xa5\xbd",
	  "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0 \xe5\xa5\xbd\n"
	  "  \xe5\xa5\xbd\n" },
	{ "\x1b[2J\x80", "\xef\xbf\xbd[2J\xef\xbf\xbd\n" },
};

static void test_breaks_at_words(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(wrap_cases); i++) {
		AUTO(buf_fini) struct buf out = { 0 };

		words_wrap(wrap_cases[i].text, 10, &out);
		assert_string_equal(buf_text(&out), wrap_cases[i].want);
	}
}

static const struct lines_case {
	const char *name;
	const char *text;
	const char *want; /* in ten columns, two spaces in front */
} lines_cases[] = {
	{ "nothing", "", "\n" },
	{ "as wide as a line", "0123456789", "0123456789\n" },
	{ "broken at a space", "01234 6789 2345", "01234 6789\n  2345\n" },
	{ "aligned", "0   4   8", "0   4   8\n" },
	{ "a word that is too wide", "0 23456789abcdefgh",
	  "0\n  23456789\n  abcdefgh\n" },
	{ "from the start", "0123456789abc e", "0123456789\n  abc e\n" },
	{ "marks on letters", "a\xcc\x88 c\xc3\xbc fghij k",
	  "a\xcc\x88 c\xc3\xbc fghij\n  k\n" },
	{ "wide characters",
	  "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc"
	  "\xa2\xe6\xbc\xa2\xe6\xbc\xa2",
	  "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	  "\n  \xe6\xbc\xa2\n" },
};

static void test_breaks_lines(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(lines_cases); i++) {
		const struct lines_case *c = &lines_cases[i];
		AUTO(buf_fini) struct buf out = { 0 };

		lines_add(c->text, 10, 2, &out);
		if (strcmp(buf_text(&out), c->want) != 0)
			fail_msg("%s: %s", c->name, buf_text(&out));
	}
}

static void test_fits_rows(void **state UNUSED)
{
	AUTO(buf_fini) struct buf text = { 0 };

	buf_add_text(&text, "one two three\n\nabcdefghijklmnopqrs\nx\n");
	assert_int_equal(words_rows(buf_text(&text), 8), 7);
	assert_int_equal(words_fit(&text, 8, 1), 14);
	assert_int_equal(words_fit(&text, 8, 2), 14);
	assert_int_equal(words_fit(&text, 8, 5), 15);
	assert_int_equal(words_fit(&text, 8, 6), 35);
	assert_int_equal(words_fit(&text, 8, 9), buf_len(&text));
}

static void print_item(const void *context, const json_t *item, size_t nth,
		       struct buf *line_r)
{
	assert_null(context);
	buf_print(line_r, "%zu %s", nth, json_string_value(item));
}

static const struct fit_case {
	size_t first, rows, most;
	size_t want;
	const char *text;
} fit_cases[] = {
	{ 0, 9, 9, 3, "0 one\n1 two three\n  four\n2 five\n" },
	{ 0, 9, 2, 2, "0 one\n1 two three\n  four\n" },
	{ 0, 4, 9, 3, "0 one\n1 two three\n  four\n2 five\n" },
	{ 0, 3, 9, 2, "0 one\n1 two three\n  four\n" },
	{ 0, 2, 9, 1, "0 one\n" },
	{ 1, 1, 9, 1, "0 two three\n  four\n" },
	{ 2, 1, 9, 1, "0 five\n" },
	{ 3, 9, 9, 0, "" },
};

static void test_fits_items(void **state UNUSED)
{
	json_t *items = read_json("[\"one\",\"two three four\",\"five\"]");

	for (size_t i = 0; i < COUNT(fit_cases); i++) {
		const struct fit_case *c = &fit_cases[i];
		AUTO(buf_fini) struct buf out = { 0 };
		const struct lines_space space = { .columns = 12,
						   .indent = 2,
						   .rows = c->rows,
						   .most = c->most };
		size_t count = lines_fit(items, c->first, &space, print_item,
					 NULL, &out);

		if (count != c->want || strcmp(buf_text(&out), c->text) != 0)
			fail_msg("%zu: %zu, %s", i, count, buf_text(&out));
	}
	json_decref(items);
}

static void test_saves_receipts(void **state UNUSED)
{
	char folder[] = "/tmp/test_atm.XXXXXX";
	AUTO(mem_free_text) char *first = NULL;
	AUTO(mem_free_text) char *second = NULL;
	AUTO(mem_free_text) char *below = NULL;
	AUTO(buf_fini) struct buf text = { 0 };
	struct stat st;

	assert_non_null(mkdtemp(folder));
	setenv("TZ", "UTC", 1);
	below = mem_print("%s/a", folder);
	assert_int_equal(
		receipts_save(below, "x.y.z", 1763841240000, 57, &first),
		ERR_OK);
	assert_int_equal(
		receipts_save(below, "other", 1763841240000, 57, &second),
		ERR_OK);
	assert_non_null(strstr(first, "/a/2025-11-22-57.jws"));
	assert_non_null(strstr(second, "/a/2025-11-22-57-2.jws"));
	assert_int_equal(stat(first, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_read(first, 100, &text), ERR_OK);
	assert_string_equal(buf_text(&text), "x.y.z\n");
	(void)unlink(first);
	(void)unlink(second);
	(void)rmdir(below);
	(void)rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writes_requests),
		cmocka_unit_test(test_requests_do_not_move),
		cmocka_unit_test(test_reads_answers),
		cmocka_unit_test(test_says_balances),
		cmocka_unit_test(test_says_what_happened),
		cmocka_unit_test(test_wraps),
		cmocka_unit_test(test_breaks_lines),
		cmocka_unit_test(test_fits_rows),
		cmocka_unit_test(test_fits_items),
		cmocka_unit_test(test_breaks_at_words),
		cmocka_unit_test(test_saves_receipts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
