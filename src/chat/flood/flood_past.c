#include "chat/flood/flood_past.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

struct memory {
	struct flood_key key;
	int64_t kept_us;
	struct flood_state state;
};

struct flood_past {
	const struct flood_rules *rules; /* immutable */

	struct mutex lock; /* rank: LOCK_TABLE */
	struct memory *list GUARDED_BY(lock);
	size_t count GUARDED_BY(lock);
};

struct flood_key flood_key(user_id user, const char *address)
{
	struct flood_key key;
	char bare[USER_ADDRESS];

	/* Without the scope that some have: "fe80::1%eth0". */
	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(address, "%"),
		 address);
	memset(&key, 0, sizeof(key));
	key.user = user;
	if (user == 0 && network_parse_address(bare, &key.network))
		network_widen(&key.network, 32, 64);
	return key;
}

static bool is_nobody(const struct flood_key *key)
{
	return key->user == 0 && key->network.bits == 0;
}

struct flood_past *flood_past_new(const struct flood_rules *rules)
{
	struct flood_past *past = mem_zero(sizeof(*past));

	past->rules = rules;
	past->list = mem_array(FLOOD_PAST_MOST, sizeof(past->list[0]));
	mutex_init(&past->lock, LOCK_TABLE);
	return past;
}

void flood_past_free(struct flood_past **past)
{
	struct flood_past *p = *past;

	if (p == NULL)
		return;
	*past = NULL;
	mutex_fini(&p->lock);
	mem_free(p->list);
	mem_free(p);
}

static bool is_same(const struct flood_key *a, const struct flood_key *b)
{
	return a->user == b->user && a->network.bits == b->network.bits &&
	       memcmp(a->network.bytes, b->network.bytes, NETWORK_BYTES) == 0;
}

static void drop_over_locked(struct flood_past *past, int64_t now_us)
	REQUIRES(past->lock)
{
	size_t i = 0;

	while (i < past->count) {
		if (flood_is_over(past->rules, &past->list[i].state, now_us))
			past->list[i] = past->list[--past->count];
		else
			i++;
	}
}

static struct memory *find_locked(struct flood_past *past,
				  const struct flood_key *key)
	REQUIRES(past->lock)
{
	for (size_t i = 0; i < past->count; i++) {
		if (is_same(&past->list[i].key, key))
			return &past->list[i];
	}
	return NULL;
}

/* A new one, in the place of the oldest if it must be. */
static struct memory *add_locked(struct flood_past *past,
				 const struct flood_key *key, int64_t now_us)
	REQUIRES(past->lock)
{
	struct memory *memory = &past->list[0];

	if (past->count == FLOOD_PAST_MOST)
		drop_over_locked(past, now_us);
	if (past->count < FLOOD_PAST_MOST) {
		memory = &past->list[past->count++];
	} else {
		for (size_t i = 1; i < past->count; i++) {
			if (past->list[i].kept_us < memory->kept_us)
				memory = &past->list[i];
		}
	}
	memset(memory, 0, sizeof(*memory));
	memory->key = *key;
	return memory;
}

static struct flood_state state_of(struct flood_meter *meter)
{
	struct flood_state state;

	mutex_lock(&meter->lock);
	state = meter->state;
	mutex_unlock(&meter->lock);
	return state;
}

void flood_past_keep(struct flood_past *past, const struct flood_key *key,
		     struct flood_meter *meter)
{
	struct flood_state state = state_of(meter);
	int64_t now_us = clock_mono_us();
	struct memory *memory;

	if (is_nobody(key) || flood_is_over(past->rules, &state, now_us))
		return;
	mutex_lock(&past->lock);
	memory = find_locked(past, key);
	if (memory == NULL)
		memory = add_locked(past, key, now_us);
	flood_worsen(past->rules, &memory->state, &state, now_us);
	memory->kept_us = now_us;
	mutex_unlock(&past->lock);
}

void flood_past_recall(struct flood_past *past, const struct flood_key *key,
		       struct flood_meter *meter)
{
	struct flood_state state = { 0 };
	struct memory *memory;

	if (is_nobody(key))
		return;
	mutex_lock(&past->lock);
	memory = find_locked(past, key);
	if (memory != NULL)
		state = memory->state;
	mutex_unlock(&past->lock);
	mutex_lock(&meter->lock);
	flood_worsen(past->rules, &meter->state, &state, clock_mono_us());
	mutex_unlock(&meter->lock);
}
