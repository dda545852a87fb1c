/*
 * What deals of administrators have in common. They are given as those of
 * deal.h.
 */
#ifndef RIALTO_COMMAND_BANK_ACT_H
#define RIALTO_COMMAND_BANK_ACT_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "command/deal.h"

/* A deal of the caller as an administrator. */
struct deal *bank_act_new(struct call *call, enum order_kind kind);

/* For prepare: the account, whoever's it is; as deal_other(). */
NODISCARD enum err bank_act_find(struct deal *deal, const char *text,
				 struct account *account_r);

/* ". #57", the entry that it has become, and " (REASON)", if there is one. */
void bank_act_print_number(const struct deal *deal, struct buf *out);
void bank_act_print_reason(const char *reason, struct buf *out);

#endif
