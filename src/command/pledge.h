/*
 * A pledge: a line about money that waits for a code of the second factor, and
 * what it came to when that was asked for. It belongs to the deal of the line,
 * and between the refusal and the code to the session.
 */
#ifndef RIALTO_COMMAND_PLEDGE_H
#define RIALTO_COMMAND_PLEDGE_H

#include <stdbool.h>

#include "bank/order.h"
#include "base/attr.h"
#include "command/command.h"
#include "command/proof.h"

enum { PLEDGE_MINUTES = 2 };

/*
 * Of a call that can be written again as a line, if money needs codes at all;
 * or the one that waits, when the code for it was just given. Else NULL.
 */
struct pledge *pledge_take(struct call *call, struct proof *proof);

/* Wipes it. */
void pledge_free(struct pledge **pledge);

/*
 * The order of the line is refused for want of a code. False when it is not
 * what the code was asked for before: names may lead elsewhere by now.
 */
NODISCARD bool pledge_fits(struct pledge *pledge, const struct order *order);

/* It waits for a code from now on, in place of any other; may be NULL. */
void pledge_keep(struct caller *caller, struct pledge **pledge);

/* Carries out the line that waits. ERR_NOT_FOUND when none does. */
enum err pledge_redeem(struct call *call, const char *code);

#endif
