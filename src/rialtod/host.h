/*
 * The daemon's plugins: what they need of chat and the store, and the realm's
 * pointer to them. Main thread, save for what says otherwise.
 */
#ifndef RIALTO_RIALTOD_HOST_H
#define RIALTO_RIALTOD_HOST_H

#include "command/realm.h"
#include "rialtod/settings.h"

/* The tables of the store that are used here. */
#define HOST_TABLES "plugin_state"

struct host;
struct launcher;

/*
 * Makes realm->plugins; none runs yet. Borrows realm and launcher, which may
 * be NULL: then all plugins are down. dir is where programs without a slash
 * lie.
 */
struct host *host_new(struct realm *realm, struct launcher *launcher,
		      const char *dir);

/* Starts those of the settings, which were read from path. */
void host_start(struct host *host, const struct settings *settings,
		const char *path);

/* The settings were read again. Jobs and main, one call at a time. */
void host_change(struct host *host, const struct settings *settings,
		 const char *path);

/* Tells all plugins to end; from now on every use is refused. */
void host_dismiss(struct host *host);

/* Waits until they have ended. */
void host_stop(struct host *host);

/* After host_stop(), when the jobs have ended. Sets realm->plugins to NULL. */
void host_free(struct host **host);

#endif
