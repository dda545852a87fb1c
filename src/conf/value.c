#include "conf/value.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "conf/collection.h"

enum { TEXT_MOST = 4096, NUMBER_TEXT = 32 };

/* Whether a text was taken, and why not. */
enum fit { FITS, UNREADABLE, OUT_OF_RANGE };

struct type {
	enum fit (*set)(const struct conf_item *item,
			const struct value_text *from, void *field);
	void (*set_special)(void *field, int special);
	void (*print)(int64_t number,
		      char text_r[NUMBER_TEXT]); /* of a bound */
	const char *how;                         /* to write one */
	size_t size; /* 0: a text that the field owns */
};

static bool is_within(const struct conf_item *item, int64_t number)
{
	return number >= item->min && (item->max == 0 || number <= item->max);
}

static enum fit set_bool(const struct conf_item *item,
			 const struct value_text *from, void *field)
{
	bool *flag = field;

	(void)item;
	if (strcmp(from->text, "true") == 0)
		*flag = true;
	else if (strcmp(from->text, "false") == 0)
		*flag = false;
	else
		return UNREADABLE;
	return FITS;
}

static enum fit set_int64(const struct conf_item *item, int64_t number,
			  void *field)
{
	if (!is_within(item, number))
		return OUT_OF_RANGE;
	*(int64_t *)field = number;
	return FITS;
}

static enum fit set_number(const struct conf_item *item,
			   const struct value_text *from, void *field)
{
	int64_t number;

	if (!quantity_number(from->text, &number))
		return UNREADABLE;
	return set_int64(item, number, field);
}

static enum fit set_seconds(const struct conf_item *item,
			    const struct value_text *from, void *field)
{
	int64_t seconds;

	if (!quantity_seconds(from->text, &seconds))
		return UNREADABLE;
	return set_int64(item, seconds, field);
}

static enum fit set_bytes(const struct conf_item *item,
			  const struct value_text *from, void *field)
{
	int64_t bytes;

	if (!quantity_bytes(from->text, &bytes))
		return UNREADABLE;
	return set_int64(item, bytes, field);
}

static enum fit set_rate(const struct conf_item *item,
			 const struct value_text *from, void *field)
{
	struct rate rate;

	if (!quantity_rate(from->text, &rate))
		return UNREADABLE;
	if (!is_within(item, rate.count))
		return OUT_OF_RANGE;
	*(struct rate *)field = rate;
	return FITS;
}

static int64_t most_bytes(const struct conf_item *item)
{
	return item->max > 0 ? item->max : TEXT_MOST;
}

static bool is_text_within(const struct conf_item *item, const char *text)
{
	int64_t len = (int64_t)strlen(text);

	return len >= item->min && len <= most_bytes(item);
}

static enum fit set_text(const struct conf_item *item,
			 const struct value_text *from, void *field)
{
	if (!is_text_within(item, from->text))
		return OUT_OF_RANGE;
	*(char **)field = mem_text(from->text);
	return FITS;
}

/* The settings file's path as seen from the root folder. */
static char *absolute(const char *path)
{
	AUTO(mem_free_text) char *here = NULL;

	if (path[0] == '/')
		return mem_text(path);
	here = getcwd(NULL, 0);
	return here == NULL ? mem_text(path) : file_join(here, path);
}

static enum fit set_path(const struct conf_item *item,
			 const struct value_text *from, void *field)
{
	AUTO(mem_free_text) char *file = NULL;

	if (from->text[0] == '\0' || !is_text_within(item, from->text))
		return OUT_OF_RANGE;
	file = absolute(from->path);
	*(char **)field = file_beside(file, from->text);
	return FITS;
}

static enum fit set_choice(const struct conf_item *item,
			   const struct value_text *from, void *field)
{
	for (int i = 0; item->words[i] != NULL; i++) {
		if (strcmp(item->words[i], from->text) == 0) {
			*(int *)field = i;
			return FITS;
		}
	}
	return UNREADABLE;
}

static void special_int64(void *field, int special)
{
	*(int64_t *)field = special;
}

static void special_rate(void *field, int special)
{
	*(struct rate *)field = (struct rate){ special, 0 };
}

static void special_int(void *field, int special)
{
	*(int *)field = special;
}

static void special_text(void *field, int special)
{
	(void)special;
	*(char **)field = NULL;
}

static void print_number(int64_t number, char text_r[NUMBER_TEXT])
{
	snprintf(text_r, NUMBER_TEXT, "%" PRId64, number);
}

struct unit {
	int64_t factor;
	char letter;
};

/* Writes number in the largest unit that loses nothing; factors fall. */
static void print_units(int64_t number, const struct unit *units,
			char text_r[NUMBER_TEXT])
{
	while (units->factor > 1 && (number == 0 || number % units->factor > 0))
		units++;
	if (units->letter == '\0')
		print_number(number, text_r);
	else
		snprintf(text_r, NUMBER_TEXT, "%" PRId64 "%c",
			 number / units->factor, units->letter);
}

static void print_seconds(int64_t seconds, char text_r[NUMBER_TEXT])
{
	static const struct unit units[] = {
		{ 86400, 'd' },
		{ 3600, 'h' },
		{ 60, 'm' },
		{ 1, 's' },
	};

	print_units(seconds, units, text_r);
}

