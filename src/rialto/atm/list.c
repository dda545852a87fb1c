#include "rialto/atm/list.h"

#include "base/mem.h"
#include "rialto/atm/view.h"

enum { DIGITS = 9 };

void list_set(struct machine *m, json_t *items)
{
	json_decref(m->list);
	m->list = items;
	m->first = m->shown = 0;
}

const json_t *list_at(const struct machine *m, char key)
{
	size_t nth = (size_t)key - '1'; /* large for a key before '1' */

	return nth < m->shown ? json_array_get(m->list, m->first + nth) : NULL;
}

static void print_item(const void *context, const json_t *item, size_t nth,
		       struct buf *line_r)
{
	const struct machine *m = context;

	buf_print(line_r, "%zu  ", nth + 1);
	screens[m->at].print(m, item, nth, line_r);
}

void list_show(struct machine *m)
{
	const struct lines_space space = { .columns = view_columns(),
					   .indent = 3,
					   .rows = machine_room(m),
					   .most = DIGITS };

	m->shown =
		lines_fit(m->list, m->first, &space, print_item, m, &m->text);
}

bool list_has_more(const struct machine *m)
{
	return m->first + m->shown < json_array_size(m->list);
}

bool list_has_first(const struct machine *m)
{
	return m->first > 0;
}

enum at list_more(struct machine *m)
{
	m->first += m->shown;
	return m->at;
}

enum at list_first(struct machine *m)
{
	m->first = 0;
	return m->at;
}
