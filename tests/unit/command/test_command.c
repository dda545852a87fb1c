#include "command/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../chat/hall.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/session_fields.h"

/* A front-end that writes down what it is asked for. */
struct desk {
	struct caller caller;
	struct hall *hall;
	struct realm realm;
	struct session session; /* none of a server's: for its handle only */
	struct buf log;
};

static struct desk *desk_of(struct caller *caller)
{
	return CONTAINER(caller, struct desk, caller);
}

static void op_say(struct caller *caller, const char *text)
{
	buf_print(&desk_of(caller)->log, "-- %s|", text);
}

static void op_refuse(struct caller *caller, enum err code, const char *text)
{
	buf_print(&desk_of(caller)->log, "!! %s %s|", err_code(code), text);
}

static void op_done(struct caller *caller, enum err code)
{
	buf_print(&desk_of(caller)->log, "== %s", err_code(code));
}

static bool op_set_machine(struct caller *caller, bool is_machine)
{
	buf_print(&desk_of(caller)->log, "machine %d|", is_machine);
	return true;
}

static bool op_ask_passwords(struct caller *caller, const char *verb,
			     const char *name)
{
	buf_print(&desk_of(caller)->log, "ask %s %s|", verb, name);
	return true;
}

static const struct caller_ops ops = {
	.say = op_say,
	.refuse = op_refuse,
	.done = op_done,
	.set_machine = op_set_machine,
	.ask_passwords = op_ask_passwords,
};

static int setup(void **state)
{
	struct desk *d = mem_zero(sizeof(*d));
	void *hall;

	hall_setup(&hall);
	d->hall = hall;
	d->caller.ops = &ops;
	d->caller.realm = &d->realm;
	d->caller.session = &d->session;
	d->realm.chat = d->hall->chat;
	d->realm.directory = directory_new();
	mutex_init(&d->realm.lock, LOCK_DAEMON);
	*state = d;
	return 0;
}

static int teardown(void **state)
{
	struct desk *d = *state;
	void *hall = d->hall;

	if (d->caller.person != NULL)
		hall_go(d->hall, &d->caller.person, 0);
	room_unref(&d->caller.room);
	directory_free(&d->realm.directory);
	mutex_fini(&d->realm.lock);
	hall_teardown(&hall);
	buf_fini(&d->log);
	mem_free(d);
	return 0;
}

static const char *run(struct desk *d, const char *text)
{
	char *line = mem_text(text);

	buf_reset(&d->log);
	command_run(&d->caller, line);
	mem_free(line);
	return buf_text(&d->log);
}

/* Ann, a user, in the lobby. */
static void enter(struct desk *d)
{
	d->caller.person = hall_come(d->hall, 1, "ann", 0, 7);
	d->caller.user = 1;
	d->caller.roles = ROLE_GUEST | ROLE_USER;
	d->caller.room = room_ref(chat_default_room(d->hall->chat));
	hall_hush(d->hall);
}

#define LOGIN_FIRST                                                            \
	"!! login-required Log in first: /login NAME, /register NAME or "      \
	"/guest NAME.|== login-required"
#define USAGE_MODE                                                             \
	"!! usage Write /mode machine: answers of this session for a "         \
	"program.|== usage"

struct line_case {
	const char *line;
	const char *want;
};

static void try_lines(struct desk *d, const struct line_case *cases,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		print_message("# %s\n", cases[i].line);
		assert_string_equal(run(d, cases[i].line), cases[i].want);
	}
}

