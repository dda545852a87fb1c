/* Money from one of one's accounts to another. */
#include "rialto/atm/accounts.h"
#include "rialto/atm/acts.h"
#include "rialto/atm/answer.h"
#include "rialto/atm/list.h"

static const struct transaction transfer = {
	.op = "transfer",
	.question = "Transfer",
	.done = "Transferred",
	.payer_member = "from",
	.is_between = true,
	.spends = true,
};

enum at act_transfer(struct machine *m)
{
	m->transaction = &transfer;
	return accounts_choose(m, AT_FROM);
}

enum at act_to(struct machine *m, const json_t *account)
{
	machine_set(&m->receiver, answer_text(account, "account"));
	return act_to_amount(m);
}

/* Where there is but one other, a transfer goes to that. */
enum at act_from(struct machine *m, const json_t *account)
{
	json_t *others;

	machine_set(&m->payer, answer_text(account, "account"));
	if (!m->transaction->is_between)
		return accounts_leave_payer(m);
	others = accounts_but(m, m->payer);
	list_set(m, others);
	if (json_array_size(others) == 1)
		return act_to(m, json_array_get(others, 0));
	return AT_TO;
}
