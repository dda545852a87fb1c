/*
 * A login, a registration or a guest's entry under way, for login.c and
 * register.c.
 */
#ifndef RIALTO_COMMAND_LOGIN_FIELDS_H
#define RIALTO_COMMAND_LOGIN_FIELDS_H

#include "command/arrivals.h"
#include "command/proof.h"
#include "command/task.h"
#include "crypto/secret.h"

struct login {
	struct task task;
	char name[NAME_MOST + 1];
	char host[ADDRESS_TEXT];
	char way[CALLER_WAY];
	struct secret *password;
	struct proof proof; /* of the second factor */
	bool is_proof_refused;
	struct factor_facts factor;
	role_set need_factor; /* roles that count only with one */
	role_set withheld;    /* those that therefore do not count */
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

/* For call; password and code may be NULL. */
struct login *login_new(struct call *call, const char *name,
			const char *password, const char *code);

/* For task_start(). */
void login_drop(struct task *task);

/*
 * Is there a second factor, and was the code for it right? ERR_CODE_REQUIRED;
 * or what proof_try() says, with is_proof_refused. A job.
 */
NODISCARD enum err login_check_factor(struct login *login);

/* Refuses as that went, and keeps the login for login_give_code(). */
enum err login_ask_code(struct call *call, struct login *login);

/* Goes on with a login whose password was right. */
enum err login_go_on(struct call *call, struct login *login);

/* What the user had better know of the second factor, in lines. */
void login_tell_factor(struct call *call, const struct login *login);

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
