/* Closing a room, and opening it again. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/guard/closing.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"

/* A room that closes, or opens. */
struct turn {
	struct store *store;
	struct room *room;
	const struct actor *by;
	const struct closing *closing; /* NULL: it opens */
};

static enum err write(struct store_txn *txn, void *arg)
{
	const struct turn *turn = arg;
	struct store_table *table = store_table(turn->store, "closings");
	AUTO(buf_fini) struct buf value = { 0 };
	char key[NAME_MOST + 1];
	enum err e;

	name_key(room_name(turn->room), key);
	if (turn->closing != NULL) {
		closing_encode(turn->closing, &value);
		return store_put(txn, table, key, strlen(key), buf_at(&value),
				 buf_len(&value));
	}
	e = store_delete(txn, table, key, strlen(key));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* From now on nobody enters, and nobody is told of those who leave. */
static void apply(const struct turn *turn)
{
	struct room *room = turn->room;
	struct closing *before;

	mutex_lock(&room->lock);
	if (turn->closing != NULL)
		room_tell(room, MESSAGE_CLOSED, turn->by->name, "",
			  turn->closing->reason, turn->by->origin);
	before = room->closing;
	room->closing =
		turn->closing == NULL
			? NULL
			: mem_copy(turn->closing, sizeof(*turn->closing));
	mutex_unlock(&room->lock);
	mem_free(before);
}

/* With the person's lock: to who looks after the room, but is not in it. */
static void notify_locked(const struct turn *turn, struct person *person)
{
	const struct closing *closing = turn->closing;
	const char *room = room_name(turn->room);
	AUTO(buf_fini) struct buf text = { 0 };
	struct message *m;

	if (room_rank(turn->room, person->user, ROLE_USER) < RANK_OP)
		return;
	if (closing == NULL)
		buf_print(&text, "%s opened %s again: /join %s.",
			  turn->by->name, room, room);
	else
		buf_print(&text, "%s closed %s%s%s", turn->by->name, room,
			  closing->reason[0] == '\0' ? "." : ": ",
			  closing->reason);
	m = message_new(MESSAGE_NOTICE, NULL, person, "", buf_text(&text));
	m->origin = turn->by->origin;
	person_deliver(person, m);
	message_unref(&m);
}

static void turn_person(void *what, void *arg)
{
	const struct turn *turn = arg;
	struct person *person = what;

	mutex_lock(&person->lock);
	if (person_is_in(person, turn->room)) {
		room_exit(turn->room, person, MESSAGE_PARTED);
		person_drop_room(person, turn->room);
	} else {
		notify_locked(turn, person);
	}
	mutex_unlock(&person->lock);
}

/* With the change lock. */
static enum err make(struct chat *chat, struct turn *turn)
{
	bool is_closed = turn->closing != NULL;
	struct act act = { .by = turn->by,
			   .action = is_closed ? "room.close" : "room.reopen",
			   .room = turn->room };
	enum err e;

	if (is_closed && turn->closing->reason[0] != '\0')
		act.detail = turn->closing->reason;
	e = act_run(chat, &act, write, turn);
	if (e != ERR_OK)
		return e;
	apply(turn);
	mutex_lock(&chat->lock);
	name_index_walk(&chat->people, turn_person, turn);
	mutex_unlock(&chat->lock);
	return ERR_OK;
}

static enum err check_begin(struct chat *chat, struct room *room,
			    const char *reason, enum rank rank,
			    struct refusal *why)
{
	if (permit_check(PERMIT_CLOSE, rank, RANK_GUEST) != ERR_OK)
		return refusal_give(why, ERR_NOT_ALLOWED,
				    "That is for moderators.");
	if (strlen(reason) > CLOSING_REASON_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A reason has at most %d bytes.",
				    CLOSING_REASON_MOST);
	if (room == chat->default_room)
		return refusal_give(why, ERR_NOT_ALLOWED,
				    "Everybody begins in %s: it cannot be "
				    "closed.",
				    room_name(room));
	if (closing_get(room, NULL))
		return refusal_give(why, ERR_EXISTS, "%s is closed already.",
				    room_name(room));
	return ERR_OK;
}

enum err closing_begin(struct chat *chat, const struct actor *by,
		       struct room *room, const char *reason,
		       struct refusal *why)
{
	struct closing closing = { .by_rank = rank_of_roles(by->roles),
				   .since_ms = clock_wall_ms() };
	struct turn turn = { chat->store, room, by, &closing };
	enum err e;

	mutex_lock(&chat->change);
	e = check_begin(chat, room, reason, closing.by_rank, why);
	if (e == ERR_OK) {
		memcpy(closing.by, by->name, sizeof(closing.by));
		snprintf(closing.reason, sizeof(closing.reason), "%s", reason);
		e = make(chat, &turn);
	}
	mutex_unlock(&chat->change);
	return e;
}

static enum err check_end(struct room *room, enum rank rank,
			  struct refusal *why)
{
	struct closing closing;

	if (permit_check(PERMIT_CLOSE, rank, RANK_GUEST) != ERR_OK)
		return refusal_give(why, ERR_NOT_ALLOWED,
				    "That is for moderators.");
	if (!closing_get(room, &closing))
		return refusal_give(why, ERR_NOT_FOUND, "%s is open.",
				    room_name(room));
	if (permit_check(PERMIT_CLOSE, rank, closing.by_rank) != ERR_OK)
		return refusal_give(why, ERR_RANK,
				    "%s, of a higher rank: %s, closed it.",
				    closing.by, rank_word(closing.by_rank));
	return ERR_OK;
}

enum err closing_end(struct chat *chat, const struct actor *by,
		     struct room *room, struct refusal *why)
{
	struct turn turn = { chat->store, room, by, NULL };
	enum err e;

	mutex_lock(&chat->change);
	e = check_end(room, rank_of_roles(by->roles), why);
	if (e == ERR_OK)
		e = make(chat, &turn);
	mutex_unlock(&chat->change);
	return e;
}
