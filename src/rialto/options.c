#include "rialto/options.h"

#include <getopt.h>
#include <string.h>

#include "base/mem.h"
#include "base/quantity.h"
#include "rialto/identities.h"

enum {
	OPT_CA = 256,
	OPT_ACCEPT_NEW,
	OPT_IDENTITY,
	OPT_PASSWORD_FILE,
	OPT_COLOUR,
	OPT_BATCH,
	OPT_PLAIN,
	OPT_NO_SAVE,
	OPT_IDLE,
	OPT_CERTIFICATE,
	OPT_HOST,
};

enum { IDLE_S = 60, IDLE_S_LEAST = 2, IDLE_S_MOST = 3600 };

static const struct option known[] = {
	{ "command", required_argument, NULL, 'c' },
	{ "guest", no_argument, NULL, 'g' },
	{ "ca", required_argument, NULL, OPT_CA },
	{ "accept-new", no_argument, NULL, OPT_ACCEPT_NEW },
	{ "identity", required_argument, NULL, OPT_IDENTITY },
	{ "password-file", required_argument, NULL, OPT_PASSWORD_FILE },
	{ "color", required_argument, NULL, OPT_COLOUR },
	{ "colour", required_argument, NULL, OPT_COLOUR },
	{ "batch", required_argument, NULL, OPT_BATCH },
	{ "plain", no_argument, NULL, OPT_PLAIN },
	{ "no-save", no_argument, NULL, OPT_NO_SAVE },
	{ "idle-timeout", required_argument, NULL, OPT_IDLE },
	{ "certificate", required_argument, NULL, OPT_CERTIFICATE },
	{ "host", required_argument, NULL, OPT_HOST },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

/* The words that may come first, and which options each mode takes. */
static const char *const mode_words[OPTIONS_MODES] = {
	[OPTIONS_ATM] = "atm",
	[OPTIONS_VERIFY] = "verify-receipt",
};

enum {
	TALK = 1 << OPTIONS_TALK,
	ATM = 1 << OPTIONS_ATM,
	VERIFY = 1 << OPTIONS_VERIFY,
};

static const struct may {
	int letter;
	int modes;
} may[] = {
	{ 'c', TALK },
	{ 'g', TALK },
	{ OPT_COLOUR, TALK },
	{ OPT_CA, TALK | ATM },
	{ OPT_ACCEPT_NEW, TALK | ATM },
	{ OPT_PASSWORD_FILE, TALK | ATM },
	{ OPT_IDENTITY, TALK | ATM | VERIFY },
	{ OPT_BATCH, ATM },
	{ OPT_PLAIN, ATM },
	{ OPT_NO_SAVE, ATM },
	{ OPT_IDLE, ATM },
	{ OPT_CERTIFICATE, ATM },
	{ OPT_HOST, VERIFY },
};

static bool may_take(const struct options *o, int letter)
{
	for (size_t i = 0; i < COUNT(may); i++) {
		if (may[i].letter == letter)
			return (may[i].modes & 1 << o->mode) != 0;
	}
	return true;
}

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

static char *take_idle(struct options *o, const char *argument)
{
	if (quantity_number(argument, &o->idle_s) &&
	    o->idle_s >= IDLE_S_LEAST && o->idle_s <= IDLE_S_MOST)
		return NULL;
	return mem_print("--idle-timeout is '%s'; it must be %d to %d seconds",
			 argument, IDLE_S_LEAST, IDLE_S_MOST);
}

static char *take_host(struct options *o, const char *argument)
{
	const char *flaw;

	address_fini(&o->address);
	flaw = address_parse(argument, &o->address);
	return flaw != NULL ? mem_print("'%s': %s", argument, flaw) : NULL;
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
	case OPT_BATCH:
		o->batch_file = argument;
		break;
	case OPT_PLAIN:
		o->is_plain = true;
		break;
	case OPT_NO_SAVE:
		o->saves_nothing = true;
		break;
	case OPT_CERTIFICATE:
		o->certificate_file = argument;
		break;
	case OPT_IDLE:
		return take_idle(o, argument);
	case OPT_HOST:
		return take_host(o, argument);
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

static char *take_file(struct options *o, const char *file)
{
	o->receipt_file = file;
	if (o->address.host != NULL && o->identity[0] != '\0')
		return mem_text("either --identity or --host, not both");
	return NULL;
}

static char *take_address(struct options *o, const char *word)
{
	const char *flaw = address_parse_at(
		word, o->mode == OPTIONS_ATM ? ADDRESS_PORT_ATM : ADDRESS_PORT,
		&o->address);

	if (flaw != NULL)
		return mem_print("'%s': %s", word, flaw);
	if (o->is_guest && o->password_file != NULL)
		return mem_text("a guest has no password");
	if (o->address.user == NULL && o->password_file != NULL)
		return mem_text("--password-file needs USER@HOST");
	if (o->address.user == NULL && o->batch_file != NULL)
		return mem_text("--batch needs USER@HOST");
	return NULL;
}

/* What is no option. */
static char *take_words(struct options *o, int count, char **words)
{
	bool is_file = o->mode == OPTIONS_VERIFY;

	if (count == 0)
		return mem_text(is_file ? "the file is missing"
					: "the host is missing");
	if (count > 1)
		return mem_print("'%s' is one argument too many", words[1]);
	return is_file ? take_file(o, words[0]) : take_address(o, words[0]);
}

/* Whether the first word is that of a mode. */
static bool take_mode(struct options *o, const char *word)
{
	for (int mode = OPTIONS_TALK + 1; mode < OPTIONS_MODES; mode++) {
		if (word != NULL && strcmp(word, mode_words[mode]) == 0) {
			o->mode = mode;
			return true;
		}
	}
	return false;
}

static char *not_here(const struct options *o, int letter)
{
	const struct option *option = known;

	while (option->val != letter)
		option++;
	return mem_print("--%s is no option of %s", option->name,
			 o->mode == OPTIONS_TALK ? "rialto alone"
						 : mode_words[o->mode]);
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
	options_r->idle_s = IDLE_S;
	*problem_r = NULL;
	if (argc > 1 && take_mode(options_r, argv[1])) {
		argc--;
		argv++;
	}
	optind = 0; /* so that it may be called again */
	opterr = 0;
	while (*problem_r == NULL &&
	       (letter = getopt_long(argc, argv, ":c:ghV", known, NULL)) >= 0) {
		if (letter == 'h')
			return OPTIONS_HELP;
		if (letter == 'V')
			return OPTIONS_VERSION;
		if (letter == '?' || letter == ':')
			*problem_r = unknown(argv, letter);
		else if (!may_take(options_r, letter))
			*problem_r = not_here(options_r, letter);
		else
			*problem_r = take(options_r, letter, optarg);
	}
	if (*problem_r == NULL)
		*problem_r =
			take_words(options_r, argc - optind, argv + optind);
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
