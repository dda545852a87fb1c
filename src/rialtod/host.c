#include "rialtod/host.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "command/plugin_chat.h"
#include "plugin/plugins.h"
#include "store/record.h"

enum { SECRETS = 8, STATE_VERSION = 1 };

struct host {
	struct realm *realm;
	char *dir;
	struct plugin_host parts;
};

/* A state on its way to the disk. */
struct saving {
	struct job job;
	struct store_waiter waiter;
	struct store *store;
	char *name;
	struct buf record;
	plugin_saved_fn *done;
	void *done_arg;
};

static void say(void *arg, const char *name, const char *room, bool is_anywhere,
		const struct plugin_lines *lines)
{
	struct host *host = arg;

	plugin_chat_say(host->realm, name, room, is_anywhere, lines);
}

static void end_saving(struct saving *saving, enum err outcome)
{
	saving->done(saving->done_arg, outcome);
	buf_fini(&saving->record);
	mem_free(saving->name);
	mem_free(saving);
}

static void note_durable(struct store_waiter *waiter)
{
	end_saving(CONTAINER(waiter, struct saving, waiter), ERR_OK);
}

static enum err put_state(struct store_txn *txn, void *arg)
{
	const struct saving *saving = arg;

	return store_put(txn, store_table(saving->store, "plugin_state"),
			 saving->name, strlen(saving->name),
			 buf_at(&saving->record), buf_len(&saving->record));
}

static void run_saving(struct job *job)
{
	struct saving *saving = CONTAINER(job, struct saving, job);
	enum err e = store_run(saving->store, put_state, saving);

	if (e != ERR_OK) {
		end_saving(saving, e);
		return;
	}
	saving->waiter.fn = note_durable;
	saving->waiter.ticket = store_ticket(saving->store);
	store_when_durable(saving->store, &saving->waiter);
}

static void save(void *arg, const char *name, const char *bytes, size_t len,
		 plugin_saved_fn *done, void *done_arg)
{
	struct host *host = arg;
	struct saving *saving = mem_zero(sizeof(*saving));

	saving->job.run = run_saving;
	saving->store = host->realm->store;
	saving->name = mem_text(name);
	saving->done = done;
	saving->done_arg = done_arg;
	record_begin(&saving->record, STATE_VERSION);
	buf_add(&saving->record, bytes, len);
	if (jobs_submit(host->realm->jobs, &saving->job) != ERR_OK)
		end_saving(saving, ERR_BUSY);
}

struct loading {
	struct store *store;
	const char *name;
	struct buf *record;
};

static enum err get_state(struct store_txn *txn, void *arg)
{
	const struct loading *loading = arg;

	return store_get(txn, store_table(loading->store, "plugin_state"),
			 loading->name, strlen(loading->name), loading->record);
}

static enum err load(void *arg, const char *name, struct buf *state_r)
{
	struct host *host = arg;
	AUTO(buf_fini) struct buf record = { 0 };
	struct loading loading = { host->realm->store, name, &record };
	enum err e = store_view(host->realm->store, get_state, &loading);

	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if (buf_len(&record) < 1 || buf_at(&record)[0] != STATE_VERSION)
		return ERR_CORRUPT;
	buf_add(state_r, buf_at(&record) + 1, buf_len(&record) - 1);
	return ERR_OK;
}

/* As seen from the root folder, where plugins start. */
static char *absolute(const char *path)
{
	char *found = realpath(path, NULL);

	return found != NULL ? found : mem_text(path);
}

struct host *host_new(struct realm *realm, struct launcher *launcher,
		      const char *dir)
{
	struct host *host = mem_zero(sizeof(*host));

	host->realm = realm;
	host->dir = absolute(dir);
	host->parts.arg = host;
	host->parts.say = say;
	host->parts.save = save;
	host->parts.load = load;
	realm->plugins = plugins_new(launcher, &host->parts);
	return host;
}

/* Calls with with all that plugins are started by. */
static void apply(const struct host *host, const struct settings *settings,
		  const char *path,
		  void (*with)(struct plugins *p,
			       const struct plugin_list *list))
{
	AUTO(mem_free_text) char *file = absolute(path);
	AUTO(mem_free_text) char *folder = file_folder(file);
	AUTO(mem_free_text) char *tls = file_folder(settings->tls.key);
	AUTO(mem_free_text) char *keys = file_folder(settings->audit.key);
	const char *const secrets[SECRETS] = {
		file, settings->server.data, settings->server.identity, tls,
		keys, settings->audit.file,  settings->audit.archive,   NULL
	};
	const struct plugin_list list = { .all = settings->plugins.items,
					  .count = settings->plugins.count,
					  .server = settings->server.name,
					  .dir = host->dir,
					  .folder = folder,
					  .secrets = secrets };

	with(host->realm->plugins, &list);
}

void host_start(struct host *host, const struct settings *settings,
		const char *path)
{
	plugin_chat_begin(host->realm);
	apply(host, settings, path, plugins_start);
	plugin_chat_check_names(host->realm);
}

void host_change(struct host *host, const struct settings *settings,
		 const char *path)
{
	apply(host, settings, path, plugins_change);
	plugin_chat_check_names(host->realm);
}

void host_dismiss(struct host *host)
{
	plugins_dismiss(host->realm->plugins);
}

void host_stop(struct host *host)
{
	plugins_stop(host->realm->plugins);
}

void host_free(struct host **host)
{
	if (*host == NULL)
		return;
	plugin_chat_end((*host)->realm);
	plugins_free(&(*host)->realm->plugins);
	mem_free((*host)->dir);
	mem_free(*host);
	*host = NULL;
}
