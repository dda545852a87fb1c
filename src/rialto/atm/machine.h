/*
 * The machine that a person stands at: a table of screens, each of which says
 * what it shows and where each key leads, and what is known so far. One owner.
 */
#ifndef RIALTO_RIALTO_ATM_MACHINE_H
#define RIALTO_RIALTO_ATM_MACHINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "crypto/secret.h"
#include "rialto/atm/currency.h"
#include "rialto/atm/desk.h"
#include "rialto/atm/lines.h"
#include "rialto/atm/statement.h"
#include "rialto/atm/visit.h"
#include "rialto/options.h"

/* The screens, in the order of the table. */
enum at {
	AT_START,
	AT_NAME,
	AT_PASSWORD,
	AT_CODE, /* of the login */
	AT_NEW_NAME,
	AT_NEW_PASSWORD,
	AT_NEW_AGAIN, /* the same password */
	AT_MENU,
	AT_RECEIVER,
	AT_AMOUNT,
	AT_OTHER_AMOUNT,
	AT_MEMO,
	AT_LIFE, /* of what is set aside */
	AT_CONFIRM,
	AT_MONEY_CODE, /* of what moves money */
	AT_FROM,       /* one of the accounts */
	AT_TO,         /* likewise */
	AT_HOLDS,
	AT_HOLD,  /* one of them */
	AT_PART,  /* of it */
	AT_WHOSE, /* statement: of which account */
	AT_STATEMENT,
	AT_MONTH,
	AT_TEXT,  /* an answer, until a key is pressed */
	AT_DOUBT, /* likewise, where no visit goes on */
	AT_END,   /* no screen: the program leaves */
};

/* What moves money, and its words. */
struct transaction {
	const char *op;
	const char *question;        /* before the amount */
	const char *done;            /* likewise */
	const char *to_word;         /* before the receiver; NULL: "to" */
	const char *payer_member;    /* in the request; NULL: nobody chooses */
	const char *receiver_member; /* likewise; NULL: "to" */
	bool has_receiver;           /* who is typed */
	bool is_between;             /* one's own accounts */
	bool spends;                 /* what is in the payer's account */
	bool has_life;               /* it ends by itself */
	bool is_of_hold;             /* which has all but the amount */
	bool has_no_amount;          /* in the request */
};

struct machine {
	const struct options *options;
	struct visit visit;
	enum at at;
	struct buf text; /* what the next screen shows below its title */

	struct secret *given;    /* the password of a file, or NULL */
	char *user;              /* who logs in */
	struct secret *password; /* until the code was right */

	struct currency currency;
	bool has_no_factor; /* so no code of it */

	const struct transaction *transaction;
	char *payer; /* NULL: one's main account */
	char *receiver;
	char *available; /* what can be spent of the payer's; NULL: not asked */
	char *amount;
	char *memo;
	int64_t hold;
	int64_t expires_ms; /* 0: by itself never */

	json_t *accounts; /* of the user, as far as it is known; or NULL */
	json_t *list;     /* what a digit chooses from; or NULL */
	size_t first;     /* of it on the screen */
	size_t shown;     /* from there on */
	struct statement statement;

	char *receipt;        /* words of the last one, or NULL */
	char *signed_receipt; /* as it came */
	int status;
};

struct choice {
	char key;
	const char *words;
	enum at leads; /* without an act */
	enum at (*act)(struct machine *m);
	const char *amount;                        /* that the key stands for */
	int days;                                  /* likewise */
	bool (*is_there)(const struct machine *m); /* NULL: always */
};

struct screen {
	const char *title;
	const char *prompt;
	const struct choice
		*choices; /* up to one without words; NULL: any key */
	enum at leads;    /* any other key, where any will do */
	enum at back;     /* Escape */
	enum at (*take)(struct machine *m, const char *typed); /* of a line */
	const char *missing;  /* said of no line, NULL: that leads back */
	lines_item_fn *print; /* each of the list; its context is the machine */
	enum at (*pick)(struct machine *m, const json_t *item);
	void (*show)(struct machine *m); /* says more, each time */
	bool is_secret;
	bool may_wait;   /* however long */
	bool is_careful; /* only a key that is pressed while it is shown */
};

extern const struct screen screens[AT_END];

/* Until the person leaves; the exit status. Borrows all of them. */
NODISCARD int machine_run(const struct options *o, struct desk *desk,
			  const struct secret *password);

/* Adds to what the next screen shows, a line or some. */
void machine_say(struct machine *m, const char *format, ...) PRINTF(2, 3);

/*
 * Another connection. False when there is none, and says why; then the start
 * is next.
 */
NODISCARD bool machine_connect(struct machine *m);

/* The connection is lost, and says why. */
enum at machine_to_start(struct machine *m);

/*
 * Asks for what moves nothing. False when there is no answer to show, and says
 * why; *next_r is then where to go.
 */
NODISCARD bool machine_ask(struct machine *m, struct buf *request,
			   const char *id, struct answer *answer_r,
			   enum at *next_r);

/* Whether that is the main account of who has logged in. */
bool machine_is_main(const struct machine *m, const char *account);

/* How many lines the screen has room for, below what was said by now. */
size_t machine_room(struct machine *m);

/* Keeps as much of what was typed as a request holds. */
void machine_set(char **text, const char *typed);

/* Forgets the last receipt, the transaction, or all of the visit. */
void machine_forget_receipt(struct machine *m);
void machine_forget_transaction(struct machine *m);
void machine_forget(struct machine *m);

#endif
