/* The one setting that rialtoctl needs: where the console is. */
#ifndef RIALTO_RIALTOCTL_SETTINGS_H
#define RIALTO_RIALTOCTL_SETTINGS_H

#include "base/attr.h"

/*
 * The socket of the first listener in the settings file that has
 * "console: true" and an address "unix:PATH", or the daemon's default when the
 * file names no listeners; the caller's. NULL with words
 * in *problem_r, also the caller's, when there is none. Whatever else is in
 * the file, right or wrong, is for the daemon to judge.
 */
NODISCARD char *settings_console(const char *file, char **problem_r);

#endif
