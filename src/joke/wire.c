#include "joke/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The state that Rialto keeps for a plugin is the most of a line. */
enum { LINE_MOST = 256 * 1024, PIECE = 16 * 1024 };

void wire_fini(struct wire *w)
{
	buf_fini(&w->got);
}

bool wire_read(struct wire *w)
{
	struct pollfd input = { .fd = w->in, .events = POLLIN };
	ssize_t n;

	if (poll(&input, 1, 0) <= 0)
		return true;
	n = read(w->in, buf_reserve(&w->got, PIECE), PIECE);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	buf_added(&w->got, (size_t)n);
	return n > 0 && buf_len(&w->got) <= LINE_MOST;
}

enum wire_line wire_take(struct wire *w, json_t **message_r)
{
	size_t len = buf_len(&w->got);
	const char *line = buf_at(&w->got);
	const char *end = len == 0 ? NULL : memchr(line, '\n', len);

	*message_r = NULL;
	if (end == NULL)
		return WIRE_NOTHING;
	*message_r = json_loadb(line, (size_t)(end - line), 0, NULL);
	buf_take(&w->got, (size_t)(end - line) + 1);
	if (json_is_object(*message_r))
		return WIRE_MESSAGE;
	json_decref(*message_r);
	*message_r = NULL;
	return WIRE_BROKEN;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	return true;
}

bool wire_send(struct wire *w, json_t *message)
{
	AUTO(buf_fini) struct buf line = { 0 };
	char *text = json_dumps(message, JSON_COMPACT);

	json_decref(message);
	if (text == NULL)
		return false;
	buf_add_text(&line, text);
	buf_add_char(&line, '\n');
	free(text);
	return write_all(w->out, buf_at(&line), buf_len(&line));
}