static const struct line_case stranger_cases[] = {
	{ "", "== ok" },
	{ "hello", LOGIN_FIRST },
	{ "//hello", LOGIN_FIRST },
	{ ";waves", LOGIN_FIRST },
	{ ".ben psst", LOGIN_FIRST },
	{ "/join den", LOGIN_FIRST },
	{ "/join", LOGIN_FIRST },
	{ "/users approve ben", LOGIN_FIRST },
	{ "/mode machine", "machine 1|== ok" },
	{ "/MODE Person", "machine 0|== ok" },
	{ "/ mode machine", "machine 1|== ok" },
	{ "/mode  machine  ", "machine 1|== ok" },
	{ "/mode", LOGIN_FIRST },
	{ "/mode x", LOGIN_FIRST },
	{ "/mode machine person", USAGE_MODE },
	{ "/",
	  "!! unknown-command A command follows the slash; /help lists them.|"
	  "== unknown-command" },
	{ "/  ",
	  "!! unknown-command A command follows the slash; /help lists them.|"
	  "== unknown-command" },
	{ "/mod machine",
	  "!! unknown-command There is no /mod. Did you mean /mode?|"
	  "== unknown-command" },
	/* Nothing is suggested that one may not use. */
	{ "/joi",
	  "!! unknown-command There is no /joi. /help lists what there is.|"
	  "== unknown-command" },
	{ "/abcdefghijklmnopqrstuvwxyzabcdefghij",
	  "!! unknown-command There is no /abcdefghijklmnopqrstuvwxyzabcdef. "
	  "/help lists what there is.|== unknown-command" },
	/* Cut within a character, and still text. */
	{ "/abcdefghijklmnopqrstuvwxyzabcde\xc3\xa4",
	  "!! unknown-command There is no /abcdefghijklmnopqrstuvwxyzabcde?. "
	  "/help lists what there is.|== unknown-command" },
	{ "/login ben", "ask login ben|== ok" },
	{ "/login b!n",
	  "!! bad-name A name is an ASCII letter, then letters, digits, - or "
	  "_, at most 32 in all.|== bad-name" },
	{ "/login", "!! usage Write /login NAME [PASSWORD]: log in.|== usage" },
	{ "/passwd", LOGIN_FIRST },
};

static void before_the_login(void **state)
{
	try_lines(*state, stranger_cases, COUNT(stranger_cases));
}

static const struct line_case user_cases[] = {
	{ "hello", "== ok" },
	{ "/say hello", "== ok" },
	{ "/users", "!! not-allowed You may not use /users.|== not-allowed" },
	{ "/users approve ben",
	  "!! not-allowed You may not use /users approve.|== not-allowed" },
	{ "/users approve",
	  "!! not-allowed You may not use /users approve.|== not-allowed" },
	{ "/say", "!! usage Write /say TEXT: say it in the current room, as a "
		  "plain line does.|== usage" },
	{ "/sessions end",
	  "!! usage Write /sessions end NUMBER: end a session: yours, as an "
	  "admin anybody's.|"
	  "== usage" },
	{ "/sessions end x",
	  "!! usage Write /sessions end NUMBER: end a session: yours, as an "
	  "admin anybody's.|"
	  "== usage" },
	{ "/sessions END 12",
	  "!! not-found There is no session #12 that you may end.|"
	  "== not-found" },
	{ "/sessions  end  #12",
	  "!! not-found There is no session #12 that you may end.|"
	  "== not-found" },
	{ "/sessions end 99999999999999999999",
	  "!! usage Write /sessions end NUMBER: end a session: yours, as an "
	  "admin anybody's.|"
	  "== usage" },
	{ "/sessions none",
	  "!! usage Write /sessions: list your sessions. /help "
	  "sessions says more.|== usage" },
	{ "/away  two  words ",
	  "-- You are away now. /away alone brings you back.|== ok" },
	{ "/tell ben",
	  "!! usage Write /tell NAME TEXT: say it to one person: .NAME TEXT "
	  "does the same.|== usage" },
	{ "/reply yes",
	  "!! not-found Nobody has told you anything yet.|== not-found" },
	{ "/login ben", "!! already-logged-in You are logged in already.|"
			"== already-logged-in" },
};

static void after_the_login(void **state)
{
	enter(*state);
	try_lines(*state, user_cases, COUNT(user_cases));
}

#define NO_PASSWORD "!! weak-password The name is no password.|== weak-password"
#define USAGE_PASSWD                                                           \
	"!! usage Write /passwd [OLD NEW]: change your password; in "          \
	"\"quotes\" "                                                          \
	"one may have spaces.|== usage"

/* What is found to be the new password tells how the line was split. */
static const struct line_case quoted_cases[] = {
	{ "/passwd old ann", NO_PASSWORD },
	{ "/passwd \"the old one\" ann", NO_PASSWORD },
	{ "/passwd  \"the old one\"  \"ann\"  ", NO_PASSWORD },
	{ "/passwd \"\" \"ann\"", NO_PASSWORD },
	{ "/passwd \"with a \\\" and a \\\\\" \"\\ann\"", NO_PASSWORD },
	{ "/passwd o\"ld ann", NO_PASSWORD },
	{ "/passwd \"the old one", USAGE_PASSWD },
	{ "/passwd \"the old one\\\"", USAGE_PASSWD },
	{ "/passwd \"the old one\\", USAGE_PASSWD },
	{ "/passwd \"the old one\"ann", USAGE_PASSWD },
	{ "/passwd old \"ann", USAGE_PASSWD },
	{ "/passwd old \"ann\" more", USAGE_PASSWD },
};

