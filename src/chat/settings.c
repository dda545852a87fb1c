#include "chat/settings.h"

#include "base/text.h"

#define TERABYTE (INT64_C(1) << 40)
#define CENTURY_S INT64_C(3155760000)

enum {
	WEEK_S = 7 * 24 * 3600,
	RATE_MOST = 1000000,
	HISTORY_MOST = 100000000,
};

#define RATE(name, preset)                                                     \
	{                                                                      \
#name, offsetof(struct chat_settings, name), CONF_RATE,        \
			CONF_LIVE | CONF_MAY_NONE, preset, 1, RATE_MOST, NULL  \
	}

const struct conf_item chat_conf_items[] = {
	{ "default_room", offsetof(struct chat_settings, default_room),
	  CONF_TEXT, 0, "lobby", 1, NAME_MOST, NULL },
	{ "rooms_per_user", offsetof(struct chat_settings, rooms_per_user),
	  CONF_NUMBER, CONF_LIVE, "10", 0, 1000, NULL },
	{ "replay", offsetof(struct chat_settings, replay), CONF_NUMBER, 0,
	  "100", 0, 1000, NULL },
	{ "history_count", offsetof(struct chat_settings, history_count),
	  CONF_NUMBER, CONF_LIVE | CONF_MAY_NONE, "10000", 0, HISTORY_MOST,
	  NULL },
	{ "history_bytes", offsetof(struct chat_settings, history_bytes),
	  CONF_BYTES, CONF_LIVE | CONF_MAY_NONE, "8M", 65536, TERABYTE, NULL },
	{ "history_age", offsetof(struct chat_settings, history_age_s),
	  CONF_SECONDS, CONF_LIVE | CONF_MAY_NONE, "90d", 60, CENTURY_S, NULL },
	{ "delete_window", offsetof(struct chat_settings, delete_window_s),
	  CONF_SECONDS, CONF_LIVE | CONF_MAY_NONE, "15m", 0, CENTURY_S, NULL },
	RATE(flood, "10/10s"),
	RATE(flood_joins, "20/30s"),
	RATE(flood_repeats, "3/30s"),
	RATE(flood_room, "100/1s"),
	RATE(flood_room_joins, "100/10s"),
	RATE(flood_room_repeats, "20/30s"),
	RATE(flood_acts, "120/1m"),
	RATE(flood_patience, "10/1m"),
	{ "flood_quiet", offsetof(struct chat_settings, flood_quiet_s),
	  CONF_SECONDS, CONF_LIVE | CONF_MAY_NONE, "1m", 1, WEEK_S, NULL },
	{ "flood_ban", offsetof(struct chat_settings, flood_ban_s),
	  CONF_SECONDS, CONF_LIVE | CONF_MAY_NONE, "10m", 1, WEEK_S, NULL },
	{ "flood_decay", offsetof(struct chat_settings, flood_decay_s),
	  CONF_SECONDS, CONF_LIVE, "10m", 1, WEEK_S, NULL },
	{ 0 },
};
