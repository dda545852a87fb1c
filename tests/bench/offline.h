/* The chat of a daemon that does not run, opened from its data directory. */
#ifndef RIALTO_BENCH_OFFLINE_H
#define RIALTO_BENCH_OFFLINE_H

#include "audit/trail.h"
#include "chat/chat.h"
#include "store/store.h"
#include "user/users.h"

struct offline {
	struct store *store;
	struct trail *trail;
	struct users *users;
	struct chat *chat;
};

/* All that is said is kept; what cannot be opened ends the run. */
void offline_open(struct offline *o, const char *dir);
void offline_close(struct offline *o);

#endif
