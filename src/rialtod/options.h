/* The command line of rialtod. */
#ifndef RIALTO_RIALTOD_OPTIONS_H
#define RIALTO_RIALTOD_OPTIONS_H

#include <stddef.h>

enum { HOSTS_MOST = 32 };

/* What the program is asked to do. */
enum mode {
	MODE_SERVE = 1,
	MODE_CHECK_CONFIG,
	MODE_INIT,
	MODE_VERIFY,
	MODE_RESTORE,
	MODE_EXPORT_AUDIT,
	MODE_RESET_PASSWORD,
	MODE_RENEW,
};

/* Borrows from argv. */
struct options {
	enum mode mode;
	const char *config;
	const char *target; /* DIR, BACKUP or NAME of the mode */
	const char *admin;
	const char *plugin_dir;
	const char *ca_key; /* NULL: beside the certificate */
	const char *hosts[HOSTS_MOST];
	size_t host_count;
	int log_level;
};

/*
 * Reads the command line; ends the program for --help and --version (0) and
 * when it is written wrongly (2).
 */
void options_read(struct options *options, int argc, char **argv);

#endif
