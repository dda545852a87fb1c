/*
 * Acts of moderation and administration: what changes in the store is written
 * in one transaction with the audit record and the line in the moderation log,
 * so that an act and its record stand or fall together.
 */
#ifndef RIALTO_CHAT_ACT_H
#define RIALTO_CHAT_ACT_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "store/store.h"

struct chat;
struct room;

struct act {
	const struct actor *by;
	const char *action; /* "room.kick": static */
	struct room *room;  /* NULL: nothing of one room */
	const char *target; /* a name, a mask; NULL: none */
	const char *detail; /* a reason, a new value; NULL: none */
	bool is_discreet;   /* not for the moderation log */
};

/*
 * Job, with chat's change lock held. Runs fn (NULL: the record is all) as
 * store_run() does, and writes the record. Errors are fn's, those of
 * store_run(), ERR_AUDIT_DOWN, ERR_DISABLED when the actor was removed
 * meanwhile, and ERR_FLOOD above chat.flood_acts; then nothing was changed.
 */
NODISCARD enum err act_run(struct chat *chat, const struct act *act,
			   store_fn *fn, void *arg);

#endif
