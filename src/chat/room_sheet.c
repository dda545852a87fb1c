#include "chat/room_sheet.h"

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/guard/closing.h"
#include "chat/room_fields.h"
#include "chat/sanction/sanction_list.h"
#include "user/users.h"

enum { PEOPLE_MOST = 100 };

/* The name that a user has now, or "nobody". */
static enum err print_user(struct chat *chat, user_id id, struct buf *out)
{
	struct user user;
	enum err e =
		id == 0 ? ERR_NO_SUCH_USER : users_get(chat->users, id, &user);

	if (e == ERR_OK || e == ERR_NO_SUCH_USER)
		buf_add_text(out, e == ERR_OK ? user.name : "nobody");
	return e == ERR_NO_SUCH_USER ? ERR_OK : e;
}

/* Those of a rank; the room's lock is not held while users are read. */
static enum err print_rights(struct chat *chat, struct room *room,
			     enum rank rank, struct buf *out)
{
	const char *comma = "";
	enum err e = ERR_OK;
	struct right *list;
	size_t count;

	mutex_lock(&room->lock);
	count = room->rights.count;
	list = mem_copy(room->rights.list, count * sizeof(*list));
	mutex_unlock(&room->lock);
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		if (list[i].rank != rank)
			continue;
		buf_add_text(out, comma);
		comma = ", ";
		e = print_user(chat, list[i].user, out);
	}
	if (comma[0] == '\0')
		buf_add_text(out, "nobody");
	buf_add_char(out, '\n');
	mem_free(list);
	return e;
}

static enum err print_offices(struct chat *chat, struct room *room,
			      const struct room_facts *facts, struct buf *out)
{
	enum err e;

	buf_add_text(out, "owner: ");
	e = print_user(chat, facts->owner, out);
	buf_add_text(out, "\nsuccessor: ");
	if (e == ERR_OK)
		e = print_user(chat, facts->successor, out);
	buf_add_text(out, "\nops: ");
	if (e == ERR_OK)
		e = print_rights(chat, room, RANK_OP, out);
	buf_add_text(out, "voiced: ");
	if (e == ERR_OK)
		e = print_rights(chat, room, RANK_VOICED, out);
	return e;
}

static void print_facts(const struct room_facts *facts, struct buf *out)
{
	AUTO(buf_fini) struct buf modes = { 0 };

	modes_print(&facts->modes, &modes);
	buf_print(out, "modes: %s\ntopic: %s\n",
		  buf_len(&modes) == 0 ? "none" : buf_text(&modes),
		  facts->topic[0] == '\0' ? "none" : facts->topic);
}

static void print_kept(struct room *room, struct buf *out)
{
	struct retention r = history_kept(room);

	buf_add_text(out, "kept: ");
	retention_print(&r, out);
	buf_add_char(out, '\n');
}

static void print_state(struct room *room, struct buf *out)
{
	struct closing closing;
	char since[CLOCK_TEXT];

	buf_add_text(out, "state: ");
	if (closing_get(room, &closing)) {
		clock_print(closing.since_ms, since);
		buf_print(out, "closed since %s by %s%s%s\n", since, closing.by,
			  closing.reason[0] == '\0' ? "" : ": ",
			  closing.reason);
	} else {
		buf_add_text(out, "open\n");
	}
}

static void print_people(struct room *room, struct buf *out)
{
	size_t count = room_count(room);

	buf_add_text(out, "here: ");
	if (count > PEOPLE_MOST)
		buf_print(out, "%zu people", count);
	else
		room_print_people(room, out);
	buf_add_char(out, '\n');
}

/* All of them, whoever asks: as the moderators see them. */
static enum err print_lists(struct chat *chat, struct room *room,
			    struct buf *out)
{
	static const struct actor staff = { .roles = ROLE_MODERATOR };

	return sanction_list_print(chat, &staff, room, 0, out, NULL);
}

enum err room_sheet_print(struct chat *chat, struct room *room, struct buf *out)
{
	struct room_facts facts;
	char made[CLOCK_TEXT];
	enum err e;

	room_facts(room, &facts);
	clock_print(facts.created_ms, made);
	buf_print(out, "name: %s\nmade: %s\n", facts.name, made);
	e = print_offices(chat, room, &facts, out);
	print_facts(&facts, out);
	print_kept(room, out);
	print_state(room, out);
	print_people(room, out);
	return e == ERR_OK ? print_lists(chat, room, out) : e;
}
