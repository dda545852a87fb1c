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

static void test_says_what_happened_in_80_columns(void **state UNUSED)
{
	AUTO(buf_fini) struct buf out = { 0 };
	json_t *postings = read_json(
		"[{\"entry\":9007199254740991,\"time\":1763841240000,"
		"\"amount\":\"-12345678.00\",\"other\":"
		"\"a-name-that-is-really-long-indeed\",\"memo\":"
		"\"\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
		"\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\"}]");

	setenv("TZ", "UTC", 1);
	words_postings(postings, &out);
	assert_string_equal(
		buf_text(&out),
		"2025-11-22 19:54 -12345678.00 a-name-that-is-reall "
		"(\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
		"\xc3\xbc\xc3\xbc) #9007199254740991\n");
	json_decref(postings);
}

static void test_breaks_lines(void **state UNUSED)
{
	AUTO(buf_fini) struct buf out = { 0 };
	char text[200];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 10 == 9 ? ' ' : 'x';
	text[sizeof(text) - 1] = '\0';
	for (size_t width = 9; width <= 220; width++) {
		buf_reset(&out);
		words_wrap(text, width, &out);
		for (const char *line = buf_text(&out); *line != '\0';) {
			size_t len = strcspn(line, "\n");

			assert_true(len <= width);
			assert_int_equal(len % 10, 9);
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
	{ "Balance:   69.75", "Balance:\n69.75\n" },
	{ "one word-too-long-for-it", "one\nword-too-long-for-it\n" },
	{ "word-too-long-for-it one", "word-too-long-for-it\none\n" },
	/* Two columns each. */
	{ "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0 \xe5\xa5\xbd \xe5\xa5\xbd",
	  "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0 \xe5\xa5\xbd\n"
	  "\xe5\xa5\xbd\n" },
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
		cmocka_unit_test(test_says_what_happened_in_80_columns),
		cmocka_unit_test(test_breaks_lines),
		cmocka_unit_test(test_breaks_at_words),
		cmocka_unit_test(test_saves_receipts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
