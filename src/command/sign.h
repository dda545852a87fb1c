/* Entries of the audit trail for what callers do. */
#ifndef RIALTO_COMMAND_SIGN_H
#define RIALTO_COMMAND_SIGN_H

#include "audit/entry.h"
#include "audit/trail.h"
#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"

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

#endif
