/* What was said in a room last, as evidence. */
#include <stdio.h>
#include <string.h>

#include "chat/room_fields.h"
#include "chat/room_quote.h"

static void quote(const struct message *m, struct report_line *line_r)
{
	memset(line_r, 0, sizeof(*line_r));
	line_r->id = m->id;
	line_r->time_ms = m->time_ms;
	line_r->is_action = m->kind == MESSAGE_ACTION;
	memcpy(line_r->from, m->from, sizeof(line_r->from));
	snprintf(line_r->text, sizeof(line_r->text), "%s", m->text);
	/* It may be cut within a character. */
	text_clean(line_r->text, strlen(line_r->text));
}

void room_quote(struct room *room, struct report_context *context_r)
{
	const struct recent *recent = &room->history.recent;
	size_t count;

	mutex_lock(&room->lock);
	count = recent->count < REPORT_LINES ? recent->count : REPORT_LINES;
	for (size_t i = 0; i < count; i++)
		quote(recent_at(recent, recent->count - count + i),
		      &context_r->lines[i]);
	mutex_unlock(&room->lock);
	context_r->count = count;
}
