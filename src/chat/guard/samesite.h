/*
 * Who shares an address: for moderators, who look for one troll behind three
 * names. An IPv6 address stands for its /64, as one line of a subscriber does.
 */
#ifndef RIALTO_CHAT_SAMESITE_H
#define RIALTO_CHAT_SAMESITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/refusal.h"

struct chat;

enum { SAMESITE_MOST = 200 /* answers */ };

/* Borrowed while it is visited. */
struct samesite_hit {
	const char *name;
	const char *address;
	bool is_guest;
	bool is_here;
	int64_t last_login_ms; /* of who is not here */
};

/* Must not call chat. */
typedef void samesite_visit_fn(const struct samesite_hit *hit, void *arg);

/*
 * Job. Visits who is here, then who has logged in last, from the address or
 * network, or from where the person or user of that name is or was; up to
 * SAMESITE_MOST, *is_cut_r tells whether there were more. ERR_NOT_ALLOWED,
 * ERR_NO_SUCH_USER, ERR_BAD_INPUT, ERR_NOT_FOUND (no address is known).
 */
NODISCARD enum err samesite_find(struct chat *chat, const struct actor *by,
				 const char *whom, samesite_visit_fn *visit,
				 void *arg, bool *is_cut_r,
				 struct refusal *why);

#endif
