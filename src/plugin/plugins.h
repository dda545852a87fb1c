/*
 * Plugins: programs that add commands. Each runs as a process of its own in a
 * cage (see launcher.h) and is spoken to in lines of JSON (rialto-plugin(7)).
 *
 * One thread, the warden, starts them, talks to them, keeps their deadlines
 * and starts them anew with growing pauses. Everything here may be called by
 * any thread that holds no lock of a rank above LOCK_PLUGIN, and returns at
 * once, save where it says otherwise. No lock is held while a function that
 * was handed down (plugin_done_fn, struct plugin_host) runs.
 */
#ifndef RIALTO_PLUGIN_PLUGINS_H
#define RIALTO_PLUGIN_PLUGINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"
#include "plugin/settings.h"

enum {
	PLUGIN_LINES_MOST = 20,      /* in each half of an answer */
	PLUGIN_LINE_BYTES = 1000,    /* of such a line */
	PLUGIN_USES_MOST = 16,       /* under way in one plugin */
	PLUGIN_COMMANDS_MOST = 16,   /* of one plugin */
	PLUGIN_TRIGGERS_MOST = 16,   /* of one plugin */
	PLUGIN_WORDS_BYTES = 80,     /* of usage, help and a trigger line */
	PLUGIN_STATE_BYTES = 1 << 16 /* as JSON */
};

struct plugins;
struct launcher;

/* Lines of clean text without controls; borrowed. */
struct plugin_lines {
	const char *const *all;
	size_t count;
};

/* Called when a state is on the disk, or will not be. Any thread, once. */
typedef void plugin_saved_fn(void *arg, enum err outcome);

/*
 * What plugins need of the rest of the daemon. All of it is immutable and
 * outlives the plugins.
 */
struct plugin_host {
	void *arg; /* the first argument of each */

	/*
	 * A plugin says lines in a room, unasked. Where is_anywhere is set, it
	 * may do so only because the setting `rooms` is `all`: then the room
	 * must be open to everybody. Warden's thread; must not block.
	 */
	void (*say)(void *arg, const char *name, const char *room,
		    bool is_anywhere, const struct plugin_lines *lines);

	/*
	 * Keeps the plugin's state (JSON, at most PLUGIN_STATE_BYTES) for
	 * good, and calls done once it is durable. Borrows bytes for the call.
	 * Warden's thread; must not block.
	 */
	void (*save)(void *arg, const char *name, const char *bytes, size_t len,
		     plugin_saved_fn *done, void *done_arg);

	/*
	 * Adds what was saved last to state_r; nothing when there is nothing.
	 * Within plugins_start() and plugins_change(); may wait for the disk.
	 */
	enum err (*load)(void *arg, const char *name, struct buf *state_r);
};

/*
 * No plugin runs yet. Borrows both. launcher may be NULL: then every plugin is
 * down for good (tools and tests that need none).
 */
struct plugins *plugins_new(struct launcher *launcher,
			    const struct plugin_host *host);

/*
 * Loads the states and starts the warden, who starts the plugins. Copies what
 * it is given. Called once; may wait for the disk.
 */
void plugins_start(struct plugins *p, const struct plugin_list *settings);

/*
 * The settings were read again: plugins whose settings changed are started
 * anew, new ones are started, those that are not there any more end; the rest
 * is left alone. Copies. May wait for the disk; one call at a time.
 */
void plugins_change(struct plugins *p, const struct plugin_list *settings);

/*
 * Says bye to all plugins, and answers all uses under way (ERR_PLUGIN_DOWN);
 * every use from now on is refused. Does not wait.
 */
void plugins_dismiss(struct plugins *p);

/*
 * As plugins_dismiss(); then waits until all have ended, at most a second
 * from when they were told, and what they wanted to keep is kept; ends the
 * warden. Without plugins_start() it does nothing.
 */
void plugins_stop(struct plugins *p);

/* Stops, if need be, and frees *p. Nobody may call anything meanwhile. */
void plugins_free(struct plugins **p);

/* A plugin of the settings is called this: nobody else may be. */
bool plugins_has_name(struct plugins *p, const char *name);

/*
 * A command of a plugin, as its last hello had it. While a plugin has never
 * said hello the command of its own name stands for it, so that people are
 * told that it is down.
 */
struct plugin_command {
	char plugin[NAME_MOST + 1];
	char name[NAME_MOST + 1];           /* lower case */
	char usage[PLUGIN_WORDS_BYTES + 1]; /* "[me]"; may be empty */
	char help[PLUGIN_WORDS_BYTES + 1];  /* "tells a joke"; may be empty */
	bool is_up;
};

/* Of two plugins that have it, the first of the settings counts. */
bool plugins_knows(struct plugins *p, const char *command);

/* The command, as plugins_knows() finds it; false without one. */
bool plugins_find(struct plugins *p, const char *command,
		  struct plugin_command *command_r);

