/* Commands about reports: of anybody, and of the moderators who read them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/report/report_close.h"
#include "chat/report/report_desk.h"
#include "chat/report/report_file.h"
#include "command/families.h"
#include "command/task.h"

enum { REPORTS_LISTED = 100, CLOSED_LISTED = 20 };

/* A report that is made, looked at or worked on. */
struct dossier {
	struct task task;
	char target[NAME_MOST + 1];
	char site[ADDRESS_TEXT];
	char *words;       /* or the note */
	struct room *room; /* a reference, or NULL */
	uint64_t number;
	struct report report;
	struct report_context context;
	size_t count;
};

static void drop(struct task *task)
{
	struct dossier *d = CONTAINER(task, struct dossier, task);

	room_unref(&d->room);
	mem_free(d->words);
}

static void stage_file(struct task *task)
{
	struct dossier *d = CONTAINER(task, struct dossier, task);
	struct report_ask ask = { d->room, d->target, d->words, d->site };

	task_answer(task, report_file(task->realm->chat, &task->actor, &ask,
				      &d->report, &d->context, &task->why));
}

static enum err finish_file(struct call *call, struct task *task)
{
	struct dossier *d = CONTAINER(task, struct dossier, task);
	size_t count = d->context.count;

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	if (count == 0)
		call_say(call, "Report #%" PRIu64 " is with the moderators.",
			 d->report.number);
	else
		call_say(call,
			 "Report #%" PRIu64 " is with the moderators, and the "
			 "last %zu line%s of %s with it.",
			 d->report.number, count, count == 1 ? "" : "s",
			 d->report.room);
	return ERR_OK;
}

static enum err cmd_report(struct call *call)
{
	struct dossier *d;

	if (!name_is_valid(call->argv[0]))
		return call_fail(call, ERR_BAD_NAME);
	d = mem_zero(sizeof(*d));
	snprintf(d->target, sizeof(d->target), "%s", call->argv[0]);
	snprintf(d->site, sizeof(d->site), "%s", call->caller->site);
	d->words = mem_text(call->argv[1]);
	if (call->caller->room != NULL)
		d->room = room_ref(call->caller->room);
	return task_start(call, &d->task, TASK_JOBS, stage_file, finish_file,
			  drop);
}

/* "#3 2026-11-20 20:14 ben about troll in den: WORDS" */
static void print_head(const struct report *report, struct buf *out)
{
	char when[CLOCK_TEXT];

	clock_print(report->time_ms, when);
	buf_print(out, "#%" PRIu64 " %s %s%s about %s%s%s", report->number,
		  when, report->name, report->user == 0 ? " (guest)" : "",
		  report->target, report->room[0] == '\0' ? "" : " in ",
		  report->room);
	if (report->state == REPORT_TAKEN)
		buf_print(out, ", taken by %s", report->by);
	buf_print(out, ": %s\n", report->words);
}

static bool list_one(const struct report *report, void *arg)
{
	struct dossier *d = arg;

	if (report->state == REPORT_CLOSED ||
	    report_is_about(report, &d->task.actor))
		return true;
	if (d->count++ < REPORTS_LISTED)
		print_head(report, &d->task.text);
	return true;
}

static void stage_list(struct task *task)
{
	struct dossier *d = CONTAINER(task, struct dossier, task);
	enum err e = report_may_read(&task->actor, &task->why);

	if (e == ERR_OK)
		e = report_walk(task->realm->store, list_one, d);
	if (d->count == 0)
		buf_add_text(&task->text, "There are no open reports.\n");
	else if (d->count > REPORTS_LISTED)
		buf_print(&task->text, "… and %zu more.\n",
			  d->count - REPORTS_LISTED);
	task_answer(task, e);
}

static enum err cmd_reports(struct call *call)
{
	struct dossier *d = mem_zero(sizeof(*d));

	return task_start(call, &d->task, TASK_JOBS, stage_list, NULL, drop);
}

static void print_end(const struct report *report, struct buf *out)
{
	char when[CLOCK_TEXT];

	if (report->state != REPORT_CLOSED)
		return;
	clock_print(report->by_ms, when);
	buf_print(out, "Closed %s by %s: %s\n", when, report->by, report->note);
}

static bool is_closed_for(const struct report *report, const struct dossier *d)
{
	return report->state == REPORT_CLOSED &&
	       !report_is_about(report, &d->task.actor);
}

static bool count_closed(const struct report *report, void *arg)
{
	struct dossier *d = arg;

	d->count += is_closed_for(report, d);
	return true;
}

/* The newest of those that were counted. */
static bool list_closed(const struct report *report, void *arg)
{
	struct dossier *d = arg;

	if (is_closed_for(report, d) && d->count-- <= CLOSED_LISTED) {
		print_head(report, &d->task.text);
		buf_add_text(&d->task.text, "  ");
		print_end(report, &d->task.text);
	}
	return true;
}

