#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/attr.h"
#include "joke/plugin.h"

static const char help[] =
	"Usage: rialto-joke\n"
	"Tell jokes in the rooms of a Rialto daemon, which starts this program "
	"and\ntalks with it; see rialto-joke(8).\n"
	"\n"
	"  -h, --help              show this and leave\n"
	"  -V, --version           show the version and leave\n";

static int serve(void)
{
	AUTO(wire_fini)
	struct wire wire = { .in = STDIN_FILENO, .out = STDOUT_FILENO };
	AUTO(supply_free) struct supply *supply = supply_new();

	return plugin_run(&wire, supply);
}

int main(int argc, char **argv)
{
	const char *option = argc > 1 ? argv[1] : "";
	int status;

	if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0) {
		fputs(help, stdout);
		return 0;
	}
	if (strcmp(option, "--version") == 0 || strcmp(option, "-V") == 0) {
		puts("rialto-joke " PACKAGE_VERSION);
		return 0;
	}
	if (argc > 1) {
		fprintf(stderr, "rialto-joke: '%s' is no option\n", option);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	/* One arena: others would take most of the memory a plugin may map. */
	mallopt(M_ARENA_MAX, 1);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		fputs("libcurl does not start\n", stderr);
		return 1;
	}
	status = serve();
	curl_global_cleanup();
	return status;
}
