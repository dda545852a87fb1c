#include "user/tag_table.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/mac.h"
#include "crypto/random.h"

enum { TAG_BYTES = 16, VALUE_MOST = 16, KEY_BYTES = 32 };

struct slot {
	uint64_t touched; /* 0: empty */
	uint8_t tag[TAG_BYTES];
	uint64_t value[VALUE_MOST / 8];
};

struct bucket {
	struct slot slots[TAG_TABLE_SLOTS];
};

struct tag_table {
	uint8_t key[KEY_BYTES];
	size_t mask;
	uint64_t touches;
	struct bucket *buckets;
};

struct tag_table *tag_table_new(size_t buckets, size_t value_bytes)
{
	struct tag_table *t = mem_zero(sizeof(*t));

	assert(buckets > 0 && (buckets & (buckets - 1)) == 0);
	assert(value_bytes <= VALUE_MOST);
	random_bytes(t->key, sizeof(t->key));
	t->mask = buckets - 1;
	t->buckets = mem_array(buckets, sizeof(*t->buckets));
	return t;
}

void tag_table_free(struct tag_table **table)
{
	if (*table == NULL)
		return;
	mem_free((*table)->buckets);
	mem_free(*table);
	*table = NULL;
}

static struct bucket *bucket_of(const struct tag_table *t, const char *first,
				const char *second, uint8_t tag_r[TAG_BYTES])
{
	uint8_t half[MAC_BYTES];
	uint8_t mac[MAC_BYTES];
	uint64_t number;

	mac_make(t->key, sizeof(t->key), first, strlen(first), half);
	mac_make(half, sizeof(half), second, strlen(second), mac);
	memcpy(tag_r, mac, TAG_BYTES);
	memcpy(&number, mac + TAG_BYTES, sizeof(number));
	return &t->buckets[number & t->mask];
}

static struct slot *slot_with(struct bucket *b, const uint8_t tag[TAG_BYTES])
{
	for (size_t i = 0; i < TAG_TABLE_SLOTS; i++) {
		struct slot *s = &b->slots[i];

		if (s->touched != 0 && memcmp(s->tag, tag, TAG_BYTES) == 0)
			return s;
	}
	return NULL;
}

static struct slot *oldest_of(struct bucket *b)
{
	struct slot *oldest = &b->slots[0];

	for (size_t i = 1; i < TAG_TABLE_SLOTS; i++) {
		if (b->slots[i].touched < oldest->touched)
			oldest = &b->slots[i];
	}
	return oldest;
}

void *tag_table_find(struct tag_table *table, const char *first,
		     const char *second)
{
	uint8_t tag[TAG_BYTES];
	struct bucket *b = bucket_of(table, first, second, tag);
	struct slot *s = slot_with(b, tag);

	return s == NULL ? NULL : s->value;
}

void *tag_table_touch(struct tag_table *table, const char *first,
		      const char *second)
{
	uint8_t tag[TAG_BYTES];
	struct bucket *b = bucket_of(table, first, second, tag);
	struct slot *s = slot_with(b, tag);

	if (s == NULL) {
		s = oldest_of(b);
		memset(s, 0, sizeof(*s));
		memcpy(s->tag, tag, TAG_BYTES);
	}
	s->touched = ++table->touches;
	return s->value;
}

void tag_table_drop(struct tag_table *table, const char *first,
		    const char *second)
{
	uint8_t tag[TAG_BYTES];
	struct bucket *b = bucket_of(table, first, second, tag);
	struct slot *s = slot_with(b, tag);

	if (s != NULL)
		memset(s, 0, sizeof(*s));
}
