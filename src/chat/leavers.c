#include "chat/leavers.h"

#include <stdio.h>

#include "base/mem.h"
#include "chat/sanction/cloak.h"

struct leaver {
	user_id user;                      /* 0: a guest */
	char name[NAME_MOST + CLOAK_TEXT]; /* "": nobody yet */
	int64_t spoke_ms;                  /* monotonic */
};

void leavers_fini(struct leavers *leavers)
{
	mem_free(leavers->list);
	*leavers = (struct leavers){ 0 };
}

static struct leaver *find(const struct leavers *leavers, user_id user,
			   const char *name)
{
	for (size_t i = 0; leavers->list != NULL && i < LEAVERS_MOST; i++) {
		struct leaver *l = &leavers->list[i];

		if (l->name[0] != '\0' && l->user == user &&
		    (user != 0 || name_compare(l->name, name) == 0))
			return l;
	}
	return NULL;
}

void leavers_add(struct leavers *leavers, user_id user, const char *name,
		 int64_t spoke_ms)
{
	struct leaver *l = find(leavers, user, name);

	if (leavers->list == NULL)
		leavers->list =
			mem_array(LEAVERS_MOST, sizeof(leavers->list[0]));
	if (l == NULL) {
		l = &leavers->list[leavers->next];
		leavers->next = (leavers->next + 1) % LEAVERS_MOST;
	}
	l->user = user;
	snprintf(l->name, sizeof(l->name), "%s", name);
	l->spoke_ms = spoke_ms;
}

bool leavers_find(const struct leavers *leavers, user_id user, const char *name,
		  int64_t *spoke_ms_r)
{
	const struct leaver *l = find(leavers, user, name);

	if (l != NULL)
		*spoke_ms_r = l->spoke_ms;
	return l != NULL;
}
