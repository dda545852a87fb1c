/*
 * A docket: what the gate of a room has against somebody, and cannot record
 * itself, since to speak may not wait for the store. The keeper makes quiets,
 * bans and kicks of it within a second; until then the gate refuses on its own.
 * One owner, who locks.
 */
#ifndef RIALTO_CHAT_DOCKET_H
#define RIALTO_CHAT_DOCKET_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "chat/sanction/sanction.h"
#include "chat/sanction/subject.h"

/* Who is named for what is nobody's order; nobody can have that name. */
#define DOCKET_DAEMON "(server)"

enum {
	/* As the kind of a charge: nothing lasting. */
	DOCKET_KICK = SANCTION_KINDS,

	DOCKET_MOST = 32, /* charges; of more, the first are enough */

	/* The gate refuses for so long without a record. */
	CHARGE_MOST_MS = 3000,

	/* For how long a filter quiets. */
	FILTER_MUTE_S = 10 * 60,
};

struct charge {
	struct subject *who;
	/* SANCTION_QUIET, SANCTION_BAN or DOCKET_KICK */
	int kind;
	int64_t seconds;
	char by[NAME_MOST + 1]; /* who is named for it */
	user_id by_user;
	enum rank by_rank;
	char reason[REASON_MOST + 1];
};

struct docket {
	struct charge *list; /* their subjects are references */
	size_t count;
};

struct chat;
struct room;

void docket_fini(struct docket *docket);

/* Copies the charge, whose subject is borrowed; a full docket stays so. */
void docket_add(struct docket *docket, const struct charge *charge);

/*
 * The keeper's, before docket_tick(): looks at the clock. Nothing is dropped
 * in the first day, nor in the day after a jump, since a clock that jumped may
 * be put right.
 */
void docket_watch_clock(struct chat *chat);

/*
 * The keeper's chore for one room: records the charges, as acts of the
 * daemon, and drops the sanctions that are spent.
 */
void docket_tick(struct chat *chat, struct room *room);

#endif
