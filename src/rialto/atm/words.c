#include "rialto/atm/words.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "client/filter.h"
#include "rialto/atm/answer.h"
#include "rialto/atm/lines.h"

static bool is_zero(const char *amount)
{
	return amount[strspn(amount, "-0.")] == '\0';
}

enum { INDENT = 2 };

/* A line of one word is there to be copied. */
static size_t indent(const char *line)
{
	return strchr(line, ' ') != NULL ? INDENT : LINES_WHOLE_WORDS;
}

void words_wrap(const char *text, size_t width, struct buf *out)
{
	AUTO(buf_wipe) struct buf safe = { 0 };

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		buf_reset(&safe);
		filter_text(text, len, &safe);
		lines_add(buf_text(&safe), width, indent(buf_text(&safe)), out);
		text += text[len] == '\n' ? len + 1 : len;
	}
}

/* The terminal breaks what is wider than its last column. */
size_t words_rows(const char *text, size_t width)
{
	AUTO(buf_wipe) struct buf out = { 0 };
	size_t rows = 0;

	words_wrap(text, width, &out);
	for (const char *line = buf_text(&out); *line != '\0';) {
		size_t len = strcspn(line, "\n");
		size_t columns = lines_columns(line, len);

		rows += columns > width ? (columns + width) / (width + 1) : 1;
		line += len + 1;
	}
	return rows;
}

size_t words_fit(struct buf *text, size_t width, size_t rows)
{
	size_t used = 0;
	size_t bytes = 0;

	while (bytes < buf_len(text)) {
		AUTO(buf_wipe) struct buf line = { 0 };
		const char *at = buf_text(text) + bytes;
		size_t len = strcspn(at, "\n");

		buf_add(&line, at, len);
		buf_add_char(&line, '\n');
		used += words_rows(buf_text(&line), width);
		if (used > rows && bytes > 0)
			break;
		bytes += at[len] == '\n' ? len + 1 : len;
	}
	return bytes;
}

void words_balance(const json_t *balance, struct buf *out)
{
	buf_add_text(out, "Account:   ");
	answer_add(balance, "account", out);
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

void words_account(const json_t *account, struct buf *out)
{
	answer_add(account, "account", out);
	buf_add_text(out, ": ");
	answer_add(account, "posted", out);
	if (is_zero(answer_text(account, "held")))
		return;
	buf_add_text(out, ", of that ");
	answer_add(account, "held", out);
	buf_add_text(out, " is set aside");
}

void words_time(const json_t *object, const char *name, struct buf *out)
{
	char time[CLOCK_TEXT];

	clock_print(json_integer_value(json_object_get(object, name)), time);
	buf_add_text(out, time);
}

void words_memo(const json_t *object, struct buf *out)
{
	if (answer_text(object, "memo")[0] == '\0')
		return;
	buf_add_text(out, " (");
	answer_add(object, "memo", out);
	buf_add_char(out, ')');
}

void words_number(const json_t *object, const char *name, struct buf *out)
{
	buf_print(out, " #%lld",
		  (long long)json_integer_value(json_object_get(object, name)));
}

const char words_posting_head[] =
	"Date and time        Amount    Balance With whom";

static void add_amount(const json_t *posting, const char *name, struct buf *out)
{
	AUTO(buf_fini) struct buf amount = { 0 };

	answer_add(posting, name, &amount);
	buf_print(out, " %10s", buf_text(&amount));
}

void words_posting(const json_t *posting, struct buf *out)
{
	words_time(posting, "time", out);
	add_amount(posting, "amount", out);
	add_amount(posting, "balance", out);
	buf_add_char(out, ' ');
	answer_add(posting, "other", out);
	words_memo(posting, out);
	words_number(posting, "entry", out);
}
