#include "bank/exchange/csv.h"

#include <string.h>

void csv_open(struct csv *csv, char *text, size_t len)
{
	memset(csv, 0, sizeof(*csv));
	csv->at = text;
	csv->end = text + len;
	*csv->end = '\0';
	csv->next = 1;
}

static bool ends_line(const struct csv *csv, const char *at)
{
	return at == csv->end || *at == '\n' ||
	       (*at == '\r' && at + 1 < csv->end && at[1] == '\n');
}

/* Behind the end of the line that at is in. */
static void pass_line(struct csv *csv, char *at)
{
	while (at < csv->end && *at != '\n')
		at++;
	if (at < csv->end) {
		at++;
		csv->next++;
	}
	csv->at = at;
}

/* What stands in quotes; *to_r is where the field ends. NULL: it does not. */
static char *read_quoted(struct csv *csv, char *at, char **to_r)
{
	char *to = at;

	for (at++; at < csv->end; at++) {
		if (*at == '"' && (at + 1 == csv->end || at[1] != '"')) {
			*to_r = to;
			return at + 1;
		}
		at += *at == '"';
		csv->next += *at == '\n';
		*to++ = *at;
	}
	return NULL;
}

static char *read_plain(struct csv *csv, char *at, char **to_r)
{
	while (!ends_line(csv, at) && *at != ',' && *at != '"')
		at++;
	*to_r = at;
	return at;
}

static enum err refuse(struct csv *csv, char *at, const char *words,
		       const char **words_r)
{
	*words_r = words;
	pass_line(csv, at);
	return ERR_BAD_INPUT;
}

/* The field is ended only once what is behind it was seen. */
static enum err read_row(struct csv *csv, const char **words_r)
{
	char *at = csv->at;

	for (;;) {
		char *field = at;
		char *to;
		bool is_quoted;
		bool is_last;

		if (csv->count == CSV_FIELDS)
			return refuse(csv, at, "it has too many columns",
				      words_r);
		is_quoted = *at == '"' && at < csv->end;
		at = is_quoted ? read_quoted(csv, at, &to)
			       : read_plain(csv, at, &to);
		if (at == NULL)
			return refuse(csv, csv->end,
				      "a quotation mark is not closed",
				      words_r);
		is_last = ends_line(csv, at);
		if (!is_last && *at != ',')
			return refuse(
				csv, at,
				"a field with a quotation mark in it must "
				"stand in such marks, and the one within "
				"be written twice",
				words_r);
		if (is_last)
			pass_line(csv, at);
		*to = '\0';
		csv->is_quoted[csv->count] = is_quoted;
		csv->fields[csv->count++] = field;
		if (is_last)
			return ERR_OK;
		at++;
	}
}

enum err csv_next(struct csv *csv, const char **words_r)
{
	while (csv->at < csv->end && ends_line(csv, csv->at))
		pass_line(csv, csv->at);
	csv->line = csv->next;
	csv->count = 0;
	return csv->at < csv->end ? read_row(csv, words_r) : ERR_NOT_FOUND;
}
