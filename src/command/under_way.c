#include "command/under_way.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"

enum { SHELF_BITS = 10, LOOKED_AT_MOST = 2048 };

struct shelf {
	struct mutex lock; /* rank: LOCK_TABLE */
	struct list ids GUARDED_BY(lock);
};

struct under_way {
	struct shelf shelves[1 << SHELF_BITS];
};

struct under_way *under_way_new(void)
{
	struct under_way *under_way = mem_zero(sizeof(*under_way));

	for (size_t i = 0; i < COUNT(under_way->shelves); i++) {
		struct shelf *shelf = &under_way->shelves[i];

		mutex_init(&shelf->lock, LOCK_TABLE);
		list_init(&shelf->ids);
	}
	return under_way;
}

void under_way_free(struct under_way **under_way)
{
	struct under_way *u = *under_way;

	*under_way = NULL;
	if (u == NULL)
		return;
	for (size_t i = 0; i < COUNT(u->shelves); i++)
		mutex_fini(&u->shelves[i].lock);
	mem_free(u);
}

/* Whoever fills one with many ids is told that they are under way, no more. */
static struct shelf *shelf_of(struct under_way *under_way,
			      const struct uuid *id)
{
	uint64_t halves[2];

	memcpy(halves, id->bytes, sizeof(halves));
	halves[0] ^= halves[1] * UINT64_C(0x9e3779b97f4a7c15);
	halves[0] ^= halves[0] >> 32;
	halves[0] *= UINT64_C(0xbf58476d1ce4e5b9);
	return &under_way->shelves[halves[0] >> (64 - SHELF_BITS)];
}

void under_way_begin(struct under_way *under_way, struct under_way_id *one,
		     user_id user, const struct uuid *id, const void *by)
{
	struct shelf *shelf = shelf_of(under_way, id);

	one->where = under_way;
	one->id = *id;
	one->user = user;
	one->by = by;
	mutex_lock(&shelf->lock);
	list_append(&shelf->ids, &one->link);
	mutex_unlock(&shelf->lock);
}

void under_way_end(struct under_way_id *one)
{
	struct shelf *shelf;

	if (one->where == NULL)
		return;
	shelf = shelf_of(one->where, &one->id);
	one->where = NULL;
	mutex_lock(&shelf->lock);
	list_remove(&one->link);
	mutex_unlock(&shelf->lock);
}

/* Whoever asked first: by, when nobody did; NULL: there are too many. */
static const void *first_locked(struct shelf *shelf, user_id user,
				const struct uuid *id, const void *by)
	REQUIRES(shelf->lock)
{
	struct list *link = shelf->ids.next;

	for (unsigned i = 0; link != &shelf->ids; link = link->next, i++) {
		const struct under_way_id *one =
			LIST_ITEM(link, struct under_way_id, link);

		if (i == LOOKED_AT_MOST)
			return NULL;
		if (one->user == user && uuid_equal(&one->id, id))
			return one->by;
	}
	return by;
}

bool under_way_before(struct under_way *under_way, user_id user,
		      const struct uuid *id, const void *by)
{
	struct shelf *shelf = shelf_of(under_way, id);
	const void *first;

	mutex_lock(&shelf->lock);
	first = first_locked(shelf, user, id, by);
	mutex_unlock(&shelf->lock);
	return first != by;
}
