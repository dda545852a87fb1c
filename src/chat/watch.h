/*
 * A watch: somebody above chat who wants to know what happens in rooms, such
 * as the plugins that asked for it. What a watch itself says is not told it.
 */
#ifndef RIALTO_CHAT_WATCH_H
#define RIALTO_CHAT_WATCH_H

#include <stdbool.h>

struct chat;
struct room;

enum watch_event { WATCH_JOINED, WATCH_LEFT, WATCH_SAID };

/* What happened; all borrowed for the call. */
struct watch_sight {
	enum watch_event event;
	const char *room;
	bool is_private; /* the room is secret, keyed or for the invited */
	const char *name;
	const char *text; /* "" unless something was said */
};

struct watch {
	/*
	 * Called with a room's lock held, from any thread, for everything: it
	 * returns at once when nobody wants to know, and calls nothing of chat.
	 */
	void (*see)(void *arg, const struct watch_sight *sight);
	void *arg;
};

/* Before anybody is here. Copies the watch. */
void watch_set(struct chat *chat, const struct watch *watch);

/* The room is secret, keyed or for the invited. Any thread. */
bool watch_is_private(struct room *room);

/* For room.c, with the room's lock held. */
void watch_tell(const struct room *room, enum watch_event event,
		const char *name, const char *text);

#endif
