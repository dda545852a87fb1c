#include "command/standing_text.h"

#include <stdio.h>

#include "bank/book.h"
#include "bank/memo.h"
#include "base/mem.h"
#include "chat/tell.h"

void standing_text(const struct realm *realm, const struct currency *currency,
		   const struct standing *standing, struct buf *out)
{
	char remark[MEMO_SHOWN];
	char name[BOOK_NAME] = "?";
	char amount[MONEY_TEXT];
	struct account to;

	if (book_account(realm->store, standing->to, &to) == ERR_OK)
		book_print_name(realm->users, &to, name);
	money_print_symbol(standing->amount, currency, amount);
	memo_remark(standing->memo, remark);
	buf_print(out, "%s to %s %s%s", amount, name,
		  every_words[standing->recurrence.every], remark);
}

enum err standing_news_tell(const struct realm *realm, struct person *person)
{
	const struct standings where = { realm->store, realm->trail };
	struct standing *list;
	size_t count;
	enum err e = person_user(person) == 0
			     ? ERR_NOT_FOUND
			     : standing_list(&where, person_user(person), &list,
					     &count);

	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		if (list[i].news[0] == '\0')
			continue;
		tell_notice(person, 0, list[i].news);
		e = standing_heard(&where, &list[i]);
	}
	mem_free(list);
	return e;
}
