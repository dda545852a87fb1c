/*
 * The ATM service: requests and answers as JSON, sealed under keys of the
 * session, see doc/protocol.md. It knows no rule of the bank.
 */
#ifndef RIALTO_FRONT_ATM_ATM_H
#define RIALTO_FRONT_ATM_ATM_H

#include "command/realm.h"
#include "front/atm/settings.h"
#include "net/service.h"

struct atm;

/* Start-up only, and settings are still to be told; borrows the realm. */
struct atm *atm_new(struct realm *realm);

/* After the workers have ended. */
void atm_free(struct atm **atm);

/*
 * Takes over fresh settings; terminals are a list of struct terminal_settings.
 * Any thread.
 */
void atm_change(struct atm *atm, const struct atm_settings *settings,
		const struct conf_list *terminals);

/* Borrowed: for server_listen(). */
const struct service *atm_service(const struct atm *atm);

#endif
