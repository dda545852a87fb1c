#include "chat/marker/marker_queue.h"

#include <assert.h>
#include <search.h>
#include <string.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/thread.h"

enum {
	/* Longer than a login takes. */
	REMEMBERED_MS = 120 * 1000,
};

struct slip {
	struct marker_note note;
	int64_t written_ms; /* monotonic */
	struct list link;   /* in waiting, or in written */
};

struct marker_queue {
	struct mutex lock;            /* rank: LOCK_TABLE */
	void *slips GUARDED_BY(lock); /* a tsearch() tree */
	size_t count GUARDED_BY(lock);
	struct list waiting GUARDED_BY(lock);
	struct list written GUARDED_BY(lock); /* the oldest first */
};

static int compare(const void *a, const void *b)
{
	const struct marker_note *x = &((const struct slip *)a)->note;
	const struct marker_note *y = &((const struct slip *)b)->note;

	if (x->user != y->user)
		return x->user < y->user ? -1 : 1;
	return ((uintptr_t)x->room > (uintptr_t)y->room) -
	       ((uintptr_t)x->room < (uintptr_t)y->room);
}

struct marker_queue *marker_queue_new(void)
{
	struct marker_queue *queue = mem_zero(sizeof(*queue));

	mutex_init(&queue->lock, LOCK_TABLE);
	list_init(&queue->waiting);
	list_init(&queue->written);
	return queue;
}

static void drop_locked(struct marker_queue *queue, struct slip *slip)
{
	list_remove(&slip->link);
	tdelete(slip, &queue->slips, compare);
	mem_free(slip);
	queue->count--;
}

static void drop_all_locked(struct marker_queue *queue, struct list *list)
{
	while (!list_is_empty(list))
		drop_locked(queue, LIST_ITEM(list->next, struct slip, link));
}

void marker_queue_free(struct marker_queue **queue)
{
	struct marker_queue *q = *queue;

	if (q == NULL)
		return;
	*queue = NULL;
	mutex_lock(&q->lock);
	drop_all_locked(q, &q->waiting);
	drop_all_locked(q, &q->written);
	mutex_unlock(&q->lock);
	mutex_fini(&q->lock);
	mem_free(q);
}

static struct slip *find_locked(struct marker_queue *queue, user_id user,
				const struct room *room)
{
	uintptr_t address = (uintptr_t)room;
	struct slip key = { .note = { user, (struct room *)address, { 0 } } };
	void *node = tfind(&key, &queue->slips, compare);

	return node == NULL ? NULL : *(struct slip **)node;
}

static struct slip *add_locked(struct marker_queue *queue,
			       const struct marker_note *note)
{
	struct slip *slip;
	void *node;

	if (queue->count >= MARKERS_WAITING_MOST &&
	    !list_is_empty(&queue->written))
		drop_locked(queue,
			    LIST_ITEM(queue->written.next, struct slip, link));
	if (queue->count >= MARKERS_WAITING_MOST)
		return NULL;
	slip = mem_zero(sizeof(*slip));
	slip->note = *note;
	list_init(&slip->link);
	node = tsearch(slip, &queue->slips, compare);
	assert(node != NULL && *(struct slip **)node == slip);
	(void)node;
	queue->count++;
	return slip;
}

void marker_queue_put(struct marker_queue *queue,
		      const struct marker_note *note)
{
	struct slip *slip;

	mutex_lock(&queue->lock);
	slip = find_locked(queue, note->user, note->room);
	if (slip == NULL)
		slip = add_locked(queue, note);
	if (slip != NULL) {
		slip->note = *note;
		list_remove(&slip->link);
		list_append(&queue->waiting, &slip->link);
	}
	mutex_unlock(&queue->lock);
}

bool marker_queue_find(struct marker_queue *queue, user_id user,
		       const struct room *room, struct marker *marker_r)
{
	const struct slip *slip;

	mutex_lock(&queue->lock);
	slip = find_locked(queue, user, room);
	if (slip != NULL)
		*marker_r = slip->note.marker;
	mutex_unlock(&queue->lock);
	return slip != NULL;
}

bool marker_queue_is_due(struct marker_queue *queue)
{
	bool is_due;

	mutex_lock(&queue->lock);
	is_due = !list_is_empty(&queue->waiting);
	mutex_unlock(&queue->lock);
	return is_due;
}

size_t marker_queue_peek(struct marker_queue *queue, struct marker_note *list_r,
			 size_t most)
{
	struct list *l;
	size_t count = 0;

	mutex_lock(&queue->lock);
	for (l = queue->waiting.next; l != &queue->waiting && count < most;
	     l = l->next)
		list_r[count++] = LIST_ITEM(l, struct slip, link)->note;
	mutex_unlock(&queue->lock);
	return count;
}

static bool is_same(const struct marker *a, const struct marker *b)
{
	return a->id == b->id && a->time_ms == b->time_ms;
}

void marker_queue_done(struct marker_queue *queue,
		       const struct marker_note *list, size_t count)
{
	int64_t now_ms = clock_mono_ms();

	mutex_lock(&queue->lock);
	for (size_t i = 0; i < count; i++) {
		struct slip *slip =
			find_locked(queue, list[i].user, list[i].room);

		if (slip == NULL ||
		    !is_same(&slip->note.marker, &list[i].marker))
			continue;
		slip->written_ms = now_ms;
		list_remove(&slip->link);
		list_append(&queue->written, &slip->link);
	}
	mutex_unlock(&queue->lock);
}

void marker_queue_trim(struct marker_queue *queue)
{
	int64_t then_ms = clock_mono_ms() - REMEMBERED_MS;

	mutex_lock(&queue->lock);
	while (!list_is_empty(&queue->written)) {
		struct slip *oldest =
			LIST_ITEM(queue->written.next, struct slip, link);

		if (oldest->written_ms > then_ms)
			break;
		drop_locked(queue, oldest);
	}
	mutex_unlock(&queue->lock);
}
