#include "command/directory.h"

#include <assert.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"

struct directory {
	struct mutex lock;              /* rank: LOCK_TABLE */
	void *entries GUARDED_BY(lock); /* tsearch() tree by number */
	size_t count GUARDED_BY(lock);
};

static int compare(const void *a, const void *b)
{
	uint64_t x = ((const struct directory_entry *)a)->session.number;
	uint64_t y = ((const struct directory_entry *)b)->session.number;

	return (x > y) - (x < y);
}

struct directory *directory_new(void)
{
	struct directory *directory = mem_zero(sizeof(*directory));

	mutex_init(&directory->lock, LOCK_TABLE);
	return directory;
}

void directory_free(struct directory **directory)
{
	if (*directory == NULL)
		return;
	tdestroy((*directory)->entries, mem_free);
	mutex_fini(&(*directory)->lock);
	mem_free(*directory);
	*directory = NULL;
}

static struct directory_entry *find_locked(struct directory *directory,
					   struct session_handle session)
{
	struct directory_entry key = { .session = session };
	void *node = tfind(&key, &directory->entries, compare);

	return node == NULL ? NULL : *(struct directory_entry **)node;
}

void directory_add(struct directory *directory,
		   const struct directory_entry *entry)
{
	struct directory_entry *copy = mem_copy(entry, sizeof(*entry));
	void *node;

	copy->active_ms = clock_wall_ms();
	mutex_lock(&directory->lock);
	node = tsearch(copy, &directory->entries, compare);
	assert(node != NULL && *(struct directory_entry **)node == copy);
	(void)node;
	directory->count++;
	mutex_unlock(&directory->lock);
}

void directory_drop(struct directory *directory, struct session_handle session)
{
	struct directory_entry *entry;

	mutex_lock(&directory->lock);
	entry = find_locked(directory, session);
	if (entry != NULL) {
		tdelete(entry, &directory->entries, compare);
		directory->count--;
	}
	mutex_unlock(&directory->lock);
	mem_free(entry);
}

bool directory_has(struct directory *directory, struct session_handle session)
{
	bool has;

	mutex_lock(&directory->lock);
	has = find_locked(directory, session) != NULL;
	mutex_unlock(&directory->lock);
	return has;
}

void directory_print_name(struct directory *directory,
			  struct session_handle session,
			  char name_r[NAME_MOST + 1])
{
	const struct directory_entry *entry;

	mutex_lock(&directory->lock);
	entry = find_locked(directory, session);
	snprintf(name_r, NAME_MOST + 1, "%s", entry != NULL ? entry->name : "");
	mutex_unlock(&directory->lock);
}

void directory_touch(struct directory *directory, struct session_handle session)
{
	struct directory_entry *entry;

	mutex_lock(&directory->lock);
	entry = find_locked(directory, session);
	if (entry != NULL)
		entry->active_ms = clock_wall_ms();
	mutex_unlock(&directory->lock);
}

void directory_change_roles(struct directory *directory,
			    struct session_handle session, role_set roles)
{
	struct directory_entry *entry;

	mutex_lock(&directory->lock);
	entry = find_locked(directory, session);
	if (entry != NULL)
		entry->roles = roles;
	mutex_unlock(&directory->lock);
}

struct renaming {
	user_id user;
	uint64_t number;
	const char *name;
};

static void rename_entry(const void *node, VISIT visit, void *arg)
{
	struct directory_entry *entry = *(struct directory_entry *const *)node;
	const struct renaming *renaming = arg;

	if (visit != postorder && visit != leaf)
		return;
	if (renaming->user != 0 ? entry->user == renaming->user
				: entry->session.number == renaming->number)
		snprintf(entry->name, sizeof(entry->name), "%s",
			 renaming->name);
}

void directory_rename(struct directory *directory, user_id user,
		      struct session_handle session, const char *name)
{
	struct renaming renaming = { user, session.number, name };

	mutex_lock(&directory->lock);
	twalk_r(directory->entries, rename_entry, &renaming);
	mutex_unlock(&directory->lock);
}

struct listing {
	struct directory_entry *entries;
	size_t count;
	user_id user;
	uint64_t number;
};

static bool is_wanted(const struct listing *listing,
		      const struct directory_entry *e)
{
	if (listing->user == 0 && listing->number == 0)
		return true;
	return (listing->user != 0 && e->user == listing->user) ||
	       e->session.number == listing->number;
}

static void list_entry(const void *node, VISIT visit, void *arg)
{
	const struct directory_entry *e =
		*(struct directory_entry *const *)node;
	struct listing *listing = arg;

	if ((visit != postorder && visit != leaf) || !is_wanted(listing, e))
		return;
	listing->entries =
		mem_resize(listing->entries, (listing->count + 1) * sizeof(*e));
	listing->entries[listing->count++] = *e;
}

struct directory_entry *directory_list(struct directory *directory,
				       user_id user, uint64_t number,
				       size_t *count_r)
{
	struct listing listing = { .user = user, .number = number };

	mutex_lock(&directory->lock);
	twalk_r(directory->entries, list_entry, &listing);
	mutex_unlock(&directory->lock);
	*count_r = listing.count;
	return listing.entries;
}
