#include "audit/tally.h"

#include <stdio.h>
#include <string.h>

#include "audit/line.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/thread.h"
#include "log/log.h"

enum {
	AT_ONCE = 128, /* records of one transaction */
	IN_RESERVE =
		64, /* of TALLY_MOST: for what is counted by action alone */
};

struct note {
	struct list link;
	struct audit_entry entry;
	unsigned times;
	int64_t since_ms; /* wall clock: the first */
	bool is_merged;   /* names, or addresses as well, are left out */
};

/* Hashes beside it, so that looking for one reads little memory. */
struct counted {
	uint64_t key;    /* of all that must be the same */
	uint64_t origin; /* of action and address */
	struct note *note;
};

struct tally {
	struct trail *trail; /* immutable */
	struct list writing; /* the keeper's */
	bool is_stuck;       /* the keeper's: it was said */
	struct mutex lock;   /* rank: LOCK_TABLE */
	struct list due GUARDED_BY(lock);
	size_t due_count GUARDED_BY(lock);
	struct counted counted[TALLY_MOST] GUARDED_BY(lock);
	size_t count GUARDED_BY(lock);
	int64_t ends_ms GUARDED_BY(lock); /* monotonic: the minute */
};

struct tally *tally_new(struct trail *trail)
{
	struct tally *t = mem_zero(sizeof(*t));

	t->trail = trail;
	list_init(&t->writing);
	list_init(&t->due);
	mutex_init(&t->lock, LOCK_TABLE);
	return t;
}

static void free_notes(struct list *notes)
{
	while (!list_is_empty(notes)) {
		struct note *note = LIST_ITEM(notes->next, struct note, link);

		list_remove(&note->link);
		mem_free(note);
	}
}

void tally_free(struct tally **tally)
{
	struct tally *t = *tally;

	if (t == NULL)
		return;
	*tally = NULL;
	for (size_t i = 0; i < t->count; i++)
		mem_free(t->counted[i].note);
	free_notes(&t->due);
	free_notes(&t->writing);
	mutex_fini(&t->lock);
	mem_free(t);
}

