#include "base/recall.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"

enum { WAYS = 4 }; /* slots that a key may lie in */

/* One of an earlier age is empty. */
struct slot {
	uint64_t age;
	uint32_t key_len;
	uint32_t mark; /* of the key's hash: a key is seldom compared in vain */
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

/* FNV-1a; whoever fills one set with many keys slows down those keys. */
static uint64_t hash(const void *key, size_t key_len)
{
	const uint8_t *bytes = key;
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < key_len; i++)
		h = (h ^ bytes[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

struct recall *recall_new(size_t most, size_t value_len)
{
	struct recall *recall = mem_zero(sizeof(*recall));

	assert(most >= WAYS && (most & (most - 1)) == 0);
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

/* The WAYS slots that a key of that hash may lie in, the newest first. */
static struct slot *set_of_locked(struct recall *recall, uint64_t hashed)
	REQUIRES(recall->lock)
{
	return &recall->slots[hashed & (recall->most - WAYS)];
}

static bool is_held(const struct slot *slot, uint64_t age, uint32_t mark,
		    const void *key, size_t key_len)
{
	return slot->mark == mark && slot->age == age &&
	       slot->key_len == key_len && memcmp(slot->key, key, key_len) == 0;
}

/* NULL: not there. */
static struct slot *slot_of_locked(struct recall *recall, uint64_t hashed,
				   const void *key, size_t key_len)
	REQUIRES(recall->lock)
{
	struct slot *set = set_of_locked(recall, hashed);
	uint32_t mark = (uint32_t)(hashed >> 32);

	for (size_t i = 0; i < WAYS; i++)
		if (is_held(&set[i], recall->age, mark, key, key_len))
			return &set[i];
	return NULL;
}

/* The oldest of the set makes room. */
static struct slot *take_slot_locked(struct recall *recall, uint64_t hashed)
	REQUIRES(recall->lock)
{
	struct slot *set = set_of_locked(recall, hashed);

	memmove(&set[1], &set[0], (WAYS - 1) * sizeof(*set));
	return &set[0];
}

bool recall_find(struct recall *recall, const void *key, size_t key_len,
		 void *value_r)
{
	uint64_t hashed = hash(key, key_len);
	const struct slot *slot;

	assert(key_len <= RECALL_KEY);
	mutex_lock(&recall->lock);
	slot = slot_of_locked(recall, hashed, key, key_len);
	if (slot != NULL)
		memcpy(value_r, slot->value, recall->value_len);
	mutex_unlock(&recall->lock);
	return slot != NULL;
}

uint64_t recall_begin(struct recall *recall)
{
	uint64_t begun;

	mutex_lock(&recall->lock);
	begun = recall->age;
	mutex_unlock(&recall->lock);
	return begun;
}

static void keep_locked(struct recall *recall, const void *key, size_t key_len,
			const void *value) REQUIRES(recall->lock)
{
	uint64_t hashed = hash(key, key_len);
	struct slot *slot = slot_of_locked(recall, hashed, key, key_len);

	if (slot == NULL)
		slot = take_slot_locked(recall, hashed);
	slot->age = recall->age;
	slot->key_len = (uint32_t)key_len;
	slot->mark = (uint32_t)(hashed >> 32);
	memcpy(slot->key, key, key_len);
	memcpy(slot->value, value, recall->value_len);
}

void recall_keep(struct recall *recall, uint64_t begun, const void *key,
		 size_t key_len, const void *value)
{
	assert(key_len <= RECALL_KEY);
	mutex_lock(&recall->lock);
	if (begun == recall->age)
		keep_locked(recall, key, key_len, value);
	mutex_unlock(&recall->lock);
}

void recall_forget(struct recall *recall)
{
	mutex_lock(&recall->lock);
	recall->age++;
	mutex_unlock(&recall->lock);
}
