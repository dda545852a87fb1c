#include "chat/sanction/sanction_list.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/whom.h"

static bool is_wanted(const struct sanction *s, enum sanction_kind kind)
{
	if (sanction_is_over(s, clock_wall_ms()))
		return false;
	return kind == 0 || s->kind == kind ||
	       (sanction_is_filter(kind) && sanction_is_filter(s->kind));
}

/* A copy, so that the lock is held briefly. */
static struct sanction *copy(struct room *room, enum sanction_kind kind,
			     size_t *count_r)
{
	const struct sanctions *all = &room->sanctions;
	struct sanction *list;

	*count_r = 0;
	mutex_lock(&room->lock);
	list = mem_array(all->count, sizeof(*list));
	for (size_t i = 0; i < all->count; i++) {
		if (is_wanted(all->list[i], kind))
			list[(*count_r)++] = *all->list[i];
	}
	mutex_unlock(&room->lock);
	return list;
}

/* Users by the name they have now; addresses for moderators alone. */
static void print_mask(struct chat *chat, bool sees_addresses,
		       const struct sanction *s, char text_r[MASK_MOST + 1])
{
	struct user user;

	if (whom_user(chat, &s->mask, &user) == ERR_OK)
		snprintf(text_r, MASK_MOST + 1, "user:%s", user.name);
	else if (!sees_addresses && s->by_rank >= RANK_MODERATOR)
		(void)mask_print_public(&s->mask, chat->cloak_key, text_r);
	else
		snprintf(text_r, MASK_MOST + 1, "%s", s->mask.text);
}

static void print(struct chat *chat, bool sees_addresses,
		  const struct sanction *s, struct buf *out)
{
	char mask[MASK_MOST + 1];
	char since[CLOCK_TEXT];
	char term[TERM_TEXT];

	print_mask(chat, sees_addresses, s, mask);
	clock_print(s->since_ms, since);
	buf_print(out, "#%llu %s %s by %s %s %s%s%s\n",
		  (unsigned long long)s->id, sanction_word(s->kind), mask,
		  s->by, since, term_print(s->until_ms, term),
		  s->reason[0] == '\0' ? "" : ": ", s->reason);
}

enum err sanction_list_print(struct chat *chat, const struct actor *by,
			     struct room *room, enum sanction_kind kind,
			     struct buf *out, struct refusal *why)
{
	bool is_auditor = (by->roles & ROLE_AUDITOR) != 0;
	enum rank rank = room_rank(room, by->user, by->roles);
	enum err e = is_auditor ? ERR_OK
				: permit_demand(PERMIT_SANCTIONS, rank,
						room_name(room), why);
	struct sanction *list;
	size_t count;

	if (e != ERR_OK)
		return e;
	list = copy(room, kind, &count);
	for (size_t i = 0; i < count; i++)
		print(chat, is_auditor || rank >= RANK_MODERATOR, &list[i],
		      out);
	mem_free(list);
	return ERR_OK;
}
