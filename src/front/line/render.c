#include "front/line/render.h"

#include <string.h>

#include "base/clock.h"
#include "chat/room.h"

static void render_topic(const struct message *m, struct buf *out)
{
	if (m->text[0] == '\0')
		buf_print(out, "-- %s took the topic away", m->from);
	else
		buf_print(out, "-- %s set the topic: %s", m->from, m->text);
}

/* What was done, to whom if to anybody, and why if there is a reason. */
static void render_reasoned(const struct message *m, const char *done,
			    struct buf *out)
{
	buf_print(out, "-- %s %s%s%s%s", m->from, done, m->peer,
		  m->text[0] == '\0' ? "" : ": ", m->text);
}

static const char *const moves[] = {
	[MESSAGE_JOINED] = "joined",
	[MESSAGE_PARTED] = "left",
	[MESSAGE_LOST] = "left (connection lost)",
};

static void render_words(const struct message *m, struct buf *out)
{
	switch (m->kind) {
	case MESSAGE_SAY:
		buf_print(out, "%s: %s", m->from, m->text);
		break;
	case MESSAGE_ACTION:
		buf_print(out, "* %s %s", m->from, m->text);
		break;
	case MESSAGE_JOINED:
	case MESSAGE_PARTED:
	case MESSAGE_LOST:
		buf_print(out, "-- %s %s", m->from, moves[m->kind]);
		break;
	case MESSAGE_CROWD:
		buf_print(out, "-- %s", m->text);
		break;
	case MESSAGE_TOPIC:
		render_topic(m, out);
		break;
	case MESSAGE_RENAMED:
		buf_print(out, "-- %s is %s now", m->from, m->text);
		break;
	case MESSAGE_RANKED:
		buf_print(out, "-- %s made %s %s", m->from, m->peer, m->text);
		break;
	case MESSAGE_MODE:
	case MESSAGE_RETENTION:
		buf_print(out, "-- %s set %s%s", m->from,
			  m->kind == MESSAGE_MODE ? "" : "what is kept: ",
			  m->text);
		break;
	case MESSAGE_CLOSED:
		render_reasoned(m, "closed the room", out);
		break;
	case MESSAGE_DELETED:
		buf_print(out, "-- %s deleted %s", m->from, m->text);
		break;
	case MESSAGE_HELD:
		buf_print(out, "(held) %s: %s", m->from, m->text);
		break;
	case MESSAGE_KICKED:
		render_reasoned(m, "kicked ", out);
		break;
	case MESSAGE_PRIVATE:
		buf_print(out, "%s -> you: %s", m->from, m->text);
		break;
	case MESSAGE_PRIVATE_SENT:
		buf_print(out, "you -> %s: %s", m->peer, m->text);
		break;
	case MESSAGE_NOTICE:
	case MESSAGE_MENTIONED:
	case MESSAGE_ENTERED:
	case MESSAGE_EXITED:
		buf_add_text(out, m->text);
		break;
	}
}

/* The commonest line, without the cost of a format. */
static void render_say(const struct message *m, struct buf *out)
{
	const char *room = room_name(m->room);
	size_t room_len = strlen(room);
	size_t from_len = strlen(m->from);
	size_t text_len = strlen(m->text);
	char *at = buf_reserve(out, room_len + from_len + text_len + 6);
	char *begin = at;

	*at++ = '[';
	memcpy(at, room, room_len);
	at += room_len;
	*at++ = ']';
	*at++ = ' ';
	memcpy(at, m->from, from_len);
	at += from_len;
	*at++ = ':';
	*at++ = ' ';
	memcpy(at, m->text, text_len);
	at += text_len;
	*at++ = '\n';
	buf_added(out, (size_t)(at - begin));
}

/* One may have several lines. */
static void render_notice(const struct message *m, bool is_machine,
			  struct buf *out)
{
	const char *line = m->text;
	const char *end;

	do {
		end = strchrnul(line, '\n');
		buf_add_text(out, is_machine ? "~~ " : "-- ");
		buf_add(out, line, (size_t)(end - line));
		buf_add_char(out, '\n');
		line = end + 1;
	} while (*end != '\0');
}

void render_message(const struct message *m, bool is_machine, struct buf *out)
{
	if (m->kind == MESSAGE_SAY) {
		render_say(m, out);
		return;
	}
	if (m->room == NULL && m->kind == MESSAGE_NOTICE) {
		render_notice(m, is_machine, out);
		return;
	}
	if (m->room != NULL)
		buf_print(out, "[%s] ", room_name(m->room));
	render_words(m, out);
	buf_add_char(out, '\n');
}

void render_replay(const struct message *m, int64_t now_ms, struct buf *out)
{
	char when[CLOCK_TEXT];

	clock_print_near(m->time_ms, now_ms, when);
	buf_print(out, "[%s] %s ", room_name(m->room), when);
	render_words(m, out);
	buf_add_char(out, '\n');
}
