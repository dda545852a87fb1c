#include "chat/settings.h"

#include "base/text.h"

const struct conf_item chat_conf_items[] = {
	{ "default_room", offsetof(struct chat_settings, default_room),
	  CONF_TEXT, 0, "lobby", 1, NAME_MOST, NULL },
	{ "rooms_per_user", offsetof(struct chat_settings, rooms_per_user),
	  CONF_NUMBER, CONF_LIVE, "10", 0, 1000, NULL },
	{ "replay", offsetof(struct chat_settings, replay), CONF_NUMBER, 0,
	  "100", 0, 1000, NULL },
	{ 0 },
};
