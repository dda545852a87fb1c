#include "bank/account_name.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/record.h"

enum {
	NAME_VERSION = 1,
	HOLDER = ACCOUNT_HOUSE + 1, /* in place of a kind */
	PREFIX = 1 + RECORD_KEY,
	KEY_MOST = PREFIX + ACCOUNT_NAME,
	HOLDER_KEY = PREFIX + RECORD_KEY,
};

static const char cash_prefix[] = "cash:";

/* Without its "cash:" or "house:"; users are never called so. */
static const char *house_word(const char *name)
{
	static const char *const prefixes[] = { cash_prefix, "house:" };

	for (size_t i = 0; i < COUNT(prefixes); i++) {
		size_t len = strlen(prefixes[i]);

		if (strncmp(name, prefixes[i], len) == 0)
			return name + len;
	}
	return name;
}

bool account_name_is_valid(const struct account *account)
{
	switch (account->kind) {
	case ACCOUNT_USER:
		return account->owner != 0 && account->holder_count == 0 &&
		       (account->name[0] == '\0' ||
			name_is_valid(account->name));
	case ACCOUNT_SHARED:
		return account->owner == 0 && account->holder_count > 0 &&
		       name_is_valid(account->name);
	case ACCOUNT_HOUSE:
		return account->owner == 0 && account->holder_count == 0 &&
		       name_is_valid(house_word(account->name));
	}
	return false;
}

static void prefix_key(unsigned kind, user_id user, uint8_t key_r[PREFIX])
{
	key_r[0] = (uint8_t)kind;
	record_key(user, key_r + 1);
}

/* Returns its length. */
static size_t make_key(enum account_kind kind, user_id owner, const char *name,
		       uint8_t key_r[KEY_MOST])
{
	size_t len = strlen(name);

	prefix_key(kind, owner, key_r);
	if (len >= ACCOUNT_NAME)
		len = ACCOUNT_NAME - 1;
	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		key_r[PREFIX + i] =
			(uint8_t)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	return PREFIX + len;
}

static enum err put(struct store_txn *txn, struct store_table *names,
		    const uint8_t *key, size_t key_len, account_id id)
{
	AUTO(buf_fini) struct buf value = { 0 };

	record_begin(&value, NAME_VERSION);
	record_put_u64(&value, id);
	return store_put(txn, names, key, key_len, buf_at(&value),
			 buf_len(&value));
}

static void holder_key(const struct account *account, user_id holder,
		       uint8_t key_r[HOLDER_KEY])
{
	prefix_key(HOLDER, holder, key_r);
	record_key(account->id, key_r + PREFIX);
}

static enum err put_holder(struct store_txn *txn, struct store_table *names,
			   const struct account *account, user_id holder)
{
	uint8_t key[HOLDER_KEY];

	holder_key(account, holder, key);
	return put(txn, names, key, sizeof(key), account->id);
}

static enum err delete_holder(struct store_txn *txn, struct store_table *names,
			      const struct account *account, user_id holder)
{
	uint8_t key[HOLDER_KEY];
	enum err e;

	holder_key(account, holder, key);
	e = store_delete(txn, names, key, sizeof(key));
	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

static bool read_id(const void *bytes, size_t len, account_id *id_r)
{
	struct record_reader r;

	record_open(&r, bytes, len);
	*id_r = record_get_u64(&r);
	return record_close(&r) && r.version == NAME_VERSION;
}

enum err account_name_find(struct store_txn *txn, struct store_table *names,
			   enum account_kind kind, user_id owner,
			   const char *name, account_id *id_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[KEY_MOST];
	size_t len = make_key(kind, owner, name, key);
	enum err e = strlen(name) >= ACCOUNT_NAME
			     ? ERR_NOT_FOUND
			     : store_get(txn, names, key, len, &value);

	if (e == ERR_NOT_FOUND)
		return ERR_NO_SUCH_ACCOUNT;
	if (e == ERR_OK && !read_id(buf_at(&value), buf_len(&value), id_r))
		e = ERR_CORRUPT;
	return e;
}

bool account_name_read(const struct store_record *record, account_id *id_r)
{
	return read_id(record->value, record->value_len, id_r);
}

bool account_name_fits(const struct store_record *record,
		       const struct account *account)
{
	uint8_t key[KEY_MOST];
	size_t len =
		make_key(account->kind, account->owner, account->name, key);

	if (record->key_len == len && memcmp(record->key, key, len) == 0)
		return true;
	if (record->key_len != HOLDER_KEY)
		return false;
	for (unsigned i = 0; i < account->holder_count; i++) {
		holder_key(account, account->holders[i], key);
		if (memcmp(record->key, key, HOLDER_KEY) == 0)
			return true;
	}
	return false;
}

/* ERR_NO_SUCH_ACCOUNT unless the key leads to the account. */
static enum err check_key(struct store_txn *txn, struct store_table *names,
			  const uint8_t *key, size_t key_len, account_id id)
{
	AUTO(buf_fini) struct buf value = { 0 };
	account_id found;
	enum err e = store_get(txn, names, key, key_len, &value);

	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK &&
	     (!read_id(buf_at(&value), buf_len(&value), &found) ||
	      found != id)))
		return ERR_NO_SUCH_ACCOUNT;
	return e;
}

