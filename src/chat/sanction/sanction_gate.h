/* What the lists of a room say at its gate: see gate.h. */
#ifndef RIALTO_CHAT_SANCTION_GATE_H
#define RIALTO_CHAT_SANCTION_GATE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/message.h"
#include "chat/refusal.h"
#include "chat/sanction/sanction.h"

struct member;
struct person;
struct room;

/* ERR_BANNED. The room's lock is not held. */
NODISCARD enum err sanction_gate_join(struct room *room, const struct actor *by,
				      const char *key, struct refusal *why);

/* ERR_BANNED. With the person's lock held. */
NODISCARD enum err sanction_gate_return(struct room *room,
					const struct person *person,
					struct refusal *why);

/*
 * With the room's lock held: whoever is about to become a member is banned.
 * The last look, since a ban may have been set after the gate's.
 */
bool sanction_gate_bars(const struct room *room, const struct member *member);

/* ERR_BANNED, ERR_QUIETED. With the room's lock held. */
NODISCARD enum err sanction_gate_speak(struct room *room, struct member *member,
				       const struct message *m,
				       struct refusal *why);

/*
 * The word filters: ERR_FILTERED, ERR_HELD. With the room's lock held; to be
 * asked last, since the author may be quieted for it.
 */
NODISCARD enum err sanction_gate_sift(struct room *room, struct member *member,
				      const struct message *m,
				      struct refusal *why);

/*
 * Says "You are banned from den until 2026-11-21 18:00: spamming (by ann)."
 * and returns ERR_BANNED or ERR_QUIETED.
 */
enum err sanction_gate_tell(const char *room, const struct sanction *s,
			    struct refusal *why);

#endif
