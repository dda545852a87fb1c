#include "chat/rights/heritage.h"

#include <stdio.h>

#include "base/mem.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/guard/guard_keep.h"
#include "chat/ignore/ignore_act.h"
#include "chat/report/report_news.h"
#include "chat/rights/right_change.h"
#include "chat/room_fields.h"
#include "chat/roster.h"
#include "chat/sanction/sanction_forget.h"
#include "user/users.h"

/* What the user leaves in one room. */
struct estate {
	struct room_facts facts; /* as they will be */
	bool has_right;          /* an op, or voiced */
	bool is_owner;
	bool is_successor;
	user_id heir; /* 0: nobody */
};

static void look(struct room *room, user_id user, struct estate *estate_r)
{
	const struct right *eldest;
	struct rights others = { 0 };

	mutex_lock(&room->lock);
	estate_r->facts = room->facts;
	estate_r->has_right = rights_find(&room->rights, user) != NULL;
	for (size_t i = 0; i < room->rights.count; i++) {
		if (room->rights.list[i].user != user)
			rights_set(&others, &room->rights.list[i]);
	}
	mutex_unlock(&room->lock);
	estate_r->is_owner = estate_r->facts.owner == user;
	estate_r->is_successor = estate_r->facts.successor == user;
	if (estate_r->is_successor)
		estate_r->facts.successor = 0;
	eldest = rights_eldest(&others);
	estate_r->heir = estate_r->facts.successor != 0
				 ? estate_r->facts.successor
			 : eldest != NULL ? eldest->user
					  : 0;
	rights_fini(&others);
}

static void print_name(struct chat *chat, user_id id,
		       char name_r[NAME_MOST + 1])
{
	struct user user;

	if (id != 0 && users_get(chat->users, id, &user) == ERR_OK)
		snprintf(name_r, NAME_MOST + 1, "%s", user.name);
	else
		name_r[0] = '\0';
}

static void tell_heir(struct room *room, const char *by, const char *heir)
{
	mutex_lock(&room->lock);
	room_tell(room, MESSAGE_RANKED, by, heir, "the owner", 0);
	mutex_unlock(&room->lock);
}

/* With the change lock. */
static enum err settle(struct chat *chat, const struct actor *by,
		       struct room *room, user_id user)
{
	struct right_change change = { .store = chat->store,
				       .room = room,
				       .dropped = { user, 0 } };
	struct act act = { .by = by, .action = "room.inherit", .room = room };
	char heir[NAME_MOST + 1];
	struct estate estate;
	enum err e;

	look(room, user, &estate);
	if (!estate.is_owner && !estate.is_successor && !estate.has_right)
		return ERR_OK;
	change.facts = &estate.facts;
	if (estate.is_owner) {
		estate.facts.owner = estate.heir;
		estate.facts.successor = 0;
		change.dropped[1] = estate.heir;
	}
	print_name(chat, estate.facts.owner, heir);
	act.target = heir;
	act.detail = estate.is_owner ? "the owner is removed"
				     : "a right of a removed user";
	e = act_run(chat, &act, right_change_write, &change);
	if (e != ERR_OK)
		return e;
	right_change_apply(&change);
	if (estate.is_owner && heir[0] != '\0')
		tell_heir(room, by->name, heir);
	return ERR_OK;
}

static enum err settle_all(struct chat *chat, const struct actor *by,
			   user_id user)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = settle(chat, by, rooms[i], user);
	chat_free_rooms(rooms, count);
	return e;
}

/* With the change lock. */
static enum err forget(struct chat *chat, const struct actor *by, user_id user)
{
	enum err e = roster_drop_user(chat->store, user);

	if (e == ERR_OK)
		e = report_news_drop(chat->store, user);
	if (e == ERR_OK)
		e = settle_all(chat, by, user);
	if (e == ERR_OK)
		e = sanction_forget(chat, user);
	if (e == ERR_OK)
		e = guard_forget(chat, user);
	if (e == ERR_OK)
		e = note_forget(chat, user);
	if (e == ERR_OK)
		e = board_forget(chat, user);
	if (e == ERR_OK)
		e = mail_forget(chat, user);
	if (e == ERR_OK)
		e = ignore_forget(chat, user);
	if (e == ERR_OK)
		e = marker_drop_user(chat->store, user);
	return e;
}

enum err heritage_remove(struct chat *chat, const struct actor *by,
			 user_id user, const struct audit_entry *entry)
{
	enum err e;

	mutex_lock(&chat->change);
	e = forget(chat, by, user);
	if (e == ERR_OK)
		e = users_remove(chat->users, user, entry);
	if (e == ERR_OK)
		chat_mark_removed(chat, user);
	mutex_unlock(&chat->change);
	return e;
}

/* The users that a room names, those with rights first. */
static size_t list_users(struct room *room, user_id **users_r)
{
	size_t count;

	mutex_lock(&room->lock);
	count = room->rights.count + 2;
	*users_r = mem_array(count, sizeof(**users_r));
	for (size_t i = 0; i + 2 < count; i++)
		(*users_r)[i] = room->rights.list[i].user;
	/* Who would inherit must be there, so the owner comes last. */
	(*users_r)[count - 2] = room->facts.successor;
	(*users_r)[count - 1] = room->facts.owner;
	mutex_unlock(&room->lock);
	return count;
}

static enum err mend(struct chat *chat, struct room *room)
{
	static const struct actor nobody;
	user_id *users;
	size_t count = list_users(room, &users);
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		struct user user;

		if (users[i] == 0)
			continue;
		e = users_get(chat->users, users[i], &user);
		if (e == ERR_NO_SUCH_USER)
			e = settle(chat, &nobody, room, users[i]);
	}
	mem_free(users);
	return e;
}

enum err heritage_mend(struct chat *chat)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);
	enum err e = ERR_OK;

	mutex_lock(&chat->change);
	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = mend(chat, rooms[i]);
	mutex_unlock(&chat->change);
	chat_free_rooms(rooms, count);
	return e;
}
