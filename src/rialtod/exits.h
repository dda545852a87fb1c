/*
 * The exit statuses of rialtod beside 0 and 1, after sysexits(3). A supervisor
 * need not try again after these two: somebody must do something first.
 */
#ifndef RIALTO_RIALTOD_EXITS_H
#define RIALTO_RIALTOD_EXITS_H

enum {
	EXIT_DATA = 65,     /* the data is damaged, or of a newer version */
	EXIT_SETTINGS = 78, /* a mistake in the settings, or a file they name */
};

#endif