static void quotes_hold_words_together(void **state)
{
	enter(*state);
	try_lines(*state, quoted_cases, COUNT(quoted_cases));
}

static void a_guest_is_no_user(void **state)
{
	struct desk *d = *state;

	d->caller.person = hall_come(d->hall, 0, "gus", 0, 7);
	d->caller.roles = ROLE_GUEST;
	assert_string_equal(run(d, "/passwd"),
			    "!! not-allowed That is for users with a login.|"
			    "== not-allowed");
	assert_string_equal(run(d, "hello"),
			    "!! no-room You are in no room: /join one first.|"
			    "== no-room");
}

static void the_console_is_nobody(void **state)
{
	struct desk *d = *state;

	d->caller.roles = ROLE_GUEST | ROLE_USER | ROLE_ADMIN;
	d->caller.is_console = true;
	assert_string_equal(run(d, "hello"),
			    "!! not-allowed The console is in no room.|"
			    "== not-allowed");
	assert_string_equal(run(d, "/sessions"), "-- Nobody is here.|== ok");
	assert_string_equal(run(d, "/users approve"),
			    "!! usage Write /users approve NAME: let a "
			    "registered user in.|== usage");
}

static const struct line_case family_cases[] = {
	{ "/users aprove ben",
	  "!! unknown-command There is no /users aprove. Did you mean /users "
	  "approve?|== unknown-command" },
	{ "/USERS Aprove ben",
	  "!! unknown-command There is no /USERS Aprove. Did you mean /users "
	  "approve?|== unknown-command" },
	{ "/users  renam  a b",
	  "!! unknown-command There is no /users renam. Did you mean /users "
	  "rename?|== unknown-command" },
	{ "/sessions al",
	  "!! unknown-command There is no /sessions al. Did you mean /sessions "
	  "all?|== unknown-command" },
	{ "/users ben carol",
	  "!! usage Write /users [PART]: list the users, or those whose name "
	  "has this part. /help users says more.|== usage" },
	{ "/audit",
	  "!! unknown-command More belongs behind /audit: /help audit lists "
	  "it.|== unknown-command" },
	{ "/users \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
	  "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
	  "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 x",
	  "!! usage Write /users [PART]: list the users, or those whose name "
	  "has this part. /help users says more.|== usage" },
};

/* The second word of a verb is suggested as the first is. */
static void a_family_has_near_verbs(void **state)
{
	struct desk *d = *state;

	d->caller.roles = ROLE_GUEST | ROLE_USER | ROLE_ADMIN;
	d->caller.is_console = true;
	try_lines(d, family_cases, COUNT(family_cases));
	/* Nothing is suggested that one may not use. */
	d->caller.roles = ROLE_GUEST | ROLE_USER;
	assert_string_equal(run(d, "/sessions al"),
			    "!! usage Write /sessions: list your sessions. "
			    "/help sessions says more.|== usage");
}

/* What a line says in the room, or to ben. */
static const struct speech_case {
	const char *line;
	const char *heard; /* by the ears of ann and ben */
} speech_cases[] = {
	{ "hello there", "say lobby ann: hello there;" },
	{ " hello", "say lobby ann:  hello;" },
	{ "/say  two  spaces ", "say lobby ann: two  spaces ;" },
	{ "//join", "say lobby ann: /join;" },
	{ "///", "say lobby ann: //;" },
	{ ";waves", "action lobby ann: waves;" },
	{ ";Waves to all", "action lobby ann: Waves to all;" },
	{ "/me waves", "action lobby ann: waves;" },
	{ ";)", "say lobby ann: ;);" },
	{ ";", "say lobby ann: ;;" },
	{ "; waves", "say lobby ann: ; waves;" },
	{ "...", "say lobby ann: ...;" },
	{ "... well", "say lobby ann: ... well;" },
	{ ".", "say lobby ann: .;" },
	{ ".ben", "say lobby ann: .ben;mentioned lobby ann>ben;" },
	{ ".ben ", "say lobby ann: .ben ;mentioned lobby ann>ben;" },
	{ ".5 is a half", "say lobby ann: .5 is a half;" },
	{ ".ben psst  you", "sent ann>ben: psst  you;private ann>ben: "
			    "psst  you;" },
	{ ".BEN  psst", "sent ann>ben: psst;private ann>ben: psst;" },
	{ "/tell ben  psst", "sent ann>ben: psst;private ann>ben: psst;" },
};

