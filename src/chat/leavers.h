/*
 * Who left a room lately and had spoken in it, so that slow mode does not
 * forget them when they come back. Of the last few; guests go by the cloak
 * they had, or else by their name.
 *
 * The room locks.
 */
#ifndef RIALTO_CHAT_LEAVERS_H
#define RIALTO_CHAT_LEAVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/text.h"
#include "user/user.h"

enum { LEAVERS_MOST = 64 };

struct leaver;

struct leavers {
	struct leaver *list; /* LEAVERS_MOST of them, or NULL */
	size_t next;
};

void leavers_fini(struct leavers *leavers);

void leavers_add(struct leavers *leavers, user_id user, const char *name,
		 int64_t spoke_ms);

/* When one who comes back spoke last; false: not known. */
NODISCARD bool leavers_find(const struct leavers *leavers, user_id user,
			    const char *name, int64_t *spoke_ms_r);

#endif
