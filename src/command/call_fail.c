/* Refusals in the words of their code. */
#include "command/command.h"

/* Words for refusals that explain themselves. */
static const struct {
	enum err code;
	const char *text;
} failure_texts[] = {
	{ ERR_BAD_INPUT, "That cannot be used here." },
	{ ERR_BUSY, "The server is busy. Try again in a moment." },
	{ ERR_NOT_ALLOWED, "You may not do that." },
	{ ERR_NOT_FOUND, "There is no such thing." },
	{ ERR_EXISTS, "That is so already." },
	{ ERR_STORAGE_FULL, "The server's disk is full: nothing was changed. "
			    "The administrator must make room." },
	{ ERR_NO_SUCH_ACCOUNT, "There is no such account." },
	{ ERR_LOGIN_REQUIRED, "Log in first: /login NAME, /register NAME or "
			      "/guest NAME." },
	{ ERR_ALREADY_LOGGED_IN, "You are logged in already." },
	{ ERR_BAD_NAME, "A name is an ASCII letter, then letters, digits, - "
			"or _, at most 32 in all." },
	{ ERR_NAME_TAKEN, "That name is taken." },
	{ ERR_DISABLED, "This login is no more." },
	{ ERR_NO_ROOM, "You are not in that room." },
	{ ERR_NO_SUCH_ROOM, "There is no such room." },
	{ ERR_NO_SUCH_USER, "There is nobody of that name." },
	{ ERR_FLOOD, "You do too much at once. Try again in a moment." },
	{ ERR_RANK, "Somebody of a higher rank did that, or is one." },
	{ ERR_USERS_ONLY, "That is for users with a login. /register makes "
			  "you one." },
	{ ERR_AUDIT_DOWN, "The audit trail cannot be written: nothing was "
			  "changed. The administrator must look at the "
			  "server's log." },
	{ ERR_SHUTTING_DOWN, "The server is stopping." },
	{ ERR_INTERNAL, "Something went wrong on the server; its log says "
			"more." },
};

const char *call_fail_words(enum err code)
{
	for (size_t i = 0; i < COUNT(failure_texts); i++) {
		if (failure_texts[i].code == code)
			return failure_texts[i].text;
	}
	return "Something went wrong on the server; its log says more.";
}

enum err call_fail(struct call *call, enum err code)
{
	return call_refuse(call, code, "%s", call_fail_words(code));
}

enum err call_refuse_why(struct call *call, enum err code,
			 const struct refusal *why)
{
	return why->text[0] == '\0' ? call_fail(call, code)
				    : call_refuse(call, code, "%s", why->text);
}
