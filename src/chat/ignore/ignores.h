/*
 * The lists of all who ignore anybody: of users, whether they are here or not,
 * and of guests while they are. Any thread, with any lock of chat held.
 */
#ifndef RIALTO_CHAT_IGNORES_H
#define RIALTO_CHAT_IGNORES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/ignore/ignore.h"
#include "store/store.h"

struct ignores;

/* The table that must be in the store's options. */
#define IGNORE_TABLES "ignores"

struct ignores *ignores_new(void);
void ignores_free(struct ignores **ignores);

/* By whose number it is; a copy, empty for who ignores nobody. */
void ignores_get(struct ignores *ignores, uint64_t who,
		 struct ignore_list *list_r);
void ignores_set(struct ignores *ignores, uint64_t who,
		 const struct ignore_list *list);

/*
 * Does who ignore other in this? guest is other's name when it is a guest,
 * whose number is 0 when it is not known any more; else "".
 */
bool ignores_has(struct ignores *ignores, uint64_t who, uint64_t other,
		 const char *guest, enum ignore_kind kind);

/* Is there anybody who ignores other in rooms? */
bool ignores_shun(struct ignores *ignores, uint64_t other, const char *guest);

/* The numbers of those whose list has the user; for mem_free(). */
uint64_t *ignores_of(struct ignores *ignores, uint64_t user, size_t *count_r);

/* Start-up: reads the lists of users: ERR_CORRUPT. */
NODISCARD enum err ignores_load(struct ignores *ignores, struct store *store);

/* Within a transaction: a user's list; an empty one is taken out. */
NODISCARD enum err ignores_put(struct store_txn *txn, struct store *store,
			       uint64_t user, const struct ignore_list *list);

/*
 * Checks that every record can be read. Findings, a line each, are added to
 * report and make it ERR_CORRUPT.
 */
NODISCARD enum err ignores_verify(struct store *store, struct buf *report);

#endif
