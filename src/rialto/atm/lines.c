#include "rialto/atm/lines.h"

#include <stdint.h>
#include <string.h>
#include <unistr.h>
#include <uniwidth.h>

#include "base/attr.h"
#include "client/filter.h"

/* The character there: how many bytes it is long, and how many columns wide. */
static size_t measure(const char *at, size_t *columns_r)
{
	ucs4_t c;
	int len = u8_strmbtouc(&c, (const uint8_t *)at);
	int columns = len > 0 ? uc_width(c, "UTF-8") : 1;

	*columns_r = columns > 0 ? (size_t)columns : 0;
	return len > 0 ? (size_t)len : 1;
}

size_t lines_columns(const char *word, size_t len)
{
	size_t all = 0;

	for (size_t i = 0; i < len;) {
		size_t columns;

		i += measure(word + i, &columns);
		all += columns;
	}
	return all;
}

static void begin_line(size_t indent, size_t *column, struct buf *out)
{
	buf_add_char(out, '\n');
	for (size_t i = 0; i < indent; i++)
		buf_add_char(out, ' ');
	*column = indent;
}

/* Breaks it where it reaches the last column, if it is to be broken. */
static void add_word(const char *word, size_t len, size_t columns,
		     size_t indent, size_t *column, struct buf *out)
{
	for (size_t i = 0; i < len;) {
		size_t wide;
		size_t bytes = measure(word + i, &wide);

		if (indent != LINES_WHOLE_WORDS && *column + wide > columns &&
		    *column > indent)
			begin_line(indent, column, out);
		buf_add(out, word + i, bytes);
		*column += wide;
		i += bytes;
	}
}

void lines_add(const char *text, size_t columns, size_t indent, struct buf *out)
{
	size_t column = 0;
	size_t start = 0;

	while (*text != '\0') {
		size_t spaces = strspn(text, " ");
		const char *word = text + spaces;
		size_t len = strcspn(word, " ");

		if (column > start &&
		    column + spaces + lines_columns(word, len) > columns) {
			begin_line(indent, &column, out);
			start = indent;
		} else {
			buf_add(out, text, spaces);
			column += spaces;
		}
		add_word(word, len, columns, indent, &column, out);
		text = word + len;
	}
	buf_add_char(out, '\n');
}

static size_t count(const struct buf *text, size_t from)
{
	size_t ends = 0;

	for (size_t i = from; i < buf_len(text); i++)
		ends += buf_at(text)[i] == '\n' ? 1 : 0;
	return ends;
}

size_t lines_fit(const json_t *items, size_t first,
		 const struct lines_space *space, lines_item_fn *print,
		 const void *context, struct buf *out)
{
	size_t used = 0;
	size_t shown = 0;

	while (first + shown < json_array_size(items) && shown < space->most) {
		AUTO(buf_fini) struct buf line = { 0 };
		AUTO(buf_fini) struct buf safe = { 0 };
		size_t was = buf_len(out);

		print(context, json_array_get(items, first + shown), shown,
		      &line);
		filter_text(buf_at(&line), buf_len(&line), &safe);
		lines_add(buf_text(&safe), space->columns, space->indent, out);
		used += count(out, was);
		if (used > space->rows && shown > 0) {
			buf_cut(out, was);
			break;
		}
		shown++;
	}
	return shown;
}
