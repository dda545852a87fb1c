#include "net/settings.h"

#include <stddef.h>

enum { ONE_DAY = 86400 };

const struct conf_item limits_conf_items[] = {
	{ "sessions", offsetof(struct limits, sessions), CONF_NUMBER, CONF_LIVE,
	  "12000", 1, 1000000, NULL },
	{ "sessions_per_address", offsetof(struct limits, sessions_per_address),
	  CONF_NUMBER, CONF_LIVE | CONF_MAY_NONE, "256", 1, 1000000, NULL },
	{ "line", offsetof(struct limits, line_bytes), CONF_BYTES, CONF_LIVE,
	  "4K", 512, 65536, NULL },
	{ "input_per_turn", offsetof(struct limits, input_per_turn_bytes),
	  CONF_BYTES, CONF_LIVE, "64K", 4096, 1 << 20, NULL },
	{ "output_queue", offsetof(struct limits, output_queue_bytes),
	  CONF_BYTES, CONF_LIVE, "1M", 65536, 1 << 28, NULL },
	{ "handshake_timeout", offsetof(struct limits, handshake_timeout_s),
	  CONF_SECONDS, CONF_LIVE, "10s", 1, 120, NULL },
	{ "login_timeout", offsetof(struct limits, login_timeout_s),
	  CONF_SECONDS, CONF_LIVE, "60s", 5, 3600, NULL },
	{ "idle_timeout", offsetof(struct limits, idle_timeout_s), CONF_SECONDS,
	  CONF_LIVE | CONF_MAY_NONE, "none", 10, 365 * ONE_DAY, NULL },
	{ 0 },
};

const struct conf_item server_conf_items[] = {
	{ "name", offsetof(struct server_settings, name), CONF_TEXT, CONF_LIVE,
	  "Rialto", 1, 64, NULL },
	{ "data", offsetof(struct server_settings, data), CONF_PATH, 0, "data",
	  1, 4096, NULL },
	{ "identity", offsetof(struct server_settings, identity), CONF_PATH, 0,
	  "keys/identity.key", 1, 4096, NULL },
	{ "cache", offsetof(struct server_settings, cache_bytes), CONF_BYTES, 0,
	  "64M", 4 << 20, INT64_C(2) << 30, NULL },
	{ "workers", offsetof(struct server_settings, workers), CONF_NUMBER,
	  CONF_MAY_AUTO, "auto", 1, 256, NULL },
	{ "jobs", offsetof(struct server_settings, jobs), CONF_NUMBER, 0, "4",
	  1, 64, NULL },
	{ "job_queue", offsetof(struct server_settings, job_queue), CONF_NUMBER,
	  0, "1024", 16, 65536, NULL },
	{ "hashing", offsetof(struct server_settings, hashing), CONF_NUMBER, 0,
	  "2", 1, 64, NULL },
	{ 0 },
};

const struct conf_item tls_conf_items[] = {
	{ "certificate", offsetof(struct tls_settings, certificate), CONF_PATH,
	  CONF_LIVE, "tls/server.crt", 1, 4096, NULL },
	{ "key", offsetof(struct tls_settings, key), CONF_PATH, CONF_LIVE,
	  "tls/server.key", 1, 4096, NULL },
	{ "client_ca", offsetof(struct tls_settings, client_ca), CONF_PATH,
	  CONF_LIVE | CONF_MAY_NONE, "none", 1, 4096, NULL },
	{ "priorities", offsetof(struct tls_settings, priorities), CONF_TEXT,
	  CONF_LIVE | CONF_MAY_AUTO, "auto", 1, 1024, NULL },
	{ 0 },
};

static void complain(void *check, const char *setting, const char *value,
		     const char *flaw)
{
	conf_complain(check, setting, "is %s, which %s", value, flaw);
}

void tls_settings_check(struct conf_check *check,
			const struct tls_settings *settings)
{
	tls_examine(settings, complain, check);
}

const char *const listener_services[] = {
	[LISTENER_LINE] = "line",
	[LISTENER_ATM] = "atm",
	NULL,
};

static const char *const telnet_words[] = { "auto", "always", "never", NULL };

const struct conf_item listener_conf_items[] = {
	{ "service", offsetof(struct listener_settings, service), CONF_CHOICE,
	  CONF_REQUIRED, NULL, 0, 0, listener_services },
	{ "address", offsetof(struct listener_settings, address), CONF_TEXT,
	  CONF_REQUIRED, NULL, 1, 256, NULL },
	{ "tls", offsetof(struct listener_settings, tls), CONF_BOOL, 0, "true",
	  0, 0, NULL },
	{ "console", offsetof(struct listener_settings, console), CONF_BOOL, 0,
	  "false", 0, 0, NULL },
	{ "group", offsetof(struct listener_settings, group), CONF_TEXT,
	  CONF_MAY_NONE, "none", 1, 32, NULL },
	{ "telnet", offsetof(struct listener_settings, telnet), CONF_CHOICE, 0,
	  "auto", 0, 0, telnet_words },
	{ 0 },
};
