/*
 * Command-line options of the benchmarks: a table of rows, each "--name value".
 */
#ifndef RIALTO_BENCH_OPTIONS_H
#define RIALTO_BENCH_OPTIONS_H

#include <stdint.h>

/* Exactly one of text and number is set; it holds the default. */
struct option_row {
	const char *name;
	const char **text;
	int64_t *number;
	int64_t least; /* of number */
	int64_t most;
	const char *help;
};

/*
 * Reads the whole command line into the rows' targets; the table ends with a
 * row without a name. --help prints the table and exits 0, a mistake is named
 * and exits 2.
 */
void options_read(const struct option_row *rows, int argc, char **argv);

#endif
