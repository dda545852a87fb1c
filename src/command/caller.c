#include "command/caller.h"

#include <stdio.h>
#include <string.h>

#include "chat/guard/guard_people.h"
#include "chat/history/search.h"
#include "chat/mention/mentions.h"
#include "command/enrolment.h"
#include "command/login.h"
#include "command/pledge.h"
#include "command/sign.h"
#include "command/takings.h"
#include "net/listener.h"
#include "net/service.h"
#include "net/worker.h"

enum {
	ALL_ROLES = ROLE_GUEST | ROLE_USER | ROLE_MODERATOR | ROLE_TELLER |
		    ROLE_SHOPKEEPER | ROLE_AUDITOR | ROLE_ADMIN
};

void caller_init(struct caller *caller, const struct caller_ops *ops,
		 struct realm *realm, struct session *session)
{
	memset(caller, 0, sizeof(*caller));
	caller->ops = ops;
	caller->realm = realm;
	caller->session = session;
	caller->subscriber = worker_index(session_worker(session));
	session_print_site(session, caller->site);
	if (!session_listener(session)->is_console)
		return;
	caller->is_console = true;
	caller->roles = ALL_ROLES;
	snprintf(caller->console, sizeof(caller->console), "console:%u",
		 (unsigned)session_uid(session));
}

static enum message_kind kind_of(enum err why)
{
	return why == ERR_IO || why == ERR_TIMEOUT || why == ERR_SLOW_READER
		       ? MESSAGE_LOST
		       : MESSAGE_PARTED;
}

static bool is_in(const struct caller *caller)
{
	return caller->person != NULL || caller->user != 0;
}

void caller_fini(struct caller *caller, enum err why)
{
	if (why == ERR_SLOW_READER || (why == ERR_TIMEOUT && !is_in(caller)))
		sign_violation(caller, why);
	caller_leave(caller, why);
	half_login_free(&caller->half);
	search_free(&caller->search);
	mentions_free(&caller->mentions);
}

static void leave_chat(struct caller *caller, enum err why)
{
	chat_depart(caller->realm->chat, caller->person, caller->subscriber,
		    session_tag(caller->session), kind_of(why));
	person_unref(&caller->person);
	room_unref(&caller->room);
	caller->reply_to[0] = '\0';
}

void caller_leave(struct caller *caller, enum err why)
{
	if (!is_in(caller))
		return;
	sign_left(caller, why);
	caller->ops->leaving(caller);
	if (caller->person != NULL && caller->user != 0)
		takings_leave(caller->realm->takings, caller->user, true);
	directory_drop(caller->realm->directory,
		       session_handle(caller->session));
	if (caller->person != NULL)
		leave_chat(caller, why);
	enrolment_free(&caller->enrolment);
	pledge_free(&caller->pledge);
	caller->user = 0;
	caller->roles = 0;
}

static void list_session(struct caller *caller, const char *name)
{
	struct directory_entry entry = {
		.session = session_handle(caller->session),
		.user = caller->user,
		.roles = caller->roles,
		.opened_ms = session_opened_ms(caller->session),
	};

	snprintf(entry.name, sizeof(entry.name), "%s", name);
	session_print_host(caller->session, entry.host);
	if (caller_has_rooms(caller))
		session_describe(caller->session, entry.way, sizeof(entry.way));
	else
		caller_print_way(caller, entry.way);
	directory_add(caller->realm->directory, &entry);
}

void caller_admit(struct caller *caller, user_id user, role_set roles,
		  const char *name)
{
	caller->user = user;
	caller->roles = roles;
	half_login_free(&caller->half);
	list_session(caller, name);
	caller->ops->entered(caller);
}

enum err caller_enter(struct caller *caller, user_id user, role_set roles,
		      const char *name, const struct room_names *rooms)
{
	struct chat_arrival arrival = {
		.user = user,
		.roles = roles,
		.name = name,
		.rooms = rooms,
		.subscriber = caller->subscriber,
		.session = session_tag(caller->session),
	};
	char address[ADDRESS_TEXT];
	enum err e;

	session_print_host(caller->session, address);
	arrival.address = address;
	e = chat_arrive(caller->realm->chat, &arrival, &caller->person);
	if (e != ERR_OK)
		return e;
	caller_admit(caller, user, roles, name);
	/* Whoever is banned from it is in no room. */
	if (room_has(chat_default_room(caller->realm->chat), caller->person))
		caller_set_room(caller, chat_default_room(caller->realm->chat));
	return ERR_OK;
}

void caller_change_roles(struct caller *caller, role_set roles)
{
	caller->roles = roles;
	directory_change_roles(caller->realm->directory,
			       session_handle(caller->session), roles);
	if (caller->person != NULL)
		chat_change_roles(caller->realm->chat, caller->person, roles);
}

bool caller_awaits_code(const struct caller *caller)
{
	return caller->half != NULL;
}

void caller_set_room(struct caller *caller, struct room *room)
{
	struct room *before = caller->room;

	caller->room = room == NULL ? NULL : room_ref(room);
	room_unref(&before);
}

void caller_actor(const struct caller *caller, struct actor *actor_r)
{
	char address[ADDRESS_TEXT];

	memset(actor_r, 0, sizeof(*actor_r));
	actor_r->person = caller->person;
	actor_r->user = caller->user;
	actor_r->roles = caller->roles;
	caller_print_name(caller, actor_r->name);
	actor_r->origin = session_tag(caller->session);
	actor_r->session = session_handle(caller->session).number;
	session_print_host(caller->session, address);
	AUDIT_SET(actor_r->address, address);
}

void caller_print_name(const struct caller *caller, char text_r[NAME_MOST + 1])
{
	if (caller->person != NULL)
		person_name(caller->person, text_r);
	else if (caller->user != 0)
		directory_print_name(caller->realm->directory,
				     session_handle(caller->session), text_r);
	else
		snprintf(text_r, NAME_MOST + 1, "%s", caller->console);
}

void caller_print_way(const struct caller *caller, char text_r[CALLER_WAY])
{
	char tls[CALLER_WAY - 16];

	session_describe(caller->session, tls, sizeof(tls));
	snprintf(text_r, CALLER_WAY, "%.13s, %s",
		 session_service(caller->session)->name, tls);
}

bool caller_has_role(const struct caller *caller, role_set any)
{
	return (caller->roles & any) != 0;
}

bool caller_is_known(const struct caller *caller)
{
	return is_in(caller) || caller->is_console;
}

bool caller_has_rooms(const struct caller *caller)
{
	return caller->ops->welcome == NULL;
}

enum err caller_may_speak(const struct caller *caller, struct refusal *why)
{
	char address[ADDRESS_TEXT];

	if (caller->person != NULL || caller->user == 0)
		return guard_may_speak(caller->person, why);
	session_print_host(caller->session, address);
	return guard_may_write(caller->realm->chat, caller->user, caller->roles,
			       address, why);
}
