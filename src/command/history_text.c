#include "command/history_text.h"

#include <inttypes.h>

#include "base/clock.h"
#include "chat/ignore/ignore_people.h"
#include "chat/room.h"

void history_text_line(const struct message *m, int64_t now_ms, struct buf *out)
{
	bool is_action = m->kind == MESSAGE_ACTION;
	char when[CLOCK_TEXT];

	clock_print_near(m->time_ms, now_ms, when);
	buf_print(out, "[%s] #%" PRIu64 " %s %s%s%s %s\n", room_name(m->room),
		  m->id, when, is_action ? "* " : "", m->from,
		  is_action ? "" : ":", m->text);
}

bool history_text_hides(const struct person *reader, const struct message *m)
{
	return reader != NULL && ignore_hides(reader, m);
}

void history_text_written(enum err e, struct buf *out)
{
	if (e == ERR_STORAGE_FULL)
		buf_add_text(out, "What was said last is not here yet: the "
				  "server's disk is full.\n");
	else if (e != ERR_OK)
		buf_add_text(out, "What was said last is not here yet: it "
				  "cannot be written for now.\n");
}
