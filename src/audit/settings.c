#include "audit/settings.h"

#include <stddef.h>

const struct conf_item audit_conf_items[] = {
	{ "file", offsetof(struct audit_settings, file), CONF_PATH, 0,
	  "audit.log", 1, 4096, NULL },
	{ "archive", offsetof(struct audit_settings, archive), CONF_PATH, 0,
	  "audit.sealed", 1, 4096, NULL },
	{ "key", offsetof(struct audit_settings, key), CONF_PATH, 0,
	  "keys/audit.key", 1, 4096, NULL },
	{ "backlog", offsetof(struct audit_settings, backlog), CONF_NUMBER, 0,
	  "10000", 2000, 1000000, NULL },
	{ 0 },
};
