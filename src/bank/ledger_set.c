/* The bank as the settings have it: currency, rules, house accounts. */
#include <stdio.h>
#include <string.h>

#include "bank/account_name.h"
#include "bank/judge/judge.h"
#include "bank/ledger.h"
#include "bank/ledger_fields.h"
#include "bank/meta.h"
#include "base/mem.h"

static bool is_same_currency(const struct currency *a, const struct currency *b)
{
	return strcmp(a->code, b->code) == 0 &&
	       strcmp(a->symbol, b->symbol) == 0 && a->scale == b->scale;
}

static void wanted_terms(const struct bank_settings *s, int64_t terms_r[TERMS])
{
	terms_r[TERM_FLOOR] = s->floor;
	terms_r[TERM_CEILING] = s->ceiling;
	terms_r[TERM_PER_TRANSFER] = s->per_transfer;
	terms_r[TERM_PER_DAY] = s->per_day;
	terms_r[TERM_RATE] = MONEY_NONE;
	terms_r[TERM_NOTICE] = MONEY_NONE;
}

static enum err post(struct batch *batch, struct order *order,
		     struct entry *entry)
{
	enum err e = batch_post(batch, order, entry);

	if (e != ERR_OK)
		return e;
	if (!meta_apply(&batch->rules, entry))
		return ERR_CORRUPT;
	return meta_put_rules(batch->txn, batch->tables->meta, &batch->rules);
}

static enum err set_currency(struct batch *batch, struct order *order)
{
	const struct currency *wanted = &batch->settings.currency;
	const struct currency *have = &batch->rules.currency;
	struct entry entry = { .kind = ENTRY_CURRENCY };

	if (is_same_currency(wanted, have))
		return ERR_OK;
	if (batch->head.moves > 0)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "bank.currency is %s (%s, scale %d), but "
				    "the bank has money in %s (%s, scale %d)",
				    wanted->code, wanted->symbol, wanted->scale,
				    have->code, have->symbol, have->scale);
	(void)snprintf(entry.name, sizeof(entry.name), "%s %s", wanted->code,
		       wanted->symbol);
	entry_add_change(&entry, CHANGE_SCALE, wanted->scale);
	return post(batch, order, &entry);
}

enum err judge_rules(struct batch *batch, struct order *order)
{
	struct entry entry = { .kind = ENTRY_RULES };
	int64_t terms[TERMS];
	bool is_new = batch->head.seq == 0;
	enum err e = set_currency(batch, order);

	if (e != ERR_OK)
		return e;
	wanted_terms(&batch->settings, terms);
	for (unsigned i = 0; i < TERMS; i++)
		if (is_new || terms[i] != batch->rules.terms[i])
			entry_add_change(&entry,
					 (enum change_tag)(CHANGE_FLOOR + i),
					 terms[i]);
	return entry.change_count > 0 ? post(batch, order, &entry) : ERR_OK;
}

static enum err open_house(struct ledger *ledger, const char *name)
{
	struct order order = { .kind = ORDER_OPEN,
			       .by.authority = AUTHORITY_BANK };
	enum err e;

	(void)snprintf(order.name, sizeof(order.name), "%s", name);
	(void)snprintf(order.target, sizeof(order.target), "%s", name);
	order_add_change(&order, CHANGE_KIND, ACCOUNT_HOUSE);
	e = ledger_run(ledger, &order);
	return e == ERR_EXISTS ? ERR_OK : e;
}

struct house {
	struct ledger *ledger;
	const struct bank_settings *settings;
};

static enum err find_house(struct store_txn *txn, void *arg)
{
	const struct house *house = arg;
	struct ledger *ledger = house->ledger;
	const struct {
		const char *name;
		account_id *id;
	} all[] = {
		{ house->settings->cash_account, &ledger->cash },
		{ "fees", &ledger->fees },
		{ "income", &ledger->income },
		{ "over-short", &ledger->over_short },
		{ "opening", &ledger->opening },
	};
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < COUNT(all); i++)
		e = account_name_find(txn, ledger->tables.names, ACCOUNT_HOUSE,
				      0, all[i].name, all[i].id);
	return e == ERR_NO_SUCH_ACCOUNT ? ERR_CORRUPT : e;
}

/* ERR_NOT_FOUND when the rules are others. */
static enum err find_all(struct store_txn *txn, void *arg)
{
	const struct house *house = arg;
	int64_t terms[TERMS];
	struct bank_rules rules;
	enum err e = meta_get_rules(txn, house->ledger->tables.meta, &rules);

	if (e != ERR_OK)
		return e;
	wanted_terms(house->settings, terms);
	if (!is_same_currency(&house->settings->currency, &rules.currency) ||
	    memcmp(terms, rules.terms, sizeof(terms)) != 0)
		return ERR_NOT_FOUND;
	return find_house(txn, arg);
}

static enum err make_house(struct ledger *ledger,
			   const struct bank_settings *settings)
{
	const char *const names[] = { settings->cash_account, "fees", "income",
				      "over-short", "opening" };
	struct house house = { ledger, settings };
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < COUNT(names); i++)
		e = open_house(ledger, names[i]);
	return e == ERR_OK ? ledger_still(ledger, find_house, &house) : e;
}

static void take_over(struct ledger *ledger,
		      const struct bank_settings *settings)
{
	mutex_lock(&ledger->queue_lock);
	ledger->settings = *settings;
	mutex_unlock(&ledger->queue_lock);
	quota_set_rate(ledger->quota, settings->rate);
}

void ledger_settings(struct ledger *ledger, struct bank_settings *settings_r)
{
	mutex_lock(&ledger->queue_lock);
	*settings_r = ledger->settings;
	mutex_unlock(&ledger->queue_lock);
}

enum err ledger_set(struct ledger *ledger, const struct bank_settings *settings,
		    struct buf *why)
{
	struct order order = { .kind = ORDER_RULES,
			       .by.authority = AUTHORITY_BANK };
	struct house house = { ledger, settings };
	struct bank_settings before;
	enum err e;

	ledger_settings(ledger, &before);
	take_over(ledger, settings);
	/* Without an order, which a full disk would refuse. */
	if (ledger_still(ledger, find_all, &house) == ERR_OK)
		return ERR_OK;
	e = ledger_run(ledger, &order);
	if (e == ERR_OK)
		e = make_house(ledger, settings);
	else if (before.rate.count != 0) /* none at the start */
		take_over(ledger, &before);
	if (e != ERR_OK)
		buf_print(why, "%s",
			  order.words[0] != '\0' ? order.words : err_words(e));
	return e;
}

struct search {
	const struct ledger *ledger;
	const char *name;
};

static enum err find_till(struct store_txn *txn, void *arg)
{
	const struct search *search = arg;
	account_id id;

	return account_name_find(txn, search->ledger->tables.names,
				 ACCOUNT_HOUSE, 0, search->name, &id);
}

enum err ledger_open_till(struct ledger *ledger, const char *name)
{
	struct search search = { ledger, name };
	enum err e = ledger_still(ledger, find_till, &search);

	return e == ERR_NO_SUCH_ACCOUNT ? open_house(ledger, name) : e;
}
