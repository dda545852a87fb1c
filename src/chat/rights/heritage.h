/*
 * Heritage: what becomes of rooms when a user is no more. The successor gets
 * those the user owned, else whoever is an op for longest, else nobody: then
 * moderators look after them. A room is never to be had by being empty.
 */
#ifndef RIALTO_CHAT_HERITAGE_H
#define RIALTO_CHAT_HERITAGE_H

#include "audit/entry.h"
#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"

/*
 * Job. Removes a user as users_remove() does, with memberships, rights, notes
 * on the user, messages kept for or from the user, who is ignored by and
 * ignores the user, and entries of the guard and of rooms' lists that name the
 * user. Who is here as that user changes nothing any more: ERR_DISABLED. The
 * caller keeps new logins of the user out, and ends the sessions.
 */
NODISCARD enum err heritage_remove(struct chat *chat, const struct actor *by,
				   user_id user,
				   const struct audit_entry *entry);

/*
 * Start-up: does what is left to do for owners and ops whose user is not
 * there.
 */
NODISCARD enum err heritage_mend(struct chat *chat);

#endif
