/*
 * What flood control remembers of those who have gone: a user by number, a
 * guest by address (of IPv6 the /64), so that nobody begins anew by leaving
 * and coming back, be it under another name. A bounded table in memory; who
 * has been at peace for long enough is forgotten. Any thread.
 */
#ifndef RIALTO_CHAT_FLOOD_PAST_H
#define RIALTO_CHAT_FLOOD_PAST_H

#include "chat/flood/flood.h"
#include "chat/network.h"
#include "user/user.h"

enum {
	/* Remembered at once; of more, the one that was longest ago goes. */
	FLOOD_PAST_MOST = 1024,
};

/* Who it is. */
struct flood_key {
	user_id user;           /* 0: a guest */
	struct network network; /* of a guest; zeroed: not remembered */
};

struct flood_key flood_key(user_id user, const char *address);

struct flood_past;

/* Borrows the rules for good. */
struct flood_past *flood_past_new(const struct flood_rules *rules);
void flood_past_free(struct flood_past **past);

/* The person has gone, or was graded up. */
void flood_past_keep(struct flood_past *past, const struct flood_key *key,
		     struct flood_meter *meter);

/* The person has come: its meter begins where it was left. */
void flood_past_recall(struct flood_past *past, const struct flood_key *key,
		       struct flood_meter *meter);

#endif
