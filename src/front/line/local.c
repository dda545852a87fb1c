#include "front/line/local.h"

#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/ignore/ignore_people.h"
#include "chat/message.h"
#include "command/room_text.h"
#include "front/line/render.h"
#include "net/outbox.h"

/* In a person's slot while the person has sessions here. */
struct local_person {
	struct list sessions; /* struct line_session.person_link */
};

/* In a room's slot while sessions here receive it. */
struct local_room {
	struct room *room; /* a reference */
	struct channel channel;
	size_t seats;
};

struct local_seat {
	struct seat seat;
	struct line_session *session;
	struct local_room *room;
	struct list session_link; /* in struct line_session.seats */
};

static void receive(struct worker *worker, void *to, void *arg);

static void deliver(struct subscriber *self, struct message *m)
{
	struct local *local = CONTAINER(self, struct local, subscriber);

	worker_post(local->worker, receive, local, message_ref(m));
}

void local_init(struct local *local, struct worker *worker, unsigned index)
{
	local->subscriber.deliver = deliver;
	local->worker = worker;
	local->index = index;
	buf_init(&local->line);
	local->except = NULL;
	local->except_room = 0;
}

void local_fini(struct local *local)
{
	buf_fini(&local->line);
	mem_free(local->except);
}

void local_enter(struct local *local, struct line_session *ls)
{
	struct person *person = ls->caller.person;
	struct local_person *lp = person_slot(person, local->index);

	if (lp == NULL) {
		lp = mem_zero(sizeof(*lp));
		list_init(&lp->sessions);
		person_set_slot(person, local->index, lp);
	}
	list_append(&lp->sessions, &ls->person_link);
}

static struct local_seat *find_seat(struct line_session *ls,
				    const struct room *room)
{
	struct list *l;
	struct list *after;

	list_foreach (l, after, &ls->seats) {
		struct local_seat *seat =
			LIST_ITEM(l, struct local_seat, session_link);

		if (seat->room->room == room)
			return seat;
	}
	return NULL;
}

static void seat_session(struct local *local, struct line_session *ls,
			 struct room *room)
{
	struct local_room *lr = room_slot(room, local->index);
	struct local_seat *seat = mem_zero(sizeof(*seat));

	if (lr == NULL) {
		lr = mem_zero(sizeof(*lr));
		lr->room = room_ref(room);
		channel_init(&lr->channel, worker_turn(local->worker));
		room_set_slot(room, local->index, lr);
	}
	seat->room = lr;
	seat->session = ls;
	lr->seats++;
	list_init(&seat->session_link);
	list_append(&ls->seats, &seat->session_link);
	seat_take(&seat->seat, &lr->channel,
		  session_outbox(ls->caller.session));
}

static void unseat_session(struct local *local, struct local_seat *seat)
{
	struct local_room *lr = seat->room;

	seat_leave(&seat->seat);
	list_remove(&seat->session_link);
	mem_free(seat);
	if (--lr->seats > 0)
		return;
	room_set_slot(lr->room, local->index, NULL);
	channel_fini(&lr->channel);
	room_unref(&lr->room);
	mem_free(lr);
}

void local_leave(struct local *local, struct line_session *ls)
{
	struct person *person = ls->caller.person;
	struct local_person *lp = person_slot(person, local->index);

	while (!list_is_empty(&ls->seats))
		unseat_session(local,
			       LIST_ITEM(ls->seats.next, struct local_seat,
					 session_link));
	list_remove(&ls->person_link);
	if (!list_is_empty(&lp->sessions))
		return;
	person_set_slot(person, local->index, NULL);
	mem_free(lp);
}

static void leave_out(struct local *local, struct session *session)
{
	if (local->except_count == local->except_room) {
		local->except_room += 64;
		local->except = mem_resize(local->except,
					   local->except_room *
						   sizeof(local->except[0]));
	}
	local->except[local->except_count++] = session_outbox(session);
}

/* Who ignores the speaker; the speaker itself is left out already. */
static void leave_out_ignorers(struct local *local, const struct local_room *lr,
			       const struct message *m)
{
	struct list *l;
	struct list *after;

	list_foreach (l, after, &lr->channel.seats) {
		const struct local_seat *seat =
			LIST_ITEM(l, struct local_seat, seat.link);
		const struct caller *caller = &seat->session->caller;

		if (session_tag(caller->session) != m->origin &&
		    ignore_hides(caller->person, m))
			leave_out(local, caller->session);
	}
}

static void tell_mentioned(const struct local *local, const struct person *p,
			   const struct message *m)
{
	struct local_person *lp = person_slot(p, local->index);
	struct list *l;
	struct list *after;
	AUTO(buf_fini) struct buf text = { 0 };

	if (lp == NULL)
		return;
	room_text_mentioned(m, &text);
	list_foreach (l, after, &lp->sessions) {
		struct line_session *ls =
			LIST_ITEM(l, struct line_session, person_link);

		if (find_seat(ls, m->room) != NULL)
			line_say(ls, false, buf_text(&text));
	}
}

