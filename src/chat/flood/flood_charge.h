/*
 * What becomes of those who do not listen to flood control. In a room it is a
 * charge on its docket: a quiet, a kick or a ban. Elsewhere it is a mute of
 * the whole server. All of it is set by the keeper within a second, as acts of
 * the daemon that ops and moderators see and undo like others.
 */
#ifndef RIALTO_CHAT_FLOOD_CHARGE_H
#define RIALTO_CHAT_FLOOD_CHARGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/thread.h"
#include "chat/flood/flood.h"
#include "chat/message.h"
#include "chat/refusal.h"

struct actor;
struct chat;
struct member;
struct person;
struct room;

enum { FLOOD_CHARGES_MOST = 32 };

/* Who is to be muted; of more, the first are enough. */
struct flood_charges {
	struct mutex lock; /* rank: LOCK_TABLE */
	struct flood_mute {
		struct person *who; /* a reference */
		int64_t seconds;
	} list[FLOOD_CHARGES_MOST] GUARDED_BY(lock);
	size_t count GUARDED_BY(lock);
};

void flood_charges_init(struct flood_charges *charges);
void flood_charges_fini(struct flood_charges *charges);

/*
 * These all return ERR_FLOOD, with words for the person where something comes
 * of the grade.
 */

/* Who said m. With the room's lock held. */
enum err flood_charge_speaker(struct room *room, struct member *member,
			      const struct message *m, enum flood_grade grade,
			      struct refusal *why);

/* Who would come in; only a ban can come of that. The lock is not held. */
enum err flood_charge_joiner(struct room *room, const struct actor *by,
			     enum flood_grade grade, struct refusal *why);

/* Who said something elsewhere. */
enum err flood_charge_teller(struct chat *chat, struct person *person,
			     enum flood_grade grade, struct refusal *why);

/* The keeper's chore: sets the mutes. */
void flood_charge_tick(struct chat *chat);

#endif