enum err account_name_filed(struct store_txn *txn, struct store_table *names,
			    const struct account *account)
{
	uint8_t key[KEY_MOST];
	size_t len =
		make_key(account->kind, account->owner, account->name, key);
	enum err e = check_key(txn, names, key, len, account->id);

	for (unsigned i = 0; e == ERR_OK && i < account->holder_count; i++) {
		holder_key(account, account->holders[i], key);
		e = check_key(txn, names, key, HOLDER_KEY, account->id);
	}
	return e;
}

enum err account_name_check(struct store_txn *txn, struct store_table *names,
			    const struct account *account)
{
	account_id id;
	enum err e = account_name_find(txn, names, account->kind,
				       account->owner, account->name, &id);

	if (e == ERR_NO_SUCH_ACCOUNT)
		return ERR_OK;
	return e == ERR_OK ? ERR_EXISTS : e;
}

enum err account_name_put(struct store_txn *txn, struct store_table *names,
			  const struct account *account)
{
	uint8_t key[KEY_MOST];
	size_t len =
		make_key(account->kind, account->owner, account->name, key);
	enum err e = put(txn, names, key, len, account->id);

	for (unsigned i = 0; e == ERR_OK && i < account->holder_count; i++)
		e = put_holder(txn, names, account, account->holders[i]);
	return e;
}

enum err account_name_delete(struct store_txn *txn, struct store_table *names,
			     const struct account *account)
{
	uint8_t key[KEY_MOST];
	size_t len =
		make_key(account->kind, account->owner, account->name, key);
	enum err e = store_delete(txn, names, key, len);

	for (unsigned i = 0; e == ERR_OK && i < account->holder_count; i++)
		e = delete_holder(txn, names, account, account->holders[i]);
	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

enum err account_name_share(struct store_txn *txn, struct store_table *names,
			    const struct account *account,
			    const struct change *change)
{
	user_id user = (user_id)change->value;

	return change->tag == CHANGE_HOLDER_IN
		       ? put_holder(txn, names, account, user)
		       : delete_holder(txn, names, account, user);
}

struct listing {
	account_id *ids; /* NULL: only counted */
	size_t most;
	size_t count;
	bool is_bad;
};

static bool add(const struct store_record *record, void *arg)
{
	struct listing *l = arg;
	account_id id;

	if (l->count == l->most)
		return false;
	if (!read_id(record->value, record->value_len, &id)) {
		l->is_bad = true;
		return false;
	}
	if (l->ids != NULL)
		l->ids[l->count] = id;
	l->count++;
	return true;
}

static enum err list_of(struct store_txn *txn, struct store_table *names,
			unsigned kind, user_id user, struct listing *l)
{
	uint8_t prefix[PREFIX];
	enum err e;

	prefix_key(kind, user, prefix);
	e = store_walk(txn, names, prefix, sizeof(prefix), add, l);
	return e == ERR_OK && l->is_bad ? ERR_CORRUPT : e;
}

static enum err list(struct store_txn *txn, struct store_table *names,
		     user_id user, struct listing *l)
{
	enum err e = list_of(txn, names, ACCOUNT_USER, user, l);

	return e == ERR_OK ? list_of(txn, names, HOLDER, user, l) : e;
}

enum err account_name_list(struct store_txn *txn, struct store_table *names,
			   user_id user, account_id *ids_r, size_t most,
			   size_t *count_r)
{
	struct listing l = { ids_r, most, 0, false };
	enum err e = list(txn, names, user, &l);

	*count_r = l.count;
	return e;
}

/* A page of cash accounts. */
struct page {
	uint8_t prefix[KEY_MOST];
	size_t prefix_len;
	uint8_t after[KEY_MOST];
	size_t after_len;
	struct listing listing;
};

static bool add_till(const struct store_record *record, void *arg)
{
	struct page *page = arg;

	if (record->key_len < page->prefix_len ||
	    memcmp(record->key, page->prefix, page->prefix_len) != 0)
		return false;
	if (record->key_len == page->after_len &&
	    memcmp(record->key, page->after, page->after_len) == 0)
		return true;
	return add(record, &page->listing);
}

enum err account_name_tills(struct store_txn *txn, struct store_table *names,
			    const char *after, account_id ids_r[TILLS_MOST],
			    size_t *count_r)
{
	struct page page = { .listing = { ids_r, TILLS_MOST, 0, false } };
	bool is_first = strncmp(after, cash_prefix, strlen(cash_prefix)) != 0;
	enum err e;

	page.prefix_len = make_key(ACCOUNT_HOUSE, 0, cash_prefix, page.prefix);
	page.after_len = make_key(ACCOUNT_HOUSE, 0,
				  is_first ? cash_prefix : after, page.after);
	e = store_walk_from(txn, names, page.after, page.after_len, add_till,
			    &page);
	*count_r = page.listing.count;
	return e == ERR_OK && page.listing.is_bad ? ERR_CORRUPT : e;
}

enum err account_name_count(struct store_txn *txn, struct store_table *names,
			    user_id user, size_t *count_r)
{
	struct listing l = { NULL, SIZE_MAX, 0, false };
	enum err e = list(txn, names, user, &l);

	*count_r = l.count;
	return e;
}

enum err account_name_count_own(struct store_txn *txn,
				struct store_table *names, user_id user,
				size_t *count_r)
{
	struct listing l = { NULL, SIZE_MAX, 0, false };
	enum err e = list_of(txn, names, ACCOUNT_USER, user, &l);

	*count_r = l.count;
	return e;
}
