/* Commands about people. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/flood/flood_gate.h"
#include "chat/guard/guard_act.h"
#include "chat/guard/note.h"
#include "chat/sanction/subject.h"
#include "chat/words.h"
#include "command/families.h"
#include "command/task.h"

/* A question about a name, or a guest's change of name. */
struct inquiry {
	struct task task;
	char name[NAME_MOST + 1];
	bool is_for_staff;
	struct user user;       /* id 0: no user has the name */
	struct arrival arrival; /* a guest's claim */
};

static void inquiry_drop(struct task *task)
{
	struct inquiry *inquiry = CONTAINER(task, struct inquiry, task);

	arrivals_end(task->realm->arrivals, &inquiry->arrival);
}

static struct inquiry *inquiry_new(const char *name)
{
	struct inquiry *inquiry = mem_zero(sizeof(*inquiry));

	snprintf(inquiry->name, sizeof(inquiry->name), "%s", name);
	arrival_init(&inquiry->arrival);
	return inquiry;
}

static void print_measures(struct task *task, enum guard_kind kind,
			   user_id user)
{
	size_t count;
	struct guard_entry *list =
		guard_list_all(task->realm->chat, kind, &count);

	for (size_t i = 0; i < count; i++) {
		struct refusal words;

		if (list[i].user != user)
			continue;
		guard_print_words(&list[i], &words);
		buf_print(&task->text, "#%" PRIu64 " %s\n", list[i].id,
			  words.text);
	}
	mem_free(list);
}

/* What moderators should know before they do anything about a user. */
static enum err print_standing(struct task *task, const struct user *user)
{
	struct note *notes;
	size_t count;
	enum err e = note_list(task->realm->store, user->id, &notes, &count);

	mem_free(notes);
	if (e == ERR_OK && count > 0)
		buf_print(&task->text, "Notes: %zu, see /notes %s\n", count,
			  user->name);
	print_measures(task, GUARD_BAN, user->id);
	print_measures(task, GUARD_MUTE, user->id);
	return e;
}

static void stage_lookup(struct task *task)
{
	struct inquiry *inquiry = CONTAINER(task, struct inquiry, task);
	enum err e =
		users_find(task->realm->users, inquiry->name, &inquiry->user);

	if (e == ERR_NO_SUCH_USER) {
		inquiry->user.id = 0;
		e = ERR_OK;
	} else if (e == ERR_OK && inquiry->is_for_staff) {
		e = print_standing(task, &inquiry->user);
	}
	task_answer(task, e);
}

static void say_presence(struct call *call, struct person *person)
{
	AUTO(buf_fini) struct buf rooms = { 0 };
	AUTO(buf_fini) struct buf away = { 0 };
	AUTO(buf_fini) struct buf hosts = { 0 };
	struct subject *subject = subject_of(person);
	char idle[QUANTITY_TEXT];

	quantity_print_seconds(person_idle_s(person), idle);
	if (person_away(person, &away))
		call_say(call, "Away, idle %s: %s", idle, buf_text(&away));
	else
		call_say(call, "Here, idle %s.", idle);
	subject_print_hosts(subject, &hosts);
	call_say(call, "From %s.", buf_text(&hosts));
	subject_unref(&subject);
	person_print_rooms(person, call->caller->person, &rooms);
	if (buf_len(&rooms) > 0)
		call_say(call, "Rooms%s: %s",
			 call->caller->person != NULL ? " in common" : "",
			 buf_text(&rooms));
}

static void say_addresses(struct call *call, const char *name)
{
	size_t count;
	struct directory_entry *entries =
		directory_list(call->realm->directory, 0, 0, &count);

	for (size_t i = 0; i < count; i++) {
		if (name_compare(entries[i].name, name) == 0)
			call_say(call, "Session #%llu from %s.",
				 (unsigned long long)entries[i].session.number,
				 entries[i].host);
	}
	mem_free(entries);
}

static void say_last_login(struct call *call, const struct user *user)
{
	char when[CLOCK_TEXT];

	if (user->last_login_ms == 0) {
		call_say(call, "Never logged in.");
		return;
	}
	clock_print(user->last_login_ms, when);
	call_say(call, "Not here. Last login %s.", when);
}

