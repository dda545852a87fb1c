/* Entries of the audit trail for what callers do. */
#ifndef RIALTO_COMMAND_SIGN_H
#define RIALTO_COMMAND_SIGN_H

#include "audit/entry.h"
#include "audit/trail.h"
#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "command/caller.h"

/* An entry of this action by the actor, with nothing else in it yet. */
void sign_entry(const struct actor *actor, const char *action,
		struct audit_entry *entry_r);

/*
 * For acts that no transaction can hold, such as a backup: one record before,
 * with the outcome "asked", without which the act may not begin; and one
 * after, which says how it ended. target may be NULL. Jobs only.
 */
NODISCARD enum err sign_asked(struct trail *trail, const struct actor *actor,
			      const char *action, const char *target);
void sign_ended(struct trail *trail, const struct actor *actor,
		const char *action, const char *target, enum err outcome);

/*
 * What is counted (see tally_count()), since anybody can cause it: an arrival
 * of a guest, and what was refused before anybody was in. target may be NULL.
 * The address is the caller's site. In its worker.
 */
void sign_counted(const struct caller *caller, const char *action,
		  const char *target, enum err outcome);

/* Bytes on the wire, or a silence, that the protocol does not allow. */
void sign_violation(const struct caller *caller, enum err outcome);

/* The same of a peer that is no session. Any thread. */
void sign_turned_away(struct tally *tally, const char *site, const char *why);

/* The session of somebody ends for this reason. In its worker. */
void sign_left(const struct caller *caller, enum err why);

#endif
