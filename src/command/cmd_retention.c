/* How much of a room is remembered. */
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/quantity.h"
#include "chat/history/history.h"
#include "chat/history/retention_change.h"
#include "command/families.h"
#include "command/room_text.h"
#include "command/task.h"

enum { AGE_LEAST_S = 60 };

struct choice {
	struct task task;
	struct room *room; /* a reference */
	struct retention retention;
};

static void drop(struct task *task)
{
	room_unref(&CONTAINER(task, struct choice, task)->room);
}

static void print_state(struct room *room, struct buf *out)
{
	struct retention r = history_kept(room);

	if (r.is_off) {
		room_text_history(room, out);
		return;
	}
	buf_print(out, "What is said in %s is kept: ", room_name(room));
	retention_print(&r, out);
	buf_add_char(out, '.');
}

static void stage(struct task *task)
{
	struct choice *c = CONTAINER(task, struct choice, task);
	enum err e = retention_set(task->realm->chat, &task->actor, c->room,
				   &c->retention, &task->why);

	if (e == ERR_OK)
		print_state(c->room, &task->text);
	task_answer(task, e);
}

/* "500", "30d", "500 30d" */
static bool parse_limits(const struct call *call, struct retention *r)
{
	int64_t count;

	for (int i = 0; i < call->argc; i++) {
		const char *word = call->argv[i];

		if (r->count == 0 && r->age_s == 0 &&
		    quantity_number(word, &count)) {
			if (count < 1 || count > UINT32_MAX)
				return false;
			r->count = (uint32_t)count;
		} else if (r->age_s != 0 ||
			   !quantity_seconds(word, &r->age_s) ||
			   r->age_s < AGE_LEAST_S) {
			return false;
		}
	}
	return true;
}

static bool parse(const struct call *call, struct retention *r)
{
	if (call->argc == 1 && strcasecmp(call->argv[0], "default") == 0)
		return true;
	r->is_off = call->argc == 1 && strcasecmp(call->argv[0], "off") == 0;
	return r->is_off || parse_limits(call, r);
}

static enum err show(struct call *call, struct room *room)
{
	AUTO(buf_fini) struct buf text = { 0 };

	print_state(room, &text);
	call_say(call, "%s", buf_text(&text));
	return ERR_OK;
}

static enum err cmd_retention(struct call *call)
{
	struct room *room = call->caller->room;
	struct choice *c;

	if (room == NULL)
		return call_refuse(call, ERR_NO_ROOM,
				   "You are in no room: write /in ROOM "
				   "/retention.");
	if (call->argc == 0)
		return show(call, room);
	c = mem_zero(sizeof(*c));
	if (!parse(call, &c->retention)) {
		mem_free(c);
		return call_usage(call);
	}
	c->room = room_ref(room);
	return task_start(call, &c->task, TASK_JOBS, stage, NULL, drop);
}

const struct command commands_retention[] = {
	{ "retention", 0, 2, ROLE_GUEST, 0, cmd_retention,
	  "[[COUNT] [AGE]|off|default]", "how much of the room is remembered" },
	{ 0 },
};
