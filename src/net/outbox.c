#include "net/outbox.h"

#include <assert.h>
#include <string.h>

/* A batch that grew beyond this in one turn gives its memory back. */
enum { BATCH_KEPT = 64 * 1024 };

void outbox_turn_init(struct outbox_turn *turn)
{
	list_init(&turn->outboxes);
	list_init(&turn->channels);
	turn->lines = 0;
}

void outbox_init(struct outbox *o, struct outbox_turn *turn,
		 struct stream *stream, uint32_t limit)
{
	o->stream = stream;
	o->turn = turn;
	buf_init(&o->queue);
	o->following = NULL;
	o->limit = limit;
	o->is_over = false;
	o->is_broken = false;
	o->is_left_out = false;
	list_init(&o->turn_link);
}

void outbox_fini(struct outbox *o)
{
	assert(o->following == NULL);
	list_remove(&o->turn_link);
	buf_fini(&o->queue);
}

static void note_in_turn(struct outbox *o)
{
	if (list_is_empty(&o->turn_link))
		list_append(&o->turn->outboxes, &o->turn_link);
}

/* Sends and keeps in the queue what the stream did not take. */
static void send_rest(struct outbox *o)
{
	size_t taken;

	if (buf_len(&o->queue) == 0) {
		if (stream_resume(o->stream) == STREAM_FAILED)
			o->is_broken = true;
		return;
	}
	if (stream_send(o->stream, buf_at(&o->queue), buf_len(&o->queue),
			&taken) == STREAM_FAILED)
		o->is_broken = true;
	buf_take(&o->queue, taken);
	if (buf_len(&o->queue) == 0)
		buf_fini(&o->queue); /* idle sessions keep no memory */
}

/* A turn may have more for a peer than the limit: what it takes is sent. */
static size_t send_early(struct outbox *o, const void *bytes, size_t len)
{
	size_t taken = 0;

	send_rest(o);
	if (buf_len(&o->queue) == 0 && !o->is_broken &&
	    stream_send(o->stream, bytes, len, &taken) == STREAM_FAILED)
		o->is_broken = true;
	return taken;
}

/* What is left of a line of which the peer may have a part. */
static size_t line_rest(const char *bytes, size_t len)
{
	const char *end = len == 0 ? NULL : memchr(bytes, '\n', len);

	return end == NULL ? 0 : (size_t)(end - bytes) + 1;
}

static void queue(struct outbox *o, const char *bytes, size_t len)
{
	size_t sent = 0;

	note_in_turn(o);
	if (o->is_over || o->is_broken)
		return;
	if (buf_len(&o->queue) + len > o->limit)
		sent = send_early(o, bytes, len);
	if (buf_len(&o->queue) + len - sent > o->limit) {
		o->is_over = true;
		len = sent == 0 ? 0
				: sent + line_rest(bytes + sent, len - sent);
	}
	buf_add(&o->queue, bytes + sent, len - sent);
}

/* Copies its part of the batch to its queue; from now on line by line. */
static void stop_following(struct outbox *o)
{
	struct seat *seat = o->following;
	const struct buf *batch;

	if (seat == NULL)
		return;
	batch = &seat->channel->batch;
	o->following = NULL;
	if (buf_len(batch) > o->follow_from)
		queue(o, buf_at(batch) + o->follow_from,
		      buf_len(batch) - o->follow_from);
	list_append(&seat->channel->singly, &seat->singly_link);
}

void outbox_write(struct outbox *o, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	stop_following(o);
	queue(o, bytes, len);
}

bool outbox_is_empty(const struct outbox *o)
{
	return o->following == NULL && buf_len(&o->queue) == 0 &&
	       !o->stream->is_stuck;
}

void outbox_drop(struct outbox *o)
{
	stop_following(o);
	buf_cut(&o->queue, line_rest(buf_at(&o->queue), buf_len(&o->queue)));
	o->is_over = false;
}

