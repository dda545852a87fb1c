#include "command/use.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "chat/relay.h"
#include "command/task.h"

/* Lines of an answer, copied. */
struct lines {
	char **all;
	size_t count;
};

struct use {
	struct task task;
	char plugin[NAME_MOST + 1];
	struct room *room; /* where it was asked: a reference, or NULL */
	char *share;       /* its key in the realm's shares; NULL: none */
	char *refusal;
	struct lines user;
	struct lines said;
};

static void lines_copy(struct lines *lines, const struct plugin_lines *from)
{
	lines->count = from->count;
	lines->all = mem_array(from->count, sizeof(char *));
	for (size_t i = 0; i < from->count; i++)
		lines->all[i] = mem_text(from->all[i]);
}

static void lines_free(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		mem_free(lines->all[i]);
	mem_free(lines->all);
}

static void drop(struct task *task)
{
	struct use *use = CONTAINER(task, struct use, task);

	if (use->share != NULL)
		shares_give(task->realm->plugin_shares, use->share);
	mem_free(use->share);
	room_unref(&use->room);
	mem_free(use->refusal);
	lines_free(&use->user);
	lines_free(&use->said);
}

/* In the warden's thread. */
static void answered(void *arg, const struct plugin_answer *answer)
{
	struct use *use = arg;

	if (answer->result == ERR_OK) {
		lines_copy(&use->user, &answer->user);
		lines_copy(&use->said, &answer->room);
	} else {
		use->refusal = mem_text(answer->text);
	}
	task_answer(&use->task, answer->result);
}

/* As the plugin, if who asked may; without a room there is nobody to tell. */
static enum err say_in_room(struct use *use, struct refusal *why)
{
	struct relay what = {
		.from = use->plugin,
		.lines = (const char *const *)use->said.all,
		.count = use->said.count,
		.origin = use->task.actor.origin,
	};

	if (use->room == NULL || what.count == 0)
		return ERR_OK;
	return relay_answer(use->room, use->task.person, &what, why);
}

static void say_lines(struct call *call, const struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		call_say(call, "%s", lines->all[i]);
}

/* What was meant for the asker alone is told also when the rest is refused. */
static enum err finish(struct call *call, struct task *task)
{
	struct use *use = CONTAINER(task, struct use, task);
	struct refusal why = { 0 };
	enum err e;

	if (task->result != ERR_OK)
		return call_refuse(call, task->result, "%s", use->refusal);
	e = say_in_room(use, &why);
	say_lines(call, &use->user);
	if (e != ERR_OK)
		return call_refuse_why(call, e, &why);
	say_lines(call, &use->said);
	return ERR_OK;
}

bool use_find(struct realm *realm, const char *verb,
	      struct plugin_command *command_r)
{
	return realm->plugins != NULL && !command_has_verb(verb) &&
	       plugins_find(realm->plugins, verb, command_r);
}

size_t use_list(struct realm *realm, struct plugin_command **all_r)
{
	size_t count = 0;
	size_t kept = 0;

	*all_r = NULL;
	if (realm->plugins != NULL)
		count = plugins_commands(realm->plugins, all_r);
	for (size_t i = 0; i < count; i++) {
		if (!command_has_verb((*all_r)[i].name))
			(*all_r)[kept++] = (*all_r)[i];
	}
	return kept;
}

bool use_is_line(const struct caller *caller, const char *line,
		 struct plugin_command *command_r)
{
	struct plugins *plugins = caller->realm->plugins;

	return plugins != NULL && caller->person != NULL &&
	       plugins_trigger(plugins, line, command_r) &&
	       !command_has_verb(command_r->name);
}

/* From one address alone the plugin cannot be kept busy for all others. */
static bool take_share(struct use *use, const char *site)
{
	AUTO(mem_free_text) char *key = mem_print("%s %s", use->plugin, site);

	if (!shares_take(use->task.realm->plugin_shares, key))
		return false;
	use->share = mem_text(key);
	return true;
}

static enum err ask(struct use *use, const struct plugin_command *command,
		    const char *args, const char *line)
{
	struct task *task = &use->task;
	const char *roles[ROLES + 1];
	struct plugin_use question = {
		.command = command->name,
		.args = args,
		.user = task->actor.name,
		.roles = roles,
		.room = use->room == NULL ? NULL : room_name(use->room),
		.line = line,
	};

	if (!take_share(use, task->site))
		return ERR_BUSY;
	roles[role_words(task->actor.roles, roles)] = NULL;
	return plugins_use(task->realm->plugins, &question, answered, use);
}

static enum err refuse(struct call *call, enum err e,
		       const struct plugin_command *command)
{
	if (e == ERR_PLUGIN_DOWN)
		return call_refuse(call, e,
				   "The plugin %s does not run at present.",
				   command->plugin);
	if (e == ERR_BUSY)
		return call_refuse(call, e,
				   "%s has too much to do. Try again in a "
				   "moment.",
				   command->plugin);
	return call_refuse(call, e, "There is no /%s any more.", command->name);
}

enum err use_start(struct call *call, const struct plugin_command *command,
		   const char *args, const char *line)
{
	struct caller *caller = call->caller;
	struct use *use;
	enum err e;

	if (caller->roles == 0)
		return call_fail(call, ERR_LOGIN_REQUIRED);
	if (caller->person == NULL)
		return call_refuse(call, ERR_NOT_ALLOWED,
				   "The console is in no room.");
	use = mem_zero(sizeof(*use));
	memcpy(use->plugin, command->plugin, sizeof(use->plugin));
	/* Who looks into a room by /in is not there. */
	if (caller->room != NULL && room_has(caller->room, caller->person))
		use->room = room_ref(caller->room);
	task_begin(call, &use->task, finish, drop);
	e = ask(use, command, args, line);
	if (e == ERR_OK)
		return (enum err)CALL_PENDING;
	task_abandon(&use->task);
	return refuse(call, e, command);
}
