#include "plugin/plugins.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "plugin/plugins_fields.h"

const char *plugin_state_words(enum plugin_state state)
{
	static const char *const words[PLUGIN_STATES] = {
		[PLUGIN_OFF] = "switched off",
		[PLUGIN_STARTING] = "starting",
		[PLUGIN_UP] = "up",
		[PLUGIN_ENDING] = "ending",
		[PLUGIN_WAITING] = "down, starts again",
		[PLUGIN_DOWN] = "down",
	};

	return words[state];
}

struct plugins *plugins_new(struct launcher *launcher,
			    const struct plugin_host *host)
{
	struct plugins *p = mem_zero(sizeof(*p));

	p->launcher = launcher;
	p->host = host;
	mutex_init(&p->lock, LOCK_PLUGIN);
	return p;
}

static struct plugin *plugin_new(const struct plugin_settings *settings)
{
	struct plugin *plugin = mem_zero(sizeof(*plugin));

	name_key(settings->name, plugin->name);
	plugin_settings_copy(&plugin->settings, settings);
	plugin->is_listed = true;
	plugin->status.state = PLUGIN_DOWN;
	plugin->status.since_ms = clock_wall_ms();
	return plugin;
}

static void plugin_free(struct plugin **plugin)
{
	plugin_settings_free(&(*plugin)->settings);
	mem_free(*plugin);
	*plugin = NULL;
}

static void drop_locked(struct plugins *p) REQUIRES(p->lock)
{
	for (size_t i = 0; i < p->count; i++)
		plugin_free(&p->all[i]);
	mem_free(p->all);
	p->all = NULL;
	p->count = 0;
}

static void set_locked(struct plugins *p, const struct plugin_list *settings)
	REQUIRES(p->lock)
{
	drop_locked(p);
	p->all = mem_array(settings->count, sizeof(struct plugin *));
	p->count = settings->count;
	for (size_t i = 0; i < settings->count; i++)
		p->all[i] = plugin_new(&settings->all[i]);
}

void plugins_start(struct plugins *p, const struct plugin_list *settings)
{
	plugins_change(p, settings);
}

void plugins_change(struct plugins *p, const struct plugin_list *settings)
{
	mutex_lock(&p->lock);
	set_locked(p, settings);
	mutex_unlock(&p->lock);
}

void plugins_stop(struct plugins *p)
{
	(void)p;
}

void plugins_free(struct plugins **plugins)
{
	struct plugins *p = *plugins;

	if (p == NULL)
		return;
	plugins_stop(p);
	mutex_lock(&p->lock);
	drop_locked(p);
	mutex_unlock(&p->lock);
	mutex_fini(&p->lock);
	mem_free(p);
	*plugins = NULL;
}

static struct plugin *find_locked(struct plugins *p, const char *name)
	REQUIRES(p->lock)
{
	for (size_t i = 0; i < p->count; i++) {
		if (name_compare(p->all[i]->name, name) == 0)
			return p->all[i];
	}
	return NULL;
}

bool plugins_has_name(struct plugins *p, const char *name)
{
	bool has;

	mutex_lock(&p->lock);
	has = find_locked(p, name) != NULL;
	mutex_unlock(&p->lock);
	return has;
}

/* How many commands it has; 1 while it has not said hello. */
static size_t command_count(const struct plugin *plugin)
{
	return plugin->is_known ? plugin->offer.command_count : 1;
}

static void get_command(const struct plugin *plugin, size_t i,
			struct plugin_command *command_r)
{
	if (plugin->is_known) {
		*command_r = plugin->offer.commands[i];
	} else {
		memset(command_r, 0, sizeof(*command_r));
		memcpy(command_r->name, plugin->name, sizeof(plugin->name));
	}
	memcpy(command_r->plugin, plugin->name, sizeof(plugin->name));
	command_r->is_up = plugin->status.state == PLUGIN_UP;
}

static struct plugin *find_command_locked(struct plugins *p, const char *name,
					  struct plugin_command *command_r)
	REQUIRES(p->lock)
{
	for (size_t i = 0; i < p->count; i++) {
		for (size_t k = 0; k < command_count(p->all[i]); k++) {
			get_command(p->all[i], k, command_r);
			if (name_compare(command_r->name, name) == 0)
				return p->all[i];
		}
	}
	return NULL;
}

