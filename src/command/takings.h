/*
 * What others do to the accounts of users: told at once to who is here, in all
 * sessions, else with the next login. How far each user has heard is kept for
 * those who are here, or are coming in, and is written now and then, not with
 * each payment: so after a crash something may be told twice, but not never.
 */
#ifndef RIALTO_COMMAND_TAKINGS_H
#define RIALTO_COMMAND_TAKINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/heard.h"
#include "bank/tiding_name.h"
#include "base/attr.h"
#include "base/err.h"
#include "chat/person.h"
#include "store/store.h"
#include "user/user.h"

struct takings;

/* Borrows the store. */
struct takings *takings_new(struct store *store);
void takings_free(struct takings **takings);

/*
 * A login, to be called before the journal is read, in a job. False when the
 * user is here already, and so has heard. Else how far the user had heard: with
 * ERR_OK in *e_r, or the errors of heard_get(). It is coming in until
 * takings_enter() or takings_leave().
 */
bool takings_come(struct takings *takings, user_id user, struct heard *heard_r,
		  enum err *e_r);

/*
 * In the worker: the session is in; all up to the entry `upto` was read, and is
 * told by whoever calls this (0: nothing was). What came meanwhile is told now.
 */
void takings_enter(struct takings *takings, user_id user, struct person *person,
		   uint64_t upto);

/* The session is gone, or has not come in. Any thread. */
void takings_leave(struct takings *takings, user_id user, bool was_in);

/*
 * Tells the user of the entry (0: of no entry), if here, unless that was done
 * before. True when it was told now. Any thread.
 */
bool takings_tell(struct takings *takings, user_id user, uint64_t seq,
		  const char *text);

/*
 * Is the user here, or coming in? Who is not needs no words made of what is
 * committed: the next login reads it. Any thread.
 */
bool takings_is_wanted(struct takings *takings, user_id user);

/* What a user is told of. */
struct takings_cause {
	uint64_t seq;              /* an entry; 0: none */
	struct tiding_name tiding; /* of no kind: none */
};

/* As takings_tell(), unless either was told before. */
bool takings_tell_of(struct takings *takings, user_id user,
		     const struct takings_cause *cause, const char *text);

/* The user is no more. A job. */
NODISCARD enum err takings_forget(struct takings *takings, user_id user);

/* Is there something to write? Any thread. And a job that does. */
bool takings_are_due(struct takings *takings);
void takings_keep(struct takings *takings);

#endif
