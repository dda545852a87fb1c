#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rialto/options.h"

enum { WORDS = 8 };

static const struct options_case {
	const char *name;
	const char *words[WORDS];
	enum options_outcome want;
	const char *problem;
} options_cases[] = {
	{ "a host", { "host" }, OPTIONS_RUN, NULL },
	{ "a command", { "-c", "/who", "ann@host" }, OPTIONS_RUN, NULL },
	{ "help", { "--help" }, OPTIONS_HELP, NULL },
	{ "version", { "-V" }, OPTIONS_VERSION, NULL },
	{ "no host", { "-c", "/who" }, OPTIONS_WRONG, "the host is missing" },
	{ "two hosts",
	  { "one", "two" },
	  OPTIONS_WRONG,
	  "'two' is one argument too many" },
	{ "an unknown option",
	  { "--frobnicate", "host" },
	  OPTIONS_WRONG,
	  "'--frobnicate' is no option" },
	{ "an option without its argument",
	  { "host", "--ca" },
	  OPTIONS_WRONG,
	  "'--ca' needs an argument" },
	{ "a port out of range",
	  { "host:99999" },
	  OPTIONS_WRONG,
	  "'host:99999': the port must be a number, 1 to 65535" },
	{ "a colour",
	  { "--color=blue", "host" },
	  OPTIONS_WRONG,
	  "--color is 'blue'; it must be auto, always or never" },
	{ "the bank", { "atm", "--plain", "ann@host" }, OPTIONS_RUN, NULL },
	{ "a batch of nobody",
	  { "atm", "--batch", "f", "host" },
	  OPTIONS_WRONG,
	  "--batch needs USER@HOST" },
	{ "an impatient machine",
	  { "atm", "--idle-timeout", "1", "host" },
	  OPTIONS_WRONG,
	  "--idle-timeout is '1'; it must be 2 to 3600 seconds" },
	{ "an option of another",
	  { "atm", "-c", "/who", "host" },
	  OPTIONS_WRONG,
	  "--command is no option of atm" },
	{ "a machine that keeps nothing",
	  { "atm", "--no-save", "host" },
	  OPTIONS_RUN,
	  NULL },
	{ "an option of the bank",
	  { "--batch", "f", "host" },
	  OPTIONS_WRONG,
	  "--batch is no option of rialto alone" },
	{ "a receipt", { "verify-receipt", "-" }, OPTIONS_RUN, NULL },
	{ "no receipt",
	  { "verify-receipt" },
	  OPTIONS_WRONG,
	  "the file is missing" },
	{ "two ways to know a server",
	  { "verify-receipt", "--host", "host", "--identity",
	    "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "f" },
	  OPTIONS_WRONG,
	  "either --identity or --host, not both" },
	{ "no identity",
	  { "--identity", "SHA256:A", "host" },
	  OPTIONS_WRONG,
	  "--identity is 'SHA256:A'; it must be as 'rialtoctl status' shows "
	  "it, SHA256:..." },
	{ "two lines in a command",
	  { "-c", "/who\n/quit", "host" },
	  OPTIONS_WRONG,
	  "a command is one line" },
	{ "a guest with a password",
	  { "-g", "--password-file", "f", "ann@host" },
	  OPTIONS_WRONG,
	  "a guest has no password" },
	{ "a password for nobody",
	  { "--password-file", "f", "host" },
	  OPTIONS_WRONG,
	  "--password-file needs USER@HOST" },
};

static enum options_outcome parse(const char *const words[WORDS],
				  struct options *o, char **problem_r)
{
	char *argv[WORDS + 2] = { mem_text("rialto") };
	int argc = 1;
	enum options_outcome outcome;

	for (; argc <= WORDS && words[argc - 1] != NULL; argc++)
		argv[argc] = mem_text(words[argc - 1]);
	outcome = options_parse(argc, argv, o, problem_r);
	while (argc > 0)
		mem_free(argv[--argc]);
	return outcome;
}

static void test_reads_command_lines(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(options_cases); i++) {
		const struct options_case *c = &options_cases[i];
		AUTO(mem_free_text) char *problem = NULL;
		struct options o;

		if (parse(c->words, &o, &problem) != c->want)
			fail_msg("%s", c->name);
		if (c->problem != NULL)
			assert_string_equal(problem, c->problem);
		options_fini(&o);
	}
}

static void test_keeps_what_was_given(void **state UNUSED)
{
	const char *const words[WORDS] = { "-g",     "--accept-new",
					   "-c",     "/who",
					   "host:1", "--color=never",
					   "-c",     "/rooms" };
	AUTO(mem_free_text) char *problem = NULL;
	struct options o;

	assert_int_equal(parse(words, &o, &problem), OPTIONS_RUN);
	assert_true(o.is_guest);
	assert_true(o.accept_new);
	assert_int_equal(o.colour, COLOUR_NEVER);
	assert_int_equal(o.command_count, 2);
	assert_string_equal(o.commands[0], "/who");
	assert_string_equal(o.commands[1], "/rooms");
	assert_string_equal(o.address.text, "host:1");
	options_fini(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_command_lines),
		cmocka_unit_test(test_keeps_what_was_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
