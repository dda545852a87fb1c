/*
 * Logins under way: from before a user's record is read until the session is
 * in the directory. Whoever ends the sessions of a user turns these away too;
 * else a login could slip in between with rights that were just taken.
 *
 * Any thread.
 */
#ifndef RIALTO_COMMAND_ARRIVALS_H
#define RIALTO_COMMAND_ARRIVALS_H

#include "base/attr.h"
#include "base/err.h"
#include "base/list.h"
#include "user/user.h"

struct arrivals;

/* Embedded in a login; the table's from begin to end. */
struct arrival {
	struct list link;
	user_id user;
	enum err code;
};

struct arrivals *arrivals_new(void);
void arrivals_free(struct arrivals **arrivals);

/* Not under way. */
void arrival_init(struct arrival *arrival);

/* To be called before the user's record is read. */
void arrivals_begin(struct arrivals *arrivals, struct arrival *arrival,
		    user_id user);

/*
 * To be called once the session is in the directory, or when the login came
 * to nothing; again does no harm. ERR_OK, or the code of arrivals_refuse().
 */
enum err arrivals_end(struct arrivals *arrivals, struct arrival *arrival);

/*
 * Turns away the logins of a user that are under way: after the change that
 * they may not have seen, and before the directory is looked at.
 */
void arrivals_refuse(struct arrivals *arrivals, user_id user, enum err code);

#endif
