/* Commands about who owns a room, is an op or voiced in it. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "chat/rights/office.h"
#include "command/families.h"
#include "command/task.h"

/* An act on the rights of a user in a room. */
struct appointment {
	struct task task;
	char name[NAME_MOST + 1];
	struct room *room; /* a reference */
	enum rank rank;
	struct user user;
	enum err (*act)(struct task *task);
};

static void drop(struct task *task)
{
	room_unref(&CONTAINER(task, struct appointment, task)->room);
}

static void stage(struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);
	enum err e = users_find(task->realm->users, a->name, &a->user);

	if (e == ERR_NO_SUCH_USER)
		e = refusal_give(
			&task->why, e,
			"%s is no user. Only users with a login have rights "
			"in rooms.",
			a->name);
	task_answer(task, e == ERR_OK ? a->act(task) : e);
}

static enum err refuse_roomless(struct call *call)
{
	return call_refuse(call, ERR_NO_ROOM,
			   "You are in no room: write /in ROOM /%s.",
			   call->command->verb);
}

static enum err start(struct call *call, enum rank rank,
		      enum err (*act)(struct task *task),
		      enum err (*finish)(struct call *call, struct task *task))
{
	struct appointment *a;

	if (call->caller->room == NULL)
		return refuse_roomless(call);
	if (!name_is_valid(call->argv[0]))
		return call_fail(call, ERR_BAD_NAME);
	a = mem_zero(sizeof(*a));
	snprintf(a->name, sizeof(a->name), "%s", call->argv[0]);
	a->room = room_ref(call->caller->room);
	a->rank = rank;
	a->act = act;
	return task_start(call, &a->task, TASK_JOBS, stage, finish, drop);
}

static enum err act_grant(struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	return office_grant(task->realm->chat, &task->actor, a->room, &a->user,
			    a->rank, &task->why);
}

static enum err act_revoke(struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	return office_revoke(task->realm->chat, &task->actor, a->room, &a->user,
			     a->rank, &task->why);
}

static enum err finish_revoke(struct call *call, struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s is not %s in %s any more.", a->user.name,
		 office_text(a->rank), room_name(a->room));
	return ERR_OK;
}

static enum err finish_grant(struct call *call, struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s is %s in %s now.", a->user.name,
		 office_text(a->rank), room_name(a->room));
	return ERR_OK;
}

static enum err cmd_op(struct call *call)
{
	return start(call, RANK_OP, act_grant, finish_grant);
}

static enum err cmd_voice(struct call *call)
{
	return start(call, RANK_VOICED, act_grant, finish_grant);
}

static enum err cmd_deop(struct call *call)
{
	return start(call, RANK_OP, act_revoke, finish_revoke);
}

static enum err cmd_devoice(struct call *call)
{
	return start(call, RANK_VOICED, act_revoke, finish_revoke);
}

static enum err act_transfer(struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	return office_transfer(task->realm->chat, &task->actor, a->room,
			       &a->user, &task->why);
}

static enum err finish_transfer(struct call *call, struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s owns %s now.", a->user.name, room_name(a->room));
	return ERR_OK;
}

static enum err cmd_owner(struct call *call)
{
	return start(call, RANK_OWNER, act_transfer, finish_transfer);
}

static enum err act_succeed(struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	return office_name_successor(task->realm->chat, &task->actor, a->room,
				     &a->user, &task->why);
}

static enum err finish_succeed(struct call *call, struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s will own %s if its owner's login is removed.",
		 a->user.name, room_name(a->room));
	return ERR_OK;
}

/* "-" instead of a name: nobody. */
static void stage_none(struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	task_answer(task, office_name_successor(task->realm->chat, &task->actor,
						a->room, NULL, &task->why));
}

static enum err finish_none(struct call *call, struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call,
		 "%s has no successor: if its owner's login is "
		 "removed, the op of longest standing gets it.",
		 room_name(a->room));
	return ERR_OK;
}

static void stage_show(struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);
	user_id id;
	enum err e = office_successor(&task->actor, a->room, &id, &task->why);

	if (e == ERR_OK && id != 0)
		e = users_get(task->realm->users, id, &a->user);
	task_answer(task, e);
}

static enum err finish_show(struct call *call, struct task *task)
{
	struct appointment *a = CONTAINER(task, struct appointment, task);

	return a->user.id == 0 ? finish_none(call, task)
			       : finish_succeed(call, task);
}

static enum err cmd_successor(struct call *call)
{
	bool is_asked = call->argc == 0;
	struct appointment *a;

	if (call->caller->room == NULL)
		return refuse_roomless(call);
	if (!is_asked && strcmp(call->argv[0], "-") != 0)
		return start(call, RANK_OWNER, act_succeed, finish_succeed);
	a = mem_zero(sizeof(*a));
	a->room = room_ref(call->caller->room);
	return task_start(call, &a->task, TASK_JOBS,
			  is_asked ? stage_show : stage_none,
			  is_asked ? finish_show : finish_none, drop);
}

static void print_mine(struct room *room, const struct actor *who,
		       struct buf *out)
{
	enum rank rank = room_rank(room, who->user, ROLE_USER);
	struct room_facts facts;

	room_facts(room, &facts);
	if (rank > RANK_MEMBER)
		buf_print(out, "%s: %s\n", room_name(room), rank_word(rank));
	if (facts.successor == who->user)
		buf_print(out, "%s: successor\n", room_name(room));
}

static void stage_mine(struct task *task)
{
	size_t count;
	struct room **rooms = chat_rooms(task->realm->chat, &count);
	enum rank everywhere = rank_of_roles(task->actor.roles);

	if (everywhere > RANK_OWNER)
		buf_print(&task->text, "everywhere: %s\n",
			  rank_word(everywhere));
	for (size_t i = 0; i < count; i++)
		print_mine(rooms[i], &task->actor, &task->text);
	if (buf_len(&task->text) == 0)
		buf_add_text(&task->text, "You have no rights in any room.\n");
	chat_free_rooms(rooms, count);
	task_answer(task, ERR_OK);
}

static enum err cmd_mine(struct call *call)
{
	struct appointment *a = mem_zero(sizeof(*a));

	return task_start(call, &a->task, TASK_JOBS, stage_mine, NULL, drop);
}

const struct command commands_rights[] = {
	{ "op", 1, 1, ROLE_USER, 0, cmd_op, "USER",
	  "make a user an op of the room" },
	{ "deop", 1, 1, ROLE_USER, 0, cmd_deop, "USER",
	  "make an op a plain member again" },
	{ "voice", 1, 1, ROLE_USER, 0, cmd_voice, "USER",
	  "let a user speak in the room when it is moderated" },
	{ "devoice", 1, 1, ROLE_USER, 0, cmd_devoice, "USER",
	  "make a voiced user a plain member again" },
	{ "owner", 1, 1, ROLE_USER, 0, cmd_owner, "USER",
	  "hand the room over to a user" },
	{ "successor", 0, 1, ROLE_USER, 0, cmd_successor, "[USER|-]",
	  "who owns the room when its owner is removed" },
	{ "mine", 0, 0, ROLE_USER, COMMAND_PERSON, cmd_mine, "",
	  "where you have rights" },
	{ 0 },
};
