/*
 * The daemon: every part made, wired together, changed by a reload, and taken
 * down in the right order. Main thread, save for what the realm calls.
 */
#ifndef RIALTO_RIALTOD_DAEMON_H
#define RIALTO_RIALTOD_DAEMON_H

#include <stdbool.h>

#include "base/attr.h"
#include "rialtod/settings.h"

struct daemon;
struct launcher;

/* Borrowed for good. */
struct daemon_parts {
	const char *path;          /* of the settings */
	struct launcher *launcher; /* NULL: plugins stay down */
	const char *plugin_dir;    /* of the plugins that came with it */
};

/*
 * Opens the data, listens and serves. NULL, with the reason in the log, when
 * that cannot be, and then *status_r is the exit status. Takes what settings
 * holds.
 */
NODISCARD struct daemon *daemon_start(const struct daemon_parts *parts,
				      struct settings *settings, int *status_r);

/* Reads the settings again, and logs the outcome. */
void daemon_reload(struct daemon *d);

/* Tells every session, makes everything durable, and frees. */
void daemon_stop(struct daemon **d);

/* Main's chore, about every second: is everybody alive, what is the status? */
void daemon_watch(struct daemon *d);

#endif
