#include "rialto/atm/accounts.h"

#include <string.h>

#include "rialto/atm/acts.h"
#include "rialto/atm/answer.h"
#include "rialto/atm/list.h"
#include "rialto/atm/request.h"
#include "rialto/atm/words.h"

/* False when there is no answer; *next_r is then where to go. */
static bool fetch(struct machine *m, enum at *next_r)
{
	AUTO(buf_wipe) struct buf request = { 0 };
	AUTO(answer_fini) struct answer answer = { 0 };
	char id[UUID_TEXT];

	request_begin(&request, "accounts", id);
	request_end(&request);
	if (!machine_ask(m, &request, id, &answer, next_r))
		return false;
	json_decref(m->accounts);
	m->accounts = json_incref(json_object_get(answer.object, "accounts"));
	return true;
}

enum at accounts_learn(struct machine *m)
{
	enum at next;

	return fetch(m, &next) || next != AT_START ? AT_MENU : next;
}

bool accounts_are_many(const struct machine *m)
{
	return json_array_size(m->accounts) > 1;
}

json_t *accounts_but(const struct machine *m, const char *name)
{
	json_t *others = json_array();
	size_t i;
	json_t *account;

	json_array_foreach(m->accounts, i, account)
	{
		if (strcmp(answer_text(account, "account"), name) != 0)
			json_array_append(others, account);
	}
	return others;
}

enum at accounts_choose(struct machine *m, enum at where)
{
	enum at next;

	if (!fetch(m, &next))
		return next;
	list_set(m, json_incref(m->accounts));
	return where;
}

enum at accounts_leave_payer(struct machine *m)
{
	return m->transaction->has_receiver ? AT_RECEIVER : act_to_amount(m);
}

enum at accounts_choose_payer(struct machine *m)
{
	return accounts_are_many(m) ? accounts_choose(m, AT_FROM)
				    : accounts_leave_payer(m);
}

void accounts_print(const void *context UNUSED, const json_t *account,
		    size_t nth UNUSED, struct buf *line_r)
{
	words_account(account, line_r);
}

enum at act_accounts(struct machine *m)
{
	enum at next;
	size_t i;
	json_t *account;

	if (!fetch(m, &next))
		return next;
	json_array_foreach(m->accounts, i, account)
	{
		AUTO(buf_fini) struct buf line = { 0 };

		words_account(account, &line);
		machine_say(m, "%s", buf_text(&line));
	}
	return next;
}
