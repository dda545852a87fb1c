/* What ops that move money, or ask what became of it, have in common. */
#ifndef RIALTO_FRONT_ATM_OP_MONEY_H
#define RIALTO_FRONT_ATM_OP_MONEY_H

#include "base/buf.h"
#include "command/realm.h"
#include "front/atm/transaction.h"

/* Adds "receipt", signed by the server's identity. Any thread. */
void op_money_sign(struct realm *realm, const struct transaction *t,
		   struct buf *out);

#endif
