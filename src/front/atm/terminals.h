/*
 * Terminals: clients that are known by their certificate and have cash of their
 * own. Any thread.
 */
#ifndef RIALTO_FRONT_ATM_TERMINALS_H
#define RIALTO_FRONT_ATM_TERMINALS_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/settings.h"
#include "conf/conf.h"
#include "crypto/digest.h"

struct terminals;

/* None yet. */
struct terminals *terminals_new(void);
void terminals_free(struct terminals **terminals);

/* Takes over fresh settings: a list of struct terminal_settings. */
void terminals_change(struct terminals *terminals,
		      const struct conf_list *settings);

/* The cash account of the terminal with this certificate; false: it is none. */
bool terminals_find(struct terminals *terminals,
		    const uint8_t certificate[DIGEST_BYTES],
		    char account_r[HOUSE_NAME]);

#endif
