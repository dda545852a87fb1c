/*
 * A ledger that is held: preloaded (LD_PRELOAD) into the daemon, it lets each
 * of the bank's transactions wait, before it has read or locked anything, while
 * the file HELD_LEDGER is there and locked, and says so.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <db.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static int (*real_create)(DB **, DB_ENV *, u_int32_t);
static int (*real_get)(DB *, DB_TXN *, DBT *, DBT *, u_int32_t);
static const char *path;

__attribute__((constructor)) static void begin(void)
{
	*(void **)&real_create = dlsym(RTLD_NEXT, "db_create");
	path = getenv("HELD_LEDGER");
}

static void hold(void)
{
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_SH | LOCK_NB) != 0) {
		fprintf(stderr, "notice: ledger: a transaction waits\n");
		while (flock(fd, LOCK_SH) != 0 && errno == EINTR)
			;
	}
	close(fd);
}

/* Where the journal ends is what each reads first, to write it later. */
static bool begins(DB *db, u_int32_t flags)
{
	const char *file = NULL;
	const char *name = NULL;

	return (flags & DB_RMW) != 0 && db->get_dbname(db, &file, &name) == 0 &&
	       file != NULL && strcmp(file, "bank_meta.db") == 0;
}

static int get(DB *db, DB_TXN *txn, DBT *key, DBT *value, u_int32_t flags)
{
	if (begins(db, flags))
		hold();
	return real_get(db, txn, key, value, flags);
}

int db_create(DB **db_r, DB_ENV *env, u_int32_t flags)
{
	int rc = real_create(db_r, env, flags);

	if (rc != 0)
		return rc;
	real_get = (*db_r)->get;
	(*db_r)->get = get;
	return 0;
}
