#include <string.h>

#include "user/users.h"
#include "user/users_fields.h"

bool users_remember(struct users *users, const char *name,
		    struct identity *identity_r)
{
	char key[NAME_MOST + 1];

	if (!name_is_valid(name))
		return false;
	name_key(name, key);
	return recall_find(users->known, key, strlen(key), identity_r);
}

enum err users_identify(struct users *users, const char *name,
			struct identity *identity_r)
{
	char key[NAME_MOST + 1];
	struct user user;
	uint64_t begun;
	enum err e;

	if (!name_is_valid(name))
		return ERR_NO_SUCH_USER;
	name_key(name, key);
	if (recall_find(users->known, key, strlen(key), identity_r))
		return ERR_OK;
	begun = recall_begin(users->known);
	e = users_find(users, name, &user);
	if (e != ERR_OK)
		return e;
	memset(identity_r, 0, sizeof(*identity_r));
	identity_r->id = user.id;
	memcpy(identity_r->name, user.name, sizeof(identity_r->name));
	recall_keep(users->known, begun, key, strlen(key), identity_r);
	return ERR_OK;
}
