/* Making a new installation: settings, certificates, data, administrator. */
#ifndef RIALTO_RIALTOD_INIT_H
#define RIALTO_RIALTOD_INIT_H

#include "rialtod/options.h"

/*
 * rialtod --init. Everything is made beside DIR and moved there as a whole, so
 * DIR is never half made. Returns the program's exit status; standard error
 * says what went wrong.
 */
int init_run(const struct options *options);

#endif
