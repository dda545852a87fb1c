#include "chat/sanction/cloak.h"

#include <string.h>

#include "crypto/mac.h"
#include "crypto/random.h"
#include "store/record.h"

enum { CLOAK_VERSION = 1, WORD = 8 };

static const char record_name[] = "key";

struct keeping {
	struct store *store;
	uint8_t *key;
};

static bool decode(const struct buf *value, uint8_t key_r[CLOAK_KEY])
{
	struct record_reader r;

	record_open(&r, buf_at(value), buf_len(value));
	for (size_t i = 0; i < CLOAK_KEY; i += WORD)
		record_key(record_get_u64(&r), key_r + i);
	return record_close(&r) && r.version == CLOAK_VERSION;
}

static enum err read_key(struct store_txn *txn, void *arg)
{
	struct keeping *k = arg;
	struct store_table *table = store_table(k->store, CLOAK_TABLES);
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e =
		store_get(txn, table, record_name, strlen(record_name), &value);

	if (e != ERR_OK)
		return e;
	return decode(&value, k->key) ? ERR_OK : ERR_CORRUPT;
}

static enum err make_key(struct store_txn *txn, void *arg)
{
	struct keeping *k = arg;
	struct store_table *table = store_table(k->store, CLOAK_TABLES);
	AUTO(buf_fini) struct buf value = { 0 };

	random_bytes(k->key, CLOAK_KEY);
	record_begin(&value, CLOAK_VERSION);
	for (size_t i = 0; i < CLOAK_KEY; i += WORD)
		record_put_u64(&value, record_key_number(k->key + i));
	return store_put(txn, table, record_name, strlen(record_name),
			 buf_at(&value), buf_len(&value));
}

enum err cloak_load(struct store *store, uint8_t key_r[CLOAK_KEY])
{
	struct keeping keeping = { store, key_r };
	enum err e = store_view(store, read_key, &keeping);

	return e == ERR_NOT_FOUND ? store_run(store, make_key, &keeping) : e;
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[CLOAK_KEY];

	buf_add(&value, record->value, record->value_len);
	if (record->key_len != strlen(record_name) ||
	    memcmp(record->key, record_name, record->key_len) != 0 ||
	    !decode(&value, key))
		buf_add_text(check->report, "cloak: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;

	return store_walk(txn, store_table(check->store, CLOAK_TABLES), "", 0,
			  check_one, check);
}

enum err cloak_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}

/* How much of an address each part stands for: of IPv4, of IPv6. */
static const struct {
	uint8_t bits4;
	uint8_t bits6;
} parts[CLOAK_PARTS] = { { 32, 64 }, { 24, 48 }, { 16, 32 } };

static char *print_part(const uint8_t key[CLOAK_KEY],
			const struct network *network, char *at)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t bytes[NETWORK_BYTES + 1];
	uint8_t mac[MAC_BYTES];

	memcpy(bytes, network->bytes, NETWORK_BYTES);
	bytes[NETWORK_BYTES] = (uint8_t)network->bits;
	mac_make(key, CLOAK_KEY, bytes, sizeof(bytes), mac);
	for (int i = 0; i < CLOAK_PART; i++)
		*at++ = letters[mac[i] % 32];
	return at;
}

void cloak_print(const uint8_t key[CLOAK_KEY], const struct network *address,
		 char text_r[CLOAK_TEXT])
{
	struct network network = *address;
	char *at = text_r;

	for (int i = 0; i < CLOAK_PARTS; i++) {
		if (i > 0)
			*at++ = '.';
		network_widen(&network, parts[i].bits4, parts[i].bits6);
		at = print_part(key, &network, at);
	}
	memcpy(at, CLOAK_END, sizeof(CLOAK_END));
}
