/* What everybody may ask of plugins, and tell them. */
#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "plugin/plugins_fields.h"

static struct plugin *find_locked(struct plugins *p, const char *name)
	REQUIRES(p->lock)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->all[i]->is_listed &&
		    name_compare(p->all[i]->name, name) == 0)
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

/* How many commands it has; its name's while it has not said hello. */
static size_t command_count(const struct plugin *plugin)
{
	if (!plugin->is_listed)
		return 0;
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

		if (!plugin->is_listed || plugin->status.state != PLUGIN_UP)
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

static enum err accept_locked(struct plugins *p, struct errand *errand,
			      const char *command) REQUIRES(p->lock)
{
	struct plugin_command found;
	struct plugin *plugin = find_command_locked(p, command, &found);

	if (plugin == NULL)
		return ERR_UNKNOWN_COMMAND;
	if (plugin->status.state != PLUGIN_UP || p->is_stopping)
		return ERR_PLUGIN_DOWN;
	if (plugin->under_way == PLUGIN_USES_MOST)
		return ERR_BUSY;
	plugin->under_way++;
	plugin->status.uses++;
	errand->plugin = plugin;
	plugins_put(p, errand);
	return ERR_OK;
}

enum err plugins_use(struct plugins *p, const struct plugin_use *use,
		     plugin_done_fn *done, void *arg)
{
	struct errand *errand = mem_zero(sizeof(*errand));
	enum err e;

	list_init(&errand->link);
	errand->kind = ERRAND_USE;
	errand->id = atomic_fetch_add(&p->uses, 1) + 1;
	errand->done = done;
	errand->arg = arg;
	errand->room = mem_text(use->room);
	message_put_use(&errand->line, errand->id, use);
	mutex_lock(&p->lock);
	e = accept_locked(p, errand, use->command);
	mutex_unlock(&p->lock);
	if (e != ERR_OK)
		errand_free(&errand);
	return e;
}

bool plugins_want(const struct plugins *p, enum plugin_event_kind kind)
{
	return (atomic_load_explicit(&p->wanted, memory_order_relaxed) &
		1U << kind) != 0;
}

static void offer_event_locked(struct plugins *p, struct plugin *plugin,
			       const struct plugin_event *event,
			       const struct buf *line) REQUIRES(p->lock)
{
	struct errand *errand;

	if ((plugin_wants(plugin) & 1U << event->kind) == 0 ||
	    !plugin_has_room(&plugin->settings, event->room, event->is_open))
		return;
	if (plugin->events_queued == PLUGIN_EVENTS_MOST) {
		plugin->status.dropped++;
		return;
	}
	plugin->events_queued++;
	errand = mem_zero(sizeof(*errand));
	list_init(&errand->link);
	errand->kind = ERRAND_EVENT;
	errand->plugin = plugin;
	buf_add(&errand->line, buf_at(line), buf_len(line));
	plugins_put(p, errand);
}

void plugins_event(struct plugins *p, const struct plugin_event *event)
{
	AUTO(buf_fini) struct buf line = { 0 };

	if (!plugins_want(p, event->kind))
		return;
	message_put_event(&line, event);
	mutex_lock(&p->lock);
	for (size_t i = 0; i < p->count && !p->is_stopping; i++)
		offer_event_locked(p, p->all[i], event, &line);
	mutex_unlock(&p->lock);
}

size_t plugins_list(struct plugins *p, struct plugin_status **all_r)
{
	struct plugin_status *all;
	size_t count = 0;

	mutex_lock(&p->lock);
	all = mem_array(p->count + 1, sizeof(all[0]));
	for (size_t i = 0; i < p->count; i++) {
		if (!p->all[i]->is_listed)
			continue;
		all[count] = p->all[i]->status;
		memcpy(all[count].name, p->all[i]->name,
		       sizeof(all[count].name));
		count++;
	}
	mutex_unlock(&p->lock);
	if (count == 0) {
		mem_free(all);
		all = NULL;
	}
	*all_r = all;
	return count;
}

enum err plugins_reload(struct plugins *p, const char *name)
{
	struct plugin *plugin;

	mutex_lock(&p->lock);
	plugin = find_locked(p, name);
	if (plugin != NULL) {
		plugin->version++;
		plugins_ring(p);
	}
	mutex_unlock(&p->lock);
	return plugin != NULL ? ERR_OK : ERR_NOT_FOUND;
}

static enum err switch_locked(struct plugins *p, const char *name, bool on)
	REQUIRES(p->lock)
{
	struct plugin *plugin = find_locked(p, name);

	if (plugin == NULL)
		return ERR_NOT_FOUND;
	if (plugin->is_off == !on)
		return ERR_EXISTS;
	plugin->is_off = !on;
	plugins_ring(p);
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