static enum err finish_whois(struct call *call, struct task *task)
{
	struct inquiry *inquiry = CONTAINER(task, struct inquiry, task);
	struct person *person = chat_person(call->realm->chat, inquiry->name);
	AUTO(buf_fini) struct buf roles = { 0 };
	enum err e = ERR_OK;

	if (task->result != ERR_OK) {
		e = call_fail(call, task->result);
	} else if (person == NULL && inquiry->user.id == 0) {
		e = call_fail(call, ERR_NO_SUCH_USER);
	} else if (inquiry->user.id == 0) {
		call_say(call, "%s is a guest.", inquiry->name);
	} else {
		role_print(&roles, inquiry->user.roles);
		call_say(call, "%s: %s%s", inquiry->user.name, buf_text(&roles),
			 inquiry->user.state == USER_ACTIVE
				 ? ""
				 : " (may not log in)");
	}
	if (e == ERR_OK && person != NULL)
		say_presence(call, person);
	else if (e == ERR_OK)
		say_last_login(call, &inquiry->user);
	if (e == ERR_OK && inquiry->is_for_staff)
		say_addresses(call, inquiry->name);
	if (e == ERR_OK)
		call_say_lines(call, &task->text);
	person_unref(&person);
	return e;
}

static enum err cmd_whois(struct call *call)
{
	struct inquiry *inquiry;

	if (!name_is_valid(call->argv[0]))
		return call_fail(call, ERR_BAD_NAME);
	inquiry = inquiry_new(call->argv[0]);
	inquiry->is_for_staff =
		caller_has_role(call->caller, ROLE_MODERATOR | ROLE_ADMIN);
	return task_start(call, &inquiry->task, TASK_JOBS, stage_lookup,
			  finish_whois, inquiry_drop);
}

static void stage_claim(struct task *task)
{
	struct inquiry *inquiry = CONTAINER(task, struct inquiry, task);
	enum err e = arrivals_claim(task->realm->arrivals, &inquiry->arrival,
				    inquiry->name);

	if (e == ERR_OK)
		stage_lookup(task);
	else
		task_answer(task, e);
}

static enum err finish_nick(struct call *call, struct task *task)
{
	struct inquiry *inquiry = CONTAINER(task, struct inquiry, task);
	struct caller *caller = call->caller;
	enum err e = task->result;

	struct refusal why = { 0 };

	if (e == ERR_OK && inquiry->user.id != 0)
		e = ERR_NAME_TAKEN;
	if (e == ERR_OK)
		e = words_check_name(caller->person, inquiry->name, &why);
	if (e == ERR_OK)
		e = flood_tell(call->realm->chat, caller->person, NULL, &why);
	if (e == ERR_OK)
		e = chat_rename(call->realm->chat, caller->person,
				inquiry->name);
	if (e != ERR_OK)
		return call_refuse_why(call, e, &why);
	directory_rename(call->realm->directory, 0,
			 session_handle(caller->session), inquiry->name);
	call_say(call, "You are %s now.", inquiry->name);
	return ERR_OK;
}

static enum err cmd_nick(struct call *call)
{
	struct inquiry *inquiry;
	enum err e;

	if (!person_is_guest(call->caller->person))
		return call_refuse(call, ERR_NOT_ALLOWED,
				   "Only guests change their name like that; "
				   "yours belongs to your login.");
	e = call_check_name(call, call->argv[0]);
	if (e != ERR_OK)
		return e;
	inquiry = inquiry_new(call->argv[0]);
	return task_start(call, &inquiry->task, TASK_JOBS, stage_claim,
			  finish_nick, inquiry_drop);
}

const struct command commands_person[] = {
	{ "whois", 1, 1, ROLE_GUEST, 0, cmd_whois, "NAME", "who somebody is" },
	{ "nick", 1, 1, ROLE_GUEST, COMMAND_PERSON, cmd_nick, "NAME",
	  "another name, for guests" },
	{ 0 },
};
