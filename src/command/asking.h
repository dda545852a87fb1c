/* Asking somebody for money: what /request and /split have in common. */
#ifndef RIALTO_COMMAND_ASKING_H
#define RIALTO_COMMAND_ASKING_H

#include "base/attr.h"
#include "base/err.h"
#include "command/deal.h"

enum { ASKING_DAYS = 14 };

/*
 * For prepare: makes the order, of kind ORDER_REQUEST, ask whom for money for
 * the main account of the actor; whom is told. Errors of deal_other(), and
 * ERR_IGNORED, with words.
 */
NODISCARD enum err asking_prepare(struct deal *deal, const char *whom,
				  struct order *order);

/* What who is asked reads: deal_notice_fn. */
void asking_notice(const struct deal *deal, const char *memo, struct buf *text);

#endif
