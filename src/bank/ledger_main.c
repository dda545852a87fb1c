#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/ledger_fields.h"

bool ledger_remember_main(struct ledger *ledger, user_id owner,
			  account_id *id_r)
{
	return recall_find(ledger->mains, &owner, sizeof(owner), id_r);
}

enum err ledger_main(struct ledger *ledger, user_id owner, account_id *id_r)
{
	uint64_t begun;
	enum err e;

	if (ledger_remember_main(ledger, owner, id_r))
		return ERR_OK;
	begun = recall_begin(ledger->mains);
	e = book_main(ledger->parts.store, owner, id_r);
	if (e == ERR_OK)
		recall_keep(ledger->mains, begun, &owner, sizeof(owner), id_r);
	return e;
}
