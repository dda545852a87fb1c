/* Commands about rooms. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/families.h"
#include "command/room_text.h"
#include "command/task.h"

enum { ROOMS_LISTED = 200 };

/* A join, a leave, a topic or a question about rooms under way. */
struct visit {
	struct task task;
	char name[NAME_MOST + 1]; /* of a room, or a part of one */
	char *key;
	char *topic;
	struct room *room; /* a reference */
};

static void visit_drop(struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);

	room_unref(&visit->room);
	mem_free_text(&visit->key);
	mem_free(visit->topic);
}

static void say_room(struct call *call, struct room *room)
{
	AUTO(buf_fini) struct buf text = { 0 };

	room_text_topic(room, &text);
	call_say(call, "%s", buf_text(&text));
	buf_reset(&text);
	room_text_people(room, &text);
	call_say(call, "%s", buf_text(&text));
}

static void stage_join(struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);

	task_answer(task,
		    chat_join(task->realm->chat, &task->actor, visit->name,
			      visit->key, &visit->room, &task->why));
}

/*
 * Topic and people were told with MESSAGE_ENTERED; who is inside already is
 * told them here.
 */
static enum err finish_join(struct call *call, struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);

	if (task->result == ERR_NO_SUCH_ROOM)
		return call_refuse(call, task->result,
				   "There is no room %s, and only users with a "
				   "login can make one.",
				   visit->name);
	if (task->result == ERR_ROOM_LIMIT)
		return call_refuse(
			call, task->result,
			"You own as many rooms as one may own here, or are "
			"in %d already.",
			ROOMS_INSIDE_MOST);
	if (task->result != ERR_OK && task->result != ERR_EXISTS)
		return call_refuse_why(call, task->result, &task->why);
	if (task->result == ERR_EXISTS)
		say_room(call, visit->room);
	caller_set_room(call->caller, visit->room);
	return ERR_OK;
}

static enum err cmd_join(struct call *call)
{
	struct visit *visit;

	if (!name_is_valid(call->argv[0]))
		return call_fail(call, ERR_BAD_NAME);
	visit = mem_zero(sizeof(*visit));
	snprintf(visit->name, sizeof(visit->name), "%s", call->argv[0]);
	if (call->argc > 1)
		visit->key = mem_text(call->argv[1]);
	return task_start(call, &visit->task, TASK_JOBS, stage_join,
			  finish_join, visit_drop);
}

static void stage_leave(struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);

	task_answer(task,
		    chat_leave(task->realm->chat, task->person, visit->room));
}

static enum err finish_leave(struct call *call, struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);

	if (task->result != ERR_OK)
		return call_fail(call, task->result);
	call_say(call, "You have left %s.", room_name(visit->room));
	return ERR_OK;
}

/* Starts a task about the room named, or the current one. */
static enum err visit_room(struct call *call, task_fn *stage,
			   enum err (*finish)(struct call *call,
					      struct task *task))
{
	enum err e;
	struct room *room = call_room(call, &e);
	struct visit *visit;

	if (room == NULL)
		return e;
	visit = mem_zero(sizeof(*visit));
	visit->room = room;
	return task_start(call, &visit->task, TASK_JOBS, stage, finish,
			  visit_drop);
}

static enum err cmd_leave(struct call *call)
{
	return visit_room(call, stage_leave, finish_leave);
}

static void stage_topic(struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);

	task_answer(task,
		    chat_set_topic(task->realm->chat, &task->actor, visit->room,
				   visit->topic, &task->why));
}

static enum err finish_topic(struct call *call, struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);
	AUTO(buf_fini) struct buf text = { 0 };

	if (task->result == ERR_BAD_INPUT)
		return call_refuse(call, task->result,
				   "A topic has at most %d bytes.", TOPIC_MOST);
	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	room_text_topic(visit->room, &text);
	call_say(call, "%s", buf_text(&text));
	return ERR_OK;
}

static enum err cmd_topic(struct call *call)
{
	struct room *room = call->caller->room;
	AUTO(buf_fini) struct buf text = { 0 };
	struct visit *visit;

	if (room == NULL)
		return call_refuse(call, ERR_NO_ROOM,
				   "You are in no room: write /in ROOM "
				   "/topic.");
	if (call->argc == 0) {
		room_text_topic(room, &text);
		call_say(call, "%s", buf_text(&text));
		return ERR_OK;
	}
	visit = mem_zero(sizeof(*visit));
	visit->room = room_ref(room);
	visit->topic =
		mem_text(strcmp(call->argv[0], "-") == 0 ? "" : call->argv[0]);
	return task_start(call, &visit->task, TASK_JOBS, stage_topic,
			  finish_topic, visit_drop);
}

