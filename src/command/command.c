#include "command/command.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"
#include "command/families.h"
#include "command/meaning.h"
#include "command/use.h"
#include "command/whose.h"

/* One a line, so that changes stay apart. */
/* clang-format off */
const struct command *const command_families[] = {
	commands_session,
	commands_factor,
	commands_identity,
	commands_bank,
	commands_statement,
	commands_bank_admin,
	commands_bank_entries,
	commands_hold,
	commands_bank_act,
	commands_approval,
	commands_bank_move,
	commands_bank_export,
	commands_bank_verify,
	commands_bank_import,
	commands_teller,
	commands_teller_look,
	commands_request,
	commands_split,
	commands_undo,
	commands_standing,
	commands_account,
	commands_talk,
	commands_room,
	commands_mode,
	commands_sanction,
	commands_rights,
	commands_modlog,
	commands_guard,
	commands_review,
	commands_delete,
	commands_retention,
	commands_search,
	commands_mentions,
	commands_person,
	commands_mail,
	commands_ignore,
	commands_report,
	commands_help,
	commands_server,
	commands_audit,
	commands_user,
	commands_user_add,
	commands_user_remove,
	commands_bank_clock,
	commands_export,
	commands_close,
	commands_board,
	commands_note,
	commands_samesite,
	commands_plugins,
	NULL,
};
/* clang-format on */

void call_say(struct call *call, const char *format, ...)
{
	AUTO(buf_fini) struct buf text = { 0 };
	va_list args;

	va_start(args, format);
	buf_vprint(&text, format, args);
	va_end(args);
	call->caller->ops->say(call->caller, buf_text(&text));
}

void call_say_lines(struct call *call, struct buf *text)
{
	char *at;
	char *line;

	buf_add_char(text, '\0');
	at = buf_at(text);
	while ((line = strsep(&at, "\n")) != NULL) {
		if (line[0] != '\0')
			call_say(call, "%s", line);
	}
}

enum err call_refuse(struct call *call, enum err code, const char *format, ...)
{
	AUTO(buf_fini) struct buf text = { 0 };
	va_list args;

	va_start(args, format);
	buf_vprint(&text, format, args);
	va_end(args);
	/* What was quoted may have been cut within a character. */
	text_clean(buf_at(&text), buf_len(&text));
	call->caller->ops->refuse(call->caller, code, buf_text(&text));
	return code;
}

static bool may_use(const struct caller *caller, const struct command *command)
{
	return command->roles == 0 || caller_has_role(caller, command->roles);
}

/* Compares without case; verbs are ASCII. */
static const struct command *find(const char *verb)
{
	for (size_t f = 0; command_families[f] != NULL; f++) {
		const struct command *row = command_families[f];

		for (; row->verb != NULL; row++) {
			if (name_compare(row->verb, verb) == 0)
				return row;
		}
	}
	return NULL;
}

/* "audit" begins "audit tail". */
static bool begins(const struct command *row, const char *word, size_t len)
{
	return strncasecmp(row->verb, word, len) == 0 && row->verb[len] == ' ';
}

/* One that begins so; a NULL caller may use all. */
static bool begins_verbs(const struct caller *caller, const char *word)
{
	size_t len = strlen(word);

	for (size_t f = 0; command_families[f] != NULL; f++) {
		const struct command *row = command_families[f];

		for (; row->verb != NULL; row++) {
			if ((caller == NULL || may_use(caller, row)) &&
			    begins(row, word, len))
				return true;
		}
	}
	return false;
}

bool command_has_verb(const char *word)
{
	return find(word) != NULL || begins_verbs(NULL, word);
}

enum err call_usage(struct call *call)
{
	const struct command *row = call->command;
	size_t at = 0;
	bool has_more = begins_verbs(call->caller, row->verb) ||
			meaning_next(row->arguments, &at) != NULL;

	return call_refuse(call, ERR_USAGE, "Write /%s%s%s: %s.%s%s%s",
			   row->verb, row->arguments[0] == '\0' ? "" : " ",
			   row->arguments, row->help, has_more ? " /help " : "",
			   has_more ? row->verb : "",
			   has_more ? " says more." : "");
}

/* Nothing that begins so is the caller's to use. */
static enum err refuse_others(struct call *call, const char *verb)
{
	AUTO(buf_fini) struct buf text = { 0 };
	size_t len = strlen(verb);
	role_set roles = 0;

	if (call->caller->roles == 0)
		return call_fail(call, ERR_LOGIN_REQUIRED);
	for (size_t f = 0; command_families[f] != NULL; f++)
		for (const struct command *row = command_families[f];
		     row->verb != NULL; row++)
			if (begins(row, verb, len))
				roles |= row->roles;
	whose_print(roles, &text);
	return call_refuse(call, ERR_NOT_ALLOWED, "/%.32s is for %s.", verb,
			   buf_text(&text));
}

