/* The settings of the audit trail: the section audit. */
#ifndef RIALTO_AUDIT_SETTINGS_H
#define RIALTO_AUDIT_SETTINGS_H

#include <stdint.h>

#include "conf/conf.h"

struct audit_settings {
	char *file;      /* the readable lines */
	char *archive;   /* the sealed files: ARCHIVE.00000001 and so on */
	char *key;       /* what they are sealed with */
	int64_t backlog; /* records that may wait for it */
};

extern const struct conf_item audit_conf_items[];

#endif
