/*
 * Somebody who receives messages for the sessions of one worker: a front-end
 * supplies one per worker, numbered from 0.
 *
 * Each room and each person has a slot per subscriber, where the subscriber
 * keeps what it likes; a slot is read and written in that worker alone.
 */
#ifndef RIALTO_CHAT_SUBSCRIBER_H
#define RIALTO_CHAT_SUBSCRIBER_H

struct message;

enum { SUBSCRIBERS_MOST = 256 };

struct subscriber {
	/*
	 * Called with locks of chat held, from any thread: it takes a reference
	 * to m, queues it for its worker, first come first served, and returns.
	 */
	void (*deliver)(struct subscriber *self, struct message *m);
};

/* The subscribers of a chat; immutable after chat_new(). */
struct subscribers {
	struct subscriber **list;
	unsigned count;
};

#endif
