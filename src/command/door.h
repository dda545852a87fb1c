/*
 * The door of the place: who is kept out of it by the guard, or by a lockdown.
 */
#ifndef RIALTO_COMMAND_DOOR_H
#define RIALTO_COMMAND_DOOR_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/refusal.h"
#include "command/command.h"

/* ERR_BANNED, with the reason. host is an address as text. Any thread. */
NODISCARD enum err door_check(struct realm *realm, user_id user, role_set roles,
			      const char *host, struct refusal *why);

/* May somebody new come in: a guest, a registration? Besides, ERR_LOCKDOWN. */
NODISCARD enum err door_check_new(struct realm *realm, const char *host,
				  struct refusal *why);

/* The same of a caller: ERR_OK, or refused. */
NODISCARD enum err door_try_new(struct call *call);

/*
 * Ends the sessions of all who are banned by now, each with its reason, and
 * returns how many; nobody slips in meanwhile. A job, after the ban.
 */
unsigned door_clear(struct realm *realm);

#endif
