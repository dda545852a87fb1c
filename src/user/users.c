#include "user/users.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/record.h"
#include "user/users_fields.h"
#include "user/users_tables.h"

enum { WALK_BATCH = 64, IDENTITIES_MOST = 1 << 17 };

struct users *users_new(struct store *store, struct trail *trail)
{
	struct users *users = mem_zero(sizeof(*users));

	users->store = store;
	users->trail = trail;
	users->tables = users_tables_of(store);
	users->known = recall_new(IDENTITIES_MOST, sizeof(struct identity));
	return users;
}

void users_free(struct users **users)
{
	struct users *u = *users;

	*users = NULL;
	if (u == NULL)
		return;
	recall_free(&u->known);
	mem_free(u);
}

static enum err record(struct store_txn *txn, struct users *users,
		       const struct audit_entry *entry,
		       const struct user *before, const struct user *after)
{
	struct audit_entry whole = *entry;

	assert(entry->action[0] != '\0');
	if (whole.actor[0] == '\0') {
		AUDIT_SET(whole.actor, after->name);
		whole.user = after->id;
	}
	if (whole.target[0] == '\0')
		AUDIT_SET(whole.target, before->name);
	return trail_write(txn, users->trail, &whole);
}

struct add {
	struct users *users;
	struct user *user;
	const struct audit_entry *entry;
};

static enum err add(struct store_txn *txn, void *arg)
{
	struct add *a = arg;
	const struct users_tables *tables = &a->users->tables;
	enum err e = store_next(txn, "user", &a->user->id);

	if (e == ERR_OK)
		e = users_put_name(txn, tables, a->user);
	if (e == ERR_OK)
		e = users_put_record(txn, tables, a->user);
	if (e == ERR_OK)
		e = record(txn, a->users, a->entry, a->user, a->user);
	return e;
}

enum err users_add(struct users *users, struct user *user,
		   const struct audit_entry *entry)
{
	struct user fresh = *user;
	struct add a = { users, &fresh, entry };
	enum err e;

	if (!name_is_valid(user->name))
		return ERR_BAD_NAME;
	fresh.created_ms = clock_wall_ms();
	e = store_run(users->store, add, &a);
	/* It may be the name that somebody had until just now. */
	recall_forget(users->known);
	if (e == ERR_OK)
		*user = fresh;
	return e;
}

struct find {
	const struct users_tables *tables;
	const char *name; /* NULL: by id */
	user_id id;
	struct user user;
};

static enum err find(struct store_txn *txn, void *arg)
{
	struct find *f = arg;

	if (f->name != NULL)
		return users_get_by_name(txn, f->tables, f->name, &f->user);
	return users_get_record(txn, f->tables, f->id, &f->user);
}

static enum err find_user(struct users *users, struct find *f,
			  struct user *user_r)
{
	enum err e;

	f->tables = &users->tables;
	e = store_view(users->store, find, f);
	if (e == ERR_OK)
		*user_r = f->user;
	return e;
}

enum err users_find(struct users *users, const char *name, struct user *user_r)
{
	struct find f = { .name = name };

	if (!name_is_valid(name))
		return ERR_NO_SUCH_USER;
	return find_user(users, &f, user_r);
}

enum err users_get(struct users *users, user_id id, struct user *user_r)
{
	struct find f = { .id = id };

	return find_user(users, &f, user_r);
}

struct edit {
	struct users *users;
	user_id id;
	users_edit_fn *fn;
	void *arg;
	const struct audit_entry *entry;
	struct user user;
	bool is_renamed;
};

static enum err rename_user(struct store_txn *txn,
			    const struct users_tables *tables,
			    const struct user *before, const struct user *after)
{
	enum err e;

	if (!name_is_valid(after->name))
		return ERR_BAD_NAME;
	if (name_compare(before->name, after->name) == 0)
		return ERR_OK;
	e = users_put_name(txn, tables, after);
	return e == ERR_OK ? users_delete_name(txn, tables, before) : e;
}

static enum err edit(struct store_txn *txn, void *arg)
{
	struct edit *d = arg;
	const struct users_tables *tables = &d->users->tables;
	struct user before;
	enum err e = users_get_record(txn, tables, d->id, &before);

	if (e != ERR_OK)
		return e;
	d->user = before;
	e = d->fn(&d->user, d->arg);
	assert(d->user.id == d->id);
	d->is_renamed = strcmp(d->user.name, before.name) != 0;
	if (e == ERR_OK)
		e = rename_user(txn, tables, &before, &d->user);
	if (e == ERR_OK)
		e = users_put_record(txn, tables, &d->user);
	if (e == ERR_OK)
		e = record(txn, d->users, d->entry, &before, &d->user);
	return e;
}

