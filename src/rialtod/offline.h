/*
 * What is done to a data directory while no daemon uses it. Each returns the
 * program's exit status; standard error, or output, says the rest.
 */
#ifndef RIALTO_RIALTOD_OFFLINE_H
#define RIALTO_RIALTOD_OFFLINE_H

#include "rialtod/settings.h"

int offline_verify(const struct settings *settings);
int offline_export_audit(const struct settings *settings);
int offline_restore(const struct settings *settings, const char *backup);
int offline_reset_password(const struct settings *settings, const char *name);

/* Also while a daemon serves: a reload then takes it up. */
int offline_renew(const struct settings *settings, const char *ca_key);

#endif