/* FNV-1a; equal hashes are compared in full. */
static uint64_t hash(uint64_t so_far, const char *text)
{
	do {
		so_far = (so_far ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	} while (*text++ != '\0');
	return so_far;
}

static struct note *note_new(const struct audit_entry *entry)
{
	struct note *n = mem_zero(sizeof(*n));

	n->entry = *entry;
	n->times = 1;
	n->since_ms = clock_wall_ms();
	list_init(&n->link);
	return n;
}

static void set_hashes(struct counted *c)
{
	const struct audit_entry *e = &c->note->entry;

	c->origin = hash(UINT64_C(0xcbf29ce484222325), e->action);
	c->origin = hash(c->origin, e->address);
	c->key = hash(c->origin, e->outcome);
	c->key = hash(c->key, e->actor);
	c->key = hash(c->key, e->target);
}

static bool is_same(const struct audit_entry *a, const struct audit_entry *b)
{
	return strcmp(a->action, b->action) == 0 &&
	       strcmp(a->address, b->address) == 0 &&
	       strcmp(a->outcome, b->outcome) == 0 &&
	       strcmp(a->actor, b->actor) == 0 &&
	       strcmp(a->target, b->target) == 0;
}

static struct note *find_locked(struct tally *t, const struct counted *c)
	REQUIRES(t->lock)
{
	for (size_t i = 0; i < t->count; i++) {
		if (t->counted[i].key == c->key &&
		    is_same(&t->counted[i].note->entry, &c->note->entry))
			return t->counted[i].note;
	}
	return NULL;
}

static size_t count_origin_locked(struct tally *t, uint64_t origin)
	REQUIRES(t->lock)
{
	size_t count = 0;

	for (size_t i = 0; i < t->count; i++)
		count += t->counted[i].origin == origin;
	return count;
}

static void forget_names(struct counted *c)
{
	struct audit_entry *e = &c->note->entry;

	c->note->is_merged = true;
	e->actor[0] = e->target[0] = e->detail[0] = '\0';
	e->user = e->session = 0;
	set_hashes(c);
}

/* The one that is counted already, after leaving out what is too much. */
static struct note *merge_locked(struct tally *t, struct counted *c)
	REQUIRES(t->lock)
{
	struct note *same = find_locked(t, c);

	if (same == NULL &&
	    count_origin_locked(t, c->origin) >= TALLY_OF_ADDRESS) {
		forget_names(c);
		same = find_locked(t, c);
	}
	if (same == NULL && t->count >= TALLY_MOST - IN_RESERVE) {
		c->note->entry.address[0] = '\0';
		forget_names(c);
		same = find_locked(t, c);
	}
	return same;
}

/* Takes note. */
static void count_locked(struct tally *t, struct note *note) REQUIRES(t->lock)
{
	struct counted c = { .note = note };
	struct note *same;

	set_hashes(&c);
	same = merge_locked(t, &c);
	if (same == NULL && t->count < TALLY_MOST) {
		if (t->count == 0)
			t->ends_ms = clock_mono_ms() + TALLY_MINUTE_MS;
		t->counted[t->count++] = c;
		return;
	}
	if (same != NULL) {
		same->times++;
		same->entry.session = 0; /* it was more than one */
	}
	mem_free(note);
}

void tally_count(struct tally *tally, const struct audit_entry *entry)
{
	struct note *n = note_new(entry);

	mutex_lock(&tally->lock);
	count_locked(tally, n);
	mutex_unlock(&tally->lock);
}

void tally_note(struct tally *tally, const struct audit_entry *entry)
{
	struct note *n = note_new(entry);

	mutex_lock(&tally->lock);
	if (tally->due_count < TALLY_NOTED) {
		list_append(&tally->due, &n->link);
		tally->due_count++;
	} else {
		count_locked(tally, n);
	}
	mutex_unlock(&tally->lock);
}

/* The minute is over: from now on its counts do not grow. */
static void end_minute_locked(struct tally *t) REQUIRES(t->lock)
{
	for (size_t i = 0; i < t->count; i++)
		list_append(&t->due, &t->counted[i].note->link);
	t->due_count += t->count;
	t->count = 0;
}

static void take_locked(struct tally *t, size_t most) REQUIRES(t->lock)
{
	for (; most > 0 && t->due_count > 0; most--) {
		struct list *link = t->due.next;

		list_remove(link);
		list_append(&t->writing, link);
		t->due_count--;
	}
}

static void describe(const struct note *n, struct audit_entry *entry)
{
	char since[AUDIT_TIME];

	*entry = n->entry;
	if (n->times == 1)
		return;
	audit_print_time(n->since_ms, since);
	snprintf(entry->detail, sizeof(entry->detail), "%u times since %s%s",
		 n->times, since,
		 !n->is_merged               ? ""
		 : entry->address[0] != '\0' ? ", under several names"
					     : ", from several addresses");
}

static enum err write_some(struct store_txn *txn, void *arg)
{
	struct tally *t = arg;
	struct list *link = t->writing.next;
	enum err e = ERR_OK;

	for (unsigned i = 0; e == ERR_OK && i < AT_ONCE; i++) {
		struct audit_entry entry;

		if (link == &t->writing)
			return ERR_OK;
		describe(LIST_ITEM(link, struct note, link), &entry);
		e = trail_write(txn, t->trail, &entry);
		link = link->next;
	}
	return e;
}

static void drop_written(struct tally *t)
{
	for (unsigned i = 0; i < AT_ONCE && !list_is_empty(&t->writing); i++) {
		struct note *n = LIST_ITEM(t->writing.next, struct note, link);

		list_remove(&n->link);
		mem_free(n);
	}
}

/* Once when it begins. */
static void say(struct tally *t, enum err e)
{
	if (e != ERR_OK && !t->is_stuck)
		log_warning("audit",
			    "logins that failed, and the like, are not "
			    "recorded yet: %s",
			    err_words(e));
	t->is_stuck = e != ERR_OK;
}

static enum err write_all(struct tally *t)
{
	enum err e = ERR_OK;

	while (e == ERR_OK && !list_is_empty(&t->writing)) {
		e = store_run(trail_store(t->trail), write_some, t);
		if (e == ERR_OK)
			drop_written(t);
		say(t, e);
	}
	return e;
}

void tally_tick(struct tally *tally)
{
	bool has_room = list_is_empty(&tally->writing);

	mutex_lock(&tally->lock);
	if (has_room && tally->count > 0 && clock_mono_ms() >= tally->ends_ms)
		end_minute_locked(tally);
	if (has_room)
		take_locked(tally, TALLY_MOST);
	mutex_unlock(&tally->lock);
	(void)write_all(tally);
}

void tally_finish(struct tally *tally)
{
	mutex_lock(&tally->lock);
	end_minute_locked(tally);
	take_locked(tally, SIZE_MAX);
	mutex_unlock(&tally->lock);
	(void)write_all(tally);
}