static void stage_closed(struct task *task)
{
	struct dossier *d = CONTAINER(task, struct dossier, task);
	enum err e = report_may_read(&task->actor, &task->why);

	if (e == ERR_OK)
		e = report_walk(task->realm->store, count_closed, d);
	if (d->count == 0)
		buf_add_text(&task->text, "There are no closed reports.\n");
	if (e == ERR_OK && d->count > 0)
		e = report_walk(task->realm->store, list_closed, d);
	task_answer(task, e);
}

static enum err cmd_reports_closed(struct call *call)
{
	struct dossier *d = mem_zero(sizeof(*d));

	return task_start(call, &d->task, TASK_JOBS, stage_closed, NULL, drop);
}

/* The number is the message's, within its room. */
static void print_line(const struct report_line *line, struct buf *out)
{
	char when[CLOCK_TEXT];

	clock_print(line->time_ms, when);
	buf_print(out, "  %" PRIu64 " %s %s%s%s %s\n", line->id, when,
		  line->is_action ? "* " : "", line->from,
		  line->is_action ? "" : ":", line->text);
}

/* Names are as they were; who is called otherwise by now, or is no more. */
static void print_now(struct users *users, user_id id, const char *name,
		      struct buf *out)
{
	struct user user;
	enum err e = id == 0 ? ERR_OK : users_get(users, id, &user);

	if (e == ERR_NO_SUCH_USER)
		buf_print(out, "%s has no login any more.\n", name);
	else if (id != 0 && e == ERR_OK && strcmp(user.name, name) != 0)
		buf_print(out, "%s is %s now.\n", name, user.name);
}

static void print_all(struct users *users, const struct dossier *d,
		      struct buf *out)
{
	const struct report *report = &d->report;

	print_head(report, out);
	print_now(users, report->user, report->name, out);
	print_now(users, report->target_user, report->target, out);
	for (size_t i = 0; i < d->context.count; i++)
		print_line(&d->context.lines[i], out);
	print_end(report, out);
}

static void stage_show(struct task *task)
{
	struct dossier *d = CONTAINER(task, struct dossier, task);
	enum err e = report_may_read(&task->actor, &task->why);

	if (e == ERR_OK)
		e = report_get(task->realm->store, d->number, &d->report,
			       &d->context);
	if (e == ERR_OK && report_is_about(&d->report, &task->actor))
		e = ERR_NOT_FOUND;
	if (e == ERR_NOT_FOUND)
		e = refusal_give(&task->why, e,
				 "There is no report #%" PRIu64 ".", d->number);
	if (e == ERR_OK)
		print_all(task->realm->users, d, &task->text);
	task_answer(task, e);
}

static void stage_take(struct task *task)
{
	struct dossier *d = CONTAINER(task, struct dossier, task);
	enum err e = report_take(task->realm->chat, &task->actor, d->number,
				 &task->why);

	buf_print(&task->text, "Report #%" PRIu64 " is yours.\n", d->number);
	task_answer(task, e);
}

static void stage_close(struct task *task)
{
	struct dossier *d = CONTAINER(task, struct dossier, task);
	enum err e = report_close(task->realm->chat, &task->actor, d->number,
				  d->words, &task->why);

	buf_print(&task->text, "Report #%" PRIu64 " is closed.\n", d->number);
	task_answer(task, e);
}

static enum err start(struct call *call, task_fn *stage)
{
	struct dossier *d;
	uint64_t number;

	if (!quantity_id(call->argv[0], &number))
		return call_usage(call);
	d = mem_zero(sizeof(*d));
	d->number = number;
	if (call->argc > 1)
		d->words = mem_text(call->argv[1]);
	return task_start(call, &d->task, TASK_JOBS, stage, NULL, drop);
}

static enum err cmd_reports_show(struct call *call)
{
	return start(call, stage_show);
}

static enum err cmd_reports_take(struct call *call)
{
	return start(call, stage_take);
}

static enum err cmd_reports_close(struct call *call)
{
	return start(call, stage_close);
}

const struct command commands_report[] = {
	{ "report", 2, 2, ROLE_GUEST, COMMAND_REST | COMMAND_PERSON, cmd_report,
	  "NAME WORDS", "tell the moderators, with the room's last lines" },
	{ "reports", 0, 0, ROLE_MODERATOR | ROLE_ADMIN | ROLE_AUDITOR, 0,
	  cmd_reports, "", "list the open reports" },
	{ "reports closed", 0, 0, ROLE_MODERATOR | ROLE_ADMIN | ROLE_AUDITOR, 0,
	  cmd_reports_closed, "", "list the reports that were closed last" },
	{ "reports show", 1, 1, ROLE_MODERATOR | ROLE_ADMIN | ROLE_AUDITOR, 0,
	  cmd_reports_show, "NUMBER",
	  "show a report, and what was said before" },
	{ "reports take", 1, 1, ROLE_MODERATOR | ROLE_ADMIN, 0,
	  cmd_reports_take, "NUMBER", "tell the others that you look into it" },
	{ "reports close", 2, 2, ROLE_MODERATOR | ROLE_ADMIN, COMMAND_REST,
	  cmd_reports_close, "NUMBER NOTE",
	  "close a report; who made it hears the note" },
	{ 0 },
};
