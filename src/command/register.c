/* Names that are new here: registrations, and guests. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "command/door.h"
#include "command/login.h"
#include "command/login_fields.h"
#include "command/main_account.h"
#include "command/sign.h"
#include "log/log.h"

/* From now on the name is the login's, if nobody is here with it. */
static enum err claim_name(struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);
	enum err e = arrivals_claim(task->realm->arrivals, &login->arrival,
				    login->name);
	struct person *person;

	if (e != ERR_OK)
		return e;
	person = chat_person(task->realm->chat, login->name);
	if (person != NULL)
		e = ERR_NAME_TAKEN;
	person_unref(&person);
	return e;
}

static enum err add_user(struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);
	struct user *user = &login->user;
	struct audit_entry entry;

	snprintf(user->name, sizeof(user->name), "%s", login->name);
	memcpy(user->hash, login->hash, sizeof(user->hash));
	user->roles = ROLE_GUEST | ROLE_USER;
	user->state = login->settings.registration == REGISTRATION_OPEN
			      ? USER_ACTIVE
			      : USER_PENDING;
	if (user->state == USER_ACTIVE) { /* a registration is a login */
		user->last_login_ms = clock_wall_ms();
		snprintf(user->last_address, sizeof(user->last_address), "%s",
			 login->host);
	}
	sign_entry(&task->actor, "user.register", &entry);
	snprintf(entry.detail, sizeof(entry.detail), "%s, %s",
		 user_state_word(user->state), login->way);
	return users_add(task->realm->users, user, &entry);
}

static void stage_add(struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);
	/* Again: it may have waited long for its hash. */
	enum err e = door_check_new(task->realm, login->host, &task->why);
	const struct user *user = &login->user;

	if (e == ERR_OK)
		e = claim_name(task);
	if (e == ERR_OK)
		e = add_user(task);
	if (e == ERR_OK)
		e = main_account_ensure(task->realm, &task->actor, user->id,
					user->name);
	if (e == ERR_OK && user->state == USER_ACTIVE) {
		arrivals_begin(task->realm->arrivals, &login->arrival,
			       user->id);
		e = login_read_again(login);
		if (e == ERR_OK && login->has_rooms)
			login_look_at_board(login);
		if (e == ERR_OK && login->has_rooms)
			login_look_at_income(login);
	}
	task_answer(task, e);
}

static void stage_hash(struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);

	login_hash(login);
	task_next(task, TASK_JOBS, stage_add);
}

static enum err answer_pending(struct call *call, const struct login *login)
{
	static const char words[] = "Your registration as %s waits for an "
				    "administrator's approval.";

	if (!login->has_rooms)
		return call_refuse(call, ERR_APPROVAL_PENDING, words,
				   login->name);
	call_say(call, words, login->name);
	return ERR_OK;
}

static enum err end_registration(struct call *call, struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);

	if (task->why.text[0] != '\0')
		return call_refuse_why(call, task->result, &task->why);
	if (task->result != ERR_OK)
		return login_refuse_state(call, task->result);
	log_info("user", "registered name=%s address=%s", login->name,
		 login->host);
	if (login->user.state == USER_ACTIVE)
		return login_enter(call, login);
	return answer_pending(call, login);
}

static enum err finish_register(struct call *call, struct task *task)
{
	const struct login *login = CONTAINER(task, struct login, task);
	enum err e = end_registration(call, task);

	/* What waits for an approval has its record. */
	if (e != ERR_OK && e != ERR_APPROVAL_PENDING)
		sign_counted(call->caller, "user.register", login->name, e);
	return e;
}

/* Everything about a registration that can be refused before the password. */
static enum err check_registration(struct call *call, const char *name)
{
	struct realm_settings settings;
	struct person *person;
	enum err e;

	realm_settings(call->realm, &settings);
	if (caller_is_known(call->caller))
		return call_fail(call, ERR_ALREADY_LOGGED_IN);
	e = call_check_name(call, name);
	if (e != ERR_OK)
		return e;
	if (settings.users.registration == REGISTRATION_CLOSED)
		return call_refuse(call, ERR_REGISTRATION_CLOSED,
				   "Only an administrator can make a login "
				   "here.");
	e = door_try_new(call);
	if (e != ERR_OK)
		return e;
	person = chat_person(call->realm->chat, name);
	if (person != NULL) {
		person_unref(&person);
		return call_fail(call, ERR_NAME_TAKEN);
	}
	return ERR_OK;
}

enum err register_start(struct call *call, const char *name,
			const char *password)
{
	enum err e = check_registration(call, name);
	struct login *login;
	int64_t wait_s;

	if (e != ERR_OK)
		return e;
	if (password == NULL)
		return login_ask(call, name);
	e = login_check_password(call, name, password);
	if (e != ERR_OK)
		return e;
	if (!quota_take(call->realm->registrations, call->caller->site,
			&wait_s)) {
		sign_counted(call->caller, "user.register", NULL, ERR_BUSY);
		return call_refuse(call, ERR_BUSY,
				   "Too many registrations come from your "
				   "address. Try again in %" PRId64 " s.",
				   wait_s);
	}
	login = login_new(call, name, password, NULL);
	return task_start(call, &login->task, TASK_HASHERS, stage_hash,
			  finish_register, login_drop);
}

enum err cmd_register(struct call *call)
{
	return register_start(call, call->argv[0],
			      call->argc > 1 ? call->argv[1] : NULL);
}

static void stage_guest(struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);
	enum err e = trail_is_down(task->realm->trail) ? ERR_AUDIT_DOWN
						       : claim_name(task);

	if (e == ERR_OK)
		e = users_find(task->realm->users, login->name, &login->user);
	login->is_known = e == ERR_OK;
	if (e == ERR_OK)
		e = ERR_NAME_TAKEN;
	else if (e == ERR_NO_SUCH_USER)
		e = ERR_OK;
	task_answer(task, e);
}

static enum err enter_guest(struct call *call, struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);
	struct user *guest = &login->user;

	if (login->is_known)
		return call_refuse(call, ERR_NAME_TAKEN,
				   "%s is somebody's login. Take another name, "
				   "or /login %s.",
				   login->name, login->name);
	if (task->result != ERR_OK)
		return call_fail(call, task->result);
	/* Plugins may have been changed meanwhile. */
	if (call_check_name(call, login->name) != ERR_OK)
		return ERR_NAME_TAKEN;
	memset(guest, 0, sizeof(*guest));
	snprintf(guest->name, sizeof(guest->name), "%s", login->name);
	guest->roles = ROLE_GUEST;
	login->unseen = ~0U; /* nobody knows what a guest has seen */
	return login_enter(call, login);
}

static enum err finish_guest(struct call *call, struct task *task)
{
	const struct login *login = CONTAINER(task, struct login, task);
	enum err e = enter_guest(call, task);

	sign_counted(call->caller, "guest.login", login->name, e);
	return e;
}

enum err cmd_guest(struct call *call)
{
	struct realm_settings settings;
	struct login *login;
	enum err e;

	realm_settings(call->realm, &settings);
	if (caller_is_known(call->caller))
		return call_fail(call, ERR_ALREADY_LOGGED_IN);
	if (!settings.users.guests)
		return call_refuse(
			call, ERR_GUESTS_OFF,
			"Guests are not let in here. /register makes "
			"you a login.");
	e = call_check_name(call, call->argv[0]);
	if (e == ERR_OK)
		e = door_try_new(call);
	if (e != ERR_OK)
		return e;
	login = login_new(call, call->argv[0], NULL, NULL);
	return task_start(call, &login->task, TASK_JOBS, stage_guest,
			  finish_guest, login_drop);
}
