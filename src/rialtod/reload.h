/* Settings and certificates that change while the daemon serves. */
#ifndef RIALTO_RIALTOD_RELOAD_H
#define RIALTO_RIALTOD_RELOAD_H

#include "rialtod/daemon.h"

struct realm;

/* At the start: the realm's ways to reload, to renew, and to look. */
void reload_serve(struct realm *realm);

/* What commands know of the settings. */
void reload_tell_realm(struct daemon *d, const struct settings *settings);

/* What the ATM service does. */
void reload_tell_atm(struct daemon *d, const struct settings *settings);

#endif