/* In a job: a room may hold thousands. */
static void stage_who(struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);

	room_text_everybody(visit->room, &task->text);
	task_answer(task, ERR_OK);
}

static enum err cmd_who(struct call *call)
{
	return visit_room(call, stage_who, NULL);
}

static bool may_look_in(const struct call *call, struct room *room)
{
	const struct caller *caller = call->caller;

	return (caller->person != NULL && room_has(room, caller->person)) ||
	       caller_has_role(caller, ROLE_AUDITOR) ||
	       room_rank(room, caller->user, caller->roles) >= RANK_OP;
}

static enum err cmd_in(struct call *call)
{
	enum err e;
	struct room *room = call_room(call, &e);

	if (room == NULL)
		return e;
	e = may_look_in(call, room)
		    ? call_in(call, room, call->argv[1])
		    : call_refuse(call, ERR_NO_ROOM,
				  "You are not in %s, nor an op there.",
				  room_name(room));
	room_unref(&room);
	return e;
}

static void print_room(struct room *room, struct buf *out)
{
	struct room_facts facts;

	room_facts(room, &facts);
	if (closing_get(room, NULL))
		buf_print(out, "%s (closed)", facts.name);
	else
		buf_print(out, "%s %zu here", facts.name, room_count(room));
	buf_print(out, "%s%s\n", facts.topic[0] == '\0' ? "" : ", ",
		  facts.topic);
}

/* The rooms that somebody may see and whose name has the part. */
static size_t pick_rooms(struct room **rooms, size_t count, const char *part,
			 const struct actor *by)
{
	size_t picked = 0;

	for (size_t i = 0; i < count; i++) {
		struct room *room = rooms[i];

		if (strcasestr(room_name(room), part) == NULL ||
		    !modes_show(room, by->person, by->user, by->roles) ||
		    (!call_sees_closed(by->roles) && closing_get(room, NULL)))
			continue;
		rooms[i] = rooms[picked];
		rooms[picked++] = room;
	}
	return picked;
}

/* Those with people, or without; returns how many. */
static size_t print_rooms(struct room **rooms, size_t count, bool are_empty,
			  size_t listed, struct buf *out)
{
	size_t matched = 0;

	for (size_t i = 0; i < count; i++) {
		if ((room_count(rooms[i]) == 0) != are_empty)
			continue;
		if (listed + matched < ROOMS_LISTED)
			print_room(rooms[i], out);
		matched++;
	}
	return matched;
}

/* In a job as well. Where people are comes first. */
static void stage_rooms(struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);
	size_t count;
	struct room **rooms = chat_rooms(task->realm->chat, &count);
	size_t picked = pick_rooms(rooms, count, visit->name, &task->actor);
	size_t matched = print_rooms(rooms, picked, false, 0, &task->text);

	matched += print_rooms(rooms, picked, true, matched, &task->text);
	if (matched > ROOMS_LISTED)
		buf_print(&task->text,
			  "… and %zu more: name a part of the name.",
			  matched - ROOMS_LISTED);
	else if (matched == 0)
		buf_add_text(&task->text, "There are no such rooms.");
	chat_free_rooms(rooms, count);
	task_answer(task, ERR_OK);
}

static enum err cmd_rooms(struct call *call)
{
	struct visit *visit = mem_zero(sizeof(*visit));

	if (call->argc > 0)
		snprintf(visit->name, sizeof(visit->name), "%s", call->argv[0]);
	return task_start(call, &visit->task, TASK_JOBS, stage_rooms, NULL,
			  visit_drop);
}

const struct command commands_room[] = {
	{ "join", 1, 2, ROLE_GUEST, COMMAND_PERSON, cmd_join, "ROOM [KEY]",
	  "enter a room, or make a new one" },
	{ "leave", 0, 1, ROLE_GUEST, COMMAND_PERSON, cmd_leave, "[ROOM]",
	  "leave a room" },
	{ "rooms", 0, 1, ROLE_GUEST, 0, cmd_rooms, "[PART]",
	  "list the rooms, or those whose name has this part" },
	{ "who", 0, 1, ROLE_GUEST, 0, cmd_who, "[ROOM]", "who is in a room" },
	{ "in", 2, 2, ROLE_GUEST, COMMAND_REST, cmd_in, "ROOM /COMMAND…",
	  "do something in another room than the current one" },
	{ "topic", 0, 1, ROLE_GUEST, COMMAND_REST, cmd_topic, "[TEXT|-]",
	  "show the current room's topic, set it, or take it away" },
	{ 0 },
};
