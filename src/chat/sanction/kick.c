#include "chat/sanction/kick.h"

#include <string.h>

#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/sanction_change.h"
#include "chat/sanction/term.h"

static enum err check(struct room *room, const struct actor *by,
		      struct person *who, const char *name, const char *reason,
		      struct refusal *why)
{
	enum rank rank = room_rank(room, by->user, by->roles);
	enum rank whom;
	enum err e = permit_demand(PERMIT_KICK, rank, room_name(room), why);

	if (e != ERR_OK)
		return e;
	if (strlen(reason) > REASON_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A reason has at most %d bytes.",
				    REASON_MOST);
	if (who == NULL || !room_has(room, who))
		return refusal_give(why, ERR_NO_SUCH_USER,
				    "%.32s is not in %s.", name,
				    room_name(room));
	if (who == by->person)
		return refusal_give(why, ERR_BAD_INPUT,
				    "That is you: write /leave.");
	whom = room_rank(room, person_user(who), person_roles(who));
	if (rank < whom)
		return refusal_give(why, ERR_RANK,
				    "%s is %s here: you may not.", name,
				    rank_word(whom));
	return ERR_OK;
}

static void put_out(struct room *room, struct person *who, const char *by,
		    const char *reason)
{
	mutex_lock(&who->lock);
	if (person_is_in(who, room)) {
		room_expel(room, who, by, reason);
		person_drop_room(who, room);
	}
	mutex_unlock(&who->lock);
}

enum err kick_carry_out(struct chat *chat, const struct actor *by,
			struct room *room, struct person *who,
			const char *shown, const char *reason)
{
	char name[NAME_MOST + 1];
	struct act act = { .by = by,
			   .action = "room.kick",
			   .room = room,
			   .target = name,
			   .detail = reason };
	user_id user = person_user(who);
	struct sanction_change change = { .store = chat->store,
					  .room = room,
					  .leavers = &user,
					  .leaver_count = 1 };
	enum err e;

	person_name(who, name);
	e = act_run(chat, &act, sanction_change_write, &change);
	if (e == ERR_OK)
		put_out(room, who, shown, reason);
	return e;
}

enum err kick_give(struct chat *chat, const struct actor *by, struct room *room,
		   const char *name, const char *reason, struct refusal *why)
{
	struct person *who;
	enum err e;

	mutex_lock(&chat->change);
	who = chat_person(chat, name);
	e = check(room, by, who, name, reason, why);
	if (e == ERR_OK)
		e = kick_carry_out(chat, by, room, who, by->name, reason);
	mutex_unlock(&chat->change);
	person_unref(&who);
	return e;
}
