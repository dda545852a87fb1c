#include "rialto/atm/words.h"

#include <string.h>
#include <uniwidth.h>

#include "base/clock.h"
#include "base/mem.h"
#include "client/filter.h"
#include "rialto/atm/answer.h"

enum { POSTINGS = 16, NAME_MOST = 20, MEMO_MOST = 18 };

/* The text, cut before the first byte of a character that is too far. */
static void add_cut(const json_t *object, const char *name, size_t most,
		    struct buf *out)
{
	AUTO(buf_fini) struct buf text = { 0 };
	size_t len;

	answer_add(object, name, &text);
	len = buf_len(&text);
	if (len > most) {
		len = most;
		while (len > 0 &&
		       ((unsigned char)buf_at(&text)[len] & 0xc0) == 0x80)
			len--;
	}
	buf_add(out, buf_at(&text), len);
}

static bool is_zero(const char *amount)
{
	return amount[strspn(amount, "-0.")] == '\0';
}

/* The columns of the word at text, up to a space or the end. */
static size_t columns(const char *text)
{
	size_t len = strcspn(text, " ");
	int width = u8_width((const uint8_t *)text, len, "UTF-8");

	return width > 0 ? (size_t)width : 0;
}

/* A line of safe text; where a word is too wide the terminal breaks it. */
static void wrap_line(const char *text, size_t width, struct buf *out)
{
	size_t column = 0;

	while (*text != '\0') {
		size_t spaces = strspn(text, " ");
		size_t word = columns(text + spaces);

		if (column > 0 && column + spaces + word > width) {
			buf_add_char(out, '\n');
			column = 0;
		} else {
			buf_add(out, text, spaces);
			column += spaces;
		}
		text += spaces;
		spaces = strcspn(text, " ");
		buf_add(out, text, spaces);
		text += spaces;
		column += word;
	}
	buf_add_char(out, '\n');
}

void words_wrap(const char *text, size_t width, struct buf *out)
{
	AUTO(buf_wipe) struct buf safe = { 0 };

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		buf_reset(&safe);
		filter_text(text, len, &safe);
		wrap_line(buf_text(&safe), width, out);
		text += text[len] == '\n' ? len + 1 : len;
	}
}

void words_balance(const json_t *balance, struct buf *out)
{
	buf_add_text(out, "Account:   ");
	add_cut(balance, "account", 64, out);
	buf_add_text(out, "\nBalance:   ");
	answer_add(balance, "posted", out);
	if (!is_zero(answer_text(balance, "held"))) {
		buf_add_text(out, "\nSet aside: ");
		answer_add(balance, "held", out);
	}
	if (answer_text(balance, "available")[0] != '\0') {
		buf_add_text(out, "\nAvailable: ");
		answer_add(balance, "available", out);
	}
	buf_add_char(out, '\n');
}

void words_accounts(const json_t *accounts, struct buf *out)
{
	size_t i;
	json_t *account;

	json_array_foreach(accounts, i, account)
	{
		add_cut(account, "account", 48, out);
		buf_add_text(out, ": ");
		answer_add(account, "posted", out);
		buf_add_char(out, '\n');
	}
}

static void add_posting(const json_t *posting, struct buf *out)
{
	char time[CLOCK_TEXT];

	clock_print(json_integer_value(json_object_get(posting, "time")), time);
	buf_print(out, "%s %10s ", time, answer_text(posting, "amount"));
	add_cut(posting, "other", NAME_MOST, out);
	if (answer_text(posting, "memo")[0] != '\0') {
		buf_add_text(out, " (");
		add_cut(posting, "memo", MEMO_MOST, out);
		buf_add_char(out, ')');
	}
	buf_print(out, " #%lld\n",
		  (long long)json_integer_value(
			  json_object_get(posting, "entry")));
}

void words_postings(const json_t *postings, struct buf *out)
{
	size_t i;
	json_t *posting;

	if (json_array_size(postings) == 0)
		buf_add_text(out, "Nothing has happened yet.\n");
	json_array_foreach(postings, i, posting)
	{
		if (i < POSTINGS)
			add_posting(posting, out);
	}
}
