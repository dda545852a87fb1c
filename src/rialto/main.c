#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "client/password.h"
#include "client/terminal.h"
#include "rialto/atm/atm.h"
#include "rialto/connect.h"
#include "rialto/link.h"
#include "rialto/options.h"
#include "rialto/person.h"
#include "rialto/script.h"
#include "rialto/trust.h"
#include "rialto/verify.h"

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2 };

/* The password of a file; false after saying why there is none. */
static bool read_password(const struct options *o, struct secret **password_r)
{
	enum err e = password_from_file(o->password_file, password_r);

	if (e == ERR_OK)
		return true;
	fprintf(stderr, "rialto: %s: %s; its first line must be the password\n",
		o->password_file, err_code(e));
	return false;
}

/* A script's password, where it needs one and no file has it. */
static bool ask_password(const struct options *o, struct secret **password_r)
{
	AUTO(mem_free_text) char *question = NULL;

	if (*password_r != NULL || o->address.user == NULL || o->is_guest)
		return true;
	question = mem_print("Password of %s at %s: ", o->address.user,
			     o->address.text);
	switch (terminal_ask(question, false, password_r)) {
	case TERMINAL_OK:
		return true;
	case TERMINAL_NONE:
		fputs("rialto: no terminal to ask for the password; use "
		      "--password-file FILE\n",
		      stderr);
		return false;
	default:
		return false;
	}
}

static int talk(const struct options *o, const struct link_trust *cas,
		struct trust *trust, struct secret **password)
{
	bool is_script = o->command_count > 0 || !isatty(STDIN_FILENO);
	struct link *link = connect_first(o, cas, trust);
	int status = EXIT_REFUSED;

	if (link == NULL)
		return EXIT_REFUSED;
	if (!is_script) {
		status = person_run(o, cas, trust, link, *password);
		*password = NULL;
		return status;
	}
	if (ask_password(o, password))
		status = script_run(o, link, *password);
	link_free(&link);
	return status;
}

static int use_bank(const struct options *o, const struct link_trust *cas,
		    struct trust *trust, struct secret **password)
{
	if (o->batch_file != NULL && !ask_password(o, password))
		return EXIT_USAGE;
	return atm_run(o, cas, trust, *password);
}

/* False after saying why the certificate cannot be shown. */
static bool show_certificate(const struct options *o, struct link_trust *cas)
{
	const char *problem =
		o->certificate_file == NULL
			? NULL
			: link_trust_show(cas, o->certificate_file);

	if (problem == NULL)
		return true;
	fprintf(stderr,
		"rialto: %s must hold a certificate and its key, in PEM: %s\n",
		o->certificate_file, problem);
	return false;
}

static int run(const struct options *o)
{
	AUTO(secret_free) struct secret *password = NULL;
	AUTO(link_trust_free) struct link_trust *cas = NULL;
	AUTO(trust_free) struct trust *trust = NULL;

	if (o->password_file != NULL && !read_password(o, &password))
		return EXIT_USAGE;
	cas = link_trust_new(o->ca_file);
	if (cas == NULL) {
		fprintf(stderr,
			"rialto: %s holds no CA in PEM that can be "
			"read\n",
			o->ca_file);
		return EXIT_USAGE;
	}
	if (!show_certificate(o, cas))
		return EXIT_USAGE;
	trust = trust_new(o);
	if (o->mode == OPTIONS_ATM)
		return use_bank(o, cas, trust, &password);
	return talk(o, cas, trust, &password);
}

/* What libraries free may have been a password, a code or a key. */
static void wipe_frees(void)
{
	gnutls_free = mem_wipe_free;
	json_set_alloc_funcs(mem_alloc, mem_wipe_free);
}

/* Else a socket would be given their numbers, and be written to as output. */
static void open_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	AUTO(options_fini) struct options options;
	AUTO(mem_free_text) char *problem = NULL;

	open_standard_files();
	signal(SIGPIPE, SIG_IGN);
	wipe_frees();
	switch (options_parse(argc, argv, &options, &problem)) {
	case OPTIONS_RUN:
		return options.mode == OPTIONS_VERIFY ? verify_run(&options)
						      : run(&options);
	case OPTIONS_HELP:
		fputs(options_help[options.mode], stdout);
		return 0;
	case OPTIONS_VERSION:
		puts("rialto " PACKAGE_VERSION);
		return 0;
	default:
		fprintf(stderr, "rialto: %s\nTry: %s --help\n", problem,
			options_programs[options.mode]);
		return EXIT_USAGE;
	}
}
