/* Asking the person at the terminal for a new password. */
#ifndef RIALTO_RIALTOD_ASK_H
#define RIALTO_RIALTOD_ASK_H

#include "base/attr.h"
#include "crypto/secret.h"

/*
 * Asks twice, without echo, when standard input is a terminal; else takes the
 * first line of standard input. NULL when it was cancelled; NULL, and standard
 * error says why, when there is none that will do.
 */
NODISCARD struct secret *ask_new_password(const char *name);

#endif
