#include "command/bank_act.h"

#include <inttypes.h>
#include <stdio.h>

#include "bank/memo.h"

struct deal *bank_act_new(struct call *call, enum order_kind kind)
{
	struct deal *deal = deal_new(call, kind);

	deal->order.by.authority = AUTHORITY_ADMIN;
	return deal;
}

enum err bank_act_find(struct deal *deal, const char *text,
		       struct account *account_r)
{
	enum err e = deal_other(deal, text, false, account_r);

	return e != ERR_NO_SUCH_ACCOUNT
		       ? e
		       : refusal_give(&deal->task.why, e,
				      "There is no account \"%s\"; /bank "
				      "accounts lists them.",
				      text);
}

void bank_act_print_number(const struct deal *deal, struct buf *out)
{
	buf_print(out, ". #%" PRIu64, deal->order.entry.seq);
}

void bank_act_print_reason(const char *reason, struct buf *out)
{
	char remark[MEMO_SHOWN];

	memo_remark(reason, remark);
	buf_add_text(out, remark);
}
