/* The command line of rialtoctl. */
#ifndef RIALTO_RIALTOCTL_OPTIONS_H
#define RIALTO_RIALTOCTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"

struct options {
	const char *config; /* the settings file */
	const char *socket; /* NULL: the settings say */
	bool is_json;
	char *const *words; /* VERB and its arguments, from argv */
	size_t word_count;
};

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_WRONG,
};

/*
 * Reads the command line. With OPTIONS_WRONG, *problem_r says what is wrong
 * with it and is the caller's.
 */
NODISCARD enum options_outcome options_parse(int argc, char **argv,
					     struct options *options_r,
					     char **problem_r);

/* The command is one that a new password follows, which argv must not hold. */
bool options_want_password(const struct options *o);

/* Adds the line that says the command, without its end, to out. */
void options_line(const struct options *o, struct buf *out);

/* What --help prints. */
extern const char options_help[];

#endif
