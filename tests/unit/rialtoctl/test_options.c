#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rialtoctl/options.h"

enum { WORDS = 8 };

static const struct options_case {
	const char *name;
	const char *words[WORDS];
	const char *line; /* NULL: wrong, for the reason in */
	const char *problem;
	bool wants_password;
} options_cases[] = {
	{ "a verb", { "status" }, "/status", NULL, false },
	{ "its option is passed on",
	  { "status", "--json" },
	  "/status --json",
	  NULL,
	  false },
	{ "--json before it, too",
	  { "--json", "status" },
	  "/status --json",
	  NULL,
	  false },
	{ "what follows the verb is the daemon's",
	  { "users", "-h", "--config" },
	  "/users -h --config",
	  NULL,
	  false },
	{ "a password is asked for",
	  { "users", "password", "ann" },
	  "/users password ann",
	  NULL,
	  true },
	{ "of a new user as well",
	  { "users", "add", "ann" },
	  "/users add ann",
	  NULL,
	  true },
	{ "but whose?",
	  { "users", "password" },
	  "/users password",
	  NULL,
	  false },
	{ "a password that everybody sees",
	  { "users", "password", "ann", "secret12" },
	  NULL,
	  "everybody could see that password; leave it out, and it is asked "
	  "for or read from standard input",
	  true },
	{ "nothing", { NULL }, NULL, "the verb is missing", false },
	{ "a slash", { "/status" }, NULL, "'/status' is no verb", false },
	{ "a verb with a line end",
	  { "status\n/stop" },
	  NULL,
	  "'status\n/stop' is no verb",
	  false },
	{ "an argument with a line end",
	  { "users", "ann\n/stop" },
	  NULL,
	  "argument 1 holds control characters",
	  false },
	{ "an argument that is not UTF-8",
	  { "users", "disable", "\xff" },
	  NULL,
	  "argument 2 holds bytes that are not UTF-8",
	  false },
	{ "an empty argument",
	  { "users", "" },
	  NULL,
	  "an argument is empty",
	  false },
	{ "an unknown option",
	  { "--frobnicate", "status" },
	  NULL,
	  "'--frobnicate' is no option",
	  false },
	{ "an option without its argument",
	  { "--socket" },
	  NULL,
	  "'--socket' needs an argument",
	  false },
};

static void test_reads_command_lines(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(options_cases); i++) {
		const struct options_case *c = &options_cases[i];
		AUTO(mem_free_text) char *problem = NULL;
		AUTO(buf_fini) struct buf line = { 0 };
		char *argv[WORDS + 2] = { mem_text("rialtoctl") };
		enum options_outcome outcome;
		struct options o;
		int argc = 1;

		for (; c->words[argc - 1] != NULL; argc++)
			argv[argc] = mem_text(c->words[argc - 1]);
		outcome = options_parse(argc, argv, &o, &problem);
		if (outcome != (c->line != NULL ? OPTIONS_RUN : OPTIONS_WRONG))
			fail_msg("%s", c->name);
		if (c->line != NULL) {
			options_line(&o, &line);
			assert_string_equal(buf_text(&line), c->line);
			assert_int_equal(options_want_password(&o),
					 c->wants_password);
		} else {
			assert_string_equal(problem, c->problem);
		}
		while (argc > 0)
			mem_free(argv[--argc]);
	}
}

static void test_knows_where_to_look(void **state UNUSED)
{
	char program[] = "rialtoctl", config[] = "--config", file[] = "/f",
	     verb[] = "status", socket[] = "--socket=/s";
	char *with_file[] = { program, config, file, verb, NULL };
	char *with_socket[] = { program, socket, verb, NULL };
	AUTO(mem_free_text) char *problem = NULL;
	struct options o;

	assert_int_equal(options_parse(4, with_file, &o, &problem),
			 OPTIONS_RUN);
	assert_string_equal(o.config, "/f");
	assert_null(o.socket);
	assert_int_equal(options_parse(3, with_socket, &o, &problem),
			 OPTIONS_RUN);
	assert_string_equal(o.config, SYSCONFDIR "/rialto/rialto.yaml");
	assert_string_equal(o.socket, "/s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_command_lines),
		cmocka_unit_test(test_knows_where_to_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
