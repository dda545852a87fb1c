#include "fixture.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"

static const char *const tables[] = { TRAIL_TABLES, USERS_TABLES, NULL };

const struct audit_entry fixture_entry = { .action = "user.test" };

static void open_store(struct fixture *f)
{
	struct store_options options = { .dir = f->dir, .tables = tables };
	struct buf why = { 0 };
	enum err e = store_open(&options, &f->store, &why);

	if (e != ERR_OK)
		print_message("# %s\n", buf_text(&why));
	assert_int_equal(e, ERR_OK);
	buf_fini(&why);
	f->trail = trail_new(f->store);
	f->users = users_new(f->store, f->trail);
}

static void close_store(struct fixture *f)
{
	users_free(&f->users);
	assert_null(f->users);
	trail_free(&f->trail);
	store_close(&f->store);
}

void fixture_reopen(struct fixture *f)
{
	close_store(f);
	open_store(f);
}

int fixture_setup(void **state)
{
	struct fixture *f = mem_zero(sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/rialto-users-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	open_store(f);
	*state = f;
	return 0;
}

static int remove_one(const char *path, const struct stat *st UNUSED,
		      int flag UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	close_store(f);
	nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(f);
	return 0;
}

struct user fixture_user(const char *name)
{
	struct user user = {
		.hash = "$y$j75$salt$hash",
		.roles = ROLE_USER,
		.state = USER_ACTIVE,
	};

	snprintf(user.name, sizeof(user.name), "%s", name);
	return user;
}

struct user fixture_add(struct fixture *f, const char *name)
{
	struct user user = fixture_user(name);

	assert_int_equal(users_add(f->users, &user, &fixture_entry), ERR_OK);
	return user;
}

struct spoil {
	struct store_table *table;
	const void *key;
	size_t key_len;
	const void *value;
	size_t value_len;
};

static enum err spoil(struct store_txn *txn, void *arg)
{
	struct spoil *s = arg;

	if (s->value == NULL)
		return store_delete(txn, s->table, s->key, s->key_len);
	return store_put(txn, s->table, s->key, s->key_len, s->value,
			 s->value_len);
}

void fixture_spoil(struct fixture *f, const char *table, const void *key,
		   size_t key_len, const void *value, size_t value_len)
{
	struct spoil s = { store_table(f->store, table), key, key_len, value,
			   value_len };

	assert_int_equal(store_run(f->store, spoil, &s), ERR_OK);
}
