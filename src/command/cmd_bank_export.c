/* The journal of the bank, written to a file for other programs. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bank/book.h"
#include "bank/exchange/export.h"
#include "bank/ledger.h"
#include "base/file.h"
#include "base/mem.h"
#include "command/families.h"
#include "command/sign.h"
#include "command/task.h"
#include "log/log.h"

enum {
	AT_ONCE = 1024, /* entries of one job */
	NAMES = 4096,   /* that are remembered; a power of two */
};

struct named {
	account_id id;
	struct bank_export_name name;
};

struct errand {
	struct task task;
	struct bank_export x;
	const struct bank_export_format *format;
	char *path;
	char *part; /* where it grows */
	int fd;     /* of part; -1: not there */
	uint64_t next;
	struct entry *entries;
	size_t count; /* of them, in this job */
	struct named *names;
	struct buf out;
	bool has_turn;
};

static void drop(struct task *task)
{
	struct errand *errand = CONTAINER(task, struct errand, task);

	if (errand->has_turn)
		atomic_store(&task->realm->is_exporting_bank, false);
	mem_free(errand->path);
	mem_free(errand->part);
	mem_free(errand->entries);
	mem_free(errand->names);
	buf_fini(&errand->out);
}

/* Outside of the walk over the entries, since it reads the store, too. */
static void find_name(void *arg, account_id id, struct bank_export_name *name_r)
{
	struct errand *errand = arg;
	struct named *named = &errand->names[id & (NAMES - 1)];
	const struct realm *realm = errand->task.realm;
	struct account account = { .kind = ACCOUNT_HOUSE };

	if (named->id != id) {
		named->id = id;
		if (book_account(realm->store, id, &account) == ERR_OK)
			book_print_name(realm->users, &account,
					named->name.text);
		else
			(void)snprintf(named->name.text,
				       sizeof(named->name.text), "#%" PRIu64,
				       id);
		named->name.kind = account.kind;
	}
	*name_r = named->name;
}

static enum err refuse_file(struct errand *errand, const char *path, enum err e)
{
	if (e == ERR_EXISTS && path == errand->part)
		return refusal_give(&errand->task.why, e,
				    "There is %s: it is being written, or was "
				    "left by a crash; then remove it.",
				    path);
	return refusal_give(&errand->task.why, e, "%s: %s", path, err_words(e));
}

static enum err write_out(struct errand *errand)
{
	while (buf_len(&errand->out) > 0) {
		ssize_t n = write(errand->fd, buf_at(&errand->out),
				  buf_len(&errand->out));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refuse_file(errand, errand->part,
					   file_err(errno));
		buf_take(&errand->out, (size_t)n);
	}
	return ERR_OK;
}

/* What is exported must not be lost by a power cut after the file is there. */
static enum err begin_file(struct errand *errand)
{
	struct store *store = errand->task.realm->store;
	struct stat st;
	enum err e;

	if (lstat(errand->path, &st) == 0)
		return refuse_file(errand, errand->path, ERR_EXISTS);
	errand->fd = open(errand->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			  0600);
	if (errand->fd < 0)
		return refuse_file(errand, errand->part, file_err(errno));
	e = book_head(store, &errand->x.head);
	if (e != ERR_OK)
		return e;
	store_flush(store);
	errand->format->begin(&errand->x, &errand->out);
	return write_out(errand);
}

/* Unlike a rename, a link never replaces. */
static enum err end_file(struct errand *errand)
{
	AUTO(mem_free_text) char *folder = file_folder(errand->path);
	enum err e;

	if (fsync(errand->fd) != 0)
		return refuse_file(errand, errand->part, file_err(errno));
	if (link(errand->part, errand->path) != 0)
		return refuse_file(errand, errand->path, file_err(errno));
	e = file_sync_folder(folder);
	return e == ERR_OK ? e : refuse_file(errand, folder, e);
}

