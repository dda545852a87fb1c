/*
 * Between plugins and chat: what happens in rooms goes to those who want to
 * know, and what they say unasked goes to the rooms.
 */
#ifndef RIALTO_COMMAND_PLUGIN_CHAT_H
#define RIALTO_COMMAND_PLUGIN_CHAT_H

#include <stdbool.h>

#include "command/realm.h"
#include "plugin/plugins.h"

/* When realm has its chat and its plugins, and nobody is here yet. */
void plugin_chat_begin(struct realm *realm);

/*
 * Nobody new gets the name of a plugin; guests who had it before are sent away,
 * and users are told of in the log. After the settings were read; may wait for
 * the disk.
 */
void plugin_chat_check_names(struct realm *realm);

/* When nobody is here any more. */
void plugin_chat_end(struct realm *realm);

/*
 * A plugin says lines in a room: dropped where there is no such room, where
 * it is not open though it must be, and where relay_tell() refuses them. Any
 * thread.
 */
void plugin_chat_say(struct realm *realm, const char *name, const char *room,
		     bool must_be_open, const struct plugin_lines *lines);

#endif
