/*
 * How sessions end. A socket that is closed while bytes lie in it unread
 * resets the connection, and what the peer has not read yet is lost to it,
 * the last words first of all. So a session that was told why it ends is
 * closed in three steps: its last words are sent; our direction is shut down;
 * and what the peer still sends is thrown away until the peer ends, or for a
 * bounded time and a bounded number of bytes.
 */
#include <assert.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/worker_fields.h"

enum {
	/* For the peer to take its last words, */
	CLOSING_MS = 5000,
	/* and then to end. */
	LINGER_MS = 2000,
	DISCARD_MOST = 8 << 20,
	DISCARD_PER_TURN = 256 << 10,
};

static void leave_slot(struct session *s)
{
	struct slot *slot = &s->worker->slots[s->handle.slot];

	if (slot->session != s)
		return;
	slot->session = NULL;
	slot->next_free = s->worker->first_free;
	s->worker->first_free = s->handle.slot;
}

/* Its service has been told, but its connection still exists. */
static bool has_left(const struct session *s)
{
	return s->state == SESSION_LINGERING ||
	       (s->state == SESSION_CLOSING && list_is_empty(&s->closing_link));
}

/* Once the daemon stops, it waits only for who was still talking. */
static bool is_done(const struct session *s)
{
	return s->state == SESSION_LINGERING &&
	       (s->has_peer_ended ||
		(s->worker->is_draining && s->discarded == 0));
}

/* Throws a piece away. False when there is nothing more for now. */
static bool discard_piece(struct session *s)
{
	struct worker *w = s->worker;
	size_t len = 0;

	switch (stream_discard(&s->stream, w->scratch, sizeof(w->scratch),
			       &len)) {
	case STREAM_OK:
		s->discarded += (uint32_t)len;
		if (s->discarded > DISCARD_MOST)
			session_end(s);
		break;
	case STREAM_AGAIN:
		return false;
	case STREAM_CLOSED:
		s->has_peer_ended = true;
		return false;
	case STREAM_FAILED:
		session_end(s);
		break;
	}
	return s->state != SESSION_ENDED;
}

void session_discard(struct session *s)
{
	uint32_t until = s->discarded + DISCARD_PER_TURN;
	bool has_more = true;

	list_remove(&s->ready_link);
	if (!has_left(s))
		return;
	while (has_more && !s->has_peer_ended && s->discarded < until)
		has_more = discard_piece(s);
	if (s->state == SESSION_ENDED)
		return;
	if (is_done(s))
		session_end(s);
	else if (has_more && !s->has_peer_ended)
		list_append(&s->worker->ready, &s->ready_link);
}

void session_linger(struct session *s)
{
	s->state = SESSION_LINGERING;
	stream_finish(&s->stream);
	timers_set(&s->worker->timers, &s->timer, clock_mono_ms() + LINGER_MS);
	session_discard(s);
}

void session_left(struct session *s)
{
	if (s->refusal == ERR_OK)
		s->listener->service->closed(s, s->why);
	s->data = NULL;
	leave_slot(s);
	if (s->why == ERR_IO && s->outbox.is_broken) {
		session_end(s);
		return;
	}
	timers_set(&s->worker->timers, &s->timer, clock_mono_ms() + CLOSING_MS);
	session_flush(s);
	/* A peer that writes may read only when it was let write all. */
	if (s->state == SESSION_CLOSING)
		session_discard(s);
}

static void cut_off(struct session *s)
{
	session_log(s, &s->worker->slow_log, "slow reader",
		    "limits.output_queue is full");
	outbox_drop(&s->outbox);
	session_refuse(s, ERR_SLOW_READER);
}

void session_flush(struct session *s)
{
	if (s->state == SESSION_LINGERING)
		return;
	outbox_flush(&s->outbox);
	if (s->state == SESSION_OPEN) {
		if (s->outbox.is_broken)
			session_close(s, ERR_IO);
		else if (s->outbox.is_over)
			cut_off(s);
		else
			session_go_on(s);
	} else if (has_left(s) && s->outbox.is_broken) {
		session_end(s);
	} else if (has_left(s) && outbox_is_empty(&s->outbox)) {
		session_linger(s);
	}
}

void session_end(struct session *s)
{
	struct worker *w = s->worker;

	if (s->state == SESSION_ENDED)
		return;
	s->state = SESSION_ENDED;
	timers_clear(&w->timers, &s->timer);
	list_remove(&s->ready_link);
	list_remove(&s->all_link);
	list_remove(&s->closing_link);
	list_append(&w->ended, &s->closing_link);
	leave_slot(s);
	outbox_fini(&s->outbox);
	stream_close(&s->stream);
	buf_wipe(&s->input);
	w->session_count--;
	if (s->is_counted)
		census_leave(w->census, &s->peer);
	else
		w->lounge--;
}

void session_free(struct session *s)
{
	assert(s->state == SESSION_ENDED);
	list_remove(&s->closing_link);
	mem_free(s);
}

void session_stop(struct session *s)
{
	if (s->state == SESSION_HANDSHAKE)
		session_end(s);
	else if (s->state == SESSION_LINGERING)
		session_discard(s);
	if (s->state != SESSION_OPEN || s->parked > 0)
		return;
	s->listener->service->stopping(s);
	session_close(s, ERR_SHUTTING_DOWN);
}