static void lines_become_speech(void **state)
{
	struct desk *d = *state;
	struct person *ben = hall_come(d->hall, 2, "ben", 0, 8);

	enter(d);
	for (size_t i = 0; i < COUNT(speech_cases); i++) {
		const struct speech_case *c = &speech_cases[i];

		print_message("# %s\n", c->line);
		assert_string_equal(run(d, c->line), "== ok");
		assert_string_equal(hall_hears(d->hall, 0), c->heard);
	}
	snprintf(d->caller.reply_to, sizeof(d->caller.reply_to), "ben");
	hall_hush(d->hall);
	assert_string_equal(run(d, "/reply yes  sir"), "== ok");
	assert_string_equal(hall_hears(d->hall, 0),
			    "sent ann>ben: yes  sir;private ann>ben: "
			    "yes  sir;");
	hall_go(d->hall, &ben, 0);
}

static void calls_from_prompts(void **state)
{
	char name[] = "b n";
	char *args[1] = { name };
	struct desk *d = *state;

	command_call(&d->caller, "login", 1, args);
	assert_string_equal(buf_text(&d->log),
			    "!! bad-name A name is an ASCII letter, then "
			    "letters, digits, - or _, at most 32 in all.|"
			    "== bad-name");
}

static void help_shows_what_one_may_use(void **state)
{
	struct desk *d = *state;

	assert_string_equal(run(d, "/help quit"),
			    "-- /quit  end this session|== ok");
	assert_string_equal(run(d, "/help join"),
			    "!! not-found There is no help about join.|"
			    "== not-found");
	enter(d);
	assert_string_equal(run(d, "/help /leave"),
			    "-- /leave [ROOM]  leave a room|== ok");
	assert_string_equal(run(d, "/help LEAVE"),
			    "-- /leave [ROOM]  leave a room|== ok");
	assert_string_equal(run(d, "/help /Sessions END"),
			    "-- /sessions end NUMBER  end a session: yours, "
			    "as an admin anybody's|== ok");
	assert_string_equal(run(d, "/help sessions end"),
			    "-- /sessions end NUMBER  end a session: yours, "
			    "as an admin anybody's|== ok");
	assert_non_null(strstr(run(d, "/help"), "/topic ["));
	assert_null(strstr(run(d, "/help"), "/users"));
	d->caller.roles |= ROLE_ADMIN;
	assert_non_null(strstr(run(d, "/help users"), "/users approve NAME"));
	d->caller.is_console = true;
	assert_null(strstr(run(d, "/help"), "/leave"));
}

/* Every row can be called: its verb is found, and fits what looks for it. */
static void the_table_is_sound(void **state)
{
	(void)state;
	for (size_t f = 0; command_families[f] != NULL; f++) {
		const struct command *row = command_families[f];

		for (; row->verb != NULL; row++) {
			const char *space = strchr(row->verb, ' ');

			assert_true(strlen(row->verb) < 60);
			assert_true(row->least <= row->most);
			assert_true(row->most <= ARGS_MOST);
			assert_non_null(row->run);
			assert_non_null(row->help);
			assert_non_null(row->arguments);
			assert_true(space == NULL ||
				    strchr(space + 1, ' ') == NULL);
			assert_int_equal((row->roles & ROLE_GUEST) != 0 &&
						 row->roles != ROLE_GUEST,
					 0);
		}
	}
}

static void many_lines_of_an_answer(void **state)
{
	struct desk *d = *state;
	struct call call = { .caller = &d->caller };
	AUTO(buf_fini) struct buf text = { 0 };

	buf_add_text(&text, "one\n\ntwo %s\nthree");
	call_say_lines(&call, &text);
	assert_string_equal(buf_text(&d->log), "-- one|-- two %s|-- three|");
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(before_the_login),
		AT_DESK(after_the_login),
		AT_DESK(quotes_hold_words_together),
		AT_DESK(a_guest_is_no_user),
		AT_DESK(the_console_is_nobody),
		AT_DESK(a_family_has_near_verbs),
		AT_DESK(lines_become_speech),
		AT_DESK(calls_from_prompts),
		AT_DESK(help_shows_what_one_may_use),
		cmocka_unit_test(the_table_is_sound),
		AT_DESK(many_lines_of_an_answer),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
