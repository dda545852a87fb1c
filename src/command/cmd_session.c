/* Commands about one's own session: who one is, how it looks, its end. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "command/ending.h"
#include "command/families.h"
#include "command/login.h"
#include "command/sign.h"
#include "command/task.h"

static enum err cmd_quit(struct call *call)
{
	call_say(call, "Goodbye.");
	session_close(call->caller->session, ERR_OK);
	return ERR_OK;
}

static void print_session(struct call *call, const struct directory_entry *e,
			  bool is_named)
{
	int64_t idle_ms = clock_wall_ms() - e->active_ms;
	char idle[QUANTITY_TEXT];
	char since[CLOCK_TEXT];

	clock_print(e->opened_ms, since);
	quantity_print_seconds(idle_ms > 0 ? idle_ms / 1000 : 0, idle);
	call_say(call, "#%" PRIu64 " %s%s%s since %s, idle %s, %s%s",
		 e->session.number, is_named ? e->name : "",
		 is_named ? " " : "", e->host, since, idle, e->way,
		 e->session.number ==
				 session_handle(call->caller->session).number
			 ? " (this one)"
			 : "");
}

static void print_sessions(struct call *call, user_id user, uint64_t number,
			   bool is_named)
{
	size_t count;
	struct directory_entry *entries =
		directory_list(call->realm->directory, user, number, &count);

	for (size_t i = 0; i < count; i++)
		print_session(call, &entries[i], is_named);
	if (count == 0)
		call_say(call, "Nobody is here.");
	mem_free(entries);
}

static enum err cmd_sessions(struct call *call)
{
	const struct caller *caller = call->caller;

	if (caller->is_console)
		print_sessions(call, 0, 0, true);
	else
		print_sessions(call, caller->user,
			       session_handle(caller->session).number, false);
	return ERR_OK;
}

static enum err cmd_sessions_all(struct call *call)
{
	print_sessions(call, 0, 0, true);
	return ERR_OK;
}

/* One's own, or anybody's for an administrator. */
static bool may_end(const struct caller *caller,
		    const struct directory_entry *e)
{
	return caller_has_role(caller, ROLE_ADMIN) ||
	       e->session.number == session_handle(caller->session).number ||
	       (caller->user != 0 && e->user == caller->user);
}

/* The end of another session, which is recorded. */
struct farewell {
	struct task task;
	struct session_handle session;
	char target[AUDIT_TARGET]; /* "ben #12" */
};

static void stage_end(struct task *task)
{
	struct farewell *f = CONTAINER(task, struct farewell, task);
	struct audit_entry entry;
	enum err e;

	sign_entry(&task->actor, "session.end", &entry);
	AUDIT_SET(entry.target, f->target);
	e = trail_note(task->realm->trail, &entry);
	if (e == ERR_OK)
		ending_post(task->realm, f->session, ERR_SESSION_ENDED);
	task_answer(task, e);
}

static enum err say_ended(struct call *call, uint64_t number)
{
	call_say(call, "Session #%" PRIu64 " is ended.", number);
	return ERR_OK;
}

static enum err finish_end(struct call *call, struct task *task)
{
	struct farewell *f = CONTAINER(task, struct farewell, task);

	if (task->result != ERR_OK)
		return call_fail(call, task->result);
	return say_ended(call, f->session.number);
}

/* The session of this number, if the caller may end it. */
static bool find_session(struct call *call, uint64_t number,
			 struct directory_entry *entry_r)
{
	size_t count;
	struct directory_entry *entries =
		directory_list(call->realm->directory, 0, number, &count);
	bool is_found = count > 0 && may_end(call->caller, &entries[0]);

	if (is_found)
		*entry_r = entries[0];
	mem_free(entries);
	return is_found;
}

static enum err cmd_sessions_end(struct call *call)
{
	const char *text = call->argv[0] + (call->argv[0][0] == '#');
	struct session_handle own = session_handle(call->caller->session);
	struct directory_entry entry;
	struct farewell *f;
	int64_t number;

	if (!quantity_number(text, &number) || number == 0)
		return call_usage(call);
	if (!find_session(call, (uint64_t)number, &entry))
		return call_refuse(call, ERR_NOT_FOUND,
				   "There is no session #%" PRId64
				   " that you may end.",
				   number);
	if (entry.session.number == own.number) {
		ending_post(call->realm, own, ERR_SESSION_ENDED);
		return say_ended(call, own.number);
	}
	f = mem_zero(sizeof(*f));
	f->session = entry.session;
	snprintf(f->target, sizeof(f->target), "%s #%" PRId64, entry.name,
		 number);
	return task_start(call, &f->task, TASK_JOBS, stage_end, finish_end,
			  NULL);
}

const struct command commands_session[] = {
	{ "login", 1, 2, 0, COMMAND_REST, cmd_login, "NAME [PASSWORD]",
	  "log in" },
	{ "register", 1, 2, 0, COMMAND_REST, cmd_register, "NAME [PASSWORD]",
	  "make yourself a login" },
	{ "guest", 1, 1, 0, 0, cmd_guest, "NAME", "come in without a login" },
	{ "passwd", 0, 2, ROLE_USER,
	  COMMAND_REST | COMMAND_PERSON | COMMAND_QUOTED, cmd_passwd,
	  "[OLD NEW]",
	  "change your password; in \"quotes\" one may have spaces" },
	{ "quit", 0, 1, 0, COMMAND_REST, cmd_quit, "", "end this session" },
	{ "sessions", 0, 0, ROLE_GUEST, 0, cmd_sessions, "",
	  "list your sessions" },
	{ "sessions end", 1, 1, ROLE_GUEST, 0, cmd_sessions_end, "NUMBER",
	  "end a session: yours, as an admin anybody's" },
	{ "sessions all", 0, 0, ROLE_ADMIN, 0, cmd_sessions_all, "",
	  "list everybody's sessions" },
	{ 0 },
};
