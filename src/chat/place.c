#include "chat/place.h"

#include <stdbool.h>
#include <string.h>

#include "chat/board/board.h"
#include "chat/guard/lockdown.h"

/* What there may be, and whether it is sound. */
static const struct {
	const char *fact;
	bool (*is_sound)(const void *bytes, size_t len);
} facts[] = {
	{ LOCKDOWN_FACT, lockdown_is_sound },
	{ "rules", post_is_sound },
	{ "motd", post_is_sound },
};

enum err place_put(struct store_txn *txn, struct store *store, const char *fact,
		   const struct buf *value)
{
	return store_put(txn, store_table(store, "place"), fact, strlen(fact),
			 buf_at(value), buf_len(value));
}

enum err place_delete(struct store_txn *txn, struct store *store,
		      const char *fact)
{
	enum err e = store_delete(txn, store_table(store, "place"), fact,
				  strlen(fact));

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

struct look {
	struct store *store;
	const char *fact;
	struct buf *value;
};

static enum err get(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;
	enum err e = store_get(txn, store_table(look->store, "place"),
			       look->fact, strlen(look->fact), look->value);

	if (e == ERR_NOT_FOUND)
		buf_reset(look->value);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err place_get(struct store *store, const char *fact, struct buf *value)
{
	struct look look = { store, fact, value };

	return store_view(store, get, &look);
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;

	for (size_t i = 0; i < COUNT(facts); i++) {
		if (strlen(facts[i].fact) == record->key_len &&
		    memcmp(facts[i].fact, record->key, record->key_len) == 0 &&
		    facts[i].is_sound(record->value, record->value_len))
			return true;
	}
	buf_add_text(check->report, "place: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;

	return store_walk(txn, store_table(check->store, "place"), "", 0,
			  check_one, check);
}

enum err place_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
