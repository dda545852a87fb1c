/* The accounts of who is at the machine. */
#ifndef RIALTO_RIALTO_ATM_ACCOUNTS_H
#define RIALTO_RIALTO_ATM_ACCOUNTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "rialto/atm/machine.h"

/* Asks for them after a login; the screen that comes next. */
enum at accounts_learn(struct machine *m);

/* There are others beside the main one, as far as it is known. */
bool accounts_are_many(const struct machine *m);

/* Those but the one of that name; the caller's, also where there are none. */
json_t *accounts_but(const struct machine *m, const char *name);

/* To the screen where one is chosen of them, as they are by now. */
enum at accounts_choose(struct machine *m, enum at where);

/* The same for what money comes from, where there is a choice. */
enum at accounts_choose_payer(struct machine *m);

/* It is known what it comes from: then to whom, or how much. */
enum at accounts_leave_payer(struct machine *m);

/* One as an item of a list. */
void accounts_print(const void *context, const json_t *account, size_t nth,
		    struct buf *line_r);

#endif
