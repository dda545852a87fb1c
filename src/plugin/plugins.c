#include "plugin/plugins.h"

#include <assert.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "plugin/cage.h"
#include "plugin/plugins_fields.h"
#include "plugin/process.h"

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

/* When there is no launcher, nothing can be started. */
struct plugins *plugins_new(struct launcher *launcher,
			    const struct plugin_host *host)
{
	struct plugins *p = mem_zero(sizeof(*p));

	p->launcher = launcher;
	p->host = host;
	p->epoll = epoll_create1(EPOLL_CLOEXEC);
	p->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	mutex_init(&p->lock, LOCK_PLUGIN);
	list_init(&p->inbox);
	p->secrets = mem_zero(LAUNCH_SECRETS);
	return p;
}

struct plugin *plugin_new(struct plugins *p,
			  const struct plugin_settings *settings)
{
	struct plugin *plugin = mem_zero(sizeof(*plugin));

	name_key(settings->name, plugin->name);
	plugin->plugins = p;
	plugin_settings_copy(&plugin->settings, settings);
	plugin->version = 1;
	plugin->status.state = PLUGIN_WAITING;
	plugin->status.since_ms = clock_wall_ms();
	plugin->process = process_new(plugin);
	if (p->launcher == NULL) {
		plugin->status.state = PLUGIN_DOWN;
		plugin->process->state = PLUGIN_DOWN;
	}
	return plugin;
}

void plugin_free(struct plugin **plugin)
{
	process_free(&(*plugin)->process);
	plugin_settings_free(&(*plugin)->settings);
	buf_fini(&(*plugin)->first_state);
	mem_free(*plugin);
	*plugin = NULL;
}

void errand_free(struct errand **errand)
{
	if (*errand == NULL)
		return;
	buf_fini(&(*errand)->line);
	mem_free((*errand)->room);
	mem_free(*errand);
	*errand = NULL;
}

void plugins_ring(struct plugins *p)
{
	const uint64_t one = 1;

	/* It is full only while the warden has not heard it. */
	if (write(p->bell, &one, sizeof(one)) < 0)
		return;
}

void plugins_put(struct plugins *p, struct errand *errand)
{
	bool was_empty = list_is_empty(&p->inbox);

	list_append(&p->inbox, &errand->link);
	if (was_empty)
		plugins_ring(p);
}

unsigned plugin_wants(const struct plugin *plugin)
{
	const struct plugin_settings *s = &plugin->settings;

	if (!plugin->is_listed || plugin->status.state != PLUGIN_UP ||
	    s->rooms.count == 0)
		return 0;
	return plugin->offer.events & (s->hear ? ~0U : ~(1U << PLUGIN_SAID));
}

void plugins_tally(struct plugins *p)
{
	unsigned wanted = 0;
	unsigned triggers = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct plugin *plugin = p->all[i];

		if (plugin->is_listed && plugin->status.state == PLUGIN_UP)
			triggers += (unsigned)plugin->offer.trigger_count;
		wanted |= plugin_wants(plugin);
	}
	atomic_store(&p->wanted, wanted);
	atomic_store(&p->triggers, triggers);
}

/* Also one that is not listed any more. */
static struct plugin *find_any_locked(struct plugins *p, const char *name)
	REQUIRES(p->lock)
{
	for (size_t i = 0; i < p->count; i++) {
		if (name_compare(p->all[i]->name, name) == 0)
			return p->all[i];
	}
	return NULL;
}

static void set_text(char **text, const char *fresh)
{
	mem_free(*text);
	*text = mem_text(fresh != NULL ? fresh : "");
}

static void set_places_locked(struct plugins *p, const struct plugin_list *list)
	REQUIRES(p->lock)
{
	size_t used = 0;

	set_text(&p->server, list->server);
	set_text(&p->dir, list->dir);
	set_text(&p->folder, list->folder);
	memset(p->secrets, 0, LAUNCH_SECRETS);
	for (size_t i = 0; list->secrets != NULL && list->secrets[i] != NULL;
	     i++) {
		size_t size = strlen(list->secrets[i]) + 1;

		/* A setting's path has 4096 bytes at most, as all of them. */
		assert(used + size < LAUNCH_SECRETS);
		memcpy(p->secrets + used, list->secrets[i], size);
		used += size;
	}
}

