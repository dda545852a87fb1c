#include "command/login.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "chat/mail/mail_box.h"
#include "chat/marker/missed.h"
#include "chat/report/report_news.h"
#include "command/board_text.h"
#include "command/door.h"
#include "command/income.h"
#include "command/login_fields.h"
#include "command/main_account.h"
#include "command/petition.h"
#include "command/sign.h"
#include "command/takings.h"
#include "crypto/password.h"
#include "log/limit.h"
#include "log/log.h"

void login_drop(struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);

	arrivals_end(task->realm->arrivals, &login->arrival);
	if (login->is_coming)
		takings_leave(task->realm->takings, login->user.id, false);
	buf_fini(&login->income);
	secret_free(&login->password);
	proof_fini(&login->proof);
	room_names_fini(&login->rooms);
}

struct login *login_new(struct call *call, const char *name,
			const char *password, const char *code)
{
	struct login *login = mem_zero(sizeof(*login));
	struct realm_settings settings;

	realm_settings(call->realm, &settings);
	login->settings = settings.users;
	login->need_factor = settings.factor_roles;
	arrival_init(&login->arrival);
	snprintf(login->name, sizeof(login->name), "%s", name);
	session_print_host(call->caller->session, login->host);
	caller_print_way(call->caller, login->way);
	login->has_rooms = caller_has_rooms(call->caller);
	if (password != NULL)
		login->password = secret_new(password, strlen(password));
	if (code != NULL)
		proof_read(&login->proof, code);
	return login;
}

static enum password_method method_of(const struct login *login)
{
	return (enum password_method)login->settings.password_hash;
}

static int cost_of(const struct login *login)
{
	return (int)login->settings.password_cost;
}

void login_hash(struct login *login)
{
	password_hash(login->password, method_of(login), cost_of(login),
		      login->hash);
}

static enum err state_err(enum user_state state)
{
	if (state == USER_PENDING)
		return ERR_APPROVAL_PENDING;
	return state == USER_ACTIVE ? ERR_OK : ERR_DISABLED;
}

/* The record must still be what was verified; what it says now counts. */
static enum err check_fresh(const struct user *user, struct login *login)
{
	if (strcmp(user->hash, login->user.hash) != 0)
		return ERR_BAD_LOGIN;
	if (user->state != USER_ACTIVE)
		return state_err(user->state);
	login->user.roles = role_in_effect(user->roles, login->need_factor,
					   login->factor.is_on);
	login->withheld = user->roles & ~login->user.roles;
	memcpy(login->user.name, user->name, sizeof(user->name));
	return ERR_OK;
}

static enum err note_login(struct user *user, void *arg)
{
	struct login *login = arg;
	enum err e = check_fresh(user, login);

	if (e != ERR_OK)
		return e;
	login->last_login_ms = user->last_login_ms;
	memcpy(login->last_address, user->last_address,
	       sizeof(login->last_address));
	user->last_login_ms = clock_wall_ms();
	snprintf(user->last_address, sizeof(user->last_address), "%s",
		 login->host);
	if (login->hash[0] != '\0')
		memcpy(user->hash, login->hash, sizeof(user->hash));
	return ERR_OK;
}

enum err login_read_again(struct login *login)
{
	const struct realm *realm = login->task.realm;
	struct user user;
	enum err e = users_get(realm->users, login->user.id, &user);

	return e == ERR_OK ? check_fresh(&user, login) : e;
}

/*
 * A full disk keeps nobody out: only the note of the login is lost, and its
 * record waits until there is room.
 */
static enum err let_in_unwritten(struct login *login, struct audit_entry *entry)
{
	enum err e = login_read_again(login);

	if (e != ERR_OK)
		return e;
	AUDIT_SET(entry->actor, login->user.name);
	AUDIT_SET(entry->target, login->user.name);
	entry->user = login->user.id;
	tally_note(login->task.realm->tally, entry);
	return ERR_OK;
}

/* Does a guest who must be sent away first have the name? */
static bool is_name_held(const struct login *login)
{
	struct person *person =
		chat_person(login->task.realm->chat, login->user.name);
	bool is_held = person != NULL && person_is_guest(person);

	person_unref(&person);
	return is_held;
}

void login_look_at_board(struct login *login)
{
	if (!is_name_held(login))
		login->unseen =
			board_take_new(login->task.realm->chat, login->user.id);
}