static void receive_mentioned(const struct local *local,
			      const struct message *m)
{
	for (size_t i = 0; i < m->people_count; i++)
		tell_mentioned(local, m->people[i], m);
}

static void receive_in_room(struct local *local, const struct message *m)
{
	struct local_room *lr = room_slot(m->room, local->index);
	struct session *origin = session_tagged(local->worker, m->origin);

	if (lr == NULL)
		return;
	local->except_count = 0;
	if (origin != NULL)
		leave_out(local, origin);
	if (m->is_shunned)
		leave_out_ignorers(local, lr, m);
	buf_reset(&local->line);
	render_message(m, false, &local->line);
	channel_append(&lr->channel, buf_at(&local->line),
		       buf_len(&local->line), local->except,
		       local->except_count);
}

static void tell_replay(struct local *local, struct line_session *ls,
			const struct message *m, size_t from, size_t to,
			int64_t now_ms)
{
	if (from == to)
		return;
	buf_reset(&local->line);
	for (size_t i = from; i < to; i++) {
		if (!ignore_hides(ls->caller.person, m->replay[i]))
			render_replay(m->replay[i], now_ms, &local->line);
	}
	session_write(ls->caller.session, buf_at(&local->line),
		      buf_len(&local->line));
}

static void tell_entered(struct local *local, struct line_session *ls,
			 const struct message *m)
{
	uint64_t tag = session_tag(ls->caller.session);
	bool is_asked = m->origin == tag || m->session == tag;
	AUTO(buf_fini) struct buf text = { 0 };
	int64_t now_ms = clock_wall_ms();

	room_text_topic(m->room, &text);
	line_say(ls, is_asked, buf_text(&text));
	buf_reset(&text);
	room_text_people(m->room, &text);
	line_say(ls, is_asked, buf_text(&text));
	buf_reset(&text);
	room_text_history(m->room, &text);
	if (buf_len(&text) > 0)
		line_say(ls, is_asked, buf_text(&text));
	tell_replay(local, ls, m, 0, m->missed_at, now_ms);
	buf_reset(&text);
	room_text_missed(m, now_ms, &text);
	if (buf_len(&text) > 0)
		line_say(ls, is_asked, buf_text(&text));
	tell_replay(local, ls, m, m->missed_at, m->replay_count, now_ms);
}

static void receive_entered(struct local *local, struct line_session *ls,
			    const struct message *m)
{
	if (find_seat(ls, m->room) != NULL)
		return;
	tell_entered(local, ls, m);
	seat_session(local, ls, m->room);
}

static void receive_exited(struct local *local, struct line_session *ls,
			   const struct message *m)
{
	struct local_seat *seat = find_seat(ls, m->room);

	if (seat != NULL)
		unseat_session(local, seat);
	if (ls->caller.room == m->room)
		caller_set_room(&ls->caller, NULL);
}

static void receive_one(struct local *local, struct line_session *ls,
			const struct message *m)
{
	switch (m->kind) {
	case MESSAGE_ENTERED:
		receive_entered(local, ls, m);
		break;
	case MESSAGE_EXITED:
		receive_exited(local, ls, m);
		break;
	default:
		if (m->kind == MESSAGE_PRIVATE)
			snprintf(ls->caller.reply_to,
				 sizeof(ls->caller.reply_to), "%s", m->from);
		buf_reset(&local->line);
		render_message(m, ls->is_machine, &local->line);
		session_write(ls->caller.session, buf_at(&local->line),
			      buf_len(&local->line));
		break;
	}
}

static void receive_by_person(struct local *local, const struct message *m)
{
	struct local_person *lp = person_slot(m->to, local->index);
	struct list *l;
	struct list *after;

	if (lp == NULL)
		return;
	list_foreach (l, after, &lp->sessions) {
		struct line_session *ls =
			LIST_ITEM(l, struct line_session, person_link);
		uint64_t tag = session_tag(ls->caller.session);

		if (m->session != 0 && m->session != tag)
			continue;
		if (m->kind != MESSAGE_ENTERED && m->origin == tag)
			continue;
		receive_one(local, ls, m);
	}
}

static void receive(struct worker *worker, void *to, void *arg)
{
	struct local *local = to;
	struct message *m = arg;

	(void)worker;
	if (m->to != NULL)
		receive_by_person(local, m);
	else if (m->kind == MESSAGE_MENTIONED)
		receive_mentioned(local, m);
	else
		receive_in_room(local, m);
	message_unref(&m);
}
