/* /help: the table, read aloud. */
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "command/families.h"
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

/* What the words in capitals mean, for who asks about one command. */
static const struct {
	const char *part; /* of the arguments */
	const char *meaning;
} words[] = {
	{ "--dry-run", "--dry-run changes nothing, and says whom it would "
		       "hit." },
	{ "MASK", "MASK: user:NAME, guest:NAME, 192.0.2.7, 192.0.2.0/24, or a "
		  "glob: troll*!*@*." },
	{ "NETWORK", "NETWORK: 192.0.2.0/24 or 2001:db8::/48." },
	{ "[DURATION]", "DURATION: 30s, 10m, 2h, 7d or 4w; without one it is "
			"for good." },
	{ "[DURATION|", "DURATION: 30s, 10m, 2h or 7d." },
	{ "[KIND...]",
	  "KIND: rooms, private, invitations or memos; none: all." },
	{ "LETTERS", "/mode help lists the letters and words." },
	{ "ROLE", "ROLE: moderator, teller, shopkeeper, auditor or admin." },
	{ "hold", "hold shows it to the ops only; mute quiets who said it." },
	{ "glob", "glob fits the whole line, with * for anything; literal is "
		  "found anywhere." },
	{ "WHEN", "WHEN: 20:00, yesterday, 2026-11-14, \"2026-11-14 20:00\", "
		  "or 3d (days ago)." },
	{ "before ID", "Behind an ID a number says how many lines." },
	{ "[in:", "Words in double quotes occur together. until:WHEN ends "
		  "it." },
	{ "TERM", "TERM: for how long, why, or both: 2h, a wave, 2h a wave." },
};

/* "users" shows "users" and "users approve". */
static bool is_asked(const char *asked, const char *verb)
{
	size_t len = strlen(asked);

	return strncasecmp(asked, verb, len) == 0 &&
	       (verb[len] == '\0' || verb[len] == ' ');
}

enum { WORDS = sizeof(words) / sizeof(words[0]) };

static void note_words(const struct command *row, bool is_used[WORDS])
{
	for (size_t i = 0; i < WORDS; i++)
		if (strstr(row->arguments, words[i].part) != NULL)
			is_used[i] = true;
}

static void say_words(struct call *call, const bool is_used[WORDS])
{
	for (size_t i = 0; i < WORDS; i++)
		if (is_used[i])
			call_say(call, "%s", words[i].meaning);
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

static enum err cmd_help(struct call *call)
{
	const char *asked = call->argc > 0 ? call->argv[0] : NULL;
	bool is_used[WORDS] = { false };
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
			note_words(row, is_used);
			said++;
		}
	}
	said += say_plugins(call, asked);
	if (said == 0)
		return call_refuse(call, ERR_NOT_FOUND,
				   "There is no help about %.32s.", asked);
	if (asked != NULL)
		say_words(call, is_used);
	return ERR_OK;
}

const struct command commands_help[] = {
	{ "help", 0, 1, 0, COMMAND_REST, cmd_help, "[COMMAND]",
	  "what one can do here" },
	{ 0 },
};
