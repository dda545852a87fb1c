#include "command/admins.h"

enum err admins_check(struct realm *realm, const struct user *user)
{
	uint64_t count;
	enum err e;

	if ((user->roles & ROLE_ADMIN) == 0 || user->state != USER_ACTIVE)
		return ERR_OK;
	e = users_count_role(realm->users, ROLE_ADMIN, &count);
	if (e == ERR_OK && count <= 1)
		e = ERR_LAST_ADMIN;
	return e;
}

enum err admins_refuse(struct call *call, const char *name)
{
	return call_refuse(call, ERR_LAST_ADMIN,
			   "%s is the last administrator.", name);
}
