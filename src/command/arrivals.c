#include "command/arrivals.h"

#include "base/mem.h"
#include "base/thread.h"

struct arrivals {
	struct mutex lock; /* rank: LOCK_TABLE */
	struct list list GUARDED_BY(lock);
};

struct arrivals *arrivals_new(void)
{
	struct arrivals *arrivals = mem_zero(sizeof(*arrivals));

	mutex_init(&arrivals->lock, LOCK_TABLE);
	list_init(&arrivals->list);
	return arrivals;
}

void arrivals_free(struct arrivals **arrivals)
{
	if (*arrivals == NULL)
		return;
	mutex_fini(&(*arrivals)->lock);
	mem_free(*arrivals);
	*arrivals = NULL;
}

void arrival_init(struct arrival *arrival)
{
	list_init(&arrival->link);
	arrival->user = 0;
	arrival->code = ERR_OK;
}

void arrivals_begin(struct arrivals *arrivals, struct arrival *arrival,
		    user_id user)
{
	mutex_lock(&arrivals->lock);
	arrival->user = user;
	arrival->code = ERR_OK;
	list_append(&arrivals->list, &arrival->link);
	mutex_unlock(&arrivals->lock);
}

enum err arrivals_end(struct arrivals *arrivals, struct arrival *arrival)
{
	enum err code;

	mutex_lock(&arrivals->lock);
	list_remove(&arrival->link);
	code = arrival->code;
	mutex_unlock(&arrivals->lock);
	return code;
}

void arrivals_refuse(struct arrivals *arrivals, user_id user, enum err code)
{
	struct list *l;
	struct list *after;

	mutex_lock(&arrivals->lock);
	list_foreach (l, after, &arrivals->list) {
		struct arrival *arrival = LIST_ITEM(l, struct arrival, link);

		if (arrival->user == user)
			arrival->code = code;
	}
	mutex_unlock(&arrivals->lock);
}
