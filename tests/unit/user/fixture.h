/* A store of its own for each test, with the tables of users. */
#ifndef RIALTO_TESTS_UNIT_USER_FIXTURE_H
#define RIALTO_TESTS_UNIT_USER_FIXTURE_H

#include <stddef.h>

#include "store/store.h"
#include "user/users.h"

struct fixture {
	char dir[64];
	struct store *store;
	struct trail *trail;
	struct users *users;
};

/* An entry for changes that need one: "user.test", nobody's. */
extern const struct audit_entry fixture_entry;

/* For cmocka: *state is the fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Closes the store and opens it again. */
void fixture_reopen(struct fixture *f);

/* A sound user of this name who was never added. */
struct user fixture_user(const char *name);

/* Adds one, and returns the record. */
struct user fixture_add(struct fixture *f, const char *name);

/* Writes or deletes (value NULL) a row behind the back of users. */
void fixture_spoil(struct fixture *f, const char *table, const void *key,
		   size_t key_len, const void *value, size_t value_len);

#endif
