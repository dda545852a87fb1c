#include "rialtoctl/options.h"

#include <getopt.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

const char options_help[] =
	"Usage: rialtoctl [OPTION]... VERB [ARGUMENT]...\n"
	"Administer a running Rialto daemon; rialtoctl help lists the verbs.\n"
	"\n"
	"      --config FILE   the daemon's settings, to find its socket in\n"
	"                      (" SYSCONFDIR "/rialto/rialto.yaml)\n"
	"      --socket PATH   the daemon's console socket\n"
	"      --json          answer in JSON, where the verb can\n"
	"  -h, --help          show this and leave\n"
	"  -V, --version       show the version and leave\n"
	"\n"
	"Exit status: 0, 1 when the daemon refused, 2 when the command line "
	"is\n"
	"wrong, 3 when no daemon is running.\n";

enum { OPT_CONFIG = 256, OPT_SOCKET, OPT_JSON };

static const struct option known[] = {
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

/* Commands whose last argument is a password, and how many come before. */
static const struct {
	const char *words[2];
	size_t count;
} secret_commands[] = {
	{ { "users", "password" }, 3 },
	{ { "users", "add" }, 3 },
};

bool options_want_password(const struct options *o)
{
	for (size_t i = 0; i < COUNT(secret_commands); i++) {
		if (o->word_count >= secret_commands[i].count &&
		    strcmp(o->words[0], secret_commands[i].words[0]) == 0 &&
		    strcmp(o->words[1], secret_commands[i].words[1]) == 0)
			return true;
	}
	return false;
}

static char *check_words(const struct options *o)
{
	if (o->word_count == 0)
		return mem_text("the verb is missing");
	if (!name_is_valid(o->words[0]))
		return mem_print("'%s' is no verb", o->words[0]);
	for (size_t i = 1; i < o->word_count; i++) {
		const char *flaw = text_flaw(o->words[i], strlen(o->words[i]));

		if (o->words[i][0] == '\0')
			return mem_text("an argument is empty");
		if (flaw != NULL)
			return mem_print("argument %zu holds %s", i, flaw);
	}
	if (options_want_password(o) && o->word_count > 3)
		return mem_text("everybody could see that password; leave it "
				"out, and it is asked for or read from "
				"standard input");
	return NULL;
}

enum options_outcome options_parse(int argc, char **argv,
				   struct options *options_r, char **problem_r)
{
	struct options o = { .config = SYSCONFDIR "/rialto/rialto.yaml" };
	int letter;

	*problem_r = NULL;
	optind = 0; /* so that it may be called again */
	opterr = 0;
	/* '+': what follows the verb is the daemon's to read. */
	while ((letter = getopt_long(argc, argv, "+:hV", known, NULL)) >= 0) {
		if (letter == 'h')
			return OPTIONS_HELP;
		if (letter == 'V')
			return OPTIONS_VERSION;
		if (letter == '?' || letter == ':') {
			*problem_r = mem_print(
				letter == ':' ? "'%s' needs an argument"
					      : "'%s' is no option",
				argv[optind - 1]);
			return OPTIONS_WRONG;
		}
		if (letter == OPT_CONFIG)
			o.config = optarg;
		else if (letter == OPT_SOCKET)
			o.socket = optarg;
		else
			o.is_json = true;
	}
	o.words = argv + optind;
	o.word_count = (size_t)(argc - optind);
	*options_r = o;
	*problem_r = check_words(&o);
	return *problem_r == NULL ? OPTIONS_RUN : OPTIONS_WRONG;
}

void options_line(const struct options *o, struct buf *out)
{
	for (size_t i = 0; i < o->word_count; i++)
		buf_print(out, "%c%s", i == 0 ? '/' : ' ', o->words[i]);
	if (o->is_json)
		buf_add_text(out, " --json");
}
