/*
 * Sentences: how bans, quiets, exemptions, admissions and word filters come
 * into the lists of a room. Jobs only; what they change is committed, not yet
 * durable.
 */
#ifndef RIALTO_CHAT_SENTENCE_H
#define RIALTO_CHAT_SENTENCE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/refusal.h"
#include "chat/sanction/sanction.h"
#include "chat/sanction/term.h"

/* What is asked for. */
struct sentence {
	enum sanction_kind kind;
	const char *whom; /* a name or a mask; of a filter the pattern */
	const struct term *term;
};

/* What came of it. */
struct outcome {
	struct sanction entry; /* number 0: it was not set */
	struct buf names;      /* "ann, ben": those here whom it is for */
	size_t count;
};

void outcome_fini(struct outcome *outcome);

/*
 * Sets an entry; one of the same kind and mask is replaced. Whom a ban is for
 * is put out, and a ban or a quiet is told to those here whom it is for.
 * ERR_NOT_ALLOWED (also a glob over addresses, unless the actor may see
 * them), ERR_RANK (it is for somebody of a higher rank, or replaces
 * what a higher rank set), ERR_NO_SUCH_USER, ERR_BAD_INPUT (no mask, too wide,
 * it would hit the actor), ERR_ROOM_LIMIT (SANCTIONS_MOST, FILTERS_MOST).
 */
NODISCARD enum err sentence_pass(struct chat *chat, const struct actor *by,
				 struct room *room,
				 const struct sentence *sentence,
				 struct outcome *outcome_r,
				 struct refusal *why);

/*
 * As far as to whom it would be for, without setting it. ERR_NOT_ALLOWED also
 * for masks of addresses unless the actor may see addresses.
 */
NODISCARD enum err sentence_try(struct chat *chat, const struct actor *by,
				struct room *room,
				const struct sentence *sentence,
				struct outcome *outcome_r, struct refusal *why);

/*
 * With chat's change lock: may s, which is not set yet, be added to the lists?
 * ERR_ROOM_LIMIT, ERR_RANK (it would replace what a higher rank set).
 */
NODISCARD enum err sentence_check_lists(struct room *room,
					const struct sanction *s,
					struct refusal *why);

/*
 * With chat's change lock: sets a new entry that was checked; s gets its
 * number. outcome_r may be NULL.
 */
NODISCARD enum err sentence_carry_out(struct chat *chat, const struct actor *by,
				      struct room *room, struct sanction *s,
				      struct outcome *outcome_r);

/* The least rank that may set and lift entries of the kind. */
enum permit sentence_permit(enum sanction_kind kind);

/* As the audit trail calls it: "room.ban", "room.unban". */
const char *sentence_action(enum sanction_kind kind, bool is_lifted);

#endif
