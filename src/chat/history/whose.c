#include "chat/history/whose.h"

#include <stdio.h>

#include "user/users.h"

struct whose whose_named(user_id user, const char *name)
{
	struct whose whose = { .user = user };

	snprintf(whose.name, sizeof(whose.name), "%s", name);
	return whose;
}

enum err whose_find(struct users *users, const char *name,
		    struct whose *whose_r)
{
	struct user user = { 0 };
	enum err e = users_find(users, name, &user);

	if (e != ERR_OK && e != ERR_NO_SUCH_USER)
		return e;
	*whose_r = whose_named(e == ERR_OK ? user.id : 0, name);
	return ERR_OK;
}

bool whose_is_anybody(const struct whose *whose)
{
	return whose->user == 0 && whose->name[0] == '\0';
}

bool whose_fits(const struct whose *whose, user_id user, const char *from)
{
	return whose_is_anybody(whose) ||
	       (whose->user != 0 && whose->user == user) ||
	       (whose->name[0] != '\0' && name_compare(whose->name, from) == 0);
}