static void print_bytes(int64_t bytes, char text_r[NUMBER_TEXT])
{
	static const struct unit units[] = {
		{ 1 << 30, 'G' },
		{ 1 << 20, 'M' },
		{ 1 << 10, 'K' },
		{ 1, '\0' },
	};

	print_units(bytes, units, text_r);
}

static const struct type types[] = {
	[CONF_BOOL] = { set_bool, NULL, NULL, "write true or false",
			sizeof(bool) },
	[CONF_NUMBER] = { set_number, special_int64, print_number,
			  "write a whole number", sizeof(int64_t) },
	[CONF_SECONDS] = { set_seconds, special_int64, print_seconds,
			   "write a duration such as 10s, 5m, 1h, 90d",
			   sizeof(int64_t) },
	[CONF_BYTES] = { set_bytes, special_int64, print_bytes,
			 "write a size such as 512, 64K, 8M", sizeof(int64_t) },
	[CONF_RATE] = { set_rate, special_rate, print_number,
			"write a rate such as 60/1h", sizeof(struct rate) },
	[CONF_TEXT] = { set_text, special_text, print_number, "write a text",
			0 },
	[CONF_PATH] = { set_path, special_text, print_number,
			"write the path of a file or folder", 0 },
	[CONF_CHOICE] = { set_choice, special_int, NULL, NULL, sizeof(int) },
};

static const struct type *type_of(const struct conf_item *item)
{
	assert(item->type >= CONF_BOOL && item->type <= CONF_CHOICE);
	return &types[item->type];
}

static const void *field_of(const struct conf_item *item, const void *section)
{
	return (const char *)section + item->offset;
}

static void *field_to_set(const struct conf_item *item, void *section)
{
	return (char *)section + item->offset;
}

/* The special value that the text names; 0 when it is an ordinary one. */
static int special_of(const struct conf_item *item,
		      const struct value_text *from)
{
	if (from->is_quoted)
		return 0;
	if ((item->flags & CONF_MAY_NONE) != 0 &&
	    strcmp(from->text, "none") == 0)
		return CONF_NONE;
	if ((item->flags & CONF_MAY_AUTO) != 0 &&
	    strcmp(from->text, "auto") == 0)
		return CONF_AUTO;
	return 0;
}

static void advise_specials(const struct conf_item *item, struct buf *advice)
{
	if ((item->flags & CONF_MAY_AUTO) != 0)
		buf_add_text(advice, ", or auto");
	if ((item->flags & CONF_MAY_NONE) != 0)
		buf_add_text(advice, ", or none");
}

static void advise_range(const struct conf_item *item, struct buf *advice)
{
	const struct type *type = type_of(item);
	int64_t max = type->size == 0 ? most_bytes(item) : item->max;
	char low[NUMBER_TEXT];
	char high[NUMBER_TEXT];

	type->print(item->min, low);
	type->print(max, high);
	if (max == 0)
		buf_print(advice, "it must be at least %s", low);
	else
		buf_print(advice, "it must be %s to %s", low, high);
	if (type->size == 0)
		buf_add_text(advice, " bytes long");
	advise_specials(item, advice);
}

static void advise_words(const struct conf_item *item, struct buf *advice)
{
	buf_add_text(advice, "it must be ");
	for (int i = 0; item->words[i] != NULL; i++) {
		if (i > 0)
			buf_add_text(advice, item->words[i + 1] != NULL
						     ? ", "
						     : " or ");
		buf_add_text(advice, item->words[i]);
	}
}

void value_advise(const struct conf_item *item, struct buf *advice)
{
	if (item->type == CONF_CHOICE)
		advise_words(item, advice);
	else
		buf_add_text(advice, type_of(item)->how);
	advise_specials(item, advice);
}

bool value_set(const struct conf_item *item, const struct value_text *from,
	       void *section, struct buf *advice)
{
	void *field = field_to_set(item, section);
	int special = special_of(item, from);
	enum fit fit = FITS;

	if (special != 0)
		type_of(item)->set_special(field, special);
	else
		fit = type_of(item)->set(item, from, field);
	if (fit == UNREADABLE && advice != NULL)
		value_advise(item, advice);
	if (fit == OUT_OF_RANGE && advice != NULL)
		advise_range(item, advice);
	return fit == FITS;
}

static const char *text_of(const struct conf_item *item, const void *section)
{
	return *(char *const *)field_of(item, section);
}

bool value_equals(const struct conf_item *item, const void *a, const void *b)
{
	const struct type *type;
	const char *x;
	const char *y;

	if (collection_is(item))
		return collection_equals(item, a, b);
	type = type_of(item);
	if (type->size > 0)
		return memcmp(field_of(item, a), field_of(item, b),
			      type->size) == 0;
	x = text_of(item, a);
	y = text_of(item, b);
	return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
}

void value_free(const struct conf_item *item, void *section)
{
	if (collection_is(item))
		collection_free(item, section);
	else if (type_of(item)->size == 0)
		mem_free_text(field_to_set(item, section));
}
