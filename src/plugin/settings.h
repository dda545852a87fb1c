/*
 * The settings of plugins: the list `plugins`. Plain values; immutable once
 * they were handed over.
 */
#ifndef RIALTO_PLUGIN_SETTINGS_H
#define RIALTO_PLUGIN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "conf/conf.h"

enum { PLUGINS_MOST = 32 };

/* One element of the list. */
struct plugin_settings {
	char *name;
	char *program; /* without a slash: in the folder of plugins */
	int64_t deadline_s;
	struct conf_pairs settings; /* what the plugin is told */
	bool network;
	int64_t memory_bytes;
	struct conf_words rooms; /* empty: none; the one word all: all */
	bool hear;
};

extern const struct conf_item plugin_conf_items[];

/* Complains about names that are none, or that two plugins have. */
void plugin_settings_check(struct conf_check *check,
			   const struct conf_list *plugins);

/* Two that a plugin need not be started anew for. */
bool plugin_settings_equal(const struct plugin_settings *a,
			   const struct plugin_settings *b);
void plugin_settings_copy(struct plugin_settings *copy_r,
			  const struct plugin_settings *from);
void plugin_settings_free(struct plugin_settings *settings);

/* The setting `rooms` has this room; is_open: also as one of all. */
bool plugin_has_room(const struct plugin_settings *settings, const char *room,
		     bool is_open);

/* All that plugins are started by. */
struct plugin_list {
	const struct plugin_settings *all; /* in the file's order */
	size_t count;
	const char *server; /* the server's name, told in hello */
	/* Absolute: where programs without a slash lie, and others start. */
	const char *dir;
	const char *folder;
	/* Files and folders that no plugin may see; absolute, ended by NULL. */
	const char *const *secrets;
};

#endif
