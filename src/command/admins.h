/* A place without administrators cannot be helped any more. */
#ifndef RIALTO_COMMAND_ADMINS_H
#define RIALTO_COMMAND_ADMINS_H

#include "base/attr.h"
#include "base/err.h"
#include "command/command.h"
#include "command/realm.h"
#include "user/user.h"

/* With realm->acts: ERR_LAST_ADMIN when there is no other than the user. */
NODISCARD enum err admins_check(struct realm *realm, const struct user *user);

/* Refuses with that, in words. */
NODISCARD enum err admins_refuse(struct call *call, const char *name);

#endif
