#include "visit.h"

#include <string.h>

enum { SPREAD = 7 }; /* so that visitors come from many addresses */

void visit_begin(struct visitor *v, const gnutls_datum_t *ticket)
{
	peer_open(&v->peer, v->target, v->index * SPREAD + v->count++,
		  &v->intake, ticket);
	peer_turn(&v->peer);
	while (!peer_advance(&v->peer))
		peer_wait(&v->peer);
}

void visit_greeted(struct visitor *v)
{
	const char *lines;

	while (peer_receive(&v->peer, &lines, NULL) == 0)
		peer_wait(&v->peer);
}

/* Counts answers down in lines; false at a refusal. */
static bool hear(struct visitor *v, const char *line, uint32_t left,
		 unsigned *answers)
{
	while (left > 0) {
		const char *end = memchr(line, '\n', left);
		uint32_t len = (uint32_t)(end + 1 - line);

		if (*answers > 0 && len > 3 && memcmp(line, "== ", 3) == 0) {
			if (memcmp(line + 3, "ok", 2) != 0)
				return false;
			--*answers;
		}
		v->lines++;
		line += len;
		left -= len;
	}
	return true;
}

bool visit_ask(struct visitor *v, const char *lines, unsigned answers)
{
	bool is_closed = false;

	peer_send(&v->peer, lines, strlen(lines));
	while (answers > 0) {
		const char *heard;
		uint32_t len = peer_receive(&v->peer, &heard, &is_closed);

		if (is_closed || (len > 0 && !hear(v, heard, len, &answers)))
			return false;
		if (len == 0)
			peer_wait(&v->peer);
	}
	return true;
}

void visit_end(struct visitor *v)
{
	peer_close(&v->peer);
}
