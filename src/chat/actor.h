/*
 * An actor: who does something, as the rules ask for it and the audit trail
 * records it. A copy, made by the command layer; the console is one without a
 * person. Plain values.
 */
#ifndef RIALTO_CHAT_ACTOR_H
#define RIALTO_CHAT_ACTOR_H

#include <stdint.h>

#include "audit/entry.h"
#include "base/text.h"
#include "user/user.h"

struct person;

struct actor {
	struct person *person; /* borrowed; NULL: the console */
	user_id user;          /* 0: a guest, or the console */
	role_set roles;
	char name[NAME_MOST + 1]; /* "ann", "console:0" */
	uint64_t origin;          /* the session's tag; 0: none */
	uint64_t session;         /* the session's number; 0: none */
	char address[AUDIT_ADDRESS];
};

#endif
