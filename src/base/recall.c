#include "base/recall.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"

/* One of an earlier age is empty. */
struct slot {
	uint64_t age;
	size_t key_len;
	uint8_t key[RECALL_KEY];
	uint8_t value[RECALL_VALUE];
};

struct recall {
	size_t most;      /* immutable */
	size_t value_len; /* immutable */

	struct mutex lock; /* rank: LOCK_RECALL */
	uint64_t age GUARDED_BY(lock);
	struct slot *slots GUARDED_BY(lock);
};

/* FNV-1a; whoever fills one slot with many keys slows down those keys. */
static size_t hash(const void *key, size_t key_len)
{
	const uint8_t *bytes = key;
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < key_len; i++)
		h = (h ^ bytes[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

struct recall *recall_new(size_t most, size_t value_len)
{
	struct recall *recall = mem_zero(sizeof(*recall));

	assert(most > 0 && (most & (most - 1)) == 0);
	assert(value_len <= RECALL_VALUE);
	recall->most = most;
	recall->value_len = value_len;
	recall->age = 1;
	recall->slots = mem_array(most, sizeof(*recall->slots));
	mutex_init(&recall->lock, LOCK_RECALL);
	return recall;
}

void recall_free(struct recall **recall)
{
	struct recall *r = *recall;

	*recall = NULL;
	if (r == NULL)
		return;
	mutex_fini(&r->lock);
	mem_free(r->slots);
	mem_free(r);
}

static struct slot *slot_of_locked(struct recall *recall, const void *key,
				   size_t key_len) REQUIRES(recall->lock)
{
	assert(key_len <= RECALL_KEY);
	return &recall->slots[hash(key, key_len) & (recall->most - 1)];
}

bool recall_find(struct recall *recall, const void *key, size_t key_len,
		 void *value_r)
{
	const struct slot *slot;
	bool is_there;

	mutex_lock(&recall->lock);
	slot = slot_of_locked(recall, key, key_len);
	is_there = slot->age == recall->age && slot->key_len == key_len &&
		   memcmp(slot->key, key, key_len) == 0;
	if (is_there)
		memcpy(value_r, slot->value, recall->value_len);
	mutex_unlock(&recall->lock);
	return is_there;
}

uint64_t recall_begin(struct recall *recall)
{
	uint64_t begun;

	mutex_lock(&recall->lock);
	begun = recall->age;
	mutex_unlock(&recall->lock);
	return begun;
}

void recall_keep(struct recall *recall, uint64_t begun, const void *key,
		 size_t key_len, const void *value)
{
	struct slot *slot;

	mutex_lock(&recall->lock);
	if (begun == recall->age) {
		slot = slot_of_locked(recall, key, key_len);
		slot->age = begun;
		slot->key_len = key_len;
		memcpy(slot->key, key, key_len);
		memcpy(slot->value, value, recall->value_len);
	}
	mutex_unlock(&recall->lock);
}

void recall_forget(struct recall *recall)
{
	mutex_lock(&recall->lock);
	recall->age++;
	mutex_unlock(&recall->lock);
}