/*
 * Does this line, typed without a slash, stand for a command? Compared as a
 * whole and without case. Cheap while no plugin has such lines. Only lines of
 * plugins that are up count; all others are said as ever.
 */
bool plugins_trigger(struct plugins *p, const char *line,
		     struct plugin_command *command_r);

/*
 * All commands that plugins_knows(), in the order of the settings: sets
 * *all_r for the caller to mem_free() (NULL when there are none) and returns
 * how many.
 */
size_t plugins_commands(struct plugins *p, struct plugin_command **all_r);

/* Borrowed for the call. */
struct plugin_use {
	const char *command;      /* as plugin_command.name has it */
	const char *args;         /* the rest of the line; never NULL */
	const char *user;         /* who asks, as shown */
	const char *const *roles; /* "guest", "user", …; ended by NULL */
	const char *room;         /* where it was asked; NULL: in no room */
	const char *line; /* the trigger line that was typed; else NULL */
};

/*
 * What became of a use; borrowed until the function returns. With ERR_OK the
 * lines count and either half may be empty; else text says why in a sentence
 * for people, with a capital letter and a full stop.
 */
struct plugin_answer {
	const char *plugin;
	enum err result;
	const char *text;         /* never NULL */
	struct plugin_lines user; /* for the asker alone */
	struct plugin_lines room; /* to be said where it was asked */
};

typedef void plugin_done_fn(void *arg, const struct plugin_answer *answer);

/*
 * Asks a plugin. With ERR_OK, done is called exactly once, in the warden's
 * thread, where it must not block, possibly before this returns: with ERR_OK;
 * ERR_PLUGIN_TIMEOUT; ERR_PLUGIN_DOWN (it died, or was stopped, meanwhile);
 * ERR_STORAGE_FULL or what else kept its state from the disk; or the plugin's
 * own refusal, one of ERR_USAGE, ERR_BAD_INPUT, ERR_NOT_ALLOWED,
 * ERR_NOT_FOUND, ERR_EXISTS, ERR_LIMIT, ERR_BUSY.
 *
 * Otherwise done is never called: ERR_UNKNOWN_COMMAND, ERR_PLUGIN_DOWN,
 * ERR_BUSY (PLUGIN_USES_MOST are under way in this plugin).
 */
NODISCARD enum err plugins_use(struct plugins *p, const struct plugin_use *use,
			       plugin_done_fn *done, void *arg);

enum plugin_event_kind { PLUGIN_JOINED, PLUGIN_LEFT, PLUGIN_SAID };
enum { PLUGIN_EVENT_KINDS = PLUGIN_SAID + 1 };

/* Borrowed for the call. */
struct plugin_event {
	enum plugin_event_kind kind;
	const char *room;
	bool is_open; /* neither secret nor keyed nor invite-only */
	const char *user;
	const char *text; /* PLUGIN_SAID only */
};

/* Does anyone want such events? One atomic load. */
bool plugins_want(const struct plugins *p, enum plugin_event_kind kind);

/*
 * Tells the plugins that subscribed to it and whose setting `rooms` has the
 * room. A room's lock may be held. What a plugin does not read in time is
 * dropped.
 */
void plugins_event(struct plugins *p, const struct plugin_event *event);

enum plugin_state {
	PLUGIN_OFF,      /* switched off */
	PLUGIN_STARTING, /* no hello yet */
	PLUGIN_UP,
	PLUGIN_ENDING,  /* told to end, or killed */
	PLUGIN_WAITING, /* until it is started again */
	PLUGIN_DOWN,    /* for good: nothing can be started */
};
enum { PLUGIN_STATES = PLUGIN_DOWN + 1 };

/* "up", "down, starts again in a while" and so on. */
const char *plugin_state_words(enum plugin_state state);

enum { PLUGIN_ERROR_BYTES = 240 };

struct plugin_status {
	char name[NAME_MOST + 1];
	enum plugin_state state;
	uint64_t uses;
	uint64_t answers;
	uint64_t restarts;     /* after it had ended without being told to */
	uint64_t dropped;      /* events and lines that it was too slow for */
	uint64_t memory_bytes; /* resident, about a second ago; else 0 */
	int64_t since_ms;      /* wall clock: when the state began */
	int64_t again_ms;      /* wall clock: when it is started; else 0 */
	char error[PLUGIN_ERROR_BYTES]; /* why it ended last; may be empty */
};

/*
 * All plugins, in the order of the settings: sets *all_r for the caller to
 * mem_free() (NULL when there are none) and returns how many.
 */
size_t plugins_list(struct plugins *p, struct plugin_status **all_r);

/*
 * Ends the plugin, if it runs, and starts it at once, whatever pause it was
 * in; one that was switched off stays off. ERR_NOT_FOUND.
 */
NODISCARD enum err plugins_reload(struct plugins *p, const char *name);

/* Until the daemon ends. ERR_NOT_FOUND; ERR_EXISTS when it is so already. */
NODISCARD enum err plugins_switch(struct plugins *p, const char *name, bool on);

#endif
