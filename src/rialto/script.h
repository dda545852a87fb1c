/* Without a person: commands one after another, in machine mode. */
#ifndef RIALTO_RIALTO_SCRIPT_H
#define RIALTO_RIALTO_SCRIPT_H

#include "base/attr.h"
#include "crypto/secret.h"
#include "rialto/link.h"
#include "rialto/options.h"

/*
 * Logs in over an open link, runs the commands of the options or else of
 * standard input, and prints the answers: refusals to standard error, the rest
 * to standard output. What others say meanwhile is no answer. password is NULL
 * for a guest.
 *
 * 0 when every command was answered with ok, else 1.
 */
NODISCARD int script_run(const struct options *o, struct link *link,
			 const struct secret *password);

#endif
