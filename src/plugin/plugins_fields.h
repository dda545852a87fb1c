/*
 * What the files of this folder know of plugins: what the warden shares with
 * those who call, and the warden's inbox.
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
#include "plugin/launch.h"
#include "plugin/launcher.h"
#include "plugin/message.h"
#include "plugin/plugins.h"

enum { PLUGIN_EVENTS_MOST = 256 /* in the inbox, of one plugin */ };

/*
 * A plugin. Made by plugins_start() or plugins_change(); freed by the warden
 * once it is not listed and nothing of it runs or waits.
 */
struct plugin {
	char name[NAME_MOST + 1]; /* immutable */
	struct plugins *plugins;  /* immutable */

	/* GUARDED_BY(plugins->lock) */
	struct plugin_settings settings; /* as read last */
	uint64_t version;                /* grows when it is to start anew */
	bool is_listed;
	bool is_off;
	bool is_known; /* it said hello once: offer is valid */
	struct plugin_offer offer;
	struct plugin_status status; /* but for the name */
	unsigned under_way;
	unsigned events_queued; /* in the inbox */
	struct buf first_state; /* from the store; the warden takes it */

	struct process *process; /* the warden's; immutable */
};

enum errand_kind { ERRAND_USE, ERRAND_EVENT, ERRAND_SAVED };

/* What the warden is to do. */
struct errand {
	struct list link; /* in the inbox; then, of a use, in the process */
	enum errand_kind kind;
	struct plugin *plugin;
	struct buf line;  /* for the plugin: a use, an event */
	enum err outcome; /* ERRAND_SAVED */
	uint64_t id;      /* the rest: ERRAND_USE */
	char *room;       /* where it was asked; or NULL */
	int64_t deadline_ms;
	plugin_done_fn *done;
	void *arg;
};

struct plugins {
	struct launcher *launcher;      /* immutable; may be NULL */
	const struct plugin_host *host; /* immutable */
	int epoll;                      /* immutable: the warden's */
	int bell;                       /* immutable: rung for the inbox */
	struct thread warden;
	bool is_started;   /* main's */
	uint64_t launches; /* the warden's: ids of the launcher */

	atomic_uint wanted;        /* a bit for each kind of event */
	atomic_uint triggers;      /* how many lines plugins take */
	atomic_uint_fast64_t uses; /* ids of uses */

	struct mutex lock;                    /* rank: LOCK_PLUGIN */
	struct plugin **all GUARDED_BY(lock); /* those listed, in order */
	size_t count GUARDED_BY(lock);
	struct list inbox GUARDED_BY(lock); /* struct errand */
	bool is_stopping GUARDED_BY(lock);
	char *server GUARDED_BY(lock);
	char *dir GUARDED_BY(lock);
	char *folder GUARDED_BY(lock);
	char *secrets GUARDED_BY(lock); /* LAUNCH_SECRETS bytes */
};

/* A new plugin, with its process, for plugin_free(). */
struct plugin *plugin_new(struct plugins *p,
			  const struct plugin_settings *settings);
void plugin_free(struct plugin **plugin);

void errand_free(struct errand **errand);

/* Puts errand into the inbox and rings. With the lock held. */
void plugins_put(struct plugins *p, struct errand *errand);

/* Wakes the warden. Any thread. */
void plugins_ring(struct plugins *p);

/* Counts anew what plugins want and take. With the lock held. */
void plugins_tally(struct plugins *p);

/* The kinds of events that it asked for and may have. With the lock held. */
unsigned plugin_wants(const struct plugin *plugin);

/* The warden's thread. */
void warden_run(void *plugins);

#endif
