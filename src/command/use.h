/*
 * A use of a plugin's command: asked for in a session's worker, answered by
 * the plugin some time later; the session is parked meanwhile.
 */
#ifndef RIALTO_COMMAND_USE_H
#define RIALTO_COMMAND_USE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "command/command.h"
#include "plugin/plugins.h"

/* Uses of one plugin that may be under way from one address. */
enum { USES_PER_SITE = 8 };

/* The command of a plugin that no verb of the table hides; false: none. */
bool use_find(struct realm *realm, const char *verb,
	      struct plugin_command *command_r);

/*
 * All of them: sets *all_r for the caller to mem_free() and returns how many.
 */
size_t use_list(struct realm *realm, struct plugin_command **all_r);

/* Is this line, typed without a slash, taken for a plugin's command? */
bool use_is_line(const struct caller *caller, const char *line,
		 struct plugin_command *command_r);

/*
 * Asks the plugin; line is the trigger line that was typed, or NULL. Returns
 * CALL_PENDING, or what it refused.
 */
NODISCARD enum err use_start(struct call *call,
			     const struct plugin_command *command,
			     const char *args, const char *line);

#endif
