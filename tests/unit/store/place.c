#include "place.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"

static const char *const tables[] = { "one", "two", NULL };

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

void place_init(struct place *p)
{
	const char *tmp = getenv("TMPDIR");

	memset(p, 0, sizeof(*p));
	p->root =
		mem_print("%s/rialto-store-XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(p->root));
	p->dir = file_join(p->root, "data");
}

void place_fini(struct place *p)
{
	store_close(&p->store);
	(void)nftw(p->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(p->dir);
	mem_free(p->root);
}

void place_open(struct place *p)
{
	struct store_options options = { .dir = p->dir, .tables = tables };
	AUTO(buf_fini) struct buf why;

	buf_init(&why);
	if (store_open(&options, &p->store, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
	p->one = store_table(p->store, "one");
	p->two = store_table(p->store, "two");
}

void place_close(struct place *p)
{
	store_close(&p->store);
	assert_null(p->store);
}

enum err place_try(const char *dir, struct buf *why)
{
	struct store_options options = { .dir = dir, .tables = tables };
	struct store *store;
	enum err e = store_open(&options, &store, why);

	if (e == ERR_OK)
		store_close(&store);
	assert_null(store);
	return e;
}

char *place_path(const struct place *p, const char *name)
{
	return file_join(p->root, name);
}

void place_damage(const char *path, long offset, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, len, offset), len);
	close(fd);
}

struct record {
	struct store_table *table;
	const char *key;
	const char *value;
	struct buf *value_r;
	size_t count;
};

static enum err put(struct store_txn *txn, void *arg)
{
	const struct record *r = arg;

	return store_put(txn, r->table, r->key, strlen(r->key), r->value,
			 strlen(r->value));
}

enum err place_put(struct place *p, struct store_table *table, const char *key,
		   const char *value)
{
	struct record r = { .table = table, .key = key, .value = value };

	return store_run(p->store, put, &r);
}

static enum err get(struct store_txn *txn, void *arg)
{
	const struct record *r = arg;

	return store_get(txn, r->table, r->key, strlen(r->key), r->value_r);
}

bool place_get(struct place *p, struct store_table *table, const char *key,
	       struct buf *value)
{
	struct record r = { .table = table, .key = key, .value_r = value };
	enum err e = store_view(p->store, get, &r);

	if (e != ERR_NOT_FOUND)
		assert_int_equal(e, ERR_OK);
	return e == ERR_OK;
}

static bool add_one(const struct store_record *record, void *arg)
{
	struct record *r = arg;

	(void)record;
	r->count++;
	return true;
}

static enum err count(struct store_txn *txn, void *arg)
{
	struct record *r = arg;

	r->count = 0;
	return store_walk(txn, r->table, r->key, strlen(r->key), add_one, r);
}

size_t place_count(struct place *p, struct store_table *table,
		   const char *prefix)
{
	struct record r = { .table = table, .key = prefix };

	assert_int_equal(store_view(p->store, count, &r), ERR_OK);
	return r.count;
}

int place_wait(int pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
