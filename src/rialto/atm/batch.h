/* "rialto atm --batch": operations from a file, for scripts. */
#ifndef RIALTO_RIALTO_ATM_BATCH_H
#define RIALTO_RIALTO_ATM_BATCH_H

#include "base/attr.h"
#include "crypto/secret.h"
#include "rialto/atm/desk.h"
#include "rialto/options.h"

/*
 * Carries them out one after another, each once, and prints the answers. 0, 1
 * when one was refused, 2 when the file, or the connection, was of no use.
 */
NODISCARD int batch_run(const struct options *o, struct desk *desk,
			const struct secret *password);

#endif
