/*
 * What is known about the person for the server's prompts: so that a name
 * given once, and a password typed once, serve again after a lost connection.
 */
#ifndef RIALTO_RIALTO_LOGIN_H
#define RIALTO_RIALTO_LOGIN_H

#include <stdbool.h>

#include "base/attr.h"
#include "client/line.h"
#include "crypto/secret.h"

struct login {
	char *name;              /* NULL while unknown */
	struct secret *password; /* NULL while unknown, or refused */
	bool is_guest;

	/* of this connection */
	bool name_was_sent;     /* and no password was asked for since */
	bool name_was_typed;    /* the person has taken over */
	bool password_was_sent; /* the one that was known before */
	bool is_in;             /* the server said welcome */
};

/* Copies name, which may be NULL; takes password, which may be NULL. */
void login_init(struct login *l, const char *name, bool is_guest,
		struct secret *password);
void login_fini(struct login *l);

/* A new connection begins. */
void login_begin(struct login *l);

/*
 * The line that answers a prompt for the name, the caller's; NULL when the
 * person must be asked.
 */
NODISCARD char *login_answer_name(struct login *l);

/* The same for a password; borrowed. */
NODISCARD const struct secret *login_answer_password(struct login *l);

/* The person answered the prompt for the name, with whatever it was. */
void login_typed_name(struct login *l);

/* The person typed this password; takes it. */
void login_typed_password(struct login *l, struct secret *password);

/* Learns from a line of the server. */
void login_learn(struct login *l, const struct line *line);

/* A name for a guest who gave none; the caller's. */
NODISCARD char *login_guest_name(void);

#endif
