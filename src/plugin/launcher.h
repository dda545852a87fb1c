/*
 * The launcher: a process of ours that starts plugins in their cages, kills
 * them, and says when they have ended. It is forked before the daemon has
 * threads, secrets or open files, so nothing of these can get into a plugin;
 * when the daemon ends, however it does, it kills all plugins and ends too.
 *
 * launcher_start() is for the main thread alone; the rest for one thread at a
 * time. Nothing waits but launcher_free().
 */
#ifndef RIALTO_PLUGIN_LAUNCHER_H
#define RIALTO_PLUGIN_LAUNCHER_H

#include "base/attr.h"
#include "base/err.h"
#include "plugin/launch.h"

struct launcher;

/*
 * Forks it. To be called first of all, while there is one thread and nothing
 * to hide. NULL, and errno says why, when that cannot be.
 */
struct launcher *launcher_start(void);

/* Ends it and all that it started, waits for that, frees. NULL is fine. */
void launcher_free(struct launcher **launcher);

/* Readable when launcher_next() has something to say. */
int launcher_fd(const struct launcher *launcher);

/*
 * Has a program started, with socket as its standard input and output and
 * errors as its standard error; both stay the caller's. A report follows.
 * ERR_AGAIN: it has much to do, so soon again; ERR_IO: it has ended.
 */
NODISCARD enum err launcher_run(struct launcher *launcher,
				const struct launch_order *order, int socket,
				int errors);

/* Kills it with all that it started; LAUNCH_ENDED follows. As above. */
NODISCARD enum err launcher_kill(struct launcher *launcher, uint64_t id);

/* ERR_AGAIN when there is nothing; ERR_IO when the launcher has ended. */
NODISCARD enum err launcher_next(struct launcher *launcher,
				 struct launch_report *report_r);

#endif
