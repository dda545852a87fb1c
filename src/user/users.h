/*
 * The users in the store: looked up by id and by name (without case).
 *
 * Everything here waits for the disk, so only jobs and start-up call it; any
 * number of threads at once. Changes are committed but not yet durable when
 * a function returns; take a store_ticket() before telling anybody. Errors
 * of the store (ERR_STORAGE_FULL, ERR_BUSY, ERR_CORRUPT, ERR_IO) may come
 * from all of them.
 *
 * Every change takes an entry for the audit trail, which is written in the
 * same transaction: ERR_AUDIT_DOWN, and no change, when it cannot be. It needs
 * an action. Without an actor it is the user's own act, and without a target
 * it is about the user, by the name before the change.
 */
#ifndef RIALTO_USER_USERS_H
#define RIALTO_USER_USERS_H

#include "audit/entry.h"
#include "audit/trail.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"
#include "user/user.h"

struct users;

/* The tables that must be in the store's options. */
#define USERS_TABLES "users", "user_names", "factors"

/* Borrows store and trail. */
struct users *users_new(struct store *store, struct trail *trail);
void users_free(struct users **users);

/*
 * Registers user->name with its hash, roles and state; sets user->id and
 * created_ms. ERR_NAME_TAKEN, ERR_BAD_NAME.
 */
NODISCARD enum err users_add(struct users *users, struct user *user,
			     const struct audit_entry *entry);

/* ERR_NO_SUCH_USER. */
NODISCARD enum err users_find(struct users *users, const char *name,
			      struct user *user_r);
NODISCARD enum err users_get(struct users *users, user_id id,
			     struct user *user_r);

/* Whose a name is, and how it is written. */
struct identity {
	user_id id;
	char name[NAME_MOST + 1];
};

/*
 * The same for what is done often: what was read lately is not read again.
 * ERR_NO_SUCH_USER.
 */
NODISCARD enum err users_identify(struct users *users, const char *name,
				  struct identity *identity_r);

/* The same, of what is remembered: never waits, any thread. False: ask. */
NODISCARD bool users_remember(struct users *users, const char *name,
			      struct identity *identity_r);

/*
 * Reads the user, lets edit change the copy, and writes it, in one
 * transaction; a changed name moves the index too (ERR_NAME_TAKEN,
 * ERR_BAD_NAME). edit may run more than once; what it returns, unless
 * ERR_OK, is returned and nothing changes. *user_r (may be NULL) is the new
 * record.
 */
typedef enum err users_edit_fn(struct user *user, void *arg);
NODISCARD enum err users_edit(struct users *users, user_id id,
			      users_edit_fn *edit, void *arg,
			      const struct audit_entry *entry,
			      struct user *user_r);

/*
 * Takes the user, the name, and the second factor out. Returns
 * ERR_NO_SUCH_USER.
 */
NODISCARD enum err users_remove(struct users *users, user_id id,
				const struct audit_entry *entry);

/*
 * Visits all by name, until visit returns false. The store is not held while
 * it runs, so it may be slow and may call users_*; who comes, goes or changes
 * the name meanwhile may be missed or seen twice.
 */
typedef bool users_visit_fn(const struct user *user, void *arg);
NODISCARD enum err users_walk(struct users *users, users_visit_fn *visit,
			      void *arg);

/* The same by number, those with this number or a higher one. */
NODISCARD enum err users_walk_from(struct users *users, user_id from,
				   users_visit_fn *visit, void *arg);

/* The number of users that have this role and are active. */
NODISCARD enum err users_count_role(struct users *users, enum role role,
				    uint64_t *count_r);

/*
 * Checks records against each other (a name for each user, a user for each
 * name and each second factor, every record readable) while nobody changes
 * them. Findings, a line each, are added to report; any makes it ERR_CORRUPT.
 */
NODISCARD enum err users_verify(struct users *users, struct buf *report);

#endif