void login_look_at_income(struct login *login)
{
	enum err e;

	login->is_coming = true;
	e = income_read(login->task.realm, login->user.id, &login->income,
			&login->heard);
	if (e == ERR_OK && (login->user.roles & ROLE_ADMIN) != 0)
		e = petition_print_waiting(login->task.realm, login->user.id,
					   &login->income);
	if (e != ERR_OK) /* is no reason to keep anybody out */
		log_warning("login", "news of the bank: %s", err_words(e));
}

/* What is left for the user between this and the entry is told after it. */
static enum err look_at_chat(struct login *login)
{
	struct chat *chat = login->task.realm->chat;
	enum err e = chat_memberships(chat, login->user.id, &login->rooms);

	if (e != ERR_OK)
		return e;
	missed_load(chat, login->user.id, login->user.name, &login->rooms);
	login_look_at_board(login);
	login_look_at_income(login);
	e = mail_count(chat, login->user.id, &login->waiting);
	if (e != ERR_OK) /* is no reason to keep anybody out */
		log_warning("login", "news of messages: %s", err_words(e));
	return ERR_OK;
}

/* A full disk keeps nobody out; the next login opens it. */
static enum err ensure_account(struct login *login)
{
	enum err e = main_account_ensure(login->task.realm, &login->task.actor,
					 login->user.id, login->user.name);

	return e == ERR_STORAGE_FULL || e == ERR_AUDIT_DOWN ? ERR_OK : e;
}

static void stage_enter(struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);
	struct audit_entry entry;
	enum err e;

	e = door_check(task->realm, login->user.id, login->user.roles,
		       login->host, &task->why);
	if (e != ERR_OK) {
		task_answer(task, e);
		return;
	}
	arrivals_begin(task->realm->arrivals, &login->arrival, login->user.id);
	e = login_check_factor(login);
	if (e != ERR_OK) {
		task_answer(task, e);
		return;
	}
	sign_entry(&task->actor, "user.login", &entry);
	snprintf(entry.detail, sizeof(entry.detail), "%s%s", login->way,
		 login->factor.is_on ? ", second factor" : "");
	e = users_edit(task->realm->users, login->user.id, note_login, login,
		       &entry, NULL);
	if (e == ERR_STORAGE_FULL)
		e = let_in_unwritten(login, &entry);
	if (e == ERR_OK)
		e = ensure_account(login);
	if (e == ERR_OK && login->has_rooms)
		e = look_at_chat(login);
	task_answer(task, e);
}

static void stage_verify(struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);
	enum err e = ERR_OK;

	if (!login->is_known) {
		password_verify_nobody(login->password, method_of(login),
				       cost_of(login));
		e = ERR_BAD_LOGIN;
	} else if (!password_verify(login->password, login->user.hash)) {
		e = ERR_BAD_LOGIN;
	} else if (login->user.state != USER_ACTIVE) {
		e = state_err(login->user.state);
	} else if (password_is_outdated(login->user.hash, method_of(login),
					cost_of(login))) {
		login_hash(login);
	}
	if (e == ERR_OK)
		task_next(task, TASK_JOBS, stage_enter);
	else
		task_answer(task, e);
}

static void stage_find(struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);
	enum err e = users_find(task->realm->users, login->name, &login->user);

	login->is_known = e == ERR_OK;
	if (e == ERR_OK || e == ERR_NO_SUCH_USER)
		task_next(task, TASK_HASHERS, stage_verify);
	else
		task_answer(task, e);
}

enum err login_refuse_locked(struct call *call, int64_t wait_s)
{
	return call_refuse(call, ERR_LOCKED_OUT, "Try again in %" PRId64 " s.",
			   wait_s);
}

static void log_wrong(const struct caller *caller)
{
	static _Thread_local struct log_limit limit;
	unsigned suppressed;

	if (log_limit_pass(&limit, clock_mono_ms(), &suppressed))
		log_notice(
			"login",
			"too many wrong passwords or codes address=%s more=%u",
			caller->site, suppressed);
}

enum err login_refuse_attempt(struct call *call, const char *name,
			      enum err code, const char *words)
{
	struct caller *caller = call->caller;
	int left;

