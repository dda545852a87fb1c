/* The settings of chat: the section chat. */
#ifndef RIALTO_CHAT_SETTINGS_H
#define RIALTO_CHAT_SETTINGS_H

#include <stdint.h>

#include "conf/conf.h"

struct chat_settings {
	char *default_room;
	int64_t rooms_per_user;
	int64_t replay;
};

extern const struct conf_item chat_conf_items[];

#endif
