/*
 * Departures: users who are being removed. No account is opened for one, and
 * none becomes a holder, from before what the user has is closed until no order
 * of before can wait any more: so no money comes to somebody who is gone. They
 * are remembered until the daemon ends. Any thread.
 */
#ifndef RIALTO_BANK_DEPARTURES_H
#define RIALTO_BANK_DEPARTURES_H

#include <stdbool.h>

#include "user/user.h"

struct departures;

struct departures *departures_new(void);
void departures_free(struct departures **departures);

void departures_add(struct departures *departures, user_id user);

/* The user stays after all. */
void departures_drop(struct departures *departures, user_id user);

bool departures_has(struct departures *departures, user_id user);

#endif
