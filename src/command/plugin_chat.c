#include "command/plugin_chat.h"

#include "base/mem.h"
#include "chat/relay.h"
#include "chat/watch.h"
#include "command/ending.h"
#include "command/use.h"
#include "log/log.h"

/* A room's lock is held. */
static void see(void *arg, const struct watch_sight *sight)
{
	static const enum plugin_event_kind kinds[] = {
		[WATCH_JOINED] = PLUGIN_JOINED,
		[WATCH_LEFT] = PLUGIN_LEFT,
		[WATCH_SAID] = PLUGIN_SAID,
	};
	struct plugin_event event = { .kind = kinds[sight->event],
				      .room = sight->room,
				      .is_open = !sight->is_private,
				      .user = sight->name,
				      .text = sight->text };
	struct plugins *plugins = arg;

	if (plugins_want(plugins, event.kind))
		plugins_event(plugins, &event);
}

void plugin_chat_begin(struct realm *realm)
{
	struct watch watch = { see, realm->plugins };

	realm->plugin_shares =
		shares_new(PLUGINS_MOST * PLUGIN_USES_MOST, USES_PER_SITE);
	watch_set(realm->chat, &watch);
}

/* What a guest of that name says would be taken for the plugin's words. */
static void send_guests_away(struct realm *realm, const char *name)
{
	size_t count;
	struct directory_entry *all =
		directory_list(realm->directory, 0, 0, &count);

	for (size_t i = 0; i < count; i++) {
		if (all[i].user == 0 && name_compare(all[i].name, name) == 0)
			ending_post(realm, all[i].session, ERR_SESSION_ENDED);
	}
	mem_free(all);
}

void plugin_chat_check_names(struct realm *realm)
{
	struct plugin_status *all;
	size_t count = plugins_list(realm->plugins, &all);

	for (size_t i = 0; i < count; i++) {
		struct user user;

		send_guests_away(realm, all[i].name);
		if (users_find(realm->users, all[i].name, &user) == ERR_OK)
			log_warning("plugin",
				    "a user is called like the plugin name=%s",
				    all[i].name);
	}
	mem_free(all);
}

void plugin_chat_end(struct realm *realm)
{
	shares_free(&realm->plugin_shares);
}

void plugin_chat_say(struct realm *realm, const char *name, const char *where,
		     bool must_be_open, const struct plugin_lines *lines)
{
	struct relay what = { .from = name,
			      .lines = lines->all,
			      .count = lines->count };
	struct room *room = chat_room(realm->chat, where);
	struct refusal why = { 0 };
	enum err e = ERR_NO_SUCH_ROOM;

	if (room != NULL && (!must_be_open || !watch_is_private(room)))
		e = relay_tell(room, &what, &why);
	if (e != ERR_OK)
		log_debug("plugin", "not said name=%s room=%s why=%s", name,
			  where, err_code(e));
	room_unref(&room);
}
