/* /help: the table, read aloud. */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "command/families.h"
#include "command/meaning.h"
#include "command/use.h"

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

/* Under the name of each plugin; returns how many. */
static int say_plugins(struct call *call, const char *asked)
{
	struct plugin_command *all = NULL;
	size_t count =
		call->caller->is_console ? 0 : use_list(call->realm, &all);
	const char *plugin = "";
	int said = 0;

	for (size_t i = 0; i < count; i++) {
		if (asked != NULL && name_compare(all[i].plugin, asked) != 0 &&
		    name_compare(all[i].name, asked) != 0)
			continue;
		if (strcmp(plugin, all[i].plugin) != 0)
			call_say(call, "From the plugin %s%s:", all[i].plugin,
				 all[i].is_up ? "" : ", which is down");
		plugin = all[i].plugin;
		call_say(call, "/%s%s%s%s%s", all[i].name,
			 all[i].usage[0] == '\0' ? "" : " ", all[i].usage,
			 all[i].help[0] == '\0' ? "" : "  ", all[i].help);
		said++;
	}
	mem_free(all);
	return said;
}

/* Of the words in capitals, for who asks about one command. */
static void say_meanings(struct call *call, const char *arguments)
{
	size_t at = 0;
	const char *meaning;

	while ((meaning = meaning_next(arguments, &at)) != NULL)
		call_say(call, "%s", meaning);
}

/* The bank's families, as people look for them. */
static const struct {
	const char *title;
	const struct command *families[7]; /* NULL after the last */
} bank_groups[] = {
	{ "Your money:", { commands_bank, commands_statement } },
	{ "Asking for money, and sharing a bill:",
	  { commands_request, commands_split } },
	{ "Taking it back, setting it aside, paying again and again:",
	  { commands_undo, commands_hold, commands_standing } },
	{ "Accounts:", { commands_account } },
	{ "At a till:", { commands_teller, commands_teller_look } },
	{ "Looking after the bank:",
	  { commands_bank_admin, commands_bank_entries, commands_bank_verify,
	    commands_bank_export, commands_bank_import, commands_bank_clock } },
	{ "Changing what stands in it:",
	  { commands_bank_act, commands_bank_move, commands_approval } },
};

/* Those of a group that the caller may use; the title before the first. */
static int say_family(struct call *call, const struct command *row,
		      const char *title)
{
	int said = 0;

	for (; row->verb != NULL; row++) {
		if (!is_for(call->caller, row))
			continue;
		if (said++ == 0 && title != NULL)
			call_say(call, "%s", title);
		say_one(call, row);
	}
	return said;
}

static enum err say_bank(struct call *call)
{
	int said = 0;

	for (size_t g = 0; g < COUNT(bank_groups); g++) {
		const char *title = bank_groups[g].title;

		for (size_t f = 0; bank_groups[g].families[f] != NULL; f++) {
			int found = say_family(call, bank_groups[g].families[f],
					       title);

			title = found > 0 ? NULL : title;
			said += found;
		}
	}
	if (said == 0)
		call_say(call, "The bank is for users: /register NAME makes "
			       "you one.");
	else
		call_say(call, "/help and a command says more: /help pay");
	return ERR_OK;
}

static enum err cmd_help(struct call *call)
{
	const char *asked = call->argc > 0 ? call->argv[0] : NULL;
	AUTO(buf_fini) struct buf arguments = { 0 };
	int said = 0;

	if (asked != NULL && asked[0] == '/')
		asked++;
	if (asked != NULL && strcasecmp(asked, "bank") == 0)
		return say_bank(call);
	for (size_t f = 0; command_families[f] != NULL; f++) {
		const struct command *row = command_families[f];

		for (; row->verb != NULL; row++) {
			if (!is_for(call->caller, row) ||
			    (asked != NULL && !is_asked(asked, row->verb)))
				continue;
			say_one(call, row);
			buf_print(&arguments, "%s ", row->arguments);
			said++;
		}
	}
	said += say_plugins(call, asked);
	if (said == 0)
		return call_refuse(call, ERR_NOT_FOUND,
				   "There is no help about %.32s.", asked);
	if (asked != NULL)
		say_meanings(call, buf_text(&arguments));
	return ERR_OK;
}

const struct command commands_help[] = {
	{ "help", 0, 1, 0, COMMAND_REST, cmd_help, "[COMMAND|bank]",
	  "what one can do here, and with money" },
	{ 0 },
};
