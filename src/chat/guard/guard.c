#include "chat/guard/guard.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"

struct guard {
	struct mutex lock;                            /* rank: LOCK_TABLE */
	struct guard_entry *entries GUARDED_BY(lock); /* by id */
	size_t count GUARDED_BY(lock);
};

static const struct {
	enum err code;
	const char *word;
} kinds[] = {
	[GUARD_BAN] = { ERR_BANNED, "banned" },
	[GUARD_MUTE] = { ERR_MUTED, "muted" },
};

struct guard *guard_new(void)
{
	struct guard *guard = mem_zero(sizeof(*guard));

	mutex_init(&guard->lock, LOCK_TABLE);
	return guard;
}

void guard_free(struct guard **guard)
{
	if (*guard == NULL)
		return;
	mutex_fini(&(*guard)->lock);
	mem_free((*guard)->entries);
	mem_free(*guard);
	*guard = NULL;
}

/* The entry, or the one behind which it would be. */
static size_t place_locked(const struct guard *guard, uint64_t id)
	REQUIRES(guard->lock)
{
	size_t low = 0;
	size_t high = guard->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (guard->entries[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct guard_entry *find_locked(const struct guard *guard, uint64_t id)
	REQUIRES(guard->lock)
{
	size_t i = place_locked(guard, id);

	return i < guard->count && guard->entries[i].id == id
		       ? &guard->entries[i]
		       : NULL;
}

void guard_add(struct guard *guard, const struct guard_entry *entry)
{
	size_t i;

	mutex_lock(&guard->lock);
	i = place_locked(guard, entry->id);
	if (i == guard->count || guard->entries[i].id != entry->id) {
		guard->entries = mem_resize(
			guard->entries, (guard->count + 1) * sizeof(*entry));
		memmove(&guard->entries[i + 1], &guard->entries[i],
			(guard->count - i) * sizeof(*entry));
		guard->count++;
	}
	guard->entries[i] = *entry;
	mutex_unlock(&guard->lock);
}

void guard_drop(struct guard *guard, uint64_t id)
{
	struct guard_entry *entry;
	size_t i;

	mutex_lock(&guard->lock);
	entry = find_locked(guard, id);
	if (entry != NULL) {
		i = (size_t)(entry - guard->entries);
		guard->count--;
		memmove(entry, entry + 1, (guard->count - i) * sizeof(*entry));
	}
	mutex_unlock(&guard->lock);
}

bool guard_get(struct guard *guard, enum guard_kind kind, uint64_t id,
	       struct guard_entry *entry_r)
{
	const struct guard_entry *entry;
	bool is_there;

	mutex_lock(&guard->lock);
	entry = find_locked(guard, id);
	is_there = entry != NULL && entry->kind == kind &&
		   !guard_entry_is_over(entry, clock_wall_ms());
	if (is_there)
		*entry_r = *entry;
	mutex_unlock(&guard->lock);
	return is_there;
}

size_t guard_count(struct guard *guard)
{
	size_t count;

	mutex_lock(&guard->lock);
	count = guard->count;
	mutex_unlock(&guard->lock);
	return count;
}

struct guard_entry *guard_list(struct guard *guard, enum guard_kind kind,
			       size_t *count_r)
{
	int64_t now_ms = clock_wall_ms();
	struct guard_entry *list;

	*count_r = 0;
	mutex_lock(&guard->lock);
	list = mem_array(guard->count, sizeof(*list));
	for (size_t i = 0; i < guard->count; i++) {
		if (guard->entries[i].kind == kind &&
		    !guard_entry_is_over(&guard->entries[i], now_ms))
			list[(*count_r)++] = guard->entries[i];
	}
	mutex_unlock(&guard->lock);
	return list;
}

size_t guard_list_over(struct guard *guard, int64_t then_ms, uint64_t *ids_r,
		       size_t most)
{
	size_t count = 0;

	mutex_lock(&guard->lock);
	for (size_t i = 0; i < guard->count && count < most; i++) {
		if (guard_entry_is_over(&guard->entries[i], then_ms))
			ids_r[count++] = guard->entries[i].id;
	}
	mutex_unlock(&guard->lock);
	return count;
}

/* Borrowed while the lock is held; NULL: nothing hits. */
static const struct guard_entry *search_locked(
	const struct guard *guard, enum guard_kind kind,
	const struct guard_subject *subject) REQUIRES(guard->lock)
{
	const struct guard_entry *found = NULL;
	int64_t now_ms = clock_wall_ms();

	for (size_t i = 0; i < guard->count; i++) {
		const struct guard_entry *entry = &guard->entries[i];

		if (entry->kind == kind &&
		    !guard_entry_is_over(entry, now_ms) &&
		    guard_entry_hits(entry, subject) &&
		    (found == NULL || guard_entry_outlasts(entry, found)))
			found = entry;
	}
	return found;
}

uint64_t guard_find(struct guard *guard, enum guard_kind kind,
		    const struct guard_subject *subject)
{
	const struct guard_entry *found;
	uint64_t id;

	mutex_lock(&guard->lock);
	found = search_locked(guard, kind, subject);
	id = found == NULL ? 0 : found->id;
	mutex_unlock(&guard->lock);
	return id;
}

void guard_print_words(const struct guard_entry *entry, struct refusal *words)
{
	char when[CLOCK_TEXT];

	clock_print(entry->until_ms, when);
	snprintf(words->text, sizeof(words->text), "%s %s%s: %s",
		 kinds[entry->kind].word,
		 entry->until_ms == 0 ? "for good" : "until ",
		 entry->until_ms == 0 ? "" : when, entry->reason);
}

static enum err refuse(const struct guard_entry *entry, struct refusal *why)
{
	struct refusal words;

	guard_print_words(entry, &words);
	return refusal_give(why, kinds[entry->kind].code, "You are %s",
			    words.text);
}

enum err guard_check(struct guard *guard, enum guard_kind kind,
		     const struct guard_subject *subject, struct refusal *why)
{
	const struct guard_entry *found;
	enum err e = ERR_OK;

	mutex_lock(&guard->lock);
	found = search_locked(guard, kind, subject);
	if (found != NULL)
		e = refuse(found, why);
	mutex_unlock(&guard->lock);
	return e;
}

enum err guard_check_mute(struct guard *guard, uint64_t id, struct refusal *why)
{
	struct guard_entry entry;

	return guard_get(guard, GUARD_MUTE, id, &entry) ? refuse(&entry, why)
							: ERR_OK;
}

struct loading {
	struct guard *guard;
	struct store *store;
	bool is_bad;
};

static bool load_one(const struct store_record *record, void *arg)
{
	struct loading *loading = arg;
	struct guard_entry entry;

	if (guard_entry_decode(record->value, record->value_len, &entry))
		guard_add(loading->guard, &entry);
	else
		loading->is_bad = true;
	return true;
}

static enum err load(struct store_txn *txn, void *arg)
{
	struct loading *loading = arg;

	return store_walk(txn, store_table(loading->store, "guards"), "", 0,
			  load_one, loading);
}

enum err guard_load(struct guard *guard, struct store *store)
{
	struct loading loading = { guard, store, false };
	enum err e = store_view(store, load, &loading);

	return e == ERR_OK && loading.is_bad ? ERR_CORRUPT : e;
}
