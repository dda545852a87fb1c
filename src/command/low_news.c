#include "command/low_news.h"

#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/schedule/low.h"
#include "base/mem.h"
#include "chat/tell.h"

static enum err tell(const struct realm *realm, struct person *person,
		     const struct account *account)
{
	AUTO(buf_fini) struct buf text = { 0 };
	struct bank_settings settings;
	uint64_t seq;
	enum err e = low_find(realm->store, account, person_user(person), &seq);

	if (e != ERR_OK || seq == 0)
		return e;
	ledger_settings(realm->ledger, &settings);
	low_print(realm->users, &settings.currency, account, &text);
	tell_notice(person, 0, buf_text(&text));
	return low_note(realm->store, account, person_user(person), seq);
}

enum err low_news_tell(const struct realm *realm, struct person *person)
{
	struct account *list;
	size_t count;
	enum err e;

	if (person_user(person) == 0)
		return ERR_OK;
	e = book_accounts_of(realm->store, person_user(person), &list, &count);
	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = tell(realm, person, &list[i]);
	mem_free(list);
	return e;
}
