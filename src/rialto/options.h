/* The command line of rialto. */
#ifndef RIALTO_RIALTO_OPTIONS_H
#define RIALTO_RIALTO_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "crypto/identity_key.h"
#include "rialto/address.h"
#include "rialto/colour.h"

/* What the first word says, if it is one of these. */
enum options_mode {
	OPTIONS_TALK,   /* in the rooms: no such word */
	OPTIONS_ATM,    /* "atm" */
	OPTIONS_VERIFY, /* "verify-receipt" */
	OPTIONS_MODES,
};

struct options {
	enum options_mode mode;
	struct address address;   /* of OPTIONS_VERIFY: of --host, or empty */
	const char *receipt_file; /* OPTIONS_VERIFY; "-": standard input */
	const char *batch_file;   /* OPTIONS_ATM; NULL: a person */
	bool is_plain;            /* OPTIONS_ATM */
	bool saves_nothing;       /* OPTIONS_ATM: receipts are shown only */
	int64_t idle_s;           /* OPTIONS_ATM */
	const char *certificate_file; /* OPTIONS_ATM; NULL: none */
	char **commands;              /* -c, in order */
	size_t command_count;
	bool is_guest;
	bool accept_new;
	char identity[IDENTITY_TEXT]; /* "" when not given */
	const char *ca_file;          /* NULL: the system's CAs; from argv */
	const char *password_file;    /* NULL when not given; from argv */
	enum colour_when colour;
};

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_WRONG,
};

/*
 * Reads the command line. With OPTIONS_WRONG, *problem_r says what is wrong
 * with it and is the caller's. Freed with options_fini() in every case.
 */
NODISCARD enum options_outcome options_parse(int argc, char **argv,
					     struct options *options_r,
					     char **problem_r);

void options_fini(struct options *o);

/* What is typed to get there: "rialto", "rialto atm". */
extern const char *const options_programs[OPTIONS_MODES];

/* What --help prints. */
extern const char *const options_help[OPTIONS_MODES];

#endif
