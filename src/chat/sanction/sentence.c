#include "chat/sanction/sentence.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/hits.h"
#include "chat/sanction/pattern.h"
#include "chat/sanction/sanction_change.h"
#include "chat/sanction/sanction_gate.h"
#include "chat/sanction/whom.h"
#include "chat/tell.h"

static const struct {
	enum permit permit;
	const char *action;
	const char *lifted;
} kinds[SANCTION_KINDS] = {
	[SANCTION_BAN] = { PERMIT_BAN, "room.ban", "room.unban" },
	[SANCTION_QUIET] = { PERMIT_QUIET, "room.quiet", "room.unquiet" },
	[SANCTION_EXEMPT] = { PERMIT_BAN, "room.exempt", "room.unexempt" },
	[SANCTION_ADMIT] = { PERMIT_INVITE, "room.admit", "room.unadmit" },
	[SANCTION_PASS] = { PERMIT_INVITE, "room.invite", "room.uninvite" },
	[SANCTION_REFUSE] = { PERMIT_FILTER, "room.filter", "room.unfilter" },
	[SANCTION_HOLD] = { PERMIT_FILTER, "room.filter", "room.unfilter" },
	[SANCTION_MUTE] = { PERMIT_FILTER, "room.filter", "room.unfilter" },
};

enum permit sentence_permit(enum sanction_kind kind)
{
	return kinds[kind].permit;
}

const char *sentence_action(enum sanction_kind kind, bool is_lifted)
{
	return is_lifted ? kinds[kind].lifted : kinds[kind].action;
}

void outcome_fini(struct outcome *outcome)
{
	buf_fini(&outcome->names);
}

static void tell_hits(struct room *room, const struct sanction *s,
		      const struct hits *hits)
{
	struct refusal words = { 0 };

	(void)sanction_gate_tell(room_name(room), s, &words);
	for (size_t i = 0; i < hits->count; i++)
		tell_notice(hits->people[i], 0, words.text);
}

static void put_out(struct room *room, const struct actor *by,
		    const struct sanction *s, const struct hits *hits)
{
	const char *name = by->name[0] == '\0' ? s->by : by->name;

	for (size_t i = 0; i < hits->count; i++) {
		struct person *person = hits->people[i];

		mutex_lock(&person->lock);
		if (person_is_in(person, room)) {
			room_expel(room, person, name, s->reason);
			person_drop_room(person, room);
		}
		mutex_unlock(&person->lock);
	}
}

/* After the change: somebody may have come in since the look. */
static void enforce(struct room *room, const struct actor *by,
		    const struct sanction *s)
{
	struct hits hits;

	if (!sanction_is_against(s->kind))
		return;
	hits_find(&hits, room, s);
	if (s->kind == SANCTION_BAN)
		put_out(room, by, s, &hits);
	tell_hits(room, s, &hits);
	hits_fini(&hits);
}

/* What makes place for an entry: the same one, and those that are over. */
struct replaced {
	uint64_t ids[SANCTIONS_MOST];
	size_t count;
	enum rank rank; /* who set the same one */
};

static void find_replaced(struct room *room, const struct sanction *s,
			  struct replaced *r)
{
	const struct sanctions *all = &room->sanctions;
	const struct sanction *same;

	r->count = 0;
	r->rank = RANK_GUEST;
	mutex_lock(&room->lock);
	same = sanctions_find_mask(all, s->kind, &s->mask);
	if (same != NULL)
		r->rank = same->by_rank;
	if (all->count >= SANCTIONS_MOST)
		r->count = sanctions_list_over(all, s->since_ms, r->ids);
	if (same != NULL && r->count < SANCTIONS_MOST)
		r->ids[r->count++] = same->id;
	mutex_unlock(&room->lock);
}

