#include "command/releases.h"

#include "bank/book.h"
#include "bank/ledger.h"
#include "base/mem.h"
#include "command/takings.h"

struct release {
	struct release *next;
	user_id to;
	uint64_t seq;
	char *text;
};

static void keep(struct releases *releases, user_id to, uint64_t seq,
		 const char *text)
{
	struct release *release;

	if (to == 0)
		return;
	release = mem_zero(sizeof(*release));
	release->to = to;
	release->seq = seq;
	release->text = mem_text(text);
	if (releases->last != NULL)
		releases->last->next = release;
	else
		releases->first = release;
	releases->last = release;
}

enum err releases_add(struct releases *releases, struct realm *realm,
		      const struct order *order)
{
	const struct entry *entry = &order->entry;
	struct bank_settings settings;
	struct account payer;
	char amount[MONEY_TEXT];
	char *text;
	enum err e = book_account(realm->store, entry->subject, &payer);

	if (e != ERR_OK)
		return e;
	ledger_settings(realm->ledger, &settings);
	money_print_symbol(entry->amount, &settings.currency, amount);
	text = mem_print("%s released hold #%llu: %s can be spent again, "
			 "since %s is removed. #%llu",
			 entry->by, (unsigned long long)entry->reference,
			 amount, order->target, (unsigned long long)entry->seq);
	keep(releases, payer.owner, entry->seq, text);
	for (unsigned i = 0; i < payer.holder_count; i++)
		keep(releases, payer.holders[i], entry->seq, text);
	mem_free(text);
	return ERR_OK;
}

static void take(struct releases *releases, struct realm *realm)
{
	struct release *release = releases->first;

	releases->first = release->next;
	if (releases->first == NULL)
		releases->last = NULL;
	if (realm != NULL)
		(void)takings_tell(realm->takings, release->to, release->seq,
				   release->text);
	mem_free(release->text);
	mem_free(release);
}

void releases_tell(struct releases *releases, struct realm *realm)
{
	while (releases->first != NULL)
		take(releases, realm);
}

void releases_fini(struct releases *releases)
{
	while (releases->first != NULL)
		take(releases, NULL);
}
