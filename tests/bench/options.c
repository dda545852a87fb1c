#include "options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/quantity.h"

static NORETURN void print_help(const struct option_row *rows,
				const char *program)
{
	printf("Usage: %s [--OPTION VALUE]...\n", program);
	for (; rows->name; rows++) {
		printf("  --%-16s %s", rows->name, rows->help);
		if (rows->number)
			printf(" (%" PRId64 ")\n", *rows->number);
		else
			printf(" (%s)\n", *rows->text ? *rows->text : "none");
	}
	exit(0);
}

static NORETURN void refuse(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(2);
}

static const struct option_row *find(const struct option_row *rows,
				     const char *word)
{
	if (strncmp(word, "--", 2) != 0)
		refuse(word, "not an option; see --help");
	for (; rows->name; rows++) {
		if (strcmp(rows->name, word + 2) == 0)
			return rows;
	}
	refuse(word, "no such option; see --help");
}

static void take(const struct option_row *row, const char *value)
{
	int64_t number;

	if (row->text) {
		*row->text = value;
		return;
	}
	if (!quantity_number(value, &number))
		refuse(row->name, "not a number");
	if (number < row->least || number > row->most)
		refuse(row->name, "out of range");
	*row->number = number;
}

void options_read(const struct option_row *rows, int argc, char **argv)
{
	for (int i = 1; i < argc; i += 2) {
		if (strcmp(argv[i], "--help") == 0)
			print_help(rows, argv[0]);
		if (i + 1 == argc)
			refuse(argv[i], "lacks its value");
		take(find(rows, argv[i]), argv[i + 1]);
	}
}
