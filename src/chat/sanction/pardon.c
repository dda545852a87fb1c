#include "chat/sanction/pardon.h"

#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/sanction_change.h"
#include "chat/sanction/sentence.h"
#include "chat/sanction/whom.h"

/* "12" or "#12"; 0: no number. */
static uint64_t read_id(const char *what)
{
	int64_t id;

	return quantity_number(what + (what[0] == '#'), &id) ? (uint64_t)id : 0;
}

static bool is_of_kind(const struct sanction *s, enum sanction_kind kind)
{
	return s->kind == kind ||
	       (sanction_is_filter(kind) && sanction_is_filter(s->kind));
}

/* A filter has its pattern where others have a mask. */
static const struct sanction *find_locked(const struct sanctions *all,
					  enum sanction_kind kind,
					  const struct mask *mask)
{
	const struct sanction *s = sanctions_find_mask(all, kind, mask);

	for (int other = SANCTION_REFUSE;
	     s == NULL && sanction_is_filter(kind) && other < SANCTION_KINDS;
	     other++)
		s = sanctions_find_mask(all, (enum sanction_kind)other, mask);
	return s;
}

static enum err find(struct chat *chat, struct room *room,
		     enum sanction_kind kind, const char *what,
		     struct sanction *s_r, struct refusal *why)
{
	uint64_t id = read_id(what);
	struct mask mask = { 0 };
	const struct sanction *s;
	enum err e = ERR_OK;

	if (sanction_is_filter(kind))
		snprintf(mask.text, sizeof(mask.text), "%s", what);
	else if (id == 0)
		e = whom_mask(chat, what, &mask, why);
	if (e != ERR_OK)
		return e;
	mutex_lock(&room->lock);
	s = id != 0 ? sanctions_find(&room->sanctions, id)
		    : find_locked(&room->sanctions, kind, &mask);
	if (s == NULL || !is_of_kind(s, kind))
		e = ERR_NOT_FOUND;
	else
		*s_r = *s;
	mutex_unlock(&room->lock);
	return e == ERR_OK ? e
			   : refusal_give(why, e,
					  "%s has no such entry: /sanctions "
					  "lists them with their numbers.",
					  room_name(room));
}

/* With the change lock. */
static enum err lift(struct chat *chat, const struct actor *by,
		     struct room *room, const struct sanction *s,
		     struct refusal *why)
{
	char target[MASK_MOST + 1];
	char detail[64];
	struct act act = { .by = by,
			   .action = sentence_action(s->kind, true),
			   .room = room,
			   .target = target,
			   .detail = detail };
	struct sanction_change change = { .store = chat->store,
					  .room = room,
					  .dropped = &s->id,
					  .drop_count = 1 };
	enum rank rank = room_rank(room, by->user, by->roles);
	enum err e = permit_check(sentence_permit(s->kind), rank, s->by_rank);

	if (e != ERR_OK)
		return refusal_give(why, e,
				    "%s, who set that, was of a higher "
				    "rank: %s.",
				    s->by, rank_word(s->by_rank));
	(void)mask_print_public(&s->mask, chat->cloak_key, target);
	snprintf(detail, sizeof(detail), "#%llu, set by %s",
		 (unsigned long long)s->id, s->by);
	e = act_run(chat, &act, sanction_change_write, &change);
	if (e == ERR_OK)
		sanction_change_apply(&change);
	return e;
}

enum err pardon_give(struct chat *chat, const struct actor *by,
		     struct room *room, enum sanction_kind kind,
		     const char *what, struct sanction *lifted_r,
		     struct refusal *why)
{
	enum permit permit = sentence_permit(kind);
	enum err e;

	mutex_lock(&chat->change);
	e = permit_demand(permit, room_rank(room, by->user, by->roles),
			  room_name(room), why);
	if (e == ERR_OK)
		e = find(chat, room, kind, what, lifted_r, why);
	if (e == ERR_OK)
		e = lift(chat, by, room, lifted_r, why);
	mutex_unlock(&chat->change);
	return e;
}
