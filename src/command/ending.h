/* Ending sessions of other workers. Any thread. */
#ifndef RIALTO_COMMAND_ENDING_H
#define RIALTO_COMMAND_ENDING_H

#include "base/err.h"
#include "chat/refusal.h"
#include "command/realm.h"
#include "net/session.h"

/* The session is refused with code and closed, if it is still there. */
void ending_post(struct realm *realm, struct session_handle session,
		 enum err code);

/* The same, with words of its own for the peer. */
void ending_post_why(struct realm *realm, struct session_handle session,
		     enum err code, const struct refusal *why);

/* All sessions of a user, and logins under way; returns how many sessions. */
unsigned ending_post_user(struct realm *realm, user_id user, enum err code);

/* The same, with words of its own for the peer. */
unsigned ending_post_user_why(struct realm *realm, user_id user, enum err code,
			      const struct refusal *why);

/* The same, but for one session of the user, which goes on. */
unsigned ending_post_others(struct realm *realm, user_id user,
			    struct session_handle but, enum err code);

#endif
