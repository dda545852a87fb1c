/* The topic of a room, and who sets it. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/flood/flood_gate.h"
#include "chat/words.h"

/* With the change lock. */
static enum err set_topic(struct chat *chat, const struct actor *by,
			  struct room *room, const char *topic,
			  struct refusal *why)
{
	enum rank rank = room_rank(room, by->user, by->roles);
	struct room_facts facts;
	enum err e = permit_demand(PERMIT_TOPIC, rank, room_name(room), why);

	if (e == ERR_OK)
		e = words_check(room, by->person, MESSAGE_TOPIC, topic, why);
	if (e != ERR_OK)
		return e;
	room_facts(room, &facts);
	e = modes_topic(&facts.modes, rank, topic, why);
	if (e == ERR_OK && rank < RANK_OP)
		e = flood_tell(chat, by->person, NULL, why);
	if (e != ERR_OK)
		return e;
	snprintf(facts.topic, sizeof(facts.topic), "%s", topic);
	memcpy(facts.topic_by, by->name, sizeof(facts.topic_by));
	facts.topic_ms = clock_wall_ms();
	e = roster_put_room(chat->store, &facts);
	if (e == ERR_OK)
		room_set_topic(room, topic, facts.topic_by, facts.topic_ms,
			       by->origin);
	return e;
}

enum err chat_set_topic(struct chat *chat, const struct actor *by,
			struct room *room, const char *topic,
			struct refusal *why)
{
	enum err e;

	if (by->user == 0 && by->person != NULL)
		return ERR_USERS_ONLY;
	if (strlen(topic) > TOPIC_MOST)
		return ERR_BAD_INPUT;
	if (by->person != NULL && !room_has(room, by->person) &&
	    room_rank(room, by->user, by->roles) < RANK_OP)
		return ERR_NO_ROOM;
	mutex_lock(&chat->change);
	e = chat_check_actor(by);
	if (e == ERR_OK)
		e = set_topic(chat, by, room, topic, why);
	mutex_unlock(&chat->change);
	return e;
}