static void end(struct errand *errand, enum err e)
{
	struct task *task = &errand->task;

	if (e == ERR_OK)
		e = end_file(errand);
	if (errand->fd >= 0) {
		(void)close(errand->fd);
		(void)unlink(errand->part);
	}
	log_notice("bank", "exported to=%s by=%s outcome=%s", errand->path,
		   task->actor.name, err_code(e));
	sign_ended(task->realm->trail, &task->actor, "bank.export",
		   errand->path, e);
	if (e == ERR_OK)
		buf_print(&task->text,
			  "The entries up to #%" PRIu64 " are in %s.\n",
			  errand->x.head.seq, errand->path);
	task_answer(task, e);
}

static bool collect(const struct entry *entry, void *arg)
{
	struct errand *errand = arg;

	if (entry->seq > errand->x.head.seq)
		return false;
	errand->entries[errand->count++] = *entry;
	return errand->count < AT_ONCE;
}

static enum err step(struct errand *errand)
{
	enum err e;

	if (atomic_load(&errand->task.realm->is_deserted))
		return ERR_SHUTTING_DOWN;
	errand->count = 0;
	e = book_entries(errand->task.realm->store, errand->next, collect,
			 errand);
	if (e == ERR_OK && errand->count == 0)
		e = ERR_CORRUPT; /* the journal is dense */
	for (size_t i = 0; e == ERR_OK && i < errand->count; i++)
		errand->format->entry(&errand->x, &errand->entries[i],
				      &errand->out);
	errand->next += errand->count;
	return e == ERR_OK ? write_out(errand) : e;
}

/* Others get their turn between two steps. */
static void stage_step(struct task *task)
{
	struct errand *errand = CONTAINER(task, struct errand, task);
	enum err e = ERR_OK;

	while (e == ERR_OK && errand->next <= errand->x.head.seq) {
		e = step(errand);
		if (e == ERR_OK && task_yield(task, stage_step))
			return;
	}
	end(errand, e);
}

static void stage_begin(struct task *task)
{
	struct errand *errand = CONTAINER(task, struct errand, task);
	enum err e = sign_asked(task->realm->trail, &task->actor, "bank.export",
				errand->path);

	if (e != ERR_OK) {
		task_answer(task, e);
		return;
	}
	e = begin_file(errand);
	if (e == ERR_OK)
		stage_step(task);
	else
		end(errand, e);
}

static struct errand *errand_new(struct call *call,
				 const struct bank_export_format *format)
{
	struct errand *errand = mem_zero(sizeof(*errand));
	struct bank_settings settings;

	ledger_settings(call->realm->ledger, &settings);
	errand->has_turn = true;
	errand->format = format;
	errand->x.currency = settings.currency;
	errand->x.name = find_name;
	errand->x.arg = errand;
	errand->path = mem_text(call->argv[1]);
	errand->part = mem_print("%s.part", call->argv[1]);
	errand->fd = -1;
	errand->next = 1;
	errand->entries = mem_array(AT_ONCE, sizeof(*errand->entries));
	errand->names = mem_array(NAMES, sizeof(*errand->names));
	return errand;
}

/* csv|json|ledger FILE */
static enum err cmd_export(struct call *call)
{
	const struct bank_export_format *format = export_find(call->argv[0]);
	struct errand *errand;

	if (format == NULL)
		return call_usage(call);
	if (call->argv[1][0] != '/')
		return call_refuse(call, ERR_BAD_INPUT,
				   "Write the whole path of the file, from the "
				   "root on.");
	if (atomic_exchange(&call->realm->is_exporting_bank, true))
		return call_refuse(call, ERR_BUSY,
				   "The bank is being exported just now. Try "
				   "again when that is done.");
	errand = errand_new(call, format);
	return task_start(call, &errand->task, TASK_JOBS, stage_begin, NULL,
			  drop);
}

const struct command commands_bank_export[] = {
	{ "bank export", 2, 2, ROLE_ADMIN | ROLE_AUDITOR, COMMAND_REST,
	  cmd_export, "csv|json|ledger FILE",
	  "write the bank's journal to a new file" },
	{ 0 },
};
