/* Commands for administrators about the daemon. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "command/families.h"
#include "command/sign.h"
#include "command/status.h"
#include "command/task.h"
#include "log/log.h"
#include "store/backup.h"

/* Something that a job does for the administrator, told in task.text. */
struct chore {
	struct task task;
	bool is_json;
	char *dir;
};

static void chore_drop(struct task *task)
{
	mem_free(CONTAINER(task, struct chore, task)->dir);
}

static struct chore *chore_new(void)
{
	return mem_zero(sizeof(struct chore));
}

static void stage_status(struct task *task)
{
	if (CONTAINER(task, struct chore, task)->is_json)
		status_print_json(task->realm, &task->text);
	else
		status_print(task->realm, &task->text);
	task_answer(task, ERR_OK);
}

static enum err cmd_status(struct call *call)
{
	struct chore *chore;

	if (call->argc > 0 && strcmp(call->argv[0], "--json") != 0)
		return call_usage(call);
	chore = chore_new();
	chore->is_json = call->argc > 0;
	return task_start(call, &chore->task, TASK_JOBS, stage_status, NULL,
			  chore_drop);
}

static void stage_reload(struct task *task)
{
	struct realm *realm = task->realm;
	enum err e =
		sign_asked(realm->trail, &task->actor, "server.reload", NULL);

	if (e == ERR_OK) {
		log_notice("reload", "asked by=%s", task->actor.name);
		e = realm->reload(realm, &task->text);
		sign_ended(realm->trail, &task->actor, "server.reload", NULL,
			   e);
	}
	task_answer(task, e);
}

static void stage_renew(struct task *task)
{
	struct realm *realm = task->realm;
	enum err e =
		sign_asked(realm->trail, &task->actor, "server.renew", NULL);

	if (e == ERR_OK) {
		AUTO(buf_fini) struct buf fingerprint = { 0 };
		int64_t expiry_ms;

		log_notice("tls", "renewal asked by=%s", task->actor.name);
		e = realm->renew(realm, &task->text);
		realm->certificate(realm, &fingerprint, &expiry_ms);
		sign_ended(realm->trail, &task->actor, "server.renew",
			   buf_text(&fingerprint), e);
	}
	task_answer(task, e);
}

static enum err cmd_reload(struct call *call)
{
	struct chore *chore = chore_new();

	return task_start(call, &chore->task, TASK_JOBS, stage_reload,
			  task_finish_report, chore_drop);
}

static enum err cmd_renew(struct call *call)
{
	struct chore *chore = chore_new();

	return task_start(call, &chore->task, TASK_JOBS, stage_renew,
			  task_finish_report, chore_drop);
}

static void stage_stop(struct task *task)
{
	enum err e = sign_asked(task->realm->trail, &task->actor, "server.stop",
				NULL);

	if (e == ERR_OK) {
		log_notice("stop", "asked by=%s", task->actor.name);
		kill(getpid(), SIGTERM); /* sessions are answered first */
	}
	task_answer(task, e);
}

static enum err finish_stop(struct call *call, struct task *task)
{
	if (task->result != ERR_OK)
		return call_fail(call, task->result);
	call_say(call, "Stopping.");
	return ERR_OK;
}

static enum err cmd_stop(struct call *call)
{
	struct chore *chore = chore_new();

	return task_start(call, &chore->task, TASK_JOBS, stage_stop,
			  finish_stop, chore_drop);
}

static enum err make_backup(struct task *task, const char *dir)
{
	enum err e = backup_make(task->realm->store, dir, &task->text);

	if (e == ERR_OK) {
		log_notice("backup", "made dir=%s by=%s", dir,
			   task->actor.name);
		buf_reset(&task->text);
		buf_print(&task->text, "The backup is in %s.", dir);
	} else {
		log_error("backup", "failed dir=%s why=\"%s\"", dir,
			  buf_text(&task->text));
	}
	return e;
}

static void stage_backup(struct task *task)
{
	const char *dir = CONTAINER(task, struct chore, task)->dir;
	struct trail *trail = task->realm->trail;
	enum err e = sign_asked(trail, &task->actor, "server.backup", dir);

	if (e == ERR_OK) {
		e = make_backup(task, dir);
		sign_ended(trail, &task->actor, "server.backup", dir, e);
	}
	task_answer(task, e);
}

static enum err cmd_backup(struct call *call)
{
	struct chore *chore;

	if (call->argv[0][0] != '/')
		return call_refuse(call, ERR_BAD_INPUT,
				   "Write the whole path of the folder, from "
				   "the root on.");
	chore = chore_new();
	chore->dir = mem_text(call->argv[0]);
	return task_start(call, &chore->task, TASK_JOBS, stage_backup,
			  task_finish_report, chore_drop);
}

const struct command commands_server[] = {
	{ "status", 0, 1, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_status, "[--json]",
	  "how the server is" },
	{ "reload", 0, 0, ROLE_ADMIN, 0, cmd_reload, "",
	  "read settings and certificates again" },
	{ "renew", 0, 0, ROLE_ADMIN, 0, cmd_renew, "",
	  "make the server's certificate of --init anew" },
	{ "stop", 0, 0, ROLE_ADMIN, 0, cmd_stop, "", "stop the server" },
	{ "backup", 1, 1, ROLE_ADMIN, COMMAND_REST, cmd_backup, "DIR",
	  "copy the data while the server runs" },
	{ 0 },
};
