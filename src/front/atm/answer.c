#include "front/atm/answer.h"

#include <inttypes.h>

#include "bank/book.h"

/* A comma, unless it is the first, and the name. */
static void begin(struct buf *out, const char *name)
{
	size_t len = buf_len(out);
	char last = len > 0 ? buf_at(out)[len - 1] : '\0';

	if (len > 0 && last != '{' && last != '[')
		buf_add_char(out, ',');
	if (name == NULL)
		return;
	buf_add_char(out, '"');
	buf_add_text(out, name);
	buf_add(out, "\":", 2);
}

void answer_open(struct buf *out, const char *name, char bracket)
{
	begin(out, name);
	buf_add_char(out, bracket);
}

void answer_close(struct buf *out, char bracket)
{
	buf_add_char(out, bracket);
}

/* How many bytes from here on stand for themselves. */
static size_t plain_len(const char *text)
{
	size_t len = 0;

	while ((unsigned char)text[len] >= ' ' && text[len] != '"' &&
	       text[len] != '\\')
		len++;
	return len;
}

static void add_escaped(struct buf *out, char c)
{
	if (c == '"' || c == '\\') {
		buf_add_char(out, '\\');
		buf_add_char(out, c);
	} else {
		buf_print(out, "\\u%04x", (unsigned char)c);
	}
}

void answer_text(struct buf *out, const char *name, const char *text)
{
	size_t len = plain_len(text);

	begin(out, name);
	buf_add_char(out, '"');
	buf_add(out, text, len);
	while (text[len] != '\0') {
		text += len;
		add_escaped(out, *text++);
		len = plain_len(text);
		buf_add(out, text, len);
	}
	buf_add_char(out, '"');
}

void answer_number(struct buf *out, const char *name, int64_t number)
{
	begin(out, name);
	buf_print(out, "%" PRId64, number);
}

void answer_bool(struct buf *out, const char *name, bool value)
{
	begin(out, name);
	buf_add_text(out, value ? "true" : "false");
}

void answer_null(struct buf *out, const char *name)
{
	begin(out, name);
	buf_add_text(out, "null");
}

void answer_time(struct buf *out, const char *name, int64_t time_ms)
{
	if (time_ms == 0)
		answer_null(out, name);
	else
		answer_number(out, name, time_ms);
}

void answer_money(struct buf *out, const char *name, money amount,
		  const struct currency *currency)
{
	char text[MONEY_TEXT];

	money_print(amount, currency, text);
	answer_text(out, name, text);
}

void answer_raw(struct buf *out, const char *name, const char *json, size_t len)
{
	begin(out, name);
	buf_add(out, json, len);
}

void answer_error(struct buf *out, enum err code, const char *text)
{
	answer_open(out, "error", '{');
	answer_text(out, "code", err_code(code));
	answer_text(out, "text", text);
	answer_close(out, '}');
}

void answer_balance(struct buf *out, const char *name,
		    const struct bank_text *t, const struct account *account)
{
	char account_name[BOOK_NAME];
	money left;

	book_print_name(t->realm->users, account, account_name);
	answer_open(out, name, '{');
	answer_text(out, "account", account_name);
	answer_money(out, "posted", account->posted, &t->currency);
	answer_money(out, "held", account->held, &t->currency);
	if (bank_text_left(t, account, &left))
		answer_money(out, "available", left, &t->currency);
	else
		answer_null(out, "available");
	answer_close(out, '}');
}
