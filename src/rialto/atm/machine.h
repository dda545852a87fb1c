/*
 * The machine that a person stands at: a table of screens, each of which says
 * what it shows and where each key leads, and what is known so far. One owner.
 */
#ifndef RIALTO_RIALTO_ATM_MACHINE_H
#define RIALTO_RIALTO_ATM_MACHINE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "crypto/secret.h"
#include "rialto/atm/desk.h"
#include "rialto/atm/visit.h"
#include "rialto/options.h"

/* The screens, in the order of the table. */
enum at {
	AT_START,
	AT_NAME,
	AT_PASSWORD,
	AT_CODE, /* of the login */
	AT_MENU,
	AT_RECEIVER,
	AT_AMOUNT,
	AT_OTHER_AMOUNT,
	AT_MEMO,
	AT_CONFIRM,
	AT_MONEY_CODE, /* of what moves money */
	AT_TEXT,       /* an answer, until a key is pressed */
	AT_END,        /* no screen: the program leaves */
};

/* What moves money, and its words. */
struct transaction {
	const char *op;
	const char *question; /* before the amount */
	const char *done;     /* likewise */
	bool has_receiver;
};

struct machine {
	const struct options *options;
	struct visit visit;
	enum at at;
	struct buf text; /* what the next screen shows below its title */

	struct secret *given;    /* the password of a file, or NULL */
	char *user;              /* who logs in */
	struct secret *password; /* until the code was right */

	const struct transaction *transaction;
	char *receiver;
	char *amount;
	char *memo;

	char *receipt;        /* words of the last one, or NULL */
	char *signed_receipt; /* as it came */
	int status;
};

struct choice {
	char key;
	const char *words;
	enum at leads; /* without an act */
	enum at (*act)(struct machine *m);
	const char *amount; /* that the key stands for */
};

struct screen {
	const char *title;
	const char *prompt;
	const struct choice
		*choices; /* up to one without words; NULL: any key */
	enum at leads;    /* any other key, where any will do */
	enum at back;     /* Escape */
	enum at (*take)(struct machine *m, const char *typed); /* of a line */
	const char *missing; /* said of no line, NULL: that leads back */
	bool is_secret;
	bool may_wait; /* however long */
};

extern const struct screen screens[AT_END];

/* Until the person leaves; the exit status. Borrows all of them. */
NODISCARD int machine_run(const struct options *o, struct desk *desk,
			  const struct secret *password);

/* Adds to what the next screen shows, a line or some. */
void machine_say(struct machine *m, const char *format, ...) PRINTF(2, 3);

/* Forgets the last receipt, the transaction, or all of the visit. */
void machine_forget_receipt(struct machine *m);
void machine_forget_transaction(struct machine *m);
void machine_forget(struct machine *m);

#endif
