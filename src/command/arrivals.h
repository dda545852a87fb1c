/*
 * Logins and names under way, so that nobody slips in between.
 *
 * A login is listed from before the user's record is read until the session is
 * in chat and in the directory. Whoever ends the sessions of a user turns it
 * away too; else it could slip in with rights, or a name, that were just
 * taken. And a name that is going to be somebody's, a guest's or a new user's,
 * is claimed until it is, so that no two find it free at once.
 *
 * Any thread.
 */
#ifndef RIALTO_COMMAND_ARRIVALS_H
#define RIALTO_COMMAND_ARRIVALS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/list.h"
#include "base/text.h"
#include "user/user.h"

struct arrivals;

/* Embedded in a login and the like; the table's until arrivals_end(). */
struct arrival {
	struct list link;
	user_id user;             /* 0: none that has a number */
	char name[NAME_MOST + 1]; /* claimed; "": none */
	bool is_barring;
	enum err code;
};

struct arrivals *arrivals_new(void);
void arrivals_free(struct arrivals **arrivals);

/* Not under way. */
void arrival_init(struct arrival *arrival);

/*
 * Claims a name: ERR_NAME_TAKEN while another has. Claim first, then look
 * whether there is a user or a person of that name.
 */
NODISCARD enum err arrivals_claim(struct arrivals *arrivals,
				  struct arrival *arrival, const char *name);

/* A login: to be called before the user's record is read. */
void arrivals_begin(struct arrivals *arrivals, struct arrival *arrival,
		    user_id user);

/*
 * Calls enter(arg), which brings the session into chat and the directory,
 * unless the login was turned away, and ends the arrival. Nobody is turned
 * away meanwhile, and nothing is claimed. Returns the code of
 * arrivals_refuse(), or what enter() returned.
 */
NODISCARD enum err arrivals_enter(struct arrivals *arrivals,
				  struct arrival *arrival,
				  enum err (*enter)(void *arg), void *arg);

/* It came to nothing, or is done; again does no harm. */
void arrivals_end(struct arrivals *arrivals, struct arrival *arrival);

/*
 * Turns away the logins of a user that are under way: after the change that
 * they may not have seen, and before the directory is looked at.
 */
void arrivals_refuse(struct arrivals *arrivals, user_id user, enum err code);

/*
 * Waits for those who are coming in at this moment: then each of them is in
 * the directory, and whoever comes later sees what was changed before.
 */
void arrivals_settle(struct arrivals *arrivals);

/* Turns away also those that begin from now on, until arrivals_end(bar). */
void arrivals_bar(struct arrivals *arrivals, struct arrival *bar, user_id user,
		  enum err code);

#endif
