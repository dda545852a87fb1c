/* Commands about modes: of this session, and of the current room. */
#include "base/mem.h"
#include "chat/mode/mode_change.h"
#include "command/families.h"
#include "command/task.h"

static enum err set_machine(struct call *call, bool is_machine)
{
	struct caller *caller = call->caller;

	if (!caller->ops->set_machine(caller, is_machine))
		return call_refuse(call, ERR_BAD_INPUT,
				   "There is only one mode here.");
	return ERR_OK;
}

static enum err cmd_machine(struct call *call)
{
	return set_machine(call, true);
}

static enum err cmd_person(struct call *call)
{
	return set_machine(call, false);
}

static enum err say_help(struct call *call)
{
	static const char *const values[] = {
		[MODE_FLAG] = "on",
		[MODE_WORD] = "WORD",
		[MODE_NUMBER] = "NUMBER",
		[MODE_SPAN] = "TIME",
	};

	for (size_t i = 0; i < MODE_COUNT; i++) {
		const struct mode_row *row = &mode_rows[i];
		const char *value = values[row->kind];

		call_say(call, "+%c%s%s, or %s %s: %s.", row->letter,
			 row->kind == MODE_FLAG ? "" : " ",
			 row->kind == MODE_FLAG ? "" : value, row->word, value,
			 row->help);
	}
	call_say(call, "-%c, or %s off, and likewise for the others.",
		 mode_rows[MODE_MODERATED].letter,
		 mode_rows[MODE_MODERATED].word);
	return ERR_OK;
}

static enum err show_modes(struct call *call)
{
	AUTO(buf_fini) struct buf text = { 0 };
	struct room_facts facts;

	room_facts(call->caller->room, &facts);
	modes_print(&facts.modes, &text);
	if (buf_len(&text) == 0)
		call_say(call, "Modes of %s: none.", facts.name);
	else
		call_say(call, "Modes of %s: %s", facts.name, buf_text(&text));
	return ERR_OK;
}

/* A change of modes under way. */
struct modal {
	struct task task;
	struct room *room; /* a reference */
	struct mode_change change;
};

static void drop(struct task *task)
{
	struct modal *modal = CONTAINER(task, struct modal, task);

	room_unref(&modal->room);
	mem_wipe(&modal->change, sizeof(modal->change));
}

static void stage_change(struct task *task)
{
	struct modal *modal = CONTAINER(task, struct modal, task);
	enum err e = mode_change_make(task->realm->chat, &task->actor,
				      modal->room, &modal->change, &task->why);

	if (e == ERR_OK) {
		buf_print(&task->text, "%s: ", room_name(modal->room));
		mode_change_print(&modal->change, &task->text);
	}
	task_answer(task, e);
}

static enum err cmd_mode(struct call *call)
{
	struct refusal why = { 0 };
	struct modal *modal;
	struct mode_change change;
	enum err e;

	/* Not by the table: it is to be suggested before the login too. */
	if (call->caller->roles == 0)
		return call_fail(call, ERR_LOGIN_REQUIRED);
	if (call->argc > 0 && name_compare(call->argv[0], "help") == 0)
		return say_help(call);
	if (call->caller->room == NULL)
		return call_refuse(call, ERR_NO_ROOM,
				   "You are in no room: write /in ROOM /mode.");
	if (call->argc == 0)
		return show_modes(call);
	e = mode_change_parse(call->argv[0], &change, &why);
	if (e != ERR_OK)
		return call_refuse_why(call, e, &why);
	modal = mem_zero(sizeof(*modal));
	modal->room = room_ref(call->caller->room);
	modal->change = change;
	mem_wipe(&change, sizeof(change));
	return task_start(call, &modal->task, TASK_JOBS, stage_change, NULL,
			  drop);
}

const struct command commands_mode[] = {
	{ "mode", 0, 1, 0, COMMAND_REST, cmd_mode,
	  "[help|+LETTERS|-LETTERS|WORD VALUE]", "the modes of the room" },
	{ "mode machine", 0, 0, 0, 0, cmd_machine, "",
	  "answers of this session for a program" },
	{ "mode person", 0, 0, 0, 0, cmd_person, "",
	  "answers of this session for a person" },
	{ 0 },
};