/* New ones are those that were loaded. */
static struct plugin *place_locked(struct plugins *p,
				   const struct plugin_settings *settings,
				   struct plugin **fresh) REQUIRES(p->lock)
{
	struct plugin *plugin = find_any_locked(p, settings->name);

	if (plugin == NULL) {
		plugin = *fresh;
		*fresh = NULL;
	} else if (!plugin_settings_equal(&plugin->settings, settings)) {
		plugin_settings_free(&plugin->settings);
		plugin_settings_copy(&plugin->settings, settings);
		plugin->version++;
	}
	return plugin;
}

/* The listed first, in their order; then those that end. */
static void set_locked(struct plugins *p, const struct plugin_list *list,
		       struct plugin **fresh) REQUIRES(p->lock)
{
	struct plugin **all =
		mem_array(list->count + p->count, sizeof(struct plugin *));
	size_t count = 0;

	set_places_locked(p, list);
	for (size_t i = 0; i < list->count; i++)
		all[count++] = place_locked(p, &list->all[i], &fresh[i]);
	for (size_t i = 0; i < p->count; i++)
		p->all[i]->is_listed = false;
	for (size_t i = 0; i < list->count; i++)
		all[i]->is_listed = true;
	for (size_t i = 0; i < p->count; i++) {
		if (!p->all[i]->is_listed)
			all[count++] = p->all[i];
	}
	mem_free(p->all);
	p->all = all;
	p->count = count;
	plugins_tally(p);
	plugins_ring(p);
}

static bool is_new(struct plugins *p, const char *name)
{
	bool is;

	mutex_lock(&p->lock);
	is = find_any_locked(p, name) == NULL;
	mutex_unlock(&p->lock);
	return is;
}

static struct plugin *load(struct plugins *p,
			   const struct plugin_settings *settings)
{
	struct plugin *plugin = plugin_new(p, settings);
	enum err e = ERR_OK;

	if (p->host->load != NULL)
		e = p->host->load(p->host->arg, plugin->name,
				  &plugin->first_state);
	if (e != ERR_OK)
		log_error("plugin", "its state cannot be read name=%s why=%s",
			  plugin->name, err_code(e));
	return plugin;
}

void plugins_change(struct plugins *p, const struct plugin_list *settings)
{
	struct plugin *fresh[PLUGINS_MOST] = { NULL };

	assert(settings->count <= PLUGINS_MOST);
	for (size_t i = 0; i < settings->count; i++) {
		if (is_new(p, settings->all[i].name))
			fresh[i] = load(p, &settings->all[i]);
	}
	mutex_lock(&p->lock);
	set_locked(p, settings, fresh);
	mutex_unlock(&p->lock);
}

static void examine(void)
{
	if (!cage_has_files())
		log_warning("plugin", "this kernel has no Landlock: plugins "
				      "can read what the daemon can");
	if (!cage_has_calls())
		log_warning("plugin", "this kernel has no seccomp: plugins "
				      "can do what the daemon can");
}

void plugins_start(struct plugins *p, const struct plugin_list *settings)
{
	plugins_change(p, settings);
	if (p->launcher == NULL)
		return;
	if (settings->count > 0)
		examine();
	p->is_started = true;
	thread_start(&p->warden, "warden", warden_run, p);
}

void plugins_dismiss(struct plugins *p)
{
	mutex_lock(&p->lock);
	p->is_stopping = true;
	plugins_ring(p);
	mutex_unlock(&p->lock);
}

void plugins_stop(struct plugins *p)
{
	if (!p->is_started)
		return;
	p->is_started = false;
	plugins_dismiss(p);
	thread_join(&p->warden);
}

void plugins_free(struct plugins **plugins)
{
	struct plugins *p = *plugins;

	if (p == NULL)
		return;
	plugins_stop(p);
	for (size_t i = 0; i < p->count; i++)
		plugin_free(&p->all[i]);
	mem_free(p->all);
	mem_free(p->server);
	mem_free(p->dir);
	mem_free(p->folder);
	mem_free(p->secrets);
	close(p->epoll);
	close(p->bell);
	mutex_fini(&p->lock);
	mem_free(p);
	*plugins = NULL;
}
