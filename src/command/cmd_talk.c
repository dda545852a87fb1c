/* Commands that say something. */
#include "chat/tell.h"
#include "command/families.h"
#include "command/keep.h"

static enum err speak(struct call *call, enum message_kind kind)
{
	struct caller *caller = call->caller;
	struct refusal why = { 0 };
	enum err e;

	if (caller->room == NULL)
		return call_refuse(call, ERR_NO_ROOM,
				   "You are in no room: /join one first.");
	e = room_say(caller->room, caller->person, kind, call->argv[0],
		     session_tag(caller->session), &why);
	return e == ERR_OK ? ERR_OK : call_refuse_why(call, e, &why);
}

static enum err cmd_say(struct call *call)
{
	return speak(call, MESSAGE_SAY);
}

static enum err cmd_me(struct call *call)
{
	return speak(call, MESSAGE_ACTION);
}

static enum err tell_one(struct call *call, const char *to, const char *text,
			 struct told *told)
{
	struct refusal why = { 0 };
	struct caller *caller = call->caller;
	enum err e = tell_person(call->realm->chat, caller->person, to, text,
				 session_tag(caller->session), told, &why);

	if (e == ERR_NO_SUCH_USER)
		return keep_start(call, to, text, NULL);
	if (e != ERR_OK)
		return call_refuse_why(call, e, &why);
	if (told->is_to_keep)
		return keep_start(call, to, text, told);
	if (buf_len(&told->away) > 0)
		call_say(call, "%s is away: %s", to, buf_text(&told->away));
	return ERR_OK;
}

static enum err tell(struct call *call, const char *to, const char *text)
{
	AUTO(told_fini) struct told told = { 0 };

	if (!name_is_valid(to))
		return call_refuse(call, ERR_NO_SUCH_USER,
				   "Nobody has that name.");
	return tell_one(call, to, text, &told);
}

static enum err cmd_tell(struct call *call)
{
	return tell(call, call->argv[0], call->argv[1]);
}

static enum err cmd_reply(struct call *call)
{
	if (call->caller->reply_to[0] == '\0')
		return call_refuse(call, ERR_NOT_FOUND,
				   "Nobody has told you anything yet.");
	return tell(call, call->caller->reply_to, call->argv[0]);
}

const struct command commands_talk[] = {
	{ "say", 1, 1, ROLE_GUEST, COMMAND_REST | COMMAND_PERSON, cmd_say,
	  "TEXT", "say it in the current room, as a plain line does" },
	{ "me", 1, 1, ROLE_GUEST, COMMAND_REST | COMMAND_PERSON, cmd_me, "TEXT",
	  "do something: ;waves does the same" },
	{ "tell", 2, 2, ROLE_GUEST, COMMAND_REST | COMMAND_PERSON, cmd_tell,
	  "NAME TEXT", "say it to one person: .NAME TEXT does the same" },
	{ "reply", 1, 1, ROLE_GUEST, COMMAND_REST | COMMAND_PERSON, cmd_reply,
	  "TEXT", "answer whoever told you something last" },
	{ 0 },
};
