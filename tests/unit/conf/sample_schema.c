#include <stddef.h>

#include "sample.h"

static const char *const colours[] = { "red", "green", "blue", NULL };

static const struct conf_item limits_items[] = {
	{ "sessions", offsetof(struct limits, sessions), CONF_NUMBER,
	  CONF_LIVE | CONF_MAY_AUTO, "100", 1, 1000, NULL },
	{ "idle_timeout", offsetof(struct limits, idle_timeout_s), CONF_SECONDS,
	  CONF_LIVE | CONF_MAY_NONE, "none", 1, 3600, NULL },
	{ "line", offsetof(struct limits, line_bytes), CONF_BYTES, 0, "4K", 256,
	  65536, NULL },
	{ "flood", offsetof(struct limits, flood), CONF_RATE,
	  CONF_LIVE | CONF_MAY_NONE, "10/10s", 0, 100, NULL },
	{ 0 },
};

static const struct conf_item server_items[] = {
	{ "name", offsetof(struct server, name), CONF_TEXT, CONF_LIVE, "Rialto",
	  1, 8, NULL },
	{ "data", offsetof(struct server, data), CONF_PATH, 0, "data", 0, 0,
	  NULL },
	{ "ca", offsetof(struct server, ca), CONF_PATH, CONF_MAY_NONE, "none",
	  0, 0, NULL },
	{ "open", offsetof(struct server, is_open), CONF_BOOL, CONF_LIVE,
	  "true", 0, 0, NULL },
	{ "colour", offsetof(struct server, colour), CONF_CHOICE, CONF_LIVE,
	  "red", 0, 0, colours },
	{ 0 },
};

static const struct conf_item night_items[] = {
	{ "sessions", offsetof(struct night, sessions), CONF_NUMBER, CONF_LIVE,
	  "10", 0, 1000, NULL },
	{ 0 },
};

static const struct conf_item currency_items[] = {
	{ "scale", offsetof(struct currency, scale), CONF_NUMBER, 0, "2", 0, 8,
	  NULL },
	{ 0 },
};

static const struct conf_item listener_items[] = {
	{ "service", offsetof(struct listener, service), CONF_TEXT, 0, "line",
	  1, 8, NULL },
	{ "address", offsetof(struct listener, address), CONF_TEXT,
	  CONF_REQUIRED, NULL, 1, 0, NULL },
	{ "tls", offsetof(struct listener, tls), CONF_BOOL, 0, "true", 0, 0,
	  NULL },
	{ 0 },
};

const struct conf_section sample_schema[] = {
	{ "server", CONF_MAP, server_items, offsetof(struct settings, server),
	  sizeof(struct server), NULL },
	{ "limits", CONF_MAP, limits_items, offsetof(struct settings, limits),
	  sizeof(struct limits), NULL },
	{ "limits.night", CONF_MAP, night_items,
	  offsetof(struct settings, night), sizeof(struct night), NULL },
	{ "bank.currency", CONF_MAP, currency_items,
	  offsetof(struct settings, currency), sizeof(struct currency), NULL },
	{ "listeners", CONF_LIST, listener_items,
	  offsetof(struct settings, listeners), sizeof(struct listener),
	  "[ { address: one }, { service: atm, address: two } ]" },
	{ 0 },
};
