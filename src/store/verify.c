#include <db.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/backup.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/meta.h"
#include "store/open.h"
#include "store/scrub.h"
#include "store/txn.h"

enum { FINDINGS_MOST = 20 }; /* of one file; a broken one has thousands */

struct finding {
	const char *file;
	struct buf *report;
	unsigned count;
};

static void on_finding(const DB_ENV *env, const char *prefix, const char *text)
{
	struct finding *finding = env->app_private;
	const char *plain = env_plain(text);

	(void)prefix;
	if (plain != NULL && finding->count++ < FINDINGS_MOST)
		buf_print(finding->report, "%s: %.500s\n", finding->file,
			  plain);
}

/*
 * Berkeley DB's check of a page that says to be of another kind of table than
 * ours may free memory twice, and end the program.
 */
static bool has_foreign_page(const char *path, uint64_t *number_r)
{
	uint8_t page[STORE_PAGE];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is_foreign = false;

	for (*number_r = 0; fd >= 0 && !is_foreign; ++*number_r) {
		if (pread(fd, page, sizeof(page),
			  (off_t)(*number_r * sizeof(page))) != sizeof(page))
			break;
		is_foreign = !scrub_is_ours(page);
	}
	if (is_foreign)
		--*number_r;
	if (fd >= 0)
		close(fd);
	return is_foreign;
}

/*
 * Outside the environment, so that a page whose checksum is wrong is a
 * finding and not a panic that hides all others.
 */
static bool is_sound(const char *dir, const char *file, struct buf *report)
{
	struct finding finding = { .file = file, .report = report };
	AUTO(mem_free_text) char *path = file_join(dir, file);
	uint64_t number;
	DB *db;
	int rc;

	if (has_foreign_page(path, &number)) {
		buf_print(report, "%s: page %" PRIu64 " is none of a table\n",
			  file, number);
		return false;
	}
	rc = db_create(&db, NULL, 0);
	if (rc == 0) {
		db->get_env(db)->app_private = &finding;
		db->set_errcall(db, on_finding);
		rc = db->verify(db, path, NULL, NULL, 0); /* and closes it */
	}
	if (rc != 0 && finding.count == 0)
		buf_print(report, "%s: %s\n", file, db_strerror(rc));
	if (finding.count > FINDINGS_MOST)
		buf_print(report, "%s: %u more findings\n", file,
			  finding.count - FINDINGS_MOST);
	return rc == 0;
}

static enum err verify_files(const char *dir, int dir_fd, struct buf *report)
{
	struct names names;
	enum err e;

	names_init(&names);
	e = names_find(&names, dir_fd, name_is_table);
	if (e != ERR_OK)
		buf_print(report, "%s cannot be listed\n", dir);
	for (size_t i = 0; i < names.count && e != ERR_IO; i++)
		if (!is_sound(dir, names.list[i], report))
			e = ERR_CORRUPT;
	names_fini(&names);
	return e;
}

static enum err find_lost(struct store_txn *txn, void *arg)
{
	return meta_find_lost(txn, txn->store->dir_fd, arg);
}

static enum err verify_open(struct store *store, struct buf *report)
{
	size_t before = buf_len(report);
	enum err e = store_view(store, find_lost, report);
	enum err files;
	int rc;

	if (e != ERR_OK)
		buf_print(report, "meta.db: the list of tables cannot be "
				  "read\n");
	/* What recovery changed must be in the files before they are read. */
	rc = store->env->txn_checkpoint(store->env, 0, 0, DB_FORCE);
	if (rc != 0) {
		buf_print(report,
			  "%s: what was recovered cannot be written: "
			  "%s\n",
			  store->dir, db_strerror(rc));
		return env_err(rc);
	}
	files = verify_files(store->dir, store->dir_fd, report);
	if (files != ERR_OK)
		return files;
	return e != ERR_OK || buf_len(report) > before ? ERR_CORRUPT : ERR_OK;
}

/* Recovery failed; the tables alone may still show why. */
static void verify_unrecovered(const char *dir, struct buf *report)
{
	AUTO(buf_fini) struct buf why;
	int lock_fd;
	int dir_fd;

	buf_init(&why);
	if (folder_open(dir, &dir_fd, &why) != ERR_OK)
		return;
	if (folder_lock(dir, dir_fd, &lock_fd, &why) == ERR_OK) {
		(void)!verify_files(dir, dir_fd, report);
		close(lock_fd);
	}
	close(dir_fd);
}

enum err store_verify(const struct store_options *options, struct buf *report)
{
	struct store_options all = *options;
	struct store *store;
	enum err e;

	all.tables = NULL; /* every table is verified, known or not */
	e = open_store(&all, OPEN_TO_READ, &store, report);
	if (e != ERR_OK) {
		buf_add_char(report, '\n');
		if (e == ERR_CORRUPT)
			verify_unrecovered(options->dir, report);
		return e;
	}
	e = verify_open(store, report);
	open_close(&store);
	return e;
}