bool plugins_knows(struct plugins *p, const char *command)
{
	struct plugin_command found;

	return plugins_find(p, command, &found);
}

bool plugins_find(struct plugins *p, const char *command,
		  struct plugin_command *command_r)
{
	bool is_found;

	mutex_lock(&p->lock);
	is_found = find_command_locked(p, command, command_r) != NULL;
	mutex_unlock(&p->lock);
	return is_found;
}

static bool find_trigger_locked(struct plugins *p, const char *line,
				struct plugin_command *command_r)
	REQUIRES(p->lock)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct plugin *plugin = p->all[i];

		if (plugin->status.state != PLUGIN_UP)
			continue;
		for (size_t k = 0; k < plugin->offer.trigger_count; k++) {
			if (name_compare(plugin->offer.triggers[k], line) != 0)
				continue;
			get_command(plugin, 0, command_r);
			return true;
		}
	}
	return false;
}

bool plugins_trigger(struct plugins *p, const char *line,
		     struct plugin_command *command_r)
{
	bool is_found;

	if (atomic_load_explicit(&p->triggers, memory_order_relaxed) == 0)
		return false;
	mutex_lock(&p->lock);
	is_found = find_trigger_locked(p, line, command_r);
	mutex_unlock(&p->lock);
	return is_found;
}

static size_t commands_locked(struct plugins *p, struct plugin_command *all)
	REQUIRES(p->lock)
{
	struct plugin_command command;
	size_t count = 0;

	for (size_t i = 0; i < p->count; i++) {
		for (size_t k = 0; k < command_count(p->all[i]); k++) {
			get_command(p->all[i], k, &all[count]);
			/* Of two that have it, the first counts. */
			if (find_command_locked(p, all[count].name, &command) ==
			    p->all[i])
				count++;
		}
	}
	return count;
}

size_t plugins_commands(struct plugins *p, struct plugin_command **all_r)
{
	size_t count;

	mutex_lock(&p->lock);
	*all_r = mem_array(p->count * PLUGIN_COMMANDS_MOST,
			   sizeof(struct plugin_command));
	count = commands_locked(p, *all_r);
	mutex_unlock(&p->lock);
	if (count == 0) {
		mem_free(*all_r);
		*all_r = NULL;
	}
	return count;
}

enum err plugins_use(struct plugins *p, const struct plugin_use *use,
		     plugin_done_fn *done, void *arg)
{
	(void)done;
	(void)arg;
	return plugins_knows(p, use->command) ? ERR_PLUGIN_DOWN
					      : ERR_UNKNOWN_COMMAND;
}

bool plugins_want(const struct plugins *p, enum plugin_event_kind kind)
{
	return (atomic_load_explicit(&p->wanted, memory_order_relaxed) &
		1U << kind) != 0;
}

void plugins_event(struct plugins *p, const struct plugin_event *event)
{
	(void)p;
	(void)event;
}

size_t plugins_list(struct plugins *p, struct plugin_status **all_r)
{
	size_t count;

	*all_r = NULL;
	mutex_lock(&p->lock);
	count = p->count;
	if (count > 0)
		*all_r = mem_array(count, sizeof(struct plugin_status));
	for (size_t i = 0; i < count; i++) {
		(*all_r)[i] = p->all[i]->status;
		memcpy((*all_r)[i].name, p->all[i]->name,
		       sizeof(p->all[i]->name));
	}
	mutex_unlock(&p->lock);
	return count;
}

enum err plugins_reload(struct plugins *p, const char *name)
{
	return plugins_has_name(p, name) ? ERR_OK : ERR_NOT_FOUND;
}

static enum err switch_locked(struct plugins *p, const char *name, bool on)
	REQUIRES(p->lock)
{
	struct plugin *plugin = find_locked(p, name);
	bool is_off;

	if (plugin == NULL)
		return ERR_NOT_FOUND;
	is_off = plugin->status.state == PLUGIN_OFF;
	if (is_off != on)
		return ERR_EXISTS;
	plugin->status.state = on ? PLUGIN_DOWN : PLUGIN_OFF;
	plugin->status.since_ms = clock_wall_ms();
	return ERR_OK;
}

enum err plugins_switch(struct plugins *p, const char *name, bool on)
{
	enum err e;

	mutex_lock(&p->lock);
	e = switch_locked(p, name, on);
	mutex_unlock(&p->lock);
	return e;
}