/* What the trail says of it; addresses are not for all who read there. */
static void describe(const struct chat *chat, const struct sanction *s,
		     char target_r[MASK_MOST + 1], struct buf *detail)
{
	char term[TERM_TEXT];

	(void)mask_print_public(&s->mask, chat->cloak_key, target_r);
	if (sanction_is_filter(s->kind))
		buf_print(detail, "%s ", sanction_word(s->kind));
	buf_print(detail, "%s%s%s", term_print(s->until_ms, term),
		  s->reason[0] == '\0' ? "" : ": ", s->reason);
}

/*
 * Ops may keep an address out that they know, but not find out who has which:
 * no globs, no trying, no names; and nobody of a higher rank is hit by it.
 */
static bool may_try(const struct sanction *s)
{
	return s->by_rank >= RANK_MODERATOR || !mask_tells_address(&s->mask);
}

enum err sentence_carry_out(struct chat *chat, const struct actor *by,
			    struct room *room, struct sanction *s,
			    struct outcome *outcome_r)
{
	AUTO(buf_fini) struct buf detail = { 0 };
	char target[MASK_MOST + 1];
	struct act act = { .by = by,
			   .action = sentence_action(s->kind, false),
			   .room = room,
			   .target = target };
	struct sanction_change change = { .store = chat->store,
					  .room = room,
					  .added = s };
	struct replaced replaced;
	struct hits hits;
	enum err e;

	find_replaced(room, s, &replaced);
	hits_find(&hits, room, s);
	if (outcome_r != NULL && may_try(s))
		hits_print(&hits, &outcome_r->names, &outcome_r->count);
	if (s->kind == SANCTION_BAN) {
		change.leavers = hits.users;
		change.leaver_count = hits.count;
	}
	change.dropped = replaced.ids;
	change.drop_count = replaced.count;
	describe(chat, s, target, &detail);
	act.detail = buf_text(&detail);
	e = act_run(chat, &act, sanction_change_write, &change);
	hits_fini(&hits);
	if (e != ERR_OK)
		return e;
	sanction_change_apply(&change);
	enforce(room, by, s);
	return ERR_OK;
}

static size_t count_filters(const struct sanctions *all)
{
	size_t count = 0;

	for (int kind = 1; kind < SANCTION_KINDS; kind++) {
		if (sanction_is_filter((enum sanction_kind)kind))
			count += all->counts[kind];
	}
	return count;
}

enum err sentence_check_lists(struct room *room, const struct sanction *s,
			      struct refusal *why)
{
	struct replaced replaced;
	size_t count;
	size_t filters;

	find_replaced(room, s, &replaced);
	mutex_lock(&room->lock);
	count = room->sanctions.count - replaced.count;
	filters = count_filters(&room->sanctions);
	mutex_unlock(&room->lock);
	if (count >= SANCTIONS_MOST)
		return refusal_give(why, ERR_ROOM_LIMIT,
				    "The lists of a room have at most %d "
				    "entries: /sanctions shows them.",
				    SANCTIONS_MOST);
	if (sanction_is_filter(s->kind) && filters >= FILTERS_MOST)
		return refusal_give(why, ERR_ROOM_LIMIT,
				    "A room has at most %d word filters.",
				    FILTERS_MOST);
	if (replaced.rank > s->by_rank)
		return refusal_give(why, ERR_RANK,
				    "A higher rank set that already.");
	return ERR_OK;
}

static enum err refuse_address(struct refusal *why)
{
	return refusal_give(why, ERR_NOT_ALLOWED,
			    "Who has which address is for moderators: write a "
			    "cloak, as /whois shows it.");
}

static enum err refuse_rank(struct refusal *why, const char *name,
			    enum rank rank)
{
	return refusal_give(why, ERR_RANK,
			    "That is for %s too, who is %s here: you may not.",
			    name, rank_word(rank));
}

/* A user who is not here has a rank as well. */
static enum err check_absent(struct chat *chat, struct room *room,
			     const struct sanction *s, struct refusal *why)
{
	struct user user;
	enum rank rank;

	if (whom_user(chat, &s->mask, &user) != ERR_OK)
		return ERR_OK;
	rank = room_rank(room, user.id, user.roles);
	return rank > s->by_rank ? refuse_rank(why, user.name, rank) : ERR_OK;
}