static void free_commands(struct plugin_command **commands)
{
	mem_free(*commands);
}

static enum err refuse_unknown(struct call *call, const char *verb)
{
	AUTO(free_commands) struct plugin_command *plugins = NULL;
	const char *meant = meaning_verb(verb);
	size_t count;
	struct near near;

	if (begins_verbs(call->caller, verb))
		return call_refuse(call, ERR_UNKNOWN_COMMAND,
				   "More belongs behind /%.32s: /help %.32s "
				   "lists it.",
				   verb, verb);
	if (begins_verbs(NULL, verb))
		return refuse_others(call, verb);
	near_init(&near, verb);
	for (size_t f = 0; command_families[f] != NULL; f++) {
		const struct command *row = command_families[f];

		for (; row->verb != NULL; row++) {
			if (may_use(call->caller, row) &&
			    strchr(row->verb, ' ') == NULL)
				near_show(&near, row->verb);
		}
	}
	count = use_list(call->realm, &plugins);
	for (size_t i = 0; i < count; i++)
		near_show(&near, plugins[i].name);
	if (meant == NULL)
		meant = near.best;
	if (meant != NULL)
		return call_refuse(call, ERR_UNKNOWN_COMMAND,
				   "There is no /%.32s. Did you mean /%s?",
				   verb, meant);
	return call_refuse(call, ERR_UNKNOWN_COMMAND,
			   "There is no /%.32s. /help lists what there is.",
			   verb);
}

/* Cuts the next word off *at; NULL when there is none. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " ");
	char *end;

	if (*word == '\0')
		return NULL;
	end = word + strcspn(word, " ");
	*at = end;
	if (*end != '\0') {
		*end = '\0';
		*at = end + 1;
	}
	return word;
}

/*
 * Cuts a quoted word, which *at begins with, off *at: a backslash stands for
 * the character behind it. NULL when it is not ended by a quote and a space.
 */
static char *next_quoted(char **at)
{
	char *word = *at;
	char *from = word + 1;
	char *to = word;

	while (*from != '"' && *from != '\0') {
		from += *from == '\\' && from[1] != '\0';
		*to++ = *from++;
	}
	if (*from == '\0' || (from[1] != ' ' && from[1] != '\0'))
		return NULL;
	*to = '\0';
	*at = from + 1;
	return word;
}

/* False when there are more arguments than the command takes. */
static bool split(struct call *call, char *rest)
{
	int most = call->command->most;
	bool has_rest = (call->command->flags & COMMAND_REST) != 0;
	bool has_quotes = (call->command->flags & COMMAND_QUOTED) != 0;

	while (call->argc < most) {
		char *word;

		rest += strspn(rest, " ");
		if (*rest == '\0')
			return true;
		if (has_quotes && *rest == '"') {
			word = next_quoted(&rest);
			if (word == NULL)
				return false;
		} else if (has_rest && call->argc == most - 1) {
			call->argv[call->argc++] = rest;
			return true;
		} else {
			word = next_word(&rest);
		}
		call->argv[call->argc++] = word;
	}
	return next_word(&rest) == NULL;
}

/* "approve" for "aprove", among the verbs of two words that one may use. */
static const char *nearest_second(const struct call *call, const char *word)
{
	size_t len = strlen(call->command->verb);
	struct near near;

	near_init(&near, word);
	for (size_t f = 0; command_families[f] != NULL; f++) {
		const struct command *row = command_families[f];

		for (; row->verb != NULL; row++) {
			if (may_use(call->caller, row) &&
			    strncmp(row->verb, call->command->verb, len) == 0 &&
			    row->verb[len] == ' ')
				near_show(&near, row->verb + len + 1);
		}
	}
	return near.best;
}

/* What follows the verb does not fit it; perhaps a longer verb was meant. */
static enum err refuse_arguments(struct call *call, const char *verb,
				 const char *rest)
{
	const char *second = rest + strspn(rest, " ");
	const char *best = nearest_second(call, second);

	if (best == NULL)
		return call_usage(call);
	return call_refuse(call, ERR_UNKNOWN_COMMAND,
			   "There is no /%s %.32s. Did you mean /%s %s?", verb,
			   second, call->command->verb, best);
}

/* What may be run is run; the answer is a code or CALL_PENDING. */
static enum err run(struct call *call)
{
	const struct command *command = call->command;
	struct caller *caller = call->caller;

