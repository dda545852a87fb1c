#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/backup.h"
#include "store/copy.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/marker.h"
#include "store/open.h"

struct restore {
	const char *from;
	const char *dir;
	int from_fd;
	int dir_fd;
	bool has_made_dir;
	struct marker marker;
	struct buf *why;
};

static enum err fail(struct restore *r, const char *name, enum err e)
{
	buf_print(r->why, "%s/%s cannot be copied to %s%s", r->from, name,
		  r->dir, e == ERR_STORAGE_FULL ? ": the disk is full" : "");
	return e == ERR_STORAGE_FULL || e == ERR_NOT_ALLOWED ? e : ERR_IO;
}

static bool is_listed(const struct marker *marker, const char *name)
{
	for (size_t i = 0; i < marker->count; i++)
		if (strcmp(marker->files[i].name, name) == 0)
			return true;
	return false;
}

static uint32_t last_log(const struct marker *marker)
{
	uint32_t last = 0;

	for (size_t i = 0; i < marker->count; i++) {
		uint32_t number = name_log_number(marker->files[i].name);

		if (number > last)
			last = number;
	}
	return last;
}

/* Whoever has the log since the backup puts it beside, to go further. */
static enum err add_later_logs(struct restore *r)
{
	struct names names;
	uint32_t next = last_log(&r->marker) + 1;
	enum err e;

	names_init(&names);
	e = names_find(&names, r->from_fd, name_is_log);
	for (size_t i = 0; i < names.count && e == ERR_OK; i++) {
		if (is_listed(&r->marker, names.list[i]))
			continue;
		if (name_log_number(names.list[i]) != next) {
			buf_print(r->why,
				  "%s: %s does not follow: log.%010" PRIu32
				  " is missing",
				  r->from, names.list[i], next);
			e = ERR_BAD_INPUT;
		} else if (!marker_add(&r->marker, names.list[i], 0)) {
			e = ERR_BAD_INPUT;
		}
		next++;
	}
	names_fini(&names);
	return e;
}

static enum err copy_all(struct restore *r)
{
	AUTO(mem_free_text) char *mark = file_join(r->dir, open_restoring);
	enum err e = file_create(mark, 0600, "", 0);

	if (e != ERR_OK)
		return fail(r, open_restoring, e);
	for (size_t i = 0; i < r->marker.count; i++) {
		const char *name = r->marker.files[i].name;

		e = copy_file(r->from_fd, r->dir_fd, name, UINT64_MAX);
		if (e != ERR_OK)
			return fail(r, name, e);
	}
	e = file_sync_folder(r->dir);
	return e != ERR_OK ? fail(r, ".", e) : ERR_OK;
}

/* Brings the copied tables, each of its own moment, to that of the log. */
static enum err recover(struct restore *r)
{
	struct store_options options = { .dir = r->dir };
	struct store *store;
	enum err e = open_store(&options, OPEN_RESTORED, &store, r->why);

	if (e != ERR_OK)
		return e;
	if (store->env->txn_checkpoint(store->env, 0, 0, DB_FORCE) != 0) {
		buf_print(r->why, "%s: the restored data cannot be written",
			  r->dir);
		e = ERR_IO;
	}
	open_close(&store);
	return e;
}

static enum err verify(struct restore *r)
{
	struct store_options options = { .dir = r->dir };
	AUTO(buf_fini) struct buf report;
	enum err e;

	buf_init(&report);
	if (unlinkat(r->dir_fd, open_restoring, 0) != 0 ||
	    file_sync_folder(r->dir) != ERR_OK)
		return fail(r, open_restoring, ERR_IO);
	e = store_verify(&options, &report);
	if (e != ERR_OK)
		buf_print(r->why, "the restored data is not sound: %s",
			  buf_text(&report));
	return e;
}

static bool any(const char *name)
{
	return name_is_table(name) || name_is_log(name) ||
	       strcmp(name, open_restoring) == 0 || strcmp(name, "lock") == 0;
}

static void clean(struct restore *r)
{
	struct names names;

	names_init(&names);
	if (names_find(&names, r->dir_fd, any) == ERR_OK)
		for (size_t i = 0; i < names.count; i++)
			(void)unlinkat(r->dir_fd, names.list[i], 0);
	names_fini(&names);
	if (r->has_made_dir)
		(void)rmdir(r->dir);
}

static enum err fill(struct restore *r)
{
	enum err e = folder_make(r->dir, &r->dir_fd, &r->has_made_dir, r->why);

	if (e != ERR_OK)
		return e;
	e = copy_all(r);
	if (e == ERR_OK)
		e = recover(r);
	if (e == ERR_OK)
		e = verify(r);
	if (e != ERR_OK)
		clean(r);
	close(r->dir_fd);
	return e;
}

enum err backup_restore(const char *backup, const char *dir, struct buf *why)
{
	struct restore r = { .from = backup, .dir = dir, .why = why };
	enum err e;

	marker_init(&r.marker);
	r.from_fd = open(backup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r.from_fd < 0) {
		buf_print(why,
			  "%s cannot be opened: it should be the "
			  "directory of a backup",
			  backup);
		return ERR_BAD_INPUT;
	}
	e = marker_read(&r.marker, backup, r.from_fd, why);
	if (e == ERR_OK)
		e = add_later_logs(&r);
	if (e == ERR_OK)
		e = fill(&r);
	marker_fini(&r.marker);
	close(r.from_fd);
	return e;
}
