/*
 * A login, a registration or a guest's entry under way, for login.c and
 * register.c.
 */
#ifndef RIALTO_COMMAND_LOGIN_FIELDS_H
#define RIALTO_COMMAND_LOGIN_FIELDS_H

#include "command/arrivals.h"
#include "command/task.h"
#include "crypto/secret.h"

struct login {
	struct task task;
	char name[NAME_MOST + 1];
	char host[ADDRESS_TEXT];
	char way[CALLER_WAY];
	struct secret *password;
	struct user_settings settings;
	struct user user;
	char hash[PASSWORD_HASH_MOST]; /* to be stored; "" : no change */
	struct room_names rooms;
	int64_t last_login_ms;
	char last_address[USER_ADDRESS];
	bool is_known;
	bool has_rooms;    /* see caller_has_rooms() */
	size_t waiting;    /* private messages */
	bool is_coming;    /* see takings_come() */
	uint64_t heard;    /* of the journal, up to this entry */
	struct buf income; /* what came into the accounts, in lines */
	unsigned unseen;   /* of the board: see board_take_new() */
	struct arrival arrival;
};

/* For call; password may be NULL. */
struct login *login_new(struct call *call, const char *name,
			const char *password);

/* For task_start(). */
void login_drop(struct task *task);

/* Makes login->hash of the password. A hasher. */
void login_hash(struct login *login);

/*
 * Reads the user again, now that whoever changes it sees the arrival. The code
 * of what keeps the user out. A job.
 */
NODISCARD enum err login_read_again(struct login *login);

/* What of the board the user has not seen, for login_enter(). A job. */
void login_look_at_board(struct login *login);

/* What others did to the user's accounts, likewise. A job. */
void login_look_at_income(struct login *login);

/* What keeps a user out, or anything else that went wrong. */
enum err login_refuse_state(struct call *call, enum err e);

/* Brings the session in as login->user, and welcomes it; or refuses. */
enum err login_enter(struct call *call, struct login *login);

#endif
