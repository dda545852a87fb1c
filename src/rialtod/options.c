#include "rialtod/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "log/log.h"

enum { EXIT_USAGE = 2 };

static const char usage[] =
	"rialtod --config FILE                serve, in the foreground\n"
	"rialtod --config FILE --check-config read the settings, name "
	"mistakes\n"
	"rialtod --init DIR --admin NAME [--name HOST]…\n"
	"                                     make settings, keys and data in "
	"DIR\n"
	"rialtod --config FILE --verify       check the data while nobody "
	"serves\n"
	"rialtod --config FILE --export-audit show all that was ever recorded\n"
	"rialtod --config FILE --restore DIR  make the data from a backup\n"
	"rialtod --config FILE --reset-password NAME\n"
	"rialtod --config FILE --renew-certificate [--ca-key FILE]\n"
	"                                     make --init's certificate anew\n"
	"rialtod --version | --help\n"
	"--plugin-dir DIR is where the plugins of the package lie instead.\n"
	"--debug tells more in the log. rialtod(8) says more.\n";

enum {
	OPTION_CONFIG = 256,
	OPTION_CHECK,
	OPTION_INIT,
	OPTION_ADMIN,
	OPTION_NAME,
	OPTION_VERIFY,
	OPTION_RESTORE,
	OPTION_EXPORT,
	OPTION_RESET,
	OPTION_RENEW,
	OPTION_CA_KEY,
	OPTION_PLUGIN_DIR,
	OPTION_DEBUG,
	OPTION_VERSION,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "check-config", no_argument, NULL, OPTION_CHECK },
	{ "init", required_argument, NULL, OPTION_INIT },
	{ "admin", required_argument, NULL, OPTION_ADMIN },
	{ "name", required_argument, NULL, OPTION_NAME },
	{ "verify", no_argument, NULL, OPTION_VERIFY },
	{ "export-audit", no_argument, NULL, OPTION_EXPORT },
	{ "restore", required_argument, NULL, OPTION_RESTORE },
	{ "reset-password", required_argument, NULL, OPTION_RESET },
	{ "renew-certificate", no_argument, NULL, OPTION_RENEW },
	{ "ca-key", required_argument, NULL, OPTION_CA_KEY },
	{ "plugin-dir", required_argument, NULL, OPTION_PLUGIN_DIR },
	{ "debug", no_argument, NULL, OPTION_DEBUG },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ 0 },
};

static NORETURN void die_usage(const char *why)
{
	fprintf(stderr, "rialtod: %s\n%s", why, usage);
	exit(EXIT_USAGE);
}

static void set_mode(struct options *options, enum mode mode,
		     const char *target)
{
	if (options->mode != MODE_SERVE)
		die_usage("only one thing at a time can be done");
	options->mode = mode;
	options->target = target;
}

static void add_host(struct options *options, const char *host)
{
	if (options->host_count == HOSTS_MOST)
		die_usage("there are too many --name");
	options->hosts[options->host_count++] = host;
}

static void take(struct options *options, int option)
{
	switch (option) {
	case OPTION_CONFIG:
		options->config = optarg;
		break;
	case OPTION_CHECK:
		set_mode(options, MODE_CHECK_CONFIG, NULL);
		break;
	case OPTION_INIT:
		set_mode(options, MODE_INIT, optarg);
		break;
	case OPTION_ADMIN:
		options->admin = optarg;
		break;
	case OPTION_NAME:
		add_host(options, optarg);
		break;
	case OPTION_VERIFY:
		set_mode(options, MODE_VERIFY, NULL);
		break;
	case OPTION_EXPORT:
		set_mode(options, MODE_EXPORT_AUDIT, NULL);
		break;
	case OPTION_RESTORE:
		set_mode(options, MODE_RESTORE, optarg);
		break;
	case OPTION_RESET:
		set_mode(options, MODE_RESET_PASSWORD, optarg);
		break;
	case OPTION_RENEW:
		set_mode(options, MODE_RENEW, NULL);
		break;
	case OPTION_CA_KEY:
		options->ca_key = optarg;
		break;
	case OPTION_PLUGIN_DIR:
		options->plugin_dir = optarg;
		break;
	case OPTION_DEBUG:
		options->log_level = LOG_DEBUG;
		break;
	case OPTION_VERSION:
		printf("rialtod %s\n", PACKAGE_VERSION);
		exit(EXIT_SUCCESS);
	case OPTION_HELP:
		fputs(usage, stdout);
		exit(EXIT_SUCCESS);
	default:
		exit(EXIT_USAGE);
	}
}

void options_read(struct options *options, int argc, char **argv)
{
	int option;

	memset(options, 0, sizeof(*options));
	options->mode = MODE_SERVE;
	options->log_level = LOG_INFO;
	options->plugin_dir = PKGLIBEXECDIR;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		take(options, option);
	if (optind < argc)
		die_usage("there are words too many");
	if (options->mode == MODE_INIT && options->admin == NULL)
		die_usage("--init needs --admin NAME");
	if (options->mode != MODE_INIT &&
	    (options->admin != NULL || options->host_count > 0))
		die_usage("--admin and --name belong to --init");
	if (options->mode != MODE_RENEW && options->ca_key != NULL)
		die_usage("--ca-key belongs to --renew-certificate");
	if (options->mode != MODE_INIT && options->config == NULL)
		options->config = SYSCONFDIR "/rialto/rialto.yaml";
}
