#include "command/arrivals.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"

struct arrivals {
	struct mutex lock; /* rank: LOCK_ARRIVAL */
	struct list list GUARDED_BY(lock);
};

struct arrivals *arrivals_new(void)
{
	struct arrivals *arrivals = mem_zero(sizeof(*arrivals));

	mutex_init(&arrivals->lock, LOCK_ARRIVAL);
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
	memset(arrival, 0, sizeof(*arrival));
	list_init(&arrival->link);
	arrival->code = ERR_OK;
}

static void add_locked(struct arrivals *arrivals, struct arrival *arrival)
	REQUIRES(arrivals->lock)
{
	list_remove(&arrival->link);
	list_append(&arrivals->list, &arrival->link);
}

static bool is_claimed_locked(struct arrivals *arrivals, const char *name)
	REQUIRES(arrivals->lock)
{
	struct list *l;
	struct list *after;

	list_foreach (l, after, &arrivals->list) {
		if (name_compare(LIST_ITEM(l, struct arrival, link)->name,
				 name) == 0)
			return true;
	}
	return false;
}

enum err arrivals_claim(struct arrivals *arrivals, struct arrival *arrival,
			const char *name)
{
	enum err e = ERR_NAME_TAKEN;

	mutex_lock(&arrivals->lock);
	if (!is_claimed_locked(arrivals, name)) {
		snprintf(arrival->name, sizeof(arrival->name), "%s", name);
		add_locked(arrivals, arrival);
		e = ERR_OK;
	}
	mutex_unlock(&arrivals->lock);
	return e;
}

static void refuse_locked(struct arrivals *arrivals, user_id user,
			  enum err code) REQUIRES(arrivals->lock)
{
	struct list *l;
	struct list *after;

	list_foreach (l, after, &arrivals->list) {
		struct arrival *arrival = LIST_ITEM(l, struct arrival, link);

		if (arrival->user == user && !arrival->is_barring)
			arrival->code = code;
	}
}

/* ERR_OK, or why logins of the user are barred at present. */
static enum err bar_locked(struct arrivals *arrivals, user_id user)
	REQUIRES(arrivals->lock)
{
	struct list *l;
	struct list *after;

	list_foreach (l, after, &arrivals->list) {
		struct arrival *arrival = LIST_ITEM(l, struct arrival, link);

		if (arrival->is_barring && arrival->user == user)
			return arrival->code;
	}
	return ERR_OK;
}

void arrivals_begin(struct arrivals *arrivals, struct arrival *arrival,
		    user_id user)
{
	mutex_lock(&arrivals->lock);
	arrival->user = user;
	arrival->code = bar_locked(arrivals, user);
	add_locked(arrivals, arrival);
	mutex_unlock(&arrivals->lock);
}

enum err arrivals_enter(struct arrivals *arrivals, struct arrival *arrival,
			enum err (*enter)(void *arg), void *arg)
{
	enum err e;

	mutex_lock(&arrivals->lock);
	e = arrival->code;
	if (e == ERR_OK)
		e = enter(arg);
	list_remove(&arrival->link);
	mutex_unlock(&arrivals->lock);
	return e;
}

void arrivals_end(struct arrivals *arrivals, struct arrival *arrival)
{
	mutex_lock(&arrivals->lock);
	list_remove(&arrival->link);
	mutex_unlock(&arrivals->lock);
}

void arrivals_refuse(struct arrivals *arrivals, user_id user, enum err code)
{
	mutex_lock(&arrivals->lock);
	refuse_locked(arrivals, user, code);
	mutex_unlock(&arrivals->lock);
}

void arrivals_settle(struct arrivals *arrivals)
{
	mutex_lock(&arrivals->lock);
	mutex_unlock(&arrivals->lock);
}

void arrivals_bar(struct arrivals *arrivals, struct arrival *bar, user_id user,
		  enum err code)
{
	mutex_lock(&arrivals->lock);
	refuse_locked(arrivals, user, code);
	bar->user = user;
	bar->code = code;
	bar->is_barring = true;
	add_locked(arrivals, bar);
	mutex_unlock(&arrivals->lock);
}
