/* The room that a command is about. */
#include "chat/guard/closing.h"
#include "command/command.h"

bool call_sees_closed(role_set roles)
{
	return (roles & (ROLE_MODERATOR | ROLE_ADMIN | ROLE_AUDITOR)) != 0;
}

/* ERR_OK, or refused: it is closed. */
static enum err check_open(struct call *call, struct room *room)
{
	struct refusal why = { 0 };
	enum err e = call_sees_closed(call->caller->roles)
			     ? ERR_OK
			     : closing_check(room, &why);

	return e == ERR_OK ? ERR_OK : call_refuse_why(call, e, &why);
}

struct room *call_room_named(struct call *call, const char *name, enum err *e_r)
{
	struct room *room = call->caller->room;

	*e_r = ERR_OK;
	if (name != NULL) {
		room = chat_room(call->realm->chat, name);
		if (room != NULL &&
		    !modes_show(room, call->caller->person, call->caller->user,
				call->caller->roles))
			room_unref(&room);
		if (room == NULL)
			*e_r = call_refuse(call, ERR_NO_SUCH_ROOM,
					   "There is no room %.32s.", name);
		else
			*e_r = check_open(call, room);
		if (*e_r != ERR_OK)
			room_unref(&room);
		return room;
	}
	if (room == NULL) {
		*e_r = call_refuse(call, ERR_NO_ROOM,
				   "You are in no room: name one.");
		return NULL;
	}
	return room_ref(room);
}

struct room *call_room(struct call *call, enum err *e_r)
{
	return call_room_named(call, call->argc > 0 ? call->argv[0] : NULL,
			       e_r);
}
