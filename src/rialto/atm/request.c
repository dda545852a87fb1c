#include "rialto/atm/request.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

enum {
	REQUEST_ROOM = 32 * 1024, /* so that it never moves, with a password */
};

static void add_quoted(struct buf *request, const char *text, size_t len)
{
	buf_add_char(request, '"');
	for (const char *end = text + len; text < end; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			buf_add_char(request, '\\');
		if (c < ' ')
			buf_print(request, "\\u%04x", c);
		else
			buf_add_char(request, *text);
	}
	buf_add_char(request, '"');
}

void request_begin(struct buf *request, const char *op, char id_r[UUID_TEXT])
{
	struct uuid id;

	uuid_make(clock_wall_ms(), &id);
	uuid_print(&id, id_r);
	buf_reserve(request, REQUEST_ROOM);
	buf_print(request, "{\"op\":\"%s\",\"id\":\"%s\"", op, id_r);
}

void request_add(struct buf *request, const char *name, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	buf_print(request, ",\"%s\":", name);
	add_quoted(request, text, strnlen(text, REQUEST_TEXT));
}

void request_add_number(struct buf *request, const char *name, int64_t number)
{
	buf_print(request, ",\"%s\":%" PRId64, name, number);
}

void request_end(struct buf *request)
{
	buf_add_char(request, '}');
}
