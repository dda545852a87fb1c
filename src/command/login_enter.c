/* How who has logged in comes in, and is welcomed. */
#include "base/clock.h"
#include "base/mem.h"
#include "chat/mail/mail_box.h"
#include "command/board_text.h"
#include "command/door.h"
#include "command/ending.h"
#include "command/login_fields.h"
#include "command/news.h"
#include "command/takings.h"

/* A guest who came first does not keep a user out. */
static enum err send_guest_away(struct call *call, const char *name)
{
	size_t count;
	struct directory_entry *entries =
		directory_list(call->realm->directory, 0, 0, &count);
	bool is_guest = false;

	for (size_t i = 0; i < count; i++) {
		if (entries[i].user != 0 ||
		    name_compare(entries[i].name, name) != 0)
			continue;
		ending_post(call->realm, entries[i].session, ERR_SESSION_ENDED);
		is_guest = true;
	}
	mem_free(entries);
	return !is_guest ? call_fail(call, ERR_NAME_TAKEN)
			 : call_refuse(call, ERR_NAME_TAKEN,
				       "A guest had your name and is sent "
				       "away. Log in again.");
}

/* Somebody has changed the user while the login was under way. */
static enum err turn_away(struct call *call, enum err code)
{
	call_refuse(call, code, "This login was changed just now.");
	session_close(call->caller->session, code);
	return code;
}

struct entrance {
	struct caller *caller;
	const struct login *login;
	struct refusal why;
};

static enum err enter_place(void *arg)
{
	struct entrance *entry = arg;
	const struct login *login = entry->login;
	enum err e = door_check(entry->caller->realm, login->user.id,
				login->user.roles, login->host, &entry->why);

	if (e != ERR_OK)
		return e;
	if (login->has_rooms)
		return caller_enter(entry->caller, login->user.id,
				    login->user.roles, login->user.name,
				    &login->rooms);
	caller_admit(entry->caller, login->user.id, login->user.roles,
		     login->user.name);
	return ERR_OK;
}

/* As the service without rooms does it. */
static void welcome_plainly(struct call *call, const struct login *login)
{
	const struct welcome welcome = {
		.name = login->user.name,
		.roles = login->user.roles,
		.has_factor = login->factor.is_on,
		.last_login_ms = login->last_login_ms,
		.last_address = login->last_address,
	};

	call->caller->ops->welcome(call->caller, &welcome);
}

static void welcome(struct call *call, struct login *login)
{
	AUTO(buf_fini) struct buf waiting = { 0 };
	char when[CLOCK_TEXT];

	clock_print(login->last_login_ms, when);
	if (login->last_login_ms == 0)
		call_say(call, "Welcome, %s.", login->user.name);
	else
		call_say(call, "Welcome, %s. Last login %s from %s.",
			 login->user.name, when, login->last_address);
	login_tell_factor(call, login);
	mail_print_waiting(login->waiting, &waiting);
	if (buf_len(&waiting) > 0)
		call_say(call, "%s", buf_text(&waiting));
	call_say_lines(call, &login->income);
	board_text_say_all(call, login->unseen);
	if (login->is_coming)
		takings_enter(call->realm->takings, login->user.id,
			      call->caller->person, login->heard);
	login->is_coming = false;
	if (login->user.id != 0)
		news_tell(call->realm, call->caller->person, login->waiting);
}

enum err login_enter(struct call *call, struct login *login)
{
	struct entrance entry = { .caller = call->caller, .login = login };
	enum err e;

	if (caller_is_known(call->caller))
		return call_fail(call, ERR_ALREADY_LOGGED_IN);
	e = arrivals_enter(call->realm->arrivals, &login->arrival, enter_place,
			   &entry);
	if (e == ERR_NAME_TAKEN && login->user.id != 0)
		return send_guest_away(call, login->user.name);
	if (e == ERR_NAME_TAKEN)
		return call_fail(call, e);
	if (e == ERR_BANNED)
		return call_refuse_why(call, e, &entry.why);
	if (e != ERR_OK)
		return turn_away(call, e);
	if (login->has_rooms)
		welcome(call, login);
	else
		welcome_plainly(call, login);
	return ERR_OK;
}