enum err users_edit(struct users *users, user_id id, users_edit_fn *fn,
		    void *arg, const struct audit_entry *entry,
		    struct user *user_r)
{
	struct edit d = {
		.users = users, .id = id, .fn = fn, .arg = arg, .entry = entry
	};
	enum err e = store_run(users->store, edit, &d);

	if (d.is_renamed)
		recall_forget(users->known);
	if (e == ERR_OK && user_r != NULL)
		*user_r = d.user;
	return e;
}

static enum err take_out(struct store_txn *txn, void *arg)
{
	const struct edit *d = arg;
	const struct users_tables *tables = &d->users->tables;
	struct user user;
	enum err e = users_get_record(txn, tables, d->id, &user);

	if (e == ERR_OK)
		e = users_delete_name(txn, tables, &user);
	if (e == ERR_OK)
		e = users_delete_record(txn, tables, d->id);
	if (e == ERR_OK)
		e = users_delete_factor(txn, tables, d->id);
	if (e == ERR_OK)
		e = record(txn, d->users, d->entry, &user, &user);
	return e;
}

enum err users_remove(struct users *users, user_id id,
		      const struct audit_entry *entry)
{
	struct edit d = { .users = users, .id = id, .entry = entry };

	enum err e = store_run(users->store, take_out, &d);

	recall_forget(users->known);
	return e;
}

/* One short transaction's worth of a long walk. */
struct batch {
	const struct users_tables *tables;
	struct users_step from; /* where it begins */
	struct users_step to;   /* where the next begins */
	size_t count;           /* less than WALK_BATCH: that was all */
	struct user users[WALK_BATCH];
};

static enum err read_batch(struct store_txn *txn, void *arg)
{
	struct batch *b = arg;
	enum err e;

	b->to = b->from;
	for (b->count = 0; b->count < WALK_BATCH; b->count++) {
		e = users_next_by_name(txn, b->tables, &b->to,
				       &b->users[b->count]);
		if (e == ERR_NOT_FOUND)
			return ERR_OK;
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

enum err users_walk(struct users *users, users_visit_fn *visit, void *arg)
{
	struct batch *b = mem_zero(sizeof(*b));
	bool is_wanted = true;
	enum err e;

	b->tables = &users->tables;
	do {
		b->from = b->to;
		e = store_view(users->store, read_batch, b);
		for (size_t i = 0; e == ERR_OK && is_wanted && i < b->count;
		     i++)
			is_wanted = visit(&b->users[i], arg);
	} while (e == ERR_OK && is_wanted && b->count == WALK_BATCH);
	mem_wipe(b, sizeof(*b));
	mem_free(b);
	return e;
}

/* As many, by number. */
struct count_off {
	const struct users_tables *tables;
	user_id from;
	enum err result;
	size_t count;
	struct user users[WALK_BATCH];
};

static bool add_numbered(const struct store_record *record, void *arg)
{
	struct count_off *c = arg;

	if (c->count == WALK_BATCH)
		return false;
	if (!user_decode(record->value, record->value_len,
			 &c->users[c->count])) {
		c->result = ERR_CORRUPT;
		return false;
	}
	c->count++;
	return true;
}

static enum err read_numbered(struct store_txn *txn, void *arg)
{
	struct count_off *c = arg;
	uint8_t key[RECORD_KEY];
	enum err e;

	c->count = 0;
	c->result = ERR_OK;
	record_key(c->from, key);
	e = store_walk_from(txn, c->tables->records, key, sizeof(key),
			    add_numbered, c);
	return e == ERR_OK ? c->result : e;
}

enum err users_walk_from(struct users *users, user_id from,
			 users_visit_fn *visit, void *arg)
{
	struct count_off *c = mem_zero(sizeof(*c));
	bool is_wanted = true;
	enum err e;

	c->tables = &users->tables;
	c->from = from;
	do {
		e = store_view(users->store, read_numbered, c);
		for (size_t i = 0; e == ERR_OK && is_wanted && i < c->count;
		     i++) {
			c->from = c->users[i].id + 1;
			is_wanted = visit(&c->users[i], arg);
		}
	} while (e == ERR_OK && is_wanted && c->count == WALK_BATCH);
	mem_wipe(c, sizeof(*c));
	mem_free(c);
	return e;
}

struct tally {
	enum role role;
	uint64_t count;
};

static bool tally_one(const struct user *user, void *arg)
{
	struct tally *t = arg;

	if (user->state == USER_ACTIVE && (user->roles & t->role))
		t->count++;
	return true;
}

enum err users_count_role(struct users *users, enum role role,
			  uint64_t *count_r)
{
	struct tally t = { role, 0 };
	enum err e = users_walk(users, tally_one, &t);

	if (e == ERR_OK)
		*count_r = t.count;
	return e;
}
