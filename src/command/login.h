/*
 * Who one is: login, registration, passwords. The part of cmd_session.c that
 * works with tasks.
 */
#ifndef RIALTO_COMMAND_LOGIN_H
#define RIALTO_COMMAND_LOGIN_H

#include "command/command.h"

/* Wrong passwords on one connection before it is closed. */
enum { LOGIN_ATTEMPTS = 3 };

enum err cmd_login(struct call *call);    /* NAME [PASSWORD] */
enum err cmd_register(struct call *call); /* NAME [PASSWORD]: register.c */
enum err cmd_guest(struct call *call);    /* NAME: register.c */
enum err cmd_passwd(struct call *call);   /* [OLD NEW]: passwd.c */
enum err cmd_code(struct call *call);     /* CODE: login_factor.c */

/*
 * What the verbs do, for any front-end: a name and a password that somebody
 * has given, or NULL, to be asked for; and at a login the code of a second
 * factor, NULL or "" where none was given: who has one is then refused with
 * ERR_CODE_REQUIRED, and logs in by all three, or by login_give_code(). Whoever
 * comes in is welcomed as the service does it (see struct caller_ops). They
 * return as commands do. A registration that waits for an approval is answered
 * with a line, or, in a service without rooms, refused with
 * ERR_APPROVAL_PENDING.
 */
enum err login_start(struct call *call, const char *name, const char *password,
		     const char *code);
enum err register_start(struct call *call, const char *name,
			const char *password);

/* Refuses a password that is too short, too long, or the name itself. */
NODISCARD enum err login_check_password(struct call *call, const char *name,
					const char *password);

/* Asks for what a command lacks, when there is somebody to ask. */
enum err login_ask(struct call *call, const char *name);

/*
 * The code for the login whose password was right before, in this session.
 * Without one ERR_LOGIN_REQUIRED.
 */
enum err login_give_code(struct call *call, const char *code);

struct half_login;
void half_login_free(struct half_login **half);

/*
 * The same as below, of anything that is tried; code says what was wrong, and
 * words, a sentence and a space or "", what more.
 */
enum err login_refuse_attempt(struct call *call, const char *name,
			      enum err code, const char *words);

/* A wrong password was given, which counts; or there is a wait after some. */
enum err login_refuse_wrong(struct call *call, const char *name);
enum err login_refuse_locked(struct call *call, int64_t wait_s);

#endif
