/* All settings of the daemon: every folder's, in one struct. */
#ifndef RIALTO_RIALTOD_SETTINGS_H
#define RIALTO_RIALTOD_SETTINGS_H

#include "audit/settings.h"
#include "bank/settings.h"
#include "base/attr.h"
#include "chat/settings.h"
#include "conf/conf.h"
#include "front/atm/settings.h"
#include "net/settings.h"
#include "plugin/settings.h"
#include "user/settings.h"

struct settings {
	struct server_settings server;
	struct conf_list listeners; /* struct listener_settings */
	struct tls_settings tls;
	struct limits limits;
	struct user_settings users;
	struct chat_settings chat;
	struct bank_conf bank;
	struct atm_settings atm;
	struct conf_list terminals; /* struct terminal_settings */
	struct audit_settings audit;
	struct conf_list plugins; /* struct plugin_settings */
};

extern const struct conf_section settings_schema[];

/* conf_load() with our schema and checks. */
NODISCARD enum err settings_load(const char *path, struct settings *settings,
				 struct buf *complaints);

/* As settings_load(), and tries the files that the settings name as well. */
NODISCARD enum err settings_examine(const char *path, struct settings *settings,
				    struct buf *complaints);
void settings_free(struct settings *settings);

/* Borrowed. */
const struct listener_settings *settings_listener(const struct settings *s,
						  size_t index);

/* The folder of the settings file, where relative Unix paths start. */
NODISCARD char *settings_folder(const char *path);

#endif
