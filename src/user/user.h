/*
 * A user: someone with a login. The record as it is stored, and the roles.
 */
#ifndef RIALTO_USER_USER_H
#define RIALTO_USER_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/text.h"
#include "crypto/password.h"

/* Given at registration, never used again; 0 is nobody (a guest). */
typedef uint64_t user_id;

/* A set of roles; guest < user, and the others beside. */
typedef unsigned role_set;
enum role {
	ROLE_GUEST = 1 << 0,
	ROLE_USER = 1 << 1,
	ROLE_MODERATOR = 1 << 2,
	ROLE_TELLER = 1 << 3,
	ROLE_SHOPKEEPER = 1 << 4,
	ROLE_AUDITOR = 1 << 5,
	ROLE_ADMIN = 1 << 6,
};

enum user_state {
	USER_ACTIVE = 1,
	USER_PENDING,  /* registered, waits for approval */
	USER_DISABLED, /* may not log in */
};

/* The longest printed address of a peer, with its NUL. */
enum { USER_ADDRESS = 64 };

struct user {
	user_id id;
	char name[NAME_MOST + 1]; /* as the user wrote it */
	char hash[PASSWORD_HASH_MOST];
	role_set roles;
	enum user_state state;
	int64_t created_ms;
	int64_t last_login_ms;           /* 0: never */
	char last_address[USER_ADDRESS]; /* "" : never */

	/* Who gave the user a password last, unless it was the user. */
	user_id password_by;     /* 0: nobody; or USER_CONSOLE */
	int64_t password_ms;     /* when */
	int64_t password_own_ms; /* when the user changed it then; 0: not yet */
};

/* Somebody whose name nobody knows: at the console, or without a daemon. */
#define USER_CONSOLE UINT64_MAX

/* Gives a password, by somebody: user->id when it is the user's own change. */
void user_set_hash(struct user *user, const char *hash, user_id by,
		   int64_t now_ms);

/*
 * May it have been `by` who acted as the user then, by a password that the
 * user had not chosen? Nobody knows who gives one at the console.
 */
bool user_may_be(const struct user *user, user_id by, int64_t then_ms);

/*
 * What of the roles counts: all, but for who lacks a second factor and has one
 * of the roles that need it, only that of a user.
 */
role_set role_in_effect(role_set roles, role_set need_factor, bool has_factor);

/* How many roles there are. */
enum { ROLES = 7 };

/* Sets the words of the roles, "guest" first, and returns how many. */
size_t role_words(role_set roles, const char *words_r[ROLES]);

/* The word of one role ("admin"), or 0 for an unknown word. */
enum role role_parse(const char *word);

/*
 * Adds the roles beyond guest and user: "moderator, admin"; where there are
 * none, "user" or "guest".
 */
void role_print(struct buf *out, role_set roles);

/* "active", "pending", "disabled". */
const char *user_state_word(enum user_state state);

/*
 * The stored form, version first; out is empty. user_decode() refuses, and
 * changes nothing, what user_encode() could not have made of a sound user: a
 * number, a valid name, ROLE_USER and known roles only, a known state, times
 * from 0 on.
 */
void user_encode(const struct user *user, struct buf *out);
NODISCARD bool user_decode(const void *bytes, size_t len, struct user *user_r);

#endif
