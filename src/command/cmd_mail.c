/* Commands about being away, and about private messages that were kept. */
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/guard/guard_people.h"
#include "chat/mail/mail_box.h"
#include "chat/marker/bookmark.h"
#include "command/families.h"
#include "command/task.h"
#include "user/users.h"

/* One comes back, or looks into the box. */
struct visit {
	struct task task;
	struct mail_page page;
	size_t count;
	size_t unread;
	uint64_t id;
	char last[NAME_MOST + 1]; /* who left what was shown last */
};

static void drop(struct task *task)
{
	mails_fini(&CONTAINER(task, struct visit, task)->page.mails);
}

static void stage_return(struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);

	bookmark_resume(task->realm->chat, task->person, &task->text);
	task_answer(task, mail_count(task->realm->chat, task->actor.user,
				     &visit->count));
}

/* One is here again, also when the store cannot say what waits. */
static enum err finish_return(struct call *call, struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);
	AUTO(buf_fini) struct buf text = { 0 };

	call_say(call, "You are here again.");
	call_say_lines(call, &task->text);
	mail_print_waiting(task->result == ERR_OK ? visit->count : 0, &text);
	if (buf_len(&text) > 0)
		call_say(call, "%s", buf_text(&text));
	return ERR_OK;
}

/* The text is told to whoever asks, so it is speech. */
static enum err leave(struct call *call, const char *text)
{
	struct person *person = call->caller->person;
	struct refusal why = { 0 };
	enum err e = guard_may_speak(person, &why);

	if (e != ERR_OK)
		return call_refuse_why(call, e, &why);
	bookmark_stop(person, text);
	call_say(call, "You are away now. /away alone brings you back.");
	return ERR_OK;
}

static enum err cmd_away(struct call *call)
{
	struct person *person = call->caller->person;
	struct visit *visit;

	if (call->argc > 0)
		return leave(call, call->argv[0]);
	person_set_away(person, NULL);
	if (person_is_guest(person)) {
		call_say(call, "You are here again.");
		return ERR_OK;
	}
	visit = mem_zero(sizeof(*visit));
	return task_start(call, &visit->task, TASK_JOBS, stage_return,
			  finish_return, drop);
}

static enum err print_one(struct visit *visit, const struct mail *mail)
{
	struct user user;
	char when[CLOCK_TEXT];
	enum err e = users_get(visit->task.realm->users, mail->from, &user);

	if (e != ERR_OK)
		return e;
	clock_print(mail->time_ms, when);
	snprintf(visit->last, sizeof(visit->last), "%s", user.name);
	buf_print(&visit->task.text, "#%" PRIu64 " %s %s -> you: %s\n",
		  mail->id, when, user.name, mail->text);
	return ERR_OK;
}

static void print_rest(struct visit *visit)
{
	const struct mail_page *page = &visit->page;
	struct buf *out = &visit->task.text;

	if (page->mails.count == 0)
		buf_add_text(out, page->is_all ? "There is no private "
						 "message.\n"
					       : "No private message is "
						 "waiting.\n");
	if (page->is_unmarked_r)
		buf_add_text(out, "The server's disk is full: they go on "
				  "waiting.\n");
	if (page->has_older_r)
		buf_print(out, "Older ones: /mail all before %" PRIu64 "\n",
			  page->mails.list[0].id);
	if (page->waiting_r > 0)
		buf_print(out, "%zu more %s waiting: /mail\n", page->waiting_r,
			  page->waiting_r == 1 ? "is" : "are");
}

static void stage_take(struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);
	struct mail_page *page = &visit->page;
	enum err e = mail_take(task->realm->chat, &task->actor, page);

	for (size_t i = 0; e == ERR_OK && i < page->mails.count; i++)
		e = print_one(visit, &page->mails.list[i]);
	if (e == ERR_OK)
		print_rest(visit);
	task_answer(task, e);
}

static enum err finish_take(struct call *call, struct task *task)
{
	const struct visit *visit = CONTAINER(task, struct visit, task);

	if (task->result != ERR_OK)
		return call_fail(call, task->result);
	call_say_lines(call, &task->text);
	if (visit->last[0] != '\0')
		snprintf(call->caller->reply_to, sizeof(call->caller->reply_to),
			 "%s", visit->last);
	return ERR_OK;
}

static enum err cmd_mail(struct call *call)
{
	struct visit *visit = mem_zero(sizeof(*visit));

	return task_start(call, &visit->task, TASK_JOBS, stage_take,
			  finish_take, drop);
}

/* "7" or "#7"; 0: neither. */
static uint64_t parse_number(const char *text)
{
	int64_t id;

	text += text[0] == '#';
	return quantity_number(text, &id) && id > 0 ? (uint64_t)id : 0;
}

static enum err cmd_mail_all(struct call *call)
{
	uint64_t before = call->argc == 2 ? parse_number(call->argv[1]) : 0;
	struct visit *visit;

	if (call->argc > 0 &&
	    (before == 0 || strcasecmp(call->argv[0], "before") != 0))
		return call_usage(call);
	visit = mem_zero(sizeof(*visit));
	visit->page.is_all = true;
	visit->page.before = before;
	return task_start(call, &visit->task, TASK_JOBS, stage_take,
			  finish_take, drop);
}

static void stage_delete(struct task *task)
{
	struct visit *visit = CONTAINER(task, struct visit, task);

	task_answer(task,
		    mail_delete(task->realm->chat, &task->actor, visit->id,
				&visit->count, &visit->unread));
}

static enum err finish_delete(struct call *call, struct task *task)
{
	const struct visit *visit = CONTAINER(task, struct visit, task);

	if (task->result == ERR_NOT_FOUND && visit->id == 0)
		return call_refuse(call, ERR_NOT_FOUND,
				   "There is no private message.");
	if (task->result == ERR_NOT_FOUND)
		return call_refuse(call, ERR_NOT_FOUND,
				   "You have no message #%" PRIu64 ".",
				   visit->id);
	if (task->result != ERR_OK)
		return call_fail(call, task->result);
	if (visit->id != 0)
		call_say(call, "Message #%" PRIu64 " is deleted%s.", visit->id,
			 visit->unread > 0 ? ", unread" : "");
	else
		call_say(call, "%zu message%s %s deleted, %zu of them unread.",
			 visit->count, visit->count == 1 ? "" : "s",
			 visit->count == 1 ? "is" : "are", visit->unread);
	return ERR_OK;
}

static enum err cmd_mail_delete(struct call *call)
{
	uint64_t id = parse_number(call->argv[0]);
	struct visit *visit;

	if (id == 0 && strcasecmp(call->argv[0], "all") != 0)
		return call_usage(call);
	visit = mem_zero(sizeof(*visit));
	visit->id = id;
	return task_start(call, &visit->task, TASK_JOBS, stage_delete,
			  finish_delete, drop);
}

const struct command commands_mail[] = {
	{ "away", 0, 1, ROLE_GUEST, COMMAND_REST | COMMAND_PERSON, cmd_away,
	  "[TEXT]", "be away, or here again" },
	{ "mail", 0, 0, ROLE_USER, COMMAND_PERSON, cmd_mail, "",
	  "read what was left for you" },
	{ "mail all", 0, 2, ROLE_USER, COMMAND_PERSON, cmd_mail_all,
	  "[before NUMBER]", "what you have read as well" },
	{ "mail delete", 1, 1, ROLE_USER, COMMAND_PERSON, cmd_mail_delete,
	  "NUMBER|all", "delete what was left for you" },
	{ 0 },
};
