/*
 * What the files of this folder know of plugins: the catalogue, which the
 * warden and those who call share, and the inbox of the warden.
 */
#ifndef RIALTO_PLUGIN_PLUGINS_FIELDS_H
#define RIALTO_PLUGIN_PLUGINS_FIELDS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/thread.h"
#include "plugin/plugins.h"

/* What a plugin said in its hello. */
struct plugin_offer {
	struct plugin_command commands[PLUGIN_COMMANDS_MOST];
	size_t command_count;
	char triggers[PLUGIN_TRIGGERS_MOST][PLUGIN_WORDS_BYTES + 1];
	size_t trigger_count;
	unsigned events; /* a bit for each enum plugin_event_kind */
};

/*
 * A plugin. It is made by plugins_start() or plugins_change() and freed by
 * the warden once it is not listed and its process has ended.
 */
struct plugin {
	char name[NAME_MOST + 1]; /* immutable */

	/* GUARDED_BY(plugins->lock) */
	struct plugin_settings settings; /* those of the last reload */
	bool is_listed;
	bool is_known; /* it said hello once: offer is valid */
	struct plugin_offer offer;
	struct plugin_status status; /* its name is not set */
	unsigned under_way;
	unsigned events_queued; /* in the inbox */

	struct process *process; /* the warden's */
};

struct plugins {
	struct launcher *launcher;      /* immutable; may be NULL */
	const struct plugin_host *host; /* immutable */
	atomic_uint wanted;             /* a bit for each kind of event */
	atomic_uint triggers;           /* how many lines plugins take */

	struct mutex lock;                    /* rank: LOCK_PLUGIN */
	struct plugin **all GUARDED_BY(lock); /* those listed, in order */
	size_t count GUARDED_BY(lock);
};

#endif