	if (command->roles != 0 && caller->roles == 0)
		return call_fail(call, ERR_LOGIN_REQUIRED);
	if (!may_use(caller, command))
		return call_refuse(call, ERR_NOT_ALLOWED,
				   caller->user == 0 &&
						   command->roles == ROLE_USER
					   ? "That is for users with a login."
					   : "You may not use /%s.",
				   command->verb);
	if ((command->flags & COMMAND_PERSON) != 0 && caller->person == NULL)
		return call_refuse(call, ERR_NOT_ALLOWED,
				   "The console is in no room.");
	if (call->argc < command->least)
		return call_usage(call);
	return command->run(call);
}

static void finish(struct caller *caller, enum err e)
{
	if (e != (enum err)CALL_PENDING)
		caller->ops->done(caller, e);
}

/* "users approve" before "users": the longer verb wins. */
static const struct command *find_two(const char *verb, char *rest,
				      char **rest_r)
{
	char *second = rest + strspn(rest, " ");
	size_t len = strcspn(second, " ");
	char both[64];
	const struct command *command = NULL;

	if (len > 0 && strlen(verb) + len + 2 <= sizeof(both)) {
		snprintf(both, sizeof(both), "%s %.*s", verb, (int)len, second);
		command = find(both);
	}
	*rest_r = command != NULL ? second + len : rest;
	return command != NULL ? command : find(verb);
}

/* What is no verb of the table may be a plugin's. */
static enum err run_plugin(struct call *call, const char *verb,
			   const char *rest)
{
	struct plugin_command command;

	return use_find(call->realm, verb, &command)
		       ? use_start(call, &command, rest + strspn(rest, " "),
				   NULL)
		       : refuse_unknown(call, verb);
}

static enum err run_command(struct caller *caller, char *line)
{
	struct call call = { .caller = caller, .realm = caller->realm };
	char *verb = next_word(&line);
	char *rest = line;

	if (verb == NULL)
		return call_refuse(&call, ERR_UNKNOWN_COMMAND,
				   "A command follows the slash; /help lists "
				   "them.");
	call.command = find_two(verb, line, &rest);
	if (call.command == NULL)
		return run_plugin(&call, verb, line);
	if (!split(&call, rest))
		return refuse_arguments(&call, verb, rest);
	return run(&call);
}

enum err call_in(struct call *call, struct room *room, char *line)
{
	struct caller *caller = call->caller;
	struct room *before = caller->room;
	enum err e;

	if (line[0] != '/')
		return call_usage(call);
	caller->room = room == NULL ? NULL : room_ref(room);
	e = run_command(caller, line + 1);
	/* A command that led elsewhere, such as /join, stays there. */
	if (caller->room == room) {
		room_unref(&caller->room);
		caller->room = before;
	} else {
		room_unref(&before);
	}
	return e;
}

void command_call(struct caller *caller, const char *verb, int argc,
		  char **argv)
{
	struct call call = { .caller = caller, .realm = caller->realm };

	call.command = find(verb);
	assert(call.command != NULL && argc <= call.command->most);
	call.argc = argc;
	for (int i = 0; i < argc; i++)
		call.argv[i] = argv[i];
	finish(caller, run(&call));
}

/* ";waves" but not ";)". */
static bool is_action(const char *line)
{
	return line[0] == ';' && ((line[1] >= 'a' && line[1] <= 'z') ||
				  (line[1] >= 'A' && line[1] <= 'Z'));
}

/* ".USER text": splits it, but leaves "..." and the like alone. */
static bool is_tell(char *line, char **name_r, char **text_r)
{
	char *space = strchr(line, ' ');

	if (line[0] != '.' || space == NULL)
		return false;
	*space = '\0';
	*name_r = line + 1;
	*text_r = space + 1 + strspn(space + 1, " ");
	if (name_is_valid(*name_r) && **text_r != '\0')
		return true;
	*space = ' ';
	return false;
}

/* A line that a plugin takes is not said. */
static bool run_line(struct caller *caller, const char *line)
{
	struct call call = { .caller = caller, .realm = caller->realm };
	struct plugin_command command;

	if (!use_is_line(caller, line, &command))
		return false;
	finish(caller, use_start(&call, &command, "", line));
	return true;
}

void command_run(struct caller *caller, char *line)
{
	char *args[2] = { line, NULL };

	if (line[0] == '\0') {
		caller->ops->done(caller, ERR_OK);
	} else if (line[0] == '/' && line[1] != '/') {
		finish(caller, run_command(caller, line + 1));
	} else if (is_action(line)) {
		args[0] = line + 1;
		command_call(caller, "me", 1, args);
	} else if (is_tell(line, &args[0], &args[1])) {
		command_call(caller, "tell", 2, args);
	} else if (line[0] == '/' || !run_line(caller, line)) {
		args[0] = line[0] == '/' ? line + 1 : line;
		command_call(caller, "say", 1, args);
	}
}
