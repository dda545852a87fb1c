#include "chat/sanction/docket.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/kick.h"
#include "chat/sanction/sanction_change.h"
#include "chat/sanction/sentence.h"

/* Less is how clocks are kept right. */
enum { JUMP_LEAST_MS = 60 * 1000 };

void docket_fini(struct docket *docket)
{
	for (size_t i = 0; i < docket->count; i++)
		subject_unref(&docket->list[i].who);
	mem_free(docket->list);
	memset(docket, 0, sizeof(*docket));
}

void docket_add(struct docket *docket, const struct charge *charge)
{
	struct charge *mine;

	if (docket->count == DOCKET_MOST)
		return;
	if (docket->list == NULL)
		docket->list = mem_array(DOCKET_MOST, sizeof(*mine));
	mine = &docket->list[docket->count++];
	*mine = *charge;
	subject_ref(mine->who);
}

static const struct actor daemon;

/* With the change lock. Who has left by now has gone further than that. */
static void kick(struct chat *chat, struct room *room,
		 const struct charge *charge)
{
	struct person *who = chat_person(chat, charge->who->name);
	enum err e = ERR_OK;

	if (who != NULL && person_user(who) == charge->who->user &&
	    room_has(room, who))
		e = kick_carry_out(chat, &daemon, room, who, charge->by,
				   charge->reason);
	(void)e; /* as below */
	person_unref(&who);
}

/* With the change lock. */
static void record(struct chat *chat, struct room *room,
		   const struct charge *charge)
{
	int64_t now_ms = clock_wall_ms();
	struct sanction s = { .kind = (enum sanction_kind)charge->kind,
			      .by_user = charge->by_user,
			      .by_rank = charge->by_rank,
			      .since_ms = now_ms,
			      .until_ms = now_ms + charge->seconds * 1000 };

	if (charge->who->user != 0)
		mask_of_user(charge->who->user, charge->who->name, &s.mask);
	else
		mask_of_guest(charge->who, &s.mask);
	memcpy(s.by, charge->by, sizeof(s.by));
	memcpy(s.reason, charge->reason, sizeof(s.reason));
	/* What cannot be recorded is not done, nor what an op did meanwhile. */
	if (sentence_check_lists(room, &s, NULL) != ERR_OK ||
	    sentence_carry_out(chat, &daemon, room, &s, NULL) != ERR_OK)
		return;
}

/* With the change lock. Not an act of anybody: their time is over. */
static void sweep(struct chat *chat, struct room *room)
{
	int64_t then_ms = clock_wall_ms() - SANCTION_KEPT_MS;
	uint64_t over[SANCTIONS_MOST];
	struct sanction_change change = { .store = chat->store,
					  .room = room,
					  .dropped = over };

	mutex_lock(&room->lock);
	change.drop_count =
		sanctions_list_over(&room->sanctions, then_ms, over);
	mutex_unlock(&room->lock);
	if (change.drop_count > 0 &&
	    store_run(chat->store, sanction_change_write, &change) == ERR_OK)
		sanction_change_apply(&change);
}

void docket_watch_clock(struct chat *chat)
{
	int64_t mono_ms = clock_mono_ms();
	int64_t ahead_ms = clock_wall_ms() - mono_ms;
	int64_t jump_ms = ahead_ms - chat->wall_ahead_ms;

	if (jump_ms > -JUMP_LEAST_MS && jump_ms < JUMP_LEAST_MS)
		return;
	chat->wall_ahead_ms = ahead_ms;
	chat->sweep_ms = mono_ms + SANCTION_KEPT_MS;
}

void docket_tick(struct chat *chat, struct room *room)
{
	struct docket docket;
	int64_t first_end_ms;
	bool must_sweep;

	mutex_lock(&room->lock);
	docket = room->docket;
	memset(&room->docket, 0, sizeof(room->docket));
	first_end_ms = room->sanctions.first_end_ms;
	mutex_unlock(&room->lock);
	must_sweep = first_end_ms != 0 &&
		     first_end_ms + SANCTION_KEPT_MS <= clock_wall_ms() &&
		     clock_mono_ms() >= chat->sweep_ms;
	if (docket.count == 0 && !must_sweep)
		return;
	mutex_lock(&chat->change);
	for (size_t i = 0; i < docket.count; i++) {
		if (docket.list[i].kind == DOCKET_KICK)
			kick(chat, room, &docket.list[i]);
		else
			record(chat, room, &docket.list[i]);
	}
	if (must_sweep)
		sweep(chat, room);
	mutex_unlock(&chat->change);
	docket_fini(&docket);
}
