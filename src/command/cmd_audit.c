/* Commands that read the audit trail. */
#include <inttypes.h>
#include <string.h>

#include "audit/export.h"
#include "audit/exporter.h"
#include "audit/line.h"
#include "audit/verify.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "command/families.h"
#include "command/sign.h"
#include "command/task.h"
#include "log/log.h"

enum { TAIL_USUAL = 20, TAIL_MOST = 200 };

struct reading {
	struct task task;
	uint64_t count; /* of the newest records */
	char *path;
	bool is_head_known;
	struct trail_head known; /* as the log told it */
};

static void drop(struct task *task)
{
	mem_free(CONTAINER(task, struct reading, task)->path);
}

static struct reading *reading_new(void)
{
	return mem_zero(sizeof(struct reading));
}

/* Whole archives are read one at a time, so that jobs are left for others. */
static bool begin(struct task *task)
{
	if (!atomic_exchange(&task->realm->is_reading_audit, true))
		return true;
	task_answer(task,
		    refusal_give(&task->why, ERR_BUSY,
				 "Somebody reads the whole trail just now. "
				 "Try again when that is done."));
	return false;
}

static void end(struct task *task, enum err e)
{
	atomic_store(&task->realm->is_reading_audit, false);
	task_answer(task, e);
}

static bool print_record(const struct audit_record *record, void *arg)
{
	audit_print_line(record, arg);
	return true;
}

static void stage_tail(struct task *task)
{
	uint64_t count = CONTAINER(task, struct reading, task)->count;
	struct trail *trail = task->realm->trail;
	struct trail_head head;
	enum err e = trail_head(trail, &head);

	if (e == ERR_OK && head.sequence < count)
		count = head.sequence;
	if (e == ERR_OK)
		e = trail_walk(trail, head.sequence - count + 1, print_record,
			       &task->text);
	task_answer(task, e);
}

static enum err cmd_tail(struct call *call)
{
	struct reading *reading;
	int64_t count = TAIL_USUAL;

	if (call->argc > 0 &&
	    (!quantity_number(call->argv[0], &count) || count < 1))
		return call_usage(call);
	reading = reading_new();
	reading->count = (uint64_t)(count < TAIL_MOST ? count : TAIL_MOST);
	return task_start(call, &reading->task, TASK_JOBS, stage_tail, NULL,
			  drop);
}

static void log_findings(const struct task *task)
{
	AUTO(mem_free_text) char *text = NULL;
	struct buf copy = { 0 };
	char *at;
	char *line;

	buf_add(&copy, buf_at(&task->text), buf_len(&task->text));
	text = mem_text(buf_text(&copy));
	buf_fini(&copy);
	at = text;
	while ((line = strsep(&at, "\n")) != NULL) {
		if (line[0] != '\0')
			log_error("audit", "verify found %s", line);
	}
}

static void stage_verify(struct task *task)
{
	struct reading *reading = CONTAINER(task, struct reading, task);
	struct realm *realm = task->realm;
	struct audit_scope scope = {
		exporter_settings(realm->exporter),
		exporter_key(realm->exporter),
		reading->is_head_known ? &reading->known : NULL,
	};
	struct audit_extent extent;
	enum err e;

	if (!begin(task))
		return;
	e = audit_verify(realm->trail, &scope, &task->text, &extent);
	log_notice("audit", "verified by=%s outcome=%s", task->actor.name,
		   err_code(e));
	if (e == ERR_OK) {
		buf_add_text(&task->text, "The trail is whole: ");
		audit_print_extent(&extent, &task->text);
	} else {
		log_findings(task);
	}
	end(task, e);
}

/* "[SEQ HASH]", as the log tells the head. */
static enum err cmd_verify(struct call *call)
{
	struct reading *reading;
	struct trail_head known = { 0 };
	int64_t sequence;

	if (call->argc == 1 ||
	    (call->argc == 2 &&
	     (!quantity_number(call->argv[0], &sequence) || sequence < 1 ||
	      !digest_read(call->argv[1], known.hash))))
		return call_usage(call);
	reading = reading_new();
	if (call->argc == 2) {
		known.sequence = (uint64_t)sequence;
		reading->known = known;
		reading->is_head_known = true;
	}
	return task_start(call, &reading->task, TASK_JOBS, stage_verify,
			  task_finish_report, drop);
}

static enum err export_to(struct task *task, const char *path)
{
	const struct exporter *exporter = task->realm->exporter;
	uint64_t count;
	enum err e = audit_export_file(exporter_settings(exporter),
				       exporter_key(exporter), path,
				       &task->text, &count);

	log_notice("audit", "exported to=%s by=%s outcome=%s", path,
		   task->actor.name, err_code(e));
	if (e == ERR_OK)
		buf_print(&task->text, "%" PRIu64 " records are in %s.\n",
			  count, path);
	return e;
}

static void stage_export(struct task *task)
{
	const char *path = CONTAINER(task, struct reading, task)->path;
	struct trail *trail = task->realm->trail;
	enum err e;

	if (!begin(task))
		return;
	e = sign_asked(trail, &task->actor, "audit.export", path);
	if (e == ERR_OK) {
		e = export_to(task, path);
		sign_ended(trail, &task->actor, "audit.export", path, e);
	}
	end(task, e);
}

static enum err cmd_export(struct call *call)
{
	struct reading *reading;

	if (call->argv[0][0] != '/')
		return call_refuse(call, ERR_BAD_INPUT,
				   "Write the whole path of the file, from the "
				   "root on.");
	reading = reading_new();
	reading->path = mem_text(call->argv[0]);
	return task_start(call, &reading->task, TASK_JOBS, stage_export,
			  task_finish_report, drop);
}

const struct command commands_audit[] = {
	{ "audit tail", 0, 1, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_tail, "[N]",
	  "the newest records of who did what" },
	{ "audit verify", 0, 2, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_verify,
	  "[SEQ HASH]", "whether the audit trail is whole" },
	{ "audit export", 1, 1, ROLE_ADMIN, COMMAND_REST, cmd_export, "FILE",
	  "write all that was ever recorded to a new file" },
	{ 0 },
};
