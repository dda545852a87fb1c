#include "store/logs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/log.h"
#include "store/env.h"
#include "store/folder.h"

enum { KEPT_MOST = 256 << 20 }; /* bytes kept for the last backup's sake */

static uint32_t first_there(const struct store *store)
{
	struct names names;
	uint32_t first = 0;

	names_init(&names);
	if (names_find(&names, store->dir_fd, name_is_log) == ERR_OK &&
	    names.count > 0)
		first = name_log_number(names.list[0]);
	names_fini(&names);
	return first;
}

uint32_t logs_first_needed(struct store *store)
{
	uint32_t last_unneeded = 0;
	char **list = NULL;

	if (store->env->log_archive(store->env, &list, 0) != 0)
		return 0;
	for (char **name = list; name != NULL && *name != NULL; name++) {
		uint32_t number = name_log_number(*name);

		if (number > last_unneeded)
			last_unneeded = number;
	}
	free(list); /* Berkeley DB's, in one piece */
	return last_unneeded > 0 ? last_unneeded + 1 : first_there(store);
}

enum err logs_find_end(struct store *store, struct logs_end *end_r)
{
	DB_LOG_STAT *stat;
	int rc = store->env->log_flush(store->env, NULL);

	if (rc == 0)
		rc = store->env->log_stat(store->env, &stat, 0);
	if (rc != 0)
		return env_err(rc);
	end_r->file = stat->st_disk_file;
	end_r->offset = stat->st_disk_offset;
	free(stat);
	return ERR_OK;
}

/* How many of the names, which are sorted, are of files before number. */
static size_t count_before(const struct names *names, uint32_t number)
{
	size_t count = 0;

	while (count < names->count &&
	       name_log_number(names->list[count]) < number)
		count++;
	return count;
}

static uint64_t bytes_between(const struct store *store,
			      const struct names *names, size_t from, size_t to)
{
	struct names some = { .list = names->list + from, .count = to - from };

	return names_bytes(&some, store->dir_fd);
}

/* Forgets the last backup's needs, which have become too much. */
static void forget_backup(struct store *store, uint64_t bytes)
{
	log_warning("store",
		    "the log since the last backup takes too much space and "
		    "goes: make a new backup bytes=%" PRIu64,
		    bytes);
	mutex_lock(&store->logs.lock);
	store->logs.backup_log = 0;
	mutex_unlock(&store->logs.lock);
}

void logs_remove(struct store *store)
{
	uint32_t needed = logs_first_needed(store);
	struct names names;
	uint32_t wanted;
	bool is_copied;
	size_t count;
	size_t free_count;

	mutex_lock(&store->logs.lock);
	wanted = store->logs.backup_log;
	is_copied = store->logs.is_copied;
	mutex_unlock(&store->logs.lock);
	if (is_copied || needed <= 1)
		return;
	names_init(&names);
	if (names_find(&names, store->dir_fd, name_is_log) == ERR_OK) {
		count = count_before(&names, needed);
		free_count = wanted > 0 && wanted < needed
				     ? count_before(&names, wanted)
				     : count;
		if (free_count < count) {
			uint64_t kept =
				bytes_between(store, &names, free_count, count);

			if (kept > KEPT_MOST ||
			    atomic_load(&store->space.is_full)) {
				forget_backup(store, kept);
				free_count = count;
			}
		}
		for (size_t i = 0; i < free_count; i++)
			(void)unlinkat(store->dir_fd, names.list[i], 0);
	}
	names_fini(&names);
}
