#include "bank/departures.h"

#include "base/mem.h"
#include "base/thread.h"

struct departures {
	struct mutex lock; /* rank: LOCK_ORDERS */
	user_id *list GUARDED_BY(lock);
	size_t count GUARDED_BY(lock);
	size_t room GUARDED_BY(lock);
};

struct departures *departures_new(void)
{
	struct departures *departures = mem_zero(sizeof(*departures));

	mutex_init(&departures->lock, LOCK_ORDERS);
	return departures;
}

void departures_free(struct departures **departures)
{
	if (*departures == NULL)
		return;
	mem_free((*departures)->list);
	mutex_fini(&(*departures)->lock);
	mem_free(*departures);
	*departures = NULL;
}

static size_t find_locked(const struct departures *departures, user_id user)
	REQUIRES(departures->lock)
{
	size_t i = 0;

	while (i < departures->count && departures->list[i] != user)
		i++;
	return i;
}

void departures_add(struct departures *departures, user_id user)
{
	mutex_lock(&departures->lock);
	if (find_locked(departures, user) == departures->count) {
		if (departures->count == departures->room) {
			departures->room += 16 + departures->room;
			departures->list = mem_resize(
				departures->list,
				departures->room * sizeof(*departures->list));
		}
		departures->list[departures->count++] = user;
	}
	mutex_unlock(&departures->lock);
}

void departures_drop(struct departures *departures, user_id user)
{
	size_t i;

	mutex_lock(&departures->lock);
	i = find_locked(departures, user);
	if (i < departures->count)
		departures->list[i] = departures->list[--departures->count];
	mutex_unlock(&departures->lock);
}

bool departures_has(struct departures *departures, user_id user)
{
	bool has;

	mutex_lock(&departures->lock);
	has = find_locked(departures, user) < departures->count;
	mutex_unlock(&departures->lock);
	return has;
}
