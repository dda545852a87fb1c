#include "bank/meta.h"

#include <stdio.h>
#include <string.h>

#include "bank/entry.h"
#include "base/mem.h"
#include "store/record.h"

enum { META_VERSION = 1 };

static const char head_key[] = "head";
static const char rules_key[] = "rules";

static enum err get(struct store_txn *txn, struct store_table *meta,
		    const char *key, struct buf *value)
{
	return store_get(txn, meta, key, strlen(key), value);
}

static enum err put(struct store_txn *txn, struct store_table *meta,
		    const char *key, const struct buf *value)
{
	return store_put(txn, meta, key, strlen(key), buf_at(value),
			 buf_len(value));
}

static bool read_head(const struct buf *value, struct bank_head *head)
{
	struct record_reader r;

	record_open(&r, buf_at(value), buf_len(value));
	head->seq = record_get_u64(&r);
	head->time_ms = record_get_i64(&r);
	for (size_t i = 0; i < sizeof(head->hash); i++)
		head->hash[i] = record_get_u8(&r);
	head->moves = record_get_u64(&r);
	head->request = record_get_u64(&r);
	return record_close(&r) && r.version == META_VERSION;
}

enum err meta_get_head(struct store_txn *txn, struct store_table *meta,
		       struct bank_head *head_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e = get(txn, meta, head_key, &value);

	memset(head_r, 0, sizeof(*head_r));
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e == ERR_OK && !read_head(&value, head_r))
		e = ERR_CORRUPT;
	return e;
}

enum err meta_put_head(struct store_txn *txn, struct store_table *meta,
		       const struct bank_head *head)
{
	AUTO(buf_fini) struct buf value = { 0 };

	record_begin(&value, META_VERSION);
	record_put_u64(&value, head->seq);
	record_put_i64(&value, head->time_ms);
	buf_add(&value, head->hash, sizeof(head->hash));
	record_put_u64(&value, head->moves);
	record_put_u64(&value, head->request);
	return put(txn, meta, head_key, &value);
}

static bool read_rules(const struct buf *value, struct bank_rules *rules)
{
	struct record_reader r;

	record_open(&r, buf_at(value), buf_len(value));
	record_get_text(&r, rules->currency.code, sizeof(rules->currency.code));
	record_get_text(&r, rules->currency.symbol,
			sizeof(rules->currency.symbol));
	rules->currency.scale = record_get_u8(&r);
	for (unsigned i = 0; i < TERMS; i++)
		rules->terms[i] = record_get_i64(&r);
	return record_close(&r) && r.version == META_VERSION &&
	       rules->currency.scale <= CURRENCY_SCALE_MOST;
}

enum err meta_get_rules(struct store_txn *txn, struct store_table *meta,
			struct bank_rules *rules_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e = get(txn, meta, rules_key, &value);

	memset(rules_r, 0, sizeof(*rules_r));
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e == ERR_OK && !read_rules(&value, rules_r))
		e = ERR_CORRUPT;
	return e;
}

enum err meta_put_rules(struct store_txn *txn, struct store_table *meta,
			const struct bank_rules *rules)
{
	AUTO(buf_fini) struct buf value = { 0 };

	record_begin(&value, META_VERSION);
	record_put_text(&value, rules->currency.code);
	record_put_text(&value, rules->currency.symbol);
	record_put_u8(&value, (uint8_t)rules->currency.scale);
	for (unsigned i = 0; i < TERMS; i++)
		record_put_i64(&value, rules->terms[i]);
	return put(txn, meta, rules_key, &value);
}

static bool apply_currency(struct bank_rules *rules, const struct entry *entry)
{
	const struct change *scale = entry_change(entry, CHANGE_SCALE);
	const char *space = strchr(entry->name, ' ');
	struct currency *c = &rules->currency;
	size_t len = space != NULL ? (size_t)(space - entry->name) : 0;

	if (scale == NULL || scale->value < 0 ||
	    scale->value > CURRENCY_SCALE_MOST || len == 0 ||
	    len >= sizeof(c->code) || strlen(space + 1) >= sizeof(c->symbol))
		return false;
	memset(c, 0, sizeof(*c));
	memcpy(c->code, entry->name, len);
	memcpy(c->symbol, space + 1, strlen(space + 1));
	c->scale = (int)scale->value;
	return true;
}

bool meta_apply(struct bank_rules *rules, const struct entry *entry)
{
	if (entry->kind == ENTRY_CURRENCY)
		return apply_currency(rules, entry);
	if (entry->kind != ENTRY_RULES)
		return true;
	for (unsigned i = 0; i < entry->change_count; i++) {
		const struct change *change = &entry->changes[i];

		if (change->tag > (int)TERMS)
			return false;
		rules->terms[change->tag - CHANGE_FLOOR] = change->value;
	}
	return true;
}

int64_t meta_term(const struct bank_rules *rules, const struct account *account,
		  enum account_term term)
{
	if (account->terms[term] != TERM_DEFAULT)
		return account->terms[term];
	/* The house owes and takes what it must. */
	return account->kind == ACCOUNT_HOUSE ? MONEY_NONE : rules->terms[term];
}
