/*
 * A place for the tests of the store: a fresh directory of their own, and a
 * store in it.
 */
#ifndef RIALTO_TESTS_STORE_PLACE_H
#define RIALTO_TESTS_STORE_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

struct place {
	char *root; /* removed by place_fini() */
	char *dir;  /* the data directory in it; not made yet */
	struct store *store;
	struct store_table *one;
	struct store_table *two;
};

void place_init(struct place *p);
void place_fini(struct place *p);

/* Opens or closes the store; failing fails the test. */
void place_open(struct place *p);
void place_close(struct place *p);

/* Tries to open a second store of dir; says why not in the buf. */
enum err place_try(const char *dir, struct buf *why);

/* root/name; the caller's. */
char *place_path(const struct place *p, const char *name);

/* dir/name, which must be there. */
void place_damage(const char *path, long offset, const char *bytes, size_t len);

/* One record in a transaction of its own. */
enum err place_put(struct place *p, struct store_table *table, const char *key,
		   const char *value);

/* The text under key, in a buf; false when there is none. */
bool place_get(struct place *p, struct store_table *table, const char *key,
	       struct buf *value);

/* How many records begin with prefix. */
size_t place_count(struct place *p, struct store_table *table,
		   const char *prefix);

/* How a child process ended; waits for it. -1: by a signal. */
int place_wait(int pid);

#endif
