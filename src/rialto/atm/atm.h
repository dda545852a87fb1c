/* "rialto atm": the bank as at a cash machine, for a person or a script. */
#ifndef RIALTO_RIALTO_ATM_ATM_H
#define RIALTO_RIALTO_ATM_ATM_H

#include "base/attr.h"
#include "crypto/secret.h"
#include "rialto/link.h"
#include "rialto/options.h"
#include "rialto/trust.h"

/* The exit status; password may be NULL without a batch. */
NODISCARD int atm_run(const struct options *o, const struct link_trust *cas,
		      struct trust *trust, const struct secret *password);

#endif