static enum err check_hits(struct chat *chat, const struct actor *by,
			   struct room *room, const struct sanction *s,
			   struct refusal *why)
{
	struct hits hits;
	enum err e = ERR_OK;

	if (!sanction_is_against(s->kind))
		return ERR_OK;
	hits_find(&hits, room, s);
	if (hits_has(&hits, by->person) ||
	    (by->user != 0 && s->mask.user == by->user))
		e = refusal_give(why, ERR_BAD_INPUT,
				 "That would hit yourself.");
	else if (hits.highest > s->by_rank && may_try(s))
		e = refuse_rank(why, hits.highest_name, hits.highest);
	else
		e = check_absent(chat, room, s, why);
	hits_fini(&hits);
	return e;
}

static enum err make_mask(struct chat *chat, const struct sentence *sentence,
			  struct mask *mask_r, struct refusal *why)
{
	enum err e;

	if (!sanction_is_filter(sentence->kind))
		return whom_mask(chat, sentence->whom, mask_r, why);
	e = pattern_check(sentence->whom, why);
	if (e == ERR_OK)
		snprintf(mask_r->text, sizeof(mask_r->text), "%s",
			 sentence->whom);
	return e;
}

/* Everything up to the lists themselves; with the change lock. */
static enum err prepare(struct chat *chat, const struct actor *by,
			struct room *room, const struct sentence *sentence,
			struct sanction *s, struct refusal *why)
{
	enum permit permit = kinds[sentence->kind].permit;
	enum err e;

	memset(s, 0, sizeof(*s));
	s->kind = sentence->kind;
	s->by_user = by->user;
	s->by_rank = room_rank(room, by->user, by->roles);
	memcpy(s->by, by->name, sizeof(s->by));
	memcpy(s->reason, sentence->term->reason, sizeof(s->reason));
	s->since_ms = clock_wall_ms();
	s->until_ms = term_end_ms(sentence->term, s->since_ms);
	e = permit_demand(permit, s->by_rank, room_name(room), why);
	if (e != ERR_OK)
		return e;
	e = make_mask(chat, sentence, &s->mask, why);
	if (e == ERR_OK && s->mask.kind == MASK_GLOB && !may_try(s))
		e = refuse_address(why);
	return e;
}

enum err sentence_pass(struct chat *chat, const struct actor *by,
		       struct room *room, const struct sentence *sentence,
		       struct outcome *outcome_r, struct refusal *why)
{
	struct sanction *s = &outcome_r->entry;
	enum err e;

	mutex_lock(&chat->change);
	e = prepare(chat, by, room, sentence, s, why);
	if (e == ERR_OK)
		e = check_hits(chat, by, room, s, why);
	if (e == ERR_OK)
		e = sentence_check_lists(room, s, why);
	if (e == ERR_OK)
		e = sentence_carry_out(chat, by, room, s, outcome_r);
	mutex_unlock(&chat->change);
	return e;
}

enum err sentence_try(struct chat *chat, const struct actor *by,
		      struct room *room, const struct sentence *sentence,
		      struct outcome *outcome_r, struct refusal *why)
{
	struct sanction *s = &outcome_r->entry;
	struct hits hits;
	enum err e;

	mutex_lock(&chat->change);
	e = prepare(chat, by, room, sentence, s, why);
	if (e == ERR_OK && !may_try(s))
		e = refuse_address(why);
	if (e == ERR_OK)
		e = check_hits(chat, by, room, s, why);
	if (e == ERR_OK) {
		hits_find(&hits, room, s);
		hits_print(&hits, &outcome_r->names, &outcome_r->count);
		hits_fini(&hits);
	}
	mutex_unlock(&chat->change);
	return e;
}
