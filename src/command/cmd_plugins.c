/* Commands about plugins. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/families.h"
#include "command/sign.h"
#include "command/task.h"
#include "command/use.h"
#include "log/log.h"

/* What is done to one. Nothing of it is stored: it lasts until the daemon ends.
 */
struct deed {
	const char *action;
	enum err (*run)(struct plugins *plugins, const char *name);
	const char *words; /* behind the name, when it is done */
};

/* A look at the plugins, or a deed. */
struct care {
	struct task task;
	const struct deed *deed;
	char name[NAME_MOST + 1];
	bool is_for_staff;
};

static void print_commands(const struct plugin_command *commands, size_t count,
			   const char *plugin, struct buf *out)
{
	const char *between = ": ";

	for (size_t i = 0; i < count; i++) {
		if (strcmp(commands[i].plugin, plugin) != 0)
			continue;
		buf_print(out, "%s/%s", between, commands[i].name);
		between = ", ";
	}
}

/* What helps whoever looks after it. */
static void print_details(const struct plugin_status *status, struct buf *out)
{
	char since[CLOCK_TEXT];

	clock_print(status->since_ms, since);
	buf_print(out,
		  "  since %s; %" PRIu64 " uses, %" PRIu64 " answers, %" PRIu64
		  " restarts, %" PRIu64 " lost, %" PRIu64 " KiB\n",
		  since, status->uses, status->answers, status->restarts,
		  status->dropped, status->memory_bytes / 1024);
	if (status->error[0] != '\0')
		buf_print(out, "  ended last: %s\n", status->error);
}

static void stage_list(struct task *task)
{
	struct care *care = CONTAINER(task, struct care, task);
	struct plugins *plugins = task->realm->plugins;
	struct plugin_status *all = NULL;
	struct plugin_command *commands;
	size_t count = plugins == NULL ? 0 : plugins_list(plugins, &all);
	size_t command_count = use_list(task->realm, &commands);

	for (size_t i = 0; i < count; i++) {
		buf_print(&task->text, "%s (%s)", all[i].name,
			  plugin_state_words(all[i].state));
		print_commands(commands, command_count, all[i].name,
			       &task->text);
		buf_add_char(&task->text, '\n');
		if (care->is_for_staff)
			print_details(&all[i], &task->text);
	}
	if (count == 0)
		buf_add_text(&task->text, "There are no plugins.");
	mem_free(commands);
	mem_free(all);
	task_answer(task, ERR_OK);
}

static enum err cmd_plugins(struct call *call)
{
	struct care *care = mem_zero(sizeof(*care));

	care->is_for_staff =
		caller_has_role(call->caller, ROLE_ADMIN | ROLE_AUDITOR);
	return task_start(call, &care->task, TASK_JOBS, stage_list, NULL, NULL);
}

static enum err switch_on(struct plugins *plugins, const char *name)
{
	return plugins_switch(plugins, name, true);
}

static enum err switch_off(struct plugins *plugins, const char *name)
{
	return plugins_switch(plugins, name, false);
}

static void stage_care(struct task *task)
{
	struct care *care = CONTAINER(task, struct care, task);
	const struct deed *deed = care->deed;
	struct realm *realm = task->realm;
	enum err e = sign_asked(realm->trail, &task->actor, deed->action,
				care->name);

	if (e == ERR_OK) {
		e = deed->run(realm->plugins, care->name);
		log_notice("plugin", "%s name=%s by=%s outcome=%s",
			   deed->action + strlen("plugin."), care->name,
			   task->actor.name, err_code(e));
		sign_ended(realm->trail, &task->actor, deed->action, care->name,
			   e);
	}
	task_answer(task, e);
}

static enum err finish_care(struct call *call, struct task *task)
{
	const struct care *care = CONTAINER(task, struct care, task);

	if (task->result != ERR_OK)
		return call_fail(call, task->result);
	call_say(call, "%s %s", care->name, care->deed->words);
	return ERR_OK;
}

/* Nobody records what was asked of a plugin that there is not. */
static enum err start(struct call *call, const struct deed *deed)
{
	struct plugins *plugins = call->realm->plugins;
	const char *name = call->argv[0];
	struct care *care;

	if (plugins == NULL || !plugins_has_name(plugins, name))
		return call_refuse(call, ERR_NOT_FOUND,
				   "There is no plugin %.32s.", name);
	care = mem_zero(sizeof(*care));
	snprintf(care->name, sizeof(care->name), "%s", name);
	care->deed = deed;
	return task_start(call, &care->task, TASK_JOBS, stage_care, finish_care,
			  NULL);
}

static enum err cmd_plugins_reload(struct call *call)
{
	static const struct deed deed = { "plugin.reload", plugins_reload,
					  "is started anew." };

	return start(call, &deed);
}

static enum err cmd_plugins_on(struct call *call)
{
	static const struct deed deed = { "plugin.on", switch_on,
					  "is switched on." };

	return start(call, &deed);
}

static enum err cmd_plugins_off(struct call *call)
{
	static const struct deed deed = {
		"plugin.off", switch_off,
		"is switched off until it is switched on, "
		"or the server is started again."
	};

	return start(call, &deed);
}

const struct command commands_plugins[] = {
	{ "plugins", 0, 0, ROLE_GUEST, 0, cmd_plugins, "",
	  "what plugins there are, and their commands" },
	{ "plugins reload", 1, 1, ROLE_ADMIN, 0, cmd_plugins_reload, "NAME",
	  "end a plugin and start it anew" },
	{ "plugins on", 1, 1, ROLE_ADMIN, 0, cmd_plugins_on, "NAME",
	  "switch a plugin on again" },
	{ "plugins off", 1, 1, ROLE_ADMIN, 0, cmd_plugins_off, "NAME",
	  "switch a plugin off until the server stops" },
	{ 0 },
};
