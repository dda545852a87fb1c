/* The settings of the ATM service: the section atm, and its terminals. */
#ifndef RIALTO_FRONT_ATM_SETTINGS_H
#define RIALTO_FRONT_ATM_SETTINGS_H

#include <stdint.h>

#include "base/attr.h"
#include "conf/conf.h"

struct atm_settings {
	int64_t idle_timeout_s;
};

/* One element of the setting "terminals". */
struct terminal_settings {
	char *certificate; /* its fingerprint */
	char *account;     /* its cash */
};

enum { TERMINALS_MOST = 256 };

extern const struct conf_item atm_conf_items[];
extern const struct conf_item terminal_conf_items[];

/* Complains about what is no fingerprint or no cash account. */
void terminal_settings_check(struct conf_check *check,
			     const struct conf_list *terminals);

#endif
