#include "rialtod/host.h"

#include "base/mem.h"
#include "command/plugin_chat.h"
#include "plugin/plugins.h"

struct host {
	struct realm *realm;
	const char *dir;
	struct plugin_host parts;
};

static void say(void *arg, const char *name, const char *room, bool is_anywhere,
		const struct plugin_lines *lines)
{
	struct host *host = arg;

	plugin_chat_say(host->realm, name, room, is_anywhere, lines);
}

struct host *host_new(struct realm *realm, struct launcher *launcher,
		      const char *dir)
{
	struct host *host = mem_zero(sizeof(*host));

	host->realm = realm;
	host->dir = dir;
	host->parts.arg = host;
	host->parts.say = say;
	realm->plugins = plugins_new(launcher, &host->parts);
	return host;
}

static struct plugin_list list_of(const struct host *host,
				  const struct settings *settings)
{
	return (struct plugin_list){ .all = settings->plugins.items,
				     .count = settings->plugins.count,
				     .server = settings->server.name,
				     .dir = host->dir };
}

void host_start(struct host *host, const struct settings *settings,
		const char *path)
{
	struct plugin_list list = list_of(host, settings);

	(void)path;
	plugin_chat_begin(host->realm);
	plugins_start(host->realm->plugins, &list);
}

void host_change(struct host *host, const struct settings *settings,
		 const char *path)
{
	struct plugin_list list = list_of(host, settings);

	(void)path;
	plugins_change(host->realm->plugins, &list);
}

void host_stop(struct host *host)
{
	plugins_stop(host->realm->plugins);
}

void host_free(struct host **host)
{
	if (*host == NULL)
		return;
	plugin_chat_end((*host)->realm);
	plugins_free(&(*host)->realm->plugins);
	mem_free(*host);
	*host = NULL;
}
