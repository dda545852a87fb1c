/* Commands that give out all that is held about somebody. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "command/export.h"
#include "command/families.h"
#include "command/sign.h"
#include "command/task.h"
#include "net/worker.h"

/* An export under way. */
struct errand {
	struct task task;
	char name[NAME_MOST + 1]; /* "": one's own */
	size_t output_bytes;      /* that a session may be sent at once */
	bool has_turn;
};

static void drop(struct task *task)
{
	const struct errand *errand = CONTAINER(task, struct errand, task);

	if (errand->has_turn)
		atomic_store(&task->realm->is_exporting, false);
}

/* Whoever asks, and about whom: before anything is read. */
static enum err note_export(struct task *task, const struct user *user)
{
	struct audit_entry entry;

	sign_entry(&task->actor, "user.export", &entry);
	AUDIT_SET(entry.target, user->name);
	return trail_note(task->realm->trail, &entry);
}

static enum err find_user(struct errand *errand, struct user *user)
{
	struct users *users = errand->task.realm->users;

	if (errand->name[0] != '\0')
		return users_find(users, errand->name, user);
	return users_get(users, errand->task.actor.user, user);
}

static enum err check_size(struct task *task, size_t most)
{
	size_t bytes = buf_len(&task->text);
	const char *at = buf_at(&task->text);

	for (size_t i = 0; i < buf_len(&task->text); i++)
		bytes += at[i] == '\n' ? strlen("-- ") : 0;
	if (bytes <= most)
		return ERR_OK;
	return refusal_give(&task->why, ERR_LIMIT,
			    "These are %zu KiB, and limits.output_queue lets "
			    "%zu KiB through: an administrator must raise it.",
			    bytes / 1024 + 1, most / 1024);
}

static void stage_export(struct task *task)
{
	struct errand *errand = CONTAINER(task, struct errand, task);
	struct export x = { .realm = task->realm,
			    .by = task->actor.name,
			    .is_staff = errand->name[0] != '\0' };
	enum err e = find_user(errand, &x.user);

	if (e == ERR_OK)
		e = note_export(task, &x.user);
	if (e == ERR_OK)
		e = export_print(&x, &task->text);
	if (e == ERR_OK)
		e = check_size(task, errand->output_bytes);
	task_answer(task, e);
}

/* One at a time: an export reads much, and jobs are for all. */
static enum err begin(struct call *call, const char *name)
{
	const struct limits *limits =
		worker_limits(session_worker(call->caller->session));
	struct errand *errand;

	if (atomic_exchange(&call->realm->is_exporting, true))
		return call_refuse(call, ERR_BUSY,
				   "Another export is being made. Try again "
				   "in a moment.");
	errand = mem_zero(sizeof(*errand));
	errand->has_turn = true;
	errand->output_bytes = (size_t)limits->output_queue_bytes;
	snprintf(errand->name, sizeof(errand->name), "%s", name);
	return task_start(call, &errand->task, TASK_JOBS, stage_export, NULL,
			  drop);
}

static enum err cmd_mydata(struct call *call)
{
	return begin(call, "");
}

static enum err cmd_users_export(struct call *call)
{
	if (!name_is_valid(call->argv[0]))
		return call_fail(call, ERR_NO_SUCH_USER);
	return begin(call, call->argv[0]);
}

const struct command commands_export[] = {
	{ "mydata", 0, 0, ROLE_USER, COMMAND_PERSON, cmd_mydata, "",
	  "all that the server holds about you, as JSON" },
	{ "users export", 1, 1, ROLE_ADMIN, 0, cmd_users_export, "NAME",
	  "all that the server holds about a user, as JSON" },
	{ 0 },
};
