#include "rialto/options.h"

#include <getopt.h>
#include <string.h>

#include "base/mem.h"
#include "rialto/identities.h"

const char options_help[] =
	"Usage: rialto [OPTION]... [USER@]HOST[:PORT]\n"
	"Talk in the rooms of a Rialto daemon.\n"
	"\n"
	"  -c, --command COMMAND   run COMMAND and leave; may be repeated\n"
	"  -g, --guest             come as the guest USER, without a password\n"
	"      --ca FILE           trust only the CAs in FILE\n"
	"      --accept-new        trust a server seen for the first time\n"
	"      --identity SHA256:...\n"
	"                          the server must prove to be this one\n"
	"      --password-file FILE\n"
	"                          take the password from FILE's first line\n"
	"      --color WHEN        auto, always or never\n"
	"  -h, --help              show this and leave\n"
	"  -V, --version           show the version and leave\n"
	"\n"
	"Without -c, commands are read from standard input, one a line, when\n"
	"that is no terminal. Exit status: 0, 1 when a command was refused or\n"
	"the server could not be used, 2 when the command line is wrong.\n";

enum {
	OPT_CA = 256,
	OPT_ACCEPT_NEW,
	OPT_IDENTITY,
	OPT_PASSWORD_FILE,
	OPT_COLOUR
};

static const struct option known[] = {
	{ "command", required_argument, NULL, 'c' },
	{ "guest", no_argument, NULL, 'g' },
	{ "ca", required_argument, NULL, OPT_CA },
	{ "accept-new", no_argument, NULL, OPT_ACCEPT_NEW },
	{ "identity", required_argument, NULL, OPT_IDENTITY },
	{ "password-file", required_argument, NULL, OPT_PASSWORD_FILE },
	{ "color", required_argument, NULL, OPT_COLOUR },
	{ "colour", required_argument, NULL, OPT_COLOUR },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static char *add_command(struct options *o, const char *command)
{
	char **commands;

	if (command[strcspn(command, "\r\n")] != '\0')
		return mem_text("a command is one line");
	commands = mem_resize(o->commands,
			      (o->command_count + 1) * sizeof(*commands));
	commands[o->command_count++] = mem_text(command);
	o->commands = commands;
	return NULL;
}

static char *take_identity(struct options *o, const char *argument)
{
	if (identities_parse(argument, o->identity))
		return NULL;
	return mem_print("--identity is '%s'; it must be as 'rialtoctl status' "
			 "shows it, SHA256:...",
			 argument);
}

/* Takes one option; what is wrong with it, or NULL. */
static char *take(struct options *o, int letter, const char *argument)
{
	switch (letter) {
	case 'c':
		return add_command(o, argument);
	case 'g':
		o->is_guest = true;
		break;
	case OPT_CA:
		o->ca_file = argument;
		break;
	case OPT_ACCEPT_NEW:
		o->accept_new = true;
		break;
	case OPT_IDENTITY:
		return take_identity(o, argument);
	case OPT_PASSWORD_FILE:
		o->password_file = argument;
		break;
	default:
		if (!colour_when_parse(argument, &o->colour))
			return mem_print("--color is '%s'; it must be auto, "
					 "always or never",
					 argument);
	}
	return NULL;
}

static char *take_address(struct options *o, int count, char **words)
{
	const char *flaw;

	if (count == 0)
		return mem_text("the host is missing");
	if (count > 1)
		return mem_print("'%s' is one argument too many", words[1]);
	flaw = address_parse(words[0], &o->address);
	if (flaw != NULL)
		return mem_print("'%s': %s", words[0], flaw);
	if (o->is_guest && o->password_file != NULL)
		return mem_text("a guest has no password");
	if (o->address.user == NULL && o->password_file != NULL)
		return mem_text("--password-file needs USER@HOST");
	return NULL;
}

static char *unknown(char **argv, int letter)
{
	return mem_print(letter == ':' ? "'%s' needs an argument"
				       : "'%s' is no option",
			 argv[optind - 1]);
}

enum options_outcome options_parse(int argc, char **argv,
				   struct options *options_r, char **problem_r)
{
	int letter;

	memset(options_r, 0, sizeof(*options_r));
	*problem_r = NULL;
	optind = 0; /* so that it may be called again */
	opterr = 0;
	while (*problem_r == NULL &&
	       (letter = getopt_long(argc, argv, ":c:ghV", known, NULL)) >= 0) {
		if (letter == 'h')
			return OPTIONS_HELP;
		if (letter == 'V')
			return OPTIONS_VERSION;
		*problem_r = letter == '?' || letter == ':'
				     ? unknown(argv, letter)
				     : take(options_r, letter, optarg);
	}
	if (*problem_r == NULL)
		*problem_r =
			take_address(options_r, argc - optind, argv + optind);
	return *problem_r == NULL ? OPTIONS_RUN : OPTIONS_WRONG;
}

void options_fini(struct options *o)
{
	for (size_t i = 0; i < o->command_count; i++)
		mem_free(o->commands[i]);
	mem_free(o->commands);
	address_fini(&o->address);
	memset(o, 0, sizeof(*o));
}
