#include "conf/complaints.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { COMPLAINTS_MOST = 100 };

static size_t kept(const struct complaints *c)
{
	return c->count < COMPLAINTS_MOST ? c->count : COMPLAINTS_MOST;
}

void complaints_init(struct complaints *c, const char *path)
{
	memset(c, 0, sizeof(*c));
	c->path = path;
}

void complaints_fini(struct complaints *c)
{
	for (size_t i = 0; i < kept(c); i++)
		mem_free(c->all[i].text);
	mem_free(c->all);
	complaints_init(c, NULL);
}

void complaints_vadd(struct complaints *c, struct mark mark, const char *format,
		     va_list args)
{
	struct complaint *added;
	struct buf text;

	if (c->count++ >= COMPLAINTS_MOST)
		return;
	if (c->all == NULL)
		c->all = mem_array(COMPLAINTS_MOST, sizeof(*c->all));
	buf_init(&text);
	buf_vprint(&text, format, args);
	added = &c->all[c->count - 1];
	added->mark = mark;
	added->order = c->count;
	added->text = mem_text(buf_text(&text));
	buf_fini(&text);
}

void complaints_add(struct complaints *c, struct mark mark, const char *format,
		    ...)
{
	va_list args;

	va_start(args, format);
	complaints_vadd(c, mark, format, args);
	va_end(args);
}

static int by_place(const void *a, const void *b)
{
	const struct complaint *x = a;
	const struct complaint *y = b;

	if (x->mark.line != y->mark.line)
		return x->mark.line < y->mark.line ? -1 : 1;
	if (x->mark.column != y->mark.column)
		return x->mark.column < y->mark.column ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void complaints_print(struct complaints *c, struct buf *out)
{
	size_t count = kept(c);

	if (count > 0)
		qsort(c->all, count, sizeof(*c->all), by_place);
	for (size_t i = 0; i < count; i++) {
		const struct complaint *one = &c->all[i];

		buf_add_text(out, c->path);
		if (one->mark.line > 0)
			buf_print(out, ":%u:%u", one->mark.line,
				  one->mark.column);
		buf_print(out, ": %s\n", one->text);
	}
	if (c->count > count)
		buf_print(out, "%s: %zu more mistakes\n", c->path,
			  c->count - count);
}