	lockout_failed(call->realm->lockout, name, caller->site);
	left = LOGIN_ATTEMPTS - (int)++caller->failures;
	if (left > 0)
		return call_refuse(call, code, "%sYou have %d attempt%s left.",
				   words, left, left == 1 ? "" : "s");
	log_wrong(caller);
	call_refuse(call, code, "%sThat was the last attempt. Goodbye.", words);
	session_close(caller->session, code);
	return code;
}

enum err login_refuse_wrong(struct call *call, const char *name)
{
	return login_refuse_attempt(call, name, ERR_BAD_LOGIN, "");
}

enum err login_refuse_state(struct call *call, enum err e)
{
	if (e == ERR_APPROVAL_PENDING)
		return call_refuse(call, e,
				   "An administrator must approve "
				   "your registration first.");
	if (e == ERR_DISABLED)
		return call_refuse(call, e,
				   "An administrator has disabled "
				   "this login.");
	return call_fail(call, e);
}

static enum err end_login(struct call *call, struct task *task)
{
	struct login *login = CONTAINER(task, struct login, task);

	if (task->result == ERR_CODE_REQUIRED || login->is_proof_refused)
		return login_ask_code(call, login);
	if (task->result == ERR_BAD_LOGIN)
		return login_refuse_wrong(call, login->name);
	if (task->result == ERR_BANNED)
		return call_refuse_why(call, task->result, &task->why);
	if (task->result != ERR_OK)
		return login_refuse_state(call, task->result);
	lockout_clear(call->realm->lockout, login->name, call->caller->site);
	log_info("login", "user=%s address=%s session=%" PRIu64,
		 login->user.name, login->host, task->session.number);
	return login_enter(call, login);
}

/* What is no user's name may be a password at the wrong prompt. */
static enum err finish_login(struct call *call, struct task *task)
{
	const struct login *login = CONTAINER(task, struct login, task);
	enum err e = end_login(call, task);

	/* A wrong code was counted as one; one that is missing is no fault. */
	if (e != ERR_OK && e != ERR_CODE_REQUIRED && !login->is_proof_refused)
		sign_counted(call->caller, "user.login",
			     login->is_known ? login->name : NULL, e);
	return e;
}

enum err login_ask(struct call *call, const char *name)
{
	struct caller *caller = call->caller;

	if (!caller->ops->ask_passwords(caller, call->command->verb, name))
		return call_usage(call);
	return ERR_OK;
}

enum err login_start(struct call *call, const char *name, const char *password,
		     const char *code)
{
	struct caller *caller = call->caller;
	struct login *login;
	int64_t wait_s;

	if (caller_is_known(caller))
		return call_fail(call, ERR_ALREADY_LOGGED_IN);
	if (!name_is_valid(name))
		return call_fail(call, ERR_BAD_NAME);
	if (password == NULL)
		return login_ask(call, name);
	wait_s = lockout_try(call->realm->lockout, name, caller->site);
	if (wait_s > 0) {
		sign_counted(caller, "user.login", NULL, ERR_LOCKED_OUT);
		return login_refuse_locked(call, wait_s);
	}
	half_login_free(&caller->half);
	login = login_new(call, name, password, code);
	return task_start(call, &login->task, TASK_JOBS, stage_find,
			  finish_login, login_drop);
}

enum err login_go_on(struct call *call, struct login *login)
{
	login->is_known = true;
	return task_start(call, &login->task, TASK_JOBS, stage_enter,
			  finish_login, login_drop);
}

enum err cmd_login(struct call *call)
{
	return login_start(call, call->argv[0],
			   call->argc > 1 ? call->argv[1] : NULL, NULL);
}

enum err login_check_password(struct call *call, const char *name,
			      const char *password)
{
	struct realm_settings settings;
	size_t len = strlen(password);
	const char *flaw = text_flaw(password, len);

	realm_settings(call->realm, &settings);
	if (len < (size_t)settings.users.password_min)
		return call_refuse(call, ERR_WEAK_PASSWORD,
				   "A password has at least %" PRId64 " bytes.",
				   settings.users.password_min);
	if (len > PASSWORD_MOST)
		return call_refuse(call, ERR_WEAK_PASSWORD,
				   "A password has at most %d bytes.",
				   PASSWORD_MOST);
	if (flaw != NULL)
		return call_refuse(call, ERR_WEAK_PASSWORD,
				   "A password may not hold %s.", flaw);
	if (name_compare(name, password) == 0)
		return call_refuse(call, ERR_WEAK_PASSWORD,
				   "The name is no password.");
	return ERR_OK;
}
