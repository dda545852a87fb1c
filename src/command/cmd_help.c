/* /help: the table, read aloud. */
#include <string.h>
#include <strings.h>

#include "command/families.h"

static void say_one(struct call *call, const struct command *row)
{
	call_say(call, "/%s%s%s  %s", row->verb,
		 row->arguments[0] == '\0' ? "" : " ", row->arguments,
		 row->help);
}

static bool is_for(const struct caller *caller, const struct command *row)
{
	if (row->roles == 0)
		return true;
	if ((row->flags & COMMAND_PERSON) != 0 && caller->is_console)
		return false;
	return caller_has_role(caller, row->roles);
}

/* "users" shows "users" and "users approve". */
static bool is_asked(const char *asked, const char *verb)
{
	size_t len = strlen(asked);

	return strncasecmp(asked, verb, len) == 0 &&
	       (verb[len] == '\0' || verb[len] == ' ');
}

static enum err cmd_help(struct call *call)
{
	const char *asked = call->argc > 0 ? call->argv[0] : NULL;
	int said = 0;

	if (asked != NULL && asked[0] == '/')
		asked++;
	for (size_t f = 0; command_families[f] != NULL; f++) {
		const struct command *row = command_families[f];

		for (; row->verb != NULL; row++) {
			if (!is_for(call->caller, row) ||
			    (asked != NULL && !is_asked(asked, row->verb)))
				continue;
			say_one(call, row);
			said++;
		}
	}
	if (said == 0)
		return call_refuse(call, ERR_NOT_FOUND,
				   "There is no help about %.32s.", asked);
	return ERR_OK;
}

const struct command commands_help[] = {
	{ "help", 0, 1, 0, COMMAND_REST, cmd_help, "[COMMAND]",
	  "what one can do here" },
	{ 0 },
};
