/* The inside of users, for users.c and users_verify.c alone. */
#ifndef RIALTO_USER_USERS_FIELDS_H
#define RIALTO_USER_USERS_FIELDS_H

#include "audit/trail.h"
#include "base/recall.h"
#include "store/store.h"
#include "user/users_tables.h"

/* Immutable after users_new(). */
struct users {
	struct store *store;
	struct trail *trail;
	struct users_tables tables;
	struct recall *known; /* users_identify()'s */
};

#endif
