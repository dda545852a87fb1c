/*
 * The rows of users in the store, for this folder alone: "users" by number,
 * "user_names" from a name in lower case to the number, "factors" by number.
 * All within a transaction; errors of the store pass through.
 */
#ifndef RIALTO_USER_USERS_TABLES_H
#define RIALTO_USER_USERS_TABLES_H

#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"
#include "user/user.h"

struct users_tables {
	struct store_table *records;
	struct store_table *names;
	struct store_table *factors;
};

struct users_tables users_tables_of(struct store *store);

/* ERR_NO_SUCH_USER; ERR_CORRUPT when it cannot be read or is another's. */
NODISCARD enum err users_get_record(struct store_txn *txn,
				    const struct users_tables *tables,
				    user_id id, struct user *user_r);
NODISCARD enum err users_put_record(struct store_txn *txn,
				    const struct users_tables *tables,
				    const struct user *user);
NODISCARD enum err users_delete_record(struct store_txn *txn,
				       const struct users_tables *tables,
				       user_id id);

/* The number behind a valid name. ERR_NO_SUCH_USER, ERR_CORRUPT. */
NODISCARD enum err users_get_name(struct store_txn *txn,
				  const struct users_tables *tables,
				  const char *name, user_id *id_r);
/* ERR_NAME_TAKEN. */
NODISCARD enum err users_put_name(struct store_txn *txn,
				  const struct users_tables *tables,
				  const struct user *user);
NODISCARD enum err users_delete_name(struct store_txn *txn,
				     const struct users_tables *tables,
				     const struct user *user);

/* The second factor, where there is one. */
NODISCARD enum err users_delete_factor(struct store_txn *txn,
				       const struct users_tables *tables,
				       user_id id);

/*
 * ERR_NO_SUCH_USER also when the name leads to nobody, or to somebody with
 * another name: in a view they may have gone, or been renamed, meanwhile.
 */
NODISCARD enum err users_get_by_name(struct store_txn *txn,
				     const struct users_tables *tables,
				     const char *name, struct user *user_r);

/*
 * A place in a table from which to go on: behind the key that was read last.
 * Zeroed, it is before the first. The key may be any bytes, but a NUL that
 * len counts stands behind it.
 */
struct users_step {
	size_t len;
	char key[STORE_KEY_MOST];
};

/* Reads the next row and moves on. ERR_NOT_FOUND behind the last. */
NODISCARD enum err users_next_row(struct store_txn *txn,
				  struct store_table *table,
				  struct users_step *step, struct buf *value);

/* The next user by name who is there. ERR_NOT_FOUND behind the last. */
NODISCARD enum err users_next_by_name(struct store_txn *txn,
				      const struct users_tables *tables,
				      struct users_step *step,
				      struct user *user_r);

/* Reads the row of a name. */
NODISCARD bool users_decode_name(const void *bytes, size_t len, user_id *id_r);

#endif