void outbox_flush(struct outbox *o)
{
	stop_following(o);
	if (!o->is_broken)
		send_rest(o);
}

void channel_init(struct channel *c, struct outbox_turn *turn)
{
	c->turn = turn;
	list_init(&c->seats);
	list_init(&c->singly);
	buf_init(&c->batch);
	list_init(&c->turn_link);
}

void channel_fini(struct channel *c)
{
	assert(list_is_empty(&c->seats));
	list_remove(&c->turn_link);
	buf_fini(&c->batch);
}

static bool has_batch(const struct channel *c)
{
	return !list_is_empty(&c->turn_link);
}

void seat_take(struct seat *seat, struct channel *c, struct outbox *o)
{
	seat->channel = c;
	seat->outbox = o;
	list_init(&seat->singly_link);
	list_init(&seat->link);
	list_append(&c->seats, &seat->link);
	if (has_batch(c)) /* it has no part in what is there already */
		list_append(&c->singly, &seat->singly_link);
}

void seat_leave(struct seat *seat)
{
	if (seat->channel == NULL)
		return;
	if (seat->outbox->following == seat)
		stop_following(seat->outbox);
	list_remove(&seat->singly_link);
	list_remove(&seat->link);
	seat->channel = NULL;
}

/* Lets every outbox that has nothing else to send follow the new batch. */
static void begin_batch(struct channel *c)
{
	struct list *l;
	struct list *after;

	list_append(&c->turn->channels, &c->turn_link);
	list_foreach (l, after, &c->seats) {
		struct seat *seat = LIST_ITEM(l, struct seat, link);
		struct outbox *o = seat->outbox;

		if (outbox_is_empty(o) && !o->is_broken) {
			o->following = seat;
			o->follow_from = 0;
		} else {
			stop_following(o);
			list_append(&c->singly, &seat->singly_link);
		}
	}
}

/* A follower that is to miss the next line needs its own queue. */
static void leave_out(const struct channel *c, struct outbox *o)
{
	o->is_left_out = true; /* it may follow another channel */
	if (o->following != NULL && o->following->channel == c)
		stop_following(o);
}

void channel_append(struct channel *c, const void *bytes, size_t len,
		    struct outbox *const *except, size_t count)
{
	struct list *l;
	struct list *after;

	if (list_is_empty(&c->seats))
		return;
	if (!has_batch(c))
		begin_batch(c);
	for (size_t i = 0; i < count; i++)
		leave_out(c, except[i]);
	list_foreach (l, after, &c->singly) {
		struct outbox *o =
			LIST_ITEM(l, struct seat, singly_link)->outbox;

		if (!o->is_left_out)
			outbox_write(o, bytes, len);
	}
	for (size_t i = 0; i < count; i++)
		except[i]->is_left_out = false;
	buf_add(&c->batch, bytes, len);
	c->turn->lines++;
}

static void send_part(struct outbox *o, const struct buf *batch)
{
	const char *at = buf_at(batch) + o->follow_from;
	size_t len = buf_len(batch) - o->follow_from;
	size_t taken;

	o->following = NULL;
	if (len == 0)
		return;
	if (stream_send(o->stream, at, len, &taken) == STREAM_FAILED) {
		o->is_broken = true;
		note_in_turn(o);
	} else if (taken < len) {
		queue(o, at + taken, len - taken);
	}
}

void channel_flush(struct channel *c)
{
	struct list *l;
	struct list *after;

	list_foreach (l, after, &c->seats) {
		struct seat *seat = LIST_ITEM(l, struct seat, link);

		list_remove(&seat->singly_link);
		if (seat->outbox->following == seat)
			send_part(seat->outbox, &c->batch);
	}
	if (c->batch.room > BATCH_KEPT)
		buf_fini(&c->batch);
	buf_reset(&c->batch);
	list_remove(&c->turn_link);
}
